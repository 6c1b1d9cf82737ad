//! What the page fetches: the gallery, the networks' cards, the class names, and pictures' bytes.

use std::collections::BTreeMap;

use js_sys::Uint8Array;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::engine::protocol::Picture;
use crate::error::{Error, Result};
use crate::experiment::ImageRef;

/// A picture of the gallery, as `gallery/gallery.json` describes it. Only the id and the file are needed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Photo {
    /// Its name in experiments.
    pub id: String,
    /// The file under `gallery/`.
    pub file: String,
    /// What to call it.
    #[serde(default)]
    pub title: String,
    /// `photo`, or `cutout` on a background.
    #[serde(default)]
    pub kind: String,
    /// The ImageNet class that fits, by index.
    #[serde(default)]
    pub label: Option<usize>,
    /// Object boxes x0, y0, x1, y1 in pixels.
    #[serde(default, deserialize_with = "or_default")]
    pub boxes: Vec<[f32; 4]>,
    /// The object's mask, a file under `gallery/`.
    #[serde(default)]
    pub mask: Option<String>,
    /// Who made it, and under which terms it is shown.
    #[serde(flatten)]
    pub origin: Origin,
    /// The same for what is behind a cut-out.
    #[serde(default)]
    pub background: Option<Origin>,
}

/// Who made a picture, and under which terms it is shown.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Origin {
    /// Who made it.
    #[serde(default, deserialize_with = "or_default")]
    pub author: String,
    /// Where it is from, an address.
    #[serde(default, deserialize_with = "or_default")]
    pub source: String,
    /// The licence's SPDX identifier.
    #[serde(default, deserialize_with = "or_default")]
    pub licence: String,
    /// The licence's text, an address.
    #[serde(default)]
    pub licence_url: Option<String>,
    /// What was changed.
    #[serde(default, deserialize_with = "or_default")]
    pub changes: String,
}

#[derive(Deserialize)]
struct GalleryFile {
    images: Vec<Photo>,
}

/// A network's card, `models/ID.json`. Only the id is needed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Card {
    /// Its name in experiments.
    pub id: String,
    /// What to call it.
    #[serde(default, deserialize_with = "or_default")]
    pub title: String,
    /// The year it was published.
    #[serde(default)]
    pub year: Option<Value>,
    /// The licence of its weights.
    #[serde(default)]
    pub licence: Option<Value>,
    /// Where it is from.
    #[serde(default)]
    pub source: Option<Value>,
    /// One sentence about it.
    #[serde(default, deserialize_with = "or_default")]
    pub says: String,
    /// Its weights file.
    #[serde(default)]
    pub weights: Option<WeightsFile>,
    /// How well it does.
    #[serde(default, deserialize_with = "or_default")]
    pub accuracy: Accuracy,
    /// Weights that can be pruned.
    #[serde(default)]
    pub prunable: Option<usize>,
    /// Layers that can be looked at, in order.
    #[serde(default, deserialize_with = "or_default")]
    pub taps: Vec<Value>,
    /// The one that is looked at unless told otherwise.
    #[serde(default)]
    pub default_tap: Option<String>,
}

impl Card {
    /// What to call the network.
    pub fn name(&self) -> String {
        if self.title.is_empty() { self.id.clone() } else { self.title.clone() }
    }
}

/// How well a network does on some images.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Accuracy {
    /// How many images were counted.
    #[serde(default)]
    pub images: usize,
    /// On how many the first choice is right.
    #[serde(default)]
    pub top1: usize,
    /// On how many one of the first five is right.
    #[serde(default)]
    pub top5: usize,
    /// Which images they were.
    #[serde(default, deserialize_with = "or_default")]
    pub on: String,
}

/// The weights file of a card.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct WeightsFile {
    /// Its size.
    #[serde(default)]
    pub bytes: u64,
}

/// What methods and measures were checked against, `audit.json`, by their names.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Audit {
    /// Of methods.
    #[serde(default, deserialize_with = "or_default")]
    pub methods: BTreeMap<String, Entry>,
    /// Of measures.
    #[serde(default, deserialize_with = "or_default")]
    pub measures: BTreeMap<String, Entry>,
}

/// What is known of a method or a measure.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Entry {
    /// The comparisons with other implementations.
    #[serde(default, deserialize_with = "or_default")]
    pub checks: Vec<Check>,
    /// What the tests say of it besides.
    #[serde(default, deserialize_with = "or_default")]
    pub properties: Vec<String>,
}

/// A comparison with another implementation.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Check {
    /// The other implementation.
    #[serde(default, deserialize_with = "or_default")]
    pub against: String,
    /// The networks and cases.
    #[serde(default, deserialize_with = "or_default")]
    pub on: String,
    /// What the value is.
    #[serde(default, deserialize_with = "or_default")]
    pub kind: String,
    /// What was found.
    #[serde(default)]
    pub value: Option<f64>,
    /// What the tests allow.
    #[serde(default)]
    pub bound: Option<f64>,
    /// The other implementation's numbers.
    #[serde(default, deserialize_with = "or_default")]
    pub file: String,
    /// What made them.
    #[serde(default, deserialize_with = "or_default")]
    pub script: String,
}

#[derive(Deserialize)]
struct Index {
    models: Vec<String>,
}

/// A `null` in place of a value is the value's default.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> std::result::Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A free field of a card as text.
pub fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => fields.values().map(words).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The pictures of the gallery.
pub async fn gallery() -> Result<Vec<Photo>> {
    Ok(json::<GalleryFile>("gallery/gallery.json").await?.images)
}

/// The ids of the networks.
pub async fn network_ids() -> Result<Vec<String>> {
    Ok(json::<Index>("models/index.json").await?.models)
}

/// The card of a network.
pub async fn card(id: &str) -> Result<Card> {
    json(&format!("models/{id}.json")).await
}

/// What methods and measures were checked against.
pub async fn audit() -> Result<Audit> {
    json("audit.json").await
}

/// The names of ImageNet's classes.
pub async fn class_names() -> Result<Vec<String>> {
    json("models/imagenet_classes.json").await
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

async fn json<T: DeserializeOwned>(address: &str) -> Result<T> {
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
