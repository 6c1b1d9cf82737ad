//! Weights of the reader's own.

use serde::{Deserialize, Serialize};

use super::explain::ModelReport;
use super::kind::Kind;
use crate::sparsity::SparsityReport;

/// Read a weights file of the reader's own, and keep the network it makes under the id that [`OwnWeights`] names. Waits for what is running
/// and ends nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenWeights {
    /// The file's name, for messages.
    pub name: String,
    /// Where it can be read: the object URL that the page made of the file, so that no copy goes from one to the other; natively a path.
    pub address: String,
    /// A model's or an architecture's name, if it is not to be guessed from the tensors.
    pub wanted: Option<String>,
}

impl Kind for OpenWeights {
    type Finding = Box<OwnWeights>;

    const ENDS_OTHERS: bool = false;
}

/// A network of the user's own weights: what it is, and how its tensors were found in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnWeights {
    /// Its id in experiments, made of the file's hash.
    pub id: String,
    /// The name in menus, with the file's.
    pub title: String,
    /// One plain sentence on the architecture.
    pub says: String,
    /// The architecture's name.
    pub architecture: String,
    /// Classes; 0 where answers are features.
    pub classes: usize,
    /// How the file is written.
    pub format: String,
    /// Which of the file's dictionaries was taken, keys joined by dots; empty for the top.
    pub part: String,
    /// Other dictionaries of the file that would have fitted as well.
    pub other_parts: Vec<String>,
    /// What stood before every name.
    pub prefix: String,
    /// Tensors that came with a mask.
    pub masked: usize,
    /// Tensors that are no weights and were passed over; the first few.
    pub passed_over: Vec<String>,
    /// How many more of them there are.
    pub passed_over_besides: usize,
    /// How many weights of which layer are zero: what was pruned before.
    pub sparsity: SparsityReport,
    /// The network.
    pub model: ModelReport,
}
