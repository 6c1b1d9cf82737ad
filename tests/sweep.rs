//! Sweeps.
#![cfg(feature = "cli")]
#![allow(missing_docs, clippy::unwrap_used)]

#[test]
fn nothing() {}
