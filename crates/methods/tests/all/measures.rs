//! Measures against numpy (`tests/golden/measures.py`) and by hand.
#![allow(missing_docs, clippy::unwrap_used)]

use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::metrics::measure::Kind;
use sweetspot_core::metrics::spearman::likeness;
use sweetspot_core::metrics::{Measure, Pooling, mask_of_boxes};
use sweetspot_methods::metrics::auc::auc;
use sweetspot_methods::metrics::best_iou::best_iou;
use sweetspot_methods::metrics::effective_complexity::effective_complexity;
use sweetspot_methods::metrics::energy_pointing_game::energy_pointing_game;
use sweetspot_methods::metrics::entropy::entropy;
use sweetspot_methods::metrics::gini::gini;
use sweetspot_methods::metrics::of_map::scores;
use sweetspot_methods::metrics::pointing_game::pointing_game;
use sweetspot_methods::metrics::relevance_mass::relevance_mass_accuracy;
use sweetspot_methods::metrics::relevance_rank::relevance_rank_accuracy;
use sweetspot_methods::metrics::sufficiency::distance;
use sweetspot_testing::audit::Found;
use sweetspot_testing::{floats, golden};

/// A measure of a map against a mask, and one of a map alone.
type OfPlace = fn(&[f32], &[bool]) -> Result<f32>;
type OfMap = fn(&[f32]) -> Result<f32>;

const PLACE: [OfPlace; 6] = [relevance_mass_accuracy, relevance_rank_accuracy, pointing_game, energy_pointing_game, best_iou, auc];
const COMPLEXITY: [OfMap; 3] = [gini, entropy, effective_complexity];

fn apart(got: Result<f32>, expected: f64) -> f64 {
    (f64::from(got.unwrap()) - expected).abs()
}

fn near(got: Result<f32>, expected: f64) {
    assert!(apart(got.clone(), expected) < 1e-6, "{got:?}, expected {expected}");
}

#[test]
fn both_measures_equal_numpy() {
    let golden = golden("measures.json");
    let mask: Vec<bool> = floats(&golden["mask"]).iter().map(|v| *v > 0.0).collect();
    let mut compared = 0;
    let mut found = Found::default();
    for case in golden["cases"].as_array().unwrap() {
        let map = floats(&case["map"]);
        for (measure, got) in
            [(Measure::RelevanceMass, relevance_mass_accuracy(&map, &mask)), (Measure::RelevanceRank, relevance_rank_accuracy(&map, &mask))]
        {
            let name = measure.id();
            match case[name].as_f64() {
                Some(expected) if map.iter().all(|v| *v >= 0.0) => {
                    compared += 1;
                    found.add(measure, (f64::from(got.unwrap()) - expected).abs());
                }
                _ => assert!(matches!(got, Err(Error::Undefined { .. })), "{}, {name}: {got:?}", case["name"]),
            }
        }
    }
    assert!(compared >= 6);
    // Sums of 42 numbers in double precision, given back in single.
    found.check("numpy", "small maps", "largest difference", 1e-6, "measures.json");
}

#[test]
fn places_equal_scikit_learn_and_numpy() {
    let golden = golden("map_measures.json");
    let maps = golden["maps"].as_array().unwrap();
    let mut compared = 0;
    let mut found = Found::default();
    for case in golden["places"].as_array().unwrap() {
        let map = floats(&maps.iter().find(|map| map["name"] == case["map"]).unwrap()["map"]);
        let mask: Vec<bool> = floats(&golden["masks"][case["mask"].as_str().unwrap()]).iter().map(|v| *v > 0.0).collect();
        let expected = |name: &str| case[name].as_f64();
        match expected("energy_pointing_game") {
            Some(expected) => found.add(Measure::EnergyPointingGame, apart(energy_pointing_game(&map, &mask), expected)),
            None => assert!(matches!(energy_pointing_game(&map, &mask), Err(Error::Undefined { .. }))),
        }
        // Only the order counts for the others, which take no negative values.
        let least = map.iter().copied().fold(0.0, f32::min);
        let raised: Vec<f32> = map.iter().map(|v| v - least).collect();
        if raised.iter().all(|v| *v == 0.0) {
            continue;
        }
        compared += 1;
        found.add(Measure::PointingGame, apart(pointing_game(&raised, &mask), case["pointing_game"]["0"].as_f64().unwrap()));
        found.add(Measure::BestIou, apart(best_iou(&raised, &mask), expected("best_iou").unwrap()));
        found.add(Measure::Auc, apart(auc(&raised, &mask), expected("auc").unwrap()));
    }
    assert_eq!(compared, 48);
    found.check("scikit-learn, Quantus and numpy", "small maps and masks", "largest difference", 1e-6, "map_measures.json");
}

#[test]
fn complexity_equals_quantus() {
    let mut compared = 0;
    let mut found = Found::default();
    for case in golden("map_measures.json")["maps"].as_array().unwrap() {
        let map = floats(&case["map"]);
        let theirs = &case["of_quantus"];
        if theirs.is_null() {
            assert!(COMPLEXITY.iter().all(|measure| matches!(measure(&map), Err(Error::Undefined { .. }))));
            continue;
        }
        compared += 1;
        found.add(Measure::Gini, apart(gini(&map), theirs["gini"].as_f64().unwrap()));
        found.add(Measure::Entropy, apart(entropy(&map), case["entropy"].as_f64().unwrap()));
        found.add(
            Measure::EffectiveComplexity,
            apart(effective_complexity(&map), case["effective_complexity"].as_f64().unwrap() / map.len() as f64),
        );
    }
    assert_eq!(compared, 16);
    // An entropy is up to 4 here and given back in single precision.
    found.check("Quantus and numpy", "small maps", "largest difference", 2e-6, "map_measures.json");
}

#[test]
fn likeness_equals_scipy() {
    let mut found = Found::default();
    for case in golden("map_measures.json")["pairs"].as_array().unwrap() {
        let (a, b) = (floats(&case["a"]), floats(&case["b"]));
        // A map that is the same everywhere has no ranks.
        let expected = case["spearman"].as_f64().unwrap_or(0.0);
        let difference = (likeness(&a, &b) - expected).abs();
        for measure in Measure::of(Kind::Randomisation) {
            found.add(measure, difference);
        }
    }
    found.check("scipy's Spearman correlation", "pairs of small maps", "largest difference", 1e-9, "map_measures.json");
    let mut distances = Found::default();
    for group in golden("map_measures.json")["sufficiency"].as_array().unwrap() {
        let maps: Vec<Vec<f32>> = group["maps"].as_array().unwrap().iter().map(floats).collect();
        for (a, row) in maps.iter().zip(group["unit-norm"]["distances"].as_array().unwrap()) {
            for (b, expected) in maps.iter().zip(row.as_array().unwrap()) {
                distances.add(Measure::Sufficiency, (distance(a, b) - expected.as_f64().unwrap()).abs());
            }
        }
    }
    distances.check("scipy's distances, as Quantus takes them", "pairs of small maps", "largest difference", 1e-6, "map_measures.json");
}

#[test]
fn by_hand() {
    let map = [4.0, 1.0, 2.0, 3.0];
    let mask = [true, false, false, true];
    assert_eq!(relevance_mass_accuracy(&map, &mask).unwrap(), 0.7);
    assert_eq!(relevance_rank_accuracy(&map, &mask).unwrap(), 1.0);
    // Equal values: the lower index ranks first.
    assert_eq!(relevance_rank_accuracy(&[1.0; 4], &[false, true, true, false]).unwrap(), 0.5);
    // Thresholds 4, 3, 2, 1 give 1/2, 2/2, 2/3, 2/4.
    assert_eq!(best_iou(&map, &mask).unwrap(), 1.0);
    assert_eq!(auc(&map, &mask).unwrap(), 1.0);
    let beside = [false, true, true, false];
    // Thresholds 4, 3, 2, 1 give 0/3, 0/4, 1/4, 2/4; no pixel of the object beats one beside it.
    assert_eq!(best_iou(&map, &beside).unwrap(), 0.5);
    assert_eq!(auc(&map, &beside).unwrap(), 0.0);
    // Pairs (3, 3), (3, 1), (2, 3), (2, 1): a tie, two wins, a loss.
    assert_eq!(auc(&[3.0, 2.0, 3.0, 1.0], &[true, true, false, false]).unwrap(), 0.625);
    // The two 3s come in at one threshold: 1/3, then 2/3, then 2/4.
    near(best_iou(&[3.0, 2.0, 3.0, 1.0], &[true, true, false, false]), 2.0 / 3.0);
    assert_eq!([pointing_game(&map, &mask).unwrap(), pointing_game(&map, &beside).unwrap()], [1.0, 0.0]);
    // Any of the equal largest ones will do.
    assert_eq!(pointing_game(&[5.0, 1.0, 5.0], &[false, false, true]).unwrap(), 1.0);
    near(energy_pointing_game(&[3.0, -5.0, 1.0, 0.0], &[true, true, false, false]), 0.75);
}

#[test]
fn complexity_by_hand() {
    // Sorted 0, 1, 2, 5 of sum 8: (-3 x 0 - 1 x 1 + 1 x 2 + 3 x 5) / (4 x 8).
    near(gini(&[2.0, -5.0, 0.0, 1.0]), 0.5);
    near(entropy(&[-1.0, 1.0, 2.0]), 2.0 * 0.25 * 4.0_f64.ln() + 0.5 * 2.0_f64.ln());
    near(effective_complexity(&[1.0, -1.0, 0.9e-5, 1.1e-5]), 0.75);

    for n in [2_usize, 100, 5000] {
        let mut map = vec![0.0; n];
        map[n / 3] = -7.0;
        let n64 = n as f64;
        // The floor of 1e-7 of the largest value lies under each of the n pixels.
        assert!((f64::from(gini(&map).unwrap()) - (n64 - 1.0) / n64).abs() < 1e-7 * n64 + 1e-6);
        near(entropy(&map), 0.0);
        near(effective_complexity(&map), 1.0 / n64);
        map.fill(-0.25);
        near(gini(&map), 0.0);
        assert!((f64::from(entropy(&map).unwrap()) - n64.ln()).abs() < 1e-5);
        near(effective_complexity(&map), 1.0);
    }
}

#[test]
fn scale_changes_nothing_and_an_even_map_scores_the_objects_share() {
    let map: Vec<f32> = (0..100).map(|i| ((i * 37) % 101) as f32).collect();
    let scaled: Vec<f32> = map.iter().map(|v| v * 1e-6).collect();
    let mask: Vec<bool> = (0..100).map(|i| i % 3 == 0).collect();
    for measure in PLACE {
        assert!((measure(&map, &mask).unwrap() - measure(&scaled, &mask).unwrap()).abs() < 1e-6);
    }
    for measure in COMPLEXITY {
        assert!((measure(&map).unwrap() - measure(&scaled).unwrap()).abs() < 1e-6);
    }
    for measure in [relevance_mass_accuracy, energy_pointing_game, best_iou] {
        near(measure(&[1.0; 100], &mask), 0.34);
    }
    near(auc(&[1.0; 100], &mask), 0.5);
    near(pointing_game(&[1.0; 100], &mask), 1.0);
    // Only the order counts for measures of ranks.
    let bent: Vec<f32> = map.iter().map(|v| v.powi(3) + 1.0).collect();
    for measure in [relevance_rank_accuracy, pointing_game, best_iou, auc] {
        assert_eq!(measure(&map, &mask).unwrap(), measure(&bent, &mask).unwrap());
    }
}

#[test]
fn what_has_no_value_says_why() {
    let undefined = |map: &[f32], mask: &[bool], part: &str| {
        for measure in PLACE {
            let Err(Error::Undefined { reason, .. }) = measure(map, mask) else { panic!("{map:?} has a value") };
            assert!(reason.contains(part), "{reason}");
        }
    };
    undefined(&[f32::NAN, 1.0], &[true, false], "NaN");
    undefined(&[f32::INFINITY, 1.0], &[true, false], "inf");
    undefined(&[1.0, 1.0], &[false, false], "no pixel");
    undefined(&[1.0, 1.0], &[true, false, true], "3 pixels");
    undefined(&[0.0, -0.0], &[true, false], "");
    for measure in [relevance_mass_accuracy, relevance_rank_accuracy, pointing_game, best_iou, auc] {
        assert!(matches!(measure(&[-1.0, 1.0], &[true, false]), Err(Error::Undefined { .. })));
    }
    near(energy_pointing_game(&[-1.0, 1.0], &[false, true]), 1.0);
    assert!(energy_pointing_game(&[-1.0, 0.0], &[false, true]).unwrap_err().to_string().contains("speaks for the class"));
    for measure in COMPLEXITY {
        assert!(measure(&[0.0; 3]).unwrap_err().to_string().contains("zero everywhere"));
        assert!(measure(&[1.0, f32::NAN]).unwrap_err().to_string().contains("NaN"));
        assert!(matches!(measure(&[]), Err(Error::Undefined { .. })));
    }
    for measure in [relevance_mass_accuracy, relevance_rank_accuracy, pointing_game, energy_pointing_game, best_iou] {
        assert_eq!(measure(&[1.0, 2.0], &[true, true]).unwrap(), 1.0, "a full mask holds everything");
    }
    assert!(auc(&[1.0, 2.0], &[true, true]).unwrap_err().to_string().contains("fills the whole picture"));
}

#[test]
fn each_measure_gets_its_map() {
    let map = |signed, values: &[f32]| ChannelMap { channels: 2, height: 1, width: 3, values: values.into(), signed, total: None };
    let mask = [true, false, false];
    let value = |map: &ChannelMap, wanted| scores(map, Some(&mask)).into_iter().find(|s| s.measure == wanted).unwrap().value.unwrap();
    // Squares 25, 1, 4; sums 1, 0, 2; what speaks for the class 1, 0, 2.
    let signed = map(true, &[4.0, 1.0, 2.0, -3.0, 0.0, 0.0]);
    near(Ok(value(&signed, Measure::RelevanceMass)), 25.0 / 30.0);
    near(Ok(value(&signed, Measure::EnergyPointingGame)), 1.0 / 4.0);
    near(Ok(value(&signed, Measure::PointingGame)), 1.0);
    near(Ok(value(&signed, Measure::EffectiveComplexity)), 1.0);
    // Maxima 4, 3, 2.
    let unsigned = map(false, &[4.0, 1.0, 2.0, 3.0, 3.0, 0.0]);
    near(Ok(value(&unsigned, Measure::RelevanceMass)), 4.0 / 9.0);
    assert_eq!(value(&unsigned, Measure::EnergyPointingGame), value(&unsigned, Measure::RelevanceMass));

    let ids = |mask: Option<&[bool]>| scores(&unsigned, mask).iter().map(|s| s.measure).collect::<Vec<_>>();
    assert_eq!(ids(Some(&mask)), Measure::all().filter(|m| !m.needs_network()).collect::<Vec<_>>());
    assert_eq!(ids(None), Measure::of(Kind::Complexity).collect::<Vec<_>>());
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
