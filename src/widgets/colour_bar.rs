//! The legend of a map: the scale with its numbers, or the lines with theirs.

use leptos::prelude::*;

use super::following::following;
use super::pixels::put;
use crate::text;
use sweetspot_core::colour::Scale;

/// The bar, from minus the limit or 0 up to the limit.
#[component]
pub fn ColourBar(
    /// The scale.
    #[prop(into)]
    scale: Signal<Scale>,
    /// The value at its end.
    #[prop(into)]
    limit: Signal<f32>,
    /// What its ends mean; for an attribution map unless told.
    #[prop(optional)]
    ends: Option<[&'static str; 2]>,
) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            let pixels: Vec<u8> = scale.get().table().iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect();
            let _ = put(&canvas, &pixels, 256, 1);
        }
    });
    let numbers = move || {
        let limit = f64::from(limit.get());
        match scale.get() {
            Scale::Sequential => [0.0, limit / 2.0, limit],
            Scale::Diverging => [-limit, 0.0, limit],
        }
        .map(text::value)
    };
    let meaning = move || {
        let [low, high] = ends.unwrap_or(match scale.get() {
            Scale::Sequential => ["no evidence", "strongest"],
            Scale::Diverging => ["against the class", "for the class"],
        });
        [low, "", high]
    };
    let label = move || {
        let [low, _, high] = numbers();
        format!("Colour scale from {low} to {high}")
    };
    view! {
        <div class="colour-bar" data-testid="legend">
            <canvas width="256" height="1" role="img" aria-label=label node_ref=canvas></canvas>
            <div class="colour-numbers">
                {following(move || numbers().into_iter().zip(meaning()).map(|(number, meaning)| view! {
                    <span>{number} {(!meaning.is_empty()).then(|| view! { <small>" " {meaning}</small> })}</span>
                }).collect_view())}
            </div>
        </div>
    }
}

/// The values of a map's lines, each beside a piece of its line.
#[component]
pub fn Levels(
    /// The scale.
    #[prop(into)]
    scale: Signal<Scale>,
    /// The value at its end.
    #[prop(into)]
    limit: Signal<f32>,
) -> impl IntoView {
    let level = move |level: &f32| {
        let [r, g, b] = scale.get().colour(scale.get().place(*level, 1.0));
        view! {
            <li><span class="swatch" aria-hidden="true" style:background=format!("rgb({r} {g} {b})")></span>{text::value(f64::from(level * limit.get()))}</li>
        }
    };
    let meaning = move || if scale.get() == Scale::Diverging { "Lines at (below zero: against the class)" } else { "Lines at" };
    view! {
        <div class="levels" data-testid="legend">
            <span>{following(meaning)}</span>
            <ul>{following(move || scale.get().levels().iter().map(level).collect_view())}</ul>
        </div>
    }
}
