//! Permutations of labels of networks and trainings.

use sweetspot_core::statistics::alternative::Alternative::{Greater, TwoSided};
use sweetspot_core::statistics::permutation::{correlation_test, group_test, permutation_test};
use sweetspot_core::statistics::refused::Refused;

use super::{ALTERNATIVES, golden, is, near};
use crate::files::floats;

#[test]
fn correlations_are_scipys() {
    for case in golden()["permutations"]["correlations"].as_array().unwrap() {
        let (one, other) = (floats(&case["one"]), floats(&case["other"]));
        for (name, alternative) in ALTERNATIVES {
            let found = correlation_test(&one, &other, None, alternative, 1, 0).unwrap();
            assert!(found.exact);
            is(found.observed, &case["rho"], 1e-12);
            is(found.p, &case["p"][name], 1e-12);
        }
    }
}

#[test]
fn groups_are_scipys() {
    for case in golden()["permutations"]["groups"].as_array().unwrap() {
        let (inside, outside) = (floats(&case["inside"]), floats(&case["outside"]));
        let values: Vec<f64> = inside.iter().chain(&outside).copied().collect();
        let groups: Vec<bool> = (0..values.len()).map(|at| at < inside.len()).collect();
        for (name, alternative) in ALTERNATIVES {
            is(group_test(&values, &groups, None, alternative, 1, 0).unwrap().p, &case["p"][name], 1e-12);
        }
    }
}

#[test]
fn units_stay_within_their_blocks() {
    let case = &golden()["permutations"]["blocks"];
    let values = floats(&case["values"]);
    let groups: Vec<bool> = case["inside"].as_array().unwrap().iter().map(|inside| inside.as_bool().unwrap()).collect();
    let blocks: Vec<usize> = floats(&case["blocks"]).iter().map(|block| *block as usize).collect();
    for (name, alternative) in ALTERNATIVES {
        let found = group_test(&values, &groups, Some(&blocks), alternative, 1, 0).unwrap();
        is(found.observed, &case["observed"], 1e-12);
        is(found.p, &case["p"][name], 1e-12);
        assert_eq!(found.rearrangements as u64, case["count"].as_u64().unwrap());
    }
    // By chance, too.
    let labels: Vec<usize> = (0..30).collect();
    let blocks: Vec<usize> = (0..30).map(|at| at % 3).collect();
    let found = permutation_test(&labels, Some(&blocks), TwoSided, 50, 1, |labels| {
        assert!(labels.iter().enumerate().all(|(at, label)| at % 3 == label % 3));
        Some(labels[0] as f64)
    });
    assert!(found.is_ok_and(|found| !found.exact && found.rearrangements == 51));
}

#[test]
fn random_rearrangements_come_near_to_all() {
    let one: Vec<f64> = (0..8).map(|at| f64::from(at * at % 11)).collect();
    let other: Vec<f64> = (0..8).map(|at| f64::from(at * 5 % 8)).collect();
    let exact = correlation_test(&one, &other, None, Greater, 1, 0).unwrap();
    assert!(exact.exact && exact.rearrangements == 40_320);
    // The same numbers among nine units, of which the ninth is alone in its block and stays; more than can be listed without blocks.
    let with = |values: &[f64]| values.iter().copied().chain([20.0]).collect::<Vec<f64>>();
    let blocks = [0, 0, 0, 0, 0, 0, 0, 0, 1];
    let listed = correlation_test(&with(&one), &with(&other), Some(&blocks), Greater, 1, 0).unwrap();
    near(listed.p, exact.p, 1e-12);
    let all = correlation_test(&with(&one), &with(&other), None, Greater, 9_999, 4).unwrap();
    assert!(!all.exact && all.p >= 1e-4 && all.rearrangements == 10_000);
}

#[test]
fn what_cannot_be_told_is_refused() {
    assert_eq!(correlation_test(&[1.0; 4], &[1.0, 2.0, 3.0, 4.0], None, TwoSided, 9, 0), Err(Refused::Undefined));
    assert!(matches!(correlation_test(&[1.0, f64::NAN], &[1.0, 2.0], None, TwoSided, 9, 0), Err(Refused::NotFinite { .. })));
    assert!(matches!(correlation_test(&[1.0, 2.0], &[1.0], None, TwoSided, 9, 0), Err(Refused::Lengths { .. })));
    assert!(matches!(group_test(&[1.0, 2.0], &[true, true], None, TwoSided, 9, 0), Err(Refused::TooFew { .. })));
    assert!(matches!(group_test(&[1.0, f64::INFINITY], &[true, false], None, TwoSided, 9, 0), Err(Refused::NotFinite { .. })));
    assert!(matches!(group_test(&[1.0, 2.0], &[true, false], Some(&[0]), TwoSided, 9, 0), Err(Refused::Lengths { .. })));
    assert_eq!(permutation_test(&[0, 1], None, TwoSided, 9, 0, |_| Some(f64::NAN)), Err(Refused::Undefined));
    // One that is defined only as it is counts as never beaten.
    let fragile = permutation_test(&[0, 1, 2], None, Greater, 9, 0, |labels| (labels[0] == 0 && labels[1] == 1).then_some(1.0));
    near(fragile.unwrap().p, 1.0, 0.0);
    // Two trainings against three tell at most 1 in 10.
    near(group_test(&[9.0, 8.0, 1.0, 2.0, 3.0], &[true, true, false, false, false], None, Greater, 9, 0).unwrap().p, 0.1, 1e-12);
}
