//! What networks are made of, forwards and back: an operation's mathematics a file. The [tape](crate::tape) puts them in a row.

pub(crate) mod activation;
#[cfg(test)]
pub(crate) mod against_recorder;
pub mod attention;
pub mod batch_norm;
pub mod convolution;
pub(crate) mod layer_norm;
pub mod pooling;
pub mod rearrangement;
pub(crate) mod tokens;
