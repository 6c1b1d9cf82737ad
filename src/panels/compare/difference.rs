//! What pruning changes in the map: pruned minus dense.

use leptos::prelude::*;

use super::lens::LensFrame;
use super::scales::{Both, Share};
use crate::stores::Stores;
use crate::text;
use crate::widgets::colour_bar::ColourBar;
use crate::widgets::difference::{Difference, difference};
use crate::widgets::following::following;
use crate::widgets::map_canvas::{Drawing, Paint, draw};
use crate::widgets::save_map::SaveMap;
use sweetspot_core::colour::{Scale, limit};
use sweetspot_core::side::Side;
use sweetspot_protocol::MapReport;

/// The difference map, if the reader wants it.
#[component]
pub fn DifferencePane(stores: Stores, both: Both) -> impl IntoView {
    let found = Memo::new(move |_| {
        let comparable = stores.answers.pane(Side::Dense).map.with(|dense| {
            stores.answers.pane(Side::Pruned).map.with(|pruned| {
                let (dense, pruned) = (dense.as_ref()?, pruned.as_ref()?);
                if dense.experiment.attribution != pruned.experiment.attribution {
                    return None;
                }
                let factor = |side: Side| if both.shared.get() { 1.0 } else { 1.0 / both.of(side).limit.get().max(f32::MIN_POSITIVE) };
                difference(&dense.value.values, &pruned.value.values, [factor(Side::Dense), factor(Side::Pruned)])
            })
        });
        Share(comparable.map(std::sync::Arc::new))
    });
    let end = Memo::new(move |_| found.with(|found| found.0.as_ref().map_or(0.0, |found| limit(&found.values))));
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let (outline, limit, opacity) = (stores.display.outline.get(), end.get(), stores.display.opacity.get() as f32);
        let found = found.get();
        stores.answers.view.with(|view| {
            if let (Some(view), Some(found)) = (view, found.0) {
                let map = report(&found, view.value.side);
                draw(&canvas, &Drawing { view: &view.value, map: Some(&map), limit, paint: Paint::Heat(opacity), outline });
            }
        });
    });
    let words = move || {
        found.with(|found| match &found.0 {
            Some(found) => words(found, both.shared.get()),
            None => "Both maps are needed, of one method, before there is a difference.".into(),
        })
    };
    let there = Signal::derive(move || found.with(|found| found.0.is_some()));
    let values = Callback::new(move |()| {
        let side = stores.answers.view.with_untracked(|view| view.as_ref().map(|view| view.value.side))?;
        found.with_untracked(|found| found.0.as_ref().map(|found| (side, side, found.values.clone())))
    });
    view! {
        <figure class="pane difference" data-testid="difference">
            <figcaption><h3>"Pruned minus dense"</h3></figcaption>
            <div class="canvas-frame">
                <LensFrame stores name=Signal::stored("The difference map".to_string())>
                    <canvas width="672" height="672" role="img" aria-label=words data-testid="map-difference" node_ref=canvas></canvas>
                </LensFrame>
            </div>
            <div class="difference-says">
                <p data-testid="difference-words">{following(words)} <SaveMap messages=stores.messages name=Signal::stored("pruned-minus-dense".to_string()) canvas there values/></p>
                <ColourBar scale=Signal::stored(Scale::Diverging) limit=end ends=["weaker after pruning", "stronger after pruning"]/>
            </div>
        </figure>
    }
    .into_any()
}

/// The difference as a map that can be drawn.
fn report(found: &Difference, side: usize) -> MapReport {
    MapReport {
        side: Side::Pruned,
        target: 0,
        side_length: side,
        values: found.values.clone(),
        signed: true,
        place: None,
        scores: Vec::new(),
        total: None,
        sum: 0.0,
        complete: true,
        millis: 0.0,
    }
}

/// "23 % of the map's mass lies elsewhere after pruning. In the maps' own units."
fn words(found: &Difference, shared: bool) -> String {
    let moved = match found.moved {
        Some(moved) => format!("{} of the map\u{2019}s mass above zero lies elsewhere after pruning.", text::score(moved)),
        None => "One of the maps has nothing above zero.".into(),
    };
    let units = if shared { "In the maps\u{2019} own units." } else { "Each map is divided by the end of its own scale first." };
    format!("{moved} {units}")
}
