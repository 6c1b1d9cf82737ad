//! What the two networks say: their best classes, and what changed between them.

use leptos::prelude::*;

use crate::address::Commit;
use crate::session;
use crate::stores::Stores;
use crate::text;
use crate::widgets::bars::Bar;
use crate::widgets::following::following;
use sweetspot_core::experiment::Target;
use sweetspot_core::side::Side;
use sweetspot_protocol::Prediction;

/// A network's five best classes.
#[component]
pub fn Answers(stores: Stores, side: Side) -> impl IntoView {
    let predictions = stores.answers.pane(side).predictions;
    let rows = move || {
        predictions.with(|answer| {
            let answer = &answer.as_ref()?.value;
            let dense =
                stores.answers.dense.predictions.with(|dense| dense.as_ref().map(|dense| dense.value.top.clone())).unwrap_or_default();
            let row = |place: usize, class: &Prediction| {
                let before = (side == Side::Pruned).then(|| change(place, class, &dense));
                view! { <Row stores class=class.clone() explained=class.index == answer.target.index change=before.flatten()/> }
            };
            let rows = answer.top.iter().enumerate().map(|(place, class)| row(place, class)).collect_view();
            let beyond = answer.top.iter().all(|class| class.index != answer.target.index);
            Some(view! {
                <ol data-testid=format!("top5-{}", text::network(side))>{rows}</ol>
                {beyond.then(|| view! { <ul class="beyond"><Row stores class=answer.target.clone() explained=true change=None/></ul> })}
            })
        })
    };
    view! {
        <section class="answers" class:stale=move || stores.answers.is_stale(predictions) aria-label=format!("What the {} network says", text::network(side))>
            {following(rows)}
        </section>
    }
}

/// What changed for a class against the dense network's five best.
fn change(place: usize, class: &Prediction, dense: &[Prediction]) -> Option<String> {
    let Some(before) = dense.iter().position(|other| other.index == class.index) else {
        return (!dense.is_empty()).then(|| "new in the five".into());
    };
    let points = text::points(f64::from(class.probability - dense[before].probability));
    Some(if before == place { points } else { format!("{points}, was {}", text::ordinal(before + 1)) })
}

/// A class with its probability. Its name is a button that makes it the class to explain.
#[component]
fn Row(stores: Stores, class: Prediction, explained: bool, change: Option<String>) -> impl IntoView {
    let index = class.index;
    let short = text::short(&class.label).to_string();
    let explain = move |_| session::change(stores, Commit::Done("target"), |experiment| experiment.target = Target::Class(index));
    view! {
        <li class="answer" class:explained=explained data-index=index.to_string()>
            <span class="answer-name">
                <button type="button" class="name" title=format!("Explain \u{2018}{short}\u{2019} in both networks ({})", class.label) on:click=explain>{short.clone()}</button>
                {explained.then(|| view! { <span class="tag">{stores.texts.words("answer.explained")}</span> })}
                {following(move || (stores.catalogue.label() == Some(index)).then(|| view! { <span class="tag label">{stores.texts.word("answer.label")}</span> }))}
            </span>
            <span class="answer-change">{change}</span>
            <span class="answer-number">{text::score(f64::from(class.probability))}</span>
            <Bar share=class.probability/>
        </li>
    }
}
