//! Sweet spots: sparsities at which a measure is better than dense, beyond what chance explains, while the network still does its task.

use crate::sweep::spot::Spot;

use super::cells::State;
use super::summary::{Line, Summary};
use super::sweep_measure::SweepMeasure;
use crate::metrics::measure::Better;
use crate::sparsity::Sparsity;
use crate::words::within;

/// The largest share of the pictures that may have lost their value since the dense network: what is left of more is another set of pictures.
const LOST: f64 = 0.05;

/// The sweet spots of a summary's lines.
///
/// A sparsity is one for a measure if the mean difference from dense is on the better side, with a probability by chance below the rule's level
/// after Holm's correction over the measure's sparsities, with every seed where there are several; and if accuracy (agreement with dense where few
/// labels are known) dropped by less than the rule allows; and if no more than a twentieth of the pictures lost their value. Measures that only describe, and costs, have none.
pub fn find(summary: &Summary) -> Vec<Spot> {
    let Some(kept) = summary.kept() else { return Vec::new() };
    let spot = |line: &Line| {
        let difference = gain(summary, line)?;
        let drop = drop(summary, kept, line.sparsity)?;
        let spot = Spot { measure: line.measure, sparsity: line.sparsity, difference, adjusted: line.difference?.adjusted, kept, drop };
        (drop < summary.rule.drop).then_some(spot)
    };
    summary.lines.iter().filter_map(spot).collect()
}

/// How far a line is on the better side of dense, if that is beyond chance.
fn gain(summary: &Summary, line: &Line) -> Option<f64> {
    let difference = line.difference.filter(|_| line.measure.can_gain())?;
    let better = match line.measure.info().better {
        Better::Lower => difference.mean < 0.0,
        _ => difference.mean > 0.0,
    };
    let whole = difference.lost as f64 <= LOST * (difference.pairs + difference.lost) as f64;
    (better && whole && difference.every_seed && difference.adjusted < summary.rule.level).then_some(difference.mean)
}

/// How far what must be kept dropped, over the pictures it is known of.
fn drop(summary: &Summary, kept: SweepMeasure, sparsity: Sparsity) -> Option<f64> {
    Some(summary.line(kept, Sparsity::ZERO)?.value? - summary.line(kept, sparsity)?.value?)
}

/// What is to be said of a measure: where its sweet spots are, or that it has none and why. Nothing of costs and of what only compares with dense.
pub fn verdict(summary: &Summary, gauge: SweepMeasure) -> Option<String> {
    let info = gauge.info();
    if info.better == Better::Neither {
        return Some(format!("{}: describes; no value is better than another, so it has no sweet spots.", info.title));
    }
    if !gauge.can_gain() || [SweepMeasure::Agreement, SweepMeasure::Divergence].contains(&gauge) {
        return None;
    }
    let say = |said: String| Some(format!("{}: {said}", info.title));
    let (Some(dense), Some(kept)) = (summary.line(gauge, Sparsity::ZERO), summary.kept()) else {
        return say("the dense network is not measured yet, so nothing can be compared with it.".into());
    };
    if summary.pictures < 2 {
        return say("one picture has no interval, and no sweet spot can be told from chance.".into());
    }
    if dense.value.is_none() {
        let reason = dense.reason.as_deref().unwrap_or("it is defined for none of the pictures");
        return say(format!("no value in the dense network ({reason}), so no sweet spot."));
    }
    let of = |spot: &Spot| {
        let drop = match spot.drop > 0.0 {
            true => format!("{} down {:.2} points", within(kept.info().title), spot.drop * 100.0),
            false => format!("{} not down", within(kept.info().title)),
        };
        format!("{} ({}, p = {}, {drop})", spot.sparsity.percent(), info.unit.write_difference(spot.difference), probability(spot.adjusted))
    };
    let spots: Vec<String> = summary.spots.iter().filter(|spot| spot.measure == gauge).map(of).collect();
    if !spots.is_empty() {
        let plural = if spots.len() == 1 { "sweet spot" } else { "sweet spots" };
        return say(format!("{plural} at {}.", spots.join(", ")));
    }
    let gained: Vec<String> =
        summary.of_gauge(gauge).filter(|line| gain(summary, line).is_some()).map(|line| line.sparsity.percent()).collect();
    say(match gained.is_empty() {
        true => "no sweet spot: nowhere better than dense beyond chance.".into(),
        false => format!(
            "no sweet spot: better than dense at {}, but there {} is down by {:.2} points or more.",
            gained.join(", "),
            within(kept.info().title),
            summary.rule.drop * 100.0
        ),
    })
}

/// What else a reader has to know, a sentence each.
pub fn notes(summary: &Summary, state: &State) -> Vec<String> {
    let mut notes = Vec::new();
    let rule = summary.rule;
    if !summary.missing.is_empty() {
        let sparsities: Vec<String> = summary.missing.iter().map(|s| s.percent()).collect();
        notes.push(format!("Not all is done: nothing is said of the sparsities {}.", sparsities.join(", ")));
    }
    if summary.pictures == 1 {
        notes.push("One picture: no interval, no test, and no sweet spot.".into());
    }
    match summary.kept() {
        Some(SweepMeasure::Agreement) => {
            let labels = match state.source.labelled {
                few if few > 0 && 2 * few < summary.pictures => format!("Only {few} of {} pictures have a label", summary.pictures),
                _ => "No labels are known here".into(),
            };
            notes.push(format!("{labels}: sweet spots must keep agreement with the dense network instead of accuracy."));
        }
        Some(_) if state.source.labelled < summary.pictures => {
            notes.push(format!("Accuracy is that of the {} pictures of {} that are labelled.", state.source.labelled, summary.pictures));
        }
        _ => {}
    }
    if let [_, .., _] = state.sweep.seeds[..] {
        notes.push(format!(
            "{} seeds: values are means over them, intervals are over pictures, and the band of seeds is from the smallest to the largest.",
            state.sweep.seeds.len()
        ));
    }
    for gauge in &state.sweep.measures {
        let lost = |line: &Line| line.difference.map_or(0, |difference| difference.lost);
        // A picture that one seed's network has lost may be defined by the others.
        let missing = |line: &&Line| lost(line) > 0 || (line.undefined > 0 && line.n == 0);
        let words: Vec<String> = summary
            .of_gauge(*gauge)
            .filter(missing)
            .map(|line| format!("{} of {} at {}", line.undefined.max(lost(line)), summary.pictures, line.sparsity.percent()))
            .collect();
        if !words.is_empty() && *gauge != SweepMeasure::Accuracy {
            let of = |line: &Line| state.sweep.seeds.iter().find_map(|seed| state.reason(*gauge, *seed, line.sparsity));
            let reason = summary.of_gauge(*gauge).filter(missing).find_map(of).unwrap_or("no reason is known");
            let of_seeds = if state.sweep.seeds.len() > 1 { " with one seed or more" } else { "" };
            notes.push(format!(
                "{}: not defined for {} pictures{of_seeds} ({reason}); they are left out of means, and what is lost since the dense network never counts \
                 as a gain.",
                gauge.info().title,
                words.join(", "),
            ));
        }
    }
    notes.push(format!(
        "A sweet spot is better than dense with a probability by chance below {:.0} % over all sparsities of a measure (paired bootstrap, {} \
         resamples, Holm's correction; measures are not corrected for each other), where {} is down by less than {:.2} points.",
        rule.level * 100.0,
        rule.resamples,
        within(summary.kept().unwrap_or(SweepMeasure::Accuracy).info().title),
        rule.drop * 100.0
    ));
    notes
}

/// A probability for a reader.
pub fn probability(p: f64) -> String {
    if p < 0.001 { "less than 0.001".into() } else { format!("{p:.3}") }
}
