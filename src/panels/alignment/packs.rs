//! Packs: published experiments, or pictures of one's own.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, HtmlInputElement, Response};

use crate::people;
use crate::pictures::listed;
use crate::session;
use crate::stores::Stores;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::table::{lines, note};
use sweetspot_protocol::PackReport;

/// The choice of a pack, and what is said of it.
#[component]
pub fn PackChoice(stores: Stores) -> impl IntoView {
    let file = NodeRef::<leptos::html::Input>::new();
    let address = RwSignal::new(String::new());
    let picked = move |event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            session::open_pack(stores, &file, file.name());
        }
        input.set_value("");
    };
    let browse = move |_| {
        if let Some(file) = file.get_untracked() {
            file.click();
        }
    };
    let folder = NodeRef::<leptos::html::Input>::new();
    // Markup does not know the attribute.
    Effect::new(move |_| folder.get().map(|folder| folder.set_attribute("webkitdirectory", "")));
    let chosen = move |event| {
        let input: HtmlInputElement = event_target(&event);
        let files: Vec<web_sys::File> = input.files().map(|files| listed(&files)).unwrap_or_default();
        if !files.is_empty() {
            people::open_folder(stores, files);
        }
        input.set_value("");
    };
    let look = move |_| {
        if let Some(folder) = folder.get_untracked() {
            folder.click();
        }
    };
    let load = move |_| {
        let address = address.get_untracked();
        stores.people.pack_state.set("Fetching\u{2026}".into());
        spawn_local(async move {
            match fetched(&address).await {
                Ok(blob) => session::open_pack(stores, &blob, address.rsplit('/').next().unwrap_or("pack").to_string()),
                Err(reason) => stores.people.pack_state.set(reason),
            }
        });
    };
    let remembered = move |name: String| {
        let (words, to_open) = (name.clone(), name.clone());
        view! {
            <li>
                <span>{words}</span>
                <button type="button" class="plain" on:click=move |_| people::recall_pack(stores, to_open.clone())>"Open"</button>
                <button type="button" class="plain" on:click=move |_| people::forget_pack(stores, name.clone())>"Forget"</button>
            </li>
        }
    };
    // What is said of a pack must not stand in a folded part.
    let frame = NodeRef::<leptos::html::Details>::new();
    Effect::new(move |_| {
        if stores.people.pack_state.with(|state| !state.is_empty())
            && let Some(frame) = frame.get()
        {
            let _ = frame.set_attribute("open", "");
        }
    });
    let opened = move || stores.people.pack.with(|pack| pack.as_ref().map(|pack| of_pack(pack)));
    view! {
        <details class="inside" data-testid="packs" node_ref=frame>
            <summary>"Other pictures: open a pack"</summary>
            <p class="note">
                "A pack is a folder or a zip that the command line makes: \u{201c}sweetspot pack geirhos\u{201d} from the published experiments, \u{201c}sweetspot pack folder\u{201d} from folders of \
                pictures. Its pictures are then what the experiment shows and what the networks answer; its people are observers. It is read here and goes nowhere."
            </p>
            <div class="ways">
                <input type="file" class="hidden" tabindex="-1" aria-hidden="true" data-testid="pack-file" accept=".zip" node_ref=file on:change=picked/>
                <button type="button" data-testid="browse-pack" on:click=browse>"Open a pack\u{2026}"</button>
                <input type="file" class="hidden" tabindex="-1" aria-hidden="true" data-testid="pack-folder" multiple node_ref=folder on:change=chosen/>
                <button type="button" data-testid="browse-folder" on:click=look>"Open a pack\u{2019}s folder\u{2026}"</button>
                <label class="field inline"><span>"or from"</span>
                    <input type="text" placeholder="https://\u{2026}/pack.zip" data-testid="pack-address" on:input=move |event| address.set(event_target_value(&event))/></label>
                <button type="button" disabled=move || address.with(|address| address.trim().is_empty()) on:click=load>"Fetch"</button>
                <button type="button" hidden=move || stores.people.pack.with(Option::is_none) data-testid="close-pack" on:click=move |_| session::close_pack(stores)>
                    "Back to the shipped pictures"</button>
                <button type="button" hidden=move || stores.people.pack.with(Option::is_none) data-testid="remember-pack" on:click=move |_| people::remember_pack(stores)>
                    "Remember it on this device"</button>
            </div>
            <ul class="begun" data-testid="remembered">{following(move || stores.people.remembered.get().into_iter().map(remembered).collect_view())}</ul>
            <p class="note" role="status" data-testid="pack-state">{following(move || stores.people.pack_state.get())}</p>
        </details>
        <div data-testid="pack">{following(opened)}</div>
    }
    .into_any()
}

/// Fetches an address because the reader wishes it.
async fn fetched(address: &str) -> Result<Blob, String> {
    let blocked = "Not fetched: the address cannot be reached, or its server does not allow other pages to read it (CORS). Download the file yourself, then \
                   open it here.";
    let response: Response =
        JsFuture::from(window().fetch_with_str(address.trim())).await.map_err(|_| blocked.to_string())?.unchecked_into();
    if !response.ok() {
        return Err(format!("Not fetched: the server answered {}.", response.status()));
    }
    let blob = JsFuture::from(response.blob().map_err(|_| blocked.to_string())?).await.map_err(|_| blocked.to_string())?;
    Ok(blob.unchecked_into())
}

/// What a pack is, and what of it was used.
fn of_pack(pack: &PackReport) -> AnyView {
    let answered: usize = pack.observers.iter().map(|(_, count)| count).sum();
    let shown = pack.images.iter().filter(|(_, category, _)| category.is_some()).count();
    let says = format!(
        "{}: {} pictures, {} of them of the 16 categories; {} observers with {} answers. {} Licence: {}. sha256 {}.",
        pack.title,
        text::count(pack.images.len()),
        text::count(shown),
        pack.observers.len(),
        text::count(answered),
        pack.source,
        pack.licence,
        &pack.sha256,
    );
    view! {
        {note(says)}
        <ul class="note">{lines(pack.files.lines().chain(pack.trials.lines()))}</ul>
    }
    .into_any()
}
