//! Pictures that are not independent: those of one photo, of one person, of one scene. What is independent is the cluster.

use std::collections::HashMap;
use std::hash::Hash;

use super::alternative::Alternative;
use super::bootstrap::Interval;
use super::distributions::student_quantile;
use super::refused::{Refused, at_least, between, finite, same_length};
use super::sign_flips::{SignFlipTest, test_of_sums};

/// Which pictures belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    /// Each picture's cluster.
    of: Vec<usize>,
    count: usize,
}

impl Clusters {
    /// Pictures with the same label are a cluster; clusters are counted in the order in which they come.
    pub fn new<L: Eq + Hash>(labels: &[L]) -> Self {
        let mut known: HashMap<&L, usize> = HashMap::new();
        let of = labels.iter().map(|label| {
            let next = known.len();
            *known.entry(label).or_insert(next)
        });
        let of = of.collect();
        Self { of, count: known.len() }
    }

    /// Each picture for itself.
    pub fn single(pictures: usize) -> Self {
        Self { of: (0..pictures).collect(), count: pictures }
    }

    /// How many pictures there are.
    pub fn pictures(&self) -> usize {
        self.of.len()
    }

    /// How many clusters.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The sum of each cluster's entries that are there.
    pub(super) fn sums(&self, entries: &[Option<f64>]) -> Vec<f64> {
        let mut sums = vec![0.0; self.count];
        self.of.iter().zip(entries).for_each(|(cluster, entry)| sums[*cluster] += entry.unwrap_or(0.0));
        sums
    }

    /// How many pictures each cluster has.
    fn sizes(&self) -> Vec<f64> {
        let mut sizes = vec![0.0; self.count];
        self.of.iter().for_each(|cluster| sizes[*cluster] += 1.0);
        sizes
    }
}

/// A mean over pictures in clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClusterMean {
    /// The mean over pictures, in their unit.
    pub mean: f64,
    /// Its standard error.
    pub error: f64,
    /// Degrees of freedom of that; not a whole number where clusters differ in size.
    pub freedom: f64,
    /// The interval.
    pub interval: Interval,
    /// How often the variance is that of as many independent pictures (Kish's design effect).
    pub design: f64,
}

/// The mean over pictures and the interval that holds it with a confidence, robust to whatever pictures of a cluster have in common.
///
/// The variance is Bell and McCaffrey's (2002, "CR2"), which divides what is left of each cluster by `1 - share of its pictures`, with their degrees of
/// freedom: at most the number of clusters less one, and fewer where a few clusters have most pictures (Imbens and Kolesar, 2016). With clusters of one
/// picture it is Student's interval.
///
/// # Errors
///
/// With fewer than two clusters, a value that is not finite, values that are not as many as pictures, a confidence not between 0 and 1; and where all
/// values are equal ([`Refused::Undefined`]), which says nothing of how clusters differ.
pub fn cluster_mean(values: &[f64], clusters: &Clusters, confidence: f64) -> Result<ClusterMean, Refused> {
    finite(values)?;
    same_length(clusters.pictures(), values.len())?;
    at_least("clusters", 2, clusters.count())?;
    between("a confidence", 0.0, 1.0, confidence)?;
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let left: Vec<Option<f64>> = values.iter().map(|value| Some(value - mean)).collect();
    let (sums, sizes) = (clusters.sums(&left), clusters.sizes());
    let variance = sums.iter().zip(&sizes).map(|(sum, size)| sum * sum / (1.0 - size / n)).sum::<f64>() / (n * n);
    let alone = super::moments::squares(values, mean) / (n - 1.0) / n;
    if !(variance > 0.0 && alone > 0.0) {
        return Err(Refused::Undefined);
    }
    // Of independent pictures the variance is a quadratic form in normal numbers, whose matrix among clusters has size_g / n^2 on its diagonal and
    // minus the following product beside it; n times the trace is 1.
    let beside = |g: usize, h: usize| sizes[g] * sizes[h] / n.powi(3) / ((1.0 - sizes[g] / n) * (1.0 - sizes[h] / n)).sqrt();
    let squared = |g: usize| {
        let own = (sizes[g] / (n * n)).powi(2);
        own + (0..sizes.len()).filter(|h| *h != g).map(|h| beside(g, h).powi(2)).sum::<f64>()
    };
    let freedom = (1.0 / n).powi(2) / (0..sizes.len()).map(squared).sum::<f64>();
    let error = variance.sqrt();
    let half = student_quantile(0.5 + confidence / 2.0, freedom) * error;
    Ok(ClusterMean { mean, error, freedom, interval: Interval { low: mean - half, high: mean + half }, design: variance / alone })
}

/// The sign-flip test in which the differences of a cluster keep or change their signs together
/// ([`sign_flip_test`](super::sign_flips::sign_flip_test); for a family of columns [`Family::clustered`](super::family::Family::clustered)). Of k
/// clusters that differ no probability is below `2^(1 - k)`: eleven photos never tell more than .001.
///
/// # Errors
///
/// Without differences, where one is not finite, and where they are not as many as pictures.
pub fn cluster_sign_flip_test(
    differences: &[f64],
    clusters: &Clusters,
    alternative: Alternative,
    flips: usize,
    seed: u64,
) -> Result<SignFlipTest, Refused> {
    finite(differences)?;
    same_length(clusters.pictures(), differences.len())?;
    at_least("differences", 1, differences.len())?;
    let entries: Vec<Option<f64>> = differences.iter().copied().map(Some).collect();
    Ok(test_of_sums(&clusters.sums(&entries), differences.len(), alternative, flips, seed))
}
