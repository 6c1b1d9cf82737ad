//! Linear models of the score over superpixels that are shown or hidden: LIME (Ribeiro, Singh and Guestrin, 2016) and KernelSHAP (Lundberg and
//! Lee, 2017). Hidden pixels have the recipe's mean colour; every pixel gets its superpixel's coefficient.

use nalgebra::{DMatrix, DVector};
use rand::RngExt;
use rand::seq::index::sample;

use super::context::Context;
use super::entry::Entry;
use super::superpixels::superpixels;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::methods::surrogate::{COALITIONS, SEGMENTS};
use sweetspot_core::draw::Random;
use sweetspot_core::error::Result;
use sweetspot_nn::device::values;

pub(crate) const LIME: Entry = Entry { of: Method::Lime, compute: |context| Box::pin(lime(context)) };
pub(crate) const KERNEL_SHAP: Entry = Entry { of: Method::KernelShap, compute: |context| Box::pin(kernel_shap(context)) };

/// Width of LIME's kernel on the cosine distance to the whole image (its authors' for pictures).
const KERNEL_WIDTH: f64 = 0.25;

/// LIME's penalty on squared coefficients (the authors' ridge regression).
const PENALTY: f64 = 1.0;

/// Which superpixels are shown.
pub type Coalition = Vec<bool>;

/// LIME with drawn coalitions; the whole image is the first of them.
pub async fn lime(context: &Context<'_>) -> Result<ChannelMap> {
    let (pieces, count) = pieces(context).await?;
    let mut random = context.random();
    let wanted = context.whole(&COALITIONS);
    let coalitions: Vec<Coalition> = (0..wanted).map(|i| (0..count).map(|_| i == 0 || random.random_bool(0.5)).collect()).collect();
    let fit = |scores: &[f64]| lime_coefficients(&coalitions[..scores.len()], scores);
    let scores = scores(context, &pieces, &coalitions, fit).await?;
    Ok(spread(context, &pieces, &lime_coefficients(&coalitions, &scores)))
}

/// KernelSHAP: exact Shapley values where there are no more subsets than are asked for, else from drawn ones.
pub(crate) async fn kernel_shap(context: &Context<'_>) -> Result<ChannelMap> {
    let (pieces, count) = pieces(context).await?;
    let wanted = context.whole(&COALITIONS);
    let (coalitions, weights) = shap_coalitions(count, wanted, &mut context.random());
    let ends = context.scores(burn::tensor::Tensor::cat(vec![context.input.zeros_like(), context.input.clone()], 0)).await?;
    let ends = (f64::from(ends[0]), f64::from(ends[1]));
    let fit = |scores: &[f64]| shap_values(&coalitions[..scores.len()], &weights[..scores.len()], scores, ends);
    let scores = scores(context, &pieces, &coalitions, fit).await?;
    Ok(spread(context, &pieces, &shap_values(&coalitions, &weights, &scores, ends)))
}

/// The image's superpixels and how many there are.
async fn pieces(context: &Context<'_>) -> Result<(Vec<usize>, usize)> {
    context.job.step(0, 0).await?;
    let [_, _, height, width] = context.input.dims();
    let input = values(context.input.clone()).await?;
    let colours: Vec<f32> = input
        .chunks_exact(height * width)
        .zip(context.bounds)
        .flat_map(|(channel, (least, most))| channel.iter().map(move |v| (v - least) / (most - least)))
        .collect();
    let pieces = superpixels(&colours, height, width, context.whole(&SEGMENTS));
    let count = pieces.iter().max().map_or(0, |last| last + 1);
    Ok((pieces, count))
}

/// The class score of the image with the pieces of each coalition shown and the others hidden. Unfinished maps are fitted and shown meanwhile.
pub async fn scores(
    context: &Context<'_>,
    pieces: &[usize],
    coalitions: &[Coalition],
    fit: impl Fn(&[f64]) -> Vec<f64>,
) -> Result<Vec<f64>> {
    let image = values(context.input.clone()).await?;
    let mut scores: Vec<f64> = Vec::with_capacity(coalitions.len());
    for batch in coalitions.chunks(context.batch) {
        if !scores.is_empty() {
            context.job.show(|| spread(context, pieces, &fit(&scores)));
        }
        context.job.step(scores.len() as u64, coalitions.len() as u64).await?;
        let shown = |coalition: &'_ Coalition| -> Vec<f32> {
            image.iter().zip(pieces.iter().cycle()).map(|(x, piece)| if coalition[*piece] { *x } else { 0.0 }).collect()
        };
        let images = context.images(batch.iter().flat_map(shown).collect());
        scores.extend(context.scores(images).await?.into_iter().map(f64::from));
    }
    Ok(scores)
}

/// Every pixel's coefficient.
fn spread(context: &Context<'_>, pieces: &[usize], coefficients: &[f64]) -> ChannelMap {
    let [_, _, height, width] = context.input.dims();
    let values = pieces.iter().map(|&piece| coefficients[piece] as f32).collect();
    ChannelMap { channels: 1, height, width, values, signed: true, total: None }
}

/// Ridge regression with an intercept, coalitions weighted by `sqrt(exp(-d^2 / width^2))` with d their cosine distance to the whole image.
pub fn lime_coefficients(coalitions: &[Coalition], scores: &[f64]) -> Vec<f64> {
    let count = coalitions.first().map_or(0, Vec::len);
    let weight = |coalition: &Coalition| {
        let shown = coalition.iter().filter(|&&s| s).count() as f64;
        let distance = 1.0 - (shown / count as f64).sqrt();
        (-(distance / KERNEL_WIDTH).powi(2)).exp().sqrt()
    };
    let weights: Vec<f64> = coalitions.iter().map(weight).collect();
    let all: f64 = weights.iter().sum();
    let mean = |value: &dyn Fn(usize) -> f64| weights.iter().enumerate().map(|(i, w)| w * value(i)).sum::<f64>() / all;
    let shown = |i: usize, k: usize| f64::from(u8::from(coalitions[i][k]));
    let centre: Vec<f64> = (0..count).map(|k| mean(&|i| shown(i, k))).collect();
    let level = mean(&|i| scores[i]);
    // Taking the weighted means off leaves the intercept out of the penalty.
    let design = DMatrix::from_fn(coalitions.len(), count, |i, k| weights[i].sqrt() * (shown(i, k) - centre[k]));
    let goal = DVector::from_fn(coalitions.len(), |i, _| weights[i].sqrt() * (scores[i] - level));
    let normal = design.tr_mul(&design) + DMatrix::identity(count, count) * PENALTY;
    solve(normal, &design.tr_mul(&goal)).as_slice().to_vec()
}

/// Weighted least squares of `f(z) = f(empty) + z . phi` with `sum phi = f(whole) - f(empty)`; `ends` are these two scores.
pub fn shap_values(coalitions: &[Coalition], weights: &[f64], scores: &[f64], ends: (f64, f64)) -> Vec<f64> {
    let count = coalitions.first().map_or(0, Vec::len);
    let change = ends.1 - ends.0;
    if count == 1 {
        return vec![change];
    }
    let shown = |i: usize, k: usize| f64::from(u8::from(coalitions[i][k]));
    let design = DMatrix::from_fn(coalitions.len(), count, |i, k| weights[i].sqrt() * shown(i, k));
    let goal = DVector::from_fn(coalitions.len(), |i, _| weights[i].sqrt() * (scores[i] - ends.0));
    let normal = design.tr_mul(&design);
    let free = solve(normal.clone(), &design.tr_mul(&goal));
    // Lagrange's multiplier brings the sum to what it must be.
    let pull = solve(normal, &DVector::from_element(count, 1.0));
    let step = (change - free.sum()) / pull.sum();
    (free + pull * step).as_slice().to_vec()
}

/// The solution of a symmetric system; where it has several, the shortest.
fn solve(matrix: DMatrix<f64>, goal: &DVector<f64>) -> DVector<f64> {
    let size = matrix.nrows();
    let scale = matrix.amax().max(f64::MIN_POSITIVE);
    match matrix.clone().cholesky().filter(|c| c.l_dirty().diagonal().iter().all(|d| d * d > 1e-10 * scale)) {
        Some(factor) => factor.solve(goal),
        None => matrix.pseudo_inverse(1e-10 * scale).map_or_else(|_| DVector::zeros(size), |inverse| inverse * goal),
    }
}

/// Coalitions with their weights: all of them with Shapley's kernel where `wanted` reaches, else pairs of a coalition and its complement, sizes
/// drawn by the kernel, which leaves every one the same weight.
pub(crate) fn shap_coalitions(count: usize, wanted: usize, random: &mut Random) -> (Vec<Coalition>, Vec<f64>) {
    if count < usize::BITS as usize - 1 && (1_usize << count) - 2 <= wanted {
        let all: Vec<Coalition> = (1..(1_usize << count) - 1).map(|bits| (0..count).map(|k| bits >> k & 1 == 1).collect()).collect();
        let weights = all.iter().map(|c| kernel(count, c.iter().filter(|&&s| s).count())).collect();
        return (all, weights);
    }
    // Probability of a size: the kernel times the number of coalitions of that size, which is 1 / (s (M - s)) up to a factor.
    let shares: Vec<f64> = (1..count).map(|s| 1.0 / (s * (count - s)) as f64).collect();
    let all: f64 = shares.iter().sum();
    let mut coalitions = Vec::with_capacity(wanted + 1);
    while coalitions.len() < wanted {
        let mut left = random.random_range(0.0..all);
        let size = shares.iter().position(|share| {
            left -= share;
            left < 0.0
        });
        let mut shown = vec![false; count];
        sample(random, count, size.map_or(1, |at| at + 1)).into_iter().for_each(|k| shown[k] = true);
        let hidden: Coalition = shown.iter().map(|s| !s).collect();
        coalitions.extend([shown, hidden]);
    }
    coalitions.truncate(wanted);
    let weights = vec![1.0; coalitions.len()];
    (coalitions, weights)
}

/// Shapley's kernel: `(M - 1) / (binomial(M, s) s (M - s))`.
pub fn kernel(count: usize, size: usize) -> f64 {
    let binomial = (0..size).fold(1.0, |product, i| product * (count - i) as f64 / (i + 1) as f64);
    (count - 1) as f64 / (binomial * (size * (count - size)) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sweetspot_core::draw::random;

    /// A game with interactions: what three players earn.
    fn earn(coalition: &Coalition) -> f64 {
        let [a, b, c] = [0, 1, 2].map(|k| f64::from(u8::from(coalition[k])));
        1.0 + 2.0 * a + 3.0 * b * c - a * b
    }

    #[test]
    fn all_coalitions_give_shapleys_values() {
        let (coalitions, weights) = shap_coalitions(3, 6, &mut random(0));
        assert_eq!(coalitions.len(), 6);
        let scores: Vec<f64> = coalitions.iter().map(earn).collect();
        let values = shap_values(&coalitions, &weights, &scores, (earn(&vec![false; 3]), earn(&vec![true; 3])));
        // By hand: a alone earns 2 and shares the loss with b; b and c share 3.
        let expected = [1.5, 1.0, 1.5];
        assert!(values.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{values:?}");
    }

    #[test]
    fn drawn_coalitions_come_in_pairs_and_add_up() {
        let (coalitions, weights) = shap_coalitions(20, 100, &mut random(1));
        assert_eq!((coalitions.len(), weights.len()), (100, 100));
        assert!(coalitions.chunks(2).all(|pair| pair[0].iter().zip(&pair[1]).all(|(a, b)| a != b)));
        let scores: Vec<f64> =
            coalitions.iter().map(|c| c.iter().enumerate().map(|(k, s)| if *s { k as f64 } else { 0.0 }).sum()).collect();
        let values = shap_values(&coalitions, &weights, &scores, (0.0, 190.0));
        // A sum of parts is found exactly.
        assert!(values.iter().enumerate().all(|(k, v)| (v - k as f64).abs() < 1e-6), "{values:?}");
        // With fewer coalitions than players, the values still add up.
        let few = shap_values(&coalitions[..6], &weights[..6], &scores[..6], (0.0, 190.0));
        assert!((few.iter().sum::<f64>() - 190.0).abs() < 1e-6);
    }
}
