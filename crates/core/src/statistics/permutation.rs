//! Whether something goes with what a unit is: its label is exchanged with those of others.
//!
//! The units are what chance would have drawn anew: networks, trainings. Pictures and measures of one training are no units, however many they are.

use serde::{Deserialize, Serialize};

use super::alternative::Alternative;
use super::flips::reaches;
use super::refused::{Refused, at_least, finite, same_length};
use super::resampling::Draws;
use crate::metrics::spearman::ranks;

/// Random rearrangements unless told otherwise; with the observed one they are 10,000.
pub const REARRANGEMENTS: usize = 9_999;

/// How many different rearrangements may be listed: all of 8 different labels are 40,320.
pub const LISTED: usize = 50_000;

/// What a permutation test says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PermutationTest {
    /// The statistic of the labels as they are.
    pub observed: f64,
    /// The probability of one as extreme, were labels exchangeable.
    pub p: f64,
    /// Rearrangements looked at, the observed one among them.
    pub rearrangements: usize,
    /// Whether these are all there are.
    pub exact: bool,
}

/// The permutation test of any statistic of labels, one a unit, that are rearranged: among all units, or within blocks (a number a unit) where only units
/// of a block are exchangeable (Good, 2005; "restricted" permutation). Where a unit has a whole series, such as two measures over sparsities, the labels
/// are places `0..n`, and `statistic` pairs the first measure of unit i with the second of unit `labels[i]` (Harris, 2020): series stay whole.
///
/// All different rearrangements are listed where they are at most [`LISTED`]; otherwise it is the observed one and `random` others of the seed. The
/// two-sided probability is twice the smaller one-sided one. A rearrangement of which the statistic has no finite value counts as extreme.
///
/// # Errors
///
/// With fewer than two units, blocks that are not as many as units, and where the statistic has no finite value.
pub fn permutation_test(
    labels: &[usize],
    blocks: Option<&[usize]>,
    alternative: Alternative,
    random: usize,
    seed: u64,
    mut statistic: impl FnMut(&[usize]) -> Option<f64>,
) -> Result<PermutationTest, Refused> {
    at_least("units", 2, labels.len())?;
    let blocks = members(labels.len(), blocks)?;
    let mut of = |labels: &[usize]| statistic(labels).filter(|value| value.is_finite());
    let observed = of(labels).ok_or(Refused::Undefined)?;
    let exact = count(labels, &blocks) <= LISTED as f64;
    let (mut all, mut above, mut below) = (0, 0, 0);
    let mut look = |labels: &[usize]| {
        let value = of(labels);
        all += 1;
        above += usize::from(value.is_none_or(|value| reaches(value, observed)));
        below += usize::from(value.is_none_or(|value| reaches(-value, -observed)));
    };
    if exact {
        list(labels, &blocks, &mut look);
    } else {
        look(labels);
        let mut draws = Draws::new(seed);
        for _ in 0..random.max(1) {
            look(&shuffled(labels, &blocks, &mut draws));
        }
    }
    let share = |count: usize| count as f64 / all as f64;
    let p = match alternative {
        Alternative::Greater => share(above),
        Alternative::Less => share(below),
        Alternative::TwoSided => (2.0 * share(above.min(below))).min(1.0),
    };
    Ok(PermutationTest { observed, p, rearrangements: all, exact })
}

/// Whether Spearman's rank correlation of two numbers of each unit is other than chance, by [`permutation_test`].
///
/// # Errors
///
/// As there; where the lists differ in length, where a number is not finite, and where all numbers of a list are equal.
pub fn correlation_test(
    one: &[f64],
    other: &[f64],
    blocks: Option<&[usize]>,
    alternative: Alternative,
    random: usize,
    seed: u64,
) -> Result<PermutationTest, Refused> {
    finite(one)?;
    finite(other)?;
    same_length(one.len(), other.len())?;
    let middle = (one.len() as f64 - 1.0) / 2.0;
    let centred = |values: &[f64]| ranks(values).into_iter().map(|rank| rank - middle).collect::<Vec<f64>>();
    let (one, other) = (centred(one), centred(other));
    let square = |ranks: &[f64]| ranks.iter().map(|rank| rank * rank).sum::<f64>();
    let spread = (square(&one) * square(&other)).sqrt();
    let places: Vec<usize> = (0..one.len()).collect();
    permutation_test(&places, blocks, alternative, random, seed, |places| {
        let product = one.iter().zip(places).map(|(rank, place)| rank * other[*place]).sum::<f64>();
        (spread > 0.0).then(|| product / spread)
    })
}

/// Whether units of a group differ in the mean of a number from the others, by [`permutation_test`]; the statistic is the group's mean less the
/// others', in the unit of the numbers. Of k and m units no one-sided probability is below 1 of `k + m` over `k`: two trainings against three never
/// tell more than .1.
///
/// # Errors
///
/// As there; where the lists differ in length, where a number is not finite, and where one side is empty.
pub fn group_test(
    values: &[f64],
    in_group: &[bool],
    blocks: Option<&[usize]>,
    alternative: Alternative,
    random: usize,
    seed: u64,
) -> Result<PermutationTest, Refused> {
    finite(values)?;
    same_length(values.len(), in_group.len())?;
    let labels: Vec<usize> = in_group.iter().map(|inside| usize::from(*inside)).collect();
    let size = labels.iter().sum::<usize>();
    at_least("units in the group", 1, size)?;
    at_least("units beside the group", 1, values.len() - size)?;
    let (inside, outside) = (size as f64, (values.len() - size) as f64);
    permutation_test(&labels, blocks, alternative, random, seed, |labels| {
        let share = |(value, label): (&f64, &usize)| if *label == 1 { value / inside } else { -value / outside };
        Some(values.iter().zip(labels).map(share).sum())
    })
}

/// The places of each block's units.
fn members(units: usize, blocks: Option<&[usize]>) -> Result<Vec<Vec<usize>>, Refused> {
    let Some(blocks) = blocks else { return Ok(vec![(0..units).collect()]) };
    same_length(units, blocks.len())?;
    let mut names: Vec<usize> = blocks.to_vec();
    names.sort_unstable();
    names.dedup();
    Ok(names.iter().map(|name| (0..units).filter(|at| blocks[*at] == *name).collect()).collect())
}

/// The labels of a block, ascending.
fn ascending(labels: &[usize], block: &[usize]) -> Vec<usize> {
    let mut own: Vec<usize> = block.iter().map(|at| labels[*at]).collect();
    own.sort_unstable();
    own
}

/// How many different rearrangements there are.
fn count(labels: &[usize], blocks: &[Vec<usize>]) -> f64 {
    let factorial = |n: usize| (1..=n).map(|n| n as f64).product::<f64>();
    let of_block = |block: &Vec<usize>| {
        let own = ascending(labels, block);
        factorial(own.len()) / own.chunk_by(|a, b| a == b).map(|same| factorial(same.len())).product::<f64>()
    };
    // Of very many units the factorials are infinite, and so is what counts as their quotient.
    Some(blocks.iter().map(of_block).product::<f64>()).filter(|count| count.is_finite()).unwrap_or(f64::INFINITY)
}

/// All different rearrangements, one after the other: blocks turn like the wheels of a counter.
fn list(labels: &[usize], blocks: &[Vec<usize>], look: &mut impl FnMut(&[usize])) {
    let mut wheels: Vec<Vec<usize>> = blocks.iter().map(|block| ascending(labels, block)).collect();
    let mut now = labels.to_vec();
    loop {
        for (block, wheel) in blocks.iter().zip(&wheels) {
            block.iter().zip(wheel).for_each(|(at, label)| now[*at] = *label);
        }
        look(&now);
        // A wheel that has come round moves the next one on.
        if !wheels.iter_mut().any(|wheel| turn(wheel)) {
            return;
        }
    }
}

/// The next rearrangement in the order of dictionaries; from the last one back to the first, which is said by `false`.
fn turn(wheel: &mut [usize]) -> bool {
    let Some(at) = (1..wheel.len()).rev().find(|at| wheel[at - 1] < wheel[*at]) else {
        wheel.reverse();
        return false;
    };
    if let Some(larger) = (at..wheel.len()).rev().find(|other| wheel[*other] > wheel[at - 1]) {
        wheel.swap(at - 1, larger);
    }
    wheel[at..].reverse();
    true
}

/// Labels in an order of chance within blocks.
fn shuffled(labels: &[usize], blocks: &[Vec<usize>], draws: &mut Draws) -> Vec<usize> {
    let mut now = labels.to_vec();
    for block in blocks {
        let mut own: Vec<usize> = block.iter().map(|at| labels[*at]).collect();
        draws.shuffle(&mut own);
        block.iter().zip(own).for_each(|(at, label)| now[*at] = label);
    }
    now
}
