//! The legend of a map: the scale with its numbers.

use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

use super::colour::Scale;
use crate::ui::text;

/// The bar, from minus the limit or 0 up to the limit.
#[component]
pub fn ColourBar(
    /// The scale.
    #[prop(into)]
    scale: Signal<Scale>,
    /// The value at its end.
    #[prop(into)]
    limit: Signal<f32>,
) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            let pixels: Vec<u8> = scale.get().table().iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect();
            let context = canvas.get_context("2d").ok().flatten().and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
            if let (Some(context), Ok(image)) = (context, ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), 256, 1)) {
                let _ = context.put_image_data(&image, 0.0, 0.0);
            }
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
    let meaning = move || match scale.get() {
        Scale::Sequential => ["no evidence", "", "strongest"],
        Scale::Diverging => ["against the class", "", "for the class"],
    };
    let label = move || {
        let [low, _, high] = numbers();
        format!("Colour scale from {low} to {high}")
    };
    view! {
        <div class="colour-bar" data-testid="legend">
            <canvas width="256" height="1" role="img" aria-label=label node_ref=canvas></canvas>
            <div class="colour-numbers">
                {move || numbers().into_iter().zip(meaning()).map(|(number, meaning)| view! {
                    <span>{number} {(!meaning.is_empty()).then(|| view! { <small>" " {meaning}</small> })}</span>
                }).collect_view()}
            </div>
        </div>
    }
}
