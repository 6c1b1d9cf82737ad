//! Numbers over people and pictures, and noise ceilings.

use sweetspot_core::alignment::references::DataSet;
use sweetspot_core::statistics::ceiling::{ceiling, majority_kappa};
use sweetspot_core::statistics::refused::Refused;
use sweetspot_core::statistics::two_way::{MeanOf, Weights, jackknife, pigeonhole, two_way_mean};

use super::{golden, is, near};
use crate::files::floats;

type Rows = Vec<Vec<Option<f64>>>;

fn rows(value: &serde_json::Value) -> Rows {
    value.as_array().unwrap().iter().map(|row| row.as_array().unwrap().iter().map(serde_json::Value::as_f64).collect()).collect()
}

/// The mean over cells by weights.
fn mean(rows: &Rows, weights: &Weights) -> Option<f64> {
    let (mut sum, mut of) = (0.0, 0.0);
    for (person, row) in rows.iter().enumerate() {
        for (picture, cell) in row.iter().enumerate() {
            if let Some(cell) = cell {
                sum += weights.cell(person, picture) * cell;
                of += weights.cell(person, picture);
            }
        }
    }
    (of > 0.0).then(|| sum / of)
}

#[test]
fn means_over_people_and_pictures_are_numpys() {
    let golden = &golden()["two_way"];
    let rows = rows(&golden["rows"]);
    for (of, name) in [(MeanOf::People, "people"), (MeanOf::Cells, "cells")] {
        let (found, wanted) = (two_way_mean(&rows, of, 0.95).unwrap(), &golden[name]);
        is(found.value, &wanted["value"], 1e-12);
        is(found.by_people, &wanted["errors"][0], 1e-12);
        is(found.by_pictures, &wanted["errors"][1], 1e-12);
        is(found.freedom, &wanted["freedom"], 1e-9);
        is(found.interval.high - found.value, &wanted["half"], 1e-9);
    }
    let found = jackknife(rows.len(), rows[0].len(), 0.95, |weights| mean(&rows, weights)).unwrap();
    is(found.by_people, &golden["jackknife"]["errors"][0], 1e-12);
    is(found.by_pictures, &golden["jackknife"]["errors"][1], 1e-12);
    is(found.freedom, &golden["jackknife"]["freedom"], 1e-9);
}

#[test]
fn the_pigeonhole_bootstrap_is_numpys() {
    let golden = &golden()["two_way"];
    let rows = rows(&golden["rows"]);
    let found = pigeonhole(rows.len(), rows[0].len(), 0.95, 40_000, 7, |weights| mean(&rows, weights)).unwrap();
    let deviation = golden["pigeonhole_deviation"].as_f64().unwrap();
    let wanted = floats(&golden["pigeonhole"]);
    // Quantiles far out, where one of 40,000 draws has a standard error of some .05 deviations.
    near(found.interval.low, wanted[0], 0.15 * deviation);
    near(found.interval.high, wanted[1], 0.15 * deviation);
    let again = pigeonhole(rows.len(), rows[0].len(), 0.95, 40_000, 7, |weights| mean(&rows, weights)).unwrap();
    assert_eq!(found, again);
}

#[test]
fn without_missing_cells_both_means_are_one() {
    let rows: Rows = (0..5).map(|p| (0..9).map(|q| Some(f64::from((p * 7 + q * q * 3) % 11))).collect()).collect();
    let (people, cells) = (two_way_mean(&rows, MeanOf::People, 0.95).unwrap(), two_way_mean(&rows, MeanOf::Cells, 0.95).unwrap());
    near(people.value, cells.value, 1e-12);
    near(people.by_people, cells.by_people, 1e-12);
    near(people.by_pictures, cells.by_pictures, 1e-12);
    let jack = jackknife(5, 9, 0.95, |weights| mean(&rows, weights)).unwrap();
    near(jack.by_people, cells.by_people, 1e-12);
    near(jack.interval.low, cells.interval.low, 1e-9);
}

#[test]
fn what_has_no_value_is_refused() {
    let rows: Rows = vec![vec![Some(1.0), None], vec![Some(2.0), Some(f64::NAN)]];
    assert!(matches!(two_way_mean(&rows, MeanOf::Cells, 0.95), Err(Refused::NotFinite { at: 3, .. })));
    let rows: Rows = vec![vec![Some(1.0), None], vec![Some(2.0), None]];
    assert_eq!(two_way_mean(&rows, MeanOf::Cells, 0.95), Err(Refused::TooFew { what: "pictures", got: 1, needed: 2 }));
    // Whoever answered nothing, and what nobody answered, leaves no trace.
    let rows: Rows = vec![vec![Some(1.0), Some(0.5), None], vec![None; 3], vec![Some(2.0), Some(4.0), None]];
    let whole: Rows = vec![vec![Some(1.0), Some(0.5)], vec![Some(2.0), Some(4.0)]];
    assert_eq!(two_way_mean(&rows, MeanOf::People, 0.95), two_way_mean(&whole, MeanOf::People, 0.95));
    assert!(matches!(two_way_mean(&rows[..1], MeanOf::Cells, 0.95), Err(Refused::TooFew { .. })));
    for nothing in [None, Some(f64::NAN), Some(f64::INFINITY)] {
        assert_eq!(jackknife(3, 3, 0.95, |_| nothing), Err(Refused::Undefined));
        assert_eq!(pigeonhole(3, 3, 0.95, 99, 0, |_| nothing), Err(Refused::Undefined));
    }
    // Of all, but not of most draws.
    let rarely = |weights: &Weights| weights.people.iter().all(|times| *times < 2).then_some(1.0);
    assert_eq!(pigeonhole(6, 6, 0.95, 99, 0, rarely), Err(Refused::Undefined));
    assert!(ceiling(2, 9, 0.95, |_, _, _| Some(1.0)).is_err());
    assert_eq!(ceiling(4, 9, 0.95, |_, _, _| None), Err(Refused::Undefined));
}

fn letters(value: &serde_json::Value) -> Vec<Vec<Option<bool>>> {
    let row = |row: &serde_json::Value| row.as_str().unwrap().chars().map(|letter| (letter != '-').then_some(letter == '1')).collect();
    value.as_array().unwrap().iter().map(row).collect()
}

#[test]
fn ceilings_are_numpys() {
    let golden = &golden()["ceilings"];
    let rights = letters(&golden["answers"]);
    let found = ceiling(rights.len(), rights[0].len(), 0.95, majority_kappa(&rights)).unwrap();
    for (at, end) in [found.lower, found.upper].iter().enumerate() {
        is(end.value, &golden["value"][at], 1e-12);
        is(end.by_people, &golden["by_people"][at], 1e-12);
        is(end.by_pictures, &golden["by_pictures"][at], 1e-12);
        assert!(end.interval.low < end.value && end.value < end.interval.high);
    }
    assert!(found.lower.value < found.upper.value);
}

#[test]
fn people_who_always_agree_leave_no_gap() {
    let row: Vec<Option<bool>> = (0..12).map(|at| Some(at % 3 > 0)).collect();
    let found = ceiling(5, 12, 0.95, majority_kappa(&vec![row; 5])).unwrap();
    assert_eq!((found.lower.value, found.upper.value, found.lower.interval.low), (1.0, 1.0, 1.0));
}

/// The lower ceilings of the published trials, ten people each, which lie beside the checkout.
#[test]
#[cfg_attr(not(human), ignore = "needs ../shared/human")]
fn people_agree_more_with_nine_others_than_with_one() {
    for (set, kappa) in [("edge", 0.399), ("silhouette", 0.607)] {
        let people = crate::alignment::people(set);
        let names: std::collections::BTreeSet<&str> = people.iter().flat_map(|person| person.all()).map(|(_, name, _)| name).collect();
        let right = |person: &sweetspot_core::alignment::observers::Observer| -> Vec<Option<bool>> {
            let answer = |name: &&str| person.all().find(|(_, other, _)| other == name).map(|(.., answer)| answer.is_right());
            names.iter().map(answer).collect()
        };
        let rights: Vec<Vec<Option<bool>>> = people.iter().map(right).collect();
        let found = ceiling(rights.len(), names.len(), 0.95, majority_kappa(&rights)).unwrap();
        near(found.lower.value, kappa, 5e-4);
        assert!(found.lower.value > DataSet::of(set).unwrap().ceiling && found.upper.value > found.lower.value);
    }
}
