//! What the page shows before its engine answers: the answer to the usual experiment, computed beforehand and shipped as `www/opening.bin`.
//!
//! `crates/engine/tests/all/opening.rs` makes the file and compares it with what the engine answers now.

use serde::{Deserialize, Serialize};

use crate::{Explained, MapReport, decode, encode};
use sweetspot_core::error::Result;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::link;

/// The file, beside the page.
pub const FILE: &str = "opening.bin";

/// Bits of a value's fraction that are left out: what stays is right to one part in four thousand, and takes half the room when it is sent.
const LEFT_OUT: u32 = 12;

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// The experiment's link.
    link: String,
    /// What was found, in the engine's order.
    findings: Vec<Explained>,
}

impl Opening {
    /// The answer to an experiment. Times are left out, being another machine's; so are maps on their way.
    pub fn new(experiment: &Experiment, findings: Vec<Explained>) -> Self {
        let keep = |finding| match finding {
            Explained::Map(map) if !map.complete => None,
            Explained::Map(map) => {
                let values = map.values.iter().map(|value| f32::from_bits(value.to_bits() >> LEFT_OUT << LEFT_OUT)).collect();
                Some(Explained::Map(MapReport { values, millis: 0.0, ..map }))
            }
            other => Some(other),
        };
        Self { link: link::write(experiment), findings: findings.into_iter().filter_map(keep).collect() }
    }

    /// The file's bytes.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        encode(self)
    }

    /// The findings of a file, if it answers this experiment.
    pub fn read(bytes: &[u8], experiment: &Experiment) -> Result<Vec<Explained>> {
        let opening: Self = decode(bytes)?;
        Ok(if opening.link == link::write(experiment) { opening.findings } else { Vec::new() })
    }
}
