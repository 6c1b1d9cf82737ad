//! Reading a card, field by field: a derived reader would be a tenth of the page's program.

use std::cell::Cell;

use serde_json::Value;

use super::{Accuracy, Card, Checkpoint, Discovered, Located, Recipe, Share, WeightsFile};
use crate::attribution::setting::Settings;
use crate::discovery::corloc::CorLoc;
use crate::error::{Error, Result};
use crate::fields::{count, items, missing, number, some_text, words};
use crate::sparsity::Sparsity;

impl Card {
    /// Reads a card.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] if it is not JSON, or if a field is missing that has no usual value.
    pub fn read(json: &[u8]) -> Result<Self> {
        let value = serde_json::from_slice(json).map_err(|e| Error::Unreadable { what: "model card".into(), reason: e.to_string() })?;
        whole(&value, |card| Self {
            id: card.text("id"),
            title: card.text("title"),
            says: card.text("says"),
            architecture: card.text("architecture"),
            year: card.count("year") as u32,
            licence: card.text("licence"),
            licence_file: card.text("licence_file"),
            source: card.text("source"),
            input: recipe(card.part("input")),
            classes: card.count("classes"),
            weights: weights(card.part("weights")),
            accuracy: accuracy(card.part("accuracy")),
            prunable: card.count("prunable"),
            parameters: card.count("parameters"),
            taps: card.part("taps").value.as_array().into_iter().flatten().map(words).collect(),
            default_tap: card.text("default_tap"),
            labels: some_text(card.value, "labels"),
            pack: some_text(card.value, "pack"),
            calibration: some_text(card.value, "calibration"),
            checkpoints: card.each("checkpoints").map(checkpoint).collect(),
            discovery: card.each("discovery").map(discovered).collect(),
        })
    }
}

fn checkpoint(one: Fields<'_>) -> Checkpoint {
    Checkpoint {
        method: one.text("method"),
        seed: one.count("seed") as u64,
        sparsity: Sparsity::try_from(one.number("sparsity")).unwrap_or_else(|_| one.found("sparsity", None)),
        file: one.text("file"),
        sha256: one.text("sha256"),
        bytes: one.count("bytes"),
        accuracy: one.value.get("accuracy").filter(|share| !share.is_null()).map(|_| share(one.part("accuracy"))),
        log: some_text(one.value, "log"),
    }
}

fn share(share: Fields<'_>) -> Share {
    Share { on: share.text("on"), right: share.count("right"), of: share.count("of") }
}

fn discovered(known: Fields<'_>) -> Discovered {
    let settings = known.part("settings").value.as_object().into_iter().flatten();
    Discovered {
        method: known.text("method"),
        tap: known.text("tap"),
        settings: Settings::unchecked(settings.map(|(id, value)| (id.clone(), words(value)))),
        chosen: located(known.part("chosen")),
        measured: located(known.part("measured")),
    }
}

fn located(share: Fields<'_>) -> Located {
    let corloc = CorLoc { right: share.count("right"), of: share.count("of"), interval: share.numbers("interval") };
    Located { on: share.text("on"), corloc }
}

fn recipe(input: Fields<'_>) -> Recipe {
    let [mean, deviation] = ["mean", "deviation"].map(|name| input.numbers(name).map(|number| number as f32));
    Recipe { side: input.count("side"), resize: input.count("resize"), mean, deviation }
}

fn weights(file: Fields<'_>) -> WeightsFile {
    WeightsFile {
        file: file.text("file"),
        sha256: file.text("sha256"),
        bytes: file.count("bytes"),
        package: file.text("package"),
        original_sha256: file.text("original_sha256"),
        precision: file.text("precision"),
    }
}

fn accuracy(measured: Fields<'_>) -> Accuracy {
    let [same, of] = measured.numbers("same_top1_as_single_precision");
    Accuracy {
        on: measured.text("on"),
        images: measured.count("images"),
        top1: measured.count("top1"),
        top5: measured.count("top5"),
        same_top1_as_single_precision: (same as usize, of as usize),
    }
}

/// The fields of an object, of which the first that is missing is noted: one check at the end takes less code than one for each.
#[derive(Clone, Copy)]
struct Fields<'a> {
    value: &'a Value,
    missing: &'a Cell<Option<&'static str>>,
}

/// What is made of the fields of an object, unless one is missing.
fn whole<T>(value: &Value, read: impl FnOnce(Fields<'_>) -> T) -> Result<T> {
    let first = Cell::new(None);
    let read = read(Fields { value, missing: &first });
    first.get().map_or(Ok(read), |name| Err(missing(name)))
}

impl<'a> Fields<'a> {
    /// A value, or a stand-in for one that is missing.
    fn found<T: Default>(self, name: &'static str, value: Option<T>) -> T {
        value.unwrap_or_else(|| {
            self.missing.set(self.missing.get().or(Some(name)));
            T::default()
        })
    }

    fn text(self, name: &'static str) -> String {
        self.found(name, some_text(self.value, name))
    }

    fn count(self, name: &'static str) -> usize {
        self.found(name, count(self.value, name))
    }

    fn number(self, name: &'static str) -> f64 {
        self.found(name, number(self.value, name))
    }

    /// So many numbers.
    fn numbers<const N: usize>(self, name: &'static str) -> [f64; N] {
        let mut numbers = [0.0; N];
        let found = items(self.value, name);
        self.found(name, (found.len() == N && found.iter().all(Value::is_number)).then_some(()));
        numbers.iter_mut().zip(found).for_each(|(number, value)| *number = value.as_f64().unwrap_or_default());
        numbers
    }

    /// The fields of a part.
    fn part(self, name: &'static str) -> Self {
        let value = self.value.get(name);
        self.found(name, value.map(|_| ()));
        Self { value: value.unwrap_or(&Value::Null), ..self }
    }

    /// The fields of each of a list, which may be missing.
    fn each(self, name: &str) -> impl Iterator<Item = Self> {
        items(self.value, name).iter().map(move |value| Self { value, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::texts;
    use crate::sparsity::Sparsity;

    fn card() -> Card {
        let share = |on: &str| Located { on: on.into(), corloc: CorLoc { right: 1, of: 2, interval: [0.25, 0.75] } };
        Card {
            id: "a".into(),
            year: 2020,
            input: Recipe { side: 224, resize: 256, mean: [127.0, 0.5, 1.0], deviation: [127.0, 128.0, 129.5] },
            accuracy: Accuracy { on: "photos".into(), images: 81, top1: 60, top5: 70, same_top1_as_single_precision: (80, 81) },
            taps: vec!["features.0".into(), "features.1".into()],
            labels: Some("names.json".into()),
            checkpoints: vec![Checkpoint {
                method: "lrr".into(),
                seed: 3,
                sparsity: Sparsity::new(0.8926).unwrap(),
                file: "a.safetensors".into(),
                sha256: String::new(),
                bytes: 5,
                accuracy: Some(Share { on: "scenes".into(), right: 1, of: 3 }),
                log: None,
            }],
            discovery: vec![Discovered {
                method: "lost".into(),
                tap: "features.1".into(),
                settings: Settings::unchecked([("seeds".to_string(), "25".to_string())]),
                chosen: share("photos"),
                measured: share("composites"),
            }],
            ..Card::default()
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let written = serde_json::to_vec(&card()).unwrap();
        assert_eq!(Card::read(&written).unwrap(), card());
    }

    #[test]
    fn shipped_cards_lose_nothing() {
        let models = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/models");
        let read = |file: &str| std::fs::read(models.join(file)).unwrap();
        let index: Value = serde_json::from_slice(&read("index.json")).unwrap();
        let ids = texts(&index, "models");
        assert!(!ids.is_empty());
        for id in ids {
            let bytes = read(&format!("{id}.json"));
            let card = Card::read(&bytes).unwrap();
            let keys = |value: Value| value.as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
            assert_eq!(keys(serde_json::to_value(&card).unwrap()), keys(serde_json::from_slice(&bytes).unwrap()), "{id}");
            assert_eq!(Card::read(&serde_json::to_vec(&card).unwrap()).unwrap(), card, "{id}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let mut value = serde_json::to_value(card()).unwrap();
        value.as_object_mut().unwrap().remove("prunable");
        let error = Card::read(value.to_string().as_bytes()).unwrap_err().to_string();
        assert!(error.contains("'prunable' is missing"), "{error}");
        assert!(Card::read(b"[").unwrap_err().to_string().contains("model card"));
    }
}
