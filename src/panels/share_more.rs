//! More ways to hand an experiment on: a QR code, what the device offers, and a file.

use js_sys::{Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::address;
use crate::experiment_files;
use crate::stores::Stores;
use crate::widgets::following::following;
use crate::widgets::qr::qr;
use crate::widgets::sheet::{Sheet, hide};
use sweetspot_core::experiment::ImageRef;

/// The button, and the dialog it opens.
#[component]
pub fn ShareMore(stores: Stores) -> impl IntoView {
    let sheet = NodeRef::new();
    let file = NodeRef::<leptos::html::Input>::new();
    let shown = RwSignal::new(false);
    let link = move || {
        stores.presentation.asked.with(|presentation| stores.experiment.with(|experiment| address::whole(experiment, presentation)))
    };
    let code = move || shown.get().then(link).map(|link| qr(&link, stores.texts.word("share.qr")).unwrap_or_default());
    let own = move || stores.experiment.with(|experiment| matches!(experiment.image, ImageRef::Own(_)));
    let picked = move |event: web_sys::Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(chosen) = input.files().and_then(|files| files.get(0)) {
            experiment_files::open_experiment(stores, chosen);
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
        <Sheet id="hand-on" class="audit hand-on" open=stores.texts.words("share.more") title=stores.texts.words("share.more-title") close=stores.texts.words("close") sheet
            on_open=Callback::new(move |()| shown.set(true)) on_close=Callback::new(move |()| shown.set(false))>
            <div class="qr" data-testid="qr" inner_html=code></div>
            <p class="note share-link">{following(link)}</p>
            <p class="note" hidden=move || !own()>{stores.texts.words("share.own")}</p>
            <p class="ways">
                <button type="button" data-testid="share-device" hidden=sharer().is_none() on:click=move |_| share(&link())>{stores.texts.words("share.device")}</button>
                <button type="button" data-testid="save-experiment" on:click=move |_| experiment_files::save_experiment(stores)>{stores.texts.words("share.save")}</button>
                <button type="button" data-testid="open-experiment" on:click=browse>{stores.texts.words("share.open")}</button>
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
