//! TokenCut (Wang et al., 2022, "Self-supervised transformers for unsupervised object discovery using normalized cut").

use super::affinity::Affinity;
use super::entry::{Compute, Entry};
use super::graph::{Cut, Graph};
use super::place::{bounds, component};
use sweetspot_core::discovery::Method;
use sweetspot_core::discovery::methods::token_cut::THRESHOLD;
use sweetspot_core::discovery::settings::EPSILON;
use sweetspot_core::discovery::{Found, Tokens};

pub(crate) const ENTRY: Entry = Entry {
    of: Method::TokenCut,
    compute: Compute::Tokens(|tokens, cosines, settings| find(tokens, cosines, settings.real(&THRESHOLD), settings.real(&EPSILON))),
};

/// How much smaller a value may be to count as the largest, as a share of it: tokens with the same edges have equal values but for rounding.
const TIED: f64 = 1e-6;

/// One object: which part it is, its seed, and what hangs together with it.
pub(crate) struct Part {
    /// The token of largest value.
    pub seed: usize,
    /// The eigenvector, positive on the object.
    pub vector: Vec<f64>,
    /// The part of the cut.
    pub foreground: Vec<bool>,
    /// The tokens of it that hang together with the seed.
    pub mask: Vec<bool>,
}

/// Finds an object from cosines of tokens.
pub(crate) fn find(tokens: &Tokens, cosines: &Affinity, threshold: f64, weak: f64) -> Found {
    let graph = Graph::of(cosines, threshold, weak);
    let Cut { vector, note } = graph.cut();
    let degrees = graph.degrees.iter().map(|degree| *degree as f32).collect();
    if vector.iter().all(|v| *v == 0.0) {
        return Found { degrees, ..Found::nothing("all tokens are joined alike") };
    }
    let foreground = above_mean(&vector);
    let seed = first_largest(vector.iter().map(|v| v.abs()));
    let other = !foreground[seed];
    let Part { seed, vector, foreground, mask } = part(vector, foreground, seed, other, tokens.columns);
    Found {
        seed: Some(seed),
        similar: Vec::new(),
        degrees,
        eigenvector: vector.into_iter().map(|v| v as f32).collect(),
        boxes: bounds(&mask, tokens).into_iter().collect(),
        masks: vec![mask],
        foreground,
        note,
    }
}

/// The part with the seed, or with `other` the rest, with the eigenvector turned around.
pub(crate) fn part(vector: Vec<f64>, foreground: Vec<bool>, seed: usize, other: bool, columns: usize) -> Part {
    let (vector, foreground) = match other {
        true => (vector.into_iter().map(|v| -v).collect(), foreground.into_iter().map(|f| !f).collect()),
        false => (vector, foreground),
    };
    let mask = component(&foreground, seed, columns);
    Part { seed, vector, foreground, mask }
}

/// Which values are above their mean.
pub(crate) fn above_mean(vector: &[f64]) -> Vec<bool> {
    let mean = vector.iter().sum::<f64>() / vector.len().max(1) as f64;
    vector.iter().map(|v| *v > mean).collect()
}

/// The lowest index of those that are the largest but for rounding.
pub(crate) fn first_largest(values: impl Iterator<Item = f64> + Clone) -> usize {
    let most = values.clone().fold(f64::NEG_INFINITY, f64::max);
    values.clone().position(|v| v >= most - TIED * most.abs()).unwrap_or(0)
}
