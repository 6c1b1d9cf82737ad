//! The charts: a row for each axis of the paper's question, all with one read-out. A click takes a sparsity over, a drag looks closer.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{KeyboardEvent, PointerEvent};

use super::readout::{choose, move_by};
use super::selection::{Selection, Shown};
use crate::stores::Stores;
use crate::sweeps::name;
use crate::widgets::following::following;
use crate::widgets::table::drawing;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::sweep::SweepMeasure;
use sweetspot_core::sweep::chart::{Across, Chart};
use sweetspot_core::sweep::figures::overlay;
use sweetspot_core::sweep::sweep_measure::Axis;

/// How far a pointer must go to mean a part of the axis and not a point of it, as a share of a chart's width.
const DRAG: f64 = 0.03;

/// The charts of some sweeps, one a measure that is shown, in the order of the axes.
pub fn drawn(
    stores: Stores,
    first: &Shown,
    beside: &[Shown],
    gauges: &[SweepMeasure],
    across: Across,
    zoom: Option<(Sparsity, Sparsity)>,
) -> Vec<(Axis, Chart)> {
    let names: Vec<String> = match beside {
        [] => vec![String::new()],
        _ => [first].into_iter().chain(beside).map(|shown| short(stores, shown)).collect(),
    };
    let chart = |gauge: SweepMeasure| {
        let with = |shown: &&Shown| shown.kept.state.sweep.measures.contains(&gauge);
        let sweeps: Vec<_> = [first]
            .into_iter()
            .chain(beside)
            .zip(&names)
            .filter(|(shown, _)| with(shown))
            .map(|(shown, name)| (name.as_str(), &*shown.summary))
            .collect();
        let chart = overlay(&sweeps, gauge, across);
        match zoom {
            Some((low, high)) => chart.between(low.get(), high.get()),
            None => chart,
        }
    };
    let known = |gauge: &SweepMeasure| gauges.contains(gauge) && first.kept.state.sweep.measures.contains(gauge);
    let of_axis =
        |axis: Axis| SweepMeasure::all().filter(move |gauge| gauge.info().axis == axis).filter(known).map(move |gauge| (axis, gauge));
    Axis::ALL.into_iter().flat_map(of_axis).map(|(axis, gauge)| (axis, chart(gauge))).collect()
}

/// A sweep's name in a legend: the network and the criterion.
fn short(stores: Stores, shown: &Shown) -> String {
    let whole = untrack(|| name(stores.catalogue, &shown.kept.state));
    whole.splitn(3, ", ").take(2).collect::<Vec<_>>().join(", ")
}

/// The charts.
#[component]
pub fn Charts(stores: Stores, selection: Selection) -> impl IntoView {
    let sweeps = stores.sweeps;
    let charts: Memo<Arc<Vec<(Axis, Chart)>>> = Memo::new(move |_| {
        let (gauges, across, zoom) = (sweeps.shown.get(), sweeps.across.get(), sweeps.zoom.get());
        let beside = selection.beside.get();
        Arc::new(selection.shown.get().map(|first| drawn(stores, &first, &beside, &gauges, across, zoom)).unwrap_or_default())
    });
    let body = move || {
        let charts = charts.get();
        let row = |axis: Axis| {
            let of: Vec<AnyView> = charts.iter().filter(|(own, _)| *own == axis).map(|(_, chart)| figure(chart)).collect();
            (!of.is_empty()).then(|| view! { <h3>{axis.title()}</h3> <div class="sweep-row">{of}</div> })
        };
        Axis::ALL.into_iter().filter_map(row).collect_view()
    };
    // The cursor is moved without drawing anything anew.
    let cursor = move || {
        let at = sweeps.at.get();
        let sparsity = selection.shown.with(|shown| shown.as_ref().and_then(|shown| shown.summary.sparsities.get(at).copied()))?;
        let inside = sweeps.zoom.get().is_none_or(|(low, high)| (low..=high).contains(&sparsity));
        let place = charts.with(|charts| charts.first().map(|(_, chart)| chart.place_of(sparsity.get())))?;
        inside.then(|| format!("{:.3}%", place * 100.0))
    };
    let began = StoredValue::new(None::<f64>);
    let nearest = move |share: f64| {
        let at = charts.with_untracked(|charts| charts.first().and_then(|(_, chart)| chart.nearest(share)))?;
        Sparsity::new(at).ok()
    };
    let hover = move |event: PointerEvent| {
        if let Some(share) = share(&event)
            && let Some(sparsity) = nearest(share)
        {
            let place = selection.shown.with_untracked(|shown| shown.as_ref()?.summary.sparsities.iter().position(|s| *s == sparsity));
            if let Some(place) = place.filter(|place| *place != sweeps.at.get_untracked()) {
                sweeps.at.set(place);
            }
        }
    };
    let press = move |event: PointerEvent| began.set_value(share(&event));
    let release = move |event: PointerEvent| {
        let (Some(from), Some(to)) = (began.get_value(), share(&event)) else { return };
        began.set_value(None);
        let (Some(low), Some(high)) = (nearest(from.min(to)), nearest(from.max(to))) else { return };
        match (from - to).abs() < DRAG {
            true => {
                if let Some(sparsity) = nearest(to) {
                    choose(stores, sparsity);
                }
            }
            false if low < high => sweeps.zoom.set(Some((low, high))),
            false => {}
        }
    };
    let keys = move |event: KeyboardEvent| {
        let moved = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => move_by(stores, selection, 1),
            "ArrowLeft" | "ArrowDown" => move_by(stores, selection, -1),
            "Home" => move_by(stores, selection, i64::MIN / 2),
            "End" => move_by(stores, selection, i64::MAX / 2),
            "Enter" => {
                let at = sweeps.at.get_untracked();
                if let Some(sparsity) =
                    selection.shown.with_untracked(|shown| shown.as_ref().and_then(|shown| shown.summary.sparsities.get(at).copied()))
                {
                    choose(stores, sparsity);
                }
                true
            }
            _ => false,
        };
        if moved {
            event.prevent_default();
        }
    };
    view! {
        <div class="sweep-charts" role="group" tabindex="0" data-testid="sweep-charts" style=("--at", move || cursor().unwrap_or_else(|| "-10%".into()))
            aria-label="Charts. Arrow keys move along the sparsities, Enter takes the sparsity over"
            on:pointermove=hover on:pointerdown=press on:pointerup=release on:keydown=keys>
            <div>{following(body)}</div>
        </div>
        <p class="note" hidden=move || charts.with(|charts| !charts.is_empty())>"No measure is chosen."</p>
    }
    .into_any()
}

/// A chart with room for the cursor.
fn figure(chart: &Chart) -> AnyView {
    view! {
        <figure class="sweep-chart" data-testid=chart.id.clone()>
            {drawing(chart.inline())}
            <span class="sweep-cursor" aria-hidden="true"></span>
        </figure>
    }
    .into_any()
}

/// Where across a chart a pointer is, as a share of its width; none beside the charts.
fn share(event: &PointerEvent) -> Option<f64> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    let chart = target.closest(".sweep-chart").ok()??;
    // Through plain properties: the typed rectangle would be a feature of `web-sys` that everything is built with.
    let measure: js_sys::Function = js_sys::Reflect::get(&chart, &"getBoundingClientRect".into()).ok()?.dyn_into().ok()?;
    let frame = measure.call0(&chart).ok()?;
    let side = |name: &str| js_sys::Reflect::get(&frame, &name.into()).ok()?.as_f64();
    let (left, width) = (side("left")?, side("width")?);
    (width > 0.0).then(|| ((f64::from(event.client_x()) - left) / width).clamp(0.0, 1.0))
}
