//! The pictures behind a measure's curve: what a network was shown at a point of it, or the map there.

use web_sys::HtmlCanvasElement;

use super::pixels::{CRISP, coloured, opaque, put};
use sweetspot_core::colour::{Scale, limit};
use sweetspot_protocol::Pictures;

/// Draws the picture of a point: its number, and its place from 0 to 1. `None` where there is none, which leaves the canvas as it was.
pub fn frame(canvas: &HtmlCanvasElement, pictures: &Pictures, index: usize, at: f32, side: usize, signed: bool) -> Option<()> {
    canvas.set_class_name(if side < CRISP { "crisp" } else { "" });
    match pictures {
        Pictures::None => None,
        Pictures::Mixed { before, after, rank } => {
            let pixels = side * side;
            if rank.len() != pixels || before.len() != pixels * 3 || after.len() != pixels * 3 {
                return None;
            }
            let changed = at * pixels as f32;
            let rgb: Vec<u8> = (0..pixels)
                .flat_map(|pixel| if (rank[pixel] as f32) < changed { &after[pixel * 3..][..3] } else { &before[pixel * 3..][..3] })
                .copied()
                .collect();
            put(canvas, &opaque(&rgb), side, side)
        }
        Pictures::Views(views) => {
            let view = views.get(index).filter(|view| view.len() == side * side * 3)?;
            put(canvas, &opaque(view), side, side)
        }
        Pictures::Maps(maps) => {
            let map = maps.get(index)?;
            let side = map.len().isqrt();
            put(canvas, &coloured(map, Scale::of(signed), limit(map)), side, side)
        }
    }
}
