//! What both networks find, side by side: the picture with box, seed and similar patches, and below it a map over patches. A patch under the
//! pointer, or under the arrow keys, is probed: the maps then show how similar it is to every other.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::{Element, KeyboardEvent, MouseEvent};

use crate::objects::{describe, head, map_title, nothing, patch, probed as told, threshold, verdict};
use crate::stores::Stores;
use crate::stores::stamped::Stamped;
use crate::text;
use crate::widgets::colour_bar::ColourBar;
use crate::widgets::following::following;
use crate::widgets::object_canvas::{Scene, TokenMap, draw, draw_map};
use crate::widgets::save_map::SaveMap;
use sweetspot_core::colour::{Scale, limit};
use sweetspot_core::discovery::{Found, Tokens};
use sweetspot_core::side::Side;
use sweetspot_protocol::Discovered;

/// A patch that is probed, and whether it stays when the pointer goes.
type Probe = Option<(usize, bool)>;

/// A map over patches, worked out for drawing.
#[derive(Clone, PartialEq)]
struct Map {
    values: Arc<Vec<f32>>,
    scale: Scale,
}

impl Map {
    /// The end of its own scale; 0 for a map that is the same everywhere.
    fn limit(&self) -> f32 {
        let even = self.values.windows(2).all(|pair| pair[0] == pair[1]);
        if even { 0.0 } else { limit(&self.values) }
    }
}

/// Both networks.
#[component]
pub fn Figures(stores: Stores) -> impl IntoView {
    let probe = RwSignal::new(None::<(usize, bool)>);
    // A patch of another grid is another patch.
    let grid = Memo::new(move |_| {
        let tokens = |found: &Stamped<Discovered>| (found.value.tokens.rows, found.value.tokens.columns);
        stores.objects.pruned.with(|found| found.as_ref().map(tokens))
    });
    Effect::new(move |_| {
        // Read, and not only followed: a memo that was never read would count as changed at its first reading, which is the first probe's.
        let _ = grid.get();
        probe.set(None);
    });
    let probed = Memo::new(move |_| probe.get().map(|(index, _)| index));
    let maps = Side::BOTH.map(|side| Memo::new(move |_| map(stores, side, probed.get())));
    // A patch's similarities are on one scale in both networks.
    let together = Memo::new(move |_| maps.iter().map(|map| map.with(|map| map.as_ref().map_or(0.0, Map::limit))).fold(0.0, f32::max));
    let scale = Signal::derive(move || maps[0].with(|map| map.as_ref().map_or(Scale::Sequential, |map| map.scale)));
    let ends = move || match probed.get() {
        Some(_) => "Blue: unlike the patch. Red: like it.",
        None if scale.get() == Scale::Diverging => "Red: on the object\u{2019}s side of the cut. Blue: on the other.",
        None => "Dark: goes with few patches, as objects do. Light: with many.",
    };
    let title = move || match probed.get() {
        Some(index) => format!("Similarity to the patch in {}", patch(index, grid.get().map_or(1, |(_, columns)| columns))),
        None => stores.experiment.with(|experiment| map_title(experiment.discovery.method)).into(),
    };
    let any = move || maps.iter().any(|map| map.with(Option::is_some));
    let said = move || {
        let index = probed.get()?;
        let [dense, pruned] = Side::BOTH.map(|side| stores.objects.found(side).get().map(|found| found.value));
        let threshold = threshold(&stores.catalogue.discovery(&stores.experiment.get()));
        Some(told(index, [dense.as_deref(), pruned.as_deref()], threshold))
    };
    view! {
        <div class="panes">
            {Side::BOTH.into_iter().map(|side| view! { <Photo stores side probe probed/> }).collect_view()}
        </div>
        <p class="note" data-testid="object-key">
            "Thick frame: what the network sets apart. Thin white frame: the true box. Crossed square: the seed; dots: patches that go with it. "
            "Point at a patch, or go from patch to patch with the arrow keys: the maps below show how similar it is to every other. Escape ends that."
        </p>
        <div hidden=move || !any()>
            <h3 class="object-map-title" data-testid="object-map-title">{following(title)}</h3>
            <div class="panes">
                {Side::BOTH.into_iter().zip(maps).map(|(side, map)| view! { <Over stores side map together probed/> }).collect_view()}
            </div>
            <ColourBar scale limit=together ends=["", ""]/>
            <p class="note">{following(ends)}</p>
        </div>
        <p class="note" role="status" data-testid="probed">{following(said)}</p>
    }
}

/// The map of a network: the probed patch's similarities, or what the method shows.
fn map(stores: Stores, side: Side, probed: Option<usize>) -> Option<Map> {
    stores.objects.found(side).with(|answer| {
        let discovered = &*answer.as_ref()?.value;
        let Found { degrees, eigenvector, .. } = &discovered.found;
        let (values, scale) = match probed.map(|index| discovered.similarities(index)).filter(|row| !row.is_empty()) {
            Some(row) => (row, Scale::Diverging),
            None if !eigenvector.is_empty() => (eigenvector.clone(), Scale::Diverging),
            None => (degrees.clone(), Scale::Sequential),
        };
        (!values.is_empty()).then(|| Map { values: Arc::new(values), scale })
    })
}

/// The picture with what a network finds, and the patches to probe.
#[component]
fn Photo(stores: Stores, side: Side, probe: RwSignal<Probe>, probed: Memo<Option<usize>>) -> impl IntoView {
    let answer = stores.objects.found(side);
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let probed = probed.get();
        stores.objects.sighting.with(|sighting| {
            answer.with(|answer| {
                if let (Some(sighting), Some(answer)) = (sighting, answer) {
                    let Discovered { tokens, found, .. } = &*answer.value;
                    draw(&canvas, &Scene { sighting: &sighting.value, tokens, found, probed });
                }
            });
        });
    });
    let truth =
        move || stores.objects.sighting.with(|sighting| sighting.as_ref().map(|sighting| sighting.value.boxes.clone()).unwrap_or_default());
    let label = move || {
        answer.with(|answer| match answer {
            Some(answer) => describe(&answer.value, &answer.experiment.discovery, &truth()),
            None => format!("What the {} network finds is not there yet", text::network(side)),
        })
    };
    let shown = move || answer.with(|answer| answer.as_ref().map(|answer| verdict(&answer.value.found.boxes, &truth())));
    let note = move || {
        answer.with(|answer| {
            let found = &answer.as_ref()?.value.found;
            Some(if found.boxes.is_empty() { nothing(found) } else { found.note.clone() })
        })
    };
    let name = move || match side {
        Side::Dense => head(side).to_string(),
        Side::Pruned => {
            let sparsity = answer.with(|answer| answer.as_ref().map(|answer| answer.experiment.pruning.sparsity));
            let sparsity = sparsity.unwrap_or_else(|| stores.experiment.with(|experiment| experiment.pruning.sparsity));
            format!("Pruned by {}", text::sparsity(sparsity))
        }
    };
    let columns =
        move || answer.with(|answer| answer.as_ref().map_or((0, 0), |answer| (answer.value.tokens.rows, answer.value.tokens.columns)));
    let under = move |event: &MouseEvent| {
        let element = canvas.get_untracked()?;
        answer.with_untracked(|answer| patch_at(&element, event, &answer.as_ref()?.value.tokens))
    };
    let pointed = move |event: web_sys::PointerEvent| {
        let kept = probe.get_untracked().is_some_and(|(_, kept)| kept);
        if !kept && let Some(index) = under(&event) {
            probe.set(Some((index, false)));
        }
    };
    let left = move |_| probe.update(|probe| *probe = probe.filter(|(_, kept)| *kept));
    let clicked = move |event: MouseEvent| {
        if let Some(index) = under(&event) {
            let again = probe.get_untracked() == Some((index, true));
            probe.set((!again).then_some((index, true)));
        }
    };
    let key = move |event: KeyboardEvent| {
        let size = answer.with_untracked(|answer| answer.as_ref().map(|answer| (answer.value.tokens.rows, answer.value.tokens.columns)));
        let Some((rows, columns)) = size.filter(|(rows, columns)| rows * columns > 0) else { return };
        let from = probe.get_untracked().map(|(index, _)| index);
        let seed = || answer.with_untracked(|answer| answer.as_ref().and_then(|answer| answer.value.found.seed)).unwrap_or(0);
        match event.key().as_str() {
            "Escape" if from.is_some() => probe.set(None),
            key => {
                let Some(next) = step(key, from, seed(), rows, columns) else { return };
                probe.set(Some((next, true)));
            }
        }
        event.prevent_default();
    };
    view! {
        <figure class="pane" class:stale=move || !stores.objects.is_present() data-testid=format!("object-{}", text::network(side))>
            <figcaption><h3>{following(name)}</h3><span class="verdict" data-testid=format!("object-verdict-{}", text::network(side))>{following(shown)}</span></figcaption>
            <div class="canvas-frame probe" tabindex="0" role="application" data-testid=format!("object-grid-{}", text::network(side))
                aria-label=move || {
                    let (rows, columns) = columns();
                    format!("Patches of the {} network, {rows} by {columns}: arrow keys go from patch to patch", text::network(side))
                }
                on:keydown=key on:pointermove=pointed on:pointerleave=left on:click=clicked>
                <canvas width="672" height="672" role="img" aria-label=label data-testid=format!("object-photo-{}", text::network(side)) node_ref=canvas></canvas>
            </div>
            <p class="note" data-testid=format!("object-note-{}", text::network(side))>{following(note)}</p>
        </figure>
    }
    .into_any()
}

/// The patch that a key leads to. The first key goes to the seed.
fn step(key: &str, from: Option<usize>, seed: usize, rows: usize, columns: usize) -> Option<usize> {
    let known = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].contains(&key);
    let Some(from) = from else { return known.then_some(seed) };
    let (row, column) = (from / columns, from % columns);
    let (row, column) = match key {
        "ArrowLeft" => (row, column.saturating_sub(1)),
        "ArrowRight" => (row, (column + 1).min(columns - 1)),
        "ArrowUp" => (row.saturating_sub(1), column),
        "ArrowDown" => ((row + 1).min(rows - 1), column),
        "Home" => (row, 0),
        "End" => (row, columns - 1),
        _ => return None,
    };
    Some(row * columns + column)
}

/// The patch under the pointer, which is over the canvas.
fn patch_at(canvas: &Element, event: &MouseEvent, tokens: &Tokens) -> Option<usize> {
    let along = |at: i32, length: i32, pixels: usize, stride: f32, most: usize| -> Option<usize> {
        let pixel = f64::from(at.max(0)) / f64::from(length.max(1)) * pixels as f64;
        Some(((pixel / f64::from(stride)) as usize).min(most.checked_sub(1)?))
    };
    let ([height, width], [down, across]) = (tokens.image, tokens.stride);
    let row = along(event.offset_y(), canvas.client_height(), height, down, tokens.rows)?;
    let column = along(event.offset_x(), canvas.client_width(), width, across, tokens.columns)?;
    Some(row * tokens.columns + column)
}

/// A map over patches.
#[component]
fn Over(stores: Stores, side: Side, map: Memo<Option<Map>>, together: Memo<f32>, probed: Memo<Option<usize>>) -> impl IntoView {
    let answer = stores.objects.found(side);
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let own = Memo::new(move |_| map.with(|map| map.as_ref().map_or(0.0, Map::limit)));
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let (probed, limit) = (probed.get(), if own.get() > 0.0 { together.get() } else { 0.0 });
        stores.objects.sighting.with(|sighting| {
            answer.with(|answer| {
                map.with(|map| {
                    if let (Some(sighting), Some(answer), Some(Map { values, scale })) = (sighting, answer, map) {
                        let Discovered { tokens, found, .. } = &*answer.value;
                        let marked = probed.or(found.seed);
                        draw_map(&canvas, &TokenMap { sighting: &sighting.value, tokens, values, scale: *scale, limit, marked });
                    }
                });
            });
        });
    });
    let label = move || {
        let what = if probed.get().is_some() { "Similarity of every patch to the probed one" } else { "A value for every patch" };
        let range = map.with(|map| map.as_ref().map(|map| ends(&map.values)));
        let range = range.map(|[low, high]| format!(", from {} to {}", text::value(low), text::value(high))).unwrap_or_default();
        format!("{what}, {} network{range}", text::network(side))
    };
    let even = move || map.with(Option::is_some) && own.get() == 0.0;
    let file = Signal::derive(move || {
        let what = if probed.get().is_some() { "similarity" } else { "patches" };
        format!("{what}-{}", text::network(side))
    });
    let whole = Signal::derive(move || map.with(Option::is_some));
    let values = Callback::new(move |()| {
        let tokens = answer.with_untracked(|answer| answer.as_ref().map(|answer| (answer.value.tokens.rows, answer.value.tokens.columns)));
        let (rows, columns) = tokens?;
        map.with_untracked(|map| map.as_ref().map(|map| (rows, columns, map.values.to_vec())))
    });
    view! {
        <figure class="pane" class:stale=move || !stores.objects.is_present()>
            <div class="canvas-frame">
                <canvas width="672" height="672" role="img" aria-label=label data-testid=format!("object-map-{}", text::network(side)) node_ref=canvas></canvas>
            </div>
            <p class="map-name"><SaveMap messages=stores.messages name=file canvas there=whole values/></p>
            <p class="note" hidden=move || !even()>"The same for every patch: the map tells none apart."</p>
        </figure>
    }
    .into_any()
}

/// The least and the largest value.
fn ends(values: &[f32]) -> [f64; 2] {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    [finite().fold(f32::INFINITY, f32::min), finite().fold(f32::NEG_INFINITY, f32::max)].map(f64::from)
}
