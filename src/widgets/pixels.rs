//! Pixels on a canvas.

use leptos::prelude::document;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use sweetspot_core::colour::Scale;

/// A canvas's pen; `None` where the browser gives none.
pub fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// Gives a canvas a size, if it has another one.
pub fn resize(canvas: &HtmlCanvasElement, width: u32, height: u32) {
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
    }
}

/// Shows pixels (red, green, blue and opacity bytes, row by row), one for each of the canvas's own.
pub fn put(canvas: &HtmlCanvasElement, rgba: &[u8], width: usize, height: usize) -> Option<()> {
    resize(canvas, width as u32, height as u32);
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), width as u32, height as u32).ok()?;
    context(canvas)?.put_image_data(&image, 0.0, 0.0).ok()
}

/// Views with sides below this show their pixels as squares.
pub const CRISP: usize = 128;

/// Shows pixels over the whole of a canvas of another size.
pub fn stretch(canvas: &HtmlCanvasElement, rgba: &[u8], width: usize, height: usize) -> Option<()> {
    let small: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    put(&small, rgba, width, height)?;
    let (wide, high) = (f64::from(canvas.width()), f64::from(canvas.height()));
    let context = context(canvas)?;
    context.set_image_smoothing_enabled(width >= CRISP);
    context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, 0.0, 0.0, wide, high).ok()
}

/// Red, green and blue bytes with an opacity.
pub fn opaque(rgb: &[u8]) -> Vec<u8> {
    rgb.chunks_exact(3).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255]).collect()
}

/// Values in the colours of a scale; what is no finite number is left clear.
pub fn coloured(values: &[f32], scale: Scale, limit: f32) -> Vec<u8> {
    let table = scale.table();
    let colour = |value: &f32| {
        let [r, g, b] = table[(scale.place(*value, limit) * 255.0).round() as usize];
        [r, g, b, if value.is_finite() { 255 } else { 0 }]
    };
    values.iter().flat_map(colour).collect()
}
