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
use crate::experiment::Attribution;
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
        let watched = self.job(Stage::Timing, stop, sink);
        let forward = async || values(model.dense.logits(input.clone())).await.map(drop);
        let mut timings = vec![Timing { what: "forward".into(), millis: timed(&watched, WARM_UP, runs, forward).await? }];

        let job = Job::quiet();
        let bounds = recipe.bounds();
        for method in Method::ALL.into_iter().filter(|m| m.absent(model.architecture.attends).is_none()) {
            let parameters = Attribution::new(method);
            let context = Context {
                network: &model.dense,
                input: input.clone(),
                target: 0,
                parameters: &parameters,
                tap: model.architecture.default_tap,
                batch: self.batch(),
                bounds: &bounds,
                job: &job,
            };
            // A method of many steps is its own warm-up, and long enough to be steady.
            let (warm_up, counted) = if !method.info().settings.is_empty() { (0.0, runs.div_ceil(5)) } else { (WARM_UP, runs) };
            let millis = timed(&watched, warm_up, counted, async || method.attribute(&context).await.map(drop)).await?;
            timings.push(Timing { what: method.id().into(), millis });
        }
        sink(Event::Found(Finding::Timings(timings.clone())));
        Ok(timings)
    }
}

/// Runs something for `warm_up` milliseconds, then `counted` times: the milliseconds of each of these.
async fn timed(job: &Job, warm_up: f64, counted: usize, run: impl AsyncFn() -> Result<()>) -> Result<Vec<f64>> {
    let start = Instant::now();
    while millis(start) < warm_up {
        job.step(0, counted as u64).await?;
        run().await?;
    }
    let mut times = Vec::new();
    for done in 0..counted {
        job.step(done as u64, counted as u64).await?;
        let start = Instant::now();
        run().await?;
        times.push(millis(start));
    }
    Ok(times)
}

/// The middle one of some times, of an even number the later; `None` of none.
pub fn median(times: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = times.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}
