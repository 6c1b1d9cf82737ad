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
use web_sys::{Blob, DedicatedWorkerGlobalScope, MessageEvent, Response};
use web_time::Instant;

use super::file;
use super::run::{Engine, Event, Settling, Sink, millis};
use crate::stored::{Address, fetch};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::DeviceChoice;
use sweetspot_nn::device;
use sweetspot_nn::job::{Stop, breathe};
use sweetspot_nn::self_test;
use sweetspot_protocol::{DeviceReport, Finding, JobId, OwnWeights, PackReport, Reply, Request, Stage, decode, encode};

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
        if request.run().is_some() {
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
        self.queue.borrow_mut().retain(|waiting| match waiting.run() {
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
            (Request::OpenWeights { job, name, address, wanted }, Some(mut engine)) => {
                let start = Instant::now();
                let opened = open_weights(&mut engine, job, &name, &address, wanted.as_deref()).await;
                self.end(job, start, opened.map(|own| sink(job)(Event::Found(Finding::OwnWeights(Box::new(own))))));
                Some(engine)
            }
            (Request::Stimulus { job, source, image, condition }, Some(mut engine)) => {
                let start = Instant::now();
                let made = engine.stimulus(&source, &image, &condition).await;
                self.end(job, start, made.map(|made| sink(job)(Event::Found(Finding::Stimulus(Box::new(made))))));
                Some(engine)
            }
            (Request::OpenPack { job, name, address }, Some(mut engine)) => {
                let start = Instant::now();
                let opened = open_pack(&mut engine, &name, &address).await;
                self.end(job, start, opened.map(|pack| sink(job)(Event::Found(Finding::Pack(Box::new(pack))))));
                Some(engine)
            }
            (Request::Cancel { .. }, engine) => engine,
            (request, Some(mut engine)) => {
                if let Some(job) = request.run() {
                    let (stop, start) = (self.begin(job), Instant::now());
                    let done = work(&mut engine, &request, &stop, &sink(job)).await;
                    self.end(job, start, done);
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

    fn begin(&self, job: JobId) -> Stop {
        let stop = Stop::default();
        *self.running.borrow_mut() = Some((job, stop.clone()));
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

/// Fetches a weights file and gives it to the engine.
async fn open_weights(engine: &mut Engine, job: JobId, name: &str, address: &str, wanted: Option<&str>) -> Result<OwnWeights> {
    // An object URL says nothing to a reader; the file's name does.
    let named = |error: Error| match error {
        Error::Missing { reason, .. } | Error::Io { reason, .. } => Error::Io { path: name.into(), reason },
        other => other,
    };
    let progress = |done, total| reply(&Reply::Progress { job, stage: Stage::Weights, done, total });
    let bytes = fetch(address, &progress).await.map_err(named)?;
    engine.open_weights(name, bytes, wanted).await
}

/// Opens a pack, which stays where it is; its pictures are read when they are asked for.
async fn open_pack(engine: &mut Engine, name: &str, address: &str) -> Result<PackReport> {
    let failed = |reason: String| Error::Io { path: name.into(), reason };
    let blob = async {
        let response: Response = JsFuture::from(scope().fetch_with_str(address)).await?.unchecked_into();
        JsFuture::from(response.blob()?).await?.dyn_into::<Blob>()
    };
    let blob = blob.await.map_err(|_| failed("the browser cannot read it".into()))?;
    engine.open_pack(name, file::open(blob).map_err(|e| failed(e.to_string()))?)
}

/// Carries out a request for a run.
async fn work(engine: &mut Engine, request: &Request, stop: &Stop, sink: &Sink) -> Result<()> {
    match request {
        Request::Run { experiment, .. } => engine.run(experiment, stop, sink).await,
        Request::Measure { experiment, measures, .. } => engine.measure(experiment, measures, stop, sink).await,
        Request::Look { experiment, .. } => engine.look(experiment, stop, sink).await,
        Request::Examine { experiment, .. } => engine.examine(experiment, stop, sink).await,
        Request::Agree { experiment, .. } => engine.agree(experiment, stop, sink).await,
        Request::Discover { experiment, .. } => engine.discover(experiment, stop, sink).await,
        Request::Follow { experiment, strip, .. } => engine.follow(experiment, strip, stop, sink).await,
        Request::Locate { experiment, album, .. } => engine.locate(experiment, *album, stop, sink).await,
        Request::Sweep { asked, .. } => engine.sweep(asked, stop, sink).await,
        Request::Reckon { state, .. } => engine.reckon(state, sink).await,
        Request::Bench { model, group, runs, .. } => engine.bench(model, group, *runs, stop, sink).await.map(drop),
        Request::Align { experiment, source, people, sparsities, .. } => {
            engine.align(experiment, source, people, sparsities, stop, sink).await
        }
        Request::OddOneOut { experiment, images, .. } => engine.odd_one_out(experiment, images, stop, sink).await,
        Request::Start { .. }
        | Request::Open(_)
        | Request::Cancel { .. }
        | Request::OpenWeights { .. }
        | Request::Stimulus { .. }
        | Request::OpenPack { .. } => Ok(()),
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
