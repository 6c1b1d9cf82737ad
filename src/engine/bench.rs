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

/// How long each is run before runs are counted, in milliseconds: a browser compiles a module's hot loops a second time, for speed, only
/// after they have run for a while, and a first run prepares the device.
const WARM_UP: f64 = 1500.0;

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

        let start = Instant::now();
        while millis(start) < WARM_UP {
            self.checkpoint(stop, sink, 0, runs).await?;
            values(model.dense.logits(input.clone())).await?;
        }
        let mut forward = Vec::new();
        for run in 0..runs {
            self.checkpoint(stop, sink, run, runs).await?;
            let start = Instant::now();
            values(model.dense.logits(input.clone())).await?;
            forward.push(millis(start));
        }
        timings.push(Timing { what: "forward".into(), millis: forward });

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
            // A method of many steps is its own warm-up, and long enough to be steady.
            let (warm_up, counted) = if method.info().steps { (0.0, runs.div_ceil(5)) } else { (WARM_UP, runs) };
            let start = Instant::now();
            while millis(start) < warm_up {
                self.checkpoint(stop, sink, 0, counted).await?;
                method.attribute(&context).await?;
            }
            let mut times = Vec::new();
            for run in 0..counted {
                self.checkpoint(stop, sink, run, counted).await?;
                let start = Instant::now();
                method.attribute(&context).await?;
                times.push(millis(start));
            }
            timings.push(Timing { what: method.id().into(), millis: times });
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
