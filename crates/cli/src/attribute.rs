//! `sweetspot attribute`: one map.

use std::path::PathBuf;
use sweetspot_methods::attribution::Attribute;

use clap::Args;
use serde_json::json;

use super::draw::draw;
use super::method::{MethodFlags, watched};
use super::open::{ImageFlags, ModelFlags};
use super::output::{Context, write_npy};
use sweetspot_core::attribution::map::ends;
use sweetspot_core::error::{Error, Result};
use sweetspot_methods::attribution::context::Context as Attributed;
use sweetspot_train::files::write;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    model: ModelFlags,
    #[command(flatten)]
    image: ImageFlags,
    #[command(flatten)]
    method: MethodFlags,
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
    let parameters = arguments.method.parameters()?;
    let method = parameters.method;
    let opened = arguments.model.open(context).await?;
    let network = opened.network();
    let input = arguments.image.open(&opened.model.card.input, network.device())?;
    let target = arguments.method.class(method, &opened.model, network, &input).await?;
    let (bar, job) = watched();
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
        write(path, &draw(&method.drawn(reduced.clone()), map.height, map.width, map.signed)?)?;
    }
    let (least, most) = ends(&reduced);
    let sum: f64 = reduced.iter().map(|v| f64::from(*v)).sum();
    let value = json!({
        "method": method.id(), "target": target, "shape": [map.height, map.width], "min": least, "max": most, "sum": sum, "seed": arguments.method.seed.unwrap_or(0),
        "total": map.total,
    });
    let row = vec![method.id().into(), target.to_string(), least.to_string(), most.to_string(), sum.to_string()];
    context.print(&value, &["method", "target", "min", "max", "sum"], [row])
}
