//! How far the procedures keep their level, coverage and power on simulated data: the studies of `examples/calibration` with fewer draws.
//!
//! A rate may be off by 3.29 binomial standard errors of its draws, which one of 2,000 exceeds. Where a procedure is known not to keep what is due,
//! it must be off as far as in the full run, whose table is `docs/calibration.md`.

#[path = "../../../examples/calibration/data.rs"]
mod data;
#[path = "../../../examples/calibration/known.rs"]
mod known;
#[path = "../../../examples/calibration/studies.rs"]
mod studies;
#[path = "../../../examples/calibration/study.rs"]
mod study;

#[track_caller]
fn hold(word: &str) {
    let all: Vec<study::Study> = studies::studies().into_iter().filter(|study| study.section.contains(word)).collect();
    assert!(!all.is_empty());
    for study in all {
        let outcome = study.run(study.draws[1]);
        let what = [study.section, &study.procedure, &study.data, &study.units];
        assert!(study.as_expected(&outcome), "{what:?}: {outcome:?}, due {:?}, expected {:?}", study.rate, study.expect);
        assert!(outcome.draws > 0 && outcome.refused < study.draws[1], "{what:?}: {outcome:?}");
    }
}

#[test]
fn sign_flips() {
    hold("One mean difference");
}

#[test]
fn families() {
    hold("Many measures");
}

#[test]
fn means() {
    hold("Where a mean");
}

#[test]
fn clusters() {
    hold("clusters");
}

#[test]
fn people() {
    hold("People");
}

#[test]
fn ceilings() {
    hold("Noise");
}

#[test]
fn accuracies() {
    hold("Accuracy");
}

#[test]
fn labels() {
    hold("Networks");
}
