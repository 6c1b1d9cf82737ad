//! How much of each map lies on the object.

use leptos::prelude::*;

use crate::engine::protocol::{MapReport, Place, Side, Truth};
use crate::error::Error;
use crate::metrics::Measure;
use crate::ui::state::Lab;
use crate::ui::text;
use crate::ui::widgets::bars::Bar;
use std::sync::Arc;

const MEASURES: [Measure; 2] = [Measure::RelevanceMass, Measure::RelevanceRank];

/// The table of agreements.
#[component]
pub fn AgreementTable(lab: Lab) -> impl IntoView {
    let agreement =
        move |side| lab.pane(side).map.with(|map| map.as_ref().filter(|map| map.value.place.is_some()).map(|map| map.value.clone()));
    let maps = move || lab.dense.map.with(Option::is_some) || lab.pruned.map.with(Option::is_some);
    let table = move || {
        let (dense, pruned) = (agreement(Side::Dense), agreement(Side::Pruned));
        match dense.as_ref().or(pruned.as_ref()).and_then(|map| map.place) {
            Some(any) => view! { <Known lab dense pruned any/> }.into_any(),
            None if maps() => view! { <p data-testid="no-truth">"There is no box for this picture, so the maps cannot be compared with the object\u{2019}s place."</p> }.into_any(),
            None => view! { <p class="note">"Computed with the maps."</p> }.into_any(),
        }
    };
    view! {
        <section class="panel agreement" class:stale=move || lab.is_stale(lab.pruned.map) aria-labelledby="agreement-title" data-testid="agreement">
            <h2 id="agreement-title">"Do the maps rest on the object?"</h2>
            {table}
        </section>
    }
}

#[component]
fn Known(lab: Lab, dense: Option<Arc<MapReport>>, pruned: Option<Arc<MapReport>>, any: Place) -> impl IntoView {
    let chance = any.chance;
    let truth = match any.truth {
        Truth::Mask => "Measured against the object\u{2019}s exact outline.",
        Truth::Box => "Measured against a box drawn around the object, so background inside the box counts as object.",
    };
    let inside = move || {
        let inside = lab.view.with(|view| view.as_ref().and_then(|view| view.value.inside)).filter(|inside| *inside < 0.995);
        inside.map(|inside| {
            format!(" {} of the object lies inside the part of the picture the networks see.", text::score(f64::from(inside)))
        })
    };
    let rows = MEASURES.map(|measure| {
        let (name, says) = (measure.info().title, measure.info().says);
        let read = |map: &Arc<MapReport>| map.score(measure).cloned();
        let (dense, pruned) = (dense.as_ref().and_then(read), pruned.as_ref().and_then(read));
        let difference = match (&dense, &pruned) {
            (Some(Ok(dense)), Some(Ok(pruned))) => text::points(f64::from(pruned - dense)),
            _ => "\u{2013}".into(),
        };
        view! {
            <tr>
                <th scope="row">{name} <small>{says}</small></th>
                <td>{cell(dense, chance)}</td>
                <td>{cell(pruned, chance)}</td>
                <td class="number">{difference}</td>
            </tr>
        }
    });
    view! {
        <div class="table-scroll">
            <table>
                <thead>
                    <tr><th scope="col">"Measure"</th><th scope="col">"Dense"</th><th scope="col">"Pruned"</th><th scope="col">"Change"</th></tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <p class="note">
            {truth} " The object covers " {text::score(f64::from(chance))}
            " of what the networks see: a map that is the same everywhere would score that (the mark on the bars)."
            {inside}
        </p>
    }
}

fn cell(score: Option<Result<f32, Error>>, chance: f32) -> AnyView {
    match score {
        Some(Ok(score)) => {
            view! { <span class="number">{text::score(f64::from(score))}</span> <Bar share=score mark=Some(chance)/> }.into_any()
        }
        Some(Err(error)) => view! { <small>{error.to_string()}</small> }.into_any(),
        None => "\u{2013}".into_any(),
    }
}
