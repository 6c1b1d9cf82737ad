//! Who made the chosen picture, and under which terms it is shown.

use leptos::prelude::*;

use super::picture::scene_title;
use crate::experiment::ImageRef;
use crate::ui::assets::{Origin, Photo};
use crate::ui::state::Lab;
use crate::ui::text;

/// The credits; always on the page.
#[component]
pub fn Credits(lab: Lab) -> impl IntoView {
    let own = move || {
        let ImageRef::Own(hash) = lab.experiment.with(|experiment| experiment.image.clone()) else { return None };
        lab.own.with(|own| own.iter().find(|picture| picture.hash == hash).map(|picture| picture.name.clone()))
    };
    view! {
        <div class="credits" data-testid="credits">
            {move || lab.photo().map(|photo| view! { <PhotoCredits lab photo/> })}
            {move || match lab.experiment.with(|experiment| experiment.image.clone()) {
                ImageRef::Scene(index) => Some(scene(lab, index)),
                _ => None,
            }}
            {move || own().map(|name| view! {
                <p><strong>{name}</strong> ", your own picture. There is no label and no box for it."</p>
                <p>"It stays on this device: a link to this experiment names it, but only somebody with the same file can see it."</p>
            })}
        </div>
    }
}

/// Whose garment on whose photo a scene shows.
fn scene(lab: Lab, index: u32) -> AnyView {
    let title = scene_title(lab, index);
    let parts = lab.pack.get().and_then(|pack| {
        let tile = pack.images.get(index as usize)?;
        let photo = pack.photos.iter().find(|photo| photo.id == tile.photo).cloned();
        Some((pack.says.clone(), pack.garments.clone(), photo))
    });
    view! {
        <p><strong>{title}</strong> "."</p>
        {parts.map(|(says, garment, photo)| view! {
            <p>"Garment: " <Terms origin=garment/></p>
            {photo.map(|origin| view! { <p>"Background: " <Terms origin/></p> })}
            <p>{says} " The object\u{2019}s outline is known."</p>
        })}
    }
    .into_any()
}

#[component]
fn PhotoCredits(lab: Lab, photo: Photo) -> impl IntoView {
    let labelled = move || match lab.label() {
        Some(index) => format!("Label: {}.", text::short(&lab.class_name(index))),
        None => "No class of the network fits it.".into(),
    };
    let truth = match (&photo.mask, photo.boxes.is_empty()) {
        (Some(_), _) => "The object's outline is known.",
        (None, false) => "A box around the object is known.",
        (None, true) => "There is no box for this picture.",
    };
    view! {
        <p><strong>{photo.title.clone()}</strong> ". " <Terms origin=photo.origin/></p>
        {photo.background.map(|origin| view! { <p>"Background: " <Terms origin/></p> })}
        <p>{labelled} " " {truth}</p>
    }
}

/// "By A. Author, CC BY 4.0, source, cropped."
#[component]
fn Terms(origin: Origin) -> impl IntoView {
    let author = if origin.author.is_empty() { "unknown".into() } else { origin.author };
    let name = licence_name(&origin.licence);
    let licence = match web(origin.licence_url.as_deref()) {
        Some(address) => view! { <a href=address rel="license noopener noreferrer" target="_blank">{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let source = web(Some(&origin.source)).map(|address| {
        view! { ", " <a href=address rel="noopener noreferrer" target="_blank">"source"</a> }
    });
    let changes = (!origin.changes.is_empty()).then(|| format!(", {}", origin.changes));
    view! { "By " {author} ", " {licence} {source} {changes} "." }
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
