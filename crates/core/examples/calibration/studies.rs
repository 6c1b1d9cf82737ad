//! All studies.

use sweetspot_core::metrics::spearman::spearman;
use sweetspot_core::statistics::alternative::Alternative::{Greater, Less, TwoSided};
use sweetspot_core::statistics::bootstrap::{Bootstrap, Interval};
use sweetspot_core::statistics::ceiling::{ceiling, majority_kappa};
use sweetspot_core::statistics::clusters::{Clusters, cluster_mean, cluster_sign_flip_test};
use sweetspot_core::statistics::equivalence::equivalence_by_flips;
use sweetspot_core::statistics::family::Family;
use sweetspot_core::statistics::non_inferiority::{Pairs, non_inferiority};
use sweetspot_core::statistics::one_mean::{Method, mean_interval};
use sweetspot_core::statistics::permutation::{correlation_test, group_test, permutation_test};
use sweetspot_core::statistics::sign_flips::sign_flip_test;
use sweetspot_core::statistics::two_way::{MeanOf, Weights, pigeonhole, two_way_mean};
use sweetspot_core::statistics::wilson::wilson;

use super::data::{Kind, answers, clustered, normal, right, sweep, uniform};
use super::study::{Expect, Rate, Study};
use sweetspot_core::draw::Random;

/// Random flips and resamples of a draw: fewer than in use, which costs some power and no level.
const FLIPS: usize = 999;
const RESAMPLES: usize = 999;
const LEVEL: f64 = 0.05;
const CONFIDENCE: f64 = 0.95;
const SIZES: [usize; 4] = [8, 16, 64, 500];

/// Everything that is simulated, section by section.
pub fn studies() -> Vec<Study> {
    let mut all = Studies(Vec::new());
    sign_flips(&mut all);
    family(&mut all);
    means(&mut all);
    clusters(&mut all);
    people(&mut all);
    ceilings(&mut all);
    accuracies(&mut all);
    labels(&mut all);
    all.0
}

/// The studies so far.
struct Studies(Vec<Study>);

impl Studies {
    fn add(
        &mut self,
        section: &'static str,
        [procedure, data, units]: [&str; 3],
        rate: Rate,
        draws: [usize; 2],
        draw: impl Fn(&mut Random, u64) -> Option<bool> + Send + Sync + 'static,
    ) {
        let expect = super::known::known(section, [procedure, data, units]).map_or(Expect::Keeps, Expect::Fails);
        let [procedure, data, units] = [procedure, data, units].map(String::from);
        self.0.push(Study { section, procedure, data, units, rate, expect, draws, draw: Box::new(draw) });
    }
}

fn holds(interval: Interval, truth: f64) -> bool {
    interval.low <= truth && truth <= interval.high
}

fn some(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

/// Draws by how dear they are.
fn draws(pictures: usize) -> [usize; 2] {
    if pictures > 100 { [4000, 150] } else { [10_000, 1000] }
}

const FLIP: &str = "One mean difference: sign flips";

fn sign_flips(all: &mut Studies) {
    for kind in Kind::ALL {
        for n in SIZES {
            let units = format!("{n} pictures");
            all.add(FLIP, ["sign flips, two-sided", kind.name(), &units], Rate::Error(LEVEL), draws(n), move |random, seed| {
                Some(sign_flip_test(&kind.draw(random, n), TwoSided, FLIPS, seed).ok()?.p <= LEVEL)
            });
        }
    }
    for (alternative, name) in [(Greater, "sign flips, for a gain"), (Less, "sign flips, for a loss")] {
        for n in SIZES {
            let units = format!("{n} pictures");
            let kind = Kind::Skewed;
            all.add(FLIP, [name, kind.name(), &units], Rate::Error(LEVEL), draws(n), move |random, seed| {
                Some(sign_flip_test(&kind.draw(random, n), alternative, FLIPS, seed).ok()?.p <= LEVEL)
            });
        }
    }
    for n in SIZES {
        let units = format!("{n} pictures");
        let name = "percentile bootstrap, as before";
        all.add(FLIP, [name, Kind::Normal.name(), &units], Rate::Error(LEVEL), draws(n), move |random, seed| {
            Some(Bootstrap::new(seed, RESAMPLES).test(&Kind::Normal.draw(random, n))?.p <= LEVEL)
        });
    }
    // A paired t test with 64 pictures finds half a deviation in 97.6 of 100 cases, 0.35 in 78.7, with 16 pictures 0.75 in 79.8.
    for (n, effect, power) in [(16, 0.75, 0.798), (64, 0.35, 0.787), (64, 0.5, 0.976)] {
        let units = format!("{n} pictures");
        let data = format!("normal, {effect} deviations");
        all.add(FLIP, ["power, as the t test's", &data, &units], Rate::Power(power - 0.01), draws(n), move |random, seed| {
            let moved: Vec<f64> = Kind::Normal.draw(random, n).iter().map(|x| x + effect).collect();
            Some(sign_flip_test(&moved, TwoSided, FLIPS, seed).ok()?.p <= LEVEL)
        });
    }
    for kind in [Kind::Normal, Kind::Heavy, Kind::Skewed] {
        for n in [16, 64] {
            let units = format!("{n} pictures");
            let name = "equivalence, true mean at the margin";
            all.add(FLIP, [name, kind.name(), &units], Rate::Error(LEVEL), draws(n), move |random, seed| {
                let moved: Vec<f64> = kind.draw(random, n).iter().map(|x| x + 1.0).collect();
                Some(equivalence_by_flips(&moved, 1.0, FLIPS, seed).ok()?.p <= LEVEL)
            });
        }
    }
}

const FAMILY: &str = "Many measures and sparsities: the maximum over a family";

fn family(all: &mut Studies) {
    let draws = |n: usize| if n > 100 { [1000, 15] } else { [4000, 150] };
    for kind in Kind::ALL {
        for n in SIZES {
            let units = format!("{n} pictures");
            all.add(FAMILY, ["any of 48 columns found", kind.name(), &units], Rate::Error(LEVEL), draws(n), move |random, seed| {
                let found = Family::new(&sweep(random, kind, n), TwoSided, FLIPS, seed).ok()?.finish();
                Some(found.iter().any(|column| column.step_down <= LEVEL))
            });
        }
    }
    for n in [16, 64] {
        let units = format!("{n} pictures");
        let name = "any of 36 found beside 12 that gain";
        all.add(FAMILY, [name, Kind::Normal.name(), &units], Rate::Error(LEVEL), draws(n), move |random, seed| {
            let mut columns = sweep(random, Kind::Normal, n);
            columns[..12].iter_mut().flatten().flatten().for_each(|entry| *entry += 6.0);
            let found = Family::new(&columns, TwoSided, FLIPS, seed).ok()?.finish();
            Some(found[12..].iter().any(|column| column.step_down <= LEVEL))
        });
    }
    // A gain of 0.6 deviations has t about 4.8 with 64 pictures; Bonferroni over 32 asks for 3.31, which a t test of that gain passes in 93 of 100 cases.
    all.add(
        FAMILY,
        ["power, one of 32 gains by 0.6 deviations", Kind::Normal.name(), "64 pictures"],
        Rate::Power(0.91),
        draws(64),
        |random, seed| {
            let mut columns: Vec<Vec<Option<f64>>> = (0..32).map(|_| some(&Kind::Normal.draw(random, 64))).collect();
            columns[0].iter_mut().flatten().for_each(|entry| *entry += 0.6);
            Some(Family::new(&columns, TwoSided, FLIPS, seed).ok()?.finish()[0].step_down <= LEVEL)
        },
    );
}

const MEAN: &str = "Where a mean lies";

fn means(all: &mut Studies) {
    let methods = [(Method::Student, "Student's t"), (Method::BootstrapT, "bootstrap t"), (Method::Accelerated, "bootstrap, BCa")];
    for (method, name) in methods {
        for kind in Kind::ALL {
            for n in SIZES {
                let units = format!("{n} pictures");
                let draws = if n > 100 { [2000, 40] } else { [10_000, 200] };
                all.add(MEAN, [name, kind.name(), &units], Rate::Coverage(CONFIDENCE), draws, move |random, seed| {
                    let interval = mean_interval(&kind.draw(random, n), CONFIDENCE, method, RESAMPLES, seed).ok()?;
                    Some(holds(interval, 0.0))
                });
            }
        }
    }
    for kind in [Kind::Normal, Kind::Skewed] {
        for n in SIZES {
            let units = format!("{n} pictures");
            let draws = if n > 100 { [2000, 40] } else { [10_000, 200] };
            let name = "percentile bootstrap, as before";
            all.add(MEAN, [name, kind.name(), &units], Rate::Coverage(CONFIDENCE), draws, move |random, seed| {
                Some(holds(Bootstrap::new(seed, RESAMPLES).interval(&kind.draw(random, n))?, 0.0))
            });
        }
    }
    for (n, share) in [(8, 0.8), (16, 0.8), (64, 0.9), (500, 0.9)] {
        let units = format!("{n} pictures");
        let data = format!("right in {share}");
        all.add(MEAN, ["Wilson", &data, &units], Rate::Coverage(CONFIDENCE), draws(n), move |random, _| {
            let hits = (0..n).filter(|_| uniform(random) < share).count();
            let [low, high] = wilson(hits, n);
            Some(holds(Interval { low, high }, share))
        });
    }
}

const CLUSTERS: &str = "Pictures in clusters of different sizes";

fn clusters(all: &mut Studies) {
    for kind in [Kind::Normal, Kind::Heavy, Kind::Skewed, Kind::Tied] {
        for (count, pictures) in [(8, 64), (16, 64), (11, 500), (64, 500)] {
            let units = format!("{pictures} in {count} clusters");
            let draws = [10_000, 400];
            all.add(CLUSTERS, ["interval, robust", kind.name(), &units], Rate::Coverage(CONFIDENCE), draws, move |random, _| {
                let (values, labels) = clustered(random, kind, count, pictures);
                Some(holds(cluster_mean(&values, &Clusters::new(&labels), CONFIDENCE).ok()?.interval, 0.0))
            });
            all.add(CLUSTERS, ["sign flips of clusters", kind.name(), &units], Rate::Error(LEVEL), draws, move |random, seed| {
                let (values, labels) = clustered(random, kind, count, pictures);
                Some(cluster_sign_flip_test(&values, &Clusters::new(&labels), TwoSided, FLIPS, seed).ok()?.p <= LEVEL)
            });
        }
    }
    for (count, pictures) in [(16, 64), (11, 500)] {
        let units = format!("{pictures} in {count} clusters");
        let name = "Student's t, as if independent";
        all.add(CLUSTERS, [name, "normal", &units], Rate::Coverage(CONFIDENCE), [10_000, 400], move |random, seed| {
            let (values, _) = clustered(random, Kind::Normal, count, pictures);
            Some(holds(mean_interval(&values, CONFIDENCE, Method::Student, RESAMPLES, seed).ok()?, 0.0))
        });
        let name = "sign flips, as if independent";
        all.add(CLUSTERS, [name, "normal", &units], Rate::Error(LEVEL), [4000, 200], move |random, seed| {
            let (values, _) = clustered(random, Kind::Normal, count, pictures);
            Some(sign_flip_test(&values, TwoSided, FLIPS, seed).ok()?.p <= LEVEL)
        });
    }
}

const PEOPLE: &str = "People and pictures, both drawn";

/// The share of right answers by weights, over people.
fn right_by(rows: &[Vec<Option<bool>>], weights: &Weights) -> Option<f64> {
    let (mut sum, mut of) = (0.0, 0.0);
    for (row, times) in rows.iter().zip(&weights.people).filter(|(_, times)| **times > 0) {
        let (mut right, mut all) = (0_u32, 0_u32);
        for (cell, times) in row.iter().zip(&weights.pictures) {
            if let Some(cell) = cell {
                all += times;
                right += times * u32::from(*cell);
            }
        }
        if all > 0 {
            sum += f64::from(*times) * f64::from(right) / f64::from(all);
            of += f64::from(*times);
        }
    }
    (of > 0.0).then_some(sum / of)
}

fn people(all: &mut Studies) {
    for (people, pictures, missing) in [(4, 40, 0.0), (10, 40, 0.0), (10, 160, 0.0), (10, 160, 0.3), (25, 160, 0.0)] {
        let units = format!("{people} x {pictures}");
        let data = if missing > 0.0 { "answers, 30 % missing" } else { "answers" };
        all.add(PEOPLE, ["mean over people, by formula", data, &units], Rate::Coverage(CONFIDENCE), [10_000, 300], move |random, _| {
            let rows = answers(random, people, pictures, missing);
            let rows: Vec<Vec<Option<f64>>> =
                rows.iter().map(|row| row.iter().map(|cell| cell.map(|right| f64::from(u8::from(right)))).collect()).collect();
            Some(holds(two_way_mean(&rows, MeanOf::People, CONFIDENCE).ok()?.interval, right()))
        });
        let name = "mean over people, pigeonhole bootstrap";
        all.add(PEOPLE, [name, data, &units], Rate::Coverage(CONFIDENCE), [2000, 40], move |random, seed| {
            let rows = answers(random, people, pictures, missing);
            let found = pigeonhole(people, pictures, CONFIDENCE, RESAMPLES, seed, |weights| right_by(&rows, weights)).ok()?;
            Some(holds(found.interval, right()))
        });
        let name = "Wilson, trials as if independent";
        all.add(PEOPLE, [name, data, &units], Rate::Coverage(CONFIDENCE), [10_000, 300], move |random, _| {
            let rows = answers(random, people, pictures, missing);
            let trials: Vec<bool> = rows.iter().flatten().flatten().copied().collect();
            let [low, high] = wilson(trials.iter().filter(|right| **right).count(), trials.len());
            Some(holds(Interval { low, high }, right()))
        });
    }
}

const CEILING: &str = "Noise ceilings";

fn ceilings(all: &mut Studies) {
    // The mean of 40,000 ceilings of as many people and pictures.
    let true_ones = [(5, 60, super::known::CEILINGS[0]), (10, 60, super::known::CEILINGS[1]), (10, 160, super::known::CEILINGS[2])];
    for (people, pictures, [lower, upper]) in true_ones {
        let units = format!("{people} x {pictures}");
        let of = move |random: &mut Random| {
            let rows = answers(random, people, pictures, 0.0);
            ceiling(people, pictures, CONFIDENCE, majority_kappa(&rows)).ok()
        };
        all.add(CEILING, ["lower", "answers", &units], Rate::Coverage(CONFIDENCE), [2000, 40], move |random, _| {
            Some(holds(of(random)?.lower.interval, lower))
        });
        all.add(CEILING, ["upper", "answers", &units], Rate::Coverage(CONFIDENCE), [2000, 40], move |random, _| {
            Some(holds(of(random)?.upper.interval, upper))
        });
    }
}

const ACCURACY: &str = "Accuracy has not dropped by as much as is allowed";

fn accuracies(all: &mut Studies) {
    // Pictures that only one network has right: `gained`, and the drop more.
    let pairs = |random: &mut Random, n: usize, drop: f64, gained: f64| {
        let mut pairs = Pairs { pictures: n, ..Pairs::default() };
        for _ in 0..n {
            match uniform(random) {
                low if low < gained => pairs.gained += 1,
                low if low < 2.0 * gained + drop => pairs.lost += 1,
                _ => {}
            }
        }
        pairs
    };
    for (n, margin, gained) in [(16, 0.1, 0.05), (64, 0.05, 0.05), (64, 0.05, 0.15), (500, 0.02, 0.03), (500, 0.02, 0.1), (500, 0.05, 0.05)]
    {
        let units = format!("{n} pictures");
        let data = format!("true drop {margin} at the margin, {gained} gained");
        all.add(ACCURACY, ["Tango", &data, &units], Rate::Error(LEVEL), draws(64), move |random, _| {
            Some(non_inferiority(pairs(random, n, margin, gained), margin, LEVEL).ok()?.shown)
        });
        all.add(ACCURACY, ["point estimate, as before", &data, &units], Rate::Error(LEVEL), draws(64), move |random, _| {
            Some(pairs(random, n, margin, gained).drop() < margin)
        });
    }
    // No drop, 3 % each way, margin 2 points: sqrt(500) .02 / sqrt(.06) = 1.83 standard errors, of which 1.645 are asked for.
    all.add(
        ACCURACY,
        ["power, Tango", "no drop, margin 0.02, 0.03 each way", "500 pictures"],
        Rate::Power(0.54),
        draws(64),
        move |random, _| Some(non_inferiority(pairs(random, 500, 0.0, 0.03), 0.02, LEVEL).ok()?.shown),
    );
}

const LABELS: &str = "Networks and trainings: permutations of labels";

/// Two measures of networks over 13 sparsities, each a smooth curve of its own.
fn curves(random: &mut Random, networks: usize) -> Vec<[Vec<f64>; 2]> {
    let mut walk = || {
        let (mut at, mut step) = (0.0, normal(random));
        let mut next = || {
            step = 0.8 * step + 0.3 * normal(random);
            at += step;
            at
        };
        (0..13).map(|_| next()).collect::<Vec<f64>>()
    };
    (0..networks).map(|_| [walk(), walk()]).collect()
}

fn labels(all: &mut Studies) {
    for n in SIZES {
        let units = format!("{n} networks");
        let draws = if n > 100 { [2000, 40] } else { [4000, 60] };
        all.add(LABELS, ["rank correlation", "two unrelated numbers", &units], Rate::Error(LEVEL), draws, move |random, seed| {
            let (one, other) = (Kind::Skewed.draw(random, n), Kind::Tied.draw(random, n));
            Some(correlation_test(&one, &other, None, TwoSided, FLIPS, seed).ok()?.p <= LEVEL)
        });
    }
    for (inside, outside) in [(2, 3), (3, 3), (5, 5), (8, 16)] {
        let units = format!("{inside} and {outside} trainings");
        all.add(LABELS, ["two groups", "skewed, alike", &units], Rate::Error(LEVEL), [10_000, 400], move |random, seed| {
            let groups: Vec<bool> = (0..inside + outside).map(|at| at < inside).collect();
            Some(group_test(&Kind::Skewed.draw(random, inside + outside), &groups, None, TwoSided, FLIPS, seed).ok()?.p <= LEVEL)
        });
    }
    // Four networks, each its own level, with two trainings of each kind.
    let of_blocks = |random: &mut Random| {
        let levels = Kind::Normal.draw(random, 4);
        (0..16).map(|at| 5.0 * levels[at / 4] + normal(random)).collect::<Vec<f64>>()
    };
    let blocks: Vec<usize> = (0..16).map(|at| at / 4).collect();
    let kinds: Vec<bool> = (0..16).map(|at| at % 4 < 2).collect();
    let (same_blocks, same_kinds) = (blocks.clone(), kinds.clone());
    let name = "two groups within networks";
    all.add(LABELS, [name, "networks differ, groups do not", "4 x 4 trainings"], Rate::Error(LEVEL), [10_000, 300], move |random, seed| {
        Some(group_test(&of_blocks(random), &kinds, Some(&blocks), TwoSided, FLIPS, seed).ok()?.p <= LEVEL)
    });
    // Sixteen numbers of deviation 1 in two halves: a difference of 1.6 is 3.2 standard errors.
    let data = "networks differ, groups by 1.6 deviations";
    all.add(LABELS, ["power, within networks", data, "4 x 4 trainings"], Rate::Power(0.8), [10_000, 300], move |random, seed| {
        let mut values = of_blocks(random);
        values.iter_mut().zip(&same_kinds).filter(|(_, inside)| **inside).for_each(|(value, _)| *value += 1.6);
        Some(group_test(&values, &same_kinds, Some(&same_blocks), TwoSided, FLIPS, seed).ok()?.p <= LEVEL)
    });
    for networks in [5, 6, 8] {
        let units = format!("{networks} networks");
        let draws = if networks > 6 { [2000, 40] } else { [4000, 200] };
        all.add(
            LABELS,
            ["curves go together, networks permuted", "unrelated smooth curves", &units],
            Rate::Error(LEVEL),
            draws,
            move |random, seed| {
                let curves = curves(random, networks);
                let of = |one: usize, other: usize| spearman(&curves[one][0], &curves[other][1]);
                let all: Vec<Vec<f64>> =
                    (0..networks).map(|one| (0..networks).map(|other| of(one, other)).collect()).collect::<Option<_>>()?;
                let mean = |places: &[usize]| places.iter().enumerate().map(|(one, other)| all[one][*other]).sum::<f64>() / networks as f64;
                let places: Vec<usize> = (0..networks).collect();
                Some(permutation_test(&places, None, TwoSided, FLIPS, seed, |places| Some(mean(places))).ok()?.p <= LEVEL)
            },
        );
    }
    all.add(
        LABELS,
        ["a curve's sparsities permuted", "unrelated smooth curves", "1 network"],
        Rate::Error(LEVEL),
        [4000, 100],
        |random, seed| {
            let [one, other] = curves(random, 1).pop()?;
            Some(correlation_test(&one, &other, None, TwoSided, FLIPS, seed).ok()?.p <= LEVEL)
        },
    );
}
