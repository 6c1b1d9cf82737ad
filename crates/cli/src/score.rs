//! `sweetspot score`: measures of a map against the object's place.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::output::{Context, read_npy};
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::metrics::measure::Better;
use sweetspot_core::metrics::score::Score;
use sweetspot_core::metrics::{Measure, Pooling, mask_of_boxes};
use sweetspot_methods::metrics::of_map::scores;
use sweetspot_nn::image::decode_grey;
use sweetspot_train::files::read;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The map, a float array [h, w] or [channels, h, w].
    #[arg(long, value_name = "F.npy")]
    map: PathBuf,
    /// The object's mask, a picture of the map's size; from 128 up is object.
    #[arg(long, value_name = "F.png", conflicts_with = "rectangle", required_unless_present = "rectangle")]
    mask: Option<PathBuf>,
    /// The object's box in pixels of the map, the last two exclusive.
    #[arg(long = "box", value_name = "x0,y0,x1,y1", allow_hyphen_values = true)]
    rectangle: Option<String>,
}

pub fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let (shape, values) = read_npy(&arguments.map)?;
    let (channels, height, width) = match shape[..] {
        [h, w] if h * w > 0 => (1, h, w),
        [c, h, w] if c * h * w > 0 => (c, h, w),
        _ => return Err(Error::bad_value("the map's shape", format!("{shape:?}"), "[h, w] or [channels, h, w]")),
    };
    let mask = match (&arguments.mask, &arguments.rectangle) {
        (Some(path), _) => {
            let mask = decode_grey(&path.display().to_string(), &read(path)?)?;
            if (mask.height, mask.width) != (height, width) {
                return Err(Error::SizeMismatch {
                    map_height: height,
                    map_width: width,
                    truth_height: mask.height,
                    truth_width: mask.width,
                });
            }
            mask.bytes.iter().map(|&v| v >= 128).collect()
        }
        (None, Some(text)) => mask_of_boxes(&[rectangle(text, height, width)?], height, width),
        (None, None) => return Err(Error::Missing { what: "the ground truth".into(), reason: "give --mask or --box".into() }),
    };
    let pooling = Pooling::of(&values, channels);
    let signed = pooling == Pooling::Squared;
    let scores = scores(&ChannelMap { channels, height, width, values, signed, total: None }, Some(&mask));
    // Relevance mass is undefined only where nothing can be measured at all.
    if let Some(Err(error)) = scores.iter().find(|s| s.measure == Measure::RelevanceMass).map(|s| &s.value) {
        return Err(error.clone());
    }
    let object = mask.iter().filter(|&&inside| inside).count();
    let mut value = json!({ "pooling": pooling, "object_pixels": object, "pixels": mask.len(), "undefined": {} });
    for Score { measure, value: score } in &scores {
        value[measure.id()] = json!(score.as_ref().ok());
        if let Err(error) = score {
            value["undefined"][measure.id()] = json!(reason(error));
        }
    }
    context.print(&value, &["measure", "value", "range", "better"], scores.iter().map(row))
}

/// A score as a table's row: the measure, its value or why there is none, its range and which way is better.
pub fn row(score: &Score) -> Vec<String> {
    let info = score.measure.info();
    let value = match &score.value {
        Ok(value) => format!("{value:.6}"),
        Err(error) => reason(error),
    };
    let (least, most) = info.range;
    let range = match most {
        Some(most) => format!("{least} to {most}"),
        None => format!("from {least}"),
    };
    let better = match info.better {
        Better::Higher => "higher",
        Better::Lower => "lower",
        Better::Neither => "neither",
    };
    vec![info.id.into(), value, range, better.into()]
}

/// Why a measure has no value.
pub fn reason(error: &Error) -> String {
    match error {
        Error::Undefined { reason, .. } => reason.clone(),
        other => other.to_string(),
    }
}

fn rectangle(text: &str, height: usize, width: usize) -> Result<[f32; 4]> {
    let wrong = || Error::bad_value("--box", text, &format!("x0,y0,x1,y1 with x0 < x1 up to {width} and y0 < y1 up to {height}"));
    let numbers: Vec<f32> = text.split(',').map(|n| n.trim().parse().map_err(|_| wrong())).collect::<Result<_>>()?;
    match numbers[..] {
        [x0, y0, x1, y1] if 0.0 <= x0 && x0 < x1 && x1 <= width as f32 && 0.0 <= y0 && y0 < y1 && y1 <= height as f32 => {
            Ok([x0, y0, x1, y1])
        }
        _ => Err(wrong()),
    }
}
