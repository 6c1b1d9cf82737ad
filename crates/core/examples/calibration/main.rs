//! Simulates how far the statistics keep what they promise, and prints `docs/calibration.md`; `scripts/calibration` writes it.
//!
//! `calibration [WORD]` runs only the studies whose section has the word; `calibration ceilings` the means of many.
#![allow(missing_docs, reason = "a program")]

mod data;
mod known;
mod studies;
mod study;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use study::{Expect, Outcome, Rate, Study};

const INTRODUCTION: &str = include_str!("introduction.md");

fn main() {
    let word = std::env::args().nth(1);
    if word.as_deref() == Some("ceilings") {
        return true_ceilings();
    }
    let all: Vec<Study> =
        studies::studies().into_iter().filter(|study| word.as_ref().is_none_or(|word| study.section.contains(word))).collect();
    let outcomes = outcomes(&all);
    print!("{INTRODUCTION}");
    let mut section = "";
    for (study, outcome) in all.iter().zip(&outcomes) {
        if study.section != section {
            section = study.section;
            println!(
                "\n## {section}\n\n| procedure | data | units | draws | rate | due | |\n| --- | --- | --- | ---: | ---: | ---: | --- |"
            );
        }
        println!("{}", row(study, outcome));
    }
}

/// The outcomes of all studies, as many at a time as there are processors. What is not as expected is told as a line of `known.rs`.
fn outcomes(all: &[Study]) -> Vec<Outcome> {
    let (next, found) = (AtomicUsize::new(0), Mutex::new(vec![None; all.len()]));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some((at, study)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|at| Some((at, all.get(at)?))) {
                    let outcome = study.run(study.draws[0]);
                    if !study.as_expected(&outcome) {
                        eprintln!("not as expected: {}", known_line(study, &outcome));
                    }
                    if let Ok(mut found) = found.lock() {
                        found[at] = Some(outcome);
                    }
                }
            });
        }
    });
    found.into_inner().unwrap_or_default().into_iter().flatten().collect()
}

fn row(study: &Study, outcome: &Outcome) -> String {
    let percent = |rate: f64| format!("{:.1} %", 100.0 * rate);
    let due = match study.rate {
        Rate::Error(due) => format!("at most {}", percent(due)),
        Rate::Coverage(due) | Rate::Power(due) => format!("at least {}", percent(due)),
    };
    let half = 1.96 * (outcome.rate * (1.0 - outcome.rate) / outcome.draws.max(1) as f64).sqrt();
    let mut says = String::from(if study.keeps(outcome) { "kept" } else { "**not kept**" });
    if outcome.refused > 0 {
        says += &format!("; refused in {} of {}", outcome.refused, outcome.draws + outcome.refused);
    }
    let Study { procedure, data, units, .. } = study;
    format!("| {procedure} | {data} | {units} | {} | {} ± {:.1} | {due} | {says} |", outcome.draws, percent(outcome.rate), 100.0 * half)
}

/// The line of `known.rs` that would expect this.
fn known_line(study: &Study, outcome: &Outcome) -> String {
    let expected = if let Expect::Fails(rate) = study.expect { format!(" (known: {rate})") } else { String::new() };
    format!("{:?}: {:.4}{expected}", [study.section, &study.procedure, &study.data, &study.units], outcome.rate)
}

/// Prints the means of many ceilings, for `known.rs`.
fn true_ceilings() {
    use sweetspot_core::statistics::ceiling::majority_kappa;
    for (people, pictures) in [(5, 60), (10, 60), (10, 160)] {
        let mut sums = [0.0; 2];
        let draws = 40_000;
        for seed in 0..draws {
            let rows = data::answers(&mut sweetspot_core::draw::random(1 << 40 | seed), people, pictures, 0.0);
            let kappa = majority_kappa(&rows);
            let once = vec![1; pictures];
            for person in 0..people {
                let everybody: Vec<usize> = (0..people).collect();
                let others: Vec<usize> = everybody.iter().copied().filter(|other| *other != person).collect();
                for (sum, group) in sums.iter_mut().zip([others, everybody]) {
                    *sum += kappa(person, &group, &once).unwrap_or(0.0) / people as f64 / draws as f64;
                }
            }
        }
        println!("{people} x {pictures}: {sums:?}");
    }
}
