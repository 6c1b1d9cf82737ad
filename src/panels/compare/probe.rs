//! All maps read at one pixel.

use leptos::prelude::*;

use crate::stores::Stores;
use crate::stores::pins::Pin;
use crate::text;
use crate::widgets::difference::rank;
use crate::widgets::following::following;
use sweetspot_core::side::Side;
use sweetspot_protocol::{MapReport, View};

/// The line that says what the maps hold at the probed pixel.
#[component]
pub fn ProbeLine(stores: Stores) -> impl IntoView {
    let words = move || {
        let Some(place) = stores.lens.probe.get() else {
            return "Point at a map, or focus one and use the arrow keys, to read all maps at one pixel.".to_string();
        };
        let mut parts = Vec::new();
        stores.answers.view.with(|view| parts.extend(view.as_ref().map(|view| spot(&view.value, place))));
        for side in Side::BOTH {
            stores
                .answers
                .pane(side)
                .map
                .with(|map| parts.extend(map.as_ref().and_then(|map| read(text::network(side), &map.value, place))));
        }
        stores
            .pins
            .all
            .with(|pins| parts.extend(pins.iter().filter_map(|Pin { number, map, .. }| read(&format!("pin {number}"), map, place))));
        parts.join(" \u{b7} ")
    };
    view! { <p class="note probe" role="status" data-testid="probe">{following(words)}</p> }.into_any()
}

/// "Row 84, column 120, on the object".
fn spot(view: &View, place: [f64; 2]) -> String {
    let [column, row] = place.map(|share| pixel(share, view.side));
    let known = view.mask.as_ref().and_then(|mask| mask.get(row * view.side + column).copied()).or_else(|| {
        let inside = |[x0, y0, x1, y1]: &[f32; 4]| (*x0..*x1).contains(&(column as f32 + 0.5)) && (*y0..*y1).contains(&(row as f32 + 0.5));
        (!view.boxes.is_empty()).then(|| view.boxes.iter().any(inside))
    });
    let object = match (known, view.mask.is_some()) {
        (Some(true), true) => ", on the object",
        (Some(true), false) => ", in the object\u{2019}s box",
        (Some(false), _) => ", off the object",
        (None, _) => "",
    };
    format!("Row {row}, column {column}{object}")
}

/// "pruned 0.31 (above 85 % of its map)".
fn read(name: &str, map: &MapReport, place: [f64; 2]) -> Option<String> {
    let [column, row] = place.map(|share| pixel(share, map.side_length));
    let value = *map.values.get(row * map.side_length + column)?;
    Some(format!(
        "{name} {} (above {} of its map)",
        text::value(f64::from(value)),
        text::percent((rank(&map.values, value) * 100.0).round() / 100.0)
    ))
}

fn pixel(share: f64, side: usize) -> usize {
    ((share * side as f64) as usize).min(side.saturating_sub(1))
}
