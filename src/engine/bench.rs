//! Timings of a network: forward passes and attribution methods, warm.

use web_time::Instant;

use super::job::Stop;
use super::protocol::{Finding, Stage, Timing};
use super::run::{Engine, Event, Sink, millis};
use crate::attribution::Method;
use crate::attribution::context::Context;
use crate::device::values;
use crate::engine::job::Job;
use crate::error::{Error, Result};
use crate::experiment::{Attribution, DEFAULT_STEPS};
use crate::image::Rgb;

/// Runs that are not counted: V8 compiles a module's hot loops only after some calls.
const WARM_UP: usize = 3;

/// The most runs that can be asked for.
const MAX_RUNS: usize = 100;

impl Engine {
    /// Times `runs` warm forward passes of a model and of each method, one picture a time. Methods of many steps run once for every five
    /// counted runs: they are long enough to be steady.
    pub async fn bench(&mut self, id: &str, runs: usize, stop: &Stop, sink: &Sink) -> Result<Vec<Timing>> {
        if !(1..=MAX_RUNS).contains(&runs) {
            return Err(Error::bad_value("runs", runs, "between 1 and 100"));
        }
        let model = self.model(id, sink).await?;
        let recipe = &model.card.input;
        // Any picture costs the same; this one is a gradient of grey with a little of every value.
        let bytes = (0..recipe.side * recipe.side * 3).map(|i| (i % 251) as u8).collect();
        let picture = Rgb { width: recipe.side, height: recipe.side, bytes };
        let input = super::picture::input(&picture, recipe, model.dense.device());
        let mut timings = Vec::new();

        let mut forward = Vec::new();
        for run in 0..runs + WARM_UP {
            self.checkpoint(stop, sink, run, runs + WARM_UP).await?;
            let start = Instant::now();
            values(model.dense.logits(input.clone())).await?;
            forward.push(millis(start));
        }
        timings.push(Timing { what: "forward".into(), millis: forward.split_off(WARM_UP) });

        let job = Job::quiet();
        for method in Method::ALL {
            let parameters = Attribution { method, tap: None, steps: DEFAULT_STEPS };
            let context = Context {
                network: &model.dense,
                input: input.clone(),
                target: 0,
                parameters: &parameters,
                tap: model.architecture.default_tap,
                batch: self.batch(),
                job: &job,
            };
            let (warm_up, counted) = if method.info().steps { (0, runs.div_ceil(5)) } else { (WARM_UP, runs) };
            let mut times = Vec::new();
            for run in 0..counted + warm_up {
                self.checkpoint(stop, sink, run, counted + warm_up).await?;
                let start = Instant::now();
                method.attribute(&context).await?;
                times.push(millis(start));
            }
            timings.push(Timing { what: method.id().into(), millis: times.split_off(warm_up) });
        }
        sink(Event::Found(Finding::Timings(timings.clone())));
        Ok(timings)
    }

    async fn checkpoint(&self, stop: &Stop, sink: &Sink, done: usize, total: usize) -> Result<()> {
        let sink = sink.clone();
        let job = Job::new(stop.clone(), move |done, total| sink(Event::Progress(Stage::Timing, done, total)));
        job.step(done as u64, total as u64).await
    }
}
