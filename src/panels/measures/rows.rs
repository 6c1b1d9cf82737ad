//! A measure's row: its name, what it says, its range and direction, and a cell for each network and for the change.
//!
//! On narrow screens a row is laid out as a card, which takes a table's meaning from it in some browsers; the roles give it back.

use leptos::prelude::*;

use crate::scores::{chance as chance_of, change, direction, is_share, range, shown};
use crate::widgets::bars::Bar;
use sweetspot_core::error::Error;
use sweetspot_core::metrics::Measure;

/// The table's head.
#[component]
pub fn Heads() -> impl IntoView {
    view! {
        <thead role="rowgroup">
            <tr role="row">
                <th scope="col" role="columnheader">"Measure"</th>
                <th scope="col" role="columnheader">"Dense"</th>
                <th scope="col" role="columnheader">"Pruned"</th>
                <th scope="col" role="columnheader">"Change"</th>
            </tr>
        </thead>
    }
}

/// A measure with its cells.
#[component]
pub fn Row(
    /// The measure.
    measure: Measure,
    /// Whether there is nothing to show in its cells yet.
    #[prop(optional, into)]
    empty: Signal<bool>,
    /// The cells.
    children: Children,
) -> impl IntoView {
    let info = measure.info();
    let (arrow, words) = direction(info.better);
    view! {
        <tr role="row" class:empty=empty data-testid=format!("measure-{}", info.id)>
            <th scope="row" role="rowheader">
                <span>{info.title}</span>
                <small>{info.says}</small>
                <small class="range">
                    {range(info)} " \u{b7} " <span class="arrow" aria-hidden="true">{arrow}</span> " " {words}
                </small>
            </th>
            {children()}
        </tr>
    }
}

/// The cells of a measure: dense, pruned, change.
#[component]
pub fn Cells(
    /// The measure.
    measure: Measure,
    /// Its value for the dense network's map.
    dense: Option<Result<f32, Error>>,
    /// Its value for the pruned network's map.
    pruned: Option<Result<f32, Error>>,
    /// Whether both belong to one experiment.
    together: bool,
    /// The object's share of the view.
    #[prop(optional_no_strip)]
    chance: Option<f32>,
) -> impl IntoView {
    let mark = chance.and_then(|object| chance_of(measure, object));
    let changed = match (&dense, &pruned) {
        (Some(Ok(dense)), Some(Ok(pruned))) if together => {
            let (words, verdict) = change(measure, *dense, *pruned);
            view! { <span class="number">{words}</span> {(!verdict.is_empty()).then(|| view! { <small class="verdict-word">{verdict}</small> })} }
                .into_any()
        }
        _ => view! { <Nothing/> }.into_any(),
    };
    view! {
        <td role="cell" data-label="Dense">{cell(measure, dense, mark)}</td>
        <td role="cell" data-label="Pruned">{cell(measure, pruned, mark)}</td>
        <td role="cell" data-label="Change">{changed}</td>
    }
}

/// Nothing to show, which a screen reader says too.
#[component]
fn Nothing() -> impl IntoView {
    view! { <span aria-hidden="true">"\u{2013}"</span><span class="hidden">"none"</span> }
}

fn cell(measure: Measure, score: Option<Result<f32, Error>>, mark: Option<f32>) -> AnyView {
    match score {
        Some(Ok(score)) => view! {
            <span class="number">{shown(measure, score)}</span>
            {is_share(measure).then(|| view! { <Bar share=score mark/> })}
        }
        .into_any(),
        Some(Err(error)) => {
            let (words, reason) = match error {
                Error::Undefined { reason, .. } => ("not defined here: ", reason),
                other => ("", other.to_string()),
            };
            view! { <small>{words} {reason}</small> }.into_any()
        }
        None => view! { <Nothing/> }.into_any(),
    }
}
