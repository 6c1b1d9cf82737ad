//! Sign flips, alone and in a family, and equivalence.

use proptest::prelude::*;
use sweetspot_core::statistics::alternative::Alternative::{Greater, Less, TwoSided};
use sweetspot_core::statistics::bootstrap::Interval;
use sweetspot_core::statistics::clusters::{Clusters, cluster_sign_flip_test};
use sweetspot_core::statistics::equivalence::{equivalence_by_flips, equivalence_by_interval};
use sweetspot_core::statistics::family::{Adjusted, Family};
use sweetspot_core::statistics::flips::FLIPS;
use sweetspot_core::statistics::refused::Refused;
use sweetspot_core::statistics::sign_flips::sign_flip_test;

use super::{ALTERNATIVES, golden, is, near};
use crate::files::floats;

#[test]
fn exact_probabilities_are_scipys() {
    for case in golden()["sign_flips"].as_array().unwrap() {
        let values = floats(&case["values"]);
        for (name, alternative) in ALTERNATIVES {
            let found = sign_flip_test(&values, alternative, 1, 0).unwrap();
            assert!(found.exact);
            is(found.p, &case["p"][name], 1e-12);
            is(found.statistic, &case["statistic"], 1e-12);
        }
    }
}

#[test]
fn random_flips_come_near_to_all_of_them() {
    // Thirteen differences that matter and one that does not but is too many to be listed.
    let mut values: Vec<f64> = (0..13).map(|at| f64::from(at) - 4.5).collect();
    let exact = sign_flip_test(&values, TwoSided, FLIPS, 0).unwrap();
    values.push(1e-9);
    for seed in 0..5 {
        let found = sign_flip_test(&values, TwoSided, FLIPS, seed).unwrap();
        assert!(!found.exact && found.flips == 10_000);
        near(found.p, exact.p, 4.0 * (exact.p * (1.0 - exact.p) / 10_000.0).sqrt());
    }
}

#[test]
fn no_probability_is_below_what_signs_can_tell() {
    for count in [1, 2, 5, 13, 14, 40] {
        let all = vec![1.0; count];
        let found = sign_flip_test(&all, TwoSided, 999, 3).unwrap();
        assert!(found.p >= 2.0_f64.powi(1 - count as i32) && (found.exact || found.p >= 1e-3), "{count}: {found:?}");
        assert!(sign_flip_test(&all, Greater, 999, 3).unwrap().p >= 2.0_f64.powi(-(count as i32)));
        near(sign_flip_test(&all, Less, 999, 3).unwrap().p, 1.0, 0.0);
    }
    assert_eq!(sign_flip_test(&[0.0; 20], TwoSided, 999, 0).unwrap().p, 1.0);
    assert!(matches!(sign_flip_test(&[], TwoSided, 999, 0), Err(Refused::TooFew { .. })));
}

fn listed(value: &serde_json::Value) -> Vec<Vec<Option<f64>>> {
    value.as_array().unwrap().iter().map(|column| column.as_array().unwrap().iter().map(serde_json::Value::as_f64).collect()).collect()
}

#[test]
fn a_family_is_that_of_all_flips() {
    let golden = &golden()["family"];
    let columns = listed(&golden["columns"]);
    for (name, alternative) in &ALTERNATIVES[..2] {
        let wanted = &golden[*name];
        for (at, found) in Family::new(&columns, *alternative, 1, 0).unwrap().finish().iter().enumerate() {
            is(found.p, &wanted["p"][at], 1e-12);
            is(found.single_step, &wanted["single_step"][at], 1e-12);
            is(found.step_down, &wanted["step_down"][at], 1e-12);
        }
    }
}

#[test]
fn a_family_of_one_is_a_test_and_its_steps_do_not_matter() {
    let column: Vec<Option<f64>> = (0..30).map(|at| (at % 7 != 3).then(|| (f64::from(at) * 1.7).sin() + 0.2)).collect();
    let values: Vec<f64> = column.iter().copied().flatten().collect();
    let alone = sign_flip_test(&values, TwoSided, 2000, 9).unwrap();
    let mut stepped = Family::new(&[&column[..]], TwoSided, 2000, 9).unwrap();
    let mut steps = 0;
    while stepped.advance(37) {
        steps += 1;
        assert_eq!(stepped.done(), 37 * steps);
    }
    assert_eq!((stepped.done(), stepped.total()), (2001, 2001));
    let [of_steps] = stepped.finish()[..] else { panic!() };
    let [at_once] = Family::new(&[&column[..]], TwoSided, 2000, 9).unwrap().finish()[..] else { panic!() };
    assert_eq!(of_steps, at_once);
    near(at_once.p, alone.p, 0.0);
    near(at_once.statistic, alone.statistic, 1e-12);
    near(at_once.mean.unwrap(), alone.mean, 1e-12);
    assert_eq!((at_once.entries, at_once.p), (values.len(), at_once.step_down));
}

#[test]
fn clusters_are_flipped_as_one() {
    let values = [0.4, 0.6, -0.1, 0.9, 0.3, 0.2, 0.5, -0.7];
    let labels = ["a", "a", "b", "c", "c", "c", "d", "b"];
    let sums = [1.0, -0.8, 1.4, 0.5];
    let clusters = Clusters::new(&labels);
    let of_sums = sign_flip_test(&sums, TwoSided, FLIPS, 0).unwrap();
    let found = cluster_sign_flip_test(&values, &clusters, TwoSided, FLIPS, 0).unwrap();
    near(found.p, of_sums.p, 0.0);
    near(found.mean, 2.1 / 8.0, 1e-12);
    let column: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
    let [adjusted] = Family::clustered(&[column], &clusters, TwoSided, FLIPS, 0).unwrap().finish()[..] else { panic!() };
    near(adjusted.p, of_sums.p, 0.0);
    assert_eq!(clusters.count(), 4);
}

#[test]
fn empty_columns_say_nothing_and_wrong_ones_are_refused() {
    let some = vec![Some(1.0), Some(2.0), None];
    let found: Vec<Adjusted> = Family::new(&[some.clone(), vec![None; 3], vec![Some(0.0); 3]], TwoSided, 99, 0).unwrap().finish();
    assert_eq!((found[1].mean, found[1].p, found[1].entries, found[2].p), (None, 1.0, 0, 1.0));
    let short = Family::new(&[some.clone(), vec![None; 2]], TwoSided, 99, 0);
    assert_eq!(short.unwrap_err(), Refused::Lengths { got: 2, wanted: 3 });
    let bad = Family::new(&[some, vec![None, Some(f64::NAN), None]], TwoSided, 99, 0);
    assert!(matches!(bad, Err(Refused::NotFinite { at: 4, .. })));
    assert!(Family::new::<Vec<Option<f64>>>(&[], TwoSided, 99, 0).is_err());
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e200] {
        let values = [1.0, bad, 2.0];
        assert!(matches!(sign_flip_test(&values, TwoSided, 99, 0), Err(Refused::NotFinite { at: 1, .. })));
        assert!(cluster_sign_flip_test(&values, &Clusters::single(3), TwoSided, 99, 0).is_err());
        assert!(equivalence_by_flips(&values, 1.0, 99, 0).is_err());
    }
}

#[test]
fn equivalence_takes_both_sides() {
    let golden = &golden()["counts"]["equivalence"];
    let values = floats(&golden["differences"]);
    let found = equivalence_by_flips(&values, golden["margin"].as_f64().unwrap(), FLIPS, 0).unwrap();
    is(found.p, &golden["p"], 1e-12);
    near(found.mean, values.iter().sum::<f64>() / values.len() as f64, 1e-12);
    assert!(equivalence_by_flips(&values, 0.0, FLIPS, 0).is_err());
    let interval = |low, high| Interval { low, high };
    assert_eq!(equivalence_by_interval(interval(-0.1, 0.2), 0.25), Ok(true));
    assert_eq!(equivalence_by_interval(interval(-0.3, 0.2), 0.25), Ok(false));
    assert!(equivalence_by_interval(interval(f64::NAN, 0.2), 0.25).is_err());
}

proptest! {
    #[test]
    fn families_hold_together(
        values in proptest::collection::vec(proptest::collection::vec(proptest::option::weighted(0.8, -9_i32..9), 24), 1..20), seed in 0_u64..9
    ) {
        let columns: Vec<Vec<Option<f64>>> = values.iter().map(|column| column.iter().map(|v| v.map(f64::from)).collect()).collect();
        let found = Family::new(&columns, TwoSided, 199, seed).unwrap().finish();
        let turned: Vec<Vec<Option<f64>>> = columns.iter().map(|column| column.iter().map(|v| v.map(|v| -3.5 * v)).collect()).collect();
        let of_turned = Family::new(&turned, TwoSided, 199, seed).unwrap().finish();
        for (one, other) in found.iter().zip(&of_turned) {
            prop_assert!(0.0 < one.p && one.p <= one.step_down && one.step_down <= one.single_step && one.single_step <= 1.0, "{one:?}");
            // Neither unit nor direction matters.
            prop_assert_eq!((one.p, one.step_down), (other.p, other.step_down));
        }
        // A surer column alone is not less sure in the family.
        for one in &found {
            for other in found.iter().filter(|other| other.statistic.abs() > one.statistic.abs() + 1e-9) {
                prop_assert!(other.step_down <= one.step_down);
            }
        }
    }
}
