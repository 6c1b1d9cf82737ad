//! Sweet spots exist.

use std::collections::{BTreeMap, BTreeSet};

use crate::metrics::Measure;
use crate::sparsity::Sparsity;
use crate::statistics::binomial::binomial_tail;
use crate::statistics::bootstrap::Bootstrap;
use crate::sweep::cells::State;
use crate::sweep::chart::{escape, put, ring, sheet};
use crate::sweep::findings::study::{Claim, LEVEL, Study, Verdict, axes, called, is_mean, of_alignment, percent};
use crate::sweep::paired::Paired;
use crate::sweep::spot::Spot;
use crate::sweep::spots::probability;
use crate::sweep::sweep_measure::SweepMeasure;

/// Resamples where a probability has to stand a correction for everything that a network was looked at for.
const FINE: usize = 40_000;

/// Sweet spots exist: in how many networks, and in how many chance alone would find one.
///
/// A network is looked at in many measures, which depend on each other, at many sparsities, perhaps in several sweeps: as many chances of finding
/// something where there is nothing. So it counts as having a sweet spot only if one of its spots stays below the level when its probability is
/// multiplied by all of them (Bonferroni's correction, which holds however they depend on each other). For that the spots are drawn again more often.
pub fn claim(studies: &[Study<'_>]) -> Claim {
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
            let lasting: Vec<Sparsity> = all.iter().filter(lasts).map(|spot| spot.sparsity).collect();
            *networks.entry(&study.state.sweep.experiment.model).or_default() |= !lasting.is_empty();
            let words = |spots: &[Sparsity]| match spots.is_empty() {
                true => "none".into(),
                false => spots.iter().map(|sparsity| percent(*sparsity)).collect::<Vec<_>>().join(", "),
            };
            let spots: Vec<Sparsity> = all.iter().map(|spot| spot.sparsity).collect();
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
    let by_chance = binomial_tail(count, found, LEVEL);
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
            probability(by_chance)
        ),
        of_alignment(studies).into(),
    ];
    if studies.iter().any(|study| study.state.sweep.measures.contains(&SweepMeasure::Map(Measure::Deletion))) {
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

/// A measure of a sweep with its sparsities and those that are sweet spots.
struct Mark {
    study: String,
    measure: &'static str,
    sparsities: Vec<Sparsity>,
    spots: Vec<Sparsity>,
}

/// Rows of marks along the sparsities, under the name of their sweep.
fn dots(rows: &[Mark]) -> String {
    const LEFT: f64 = 240.0;
    const WIDTH: f64 = 760.0;
    const ROW: f64 = 20.0;
    let most = rows.iter().flat_map(|row| &row.sparsities).map(|s| -(1.0 - s.get()).ln()).fold(0.1, f64::max);
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
            put(&mut text, format_args!("<circle fill=\"var(--sm)\" cx=\"{:.1}\" cy=\"{y:.1}\" r=\"1.8\"/>", x(sparsity.get())));
        }
        for sparsity in spots {
            put(&mut text, format_args!("<circle fill=\"var(--s0)\" cx=\"{:.1}\" cy=\"{y:.1}\" r=\"4\"/>", x(sparsity.get())));
            text.push_str(&ring(x(sparsity.get()), y));
        }
    }
    let floor = y + ROW;
    for sparsity in [0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99_f64] {
        if -(1.0 - sparsity).ln() <= most * 1.001 {
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
