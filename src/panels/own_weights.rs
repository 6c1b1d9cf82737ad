//! Weights of the reader's own: the way to bring them, what was found in the file, and what can be brought.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;

use super::group::is_open;
use crate::assets;
use crate::assets::ExportRecipe;
use crate::session;
use crate::stores::Stores;
use crate::stores::own_weights::OwnState;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::table::{note, said, terms};
use sweetspot_protocol as protocol;

/// The button, the state of what was brought, and the list of architectures.
#[component]
pub fn OwnWeights(stores: Stores) -> impl IntoView {
    let file = NodeRef::<leptos::html::Input>::new();
    let picked = move |event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            // Whatever its name is: it was chosen as weights.
            session::open_weights(stores, &file);
        }
        input.set_value("");
    };
    let browse = move |_| {
        if let Some(file) = file.get_untracked() {
            file.click();
        }
    };
    let reading = move || matches!(&*stores.own_weights.state.read(), OwnState::Reading(..));
    view! {
        <div class="ways">
            <input type="file" class="hidden" tabindex="-1" aria-hidden="true" data-testid="weights-file" accept=".safetensors,.pth,.pt,.bin,.ckpt"
                node_ref=file on:change=picked/>
            <button type="button" data-testid="browse-weights" disabled=reading on:click=browse>"Open your own weights\u{2026}"</button>
        </div>
        <div role="status" data-testid="own-weights">{following(move || state(&stores.own_weights.state.read()))}</div>
        <Architectures/>
    }
}

/// Where it stands, in words.
fn state(state: &OwnState) -> AnyView {
    match state {
        OwnState::None => ().into_any(),
        OwnState::Reading(name, done, total) => {
            let read = if *total > 0 { format!(": {} of {}", text::bytes(*done), text::bytes(*total)) } else { String::new() };
            note(format!("Reading {name}{read}\u{2026}"))
        }
        OwnState::Failed(reason) => {
            let mut reason = format!("{}.", reason.trim_end_matches('.'));
            if let Some(first) = reason.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            view! { <p class="own-failed" data-testid="own-failed">{reason}</p> }.into_any()
        }
        OwnState::Found(found) => found_in(found),
    }
}

/// What was found in the file.
fn found_in(found: &protocol::OwnWeights) -> AnyView {
    let sparsity = &found.sparsity;
    let zero = sparsity.pruned as f64 / sparsity.prunable.max(1) as f64;
    let mut passed = found.passed_over.join(", ");
    if found.passed_over_besides > 0 {
        passed += &format!(" and {} more", found.passed_over_besides);
    }
    let answers = if found.classes == 0 { "features, no classes".into() } else { format!("{} classes", text::count(found.classes)) };
    let masked = if found.masked == 0 { String::new() } else { text::count(found.masked) };
    let facts = terms(vec![
        ("Architecture", said(&found.architecture)),
        ("Answers", said(answers)),
        ("File", said(&found.format)),
        ("Taken from", said(&found.part)),
        ("Would have fitted too", said(found.other_parts.join(", "))),
        ("Before each name", said(&found.prefix)),
        ("Masks merged", said(masked)),
        ("Zero already", said(format!("{} of the weights", text::percent((zero * 1e4).round() / 1e4)))),
        ("Passed over", said(passed)),
    ]);
    view! {
        <details class="card" data-testid="own-found" open>
            <summary>{format!("{} runs until this page is reloaded", found.title)}</summary>
            <dl>{facts}</dl>
        </details>
    }
    .into_any()
}

/// What can be brought; fetched when it is unfolded.
#[component]
fn Architectures() -> impl IntoView {
    let recipes = RwSignal::new(None::<Result<Vec<ExportRecipe>, String>>);
    let toggled = move |event| {
        if is_open(&event) && recipes.with_untracked(Option::is_none) {
            spawn_local(async move { recipes.set(Some(assets::export_recipes().await.map_err(|error| error.to_string()))) });
        }
    };
    let list = move || match recipes.get() {
        None => ().into_any(),
        Some(Ok(found)) => found.into_iter().map(offer).collect_view().into_any(),
        Some(Err(error)) => view! { <dd>{error}</dd> }.into_any(),
    };
    view! {
        <details class="card" data-testid="offers" on:toggle=toggled>
            <summary>"Architectures you can bring weights for"</summary>
            <p class="note">
                "A .safetensors or .pth file with torchvision\u{2019}s, timm\u{2019}s or DINO\u{2019}s tensor names, at most 512 MiB, or one of the networks above. Drop it anywhere
                on this page; it stays on this device. Python writes such files:"
            </p>
            <dl class="offers">{following(list)}</dl>
        </details>
    }
}

fn offer(recipe: ExportRecipe) -> AnyView {
    view! {
        <dt>{recipe.title}</dt>
        <dd>{recipe.says} " " <code>{recipe.python}</code></dd>
    }
    .into_any()
}
