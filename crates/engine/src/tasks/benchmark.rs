//! Timings of a network: forward passes, attribution methods, measures and looks for objects, warm.

use burn::tensor::Tensor;
use sweetspot_methods::attribution::Attribute;
use sweetspot_methods::discovery::find::Find;
use web_time::Instant;

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use crate::timing::millis;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::discovery;
use sweetspot_core::discovery::Discovery;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Attribution;
use sweetspot_core::metrics::Measure;
use sweetspot_methods::attribution::context::Context;
use sweetspot_methods::discovery::input::Input;
use sweetspot_methods::metrics::evaluate::evaluate;
use sweetspot_methods::metrics::trial::Trial;
use sweetspot_nn::device::values;
use sweetspot_nn::image::Rgb;
use sweetspot_nn::job::{Job, Stop};
use sweetspot_nn::network::Network;
use sweetspot_protocol::{Benchmark, Stage, Timing};

/// How long each is run before runs are counted, in milliseconds: a browser compiles a module's hot loops a second time, for speed, only
/// after they have run for a while, and a first run prepares the device.
const WARM_UP: f64 = 1500.0;

/// The most runs that can be asked for.
const MAX_RUNS: usize = 100;

/// Methods of many passes are timed with fewer of them; what is asked for is the time of one.
const FEWER: [(Method, &str, u32); 4] = [
    (Method::ScoreCam, "channels", 50),
    (Method::Rise, "masks", 100),
    (Method::Lime, "coalitions", 100),
    (Method::KernelShap, "coalitions", 100),
];

/// Measures that are timed, on a saliency map: a class activation map may be zero everywhere, which cannot be measured.
const MEASURES: [Measure; 2] = [Measure::Insertion, Measure::Deletion];

/// Ways to find objects that are timed.
const LOOKS: [discovery::Method; 2] = [discovery::Method::Lost, discovery::Method::TokenCut];

/// How many tokens they compare, about: 28 x 28.
const TOKENS: usize = 784;

/// Something that is timed.
enum Timed {
    Method(Attribution),
    Measure(Measure),
    Look(discovery::Method),
}

impl Perform for Benchmark {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        let Self { model, group, runs } = self;
        if !(1..=MAX_RUNS).contains(runs) {
            return Err(Error::bad_value("runs", runs, "between 1 and 100"));
        }
        let runs = *runs;
        let model = engine.model(model, sink).await?;
        let recipe = &model.card.input;
        // Any picture costs the same; this one is a gradient of grey with a little of every value.
        let bytes = (0..recipe.side * recipe.side * 3).map(|i| (i % 251) as u8).collect();
        let picture = Rgb { width: recipe.side, height: recipe.side, bytes };
        let input = sweetspot_nn::image::input(&picture, recipe, model.dense.device());
        let watched = engine.job(Stage::Timing, stop, sink);
        let forward = async || values(model.dense.logits(input.clone())).await.map(drop);
        let mut timings = vec![Timing { what: "forward".into(), passes: 1, millis: timed(&watched, WARM_UP, runs, forward).await? }];

        let job = Job::quiet();
        let bounds = recipe.bounds();
        for timing in timed_of(group, model.architecture.attention)? {
            let attribution = match &timing {
                Timed::Method(attribution) => attribution.clone(),
                Timed::Measure(_) | Timed::Look(_) => Attribution::new(Method::Saliency),
            };
            let context = Context {
                network: &model.dense,
                input: input.clone(),
                target: 0,
                parameters: &attribution,
                tap: model.architecture.default_tap,
                batch: engine.batch(),
                bounds: &bounds,
                job: &job,
            };
            let method = attribution.method;
            let (what, passes, millis) = match timing {
                Timed::Method(_) => {
                    let passes = attribution.effort(recipe.side).map_or(1, |effort| effort.passes);
                    // What takes many passes is its own warm-up.
                    let (warm_up, counted) = if passes > 1 { (0.0, runs.div_ceil(5)) } else { (WARM_UP, runs) };
                    let millis = timed(&watched, warm_up, counted, async || method.attribute(&context).await.map(drop)).await?;
                    (method.id().to_string(), passes, millis)
                }
                Timed::Measure(measure) => {
                    let map = method.attribute(&context).await?;
                    let (architecture, weights) = (model.architecture, &model.weights);
                    let trial = Trial { context: &context, map: &map, architecture, weights, mask: None, view: None, recipe };
                    let run = async || evaluate(measure, &trial).await.map(drop);
                    (measure.id().to_string(), 225, timed(&watched, 0.0, runs.div_ceil(5), run).await?)
                }
                Timed::Look(method) => {
                    // With the network's pass up to the layer.
                    let how = Discovery { tap: Some(tap_of(&model.dense, input.clone(), TOKENS)), ..Discovery::new(method) };
                    let input = Input::padded(&picture, recipe, 1);
                    let look = async || how.look_at(&model.dense, input.clone(), model.architecture.default_tap).await.map(drop);
                    (method.id().to_string(), 1, timed(&watched, WARM_UP, runs, look).await?)
                }
            };
            timings.push(Timing { what, passes, millis });
        }
        tell::<Self>(sink, timings);
        Ok(())
    }
}

/// What a group's name stands for.
fn timed_of(group: &str, attention: AttentionKind) -> Result<Vec<Timed>> {
    let methods = Method::all().filter(move |m| m.absent(attention).is_none()).map(|method| {
        let mut attribution = Attribution::new(method);
        if let Some((_, setting, value)) = FEWER.iter().find(|(few, ..)| *few == method) {
            // Its own parameter in its range.
            let _ = attribution.set(setting, &value.to_string());
        }
        Timed::Method(attribution)
    });
    let measures = MEASURES.into_iter().map(Timed::Measure);
    match group {
        "all" => Ok(methods.chain(measures).collect()),
        "attribution" => Ok(methods.collect()),
        "measures" => Ok(measures.collect()),
        "discovery" => Ok(LOOKS.into_iter().map(Timed::Look).collect()),
        "forward" => Ok(Vec::new()),
        _ => Err(Error::unknown("group of timings", group, ["all", "attribution", "measures", "discovery", "forward"])),
    }
}

/// The tap with the number of tokens nearest to one; of equally near ones the last.
fn tap_of(network: &Network, input: Tensor<4>, tokens: usize) -> String {
    let features = network.features(input).into_iter().map(|(tap, features)| {
        let [_, _, rows, columns] = network.grid(features).dims();
        (tap, (rows * columns).abs_diff(tokens))
    });
    let nearest = features.reduce(|best, next| if next.1 <= best.1 { next } else { best });
    nearest.map(|(tap, _)| tap).unwrap_or_default()
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
