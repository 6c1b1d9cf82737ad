//! Who made the chosen picture, and under which terms it is shown.

use leptos::prelude::*;

use crate::assets::{Origin, Photo};
use crate::stores::Stores;
use crate::text;
use crate::widgets::choice::Raw;
use crate::widgets::markup::Html;
use sweetspot_core::experiment::ImageRef;

/// The credits; always on the page.
#[component]
pub fn Credits(stores: Stores) -> impl IntoView {
    let html = Signal::derive(move || match stores.experiment.with(|experiment| experiment.image.clone()) {
        ImageRef::Gallery(_) => stores.catalogue.photo().map(|photo| photo_credits(stores, &photo)).unwrap_or_default(),
        ImageRef::Scene(index) => scene_credits(stores, index),
        ImageRef::Own(hash) => {
            let name =
                stores.own_pictures.all.with(|own| own.iter().find(|picture| picture.hash == hash).map(|picture| picture.name.clone()));
            let says = "It stays on this device: a link to this experiment names it, but only somebody with the same file can see it.";
            let words = Html::around("strong", &name.unwrap_or_default()).and(", your own picture. There is no label and no box for it.");
            Html::tag("p", &[], words).with(Html::around("p", says))
        }
    });
    view! { <Raw class="credits" id="credits" html/> }
}

/// Whose garment on whose photo a scene shows.
fn scene_credits(stores: Stores, index: u32) -> Html {
    let title = Html::tag("p", &[], Html::around("strong", &stores.catalogue.scene_title(index)).and("."));
    let Some(pack) = stores.catalogue.pack.get() else { return title };
    let photo = pack.images.get(index as usize).and_then(|tile| pack.photos.iter().find(|photo| photo.id == tile.photo));
    let photo = photo.map(|origin| Html::tag("p", &[], terms("Background: ", origin))).unwrap_or_default();
    title
        .with(Html::tag("p", &[], terms("Garment: ", &pack.garments)))
        .with(photo)
        .with(Html::around("p", &format!("{} The object\u{2019}s outline is known.", pack.says)))
}

fn photo_credits(stores: Stores, photo: &Photo) -> Html {
    let labelled = match stores.catalogue.label() {
        Some(index) => format!("Label: {}.", text::short(&stores.catalogue.class_name(index))),
        None => "No class of the network fits it.".into(),
    };
    let truth = match (&photo.mask, photo.boxes.is_empty()) {
        (Some(_), _) => "The object\u{2019}s outline is known.",
        (None, false) => "A box around the object is known.",
        (None, true) => "There is no box for this picture.",
    };
    let behind = photo.background.as_ref().map(|origin| Html::tag("p", &[], terms("Background: ", origin))).unwrap_or_default();
    Html::tag("p", &[], Html::around("strong", &photo.title).with(terms(". ", &photo.origin)))
        .with(behind)
        .with(Html::around("p", &format!("{labelled} {truth}")))
}

/// "By A. Author, CC BY 4.0, source, cropped."
fn terms(before: &str, origin: &Origin) -> Html {
    let author = if origin.author.is_empty() { "unknown" } else { &origin.author };
    let name = licence_name(&origin.licence);
    let licence = web(origin.licence_url.as_deref()).map_or_else(|| Html::text(&name), |address| Html::link(&address, &name));
    let source = web(Some(&origin.source)).map(|address| Html::text(", ").with(Html::link(&address, "source"))).unwrap_or_default();
    let changes = if origin.changes.is_empty() { String::new() } else { format!(", {}", origin.changes) };
    Html::text(&format!("{before}By {author}, ")).with(licence).with(source).and(&changes).and(".")
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
