//! The page's end of the worker in which the engine lives.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use leptos::prelude::document;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use sweetspot_core::error::{Error, Result};
use sweetspot_protocol::{Reply, Request, decode, encode};

/// The script that starts the engine, beside the page. After the question mark stands the name of the page's own program, which has a hash
/// in it: page and engine share a protocol, and an engine of another version must not come from a cache.
fn script() -> String {
    let own = document().query_selector("script[data-js]").ok().flatten().and_then(|script| script.get_attribute("data-js"));
    format!("engine_loader.js?{}", own.as_deref().map_or("", |path| path.rsplit('/').next().unwrap_or(path)))
}

/// What the worker says when it listens.
const AWAKE: &str = "awake";

/// What a panic's message begins with.
const PANIC: &str = "panic: ";

/// What begins a message about how much of the program is there.
const BYTES: &str = "bytes: ";

/// What the worker says when its program is compiled.
const COMPILED: &str = "compiled";

/// What comes from the worker.
#[derive(Debug)]
pub enum Event {
    /// A reply of the engine.
    Reply(Reply),
    /// How much of the engine's program is there: bytes, and of how many.
    Arriving(u64, u64),
    /// The program is there and compiled.
    Arrived,
    /// The worker cannot go on, and why.
    Broken(String),
}

/// Messages that wait for the worker to listen.
#[derive(Default)]
struct Outbox {
    awake: bool,
    waiting: Vec<Vec<u8>>,
}

/// A running worker. Dropping it ends the worker.
pub struct Client {
    worker: Worker,
    outbox: Rc<RefCell<Outbox>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

impl Client {
    /// Starts a worker. Its events go to `on_event`, from a later turn of the browser's loop on.
    pub fn start(on_event: impl Fn(Event) + 'static) -> Result<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&script(), &options).map_err(|_| broken("the browser refuses to start a worker"))?;
        let outbox = Rc::new(RefCell::new(Outbox::default()));
        let on_event = Rc::new(on_event);

        let on_message = Closure::new({
            let (worker, outbox, on_event) = (worker.clone(), outbox.clone(), on_event.clone());
            move |message: MessageEvent| match read(&message.data()) {
                Some(Message::Awake) => {
                    let waiting = {
                        let mut outbox = outbox.borrow_mut();
                        outbox.awake = true;
                        std::mem::take(&mut outbox.waiting)
                    };
                    for bytes in waiting {
                        post(&worker, &bytes);
                    }
                }
                Some(Message::Event(event)) => on_event(event),
                None => {}
            }
        });
        let on_error = Closure::new(move |event: web_sys::Event| {
            event.prevent_default();
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).filter(|message| !message.is_empty());
            on_event(Event::Broken(message.unwrap_or_else(|| "its program cannot be loaded".into())));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, outbox, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a request, as soon as the worker listens.
    pub fn send(&self, request: &Request) -> Result<()> {
        let bytes = encode(request)?;
        let mut outbox = self.outbox.borrow_mut();
        if outbox.awake {
            post(&self.worker, &bytes);
        } else {
            outbox.waiting.push(bytes);
        }
        Ok(())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

enum Message {
    Awake,
    Event(Event),
}

/// What a message of the worker means; `None` for what is not from the engine.
fn read(data: &JsValue) -> Option<Message> {
    if let Some(text) = data.as_string() {
        if let Some(bytes) = text.strip_prefix(BYTES) {
            let (done, total) = bytes.split_once(' ')?;
            return Some(Message::Event(Event::Arriving(done.parse().ok()?, total.parse().ok()?)));
        }
        return match &*text {
            AWAKE => Some(Message::Awake),
            COMPILED => Some(Message::Event(Event::Arrived)),
            _ => text.strip_prefix(PANIC).map(|reason| Message::Event(Event::Broken(reason.into()))),
        };
    }
    let bytes = data.dyn_ref::<Uint8Array>()?.to_vec();
    Some(Message::Event(match decode(&bytes) {
        Ok(reply) => Event::Reply(reply),
        Err(error) => Event::Broken(error.to_string()),
    }))
}

/// Hands bytes to the worker without copying them once more. A worker that is gone reports itself; nothing is to be done here.
fn post(worker: &Worker, bytes: &[u8]) {
    let array = Uint8Array::from(bytes);
    let _ = worker.post_message_with_transfer(&array, &Array::of1(&array.buffer()));
}

fn broken(reason: &str) -> Error {
    Error::Missing { what: "the engine".into(), reason: reason.into() }
}
