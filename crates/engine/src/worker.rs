//! The engine in the browser: a dedicated worker that takes requests as messages and posts replies.
//!
//! It posts the string "awake" when it listens, then bytes only ([`super::protocol`]). A panic is posted as a string before the worker dies.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use burn::tensor::Device;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use web_time::Instant;

use crate::engine::{Engine, Settling};
use crate::event::{Event, Sink};
use crate::stored::Address;
use crate::timing::millis;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::DeviceChoice;
use sweetspot_nn::device;
use sweetspot_nn::job::{Stop, breathe};
use sweetspot_nn::self_test;
use sweetspot_protocol::{DeviceReport, JobId, Reply, Request, Task, decode, encode};

/// Starts to listen. Returns at once; the worker lives as long as the page wants it.
pub fn listen() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        post(&JsValue::from_str(&format!("panic: {info}")));
    }));
    let worker = Rc::new(Worker::default());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let bytes = event.data().dyn_into::<Uint8Array>().map(|b| b.to_vec()).unwrap_or_default();
        match decode(&bytes) {
            Ok(request) => worker.clone().take(request),
            Err(error) => reply(&Reply::Failed { job: None, error }),
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    post(&JsValue::from_str("awake"));
}

/// The worker's state: what waits, what runs, and the engine while nothing runs.
#[derive(Default)]
struct Worker {
    queue: RefCell<VecDeque<Request>>,
    running: RefCell<Option<(JobId, Stop)>>,
    engine: RefCell<Option<Engine>>,
    busy: Cell<bool>,
}

impl Worker {
    /// Queues a request. A new run ends the running one and takes the place of waiting ones.
    fn take(self: Rc<Self>, request: Request) {
        if let Request::Cancel { job } = &request {
            self.stop_running(|running| running == *job);
            self.drop_waiting(|waiting| waiting == *job);
            return;
        }
        if superseding(&request).is_some() {
            self.stop_running(|_| true);
            self.drop_waiting(|_| true);
        }
        self.queue.borrow_mut().push_back(request);
        if !self.busy.replace(true) {
            spawn_local(async move {
                while let Some(request) = self.next() {
                    self.handle(request).await;
                }
                self.busy.set(false);
            });
        }
    }

    fn next(&self) -> Option<Request> {
        self.queue.borrow_mut().pop_front()
    }

    fn stop_running(&self, which: impl Fn(JobId) -> bool) {
        if let Some((job, stop)) = &*self.running.borrow()
            && which(*job)
        {
            stop.stop();
        }
    }

    fn drop_waiting(&self, which: impl Fn(JobId) -> bool) {
        self.queue.borrow_mut().retain(|waiting| match superseding(waiting) {
            Some(job) if which(job) => {
                reply(&Reply::Failed { job: Some(job), error: Error::Cancelled });
                false
            }
            _ => true,
        });
    }

    async fn handle(&self, request: Request) {
        // Taken out while it works, so that no borrow is held over an await.
        let engine = self.engine.borrow_mut().take();
        let engine = match (request, engine) {
            (Request::Start { device, assets }, _) => match start(device, assets).await {
                Ok(engine) => {
                    reply(&Reply::Ready(engine.report.clone()));
                    Some(engine)
                }
                Err(error) => {
                    reply(&Reply::Failed { job: None, error });
                    None
                }
            },
            (Request::Open(picture), Some(mut engine)) => {
                if let Err(error) = engine.open(picture) {
                    reply(&Reply::Failed { job: None, error });
                }
                Some(engine)
            }
            (Request::Cancel { .. }, engine) => engine,
            (Request::Work { job, task }, Some(mut engine)) => {
                let (stop, start) = (self.begin(job, &task), Instant::now());
                let done = engine.perform(&task, &stop, &sink(job)).await;
                self.end(job, start, done);
                if task.ends_others() {
                    self.settle(&mut engine).await;
                }
                Some(engine)
            }
            (_, None) => {
                let error = Error::Missing { what: "the engine".into(), reason: "it was not started, or could not be".into() };
                reply(&Reply::Failed { job: None, error });
                None
            }
        };
        *self.engine.borrow_mut() = engine;
    }

    /// Makes the network quicker while nothing is asked for.
    async fn settle(&self, engine: &mut Engine) {
        loop {
            breathe().await;
            if !self.queue.borrow().is_empty() {
                return;
            }
            match engine.settle().await {
                Ok(Settling::GoesOn) => {}
                Ok(Settling::Settled(Some(pass_millis))) => return reply(&Reply::Settled { pass_millis }),
                // The next run will say what is wrong.
                Ok(Settling::Settled(None)) | Err(_) => return,
            }
        }
    }

    /// A way to stop a job. What waits for its turn is not stopped by what comes after it.
    fn begin(&self, job: JobId, task: &Task) -> Stop {
        let stop = Stop::default();
        if task.ends_others() {
            *self.running.borrow_mut() = Some((job, stop.clone()));
        }
        stop
    }

    fn end(&self, job: JobId, start: Instant, done: Result<()>) {
        *self.running.borrow_mut() = None;
        reply(&match done {
            Ok(()) => Reply::Done { job, millis: millis(start) },
            Err(error) => Reply::Failed { job: Some(job), error },
        });
    }
}

/// The number of a job that ends the one before it.
fn superseding(request: &Request) -> Option<JobId> {
    match request {
        Request::Work { job, task } if task.ends_others() => Some(*job),
        _ => None,
    }
}

fn sink(job: JobId) -> Sink {
    Rc::new(move |event| {
        reply(&match event {
            Event::Progress(stage, done, total) => Reply::Progress { job, stage, done, total },
            Event::Found(finding) => Reply::Found { job, finding },
        });
    })
}

/// Chooses and tests a device.
async fn start(wish: DeviceChoice, assets: String) -> Result<Engine> {
    let (device, report) = choose(wish).await?;
    Ok(Engine::new(device, report, Rc::new(Address(assets))))
}

async fn choose(wish: DeviceChoice) -> Result<(Device, DeviceReport)> {
    let why = match wish {
        DeviceChoice::Cpu => "as asked for".to_string(),
        DeviceChoice::Auto | DeviceChoice::Gpu => match gpu(wish).await {
            Ok(found) => return Ok(found),
            Err(why) => why,
        },
    };
    let cpu = device::cpu();
    let report = self_test::report(&cpu, DeviceChoice::Cpu, device::cpu_name().into(), why).await?;
    Ok((cpu, report))
}

/// The GPU device if it is to be used, else why not.
async fn gpu(wish: DeviceChoice) -> std::result::Result<(Device, DeviceReport), String> {
    let adapter = adapter().await.ok_or("this browser offers no GPU")?;
    if adapter.emulated && wish == DeviceChoice::Auto {
        return Err(format!("the GPU this browser offers ({}) is only emulated and slower than the CPU", adapter.name));
    }
    let lost = |reason: String| reply(&Reply::Failed { job: None, error: Error::Device { device: "GPU".into(), reason } });
    let gpu = device::gpu(lost).await.map_err(|e| format!("the GPU could not be started: {e}"))?;
    let why = if wish == DeviceChoice::Gpu { "as asked for" } else { "this browser offers a GPU, and it passed the self-test" };
    let report =
        self_test::report(&gpu, DeviceChoice::Gpu, adapter.name, why.into()).await.map_err(|e| format!("the GPU is not used: {e}"))?;
    Ok((gpu, report))
}

/// What the browser says of its GPU.
struct Adapter {
    name: String,
    emulated: bool,
}

/// Asks the browser for an adapter, through plain properties: the typed interface is still marked unstable.
async fn adapter() -> Option<Adapter> {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok().filter(|v| !v.is_undefined() && !v.is_null());
    let gpu = get(&get(&js_sys::global(), "navigator")?, "gpu")?;
    let request: js_sys::Function = get(&gpu, "requestAdapter")?.dyn_into().ok()?;
    let promise: js_sys::Promise = request.call0(&gpu).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(promise).await.ok().filter(|a| !a.is_null())?;
    let info = get(&adapter, "info").unwrap_or(JsValue::NULL);
    let text = |name: &str| get(&info, name).and_then(|v| v.as_string()).filter(|s| !s.is_empty());
    let words = [text("description").or_else(|| text("device")), text("vendor"), text("architecture")];
    let name = words.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let fallback = |object: &JsValue| get(object, "isFallbackAdapter").is_some_and(|v| v.is_truthy());
    Some(Adapter { name: if name.is_empty() { "GPU".into() } else { name }, emulated: fallback(&info) || fallback(&adapter) })
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn reply(reply: &Reply) {
    match encode(reply) {
        Ok(bytes) => {
            let bytes = Uint8Array::from(bytes.as_slice());
            let moved = js_sys::Array::of1(&bytes.buffer());
            // Only fails if the page is gone.
            let _ = scope().post_message_with_transfer(&bytes, &moved);
        }
        Err(error) => post(&JsValue::from_str(&format!("panic: {error}"))),
    }
}

fn post(message: &JsValue) {
    let _ = scope().post_message(message);
}
