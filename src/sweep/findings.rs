//! What several sweeps say of the paper's three claims: that sweet spots exist, that they depend on architecture and size, that the axes interplay.
//!
//! Each claim gets a figure, the numbers behind it, and the verdict that these data support, which may be that they cannot tell.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::cells::State;
use super::chart::{Across, Chart, Point, Series, escape, put, ring, sheet, small_multiples};
use super::gauge::{Axis, Gauge};
use super::paired::Paired;
use super::spots::Spot;
use super::statistics::{Bootstrap, fisher, holm};
use super::summary::Summary;
use crate::discovery::Method as Finder;
use crate::metrics::Measure;
use crate::pruning::criterion::Kind;

/// A sweep that is looked at.
pub struct Study<'a> {
    /// The network's name.
    pub name: &'a str,
    /// The network's architecture.
    pub architecture: &'a str,
    /// The cells.
    pub state: &'a State,
    /// What they say.
    pub summary: &'a Summary,
}

/// What the data say of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// They bear it out.
    Yes,
    /// They speak against it.
    No,
    /// They cannot tell.
    CannotTell,
}

impl Verdict {
    /// For a reader.
    pub fn title(self) -> &'static str {
        match self {
            Self::Yes => "borne out by these networks",
            Self::No => "not borne out by these networks",
            Self::CannotTell => "these networks cannot tell",
        }
    }
}

/// A claim with what the data say of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The claim, in a sentence.
    pub claim: String,
    /// What the data say.
    pub verdict: Verdict,
    /// Why, a sentence each.
    pub because: Vec<String>,
    /// The heads of the numbers' columns.
    pub heads: Vec<String>,
    /// The numbers behind it.
    pub rows: Vec<Vec<String>>,
    /// The figure as SVG.
    pub figure: String,
}

/// The probability of finding a spot where there is none that a measure of a sweep has: Holm's level.
const LEVEL: f64 = 0.05;
/// Checkpoints of two networks stand for the same sparsity up to this distance.
const NEAR: f64 = 0.005;
/// Resamples where a probability has to stand a correction for everything that a network was looked at for.
const FINE: usize = 40_000;
/// Resamples of correlations, each of which takes all sparsities.
const RESAMPLES: usize = 1000;

/// The three claims. Needs at least one study.
pub fn claims(studies: &[Study<'_>]) -> Vec<Claim> {
    vec![exist(studies), depend(studies), interplay(studies)]
}

/// The measures of the paper's axes that can gain.
fn axes(state: &State) -> impl Iterator<Item = Gauge> {
    let of_axes = |gauge: &Gauge| gauge.can_gain() && gauge.info().axis.is_of_paper();
    state.sweep.measures.iter().copied().filter(of_axes)
}

/// Whether a measure is a mean over pictures, so that pictures of two sweeps can be compared one by one.
fn is_mean(gauge: Gauge) -> bool {
    gauge != Gauge::ErrorConsistency
}

/// A study in a few words.
fn called(study: &Study<'_>) -> String {
    let sweep = &study.state.sweep;
    format!("{}, {}, {}", study.name, sweep.experiment.pruning.criterion.info().title.to_lowercase(), sweep.set.so_many(sweep.images))
}

fn percent(sparsity: f64) -> String {
    format!("{:.1} %", sparsity * 100.0)
}

/// Sweet spots exist: in how many networks, and in how many chance alone would find one.
///
/// A network is looked at in many measures, which depend on each other, at many sparsities, perhaps in several sweeps: as many chances of finding
/// something where there is nothing. So it counts as having a sweet spot only if one of its spots stays below the level when its probability is
/// multiplied by all of them (Bonferroni's correction, which holds however they depend on each other). For that the spots are drawn again more often.
fn exist(studies: &[Study<'_>]) -> Claim {
    let mut bootstrap = Bootstrap::new(0, FINE);
    let (mut rows, mut marks) = (Vec::new(), Vec::new());
    // Of each network: whether a spot outlasts the correction.
    let mut networks: BTreeMap<&str, bool> = BTreeMap::new();
    let model = |study: &Study<'_>| study.state.sweep.experiment.model.clone();
    for study in studies {
        let theirs = studies.iter().filter(|other| model(other) == model(study));
        let looks: usize = theirs.map(|other| axes(other.state).count() * other.summary.sparsities.len().saturating_sub(1)).sum();
        for gauge in axes(study.state) {
            let all: Vec<&Spot> = study.summary.spots.iter().filter(|spot| spot.measure == gauge).collect();
            let lasts = |spot: &&&Spot| is_mean(gauge) && chance(study.state, spot, &mut bootstrap) * (looks as f64) < LEVEL;
            let lasting: Vec<f64> = all.iter().filter(lasts).map(|spot| spot.sparsity).collect();
            *networks.entry(&study.state.sweep.experiment.model).or_default() |= !lasting.is_empty();
            let words = |spots: &[f64]| match spots.is_empty() {
                true => "none".into(),
                false => spots.iter().map(|sparsity| percent(*sparsity)).collect::<Vec<_>>().join(", "),
            };
            let spots: Vec<f64> = all.iter().map(|spot| spot.sparsity).collect();
            rows.push(vec![
                called(study),
                gauge.info().title.into(),
                words(&spots),
                words(&lasting),
                study.state.source.pictures.len().to_string(),
                study.state.sweep.seeds.len().to_string(),
            ]);
            marks.push(Mark { study: called(study), measure: gauge.info().title, sparsities: study.summary.sparsities.clone(), spots });
        }
    }
    let with_spots = marks.iter().filter(|mark| !mark.spots.is_empty()).count();
    let (count, found) = (networks.len(), networks.values().filter(|lasts| **lasts).count());
    let by_chance = tail(count, found, LEVEL);
    let verdict = match (count, found) {
        (0, _) => Verdict::CannotTell,
        _ if with_spots == 0 => Verdict::No,
        (_, 1..) if by_chance < LEVEL => Verdict::Yes,
        _ => Verdict::CannotTell,
    };
    let mut because = vec![
        format!(
            "{with_spots} of {} measures that a sweep looks at have a sweet spot, each corrected for its own sparsities only.",
            marks.len()
        ),
        format!(
            "In {found} of {count} networks one of them outlasts a correction for all measures and sparsities that the network was looked at for \
             (Bonferroni; {FINE} resamples). Were there none, a network would seem to have one with a probability of at most {:.0} %; that so \
             many do would have one of {}{}.",
            LEVEL * 100.0,
            if by_chance < 0.001 { "" } else { "at most " },
            super::spots::probability(by_chance)
        ),
        of_alignment(studies).into(),
    ];
    if studies.iter().any(|study| study.state.sweep.measures.contains(&Gauge::Map(Measure::Deletion))) {
        because.push(
            "Deletion, insertion and flipping follow how sure a network is of its answer, which pruning changes by itself: a lower curve alone \
             is not yet a more faithful map."
                .into(),
        );
    }
    let several: BTreeSet<String> = studies.iter().filter(|study| study.state.sweep.seeds.len() > 1).map(model).collect();
    let once = count - several.len();
    if once > 0 {
        because.push(format!(
            "{once} of {count} networks are one training each, so chance is that of pictures alone: another training may have its sweet spots \
             elsewhere. Where there are several, a spot counts only if all of them gain."
        ));
    }
    let heads = ["Network, criterion and pictures", "Measure", "Sweet spots at", "Corrected for everything", "Images", "Seeds"];
    let heads = heads.map(String::from).to_vec();
    Claim { claim: "Sweet spots exist.".into(), verdict, because, heads, rows, figure: dots(&marks) }
}

/// The probability of a spot's gain by chance, uncorrected, from many resamples. Pictures that lost their value count as the worst difference seen.
fn chance(state: &State, spot: &Spot, bootstrap: &mut Bootstrap) -> f64 {
    let Some(paired) = Paired::of(state, spot.measure, spot.sparsity) else { return 1.0 };
    bootstrap.test(&paired.with_lost()).filter(|test| paired.gain(test.mean) > 0.0).map_or(1.0, |test| test.p)
}

/// How far human alignment is among what is looked at.
fn of_alignment(studies: &[Study<'_>]) -> &'static str {
    let has = |gauge: Gauge| studies.iter().any(|study| study.state.sweep.measures.contains(&gauge));
    match (has(Gauge::CategoryAccuracy), has(Gauge::ErrorConsistency)) {
        (_, true) => "Human alignment is error consistency with people, and accuracy on the pictures they saw.",
        (true, false) => {
            "Human alignment is accuracy in 16 categories on the recognition experiment\u{2019}s pictures; error consistency takes people\u{2019}s \
             answers, which are not part of the page, but can be had with a pack."
        }
        _ => "Nothing is said of human alignment: it is not among the measures of these sweeps.",
    }
}

/// The probability of at least so many of `count` at a level each.
fn tail(count: usize, least: usize, level: f64) -> f64 {
    let mut term = (1.0 - level).powi(count as i32);
    let mut below = 0.0;
    for at in 0..least.min(count + 1) {
        below += term;
        term *= (count - at) as f64 / (at + 1) as f64 * level / (1.0 - level);
    }
    (1.0 - below).clamp(0.0, 1.0)
}

/// A measure of a sweep with its sparsities and those that are sweet spots.
struct Mark {
    study: String,
    measure: &'static str,
    sparsities: Vec<f64>,
    spots: Vec<f64>,
}

/// Rows of marks along the sparsities, under the name of their sweep.
fn dots(rows: &[Mark]) -> String {
    const LEFT: f64 = 240.0;
    const WIDTH: f64 = 760.0;
    const ROW: f64 = 20.0;
    let most = rows.iter().flat_map(|row| &row.sparsities).map(|s| -(1.0 - s).ln()).fold(0.1, f64::max);
    let x = |sparsity: f64| LEFT + -(1.0 - sparsity).ln() / most * (WIDTH - LEFT - 30.0);
    let mut text = String::from("<text x=\"16\" y=\"22\" font-size=\"15\">Where the sweet spots are</text>");
    let mut y = 48.0 - ROW;
    for (at, Mark { study, measure, sparsities, spots }) in rows.iter().enumerate() {
        if at == 0 || rows[at - 1].study != *study {
            y += 1.5 * ROW;
            put(
                &mut text,
                format_args!("<text x=\"16\" y=\"{:.1}\" font-size=\"13\" font-weight=\"600\">{}</text>", y + 4.0, escape(study)),
            );
        }
        y += ROW;
        put(
            &mut text,
            format_args!(
                "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" font-size=\"12\">{}</text>",
                LEFT - 14.0,
                y + 4.0,
                escape(measure)
            ),
        );
        put(&mut text, format_args!("<path class=\"grid\" d=\"M{LEFT} {y:.1}H{:.1}\"/>", WIDTH - 24.0));
        for sparsity in sparsities {
            put(&mut text, format_args!("<circle fill=\"var(--sm)\" cx=\"{:.1}\" cy=\"{y:.1}\" r=\"1.8\"/>", x(*sparsity)));
        }
        for sparsity in spots {
            put(&mut text, format_args!("<circle fill=\"var(--s0)\" cx=\"{:.1}\" cy=\"{y:.1}\" r=\"4\"/>", x(*sparsity)));
            text.push_str(&ring(x(*sparsity), y));
        }
    }
    let floor = y + ROW;
    for sparsity in [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99] {
        if -(1.0_f64 - sparsity).ln() <= most * 1.001 {
            put(
                &mut text,
                format_args!(
                    "<text class=\"minor\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{:.0} %</text>",
                    x(sparsity),
                    floor + 8.0,
                    sparsity * 100.0
                ),
            );
        }
    }
    put(
        &mut text,
        format_args!(
            "<text class=\"minor\" x=\"{LEFT}\" y=\"{:.1}\">Weights pruned (logarithmic in what is left); a ring is a sweet spot</text>",
            floor + 28.0
        ),
    );
    let with = rows.iter().filter(|row| !row.spots.is_empty()).count();
    let says = format!("{with} of {} measures have sweet spots; the table has them all.", rows.len());
    sheet("sweep-claim-exist", "Where the sweet spots are", &says, [WIDTH, floor + 40.0], &text, true)
}

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
fn depend(studies: &[Study<'_>]) -> Claim {
    let mut bootstrap = Bootstrap::new(0, RESAMPLES.max(2000));
    let mut rows = Vec::new();
    // By what a pair differs in, its networks and the measure: the probabilities of every comparison.
    let mut compared: BTreeMap<(Unlike, String, String, Gauge), Vec<f64>> = BTreeMap::new();
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
                match unlike {
                    Unlike::Architecture => "architecture".into(),
                    Unlike::Size => "size".into(),
                    Unlike::Training => "training alone".into(),
                },
                gauge.info().title.into(),
                format!("{} at {}", gauge.info().unit.write_difference(mean), percent(sparsity)),
                super::spots::probability(p),
                one.study.state.source.pictures.len().to_string(),
            ]);
        }
    }
    // Two networks that several pairs of sweeps compare in a measure count once, and each comparison is held to a level smaller by their number.
    let counted = |wanted: Unlike, among: &dyn Fn(&Gauge) -> bool| {
        let all = compared.iter().filter(|((unlike, .., gauge), _)| *unlike == wanted && among(gauge)).map(|(_, all)| all);
        let all: Vec<&Vec<f64>> = all.collect();
        [all.len(), all.iter().filter(|all| all.iter().any(|p| *p < LEVEL / all.len() as f64)).count()]
    };
    let any = |_: &Gauge| true;
    let [architecture, size, training] = [Unlike::Architecture, Unlike::Size, Unlike::Training].map(|unlike| counted(unlike, &any));
    // Two trainings are the yardstick, in the same measures: others may be easier to tell apart.
    let yardstick = |unlike: Unlike| {
        counted(Unlike::Training, &|gauge: &Gauge| compared.keys().any(|(other, .., theirs)| *other == unlike && theirs == gauge))
    };
    let beyond_trainings = |unlike: Unlike, counts: [usize; 2]| fisher(counts, yardstick(unlike));
    let says = |what: &str, unlike: Unlike, counts: [usize; 2]| match (counts, yardstick(unlike)) {
        ([0, _], _) => {
            format!("{what}: no two networks here were pruned the same way and looked at the same pictures, so nothing can be told.")
        }
        ([compared, differ], [trainings, they_differ]) => {
            let more = match trainings {
                0 => " No network here was trained more than once, which would say how far two trainings of one network differ.".into(),
                _ => format!(
                    " Two trainings of one network differ in {they_differ} of {trainings} comparisons of the same measures; were two networks no \
                     more different, so many would differ with a probability of {}.",
                    super::spots::probability(beyond_trainings(unlike, counts))
                ),
            };
            format!(
                "{what}: in {differ} of {compared} comparisons the gain over dense differs between two networks at some sparsity beyond chance \
                 (paired bootstrap over pictures, Holm\u{2019}s correction over sparsities; about {:.1} would by chance).{more}",
                compared as f64 * LEVEL
            )
        }
    };
    let beyond_pictures = |[compared, differ]: [usize; 2]| differ > 0 && tail(compared, differ, LEVEL) < LEVEL;
    let borne = |unlike: Unlike, counts| beyond_pictures(counts) && beyond_trainings(unlike, counts) < LEVEL;
    let verdict = match (architecture, size) {
        ([0, _], _) | (_, [0, _]) => Verdict::CannotTell,
        _ if borne(Unlike::Architecture, architecture) && borne(Unlike::Size, size) => Verdict::Yes,
        ([_, 0], [_, 0]) => Verdict::No,
        _ => Verdict::CannotTell,
    };
    let mut because = vec![says("Architecture", Unlike::Architecture, architecture), says("Size", Unlike::Size, size)];
    if architecture[0] == 0 || size[0] == 0 {
        because.push("The claim is about both, so it is not decided while one of them cannot be told.".into());
    }
    because.push(
        match training {
            [0, _] => "What is not known to be more than a difference of two trainings does not decide the claim.",
            _ => {
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
fn apart(one: Part<'_>, other: Part<'_>, gauge: Gauge, bootstrap: &mut Bootstrap) -> Option<(f64, f64, f64)> {
    let sparsities = |part: Part<'_>| part.study.state.sweep.sparsities.clone().into_iter().filter(|sparsity| *sparsity > 0.0);
    let gains = |part: Part<'_>, sparsity: f64| Paired::of_seeds(part.study.state, part.seeds, gauge, sparsity);
    let mut tests = Vec::new();
    for sparsity in sparsities(one) {
        let near = sparsities(other).filter(|s| (s - sparsity).abs() < NEAR);
        let Some(twin) = near.min_by(|a, b| (a - sparsity).abs().total_cmp(&(b - sparsity).abs())) else { continue };
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

/// The measure that stands for an axis: the paper's first, or whatever there is.
fn leading(study: &Study<'_>, axis: Axis) -> Option<Gauge> {
    let state = study.state;
    let wished = match axis {
        Axis::Interpretability => Gauge::Map(Measure::RelevanceMass),
        Axis::Discovery => Gauge::CorLoc(Finder::Lost),
        Axis::Alignment => Gauge::CategoryAccuracy,
        _ => study.summary.kept()?,
    };
    let has = |gauge: &Gauge| state.sweep.measures.contains(gauge);
    Some(wished).filter(has).or_else(|| axes(state).find(|gauge| gauge.info().axis == axis && is_mean(*gauge)))
}

/// A measure's distance from dense as a line.
fn gain_line(study: &Study<'_>, gauge: Gauge, name: String) -> Series {
    let point = |line: &super::summary::Line| match line.sparsity {
        0.0 => Point { value: Some(0.0), ..Point::default() },
        sparsity => {
            let difference = line.difference;
            Point { sparsity, value: difference.map(|d| d.mean), band: difference.and_then(|d| d.low.zip(d.high)), seeds: None }
        }
    };
    let spots = study.summary.spots.iter().filter(|spot| spot.measure == gauge).map(|spot| spot.sparsity).collect();
    Series { name, right: false, points: study.summary.of_gauge(gauge).map(point).collect(), spots }
}

/// What pruning adds to the paper's first measure in every network.
fn gains(studies: &[Study<'_>]) -> String {
    let lines = studies.iter().filter_map(|study| {
        let gauge = leading(study, Axis::Interpretability)?;
        Some((gauge, gain_line(study, gauge, called(study))))
    });
    let lines: Vec<(Gauge, Series)> = lines.collect();
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

/// The axes interplay: whether what is good on one axis is good on another, over the sparsities of each network.
fn interplay(studies: &[Study<'_>]) -> Claim {
    let mut rows = Vec::new();
    let mut signs = Vec::new();
    let pairs = [
        (Axis::Interpretability, Axis::Discovery),
        (Axis::Interpretability, Axis::Alignment),
        (Axis::Discovery, Axis::Alignment),
        (Axis::Interpretability, Axis::Task),
        (Axis::Discovery, Axis::Task),
        (Axis::Alignment, Axis::Task),
    ];
    for study in studies {
        let of = |axis| leading(study, axis);
        for (one, other) in pairs {
            let (Some(a), Some(b)) = (of(one), of(other)) else { continue };
            // Accuracy is no axis of the paper. Whatever falls with it falls together, so that it is held where two axes are compared.
            let held = if other == Axis::Task { None } else { of(Axis::Task) };
            for held in [None, held].into_iter().take(if held.is_some() { 2 } else { 1 }) {
                let Some((rho, low, high)) = correlation(study.state, a, b, held) else { continue };
                let with = held.map_or_else(String::new, |held| format!(", {} held", held.info().title.to_lowercase()));
                if held.is_some() {
                    signs.push(if low > 0.0 {
                        1
                    } else if high < 0.0 {
                        -1
                    } else {
                        0
                    });
                }
                rows.push(vec![
                    called(study),
                    format!("{} and {}{with}", a.info().title, b.info().title),
                    format!("{rho:.2} ({low:.2} to {high:.2})"),
                    study.summary.sparsities.len().to_string(),
                    study.state.source.pictures.len().to_string(),
                    study.state.sweep.seeds.len().to_string(),
                ]);
            }
        }
    }
    let told = signs.iter().filter(|sign| **sign != 0).count();
    let verdict = match (signs.len(), told) {
        (0 | 1, _) => Verdict::CannotTell,
        (all, told) if 2 * told > all => Verdict::Yes,
        (_, 0) => Verdict::No,
        _ => Verdict::CannotTell,
    };
    let (up, down) = (signs.iter().filter(|sign| **sign > 0).count(), signs.iter().filter(|sign| **sign < 0).count());
    let because = vec![
        format!(
            "With accuracy (or agreement with dense, where few pictures are labelled) held, two of the paper\u{2019}s axes go together over the sparsities beyond chance in {told} of {} pairs of axes of a \
             sweep: in {up} both rise and fall together, in {down} one rises where the other falls (partial rank correlation, bootstrap over \
             pictures).",
            signs.len()
        ),
        "A network that is pruned until it answers nothing falls on every axis at once; a correlation over all sparsities holds that, too."
            .into(),
        of_alignment(studies).into(),
    ];
    let heads = ["Network, criterion and pictures", "Axes", "Rank correlation (95 % interval)", "Sparsities", "Images", "Seeds"]
        .map(String::from)
        .to_vec();
    Claim { claim: "The axes interplay.".into(), verdict, because, heads, rows, figure: together(studies) }
}

/// The rank correlation of two measures' means over the sparsities, with a third one held if there is one, and its interval over pictures.
fn correlation(state: &State, one: Gauge, other: Gauge, held: Option<Gauge>) -> Option<(f64, f64, f64)> {
    let values = |gauge: Gauge| -> Option<Vec<Vec<Option<f64>>>> {
        let seed = *state.sweep.seeds.first()?;
        state.sweep.sparsities.iter().map(|sparsity| state.values(gauge, seed, *sparsity)).collect()
    };
    let all: Vec<Vec<Vec<Option<f64>>>> = [Some(one), Some(other), held].into_iter().flatten().map(values).collect::<Option<_>>()?;
    if state.sweep.sparsities.len() < 5 {
        return None;
    }
    let count = state.source.pictures.len();
    let means = |all: &[Vec<Option<f64>>], drawn: &[u32]| -> Option<Vec<f64>> {
        let of = |values: &Vec<Option<f64>>| {
            let (sum, count) =
                drawn.iter().filter_map(|at| values[*at as usize]).fold((0.0, 0_usize), |(sum, count), v| (sum + v, count + 1));
            (count > 0).then(|| sum / count as f64)
        };
        all.iter().map(of).collect()
    };
    let rho = |drawn: &[u32]| {
        let means: Vec<Vec<f64>> = all.iter().map(|values| means(values, drawn)).collect::<Option<_>>()?;
        match means.as_slice() {
            [a, b] => spearman(a, b),
            [a, b, c] => partial(spearman(a, b)?, spearman(a, c)?, spearman(b, c)?),
            _ => None,
        }
    };
    let whole: Vec<u32> = (0..count as u32).collect();
    let middle = rho(&whole)?;
    let mut bootstrap = Bootstrap::new(0, RESAMPLES);
    let draws = bootstrap.draws(count);
    let mut all: Vec<f64> = draws.chunks_exact(count).filter_map(rho).collect();
    all.sort_by(f64::total_cmp);
    let end = |share: f64| all.get(((all.len().max(1) - 1) as f64 * share).round() as usize).copied();
    Some((middle, end(0.025)?, end(0.975)?))
}

/// The correlation of two things that is left when a third one is held, of the three correlations; none where that one settles everything.
fn partial(both: f64, one: f64, other: f64) -> Option<f64> {
    let left = (1.0 - one * one) * (1.0 - other * other);
    (left > 1e-12).then(|| (both - one * other) / left.sqrt())
}

/// Spearman's rank correlation; none where one side is constant.
fn spearman(a: &[f64], b: &[f64]) -> Option<f64> {
    let (a, b) = (ranks(a), ranks(b));
    let middle = (a.len() as f64 + 1.0) / 2.0;
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - middle) * (y - middle)).sum::<f64>();
    let size = (product(&a, &a) * product(&b, &b)).sqrt();
    (size > 0.0).then(|| product(&a, &b) / size)
}

/// Ranks from 1; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count() as f64;
        let equal = values.iter().filter(|other| *other == value).count() as f64;
        below + (equal + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

/// The leading measure of each axis beside accuracy, as distances from dense, a chart a sweep.
fn together(studies: &[Study<'_>]) -> String {
    let chart = |(at, study): (usize, &Study<'_>)| {
        let gauges = [Axis::Interpretability, Axis::Discovery, Axis::Alignment, Axis::Task].map(|axis| leading(study, axis));
        let series: Vec<Series> = gauges.into_iter().flatten().map(|gauge| gain_line(study, gauge, gauge.info().title.into())).collect();
        Chart {
            id: format!("sweep-claim-interplay-{at}"),
            title: called(study),
            says: format!("{} measures over {} sparsities.", series.len(), study.summary.sparsities.len()),
            across: Across::LogDensity,
            left: "Difference from dense".into(),
            right: String::new(),
            dense: Some(0.0),
            from: 0.0,
            series,
        }
    };
    // A sweep of measures of one axis has nothing to set beside each other.
    let axes_of = |study: &&Study<'_>| axes(study.state).map(|gauge| gauge.info().axis).collect::<BTreeSet<_>>();
    let charts: Vec<Chart> = studies.iter().filter(|study| axes_of(study).len() > 1).enumerate().map(chart).collect();
    let rows: Vec<(String, Vec<Chart>)> = charts.chunks(3).map(|charts| (String::new(), charts.to_vec())).collect();
    small_multiples("sweep-claim-interplay", "The axes over sparsity", &rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_is_the_binomials() {
        // scipy.stats.binom.sf(k - 1, n, 0.05).
        for (count, least, wanted) in [(20, 0, 1.0), (20, 1, 0.641_514_077_591_454_9), (20, 4, 0.015_901_526_019_763_548), (5, 5, 3.125e-7)]
        {
            let got = tail(count, least, 0.05);
            assert!((got - wanted).abs() < 1e-9, "{count} {least}: {got}");
        }
    }

    #[test]
    fn rank_correlations_are_spearmans() {
        // scipy.stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) and one with ties.
        let near = |a: Option<f64>, b: f64| assert!((a.unwrap_or(f64::NAN) - b).abs() < 1e-12, "{a:?} {b}");
        near(spearman(&[1.0, 2.0, 3.0, 4.0, 5.0], &[5.0, 6.0, 7.0, 8.0, 7.0]), 0.820_782_681_668_123_3);
        near(spearman(&[1.0, 2.0, 2.0, 3.0], &[4.0, 3.0, 2.0, 1.0]), -0.948_683_298_050_513_8);
        assert_eq!(spearman(&[1.0, 1.0], &[2.0, 3.0]), None);
        // Two that follow a third and nothing else: 0.8 and 0.5 give 0.4 between them, of which nothing is left.
        near(partial(0.4, 0.8, 0.5), 0.0);
        near(partial(0.5, 0.0, 0.0), 0.5);
        assert_eq!(partial(0.9, 1.0, 0.9), None);
    }

    #[test]
    fn sizes_are_told_from_kinds() {
        assert_eq!(family("mini_resnet_small"), family("mini_resnet_large"));
        assert_ne!(family("squeezenet1_1"), family("efficientnet_lite0"));
    }
}
