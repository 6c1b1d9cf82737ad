//! How good the maps are, by every measure: the quick ones with each result, the others when they are asked for.

mod course;
mod rows;
mod slow;

use leptos::prelude::*;

use self::rows::{Cells, Heads, Row};
use self::slow::{MeasureAll, SlowGroup};
use crate::scores::KINDS;
use crate::stores::Stores;
use crate::stores::stamped::Stamped;
use crate::text;
use crate::widgets::following::following;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::measure::Kind;
use sweetspot_core::side::Side;
use sweetspot_protocol::{MapReport, Place, Truth};

/// The measures.
#[component]
pub fn Measures(stores: Stores) -> impl IntoView {
    let groups = KINDS.map(|(kind, title, asks)| match kind {
        Kind::Place | Kind::Complexity => view! { <QuickGroup stores kind title asks/> }.into_any(),
        _ => view! { <SlowGroup stores kind title asks/> }.into_any(),
    });
    view! {
        <section class="panel measures" aria-labelledby="measures-title" data-testid="measures">
            <div class="panel-head">
                <h2 id="measures-title">"How good are the maps?"</h2>
                <MeasureAll stores/>
            </div>
            <p class="note">
                "\u{2018}Better\u{2019} and \u{2018}worse\u{2019} only follow each measure\u{2019}s direction. This is one picture: it proves nothing about a network."
            </p>
            {groups.into_iter().collect_view()}
        </section>
    }
}

/// A group of measures that come with the maps.
#[component]
fn QuickGroup(stores: Stores, kind: Kind, title: &'static str, asks: &'static str) -> impl IntoView {
    let id = if kind == Kind::Place { "measures-place" } else { "measures-complexity" };
    let map = move |side| stores.answers.pane(side).scored.get();
    let body = move || {
        let (dense, pruned) = (map(Side::Dense), map(Side::Pruned));
        let place = dense.as_ref().or(pruned.as_ref()).map(|map| map.value.place);
        match place {
            None => view! { <p class="note">"Computed with the maps."</p> }.into_any(),
            Some(None) if kind == Kind::Place => view! {
                <p class="note" data-testid="no-truth">"There is no box for this picture, so the maps cannot be compared with the object\u{2019}s place."</p>
            }
            .into_any(),
            Some(place) => view! { <Quick stores kind dense pruned place/> }.into_any(),
        }
    };
    view! {
        <section class="measure-group" class:stale=move || stores.answers.is_stale(stores.answers.pruned.scored) aria-labelledby=id data-testid=id>
            <div class="group-head"><h3 id=id>{title}</h3> <p class="note">{asks}</p></div>
            {following(body)}
        </section>
    }
}

#[component]
fn Quick(
    stores: Stores,
    kind: Kind,
    dense: Option<Stamped<MapReport>>,
    pruned: Option<Stamped<MapReport>>,
    place: Option<Place>,
) -> impl IntoView {
    // While new maps are on their way one side may be newer than the other; then nothing is said of a change.
    let together = matches!((&dense, &pruned), (Some(dense), Some(pruned)) if dense.job == pruned.job);
    let row = |measure: Measure| {
        let read = |map: &Option<Stamped<MapReport>>| map.as_ref().and_then(|map| map.value.score(measure).cloned());
        let (dense, pruned) = (read(&dense), read(&pruned));
        (dense.is_some() || pruned.is_some()).then(|| {
            let chance = place.map(|place| place.chance);
            view! { <Row measure><Cells measure dense pruned together chance/></Row> }
        })
    };
    let rows: Vec<_> = Measure::of(kind).filter_map(row).collect();
    if rows.is_empty() {
        return view! { <p class="note">"Not computed for these maps."</p> }.into_any();
    }
    view! {
        <div class="table-scroll">
            <table role="table">
                <Heads/>
                <tbody role="rowgroup">{rows.collect_view()}</tbody>
            </table>
        </div>
        {(kind == Kind::Place).then(|| place.map(|place| view! { <Known stores place/> }))}
    }
    .into_any()
}

/// What the place is known from, and what an even map would score.
#[component]
fn Known(stores: Stores, place: Place) -> impl IntoView {
    let truth = match place.truth {
        Truth::Mask => "Measured against the object\u{2019}s exact outline.",
        Truth::Box => "Measured against a box drawn around the object, so background inside the box counts as object.",
    };
    let inside = move || {
        let inside = stores.answers.view.with(|view| view.as_ref().and_then(|view| view.value.inside)).filter(|inside| *inside < 0.995);
        inside.map(|inside| {
            format!(" {} of the object lies inside the part of the picture the networks see.", text::score(f64::from(inside)))
        })
    };
    view! {
        <p class="note">
            {truth} " The object covers " {text::score(f64::from(place.chance))}
            " of what the networks see. The marks on the bars are what a map that is the same everywhere would score."
            {following(inside)}
        </p>
    }
}
