//! Weights of the reader's own: the way to bring them, what was found in the file, and what can be brought.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;

use super::group::is_open;
use crate::engine::protocol;
use crate::ui::assets::{self, Offer};
use crate::ui::state::{Lab, OwnState};
use crate::ui::text;

/// The button, the state of what was brought, and the list of architectures.
#[component]
pub fn OwnWeights(lab: Lab) -> impl IntoView {
    let file = NodeRef::<leptos::html::Input>::new();
    let picked = move |event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            // Whatever its name is: it was chosen as weights.
            lab.open_weights(&file);
        }
        input.set_value("");
    };
    let browse = move |_| {
        if let Some(file) = file.get_untracked() {
            file.click();
        }
    };
    let reading = move || matches!(&*lab.own_weights.read(), OwnState::Reading(..));
    view! {
        <div class="ways">
            <input type="file" class="hidden" tabindex="-1" aria-hidden="true" data-testid="weights-file" accept=".safetensors,.pth,.pt,.bin,.ckpt"
                node_ref=file on:change=picked/>
            <button type="button" data-testid="browse-weights" disabled=reading on:click=browse>"Open your own weights\u{2026}"</button>
        </div>
        <div role="status" data-testid="own-weights">{move || state(&lab.own_weights.read())}</div>
        <Offers/>
    }
}

/// Where it stands, in words.
fn state(state: &OwnState) -> AnyView {
    match state {
        OwnState::None => ().into_any(),
        OwnState::Reading(name, done, total) => {
            let read = if *total > 0 { format!(": {} of {}", text::bytes(*done), text::bytes(*total)) } else { String::new() };
            view! { <p class="note">{format!("Reading {name}{read}\u{2026}")}</p> }.into_any()
        }
        OwnState::Failed(reason) => {
            let mut reason = reason.trim_end_matches('.').to_string();
            reason.get_mut(..1).map(str::make_ascii_uppercase);
            view! { <p class="own-failed" data-testid="own-failed">{reason} "."</p> }.into_any()
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
    let some = |words: &str| (!words.is_empty()).then(|| words.to_string());
    let facts = [
        ("Architecture", some(&found.architecture)),
        (
            "Answers",
            Some(if found.classes == 0 { "features, no classes".into() } else { format!("{} classes", text::count(found.classes)) }),
        ),
        ("File", some(&found.format)),
        ("Taken from", some(&found.part)),
        ("Would have fitted too", some(&found.other_parts.join(", "))),
        ("Before each name", some(&found.prefix)),
        ("Masks merged", (found.masked > 0).then(|| text::count(found.masked))),
        ("Zero already", Some(format!("{} of the weights", text::percent((zero * 1e4).round() / 1e4)))),
        ("Passed over", some(&passed)),
    ];
    let fact = |(name, value): (&'static str, Option<String>)| value.map(|value| view! { <dt>{name}</dt><dd>{value}</dd> });
    view! {
        <details class="card" open data-testid="own-found">
            <summary>{found.title.clone()} " runs until this page is reloaded"</summary>
            <dl>{facts.map(fact).collect_view()}</dl>
        </details>
    }
    .into_any()
}

/// What can be brought; fetched when it is unfolded.
#[component]
fn Offers() -> impl IntoView {
    let offers = RwSignal::new(None::<Result<Vec<Offer>, String>>);
    let toggled = move |event| {
        if is_open(&event) && !matches!(&*offers.read_untracked(), Some(Ok(_))) {
            spawn_local(async move { offers.set(Some(assets::offers().await.map_err(|error| error.to_string()))) });
        }
    };
    let row = |offer: Offer| {
        view! { <dt>{offer.title}</dt><dd>{offer.says} <code>{offer.python}</code></dd> }
    };
    view! {
        <details class="card" data-testid="offers" on:toggle=toggled>
            <summary>"Architectures you can bring weights for"</summary>
            <p class="note">
                "A .safetensors or .pth file with torchvision\u{2019}s, timm\u{2019}s or DINO\u{2019}s tensor names, at most 512 MiB, or one of the networks above. Drop it anywhere
                on this page; it stays on this device. Python writes such files:"
            </p>
            {move || offers.get().map(|offers| match offers {
                Ok(offers) => view! { <dl class="offers">{offers.into_iter().map(row).collect_view()}</dl> }.into_any(),
                Err(error) => view! { <p class="note">{error}</p> }.into_any(),
            })}
        </details>
    }
}
