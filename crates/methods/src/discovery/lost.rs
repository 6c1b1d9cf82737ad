//! LOST (Siméoni et al., 2021, "Localizing objects with self-supervised transformers and no labels").

use super::affinity::Affinity;
use super::entry::{Compute, Entry};
use super::place::{bounds, component};
use sweetspot_core::discovery::Method;
use sweetspot_core::discovery::methods::lost::PATCHES;
use sweetspot_core::discovery::{Found, Tokens};

pub(crate) const ENTRY: Entry =
    Entry { of: Method::Lost, compute: Compute::Tokens(|tokens, products, settings| find(tokens, products, settings.whole(&PATCHES))) };

/// Finds an object from products of tokens. `patches` is k, capped at the number of tokens.
pub(crate) fn find(tokens: &Tokens, affinity: &Affinity, patches: usize) -> Found {
    let count = affinity.tokens();
    let degree = |i: usize| affinity.row(i).iter().enumerate().filter(|(j, v)| *j != i && **v > 0.0).count();
    let degrees: Vec<usize> = (0..count).map(degree).collect();
    let mut order: Vec<usize> = (0..count).collect();
    // A stable sort: of equal degrees the lower index comes first.
    order.sort_by_key(|token| degrees[*token]);
    let Some(&seed) = order.first() else { return Found::nothing("there are no tokens") };
    let from_seed = affinity.row(seed);
    let similar: Vec<usize> = order.iter().take(patches).copied().filter(|token| from_seed[*token] > 0.0).collect();
    let degrees = degrees.into_iter().map(|degree| degree as f32).collect();
    if similar.is_empty() {
        return Found { degrees, ..Found::nothing("the token of least degree is zero") };
    }

    let mut sums = vec![0.0_f64; count];
    for token in &similar {
        sums.iter_mut().zip(affinity.row(*token)).for_each(|(sum, v)| *sum += f64::from(*v));
    }
    let foreground: Vec<bool> = sums.iter().map(|sum| *sum > 0.0).collect();
    let mask = component(&foreground, seed, tokens.columns);
    Found {
        seed: Some(seed),
        similar,
        degrees,
        boxes: bounds(&mask, tokens).into_iter().collect(),
        masks: vec![mask],
        foreground,
        ..Found::default()
    }
}
