//! Counts, shares and distributions.

use sweetspot_core::statistics::binomial::binomial_tail;
use sweetspot_core::statistics::distributions::{normal_below, normal_quantile, student_above, student_quantile};
use sweetspot_core::statistics::non_inferiority::{Pairs, drop_interval, non_inferiority};
use sweetspot_core::statistics::refused::Refused;
use sweetspot_core::statistics::sign_test::sign_test;
use sweetspot_core::statistics::wilson::wilson;

use super::{golden, is, near};
use crate::files::floats;

fn count(value: &serde_json::Value) -> usize {
    value.as_u64().unwrap() as usize
}

#[test]
fn quantiles_are_scipys() {
    let golden = golden();
    for pair in golden["counts"]["normal"].as_array().unwrap() {
        let [probability, quantile] = floats(pair)[..] else { panic!() };
        near(normal_quantile(probability), quantile, 1e-9);
        near(normal_below(quantile), probability, 1e-11);
    }
    for triple in golden["counts"]["student"].as_array().unwrap() {
        let [probability, freedom, quantile] = floats(triple)[..] else { panic!() };
        near(student_quantile(probability, freedom) / quantile, 1.0, 1e-8);
        near(student_above(quantile, freedom), 1.0 - probability, 1e-10);
    }
    assert!(student_quantile(0.5, 0.0).is_nan() && student_above(1.0, f64::NAN).is_nan());
}

#[test]
fn exact_tests_of_counts_are_scipys_and_statsmodels() {
    let golden = golden();
    for case in golden["counts"]["wilson"].as_array().unwrap() {
        let [low, high] = wilson(count(&case["right"]), count(&case["of"]));
        let wanted = floats(&case["interval"]);
        near(low, wanted[0], 1e-12);
        near(high, wanted[1], 1e-12);
    }
    for case in golden["counts"]["sign_test"].as_array().unwrap() {
        is(sign_test(count(&case["one"]), count(&case["other"])), &case["p"], 1e-11);
    }
    for case in golden["counts"]["binomial"].as_array().unwrap() {
        is(binomial_tail(count(&case["count"]), count(&case["least"]), case["level"].as_f64().unwrap()), &case["tail"], 1e-11);
    }
    // Far more tries than half to their power can be written for.
    assert!(sign_test(3000, 3100) > 0.1 && sign_test(0, 3000) < 1e-300);
}

#[test]
fn tango_is_the_numerical_solution_and_the_published_one() {
    let golden = golden();
    let pairs =
        |case: &serde_json::Value| Pairs { pictures: count(&case["pictures"]), gained: count(&case["gained"]), lost: count(&case["lost"]) };
    for case in golden["accuracies"].as_array().unwrap() {
        for confidence in [0.9, 0.95] {
            let found = drop_interval(pairs(case), confidence).unwrap();
            let wanted = floats(&case[confidence.to_string()]);
            near(found.low, wanted[0], 1e-5);
            near(found.high, wanted[1], 1e-5);
        }
    }
    // Here gained and lost are the other way round, as is the sign of their difference.
    let published = &golden["published"];
    let found = drop_interval(pairs(published), 0.95).unwrap();
    let limits = floats(&published["limits"]);
    near(found.low, limits[0], 5e-5);
    near(found.high, limits[1], 5e-5);
}

#[test]
fn a_drop_is_refused_by_its_upper_limit() {
    // The test and the limit say the same, whatever the counts.
    for pictures in [10, 64, 300] {
        for lost in 0..9 {
            for gained in (0..9).filter(|gained| gained + lost <= pictures) {
                let pairs = Pairs { pictures, gained, lost };
                for margin in [0.02, 0.1] {
                    let found = non_inferiority(pairs, margin, 0.05).unwrap();
                    assert_eq!(found.shown, found.p < 0.05, "{pairs:?} {found:?}");
                    assert!(found.drop <= found.upper + 1e-12);
                }
                let (there, back) = (drop_interval(pairs, 0.95).unwrap(), Pairs { gained: lost, lost: gained, ..pairs });
                let back = drop_interval(back, 0.95).unwrap();
                near(there.low, -back.high, 1e-12);
            }
        }
    }
    let rights = [(true, true), (true, false), (false, true), (false, true), (false, false)];
    assert_eq!(Pairs::of(rights), Pairs { pictures: 5, gained: 2, lost: 1 });
    // No picture differs: of 40 that shows a drop below 6.5 points, and no less.
    let same = Pairs { pictures: 40, gained: 0, lost: 0 };
    assert!(non_inferiority(same, 0.07, 0.05).unwrap().shown && !non_inferiority(same, 0.02, 0.05).unwrap().shown);
    assert!(matches!(drop_interval(Pairs::default(), 0.95), Err(Refused::TooFew { .. })));
    assert!(drop_interval(Pairs { pictures: 3, gained: 2, lost: 2 }, 0.95).is_err());
    assert!(non_inferiority(same, f64::NAN, 0.05).is_err() && non_inferiority(same, 0.02, 0.5).is_err());
}
