//! Pruning: which weights go. A criterion a file in [`criteria`], described there and listed there; what it computes is in `crates/methods`.

pub mod criteria;
pub mod criterion;
pub mod scope;

pub use criterion::Criterion;
pub use scope::Scope;
