//! `sweetspot attribute`: one map.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::draw::draw;
use super::open::{ImageFlags, ModelFlags};
use super::output::{Context, write, write_npy};
use crate::attribution::Method;
use crate::attribution::context::Context as Attributed;
use crate::attribution::method::SEED;
use crate::device::values;
use crate::engine::job::{Job, Stop};
use crate::engine::run::{check_target, top};
use crate::error::{Error, Result};
use crate::experiment::{Attribution, Target};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    model: ModelFlags,
    #[command(flatten)]
    image: ImageFlags,
    /// The method, as `sweetspot models --json` lists them: saliency, grad-cam, integrated-gradients, lrp, rise and so on.
    #[arg(long, value_name = "A")]
    method: String,
    /// The class to explain, by its index; the network's first choice unless given.
    #[arg(long, value_name = "N")]
    target: Option<usize>,
    /// Seed of methods that draw.
    #[arg(long, value_name = "S")]
    seed: Option<u32>,
    /// A parameter of the method: steps=50, samples=20, baseline=blur, tap=NAME.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Where the map goes, float32 [h, w] at the network's input size.
    #[arg(long, value_name = "F.npy")]
    out: PathBuf,
    /// Write a value a channel, float32 [3, h, w], for methods that have them.
    #[arg(long)]
    channels: bool,
    /// Also draw the map.
    #[arg(long, value_name = "F.png")]
    png: Option<PathBuf>,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let method = Method::from_id(&arguments.method)?;
    let parameters = parameters(method, &arguments.set, arguments.seed)?;
    let opened = arguments.model.open(context).await?;
    if let Some(reason) = method.absent(opened.model.architecture.attends) {
        return Err(Error::Absent { method: method.info().title.into(), reason: reason.into() });
    }
    let network = opened.network();
    let input = arguments.image.open(&opened.model.card.input, network.device())?;
    check_target(arguments.target.map_or(Target::Predicted, Target::Class), None, opened.model.card.classes)?;
    let target = match arguments.target {
        Some(target) => target,
        None => top(&values(network.logits(input.clone())).await?, 1)[0],
    };
    let bar = indicatif::ProgressBar::new(1).with_style(indicatif::ProgressStyle::default_bar());
    let job = Job::new(Stop::default(), {
        let bar = bar.clone();
        move |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        }
    });
    let tap = opened.model.tap(parameters.tap.as_deref())?;
    let bounds = opened.model.card.input.bounds();
    let attributed = Attributed { network, input, target, parameters: &parameters, tap, batch: 1, bounds: &bounds, job: &job };
    let map = method.attribute(&attributed).await?;
    bar.finish_and_clear();

    let reduced = map.reduced();
    match arguments.channels {
        true if map.channels == 1 => {
            return Err(Error::bad_value("--channels", method.id(), "a method that gives each colour a value"));
        }
        true => write_npy(&arguments.out, &[map.channels, map.height, map.width], &map.values)?,
        false => write_npy(&arguments.out, &[map.height, map.width], &reduced)?,
    }
    if let Some(path) = &arguments.png {
        write(path, &draw(&reduced, map.height, map.width, map.signed)?)?;
    }
    let (least, most) = reduced.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), v| (a.min(*v), b.max(*v)));
    let sum: f64 = reduced.iter().map(|v| f64::from(*v)).sum();
    let value = json!({
        "method": method.id(), "target": target, "shape": [map.height, map.width], "min": least, "max": most, "sum": sum, "seed": arguments.seed.unwrap_or(0),
        "total": map.total,
    });
    let row = vec![method.id().into(), target.to_string(), least.to_string(), most.to_string(), sum.to_string()];
    context.print(&value, &["method", "target", "min", "max", "sum"], [row])
}

/// The method's parameters from `name=value` words. A parameter the method does not take is an error, not a silence; a seed for a method that
/// draws nothing changes nothing.
pub fn parameters(method: Method, words: &[String], seed: Option<u32>) -> Result<Attribution> {
    let info = method.info();
    let mut parameters = Attribution::new(method);
    for word in words {
        let Some((name, value)) = word.split_once('=') else {
            return Err(Error::bad_value("--set", word, "of the form name=value"));
        };
        if name == "tap" && info.layer {
            parameters.tap = Some(value.into());
            continue;
        }
        parameters.set(name, value).map_err(|error| match error {
            Error::Unknown { .. } => {
                let taken = info.layer.then_some("tap").into_iter().chain(info.settings.iter().map(|s| s.id));
                Error::unknown(&format!("parameter of {}", info.id), name, taken)
            }
            other => other,
        })?;
    }
    if let Some(seed) = seed.filter(|_| info.settings.iter().any(|s| s.id == SEED.id)) {
        parameters.set(SEED.id, &seed.to_string())?;
    }
    Ok(parameters)
}
