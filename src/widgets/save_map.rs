//! Keeps a map: its values as `.npy`, and the picture of it that is shown as PNG.

use leptos::html::Canvas;
use leptos::prelude::*;

use crate::download::{save_bytes, save_canvas};
use crate::stores::messages::Messages;

/// A map's values: rows, columns, value by value.
pub type Values = (usize, usize, Vec<f32>);

/// The two buttons. `name` is what the files are called; `values` gives the map, if there is one.
#[component]
pub fn SaveMap(
    messages: Messages,
    #[prop(into)] name: Signal<String>,
    canvas: NodeRef<Canvas>,
    #[prop(into)] there: Signal<bool>,
    values: Callback<(), Option<Values>>,
) -> impl IntoView {
    let array = move |_| {
        let Some((rows, columns, values)) = values.run(()) else { return };
        let file = format!("{}.npy", name.get_untracked());
        let saved = sweetspot_core::npy::bytes(&[rows, columns], &values)
            .map_err(|e| sweetspot_core::error::Error::Io { path: file.clone(), reason: e.to_string() })
            .and_then(|bytes| save_bytes(&file, "application/octet-stream", &bytes));
        if let Err(error) = saved {
            messages.say(error.to_string());
        }
    };
    let picture = move |_| {
        let Some(canvas) = canvas.get_untracked() else { return };
        let file = format!("{}.png", name.get_untracked());
        leptos::task::spawn_local(async move {
            if let Err(error) = save_canvas(&file, &canvas).await {
                messages.say(error.to_string());
            }
        });
    };
    let says = move |kind: &str| format!("Save {} as {kind}", name.get());
    view! {
        <span class="save-map">
            <button type="button" class="plain" aria-label=move || says(".npy, its values") title="Save the values for numpy"
                disabled=move || !there.get() data-testid="save-npy" on:click=array>".npy"</button>
            <button type="button" class="plain" aria-label=move || says("PNG, the picture") title="Save the picture"
                disabled=move || !there.get() data-testid="save-png" on:click=picture>"PNG"</button>
        </span>
    }
    .into_any()
}
