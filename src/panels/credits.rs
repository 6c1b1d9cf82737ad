//! Who made the chosen picture, and under which terms it is shown.

use leptos::prelude::*;

use crate::assets::{Origin, Photo};
use crate::stores::Stores;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::table::link;
use sweetspot_core::experiment::ImageRef;

/// The credits; always on the page.
#[component]
pub fn Credits(stores: Stores) -> impl IntoView {
    let credits = move || match stores.experiment.with(|experiment| experiment.image.clone()) {
        ImageRef::Gallery(_) => stores.catalogue.photo().map(|photo| photo_credits(stores, &photo)).into_any(),
        ImageRef::Scene(index) => scene_credits(stores, index),
        ImageRef::Own(hash) => {
            let name =
                stores.own_pictures.all.with(|own| own.iter().find(|picture| picture.hash == hash).map(|picture| picture.name.clone()));
            let says = "It stays on this device: a link to this experiment names it, but only somebody with the same file can see it.";
            view! {
                <p><strong>{name}</strong> ", your own picture. There is no label and no box for it."</p>
                <p>{says}</p>
            }
            .into_any()
        }
    };
    view! { <div class="credits" data-testid="credits">{following(credits)}</div> }
}

/// Whose garment on whose photo a scene shows.
fn scene_credits(stores: Stores, index: u32) -> AnyView {
    let origins = stores.catalogue.pack.get().map(|pack| {
        let photo = pack.images.get(index as usize).and_then(|tile| pack.photos.iter().find(|photo| photo.id == tile.photo));
        view! {
            {terms("Garment: ", &pack.garments)}
            {photo.map(|origin| terms("Background: ", origin))}
            <p>{format!("{} The object\u{2019}s outline is known.", pack.says)}</p>
        }
    });
    view! {
        <p><strong>{stores.catalogue.scene_title(index)}</strong> "."</p>
        {origins}
    }
    .into_any()
}

fn photo_credits(stores: Stores, photo: &Photo) -> AnyView {
    let labelled = match stores.catalogue.label() {
        Some(index) => format!("Label: {}.", text::short(&stores.catalogue.class_name(index))),
        None => "No class of the network fits it.".into(),
    };
    let truth = match (&photo.mask, photo.boxes.is_empty()) {
        (Some(_), _) => "The object\u{2019}s outline is known.",
        (None, false) => "A box around the object is known.",
        (None, true) => "There is no box for this picture.",
    };
    view! {
        <p><strong>{photo.title.clone()}</strong> {terms_of(". ", &photo.origin)}</p>
        {photo.background.as_ref().map(|origin| terms("Background: ", origin))}
        <p>{format!("{labelled} {truth}")}</p>
    }
    .into_any()
}

/// The same in a paragraph.
fn terms(before: &'static str, origin: &Origin) -> AnyView {
    view! { <p>{terms_of(before, origin)}</p> }.into_any()
}

/// "By A. Author, CC BY 4.0, source, cropped."
fn terms_of(before: &'static str, origin: &Origin) -> AnyView {
    let author = if origin.author.is_empty() { "unknown" } else { &origin.author };
    let name = licence_name(&origin.licence);
    let licence = match web(origin.licence_url.as_deref()) {
        Some(address) => link(address, name),
        None => name.into_any(),
    };
    let source = web(Some(&origin.source)).map(|address| view! { ", " {link(address, "source")} });
    let changes = if origin.changes.is_empty() { String::new() } else { format!(", {}", origin.changes) };
    view! { {format!("{before}By {author}, ")} {licence} {source} {changes} "." }.into_any()
}

/// An address, if it leads to the web: nothing else becomes a link.
fn web(address: Option<&str>) -> Option<String> {
    address.filter(|address| address.starts_with("https://") || address.starts_with("http://")).map(String::from)
}

/// A licence's SPDX identifier as people write it.
fn licence_name(id: &str) -> String {
    match id {
        "" => "licence unknown".into(),
        "LicenseRef-Public-Domain" => "public domain".into(),
        "CC0-1.0" => "CC0 1.0".into(),
        other => match other.strip_prefix("CC-") {
            Some(rest) => format!("CC {}", rest.replacen("-SA-", "\u{2011}SA ", 1).replace('-', " ")),
            None => other.into(),
        },
    }
}
