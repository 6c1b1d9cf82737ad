//! What stands behind a measure's value: how it was come by, the curve, and what the network was shown at each point of it.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::panels::group::is_open;
use crate::scores::shown;
use crate::stores::Stores;
use crate::text;
use crate::widgets::curve::Curve;
use crate::widgets::following::following;
use crate::widgets::frames::frame;
use crate::widgets::table::{table, words};
use sweetspot_core::metrics::Measure;
use sweetspot_core::side::Side;
use sweetspot_protocol::{Measured, Pictures, Point};

/// The course of a measurement, folded until it is asked for.
#[component]
pub fn Course(stores: Stores, measure: Measure, signed: bool, dense: Arc<Measured>, pruned: Arc<Measured>) -> impl IntoView {
    let open = RwSignal::new(false);
    let note = note(&dense, &pruned);
    if dense.curve.is_empty() && pruned.curve.is_empty() {
        return view! { <p class="note">{note}</p> }.into_any();
    }
    let pictures = dense.pictures != Pictures::None || pruned.pictures != Pictures::None;
    let summary = match (&dense.pictures, dense.curve.len().max(pruned.curve.len())) {
        (Pictures::Maps(_), 1) => "The other maps",
        (Pictures::Maps(_), _) => "The curve, and the maps along it",
        _ if pictures => "The curve, and what the networks were shown",
        _ => "The curve",
    };
    view! {
        <p class="note">{note}</p>
        <details data-testid=format!("course-{}", measure.id()) on:toggle=move |event| open.set(is_open(&event))>
            <summary>{summary}</summary>
            {following(move || open.get().then(|| view! { <Unfolded stores measure signed dense=dense.clone() pruned=pruned.clone()/> }))}
        </details>
    }
    .into_any()
}

#[component]
fn Unfolded(stores: Stores, measure: Measure, signed: bool, dense: Arc<Measured>, pruned: Arc<Measured>) -> impl IntoView {
    let at = RwSignal::new(0_usize);
    let points = dense.curve.len().max(pruned.curve.len());
    let pictures = dense.pictures != Pictures::None || pruned.pictures != Pictures::None;
    let place = {
        let curves = [dense.curve.clone(), pruned.curve.clone()];
        move |index: usize| curves.iter().find_map(|curve| curve.get(index)).map_or_else(String::new, |point| place(stores, measure, point))
    };
    let says = {
        let (dense, pruned, place) = (dense.clone(), pruned.clone(), place.clone());
        move || {
            let value = |measured: &Measured| measured.curve.get(at.get()).map_or("none".into(), |point| shown(measure, point.value));
            format!("{}: dense {}, pruned {}", place(at.get()), value(&dense), value(&pruned))
        }
    };
    let moved = move |event| {
        let wished = event_target::<HtmlInputElement>(&event).value_as_number();
        at.set((wished.max(0.0) as usize).min(points.saturating_sub(1)));
    };
    view! {
        <div class="unfolded">
            <div class="curve-side">
                {(points > 1).then(|| view! {
                    <Curve
                        title=measure.info().title across=measure.info().across curves=[dense.curve.clone(), pruned.curve.clone()] at
                        write=Callback::new(move |value| shown(measure, value))
                    />
                    <p class="curve-key" aria-hidden="true"><span class="key-dense"></span>"dense" <span class="key-pruned"></span>"pruned"</p>
                    <input type="range" min="0" max=points.saturating_sub(1).to_string() step="1" data-testid="scrub"
                        aria-valuetext=says.clone() aria-label=format!("Point of the curve of {}", measure.info().title)
                        prop:value=move || at.get().to_string() on:input=moved/>
                })}
                <p class="note" data-testid="scrub-says">{says}</p>
                {(points > 1).then(|| view! {
                    <details class="numbers">
                        <summary>"Numbers"</summary>
                        {numbers(stores, measure, &dense.curve, &pruned.curve)}
                    </details>
                })}
            </div>
            {pictures.then(|| view! {
                <div class="frames">
                    <Frame stores side=Side::Dense measured=dense signed at/>
                    <Frame stores side=Side::Pruned measured=pruned signed at/>
                </div>
            })}
        </div>
    }
}

/// What both values rest on, said once where it is the same, and the time they took together.
fn note(dense: &Measured, pruned: &Measured) -> String {
    let notes = match (dense.note.as_str(), pruned.note.as_str()) {
        (dense, pruned) if dense == pruned => dense.to_string(),
        (dense, "") => format!("Dense: {dense}"),
        ("", pruned) => format!("Pruned: {pruned}"),
        (dense, pruned) => format!("Dense: {dense} Pruned: {pruned}"),
    };
    format!("{notes} Took {}.", text::duration(dense.millis + pruned.millis))
}

/// "20 % of the pixels", "seed 2", or what stands at the point.
fn place(stores: Stores, measure: Measure, point: &Point) -> String {
    if measure == Measure::RandomLogit {
        let class = point.label.parse().map(|index| text::short(&stores.catalogue.class_name(index)).to_string());
        return format!("other class \u{2018}{}\u{2019}", class.unwrap_or_else(|_| point.label.clone()));
    }
    if measure == Measure::Untrained {
        return format!("seed {}", point.label);
    }
    match point.label.is_empty() {
        true => format!("{} of the pixels", text::percent(f64::from((point.at * 1000.0).round()) / 1000.0)),
        false => point.label.clone(),
    }
}

/// What a network was shown at a point of the curve, or the map there.
#[component]
fn Frame(stores: Stores, side: Side, measured: Arc<Measured>, signed: bool, at: RwSignal<usize>) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let size = stores.answers.view.with_untracked(|view| view.as_ref().map_or(0, |view| view.value.side));
    let maps = matches!(measured.pictures, Pictures::Maps(_));
    let share = {
        let curve = measured.curve.clone();
        move || curve.get(at.get()).map_or(0.0, |point| point.at)
    };
    let empty = {
        let measured = measured.clone();
        Memo::new(move |_| {
            let Pictures::Maps(maps) = &measured.pictures else { return false };
            maps.get(at.get()).is_some_and(|map| map.iter().all(|value| *value == 0.0))
        })
    };
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            frame(&canvas, &measured.pictures, at.get(), share(), size, signed);
        }
    });
    let what = if maps { "map" } else { "input" };
    let label = move || format!("The {} network\u{2019}s {what} at point {} of the curve", text::network(side), at.get() + 1);
    view! {
        <figure>
            <figcaption>
                {if side == Side::Dense { "Dense" } else { "Pruned" }}
                {following(move || empty.get().then_some(", zero everywhere"))}
            </figcaption>
            <canvas role="img" aria-label=label data-testid=format!("frame-{}", text::network(side)) node_ref=canvas></canvas>
        </figure>
    }
}

/// The curve's points in numbers.
fn numbers(stores: Stores, measure: Measure, dense: &[Point], pruned: &[Point]) -> AnyView {
    let row = |index: usize| {
        let point = dense.get(index).or(pruned.get(index))?;
        let value = |curve: &[Point]| curve.get(index).map(|point| shown(measure, point.value)).unwrap_or_default();
        Some(vec![place(stores, measure, point), value(dense), value(pruned)])
    };
    let rows = words((0..dense.len().max(pruned.len())).filter_map(row).collect());
    table("The curve\u{2019}s numbers", "", &["At", "Dense", "Pruned"], rows)
}
