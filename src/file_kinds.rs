//! What a file is, by its name.

use sweetspot_core::experiment_file::ENDING;

/// Whether a file is an experiment, by its name.
pub fn is_experiment(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(ENDING)
}

/// Whether a file holds answers, by its name.
pub fn is_answers(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".csv", ".tsv", ".json"].iter().any(|ending| name.ends_with(ending))
}

/// Whether a file holds weights.
pub fn is_weights(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".safetensors", ".pth", ".pt", ".bin", ".ckpt"].iter().any(|ending| name.ends_with(ending))
}
