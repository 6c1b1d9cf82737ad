//! What the page keeps on this device beyond a reload, in the browser's own database (IndexedDB). Nothing of it is ever sent.
//!
//! The database has a shelf for each kind of thing, and values under names. It is spoken to through plain properties: the typed interface would be
//! features of `web-sys` that every dependency of page and engine is built with.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use sweetspot_core::error::{Error, Result};

/// The database's name.
const NAME: &str = "sweetspot";
/// Its version; a shelf more needs a number more.
const VERSION: u32 = 1;

/// A kind of thing that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Answers of people, as JSON.
    Trials,
    /// Packs, as blobs.
    Packs,
    /// Experiments.
    Experiments,
    /// Sweeps.
    Sweeps,
}

impl Shelf {
    const ALL: [Self; 4] = [Self::Trials, Self::Packs, Self::Experiments, Self::Sweeps];

    fn name(self) -> &'static str {
        match self {
            Self::Trials => "trials",
            Self::Packs => "packs",
            Self::Experiments => "experiments",
            Self::Sweeps => "sweeps",
        }
    }

    /// The names of everything on it, in the alphabet's order.
    pub async fn names(self) -> Result<Vec<String>> {
        let names = self.ask("readonly", "getAllKeys", &[]).await?;
        Ok(Array::from(&names).iter().filter_map(|name| name.as_string()).collect())
    }

    /// What is kept under a name: a text, a blob, or whatever else was put there.
    pub async fn get(self, name: &str) -> Result<Option<JsValue>> {
        let found = self.ask("readonly", "get", &[name.into()]).await?;
        Ok((!found.is_undefined()).then_some(found))
    }

    /// A text under a name.
    pub async fn text(self, name: &str) -> Result<Option<String>> {
        Ok(self.get(name).await?.and_then(|value| value.as_string()))
    }

    /// Keeps a value under a name, in place of an older one. When this returns, a reload finds it.
    pub async fn put(self, name: &str, value: &JsValue) -> Result<()> {
        self.ask("readwrite", "put", &[value.clone(), name.into()]).await.map(drop)
    }

    /// Forgets what is kept under a name.
    pub async fn delete(self, name: &str) -> Result<()> {
        self.ask("readwrite", "delete", &[name.into()]).await.map(drop)
    }

    /// Forgets everything on it.
    pub async fn clear(self) -> Result<()> {
        self.ask("readwrite", "clear", &[]).await.map(drop)
    }

    /// Calls a method of the shelf, and waits until the database has done it.
    async fn ask(self, mode: &str, method: &str, words: &[JsValue]) -> Result<JsValue> {
        let database = open().await?;
        let asked = async {
            let transaction = call(&database, "transaction", &[self.name().into(), mode.into()])?;
            let store = call(&transaction, "objectStore", &[self.name().into()])?;
            let request = call(&store, method, words)?;
            // A request that succeeds may still be undone, where the device has no room.
            settled(&transaction, "oncomplete", &["onabort", "onerror"]).await?;
            Reflect::get(&request, &"result".into())
        };
        let result = asked.await;
        let _ = call(&database, "close", &[]);
        result.map_err(|reason| refused(&reason))
    }
}

/// The database, made where there is none.
async fn open() -> Result<JsValue> {
    let opened = async {
        let factory = Reflect::get(&window(), &"indexedDB".into())?;
        if factory.is_undefined() || factory.is_null() {
            return Err(JsValue::from_str("this browser has no database for pages"));
        }
        let request = call(&factory, "open", &[NAME.into(), VERSION.into()])?;
        let shelves = Closure::once({
            let request = request.clone();
            move |_: JsValue| {
                let Ok(database) = Reflect::get(&request, &"result".into()) else { return };
                // One that is there already refuses, and stays.
                Shelf::ALL.into_iter().for_each(|shelf| drop(call(&database, "createObjectStore", &[shelf.name().into()])));
            }
        });
        Reflect::set(&request, &"onupgradeneeded".into(), shelves.as_ref())?;
        settled(&request, "onsuccess", &["onerror", "onblocked"]).await?;
        Reflect::get(&request, &"result".into())
    };
    opened.await.map_err(|reason| refused(&reason))
}

/// Waits for one of an object's events. An error with the object's own reason if it is one of the bad ones.
async fn settled(object: &JsValue, good: &str, bad: &[&str]) -> std::result::Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        let _ = Reflect::set(object, &good.into(), &resolve);
        bad.iter().for_each(|event| drop(Reflect::set(object, &(*event).into(), &reject)));
    });
    match JsFuture::from(promise).await {
        Ok(_) => Ok(()),
        Err(event) => {
            Err(Reflect::get(object, &"error".into()).ok().filter(|error| !error.is_null() && !error.is_undefined()).unwrap_or(event))
        }
    }
}

/// Calls a method of an object by its name.
fn call(object: &JsValue, method: &str, words: &[JsValue]) -> std::result::Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    function.apply(object, &words.iter().collect::<Array>())
}

/// What a browser says of a thing that it does not keep, in a sentence.
fn refused(reason: &JsValue) -> Error {
    let text = |field: &str| Reflect::get(reason, &field.into()).ok().and_then(|value| value.as_string()).filter(|text| !text.is_empty());
    let name = text("name").unwrap_or_default();
    let why = match name.as_str() {
        "QuotaExceededError" => "it is full; make room on the device, or export what you want to keep".into(),
        "SecurityError" | "InvalidStateError" => {
            "the browser denies it, as it may in a private window; export what you want to keep".into()
        }
        _ => reason.as_string().or_else(|| text("message")).unwrap_or_else(|| "the browser does not say why".into()),
    };
    Error::Io { path: "the memory of this browser for this page".into(), reason: why }
}
