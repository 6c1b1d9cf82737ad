//! Reading a card, field by field: a derived reader would be a tenth of the page's program.

use serde_json::Value;

use super::{Accuracy, Card, Checkpoint, Discovered, Located, Recipe, Share, WeightsFile};
use crate::attribution::setting::Settings;
use crate::discovery::corloc::CorLoc;
use crate::error::{Error, Result};
use crate::fields::{count, items, missing, needed, number, some_text, texts, words};

impl Card {
    /// Reads a card.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] if it is not JSON, or if a field is missing that has no usual value.
    pub fn read(json: &[u8]) -> Result<Self> {
        let value: &Value =
            &serde_json::from_slice(json).map_err(|e| Error::Unreadable { what: "model card".into(), reason: e.to_string() })?;
        Ok(Self {
            id: needed(value, "id")?,
            title: needed(value, "title")?,
            says: needed(value, "says")?,
            architecture: needed(value, "architecture")?,
            year: counted(value, "year")? as u32,
            licence: needed(value, "licence")?,
            licence_file: needed(value, "licence_file")?,
            source: needed(value, "source")?,
            input: Recipe::read(part(value, "input")?)?,
            classes: counted(value, "classes")?,
            weights: WeightsFile::read(part(value, "weights")?)?,
            accuracy: Accuracy::read(part(value, "accuracy")?)?,
            prunable: counted(value, "prunable")?,
            parameters: counted(value, "parameters")?,
            taps: part(value, "taps").map(|_| texts(value, "taps"))?,
            default_tap: needed(value, "default_tap")?,
            labels: some_text(value, "labels"),
            pack: some_text(value, "pack"),
            calibration: some_text(value, "calibration"),
            checkpoints: items(value, "checkpoints").iter().map(Checkpoint::read).collect::<Result<_>>()?,
            discovery: items(value, "discovery").iter().map(Discovered::read).collect::<Result<_>>()?,
        })
    }
}

impl Checkpoint {
    pub(super) fn read(value: &Value) -> Result<Self> {
        Ok(Self {
            method: needed(value, "method")?,
            seed: counted(value, "seed")? as u64,
            sparsity: number(value, "sparsity").ok_or_else(|| missing("sparsity"))?,
            file: needed(value, "file")?,
            sha256: needed(value, "sha256")?,
            bytes: counted(value, "bytes")?,
            accuracy: value.get("accuracy").filter(|share| !share.is_null()).map(Share::read).transpose()?,
            log: some_text(value, "log"),
        })
    }
}

impl Share {
    fn read(value: &Value) -> Result<Self> {
        Ok(Self { on: needed(value, "on")?, right: counted(value, "right")?, of: counted(value, "of")? })
    }
}

impl Discovered {
    fn read(value: &Value) -> Result<Self> {
        let settings = part(value, "settings")?.as_object().ok_or_else(|| missing("settings"))?;
        Ok(Self {
            method: needed(value, "method")?,
            tap: needed(value, "tap")?,
            settings: Settings::unchecked(settings.iter().map(|(id, value)| (id.clone(), words(value)))),
            chosen: Located::read(part(value, "chosen")?)?,
            measured: Located::read(part(value, "measured")?)?,
        })
    }
}

impl Located {
    fn read(value: &Value) -> Result<Self> {
        let interval = numbers(value, "interval")?;
        Ok(Self { on: needed(value, "on")?, corloc: CorLoc { right: counted(value, "right")?, of: counted(value, "of")?, interval } })
    }
}

impl Recipe {
    fn read(value: &Value) -> Result<Self> {
        Ok(Self {
            side: counted(value, "side")?,
            resize: counted(value, "resize")?,
            mean: numbers(value, "mean")?.map(|number| number as f32),
            deviation: numbers(value, "deviation")?.map(|number| number as f32),
        })
    }
}

impl WeightsFile {
    fn read(value: &Value) -> Result<Self> {
        Ok(Self {
            file: needed(value, "file")?,
            sha256: needed(value, "sha256")?,
            bytes: counted(value, "bytes")?,
            package: needed(value, "package")?,
            original_sha256: needed(value, "original_sha256")?,
            precision: needed(value, "precision")?,
        })
    }
}

impl Accuracy {
    fn read(value: &Value) -> Result<Self> {
        let [same, of] = numbers(value, "same_top1_as_single_precision")?;
        Ok(Self {
            on: needed(value, "on")?,
            images: counted(value, "images")?,
            top1: counted(value, "top1")?,
            top5: counted(value, "top5")?,
            same_top1_as_single_precision: (same as usize, of as usize),
        })
    }
}

/// A field that must be there.
fn part<'a>(value: &'a Value, name: &str) -> Result<&'a Value> {
    value.get(name).ok_or_else(|| missing(name))
}

/// A count that must be there.
fn counted(value: &Value, name: &str) -> Result<usize> {
    count(value, name).ok_or_else(|| missing(name))
}

/// So many numbers, which must be there.
fn numbers<const N: usize>(value: &Value, name: &str) -> Result<[f64; N]> {
    let numbers: Vec<f64> = items(value, name).iter().filter_map(Value::as_f64).collect();
    numbers.try_into().map_err(|_| missing(name))
}

#[cfg(test)]
mod tests {
    use super::*;

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
                sparsity: 0.8926,
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
