//! A running request: where its progress goes, and whether it is still wanted.

use std::cell::Cell;
use std::rc::Rc;

use web_time::Instant;

use sweetspot_core::attribution::map::ChannelMap;

use sweetspot_core::error::{Error, Result};

/// A wish to stop, shared between who wishes and who works.
#[derive(Debug, Clone, Default)]
pub struct Stop(Rc<Cell<bool>>);

impl Stop {
    /// Asks the work to end at its next step.
    pub fn stop(&self) {
        self.0.set(true);
    }

    /// Whether it was asked to.
    pub(crate) fn is_stopped(&self) -> bool {
        self.0.get()
    }
}

/// What a method sees of the request it works for.
pub struct Job {
    progress: Box<dyn Fn(u64, u64)>,
    partial: Option<Box<dyn Fn(ChannelMap)>>,
    shown: Cell<Instant>,
    stop: Stop,
}

/// How often an unfinished map is shown, in milliseconds.
const PARTIAL_EVERY: f64 = 500.0;

impl Job {
    /// A job that reports (done, total) and ends when stopped.
    pub fn new(stop: Stop, progress: impl Fn(u64, u64) + 'static) -> Self {
        Self { progress: Box::new(progress), partial: None, shown: Cell::new(Instant::now()), stop }
    }

    /// The same, which also shows unfinished maps.
    pub fn showing(self, partial: impl Fn(ChannelMap) + 'static) -> Self {
        Self { partial: Some(Box::new(partial)), ..self }
    }

    /// Shows an unfinished map, if somebody looks and the last one has been there for a while.
    pub fn show(&self, map: impl FnOnce() -> ChannelMap) {
        if let Some(partial) = &self.partial
            && self.shown.get().elapsed().as_secs_f64() * 1000.0 >= PARTIAL_EVERY
        {
            partial(map());
            self.shown.set(Instant::now());
        }
    }

    /// A job nobody watches.
    pub fn quiet() -> Self {
        Self::new(Stop::default(), |_, _| {})
    }

    /// A job that is part of this one: it ends when this one is stopped, and its own progress goes nowhere.
    pub fn unwatched(&self) -> Self {
        Self::new(self.stop.clone(), |_, _| {})
    }

    /// Says how far the work is, where nothing can end it.
    pub fn tell(&self, done: u64, total: u64) {
        (self.progress)(done, total);
    }

    /// Says how far the work is, lets messages in, and fails with [`Error::Cancelled`] if one of them ends the job.
    pub async fn step(&self, done: u64, total: u64) -> Result<()> {
        (self.progress)(done, total);
        breathe().await;
        if self.stop.is_stopped() { Err(Error::Cancelled) } else { Ok(()) }
    }
}

/// Gives the browser a turn, so that messages arrive. A resolved promise would not: only a new task lets them in. A message to oneself is
/// one without the delay of a timer.
#[cfg(target_arch = "wasm32")]
pub async fn breathe() {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let Ok(channel) = web_sys::MessageChannel::new() else {
            let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
            return;
        };
        let port = channel.port1();
        let on_message = Closure::once_into_js({
            let port = port.clone();
            move || {
                port.close();
                let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
            }
        });
        port.set_onmessage(Some(on_message.unchecked_ref()));
        let _ = channel.port2().post_message(&wasm_bindgen::JsValue::NULL);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Natively nothing waits for a turn.
#[cfg(not(target_arch = "wasm32"))]
pub async fn breathe() {}
