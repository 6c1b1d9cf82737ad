//! `sweetspot evaluate`: measures of a method's map that need the network.

use std::path::{Path, PathBuf};
use sweetspot_methods::attribution::Attribute;

use clap::Args;
use serde_json::json;
use web_time::Instant;

use super::draw::{draw, encode};
use super::method::{MethodFlags, watched};
use super::open::{ImageFlags, ModelFlags};
use super::output::Context;
use super::score::{reason, row};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::score::Score;
use sweetspot_engine::timing::millis;
use sweetspot_methods::attribution::context::Context as Attributed;
use sweetspot_methods::metrics::checks::not_empty;
use sweetspot_methods::metrics::evaluate::answer;
use sweetspot_methods::metrics::trial::{Outcome, Trial};
use sweetspot_nn::image::input;
use sweetspot_protocol::{Pictures, View};
use sweetspot_train::files::{io, write};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    model: ModelFlags,
    #[command(flatten)]
    image: ImageFlags,
    #[command(flatten)]
    method: MethodFlags,
    /// A measure, by the name in the results; may be given several times. All unless given.
    #[arg(long = "measure", value_name = "ID")]
    measures: Vec<String>,
    /// Write what the network was shown, or the maps that came out, here: ID-000.png and on, a picture for each point of a curve.
    #[arg(long, value_name = "DIR")]
    frames: Option<PathBuf>,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let measures = measures(&arguments.measures)?;
    let parameters = arguments.method.parameters()?;
    let method = parameters.method;
    let opened = arguments.model.open(context).await?;
    let (model, network) = (&opened.model, opened.network());
    let recipe = &model.card.input;
    let seen = arguments.image.see(recipe)?;
    let input = input(&seen, recipe, network.device());
    let view = View { side: recipe.side, rgb: seen.bytes, boxes: Vec::new(), mask: None, inside: None };
    let target = arguments.method.class(method, model, network, &input).await?;
    let (bar, job) = watched();
    let tap = model.tap(parameters.tap.as_deref())?;
    let bounds = recipe.bounds();
    let attributed = Attributed { network, input, target, parameters: &parameters, tap, batch: 1, bounds: &bounds, job: &job };
    bar.set_message(method.id());
    let map = method.attribute(&attributed).await?;
    // Nothing can be measured then, as in `score`.
    not_empty("the map", &map.reduced())?;
    let trial = Trial {
        context: &attributed,
        map: &map,
        architecture: model.architecture,
        weights: opened.pruned.as_ref().map_or(&model.weights, |pruned| &pruned.weights),
        mask: opened.pruned.as_ref().map(|pruned| &pruned.mask),
        recipe,
        view: arguments.frames.is_some().then_some(&view),
    };
    let mut value = json!({ "method": method.id(), "target": target, "undefined": {} });
    let mut rows = Vec::new();
    for measure in measures {
        bar.set_message(measure.id());
        let start = Instant::now();
        let (found, outcome) = answer(measure, &trial).await?;
        value[measure.id()] = match &found {
            Ok(number) => json!({ "value": number, "note": outcome.note, "curve": outcome.curve, "millis": millis(start) }),
            Err(error) => {
                value["undefined"][measure.id()] = json!(reason(error));
                json!(null)
            }
        };
        if let Some(folder) = &arguments.frames {
            frames(folder, measure, &outcome, &trial)?;
        }
        rows.push([row(&Score { measure, value: found }), vec![outcome.note]].concat());
    }
    bar.finish_and_clear();
    context.print(&value, &["measure", "value", "range", "better", "rests on"], rows)
}

/// The measures of these names, in the order of tables; all that need the network if there are no names.
fn measures(names: &[String]) -> Result<Vec<Measure>> {
    let known = || Measure::all().filter(|m| m.needs_network());
    let mut wanted = Vec::new();
    for name in names {
        let measure = Measure::from_id(name).ok().filter(|m| m.needs_network());
        wanted.push(measure.ok_or_else(|| Error::unknown("measure that needs the network", name, known().map(Measure::id)))?);
    }
    Ok(known().filter(|m| names.is_empty() || wanted.contains(m)).collect())
}

/// Writes a picture for each point of an outcome's curve.
fn frames(folder: &Path, measure: Measure, outcome: &Outcome, trial: &Trial<'_>) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| io(folder, e))?;
    let (height, width) = (trial.map.height, trial.map.width);
    for (at, point) in outcome.curve.iter().enumerate() {
        let png = match &outcome.pictures {
            Pictures::None => return Ok(()),
            Pictures::Mixed { before, after, rank } => {
                let changed = (f64::from(point.at) * rank.len() as f64).round() as u32;
                let pixel = |(i, &place): (usize, &u32)| if place < changed { &after[3 * i..3 * i + 3] } else { &before[3 * i..3 * i + 3] };
                encode(rank.iter().enumerate().flat_map(pixel).copied().collect(), height, width)?
            }
            Pictures::Views(views) => encode(views[at].clone(), height, width)?,
            Pictures::Maps(maps) => draw(&trial.context.parameters.method.drawn(maps[at].clone()), height, width, trial.map.signed)?,
        };
        write(&folder.join(format!("{}-{at:03}.png", measure.id())), &png)?;
    }
    Ok(())
}
