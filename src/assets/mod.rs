//! What the page fetches: the gallery, the networks' cards, packs of scenes, class names, and pictures' bytes.

mod audit;
mod card;
mod gallery;
mod lessons;
mod pack;
mod plates;
pub mod sweeps;

use js_sys::Uint8Array;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

pub use self::audit::{Audit, Check, Entry};
pub use self::card::card_of_own;
pub use self::gallery::{Origin, Photo};
pub use self::lessons::Listed;
pub use self::pack::Pack;
pub use self::plates::Plate;
use sweetspot_core::card::Card;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_core::fields::{items, text, texts, words};
use sweetspot_core::lessons::{Lesson, read as read_lesson};
use sweetspot_core::words::Language;
use sweetspot_protocol::opening;
use sweetspot_protocol::opening::Opening;
use sweetspot_protocol::{Explained, Picture};

/// An architecture that weights can be brought for, as `models/offers.json` lists it.
#[derive(Debug, Clone)]
pub struct ExportRecipe {
    /// What to call it.
    pub title: String,
    /// One sentence about it.
    pub says: String,
    /// Python that writes a file of weights.
    pub python: String,
}

/// What the page shows of an experiment before the engine answers, if anything was computed beforehand.
pub async fn opening(experiment: &Experiment) -> Result<Vec<Explained>> {
    Opening::read(&bytes(opening::FILE).await?, experiment)
}

/// The pictures of the gallery.
pub async fn gallery() -> Result<Vec<Photo>> {
    items(&json("gallery/gallery.json").await?, "images").iter().map(Photo::read).collect()
}

/// The pictures of the recognition experiment.
pub async fn plates() -> Result<Vec<Plate>> {
    items(&json("stimuli/stimuli.json").await?, "images").iter().map(Plate::read).collect()
}

/// The ids of the networks.
pub async fn network_ids() -> Result<Vec<String>> {
    Ok(texts(&json("models/index.json").await?, "models"))
}

/// The card of a network.
pub async fn card(id: &str) -> Result<Card> {
    Card::read(&bytes(&format!("models/{id}.json")).await?)
}

/// What methods and measures were checked against.
pub async fn audit() -> Result<Audit> {
    Ok(Audit::read(&json("audit.json").await?))
}

/// A list of class names beside the cards.
pub async fn class_names(file: &str) -> Result<Vec<String>> {
    let names = json(&format!("models/{file}")).await?;
    Ok(names.as_array().map(|names| names.iter().map(words).collect()).unwrap_or_default())
}

/// A pack's manifest.
pub async fn pack(id: &str) -> Result<Pack> {
    Pack::read(&json(&format!("packs/{id}/manifest.json")).await?)
}

/// The lessons there are, in order.
pub async fn lessons() -> Result<Vec<Listed>> {
    items(&json("lessons/index.json").await?, "lessons").iter().map(Listed::read).collect()
}

/// A lesson in a language.
pub async fn lesson(name: &str, language: Language) -> Result<Lesson> {
    let address = format!("lessons/{}/{name}.md", language.id());
    let unreadable = |_| Error::Unreadable { what: address.clone(), reason: "it is no text in UTF-8".into() };
    read_lesson(name, &String::from_utf8(bytes(&address).await?).map_err(unreadable)?)
}

/// The architectures that weights can be brought for.
pub async fn export_recipes() -> Result<Vec<ExportRecipe>> {
    let offer = |value: &Value| ExportRecipe { title: text(value, "title"), says: text(value, "says"), python: text(value, "python") };
    Ok(json("models/offers.json").await?.as_array().map(|export_recipes| export_recipes.iter().map(offer).collect()).unwrap_or_default())
}

/// A picture of the gallery with its bytes, ready for the engine.
pub async fn picture(photo: &Photo) -> Result<Picture> {
    let mask = match &photo.mask {
        Some(file) => Some(bytes(&format!("gallery/{file}")).await?),
        None => None,
    };
    Ok(Picture {
        image: ImageRef::Gallery(photo.id.clone()),
        bytes: bytes(&format!("gallery/{}", photo.file)).await?,
        name: photo.file.clone(),
        boxes: photo.boxes.clone(),
        mask,
        label: photo.label,
    })
}

async fn json(address: &str) -> Result<Value> {
    serde_json::from_slice(&bytes(address).await?).map_err(|e| Error::Unreadable { what: address.into(), reason: e.to_string() })
}

/// The bytes at an address, relative to the page.
async fn bytes(address: &str) -> Result<Vec<u8>> {
    let failed = |reason: String| Error::Io { path: address.into(), reason };
    let window = web_sys::window().ok_or_else(|| failed("there is no window".into()))?;
    let response: Response = JsFuture::from(window.fetch_with_str(address))
        .await
        .and_then(JsCast::dyn_into)
        .map_err(|_| failed("it cannot be fetched; check the connection".into()))?;
    if !response.ok() {
        return Err(failed(format!("it cannot be fetched, the server answered {}", response.status())));
    }
    let broken = |_: JsValue| failed("the connection broke off".into());
    let buffer = JsFuture::from(response.array_buffer().map_err(broken)?).await.map_err(broken)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
