//! How far a map moves when the image hardly changes: what maximum sensitivity and the local Lipschitz estimate rest on.

use rand::RngExt;

use super::trial::Trial;
use sweetspot_core::draw::Random;
use sweetspot_core::error::Result;

/// Perturbed copies (captum's default number).
pub(crate) const COPIES: usize = 10;

/// The largest change of a value, as a share of the range from black to white (captum's default of 0.02, on images between 0 and 1).
pub(crate) const RADIUS: f64 = 0.02;

/// What a perturbation changed, in Euclidean norm over all channels and pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The map.
    pub map: f64,
    /// The image.
    pub image: f64,
}

/// The changes by drawn perturbations, uniform in a cube of `RADIUS`. `COPIES` maps.
pub async fn drawn_changes(trial: &Trial<'_>) -> Result<Vec<Change>> {
    let mut random = trial.random();
    changes(trial, COPIES, |_| perturbation(trial, &mut random)).await
}

/// The changes by these perturbations [channels, h, w], a function of the copy's number.
pub async fn changes(trial: &Trial<'_>, copies: usize, mut perturbation: impl FnMut(usize) -> Vec<f32>) -> Result<Vec<Change>> {
    let context = trial.context;
    let mut changes = Vec::with_capacity(copies);
    for copy in 0..copies {
        context.job.step(copy as u64, copies as u64).await?;
        let perturbation = perturbation(copy);
        let image = norm(perturbation.iter().map(|v| f64::from(*v)));
        let map = trial.map_of(context.input.clone() + context.images(perturbation)).await?;
        let map = norm(map.values.iter().zip(&trial.map.values).map(|(a, b)| f64::from(*a) - f64::from(*b)));
        changes.push(Change { map, image });
    }
    Ok(changes)
}

fn perturbation(trial: &Trial<'_>, random: &mut Random) -> Vec<f32> {
    let pixels = trial.map.height * trial.map.width;
    let mut channel = |&(least, most): &(f32, f32)| -> Vec<f32> {
        let radius = RADIUS * f64::from(most - least);
        (0..pixels).map(|_| (random.random_range(-1.0..=1.0) * radius) as f32).collect()
    };
    trial.context.bounds.iter().flat_map(&mut channel).collect()
}

/// The Euclidean norm.
pub fn norm(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|v| v * v).sum::<f64>().sqrt()
}
