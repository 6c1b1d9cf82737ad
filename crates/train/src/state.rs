//! Where a training stands, as a file: it can go on from there after any interruption.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};

use super::plan::Plan;
use crate::files::{io, read};
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::device::values;
use sweetspot_nn::parameters::Parameters;

/// How far a training is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// The stage under way.
    pub stage: usize,
    /// Its epochs that are done.
    pub epoch: usize,
    /// Scenes shown since the beginning.
    pub scenes: usize,
    /// The optimiser's steps in the stage.
    pub steps: u32,
    /// Bytes of the log.
    pub log: usize,
}

/// The parts of a state: parameters, the optimiser's two memories, and the mask.
pub(crate) const PARTS: [&str; 4] = ["parameter", "memory", "memory2", "mask"];

/// Writes a state; the file is there as a whole or not at all.
pub(crate) async fn write(path: &Path, plan: &Plan, position: Position, parts: [&Parameters; 4]) -> Result<()> {
    let mut tensors: BTreeMap<String, (Vec<usize>, Vec<u8>)> = BTreeMap::new();
    for (part, parameters) in PARTS.into_iter().zip(parts) {
        for (name, tensor) in parameters {
            let bytes = values(tensor.clone()).await?.into_iter().flat_map(f32::to_le_bytes).collect();
            tensors.insert(format!("{part}/{name}"), (tensor.dims().into(), bytes));
        }
    }
    let broken = |e: safetensors::SafeTensorError| io(path, e);
    let mut views = Vec::new();
    for (name, (shape, bytes)) in &tensors {
        views.push((name, TensorView::new(Dtype::F32, shape.clone(), bytes).map_err(broken)?));
    }
    let Position { stage, epoch, scenes, steps, log } = position;
    let numbers = [("stage", stage), ("epoch", epoch), ("scenes", scenes), ("steps", steps as usize), ("log", log)];
    let mut about: HashMap<String, String> = numbers.into_iter().map(|(name, value)| (name.into(), value.to_string())).collect();
    about.insert("plan".into(), serde_json::to_string(plan).map_err(|e| io(path, e))?);
    let bytes = serialize(views, Some(about)).map_err(broken)?;
    let beside = path.with_extension("part");
    std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path)).map_err(|e| io(path, e))
}

/// Reads a state, which has to be one of this plan.
pub(crate) fn resume(path: &Path, plan: &Plan, device: &Device) -> Result<(Position, [Parameters; 4])> {
    let bytes = read(path)?;
    let broken = |reason: String| Error::Unreadable { what: format!("training state {}", path.display()), reason };
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|e| broken(e.to_string()))?;
    let about = header.metadata().clone().unwrap_or_default();
    let number = |name: &str| about.get(name).and_then(|text| text.parse().ok()).ok_or_else(|| broken(format!("it says no '{name}'")));
    let theirs: Plan =
        serde_json::from_str(about.get("plan").map_or("", String::as_str)).map_err(|e| broken(format!("its plan cannot be read ({e})")))?;
    if theirs != *plan {
        return Err(broken("it belongs to a training with other settings; choose another folder, or the settings in its plan.json".into()));
    }
    let position = Position {
        stage: number("stage")?,
        epoch: number("epoch")?,
        scenes: number("scenes")?,
        steps: number("steps")? as u32,
        log: number("log")?,
    };
    let file = SafeTensors::deserialize(&bytes).map_err(|e| broken(e.to_string()))?;
    let mut parts: [Parameters; 4] = Default::default();
    for (name, view) in file.iter() {
        let (part, name) = name.split_once('/').ok_or_else(|| broken(format!("an unknown tensor '{name}'")))?;
        let part = PARTS.iter().position(|p| *p == part).ok_or_else(|| broken(format!("an unknown part '{part}'")))?;
        let shape: [usize; 4] = view.shape().try_into().map_err(|_| broken(format!("'{name}' has not four axes")))?;
        let values: Vec<f32> = view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        parts[part].insert(name.into(), Tensor::from_data(TensorData::new(values, shape), device));
    }
    Ok((position, parts))
}
