//! Where sweet spots are depends on architecture and size.

use std::collections::BTreeMap;

use crate::pruning::criterion::Kind;
use crate::sparsity::Sparsity;
use crate::statistics::binomial::binomial_tail;
use crate::statistics::bootstrap::Bootstrap;
use crate::statistics::fisher::fisher;
use crate::statistics::holm::holm;
use crate::sweep::chart::{Across, Chart, Series};
use crate::sweep::findings::study::{Claim, LEVEL, Study, Verdict, axes, called, gain_line, is_mean, leading, percent};
use crate::sweep::paired::Paired;
use crate::sweep::spots::probability;
use crate::sweep::sweep_measure::{Axis, SweepMeasure};

/// A network's kind without its size.
fn family(architecture: &str) -> &str {
    ["_small", "_large", "_medium", "_tiny", "_base"].iter().find_map(|size| architecture.strip_suffix(size)).unwrap_or(architecture)
}

/// What two networks that are compared differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unlike {
    Architecture,
    Size,
    /// In nothing but the seed of their training.
    Training,
}

impl Unlike {
    /// For a table.
    fn word(self) -> &'static str {
        match self {
            Self::Architecture => "architecture",
            Self::Size => "size",
            Self::Training => "training alone",
        }
    }
}

/// How many comparisons there are, and in how many of them the two differ beyond the chance of pictures.
type Count = [usize; 2];

/// How often networks that are unlike in a way differ, and how often two trainings of one network do, in the same measures: others may be easier to
/// tell apart.
struct Held {
    unlike: Unlike,
    count: Count,
    trainings: Count,
}

impl Held {
    /// The probability that so many differ, were two networks no more different than two trainings of one.
    fn chance(&self) -> f64 {
        fisher(self.count, self.trainings)
    }

    /// Whether more differ than chance explains, that of pictures and that of trainings.
    fn bears_out(&self) -> bool {
        let [compared, differ] = self.count;
        differ > 0 && binomial_tail(compared, differ, LEVEL) < LEVEL && self.chance() < LEVEL
    }

    /// In a sentence or two.
    fn says(&self) -> String {
        let what = match self.unlike {
            Unlike::Architecture => "Architecture",
            Unlike::Size => "Size",
            Unlike::Training => "Training alone",
        };
        let ([compared, differ], [trainings, they_differ]) = (self.count, self.trainings);
        if compared == 0 {
            return format!(
                "{what}: no two networks here were pruned the same way and looked at the same pictures, so nothing can be told."
            );
        }
        let more = match trainings {
            0 => "No network here was trained more than once, which would say how far two trainings of one network differ.".into(),
            _ => format!(
                "Two trainings of one network differ in {they_differ} of {trainings} comparisons of the same measures; were two networks no \
                 more different, so many would differ with a probability of {}.",
                probability(self.chance())
            ),
        };
        format!(
            "{what}: in {differ} of {compared} comparisons the gain over dense differs between two networks at some sparsity beyond chance \
             (paired bootstrap over pictures, Holm\u{2019}s correction over sparsities; about {:.1} would by chance). {more}",
            compared as f64 * LEVEL
        )
    }
}

/// A sweep, or the part of it that is of one training.
#[derive(Clone, Copy)]
struct Part<'a> {
    study: &'a Study<'a>,
    seeds: &'a [u64],
}

/// Pairs of sweeps, or of trainings in one, that pruned the same way and looked at the same pictures; and what they differ in.
fn pairs<'a>(studies: &'a [Study<'a>]) -> Vec<(Unlike, [Part<'a>; 2])> {
    let mut pairs = Vec::new();
    let sweep = |study: &'a Study<'a>| &study.state.sweep;
    for (at, one) in studies.iter().enumerate() {
        let how = sweep(one).experiment.pruning;
        for other in &studies[at + 1..] {
            let (here, there) = (&one.state.source, &other.state.source);
            let same_pictures = here.set_sha256 == there.set_sha256 && here.pictures == there.pictures;
            let pruning = sweep(other).experiment.pruning;
            let same = same_pictures && (how.criterion, how.scope) == (pruning.criterion, pruning.scope);
            if same && sweep(one).experiment.model != sweep(other).experiment.model {
                let unlike = if family(one.architecture) == family(other.architecture) { Unlike::Size } else { Unlike::Architecture };
                pairs.push((unlike, [one, other].map(|study| Part { study, seeds: &sweep(study).seeds })));
            }
        }
        if how.criterion.info().kind == Kind::Trained {
            let seeds = &sweep(one).seeds;
            for (at, _) in seeds.iter().enumerate() {
                let with = |other: usize| [at, other].map(|at| Part { study: one, seeds: &seeds[at..=at] });
                pairs.extend((at + 1..seeds.len()).map(|other| (Unlike::Training, with(other))));
            }
        }
    }
    pairs
}

/// They depend on architecture and size: whether what pruning adds differs between two networks, picture by picture. Two trainings of the same network
/// differ, too; only what differs more often than they do speaks for the claim.
pub fn claim(studies: &[Study<'_>]) -> Claim {
    let mut bootstrap = Bootstrap::default();
    let mut rows = Vec::new();
    // By what a pair differs in, its networks and the measure: the probabilities of every comparison.
    let mut compared: BTreeMap<(Unlike, String, String, SweepMeasure), Vec<f64>> = BTreeMap::new();
    let mut pairs = pairs(studies);
    pairs.sort_by_key(|pair| pair.0);
    for (unlike, [one, other]) in pairs {
        let called = |part: Part<'_>| match unlike {
            Unlike::Training => format!("{} {}", part.study.name, part.seeds.first().copied().unwrap_or_default()),
            _ => part.study.state.sweep.experiment.model.clone(),
        };
        for gauge in axes(one.study.state).filter(|gauge| is_mean(*gauge) && other.study.state.sweep.measures.contains(gauge)) {
            let Some((sparsity, mean, p)) = apart(one, other, gauge, &mut bootstrap) else { continue };
            let (a, b) = (called(one), called(other));
            compared.entry((unlike, a.clone().min(b.clone()), a.max(b), gauge)).or_default().push(p);
            rows.push(vec![
                match unlike {
                    Unlike::Training => format!("{}, trainings {} and {}", one.study.name, one.seeds[0], other.seeds[0]),
                    _ => format!("{} and {}", one.study.name, other.study.name),
                },
                unlike.word().into(),
                gauge.info().title.into(),
                format!("{} at {}", gauge.info().unit.write_difference(mean), percent(sparsity)),
                probability(p),
                one.study.state.source.pictures.len().to_string(),
            ]);
        }
    }
    // Two networks that several pairs of sweeps compare in a measure count once, and each comparison is held to a level smaller by their number.
    let counted = |wanted: Unlike, among: &dyn Fn(&SweepMeasure) -> bool| -> Count {
        let all = compared.iter().filter(|((unlike, .., gauge), _)| *unlike == wanted && among(gauge)).map(|(_, all)| all);
        let all: Vec<&Vec<f64>> = all.collect();
        [all.len(), all.iter().filter(|all| all.iter().any(|p| *p < LEVEL / all.len() as f64)).count()]
    };
    let held = |unlike: Unlike| {
        let same = |gauge: &SweepMeasure| compared.keys().any(|(other, .., theirs)| *other == unlike && theirs == gauge);
        Held { unlike, count: counted(unlike, &|_| true), trainings: counted(Unlike::Training, &same) }
    };
    let both = [Unlike::Architecture, Unlike::Size].map(held);
    let untold = both.iter().any(|held| held.count[0] == 0);
    let verdict = match &both {
        _ if untold => Verdict::CannotTell,
        all if all.iter().all(Held::bears_out) => Verdict::Yes,
        all if all.iter().all(|held| held.count[1] == 0) => Verdict::No,
        _ => Verdict::CannotTell,
    };
    let mut because: Vec<String> = both.iter().map(Held::says).collect();
    if untold {
        because.push("The claim is about both, so it is not decided while one of them cannot be told.".into());
    }
    because.push(
        match compared.keys().any(|key| key.0 == Unlike::Training) {
            false => "What is not known to be more than a difference of two trainings does not decide the claim.",
            true => {
                "Only what differs more often than two trainings of one network speaks for the claim (Fisher\u{2019}s exact test, one-sided; \
                 it takes comparisons as independent, which those of the same pictures are not quite)."
            }
        }
        .into(),
    );
    because.push(
        "Two networks differ in more than one thing; a difference between them is not yet one of architecture or size in general.".into(),
    );
    let heads = ["Networks", "Differ in", "Measure", "Largest difference of gains", "p (Holm)", "Images"].map(String::from).to_vec();
    let claim = "Where they are depends on architecture and size.".into();
    Claim { claim, verdict, because, heads, rows, figure: gains(studies) }
}

/// The sparsity at which two networks' gains differ most surely: where, by how much, and with which probability after Holm's correction.
fn apart(one: Part<'_>, other: Part<'_>, gauge: SweepMeasure, bootstrap: &mut Bootstrap) -> Option<(Sparsity, f64, f64)> {
    let sparsities = |part: Part<'_>| part.study.state.sweep.sparsities.clone().into_iter().filter(|sparsity| !sparsity.is_zero());
    let gains = |part: Part<'_>, sparsity: Sparsity| Paired::of_seeds(part.study.state, part.seeds, gauge, sparsity);
    let mut tests = Vec::new();
    for sparsity in sparsities(one) {
        let Some(twin) = sparsity.nearest(sparsities(other).filter(|other| other.is_near(sparsity))) else { continue };
        let (Some(a), Some(b)) = (gains(one, sparsity), gains(other, twin)) else { continue };
        let differences: Vec<f64> = a.differences.iter().zip(&b.differences).filter_map(|(a, b)| Some((*a)? - (*b)?)).collect();
        if let Some(test) = bootstrap.test(&differences) {
            tests.push((sparsity, test));
        }
    }
    let adjusted = holm(&tests.iter().map(|(_, test)| test.p).collect::<Vec<_>>());
    let sure = tests.iter().zip(adjusted).map(|((sparsity, test), p)| (*sparsity, test.mean, p));
    sure.min_by(|a, b| a.2.total_cmp(&b.2).then(b.1.abs().total_cmp(&a.1.abs())))
}

/// What pruning adds to the paper's first measure in every network.
fn gains(studies: &[Study<'_>]) -> String {
    let lines = studies.iter().filter_map(|study| {
        let gauge = leading(study, Axis::Interpretability)?;
        Some((gauge, gain_line(study, gauge, called(study))))
    });
    let lines: Vec<(SweepMeasure, Series)> = lines.collect();
    let Some(first) = lines.first().map(|line| line.0) else { return String::new() };
    let title = first.info().title;
    Chart {
        id: "sweep-claim-depend".into(),
        title: format!("{title}: difference from dense, by network"),
        says: format!("{} sweeps, each with its interval; the table compares those of the same pictures and criterion.", lines.len()),
        across: Across::LogDensity,
        left: format!("{title}, from dense"),
        right: String::new(),
        dense: Some(0.0),
        from: 0.0,
        series: lines.into_iter().filter(|line| line.0 == first).map(|line| line.1).collect(),
    }
    .svg()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_from_kinds() {
        assert_eq!(family("mini_resnet_small"), family("mini_resnet_large"));
        assert_ne!(family("squeezenet1_1"), family("efficientnet_lite0"));
    }
}
