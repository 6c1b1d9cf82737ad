//! More ways to hand an experiment on: a QR code, what the device offers, and a file.

use js_sys::{Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::address;
use crate::state::Lab;
use crate::widgets::qr::qr;
use crate::widgets::sheet::{Sheet, hide};
use sweetspot_core::experiment::ImageRef;

/// The button, and the dialog it opens.
#[component]
pub fn ShareMore(lab: Lab) -> impl IntoView {
    let sheet = NodeRef::new();
    let file = NodeRef::<leptos::html::Input>::new();
    let shown = RwSignal::new(false);
    let link =
        move || lab.showing.presentation.with(|presentation| lab.experiment.with(|experiment| address::whole(experiment, presentation)));
    let code = move || shown.get().then(link).map(|link| qr(&link, lab.word("share.qr")).unwrap_or_default());
    let own = move || lab.experiment.with(|experiment| matches!(experiment.image, ImageRef::Own(_)));
    let picked = move |event: web_sys::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(chosen) = input.files().and_then(|files| files.get(0)) {
            lab.open_experiment(chosen);
            hide(sheet);
        }
        input.set_value("");
    };
    let browse = move |_| {
        if let Some(file) = file.get_untracked() {
            file.click();
        }
    };
    view! {
        <Sheet id="hand-on" class="audit hand-on" open=lab.words("share.more") title=lab.words("share.more-title") close=lab.words("close") sheet
            on_open=Callback::new(move |()| shown.set(true)) on_close=Callback::new(move |()| shown.set(false))>
            <div class="qr" data-testid="qr" inner_html=code></div>
            <p class="note share-link">{link}</p>
            <p class="note" hidden=move || !own()>{lab.words("share.own")}</p>
            <p class="ways">
                <button type="button" data-testid="share-device" hidden=sharer().is_none() on:click=move |_| share(&link())>{lab.words("share.device")}</button>
                <button type="button" data-testid="save-experiment" on:click=move |_| lab.save_experiment()>{lab.words("share.save")}</button>
                <button type="button" data-testid="open-experiment" on:click=browse>{lab.words("share.open")}</button>
                <input type="file" class="hidden" tabindex="-1" aria-hidden="true" accept=".sweetspot" data-testid="experiment-file" node_ref=file on:change=picked/>
            </p>
        </Sheet>
    }
    .into_any()
}

/// What hands a link to other programs of the device, where the browser offers it.
fn sharer() -> Option<Function> {
    Reflect::get(&window().navigator(), &"share".into()).ok()?.dyn_into().ok()
}

fn share(link: &str) {
    let what = Object::new();
    let told = Reflect::set(&what, &"url".into(), &link.into()).and(Reflect::set(&what, &"title".into(), &"Sweetspot".into()));
    // Whoever changes their mind is told nothing, and nothing is left to do.
    if told.is_ok()
        && let Some(share) = sharer()
        && let Ok(promise) = share.call1(&window().navigator(), &what)
    {
        wasm_bindgen_futures::spawn_local(async move {
            let _ = wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(promise)).await;
        });
    }
}
