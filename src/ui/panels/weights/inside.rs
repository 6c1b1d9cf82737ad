//! Inside a layer: its weights before and after as a histogram, its mask as a picture, and kernels that look at colours.

use leptos::prelude::*;

use super::{names, share, size};
use crate::engine::protocol::{Kernels, LayerWeights};
use crate::ui::panels::group::is_open;
use crate::ui::state::Lab;
use crate::ui::text;
use crate::ui::widgets::colour::Scale;
use crate::ui::widgets::colour_bar::ColourBar;
use crate::ui::widgets::histogram::Histogram;
use crate::ui::widgets::pixels::{coloured, put};

/// Kernels in a row of their picture.
const IN_A_ROW: usize = 8;

/// The fold. Nothing is asked for before it is opened.
#[component]
pub fn Inside(lab: Lab, chosen: RwSignal<String>) -> impl IntoView {
    let toggled = move |event| {
        let open = is_open(&event);
        if open != lab.examining.get_untracked() {
            lab.examine(open);
        }
    };
    let options = move || {
        let option = |name: String| {
            let (this, value) = (name.clone(), name.clone());
            view! { <option value=value selected=move || *chosen.read() == this>{name}</option> }
        };
        names(lab).into_iter().map(option).collect_view()
    };
    let stale = move || {
        let present = lab.experiment.get();
        lab.examined.with(|answer| answer.as_ref().is_some_and(|answer| !answer.experiment.same_weights(&present)))
    };
    let layer = move || {
        let name = chosen.get();
        let found = lab.examined.with(|answer| answer.as_ref()?.value.layers.iter().find(|layer| layer.name == name).cloned());
        match found {
            Some(layer) => parts(&layer),
            None => view! { <p class="note" role="status">"The weights are looked at when what is running is done."</p> }.into_any(),
        }
    };
    view! {
        <details class="inside" prop:open=move || lab.examining.get() on:toggle=toggled data-testid="inside">
            <summary>"Inside a layer: histogram, mask and kernels"</summary>
            {move || lab.examining.get().then(|| view! {
                <label class="field inline">
                    <span>"Layer"</span>
                    <select data-testid="weights-layer" prop:value=move || { lab.sparsity.track(); chosen.get() }
                        on:change=move |event| chosen.set(event_target_value(&event))>{options}</select>
                </label>
                <div class="inside-parts" class:stale=stale data-testid="inside-layer">{layer}</div>
            })}
        </details>
    }
}

/// What is known of a layer's weights.
fn parts(layer: &LayerWeights) -> AnyView {
    let [dense, kept] = [&layer.dense, &layer.kept].map(|bins| bins.iter().map(|count| *count as usize).sum::<usize>());
    let outputs = layer.shape.first().copied().unwrap_or(1).max(1);
    let grid = &layer.density;
    let finest = grid.rows == outputs && grid.columns == dense / outputs;
    let cells = if finest { "a cell a weight" } else { "each cell the mean of several weights" };
    let mask = coloured(&grid.values, Scale::Sequential, 1.0);
    view! {
        <p>
            <strong>{layer.name.clone()}</strong> ", " {size(&layer.shape)} ": "
            {format!("{} of {} weights are left ({}).", text::count(kept), text::count(dense), text::percent(share(kept, dense)))}
        </p>
        <div class="inside-grid">
            <figure>
                <Histogram dense=layer.dense.clone() kept=layer.kept.clone() range=layer.range threshold=layer.threshold/>
            </figure>
            <figure class="mask">
                <Picture pixels=mask width=grid.columns height=grid.rows label=format!("The mask of {}: outputs down, inputs across", layer.name)/>
                <figcaption>{format!("The mask: {outputs} outputs down, {} inputs across; {cells}.", dense / outputs)}</figcaption>
                <ColourBar scale=Signal::stored(Scale::Sequential) limit=Signal::stored(1.0) ends=["all pruned", "all left"]/>
            </figure>
        </div>
        {layer.kernels.as_ref().map(kernels)}
    }
    .into_any()
}

/// Kernels of both networks, as colours on one scale around grey.
fn kernels(kernels: &Kernels) -> AnyView {
    let most = kernels.dense.iter().chain(&kernels.pruned).fold(0.0_f32, |most, value| most.max(value.abs()));
    let tiles = |values: &[f32], name: &'static str| {
        let (pixels, width, height) = tiled(kernels, values, most);
        let label = format!("{} kernels of the {} network", kernels.count, name.to_lowercase());
        view! { <figure><figcaption>{name}</figcaption><Picture pixels width height label/></figure> }
    };
    view! {
        <p class="note">
            {format!("{} kernels of {} \u{d7} {} as colours: grey is zero, a channel\u{2019}s weight above zero makes its colour brighter. Both on one scale.", kernels.count, kernels.height, kernels.width)}
        </p>
        <div class="kernels" data-testid="kernels">{tiles(&kernels.dense, "Dense")} {tiles(&kernels.pruned, "Pruned")}</div>
    }
    .into_any()
}

/// Kernels as tiles with a clear line between them: pixels, width and height.
fn tiled(kernels: &Kernels, values: &[f32], most: f32) -> (Vec<u8>, usize, usize) {
    let Kernels { count, height, width, .. } = *kernels;
    let columns = count.min(IN_A_ROW);
    let (wide, high) = (columns * (width + 1) - 1, count.div_ceil(columns) * (height + 1) - 1);
    let mut pixels = vec![0; wide * high * 4];
    let plane = width * height;
    for at in 0..count * plane {
        let (kernel, y, x) = (at / plane, at % plane / width, at % width);
        let pixel = ((kernel / columns * (height + 1) + y) * wide + kernel % columns * (width + 1) + x) * 4;
        for channel in 0..3 {
            let value = values.get((kernel * 3 + channel) * plane + at % plane).copied().unwrap_or(0.0);
            pixels[pixel + channel] = (127.5 + 127.5 * value / most.max(f32::MIN_POSITIVE)).round() as u8;
        }
        pixels[pixel + 3] = 255;
    }
    (pixels, wide, high)
}

#[component]
fn Picture(pixels: Vec<u8>, width: usize, height: usize, label: String) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            let _ = put(&canvas, &pixels, width, height);
        }
    });
    view! { <canvas width="1" height="1" role="img" aria-label=label node_ref=canvas></canvas> }
}
