//! Random class (Sixt, Granz and Landgraf, 2020): a map that is the same for another class does not show what speaks for this one.

use rand::RngExt;

use super::entry::{Compute, Entry};
use super::trial::{Outcome, Trial};
use crate::metrics::checks::undefined;
use sweetspot_core::error::Result;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::spearman::likeness;
use sweetspot_protocol::{Pictures, Point};

pub(crate) const ENTRY: Entry = Entry { of: Measure::RandomLogit, compute: Compute::Network(|trial| Box::pin(evaluate(trial))) };

/// The measure's name in results and error messages.
pub const ID: &str = "random_logit";

/// Spearman's correlation of the absolute values of the class's map and of another class's, drawn by the seed. A map that is the same everywhere
/// counts as 0. Quantus compares by structural similarity (SSIM); ranks are used here, as in the other measures of this kind, and SSIM is not
/// offered. Between -1 and 1; lower is better. One map.
pub async fn evaluate(trial: &Trial<'_>) -> Result<Outcome> {
    let context = trial.context;
    context.job.step(0, 1).await?;
    let classes = context.network.logits(context.input.clone()).dims()[1];
    if classes < 2 {
        return Err(undefined(ID, "the network knows one class only"));
    }
    // Every class but the target is equally likely.
    let drawn = trial.random().random_range(0..classes - 1);
    of_class(trial, if drawn < context.target { drawn } else { drawn + 1 }).await
}

/// The same with this class.
pub async fn of_class(trial: &Trial<'_>, class: usize) -> Result<Outcome> {
    let map = trial.map_for(class).await?.reduced();
    let value = likeness(&trial.map.reduced(), &map) as f32;
    Ok(Outcome {
        value,
        note: format!("The other class is number {class}, drawn by the seed."),
        curve: vec![Point { at: 1.0, value, label: class.to_string() }],
        pictures: Pictures::Maps(vec![map]),
    })
}
