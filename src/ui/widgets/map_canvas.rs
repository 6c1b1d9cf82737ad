//! What a network sees, with its map over it and the object's outline on top.

use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use super::colour::Scale;
use crate::engine::protocol::{MapReport, View};

/// Canvas pixels for each pixel of the view: outlines stay crisp when the view is drawn large.
const ZOOM: usize = 3;

/// What is drawn.
pub struct Drawing<'a> {
    /// The network's input.
    pub view: &'a View,
    /// The map, if there is one yet.
    pub map: Option<&'a MapReport>,
    /// The value at the end of the colour scale.
    pub limit: f32,
    /// How much the map covers the view, 0 to 1.
    pub opacity: f32,
    /// Whether the object's outline is drawn.
    pub outline: bool,
}

/// Draws; `None` where the browser gives no canvas, which leaves it as it was.
pub fn draw(canvas: &HtmlCanvasElement, drawing: &Drawing) -> Option<()> {
    let side = drawing.view.side;
    if side == 0 || drawing.view.rgb.len() < side * side * 3 {
        return None;
    }
    let size = (side * ZOOM) as u32;
    if canvas.width() != size || canvas.height() != size {
        canvas.set_width(size);
        canvas.set_height(size);
    }
    let context = context(canvas)?;
    let pixels = blend(drawing);
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), side as u32, side as u32).ok()?;
    let small: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    small.set_width(side as u32);
    small.set_height(side as u32);
    self::context(&small)?.put_image_data(&image, 0.0, 0.0).ok()?;
    context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, 0.0, 0.0, f64::from(size), f64::from(size)).ok()?;
    // Canvas pixels for a pixel of the screen, so that lines are equally wide however large the canvas is shown.
    let line = f64::from(size) / f64::from(canvas.client_width().max(100));
    if drawing.map.is_some() && drawing.limit == 0.0 {
        hatch(&context, f64::from(size), line);
    }
    if drawing.outline {
        outline(&context, drawing.view, line);
    }
    Some(())
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// The view with the map over it. Under a map the view loses its colours, so that they are not taken for values; a value that is no
/// finite number leaves the view bare.
fn blend(drawing: &Drawing) -> Vec<u8> {
    let side = drawing.view.side;
    let map = drawing.map.filter(|map| drawing.limit > 0.0 && map.side_length > 0 && map.values.len() >= map.side_length * map.side_length);
    let Some(map) = map else {
        return drawing.view.rgb.chunks_exact(3).take(side * side).flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255]).collect();
    };
    let scale = Scale::of(map.signed);
    let table = scale.table();
    let opacity = drawing.opacity.clamp(0.0, 1.0);
    let saturation = (1.0 - 2.0 * opacity).max(0.0);
    let mut pixels = Vec::with_capacity(side * side * 4);
    for (index, pixel) in drawing.view.rgb.chunks_exact(3).take(side * side).enumerate() {
        let (row, column) = (index / side * map.side_length / side, index % side * map.side_length / side);
        let value = map.values[row * map.side_length + column];
        let cover = if value.is_finite() { opacity } else { 0.0 };
        let colour = table[(scale.place(value, drawing.limit) * 255.0).round() as usize];
        let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(f32::from);
        let grey = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let mixed = [(r, colour[0]), (g, colour[1]), (b, colour[2])].map(|(under, over)| {
            let under = grey + (under - grey) * saturation;
            (under + (f32::from(over) - under) * cover).round() as u8
        });
        pixels.extend(mixed);
        pixels.push(255);
    }
    pixels
}

/// Stripes over a map that says nothing.
fn hatch(context: &CanvasRenderingContext2d, size: f64, line: f64) {
    for (style, width) in [("rgba(0, 0, 0, 0.55)", 3.0), ("rgba(255, 255, 255, 0.75)", 1.0)] {
        context.set_stroke_style_str(style);
        context.set_line_width(width * line);
        context.begin_path();
        let mut start = -size;
        while start < size {
            context.move_to(start, size);
            context.line_to(start + size, 0.0);
            start += 18.0 * line;
        }
        context.stroke();
    }
}

/// The object's mask or boxes, light on dark so that they are seen on any picture.
fn outline(context: &CanvasRenderingContext2d, view: &View, line: f64) {
    let zoom = ZOOM as f64;
    context.begin_path();
    match &view.mask {
        Some(mask) if mask.len() >= view.side * view.side => border(context, mask, view.side),
        _ => {
            for [x0, y0, x1, y1] in view.boxes.iter().map(|corners| corners.map(f64::from)) {
                let inset = 1.5 * line;
                context.rect(x0 * zoom + inset, y0 * zoom + inset, (x1 - x0) * zoom - 2.0 * inset, (y1 - y0) * zoom - 2.0 * inset);
            }
        }
    }
    context.set_line_cap("square");
    for (style, width) in [("rgba(0, 0, 0, 0.7)", 3.5), ("#fff", 1.5)] {
        context.set_stroke_style_str(style);
        context.set_line_width(width * line);
        context.stroke();
    }
}

/// The edges between pixels of the object and others, as runs along rows and columns.
fn border(context: &CanvasRenderingContext2d, mask: &[bool], side: usize) {
    let on = |row: usize, column: usize| row < side && column < side && mask[row * side + column];
    let zoom = ZOOM as f64;
    for line in 0..=side {
        for (vertical, differs) in [
            (false, &(|along: usize| on(line, along) != (line > 0 && on(line - 1, along))) as &dyn Fn(usize) -> bool),
            (true, &|along: usize| on(along, line) != (line > 0 && on(along, line - 1))),
        ] {
            let mut start = None;
            for along in 0..=side {
                match (along < side && differs(along), start) {
                    (true, None) => start = Some(along),
                    (false, Some(from)) => {
                        let (from, to, line) = (from as f64 * zoom, along as f64 * zoom, line as f64 * zoom);
                        let ends = if vertical { [(line, from), (line, to)] } else { [(from, line), (to, line)] };
                        context.move_to(ends[0].0, ends[0].1);
                        context.line_to(ends[1].0, ends[1].1);
                        start = None;
                    }
                    _ => {}
                }
            }
        }
    }
}
