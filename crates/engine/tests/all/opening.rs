//! The answer that the page shows before its engine is there is the engine's own. `SWEETSPOT_WRITE_OPENING=1` makes the file anew.
#![allow(missing_docs, clippy::unwrap_used)]

use serde_json::Value;
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_nn::job::Stop;
use sweetspot_protocol::opening::{FILE, Opening};
use sweetspot_protocol::{Explained, Finding, Picture};
use sweetspot_testing::difference;
use sweetspot_testing::{engine, explain, gathered, root};

/// The usual experiment's picture, as the page hands it over.
fn picture(image: &ImageRef) -> Picture {
    let ImageRef::Gallery(id) = image else { panic!("the usual picture is the gallery's") };
    let gallery = root().join("www/gallery");
    let list: Value = serde_json::from_slice(&std::fs::read(gallery.join("gallery.json")).unwrap()).unwrap();
    let photo = list["images"].as_array().unwrap().iter().find(|photo| photo["id"] == **id).unwrap();
    let file = photo["file"].as_str().unwrap();
    Picture {
        image: image.clone(),
        bytes: std::fs::read(gallery.join(file)).unwrap(),
        name: file.into(),
        boxes: serde_json::from_value(photo["boxes"].clone()).unwrap_or_default(),
        mask: photo["mask"].as_str().map(|file| std::fs::read(gallery.join(file)).unwrap()),
        label: photo["label"].as_u64().map(|label| label as usize),
    }
}

fn answer(experiment: &Experiment) -> Vec<Explained> {
    let mut engine = engine();
    engine.open(picture(&experiment.image)).unwrap();
    let (found, sink) = gathered();
    pollster::block_on(engine.perform(&explain(experiment), &Stop::default(), &sink)).unwrap();
    let explained = |finding| if let Finding::Explain(part) = finding { Some(part) } else { None };
    found.take().into_iter().filter_map(explained).collect()
}

#[test]
fn the_shipped_answer_is_the_engines() {
    let experiment = Experiment::default();
    let now = Opening::new(&experiment, answer(&experiment));
    let path = root().join("www").join(FILE);
    if std::env::var_os("SWEETSPOT_WRITE_OPENING").is_some() {
        std::fs::write(&path, now.bytes().unwrap()).unwrap();
    }
    let bytes = std::fs::read(&path).unwrap();
    let shipped = Opening::read(&bytes, &experiment).unwrap();
    let now = Opening::read(&now.bytes().unwrap(), &experiment).unwrap();
    assert_eq!(shipped.len(), now.len(), "SWEETSPOT_WRITE_OPENING=1 makes {FILE} anew");
    for (shipped, now) in shipped.iter().zip(&now) {
        match (shipped, now) {
            // Another processor's sums end differently in the last digits (measured: 2e-6 of the largest), and 1 in 4096 is left out.
            (Explained::Map(a), Explained::Map(b)) => {
                let largest = b.values.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
                let furthest = difference(&a.values, &b.values);
                assert!(a.target == b.target && a.side == b.side && furthest <= 1e-3 * largest, "{furthest} of {largest}");
            }
            (Explained::Predictions(a), Explained::Predictions(b)) => {
                assert!(
                    a.side == b.side
                        && a.top.iter().zip(&b.top).all(|(a, b)| a.index == b.index && (a.probability - b.probability).abs() < 1e-4)
                );
            }
            _ => assert_eq!(shipped, now),
        }
    }
    let kinds = |wanted: fn(&Explained) -> bool| shipped.iter().filter(|finding| wanted(finding)).count();
    assert_eq!(kinds(|finding| matches!(finding, Explained::Map(map) if map.complete)), 2);
    assert_eq!(kinds(|finding| matches!(finding, Explained::View(_))), 1);
    assert_eq!(kinds(|finding| matches!(finding, Explained::Predictions(_))), 2);
}

#[test]
fn another_experiment_has_no_answer() {
    let bytes = std::fs::read(root().join("www").join(FILE)).unwrap();
    let other = Experiment { image: ImageRef::Gallery("koala".into()), ..Experiment::default() };
    assert!(Opening::read(&bytes, &other).unwrap().is_empty());
    assert!(Opening::read(&bytes[..bytes.len() / 2], &Experiment::default()).is_err());
    assert!(Opening::read(b"", &Experiment::default()).is_err());
}
