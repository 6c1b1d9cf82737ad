//! What a step consists of: words, its figure, its question with what is shown afterwards, and notes for teachers.

use leptos::html::Div;
use leptos::prelude::*;

use crate::live;
use crate::predictions;
use crate::showing;
use crate::stores::Stores;
use crate::widgets::following::following;
use sweetspot_core::lessons::{Block, Figure, Piece, Question, Span, Step, plain};
use sweetspot_core::presentation::Place;

/// The pieces of the step that is going on.
#[component]
pub fn Pieces(stores: Stores) -> impl IntoView {
    let Some((lesson, at)) = untrack(|| stores.lessons.step()) else { return ().into_any() };
    let name = stores.presentation.asked.with_untracked(|presentation| presentation.lesson.as_ref().map(|place| place.lesson.clone()));
    let place = Place { lesson: name.unwrap_or_default(), step: at + 1 };
    let choice = RwSignal::new(predictions::made(&place));
    let shown = NodeRef::new();
    let step = lesson.steps[at].clone();
    let piece = |piece: &Piece| match piece.clone() {
        Piece::Text(block) => view! { <Words stores blocks=vec![block]/> }.into_any(),
        Piece::Figure(figure) => view! { <Shows stores figure/> }.into_any(),
        Piece::Question(question) => view! { <Asks stores question place=place.clone() choice shown step=step.clone()/> }.into_any(),
        Piece::Reveal(reveal) => view! { <Reveals stores reveal choice shown question=step.question().cloned()/> }.into_any(),
        Piece::Teacher(says) => view! {
            <details class="teacher" data-testid="teacher-note">
                <summary>{stores.texts.words("lesson.teacher")}</summary>
                <Words stores blocks=says/>
            </details>
        }
        .into_any(),
    };
    let pieces = step.pieces.iter().map(piece).collect_view();
    let last = at + 1 == lesson.steps.len();
    let list = if last { predicted(&lesson.steps, &place.lesson) } else { Vec::new() };
    view! {
        {pieces}
        {(!list.is_empty()).then(|| view! {
            <details class="predicted" data-testid="predicted">
                <summary>{stores.texts.words("lesson.predicted")}</summary>
                <p class="note">{stores.texts.words("lesson.predicted-says")}</p>
                <ul>{list}</ul>
            </details>
        })}
    }
    .into_any()
}

/// The questions of a lesson that were answered, with the answers.
fn predicted(steps: &[Step], lesson: &str) -> Vec<AnyView> {
    let answered = |(at, step): (usize, &Step)| {
        let question = step.question()?;
        let chosen = question.choices.get(predictions::made(&Place { lesson: lesson.into(), step: at + 1 })?)?;
        let asked = question.asks.iter().filter_map(|block| if let Block::Paragraph(spans) = block { Some(plain(spans)) } else { None });
        let asked = asked.collect::<Vec<_>>().join(" ");
        Some(view! { <li>{asked} " " <strong>{plain(chosen)}</strong></li> }.into_any())
    };
    steps.iter().enumerate().filter_map(answered).collect()
}

/// Paragraphs and lists, with what they quote.
#[component]
fn Words(stores: Stores, blocks: Vec<Block>) -> impl IntoView {
    view! { <div class="words">{live::blocks(stores, &blocks)}</div> }
}

/// The figure: what is said of it, and a button that brings it back after the reader has tried something else.
#[component]
fn Shows(stores: Stores, figure: Figure) -> impl IntoView {
    let says = figure.says.clone();
    let wished = figure.experiment.clone();
    let there = Memo::new(move |_| {
        let present = stores.experiment.get();
        wished.as_ref().is_some_and(|wished| {
            let near = wished.pruning.sparsity.distance(present.pruning.sparsity) < 2e-3;
            let mut wished = (**wished).clone();
            (wished.device, wished.pruning.sparsity) = (present.device, present.pruning.sparsity);
            near && wished == present
        })
    });
    let show = move |_| {
        showing::show_figure(stores, Some(&figure));
        to_comparison();
    };
    view! {
        <div class="lesson-figure" data-testid="lesson-figure">
            <Words stores blocks=says/>
            <button type="button" class="plain" class:there=move || there.get() data-testid="lesson-show" on:click=show>
                {following(move || if there.get() { stores.texts.word("lesson.look") } else { stores.texts.word("lesson.show") })}
            </button>
        </div>
    }
    .into_any()
}

/// Brings the comparison into sight, where it is below the lesson and not beside it.
fn to_comparison() {
    let beside = window().match_media("(min-width: 60rem)").ok().flatten().is_none_or(|query| query.matches());
    if let Some(comparison) = document().query_selector(".comparison").ok().flatten().filter(|_| !beside) {
        comparison.scroll_into_view();
    }
}

/// The question. What is chosen is kept and never judged.
#[component]
fn Asks(
    stores: Stores,
    question: Question,
    place: Place,
    choice: RwSignal<Option<usize>>,
    shown: NodeRef<Div>,
    step: Step,
) -> impl IntoView {
    let asks = question.asks.clone();
    let name = format!("prediction-{}-{}", place.lesson, place.step);
    let option = |(at, spans): (usize, &Vec<Span>)| {
        let place = place.clone();
        let choose = move |_| {
            choice.set(Some(at));
            predictions::make(&place, at);
        };
        view! {
            <label class="choice">
                <input type="radio" name=name.clone() value=at.to_string() data-testid="prediction" prop:checked=move || choice.get() == Some(at) on:change=choose/>
                <span>{live::spans(stores, spans)}</span>
            </label>
        }
    };
    let choices = question.choices.iter().enumerate().map(option).collect_view();
    let revealed = stores.lessons.revealed;
    let reveal = move |_| {
        showing::reveal(stores, &step);
        // What comes is read from its beginning. Held as it is now: when the frame comes, the reader may have left the lesson.
        if let Some(shown) = shown.get_untracked() {
            request_animation_frame(move || drop(shown.focus()));
        }
    };
    view! {
        <fieldset class="question" data-testid="question">
            <legend>{stores.texts.words("lesson.question")}</legend>
            <Words stores blocks=asks/>
            <div class="choices">{choices}</div>
            <button type="button" class="primary" data-testid="reveal" hidden=move || revealed.get() on:click=reveal>
                {following(move || match choice.get() {
                    Some(_) => stores.texts.word("lesson.reveal"),
                    None => stores.texts.word("lesson.reveal-anyway"),
                })}
            </button>
        </fieldset>
    }
    .into_any()
}

/// What is shown after the question.
#[component]
fn Reveals(
    stores: Stores,
    reveal: Figure,
    choice: RwSignal<Option<usize>>,
    shown: NodeRef<Div>,
    question: Option<Question>,
) -> impl IntoView {
    let chosen = move || {
        let question = question.as_ref()?;
        let chosen = question.choices.get(choice.get()?)?;
        Some(stores.texts.phrase("lesson.chosen", &[("choice", &plain(chosen))]))
    };
    view! {
        <div class="revealed" tabindex="-1" role="group" aria-label=stores.texts.words("lesson.revealed") data-testid="revealed" node_ref=shown hidden=move || !stores.lessons.revealed.get()>
            <p class="note" data-testid="chosen">{following(chosen)}</p>
            <Words stores blocks=reveal.says/>
        </div>
    }
    .into_any()
}
