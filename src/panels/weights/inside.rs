//! Inside a layer: its weights before and after as a histogram, its mask as a picture, and kernels that look at colours.

use std::sync::Arc;

use leptos::prelude::*;

use super::words::{names, share, size};
use crate::panels::group::is_open;
use crate::session;
use crate::stores::Stores;
use crate::text;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::colour_bar::ColourBar;
use crate::widgets::following::following;
use crate::widgets::histogram::histogram;
use crate::widgets::pixels::{coloured, put};
use sweetspot_core::colour::Scale;
use sweetspot_protocol::{Grid, Kernels, LayerWeights};

/// Kernels in a row of their picture.
const IN_A_ROW: usize = 8;

/// The fold. Nothing is asked for before it is opened.
#[component]
pub fn Inside(stores: Stores, chosen: RwSignal<String>) -> impl IntoView {
    let toggled = move |event| {
        let open = is_open(&event);
        if open != stores.weights.wanted.get_untracked() {
            session::examine(stores, open);
        }
    };
    let list = Signal::derive(move || {
        let names = names(stores);
        entries(names.into_iter().map(|name| (name.clone(), name)))
    });
    let stale = move || {
        let present = stores.experiment.get();
        stores.weights.found.with(|answer| answer.as_ref().is_some_and(|answer| !answer.experiment.same_weights(&present)))
    };
    let layer = Signal::derive(move || {
        let name = chosen.get();
        stores.weights.found.with(|answer| answer.as_ref()?.value.layers.iter().find(|layer| layer.name == name).cloned()).map(Arc::new)
    });
    let parts = move || layer.get().map_or_else(waiting, |layer| parts(&layer));
    let mask = Signal::derive(move || {
        let layer = layer.get()?;
        let Grid { rows, columns, values } = &layer.density;
        Some(Pixels { rgba: coloured(values, Scale::Sequential, 1.0), width: *columns, height: *rows })
    });
    let kernels = move |pruned: bool| {
        Signal::derive(move || {
            let layer = layer.get()?;
            let kernels = layer.kernels.as_ref()?;
            Some(tiled(kernels, if pruned { &kernels.pruned } else { &kernels.dense }))
        })
    };
    let coloured = move || layer.get().is_some_and(|layer| layer.kernels.is_some());
    let choose = Callback::new(move |name: String| chosen.set(name));
    view! {
        <details class="inside" prop:open=move || stores.weights.wanted.get() on:toggle=toggled data-testid="inside">
            <summary>"Inside a layer: histogram, mask and kernels"</summary>
            <Show when=move || stores.weights.wanted.get()>
            <Choice id="weights-layer" label="Layer" inline=true options=list value=chosen.into() choose/>
            <div class="inside-parts" class:stale=stale data-testid="inside-layer">
                <div>{following(parts)}</div>
                    <figure class="mask" hidden=move || layer.get().is_none()>
                        <Picture pixels=mask label="The mask: outputs down, inputs across"/>
                        <figcaption>{following(move || layer.get().map(|layer| mask_says(&layer)))}</figcaption>
                        <ColourBar scale=Signal::stored(Scale::Sequential) limit=Signal::stored(1.0) ends=["all pruned", "all left"]/>
                    </figure>
                    <div class="kernels" hidden=move || !coloured() data-testid="kernels">
                        <figure><Picture pixels=kernels(false) label="Kernels of the dense network"/><figcaption>"Dense"</figcaption></figure>
                        <figure><Picture pixels=kernels(true) label="Kernels of the pruned network"/><figcaption>"Pruned"</figcaption></figure>
                        <p class="note">"The kernels as colours: grey is zero, a weight above zero makes its colour brighter. Both on one scale."</p>
                    </div>
            </div>
            </Show>
        </details>
    }
}

fn waiting() -> AnyView {
    view! { <p class="note" role="status">"The weights are looked at when what is running is done."</p> }.into_any()
}

/// What is known of a layer's weights, with their histogram.
fn parts(layer: &LayerWeights) -> AnyView {
    let [dense, kept] = [&layer.dense, &layer.kept].map(|bins| bins.iter().map(|count| *count as usize).sum::<usize>());
    let left = format!(
        ", {}: {} of {} weights are left ({}).",
        size(&layer.shape),
        text::count(kept),
        text::count(dense),
        text::percent(share(kept, dense))
    );
    view! {
        <p><strong>{layer.name.clone()}</strong> {left}</p>
        {histogram(layer)}
    }
    .into_any()
}

/// "The mask: 64 outputs down, 27 inputs across; a cell a weight."
fn mask_says(layer: &LayerWeights) -> String {
    let outputs = layer.shape.first().copied().unwrap_or(1).max(1);
    let inputs = layer.shape.iter().product::<usize>() / outputs;
    let finest = (layer.density.rows, layer.density.columns) == (outputs, inputs);
    let cells = if finest { "a cell a weight" } else { "each cell the mean of several weights" };
    format!("The mask: {outputs} outputs down, {inputs} inputs across; {cells}.")
}

/// Kernels as tiles with a clear line between them, on one scale for both networks.
fn tiled(kernels: &Kernels, values: &[f32]) -> Pixels {
    let Kernels { count, height, width, .. } = *kernels;
    let most = kernels.dense.iter().chain(&kernels.pruned).fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs()));
    let columns = count.clamp(1, IN_A_ROW);
    let (wide, high) = (columns * (width + 1) - 1, count.div_ceil(columns) * (height + 1) - 1);
    let mut rgba = vec![0; wide * high * 4];
    let plane = width * height;
    for at in 0..count * plane {
        let (kernel, y, x) = (at / plane, at % plane / width, at % width);
        let pixel = ((kernel / columns * (height + 1) + y) * wide + kernel % columns * (width + 1) + x) * 4;
        for channel in 0..3 {
            let value = values.get((kernel * 3 + channel) * plane + at % plane).copied().unwrap_or(0.0);
            rgba[pixel + channel] = (127.5 + 127.5 * value / most).round() as u8;
        }
        rgba[pixel + 3] = 255;
    }
    Pixels { rgba, width: wide, height: high }
}

/// Pixels as a picture.
#[derive(Clone, PartialEq)]
struct Pixels {
    rgba: Vec<u8>,
    width: usize,
    height: usize,
}

#[component]
fn Picture(pixels: Signal<Option<Pixels>>, label: &'static str) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move |_| {
        if let (Some(canvas), Some(Pixels { rgba, width, height })) = (canvas.get(), pixels.get()) {
            let _ = put(&canvas, &rgba, width, height);
        }
    });
    view! { <canvas width="1" height="1" role="img" aria-label=label node_ref=canvas></canvas> }.into_any()
}
