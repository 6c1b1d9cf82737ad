//! What a network sees, with its map over it and the object's outline on top.

use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::contour::lines;
use super::pixels::{context, opaque, resize, stretch};
use sweetspot_core::colour::Scale;
use sweetspot_protocol::{MapReport, View};

/// Canvas pixels for each pixel of the view, at least: lines stay crisp when the view is drawn large.
const ZOOM: usize = 3;

/// The least canvas pixels in a row: views of few pixels are drawn as squares, not as a blur.
const LEAST: usize = 672;

/// Canvas pixels for each pixel of a view.
fn zoom(side: usize) -> usize {
    LEAST.div_ceil(side.max(1)).max(ZOOM)
}

/// How bright the picture is beside the strongest part of a map.
const DIM: f32 = 0.14;

/// What is drawn.
pub struct Drawing<'a> {
    /// The network's input.
    pub view: &'a View,
    /// The map, if there is one yet.
    pub map: Option<&'a MapReport>,
    /// The value at the end of the colour scale.
    pub limit: f32,
    /// How the map is shown.
    pub paint: Paint<'a>,
    /// Whether the object's outline is drawn.
    pub outline: bool,
}

/// How a map is shown.
#[derive(Clone, Copy)]
pub enum Paint<'a> {
    /// As colours that cover the view by this much, 0 to 1.
    Heat(f32),
    /// As lines of equal value of these smoothed values.
    Contours(&'a [f32]),
    /// As the part of the picture where the map is at least this strong; nothing of it for `None`.
    Masked(Option<f32>),
}

/// Draws; `None` where the browser gives no canvas, which leaves it as it was.
pub fn draw(canvas: &HtmlCanvasElement, drawing: &Drawing) -> Option<()> {
    let side = drawing.view.side;
    if side == 0 || drawing.view.rgb.len() < side * side * 3 {
        return None;
    }
    let size = (side * zoom(side)) as u32;
    resize(canvas, size, size);
    let context = context(canvas)?;
    stretch(canvas, &pixels(drawing), side, side)?;
    // Canvas pixels for a pixel of the screen, so that lines are equally wide however large the canvas is shown.
    let line = f64::from(size) / f64::from(canvas.client_width().max(100));
    match (drawing.map, drawing.paint) {
        (Some(_), _) if drawing.limit == 0.0 => hatch(&context, f64::from(size), line),
        (Some(map), Paint::Contours(values)) => contours(&context, map, values, drawing.limit, f64::from(size), line),
        _ => {}
    }
    if drawing.outline {
        outline(&context, drawing.view, line);
    }
    Some(())
}

/// The view with what the map makes of it. Under colours the view loses its own, so that they are not taken for values; a value that is no
/// finite number leaves the view bare.
fn pixels(drawing: &Drawing) -> Vec<u8> {
    let side = drawing.view.side;
    let view = &drawing.view.rgb[..side * side * 3];
    let map = drawing.map.filter(|map| drawing.limit > 0.0 && map.side_length > 0 && map.values.len() >= map.side_length * map.side_length);
    let Some(map) = map else { return opaque(view) };
    let at = |index: usize| {
        let (row, column) = (index / side * map.side_length / side, index % side * map.side_length / side);
        map.values[row * map.side_length + column]
    };
    let pixel: Box<dyn Fn(f32, [f32; 3]) -> [f32; 3]> = match drawing.paint {
        Paint::Heat(opacity) => heat(Scale::of(map.signed), drawing.limit, opacity.clamp(0.0, 1.0)),
        Paint::Contours(_) => Box::new(|_, colour| [grey(colour); 3]),
        Paint::Masked(from) => Box::new(move |value, colour| match from {
            Some(from) if value >= from => colour,
            _ => [grey(colour) * DIM; 3],
        }),
    };
    let shown = |(index, pixel_rgb): (usize, &[u8])| {
        let [r, g, b] = pixel(at(index), [pixel_rgb[0], pixel_rgb[1], pixel_rgb[2]].map(f32::from)).map(|part| part.round() as u8);
        [r, g, b, 255]
    };
    view.chunks_exact(3).enumerate().flat_map(shown).collect()
}

/// What a value makes of a colour under it.
pub(super) fn heat(scale: Scale, limit: f32, opacity: f32) -> Box<dyn Fn(f32, [f32; 3]) -> [f32; 3]> {
    let table = scale.table();
    let saturation = (1.0 - 2.0 * opacity).max(0.0);
    Box::new(move |value, colour| {
        let cover = if value.is_finite() { opacity } else { 0.0 };
        let over = table[(scale.place(value, limit) * 255.0).round() as usize];
        let grey = grey(colour);
        std::array::from_fn(|part| {
            let under = grey + (colour[part] - grey) * saturation;
            under + (f32::from(over[part]) - under) * cover
        })
    })
}

fn grey([r, g, b]: [f32; 3]) -> f32 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Lines of equal value in the colours of the scale.
fn contours(context: &CanvasRenderingContext2d, map: &MapReport, values: &[f32], limit: f32, size: f64, line: f64) {
    let (scale, side) = (Scale::of(map.signed), map.side_length);
    let zoom = size / side as f64;
    context.set_line_cap("round");
    for &level in scale.levels() {
        context.begin_path();
        for [x0, y0, x1, y1] in lines(values, side, level * limit) {
            context.move_to(f64::from(x0) * zoom, f64::from(y0) * zoom);
            context.line_to(f64::from(x1) * zoom, f64::from(y1) * zoom);
        }
        let [r, g, b] = scale.colour(scale.place(level, 1.0));
        let around = if u32::from(r) + u32::from(g) + u32::from(b) < 330 { "rgba(255, 255, 255, 0.75)" } else { "rgba(0, 0, 0, 0.6)" };
        for (style, width) in [(around, 4.0), (&*format!("rgb({r}, {g}, {b})"), 2.0)] {
            context.set_stroke_style_str(style);
            context.set_line_width(width * line);
            context.stroke();
        }
    }
}

/// Stripes over a map that says nothing.
pub(super) fn hatch(context: &CanvasRenderingContext2d, size: f64, line: f64) {
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
    let zoom = zoom(view.side) as f64;
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
    let zoom = zoom(side) as f64;
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
