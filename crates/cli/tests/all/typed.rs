//! The command line as a user types it, in the folder of the project.

use std::process::{Command, Output};

use serde_json::Value;

use sweetspot_testing::root;

/// Runs it.
pub fn sweetspot(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sweetspot")).current_dir(root()).args(words).output().unwrap()
}

/// What it answers with `--json`.
pub fn json(words: &[&str]) -> Value {
    let output = sweetspot(&[words, &["--json"]].concat());
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs what must fail: exit code 2, one line that names the trouble, and no answer.
pub fn refused(words: &[&str], part: &str) {
    let output = sweetspot(words);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{words:?}: {said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{words:?}: {said}");
    assert!(said.contains(part), "{words:?}: {said}");
    assert!(output.stdout.is_empty(), "{words:?}: {}", String::from_utf8_lossy(&output.stdout));
}
