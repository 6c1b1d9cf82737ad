//! Weights files as other programs write them: safetensors, and what `torch.save` makes of plain tensors. Read from bytes, so in the browser
//! as anywhere; nothing is copied until a tensor is asked for, and no code in a file is ever run.

mod archive;
pub mod checkpoint;
pub mod pickle;
mod stored_tensor;
mod torch;

use crate::files::checkpoint::Checkpoint;
use crate::files::checkpoint::Format;
use crate::files::checkpoint::Tensors;

use safetensors::{Dtype, SafeTensors};

pub use stored_tensor::{Number, StoredTensor};

use super::weights::MAX_FILE;
use sweetspot_core::error::{Error, Result};

/// Reads what a weights file holds, whatever its ending says. `name` stands for the file in messages.
pub fn read<'a>(name: &str, bytes: &'a [u8]) -> Result<Checkpoint<'a>> {
    let broken = |reason: String| Error::Weights { model: name.into(), reason };
    if bytes.len() > MAX_FILE {
        return Err(broken(format!("the file has {} bytes, more than {MAX_FILE}", bytes.len())));
    }
    let checkpoint = match bytes {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => torch::zipped(bytes),
        [0x80, 1..=5, ..] => torch::legacy(bytes),
        _ => safetensors(bytes),
    };
    let checkpoint = checkpoint.map_err(broken)?;
    match checkpoint.parts.is_empty() {
        true => Err(broken("the file holds no tensors by name".into())),
        false => Ok(checkpoint),
    }
}

fn safetensors(bytes: &[u8]) -> Result<Checkpoint<'_>, String> {
    let file = SafeTensors::deserialize(bytes)
        .map_err(|e| format!("neither a whole safetensors file ({e}) nor an archive of torch; the file may be cut short"))?;
    let mut tensors = Tensors::new();
    for (name, view) in file.iter() {
        let number = match view.dtype() {
            Dtype::F64 => Number::F64,
            Dtype::F32 => Number::F32,
            Dtype::F16 => Number::F16,
            Dtype::BF16 => Number::BF16,
            Dtype::I64 => Number::I64,
            Dtype::I32 => Number::I32,
            Dtype::I16 => Number::I16,
            Dtype::I8 => Number::I8,
            Dtype::U8 => Number::U8,
            Dtype::BOOL => Number::Bool,
            other => return Err(format!("tensor '{name}' is stored as {other:?}; floats of 16, 32 and 64 bits are read")),
        };
        tensors.insert(name.to_string(), StoredTensor::rows(number, view.shape().to_vec(), view.data())?);
    }
    Ok(Checkpoint { format: Format::Safetensors, parts: if tensors.is_empty() { vec![] } else { vec![(String::new(), tensors)] } })
}
