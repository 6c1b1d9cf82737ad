//! The trade-off of two measures, or three: which sparsities no other one beats.

use leptos::prelude::*;

use super::selection::Selection;
use crate::panels::group::is_open;
use crate::text;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::following::following;
use crate::widgets::table::drawing;
use sweetspot_core::metrics::measure::Better;
use sweetspot_core::sweep::SweepMeasure;
use sweetspot_core::sweep::pareto::front_of;
use sweetspot_core::sweep::scatter::Scatter;

/// The panel's part.
#[component]
pub fn TradeOff(selection: Selection) -> impl IntoView {
    let open = RwSignal::new(false);
    let chosen = ["accuracy", "relevance_mass_accuracy", ""].map(|id| RwSignal::new(id.to_string()));
    let menu = move |third: bool| {
        Signal::derive(move || {
            selection.shown.with(|shown| {
                let gauges = shown.as_ref().map(|shown| shown.kept.state.sweep.measures.clone()).unwrap_or_default();
                let none = third.then_some(("", "none"));
                let some =
                    gauges.iter().filter(|gauge| gauge.info().better != Better::Neither).map(|gauge| (gauge.id(), gauge.info().title));
                entries(none.into_iter().chain(some))
            })
        })
    };
    let choice = move |at: usize, id: &'static str, label: &'static str| {
        let signal = chosen[at];
        view! {
            <Choice id label options=menu(at == 2) value=Signal::derive(move || signal.get())
                choose=Callback::new(move |value| signal.set(value)) inline=true/>
        }
    };
    let paragraph = |words: String| view! { <p>{words}</p> }.into_any();
    let body = move || {
        if !open.get() {
            return None;
        }
        let gauges: Vec<SweepMeasure> = chosen.iter().filter_map(|id| SweepMeasure::from_id(&id.get()).ok()).collect();
        selection.shown.with(|shown| {
            let (Some(shown), [across, up, rest @ ..]) = (shown, gauges.as_slice()) else { return None };
            let drawn = match Scatter::of(&shown.summary, [*across, *up]) {
                Ok(scatter) => view! { {drawing(scatter.svg(false))} {paragraph(scatter.says())} }.into_any(),
                Err(error) => paragraph(error.to_string()),
            };
            let third = match (rest, front_of(&shown.summary, &gauges)) {
                ([], _) => None,
                (_, Ok(front)) => {
                    let all: Vec<String> = front.iter().map(|s| text::sparsity(*s)).collect();
                    Some(paragraph(format!("In all three together, no other sparsity beats these: {}.", all.join(", "))))
                }
                (_, Err(error)) => Some(paragraph(error.to_string())),
            };
            Some(view! { {drawn} {third} })
        })
    };
    view! {
        <details class="inside" data-testid="sweep-trade" on:toggle=move |event| open.set(is_open(&event))>
            <summary>"Trade-off of two or three measures (Pareto)"</summary>
            <div class="sweep-controls">
                {choice(0, "trade-across", "Across")} {choice(1, "trade-up", "Up")} {choice(2, "trade-third", "And")}
            </div>
            <div class="sweep-scatter" data-testid="sweep-pareto">{following(body)}</div>
        </details>
    }
    .into_any()
}
