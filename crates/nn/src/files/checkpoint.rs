//! What a weights file holds: tensors by name, and how it is written.

use super::stored_tensor::StoredTensor;
use std::collections::BTreeMap;

/// Tensors by name.
pub type Tensors<'a> = BTreeMap<String, StoredTensor<'a>>;

/// A file's tensors. A checkpoint may hold several networks, such as a teacher and a student; each is a part.
#[derive(Debug, Clone)]
pub struct Checkpoint<'a> {
    /// How the file is written.
    pub format: Format,
    /// Dictionaries that hold tensors: where in the file, keys joined by dots and empty at the top, and the tensors.
    pub parts: Vec<(String, Tensors<'a>)>,
}

/// How a weights file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// safetensors.
    Safetensors,
    /// The zip archive of `torch.save`.
    Torch,
    /// What `torch.save` wrote before version 1.6.
    LegacyTorch,
}

impl Format {
    /// The name for a reader.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safetensors => "safetensors",
            Self::Torch => "torch archive",
            Self::LegacyTorch => "torch archive from before version 1.6",
        }
    }
}
