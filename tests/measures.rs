//! Measures against numpy (`tests/golden/measures.py`) and by hand.
#![cfg(feature = "cli")]
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use common::{floats, golden};
use sweetspot::error::Error;
use sweetspot::metrics::relevance_mass::relevance_mass_accuracy;
use sweetspot::metrics::relevance_rank::relevance_rank_accuracy;
use sweetspot::metrics::{Pooling, mask_of_boxes};

#[test]
fn both_measures_equal_numpy() {
    let golden = golden("measures.json");
    let mask: Vec<bool> = floats(&golden["mask"]).iter().map(|v| *v > 0.0).collect();
    let mut compared = 0;
    for case in golden["cases"].as_array().unwrap() {
        let map = floats(&case["map"]);
        for (name, got) in [
            ("relevance_mass_accuracy", relevance_mass_accuracy(&map, &mask)),
            ("relevance_rank_accuracy", relevance_rank_accuracy(&map, &mask)),
        ] {
            match case[name].as_f64() {
                Some(expected) if map.iter().all(|v| *v >= 0.0) => {
                    compared += 1;
                    let got = got.unwrap();
                    // Sums of 42 numbers in double precision, given back in single.
                    assert!((f64::from(got) - expected).abs() < 1e-6, "{}, {name}: {got}, expected {expected}", case["name"]);
                }
                _ => assert!(matches!(got, Err(Error::Undefined { .. })), "{}, {name}: {got:?}", case["name"]),
            }
        }
    }
    assert!(compared >= 6);
}

#[test]
fn by_hand() {
    let map = [4.0, 1.0, 2.0, 3.0];
    let mask = [true, false, false, true];
    assert_eq!(relevance_mass_accuracy(&map, &mask).unwrap(), 0.7);
    assert_eq!(relevance_rank_accuracy(&map, &mask).unwrap(), 1.0);
    // Equal values: the lower index ranks first.
    assert_eq!(relevance_rank_accuracy(&[1.0; 4], &[false, true, true, false]).unwrap(), 0.5);
}

#[test]
fn scale_changes_nothing_and_an_even_map_scores_the_objects_share() {
    let map: Vec<f32> = (0..100).map(|i| ((i * 37) % 101) as f32).collect();
    let scaled: Vec<f32> = map.iter().map(|v| v * 1e-6).collect();
    let mask: Vec<bool> = (0..100).map(|i| i % 3 == 0).collect();
    assert!((relevance_mass_accuracy(&map, &mask).unwrap() - relevance_mass_accuracy(&scaled, &mask).unwrap()).abs() < 1e-6);
    assert_eq!(relevance_rank_accuracy(&map, &mask).unwrap(), relevance_rank_accuracy(&scaled, &mask).unwrap());
    assert!((relevance_mass_accuracy(&[1.0; 100], &mask).unwrap() - 0.34).abs() < 1e-6);
}

#[test]
fn what_has_no_value_says_why() {
    let undefined = |map: &[f32], mask: &[bool]| {
        assert!(matches!(relevance_mass_accuracy(map, mask), Err(Error::Undefined { .. })));
        assert!(matches!(relevance_rank_accuracy(map, mask), Err(Error::Undefined { .. })));
    };
    undefined(&[0.0, 0.0], &[true, false]);
    undefined(&[f32::NAN, 1.0], &[true, false]);
    undefined(&[-1.0, 1.0], &[true, false]);
    undefined(&[1.0, 1.0], &[false, false]);
    assert_eq!(relevance_mass_accuracy(&[1.0, 2.0], &[true, true]).unwrap(), 1.0, "a full mask holds everything");
}

#[test]
fn signed_and_coloured_maps_are_squared() {
    assert_eq!(Pooling::of(&[1.0, 0.0], 1), Pooling::None);
    assert_eq!(Pooling::of(&[1.0, -1.0], 1), Pooling::Squared);
    assert_eq!(Pooling::of(&[1.0, 1.0], 2), Pooling::Squared);
    assert_eq!(Pooling::Squared.pool(&[1.0, 2.0, -3.0, 4.0], 2), [10.0, 20.0]);
}

#[test]
fn boxes_cover_the_pixels_whose_centres_they_hold() {
    let mask = mask_of_boxes(&[[0.0, 0.0, 1.0, 1.0], [1.6, 0.4, 2.5, 1.0]], 2, 3);
    assert_eq!(mask, [true, false, false, false, false, false]);
}
