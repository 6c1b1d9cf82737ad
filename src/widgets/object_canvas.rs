//! A picture with the object that a network sets apart, and maps over its tokens.

use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::map_canvas::{hatch, heat};
use super::pixels::{context, opaque, resize, stretch};
use sweetspot_core::colour::Scale;
use sweetspot_core::discovery::{Box4, Found, Tokens};
use sweetspot_protocol::DiscoveryView;

/// The least canvas pixels along the longer side, so that lines stay crisp.
const LEAST: usize = 672;

/// Found boxes, the seed and tokens like it: amber on black, seen on any picture and by any eye.
const AMBER: &str = "#ffb000";
const HALO: &str = "rgba(0, 0, 0, 0.75)";

/// How much a map over tokens covers the picture.
const COVER: f32 = 0.75;

/// What is drawn on the picture.
pub struct Scene<'a> {
    /// The picture.
    pub sighting: &'a DiscoveryView,
    /// The grid of tokens.
    pub tokens: &'a Tokens,
    /// What was found.
    pub found: &'a Found,
    /// The token that is probed.
    pub probed: Option<usize>,
}

/// Draws the picture with what was found; `None` where the browser gives no canvas.
pub fn draw(canvas: &HtmlCanvasElement, scene: &Scene) -> Option<()> {
    let Scene { sighting, tokens, found, probed } = scene;
    let pen = Pen::new(canvas, sighting, &opaque(&sighting.rgb))?;
    let context = &pen.context;
    context.set_fill_style_str("rgba(255, 176, 0, 0.28)");
    for index in found.masks.iter().flat_map(|mask| mask.iter().enumerate().filter(|(_, on)| **on).map(|(index, _)| index)) {
        let [x, y, width, height] = pen.cell(tokens, index);
        context.fill_rect(x, y, width, height);
    }
    for &index in &found.similar {
        pen.dot(tokens, index);
    }
    for truth in &sighting.boxes {
        pen.frame(truth, &[(HALO, 3.5), ("#fff", 1.5)]);
    }
    for one in &found.boxes {
        pen.frame(one, &[(HALO, 6.0), (AMBER, 3.0)]);
    }
    if let Some(seed) = found.seed {
        pen.around(tokens, seed, AMBER, true);
    }
    if let Some(probed) = *probed {
        pen.around(tokens, probed, "#fff", false);
    }
    Some(())
}

/// A map with a value a token.
pub struct TokenMap<'a> {
    /// The picture under it.
    pub sighting: &'a DiscoveryView,
    /// The grid of tokens.
    pub tokens: &'a Tokens,
    /// The values.
    pub values: &'a [f32],
    /// The colours.
    pub scale: Scale,
    /// The value at their end; 0 for a map that says nothing, which is hatched.
    pub limit: f32,
    /// The token to mark: the one that is probed, or the seed.
    pub marked: Option<usize>,
}

/// Draws the map over the picture in grey; `None` where the browser gives no canvas.
pub fn draw_map(canvas: &HtmlCanvasElement, map: &TokenMap) -> Option<()> {
    let TokenMap { sighting, tokens, values, scale, limit, marked } = map;
    let [down, across] = tokens.stride;
    let paint = heat(*scale, *limit, if *limit > 0.0 { COVER } else { 0.0 });
    let at = |position: usize, stride: f32, most: usize| ((position as f32 / stride) as usize).min(most.saturating_sub(1));
    let columns: Vec<usize> = (0..sighting.width).map(|x| at(x, across, tokens.columns)).collect();
    let mut rgba = Vec::with_capacity(sighting.width * sighting.height * 4);
    for (place, pixel) in sighting.rgb.chunks_exact(3).enumerate() {
        let row = at(place / sighting.width, down, tokens.rows);
        let value = values.get(row * tokens.columns + columns[place % sighting.width]).copied().unwrap_or(f32::NAN);
        let colour = paint(value, [pixel[0], pixel[1], pixel[2]].map(f32::from));
        rgba.extend(colour.map(|part| part.round() as u8));
        rgba.push(255);
    }
    let pen = Pen::new(canvas, sighting, &rgba)?;
    if *limit == 0.0 {
        hatch(&pen.context, f64::from(canvas.width().max(canvas.height())), pen.line);
    }
    if let Some(marked) = *marked {
        pen.around(tokens, marked, "#fff", false);
    }
    Some(())
}

/// A canvas with a picture on it, and what is needed to draw in the picture's pixels.
struct Pen {
    context: CanvasRenderingContext2d,
    /// Canvas pixels for each pixel of the picture.
    zoom: f64,
    /// Canvas pixels for a pixel of the screen.
    line: f64,
    /// The picture's width and height.
    size: [f64; 2],
}

impl Pen {
    fn new(canvas: &HtmlCanvasElement, sighting: &DiscoveryView, rgba: &[u8]) -> Option<Self> {
        let (width, height) = (sighting.width, sighting.height);
        if width == 0 || height == 0 || rgba.len() < width * height * 4 {
            return None;
        }
        let zoom = LEAST.div_ceil(width.max(height)).max(1);
        resize(canvas, (width * zoom) as u32, (height * zoom) as u32);
        stretch(canvas, &rgba[..width * height * 4], width, height)?;
        let line = f64::from(canvas.width()) / f64::from(canvas.client_width().max(100));
        Some(Self { context: context(canvas)?, zoom: zoom as f64, line, size: [width as f64, height as f64] })
    }

    /// A token's left and upper edge, width and height on the canvas.
    fn cell(&self, tokens: &Tokens, index: usize) -> [f64; 4] {
        let columns = tokens.columns.max(1);
        let [down, across] = tokens.stride.map(f64::from);
        let (row, column) = ((index / columns) as f64, (index % columns) as f64);
        let clip = |v: f64, most: f64| v.clamp(0.0, most) * self.zoom;
        let [width, height] = self.size;
        let (x, y) = (clip(column * across, width), clip(row * down, height));
        [x, y, clip((column + 1.0) * across, width) - x, clip((row + 1.0) * down, height) - y]
    }

    /// A dot in the middle of a token.
    fn dot(&self, tokens: &Tokens, index: usize) {
        let [x, y, width, height] = self.cell(tokens, index);
        let radius = (width.min(height) / 5.0).max(1.5 * self.line);
        for (style, radius) in [(HALO, radius + self.line), (AMBER, radius)] {
            self.context.begin_path();
            let _ = self.context.arc(x + width / 2.0, y + height / 2.0, radius, 0.0, std::f64::consts::TAU);
            self.context.set_fill_style_str(style);
            self.context.fill();
        }
    }

    /// A token's edges, crossed out for the seed.
    fn around(&self, tokens: &Tokens, index: usize, style: &str, crossed: bool) {
        let [x, y, width, height] = self.cell(tokens, index);
        self.context.begin_path();
        self.context.rect(x, y, width, height);
        if crossed {
            for [from, to] in [[x, x + width], [x + width, x]] {
                self.context.move_to(from, y);
                self.context.line_to(to, y + height);
            }
        }
        self.stroke(&[(HALO, 4.0), (style, 2.0)]);
    }

    /// A box, inside its bounds.
    fn frame(&self, bounds: &Box4, strokes: &[(&str, f64)]) {
        let [x0, y0, x1, y1] = bounds.map(|v| f64::from(v) * self.zoom);
        let inset = 1.5 * self.line;
        self.context.begin_path();
        self.context.rect(x0 + inset, y0 + inset, (x1 - x0 - 2.0 * inset).max(0.0), (y1 - y0 - 2.0 * inset).max(0.0));
        self.stroke(strokes);
    }

    fn stroke(&self, strokes: &[(&str, f64)]) {
        self.context.set_line_cap("square");
        for (style, width) in strokes {
            self.context.set_stroke_style_str(style);
            self.context.set_line_width(width * self.line);
            self.context.stroke();
        }
    }
}
