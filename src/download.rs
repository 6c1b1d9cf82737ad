//! Files the page makes on this device and hands to the browser to keep: texts, and drawings as pictures. Nothing of it is sent.

use js_sys::{Array, Promise, Reflect, Uint8Array};
use leptos::prelude::document;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlCanvasElement, HtmlElement, HtmlImageElement, Url};

use super::widgets::pixels::{context, resize};
use crate::stores::messages::Messages;
use sweetspot_core::error::{Error, Result};

/// Points of a picture for one of a drawing's own units: sharp in print.
const SCALE: f64 = 2.0;
/// The longest side of a picture, in pixels: browsers draw no larger ones.
const LONGEST: f64 = 8192.0;

/// Hands a text to the browser as a file.
pub fn save_text(name: &str, kind: &str, text: &str) -> Result<()> {
    save_bytes(name, kind, text.as_bytes())
}

/// The same of bytes.
pub fn save_bytes(name: &str, kind: &str, bytes: &[u8]) -> Result<()> {
    save(name, &blob(kind, bytes).ok_or_else(|| refused(name))?)
}

/// Hands what a canvas shows to the browser as a picture.
pub async fn save_canvas(name: &str, canvas: &HtmlCanvasElement) -> Result<()> {
    save(name, &shot(canvas).await.ok_or_else(|| refused(name))?)
}

/// Hands a text to the browser as a file, or says why that cannot be.
pub fn offer_text(messages: Messages, name: &str, kind: &str, text: &str) {
    if let Err(error) = save_text(name, kind, text) {
        messages.say(error.to_string());
    }
}

/// Hands a drawing to the browser as a picture. Takes a moment: the browser draws it first.
pub async fn save_png(name: &str, svg: &str) -> Result<()> {
    let drawn = draw(svg).await.ok_or_else(|| refused(name))?;
    save(name, &drawn)
}

fn refused(name: &str) -> Error {
    Error::Io { path: name.into(), reason: "the browser could not make the file".into() }
}

fn blob(kind: &str, bytes: &[u8]) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &options).ok()
}

/// Lets the browser keep a file.
fn save(name: &str, blob: &Blob) -> Result<()> {
    let kept = || -> Option<()> {
        let address = Url::create_object_url_with_blob(blob).ok()?;
        let link: HtmlElement = document().create_element("a").ok()?.dyn_into().ok()?;
        link.set_attribute("href", &address).ok()?;
        link.set_attribute("download", name).ok()?;
        link.click();
        // The browser has taken its own hold of it by the next turn.
        leptos::prelude::set_timeout(move || drop(Url::revoke_object_url(&address)), std::time::Duration::from_secs(10));
        Some(())
    };
    kept().ok_or_else(|| refused(name))
}

/// A drawing as a picture, on white.
async fn draw(svg: &str) -> Option<Blob> {
    let address = Url::create_object_url_with_blob(&blob("image/svg+xml", svg.as_bytes())?).ok()?;
    let image: HtmlImageElement = document().create_element("img").ok()?.dyn_into().ok()?;
    let loaded = Promise::new(&mut |resolve, reject| {
        let _ = Reflect::set(&image, &"onload".into(), &resolve);
        let _ = Reflect::set(&image, &"onerror".into(), &reject);
    });
    image.set_src(&address);
    let loaded = JsFuture::from(loaded).await;
    let drawn = loaded.ok().and_then(|_| {
        let (width, height) = (f64::from(image.natural_width()), f64::from(image.natural_height()));
        let scale = SCALE.min(LONGEST / width.max(height).max(1.0));
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
        resize(&canvas, (width * scale) as u32, (height * scale) as u32);
        context(&canvas)?
            .draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()))
            .ok()?;
        Some(canvas)
    });
    let _ = Url::revoke_object_url(&address);
    shot(&drawn?).await
}

/// What a canvas shows, as a picture.
async fn shot(canvas: &HtmlCanvasElement) -> Option<Blob> {
    let made = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| drop(resolve.call1(&JsValue::NULL, &blob)));
        let _ = canvas.to_blob(done.unchecked_ref());
    });
    JsFuture::from(made).await.ok()?.dyn_into().ok()
}
