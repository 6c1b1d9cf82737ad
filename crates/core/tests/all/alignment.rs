//! Human alignment: the numbers against independent ones, the formats of trials, and what must hold whatever people answer.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use proptest::prelude::*;
use sweetspot_core::alignment::accuracy::Share;
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::consistency::{Table, consistency, estimate, matrix, pairs};
use sweetspot_core::alignment::observers::{Answer, Observer, conditions, observers};
use sweetspot_core::alignment::references::{DATA_SETS, DataSet};
use sweetspot_core::alignment::summary::align;
use sweetspot_core::alignment::trials;
use sweetspot_core::alignment::trials::{Trial, settle, stimulus};
use sweetspot_core::alignment::trials_json;
use sweetspot_core::report::Report;
use sweetspot_core::statistics::wilson::wilson;

use crate::files::{golden, root};

/// The answers of real people, which lie beside the checkout and are not part of it.
pub fn people(set: &str) -> Vec<Observer> {
    let folder = root().join("../shared/human").join(set).join("responses");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (mut all, mut report) = (Vec::new(), Report::default());
    for path in paths {
        let (read, said) = trials::read(&path.display().to_string(), &std::fs::read(&path).unwrap()).unwrap();
        all.extend(read);
        report.add(said);
    }
    let kept = settle(all, &mut report);
    assert_eq!((kept.len(), report.used, report.refusals()), (1600, 1600, 0), "ten people, 160 pictures each");
    observers(&kept)
}

#[test]
fn kappa_and_intervals_are_those_of_scikit_learn_and_scipy() {
    let golden = golden("alignment.json");
    for case in golden["kappas"].as_array().unwrap() {
        let rights = |key: &str| case[key].as_str().unwrap().chars().map(|c| c == '1').collect::<Vec<_>>();
        let (a, b) = (rights("a"), rights("b"));
        let found = consistency(a.iter().copied().zip(b.iter().copied())).unwrap();
        // Both divide a few whole numbers in doubles.
        assert!((found.kappa - case["kappa"].as_f64().unwrap()).abs() < 1e-12, "{found:?} {}", case["kappa"]);
        assert_eq!(found.images, a.len());
    }
    for case in golden["shares"].as_array().unwrap() {
        let number = |key: &str| case[key].as_u64().unwrap() as usize;
        let [low, high] = wilson(number("right"), number("of"));
        // scipy finds the deviate for 95 % itself.
        let near = |found: f64, key: &str| (found - case[key].as_f64().unwrap()).abs() < 1e-12;
        assert!(near(low, "low") && near(high, "high"), "{low} {high} {case}");
    }
}

/// The test that Brain-Score's error consistency has: three observers, conditions of three pictures, the first with the others 0.2.
#[test]
fn the_metrics_own_test() {
    let answers = [
        ("A", "dog cat chair cat dog dog dog dog chair"),
        ("B", "cat cat chair cat dog cat chair cat cat"),
        ("C", "dog cat chair dog cat chair dog cat chair"),
    ];
    let truth = "dog cat chair dog cat chair dog cat chair";
    let observers = answers.map(|(name, answers)| {
        let mut observer = Observer::new(name);
        for (at, (answer, truth)) in answers.split(' ').zip(truth.split(' ')).enumerate() {
            let answer = Answer { category: Category::from_id(truth).unwrap(), response: Some(Category::from_id(answer).unwrap()) };
            observer.add(&(at / 3 + 1).to_string(), &format!("{at}.png"), answer);
        }
        observer
    });
    let tables: Vec<Table> = conditions(&observers).iter().map(|condition| Table::new(&observers, condition)).collect();
    assert_eq!(tables.len(), 3);
    let found = estimate(&tables, &[(0, 1), (0, 2)], 0).unwrap();
    assert!((found.value - 0.2).abs() < 1e-12, "{}", found.value);
    assert_eq!((found.images, found.pairs), (9, 2));
    let summed = align(&observers[0], &observers[1..], |_| false, 0).unwrap();
    assert_eq!(summed.error_consistency, Some(found));
    assert_eq!((summed.accuracy.right, summed.accuracy.of), (5, 9));
}

#[test]
#[cfg_attr(not(human), ignore = "needs ../shared/human")]
fn people_agree_as_far_as_was_published() {
    for set in ["edge", "silhouette"] {
        let people = people(set);
        let reference = DataSet::of(set).unwrap();
        let tables: Vec<Table> = conditions(&people).iter().map(|condition| Table::new(&people, condition)).collect();
        let found = estimate(&tables, &pairs(people.len()), 0).unwrap();
        assert!((found.value - reference.ceiling).abs() < 5e-6, "{set}: {}", found.value);
        assert!(found.interval[0] < found.value && found.value < found.interval[1], "{found:?}");
        let accuracy = Share::of(people.iter().flat_map(|person| person.all().map(|(.., answer)| answer))).unwrap();
        assert!((accuracy.value - reference.human_accuracy).abs() < 5e-5, "{set}: {}", accuracy.value);
        let golden = &golden("alignment.json")["data_sets"][set];
        assert!((found.value - golden["ceiling"].as_f64().unwrap()).abs() < 1e-12);
    }
}

/// The categories' table against the one kept beside the checkout.
#[test]
#[cfg_attr(not(oracles), ignore = "needs ../shared/oracles")]
fn categories_are_the_published_ones() {
    let bytes = std::fs::read(root().join("../shared/oracles/imagenet16.json")).unwrap();
    let known: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    for category in Category::ALL {
        let classes: Vec<u64> = category.classes().map(|class| class as u64).collect();
        assert_eq!(serde_json::json!(classes), known["categories"][category.id()], "{category}");
    }
}

const TABLE: &str = "subj,session,trial,rt,object_response,category,condition,imagename\n\
    subject-01,1,1,0.5,dog,dog,0,0001_x_s01_0_dog_00_dog1.png\n\
    subject-01,1,2,NaN,na,cat,0,0002_x_s01_0_cat_00_cat1.png\n\
    subject-02,1,1,0.7,oven,dog,0,0001_x_s02_0_dog_00_dog1.png\n";

#[test]
fn tables_read_the_same_in_every_encoding_order_and_case() {
    let (expected, report) = trials::read("t.csv", TABLE.as_bytes()).unwrap();
    assert_eq!((report.used, report.refusals(), expected.len()), (3, 0, 3));
    assert_eq!(expected[0].stimulus(), "dog1.png");
    assert_eq!((expected[1].response, expected[1].seconds), (None, None));
    assert_eq!(expected[2].response, Some(Category::Oven));
    let units: Vec<u16> = TABLE.encode_utf16().collect();
    let marked: Vec<u8> = std::iter::once(0xfeffu16).chain(units.iter().copied()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    for bytes in [
        [b"\xef\xbb\xbf", TABLE.as_bytes()].concat(),
        marked,
        big,
        TABLE.replace('\n', "\r\n").into_bytes(),
        TABLE.replace(',', ";").into_bytes(),
        TABLE.replace(',', "\t").into_bytes(),
        TABLE.replacen("subj,session", "Subj,SESSION", 1).into_bytes(),
        TABLE.replace("dog,dog", "\"Dog\", DOG ").into_bytes(),
    ] {
        assert_eq!(trials::read("t.csv", &bytes).unwrap().0, expected, "{}", String::from_utf8_lossy(&bytes));
    }
    let latin: Vec<u8> = TABLE.replace("subject-02", "Jos\u{e9}").chars().map(|c| c as u8).collect();
    let (read, report) = trials::read("t.csv", &latin).unwrap();
    assert_eq!(read[2].subject, "José");
    assert!(report.notes[0].contains("Latin-1"));
    assert_eq!(trials::read("t.csv", trials::write(&expected).as_bytes()).unwrap().0, expected);
    assert_eq!(trials_json::read("t.json", trials_json::write(&expected).unwrap().as_bytes()).unwrap().0, expected);
}

#[test]
fn bad_lines_are_told_of_and_good_ones_used() {
    let said = |text: &str| trials::read("t.csv", text.as_bytes()).unwrap_err().to_string();
    assert!(said("subj,category,condition\n1,dog,0\n").contains("lacks the columns object_response, imagename"));
    assert!(said("").contains("empty"));
    assert!(said("subj,Subj,object_response,category,condition,imagename\n").contains("'subj' twice"));
    assert!(trials::read("t.csv", b"\x89PNG\0\0\0").is_err());
    let table = format!(
        "{TABLE}subject-03,1,1,0.5,unicorn,dog,0,a_dog1.png\nsubject-03,1,2,0.5,dog,sofa,0,a_dog2.png\nsubject-03,1\n\
         subject-03,1,3,0.5,dog,dog,,a_dog3.png\nsubject-03,1,4,0.5,dog,dog,0,a_dog4.png,more\nsubject-03,1,5,0.5,dog,dog,0,a_dog5.png\n"
    );
    let (read, report) = trials::read("t.csv", table.as_bytes()).unwrap();
    assert_eq!((read.len(), report.used, report.refusals()), (4, 4, 5));
    let lines: Vec<String> = report.lines().collect();
    for part in
        ["unknown answer 'unicorn'", "unknown category 'sofa'", "fewer fields", "nothing in the column condition", "more fields", "line 5"]
    {
        assert!(lines.iter().any(|line| line.contains(part)), "{part}: {lines:?}");
    }
    let bad = trials_json::read("t.json", br#"{"format":"sweetspot-trials-1","trials":[{"subject":"x"},3]}"#).unwrap();
    assert_eq!((bad.0.len(), bad.1.refusals()), (0, 2));
    assert!(trials_json::read("t.json", br#"{"format":"other","trials":[]}"#).unwrap_err().to_string().contains("'other'"));
}

fn trial(subject: &str, image: &str, category: Category, response: Category) -> Trial {
    Trial {
        subject: subject.into(),
        session: "1".into(),
        trial: None,
        seconds: None,
        response: Some(response),
        category,
        condition: "0".into(),
        image: image.into(),
    }
}

#[test]
fn of_contradictory_answers_none_is_used() {
    use Category::{Cat, Dog};
    let given = vec![
        trial("a", "1.png", Dog, Dog),
        trial("a", "2.png", Dog, Dog),
        trial("a", "2.png", Dog, Cat),
        trial("a", "3.png", Cat, Cat),
        trial("a", "3.png", Cat, Cat),
        trial("b", "1.png", Cat, Cat),
        trial("b", "2.png", Dog, Cat),
    ];
    let mut report = Report { used: given.len(), ..Report::default() };
    let kept = settle(given.clone(), &mut report);
    assert_eq!(kept, [given[0].clone(), given[3].clone(), given[6].clone()]);
    assert_eq!((report.used, report.refusals()), (3, 4));
    let lines: Vec<String> = report.lines().collect();
    for part in [
        "2 refused: answers of one observer",
        "1 refused: an answer that was given before",
        "1 refused: a trial that names another category",
    ] {
        assert!(lines.iter().any(|line| line.contains(part)), "{part}: {lines:?}");
    }
}

#[test]
fn pictures_are_named_as_the_published_analyses_name_them() {
    assert_eq!(stimulus("0000_cl_s01_bw_boat_40_n02951358_5952.JPEG"), "n02951358_5952.JPEG");
    assert_eq!(stimulus("airplane1-bicycle2.png"), "airplane1-bicycle2.png");
    assert_eq!(stimulus("0001_edg_s01_0_oven_00_oven10.png"), "oven10.png");
    assert_eq!(stimulus("a_b.png"), "b.png");
    assert_eq!(stimulus("n01_2.png"), "n01_2.png");
    assert_eq!(stimulus(""), "");
}

#[test]
fn conditions_that_do_not_count_are_left_out_and_order_is_that_of_levels() {
    use Category::{Cat, Dog};
    let mut all = Vec::new();
    for (condition, right) in [("0.03", true), ("0.00", false), ("0.1", true), ("0.9", false)] {
        for subject in ["subject-01", "subject-02"] {
            let answer = if right { Dog } else { Cat };
            all.push(Trial { condition: condition.into(), ..trial(subject, "d.png", Dog, answer) });
        }
    }
    let people = observers(&all);
    assert_eq!(conditions(&people), ["0.00", "0.03", "0.1", "0.9"]);
    let set = DataSet::of("uniform-noise").unwrap();
    let found = align(&people[0], &people[1..], |condition| set.excludes(condition), 1).unwrap();
    assert_eq!(found.excluded, ["0.00", "0.9"]);
    assert_eq!((found.accuracy.right, found.accuracy.of, found.conditions.len()), (2, 2, 2));
    assert_eq!(found.ceiling, None, "one person has nobody to agree with");
    let nothing = align(&people[0], &people[1..], |_| true, 1).unwrap_err().to_string();
    assert!(nothing.contains("--all-conditions"), "{nothing}");
    assert_eq!(DATA_SETS.iter().map(|set| set.id).collect::<BTreeSet<_>>().len(), 17);
}

fn some_people(count: usize) -> impl Strategy<Value = Vec<Observer>> {
    let answers = prop::collection::vec(prop::option::weighted(0.9, (0usize..3, 0usize..4)), 30);
    prop::collection::vec(answers, count).prop_map(|rows| {
        let categories = [Category::Dog, Category::Cat, Category::Oven];
        let observer = |(number, row): (usize, Vec<Option<(usize, usize)>>)| {
            let mut observer = Observer::new(format!("subject-{number}"));
            for (at, answer) in row.into_iter().enumerate() {
                let Some((_, response)) = answer else { continue };
                let answer = Answer { category: categories[at % 3], response: categories.get(response).copied() };
                observer.add(&(at % 2).to_string(), &format!("{at}.png"), answer);
            }
            observer
        };
        rows.into_iter().enumerate().map(observer).collect()
    })
}

proptest! {
    #[test]
    fn consistency_is_symmetric_bounded_and_1_with_oneself(people in some_people(4)) {
        let tables: Vec<Table> = conditions(&people).iter().map(|condition| Table::new(&people, condition)).collect();
        let cells = matrix(&tables, 4);
        for (a, row) in cells.iter().enumerate() {
            prop_assert!(row[a].is_none_or(|kappa| kappa == 1.0));
            for (b, cell) in row.iter().enumerate() {
                prop_assert_eq!(*cell, cells[b][a]);
                prop_assert!(cell.is_none_or(|kappa| (-1.0..=1.0).contains(&kappa)), "{:?}", cell);
            }
        }
        if let Some(found) = estimate(&tables, &pairs(4), 5) {
            let [low, high] = found.interval;
            prop_assert!(-1.0 <= low && low <= high && high <= 1.0);
            prop_assert_eq!(estimate(&tables, &pairs(4), 5), Some(found));
        }
    }

    #[test]
    fn kappa_is_what_observed_exceeds_expected(rights in prop::collection::vec((any::<bool>(), any::<bool>()), 1..200)) {
        let found = consistency(rights.iter().copied()).unwrap();
        let turned = consistency(rights.iter().map(|(a, b)| (!a, !b))).unwrap();
        // Who is right and who is wrong are two names for the same table.
        prop_assert!((found.kappa - turned.kappa).abs() < 1e-9);
        prop_assert!((0.0..=1.0).contains(&found.observed) && (0.0..=1.0).contains(&found.expected));
        if found.observed < 1.0 {
            prop_assert!((found.kappa * (1.0 - found.expected) - (found.observed - found.expected)).abs() < 1e-9);
        }
    }

    #[test]
    fn no_file_of_trials_panics(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0usize..200) {
        let _ = trials::read("t.csv", &bytes);
        let _ = trials_json::read("t.json", &bytes);
        let mut table = TABLE.as_bytes().to_vec();
        let at = cut.min(table.len());
        table.splice(at..at, bytes);
        if let Ok((read, report)) = trials::read("t.csv", &table) {
            prop_assert_eq!(read.len(), report.used);
            prop_assert!(trials::read("again.csv", trials::write(&read).as_bytes()).is_ok());
        }
    }
}
