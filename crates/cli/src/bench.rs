//! `sweetspot bench`: warm timings of the shipped networks, natively. `scripts/bench-browser` measures the page.

use std::cell::RefCell;
use std::rc::Rc;

use clap::Args;
use serde_json::json;

use super::output::Context;
use sweetspot_core::error::Result;
use sweetspot_core::experiment::DeviceChoice;
use sweetspot_engine::engine::Engine;
use sweetspot_engine::event::{Event, Sink};
use sweetspot_engine::model::model_ids;
use sweetspot_engine::stored::Folder;
use sweetspot_engine::timing::median;
use sweetspot_nn::device;
use sweetspot_nn::job::Stop;
use sweetspot_nn::self_test;
use sweetspot_protocol::{Benchmark, Finding, Timing};

#[derive(Debug, Args)]
pub struct Arguments {
    /// What besides forward passes: attribution, measures, all of these, discovery, or forward for nothing.
    #[arg(default_value = "all", value_name = "GROUP")]
    group: String,
    /// The network; all of them unless given.
    #[arg(long, value_name = "M")]
    model: Option<String>,
    /// Counted runs of each.
    #[arg(long, default_value_t = 5, value_name = "N")]
    runs: usize,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let assets = Rc::new(Folder(context.assets.clone()));
    let cpu = device::cpu();
    let report = self_test::report(&cpu, DeviceChoice::Cpu, device::cpu_name().into(), "as asked for".into()).await?;
    let mut engine = Engine::new(cpu, report, assets.clone());
    let ids = match &arguments.model {
        Some(id) => vec![id.clone()],
        None => model_ids(&*assets).await?,
    };
    let found = Rc::new(RefCell::new(Vec::new()));
    let sink: Sink = Rc::new({
        let found = found.clone();
        move |event| {
            if let Event::Found(Finding::Benchmark(timings)) = event {
                *found.borrow_mut() = timings;
            }
        }
    });
    let (mut rows, mut results) = (Vec::new(), Vec::new());
    for id in ids {
        let task = Benchmark { model: id.clone(), group: arguments.group.clone(), runs: arguments.runs };
        engine.perform(&task.into(), &Stop::default(), &sink).await?;
        let timings = found.take();
        let middle = |timing: &Timing| median(timing.millis.iter().copied()).unwrap_or(f64::NAN);
        let forward = timings.first().map_or(f64::NAN, middle);
        for timing in timings {
            let middle = middle(&timing);
            let passes = middle / forward;
            rows.push(vec![
                id.clone(),
                timing.what.clone(),
                format!("{middle:.1} ms"),
                format!("{passes:.2}"),
                timing.passes.to_string(),
                format!("{:.2}", passes / timing.passes as f64),
                timing.millis.len().to_string(),
            ]);
            results.push(json!({ "model": id, "what": timing.what, "median_ms": middle, "forward_passes": passes, "samples": timing.passes, "runs": timing.millis }));
        }
    }
    context.print(
        &json!({ "device": "cpu", "timings": results }),
        &["model", "what", "median", "forward passes", "samples", "a sample", "runs"],
        rows,
    )
}
