//! Intervals of means, alone and in clusters.

use proptest::prelude::*;
use sweetspot_core::statistics::alternative::Alternative::TwoSided;
use sweetspot_core::statistics::clusters::{Clusters, cluster_mean, cluster_sign_flip_test};
use sweetspot_core::statistics::one_mean::{Method, mean_interval};
use sweetspot_core::statistics::refused::Refused;

use super::{golden, is, near};
use crate::files::floats;

const METHODS: [Method; 3] = [Method::Student, Method::BootstrapT, Method::Accelerated];

#[test]
fn intervals_of_means_are_scipys() {
    for case in golden()["means"].as_array().unwrap() {
        let (values, error) = (floats(&case["values"]), case["error"].as_f64().unwrap());
        let interval = |method, resamples| mean_interval(&values, 0.95, method, resamples, 5).unwrap();
        let student = interval(Method::Student, 1);
        near(student.low, floats(&case["student"])[0], 1e-9);
        near(student.high, floats(&case["student"])[1], 1e-9);
        // A 2.5 % quantile of 50,000 draws has a standard error of some .002 normal deviations, and more in a heavy tail; both sides are drawn.
        for (method, name, within) in [(Method::Accelerated, "accelerated", 0.03), (Method::BootstrapT, "bootstrap_t", 0.06)] {
            let found = interval(method, 50_000);
            // Means of a hundred hits and misses come in steps of a hundredth, on either of which a quantile may fall.
            let within = within * error + if case["name"] == "hits-100" { 0.01 } else { 0.0 };
            near(found.low, floats(&case[name])[0], within);
            near(found.high, floats(&case[name])[1], within);
        }
    }
}

#[test]
fn intervals_without_an_end_are_refused() {
    let hits = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0];
    assert_eq!(mean_interval(&hits, 0.95, Method::BootstrapT, 999, 0), Err(Refused::Unbounded));
    for method in METHODS {
        let of = |values: &[f64]| mean_interval(values, 0.95, method, 99, 0);
        let same = of(&[2.0; 5]).unwrap();
        assert_eq!((same.low, same.high), (2.0, 2.0));
        assert!(matches!(of(&[1.0]), Err(Refused::TooFew { .. })));
        for bad in [f64::NAN, f64::INFINITY] {
            assert!(matches!(of(&[1.0, bad]), Err(Refused::NotFinite { at: 1, .. })));
        }
        for confidence in [0.0, 1.0, f64::NAN] {
            assert!(mean_interval(&[1.0, 2.0], confidence, method, 99, 0).is_err());
        }
    }
}

#[test]
fn means_in_clusters_are_those_of_matrices() {
    for case in golden()["clusters"].as_array().unwrap() {
        let (values, labels) = (floats(&case["values"]), floats(&case["labels"]));
        let labels: Vec<u64> = labels.iter().map(|label| label.to_bits()).collect();
        let clusters = Clusters::new(&labels);
        let found = cluster_mean(&values, &clusters, 0.95).unwrap();
        is(found.error, &case["error"], 1e-10);
        is(found.freedom, &case["freedom"], 1e-8);
        near(found.interval.low, floats(&case["interval"])[0], 1e-9);
        near(found.interval.high, floats(&case["interval"])[1], 1e-9);
        is(cluster_sign_flip_test(&values, &clusters, TwoSided, 1, 0).unwrap().p, &case["flips"], 1e-12);
    }
}

#[test]
fn clusters_of_one_are_independent_pictures() {
    let values = [0.3, 1.2, -0.4, 0.8, 0.1, 0.9];
    let found = cluster_mean(&values, &Clusters::single(6), 0.95).unwrap();
    let student = mean_interval(&values, 0.95, Method::Student, 1, 0).unwrap();
    near(found.interval.low, student.low, 1e-12);
    near(found.freedom, 5.0, 1e-9);
    near(found.design, 1.0, 1e-12);
    // Twice the same pictures tell as much as once.
    let twice: Vec<f64> = values.iter().chain(&values).copied().collect();
    let labels: Vec<usize> = (0..12).map(|at| at % 6).collect();
    let doubled = cluster_mean(&twice, &Clusters::new(&labels), 0.95).unwrap();
    near(doubled.interval.high, student.high, 1e-12);
    assert!(doubled.design > 2.0);
    assert_eq!(cluster_mean(&[1.0; 4], &Clusters::single(4), 0.95), Err(Refused::Undefined));
    assert!(matches!(cluster_mean(&[1.0; 4], &Clusters::new(&["a"; 4]), 0.95), Err(Refused::TooFew { .. })));
    assert!(matches!(cluster_mean(&[1.0; 4], &Clusters::single(5), 0.95), Err(Refused::Lengths { .. })));
    assert!(matches!(cluster_mean(&[1.0, f64::NAN], &Clusters::single(2), 0.95), Err(Refused::NotFinite { .. })));
}

proptest! {
    #[test]
    fn intervals_move_and_stretch_with_their_values(values in proptest::collection::vec(-50_i32..50, 5..30), seed in 0_u64..9) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let moved: Vec<f64> = values.iter().map(|value| 4.0 * value + 64.0).collect();
        for method in METHODS {
            let (Ok(one), Ok(other)) = (mean_interval(&values, 0.9, method, 199, seed), mean_interval(&moved, 0.9, method, 199, seed)) else {
                continue;
            };
            prop_assert!(one.low <= one.high);
            prop_assert!((4.0 * one.low + 64.0 - other.low).abs() < 1e-6 && (4.0 * one.high + 64.0 - other.high).abs() < 1e-6);
            let wider = mean_interval(&values, 0.95, method, 199, seed);
            prop_assert!(wider.is_err() || wider.is_ok_and(|wider| wider.low <= one.low && one.high <= wider.high));
        }
    }
}
