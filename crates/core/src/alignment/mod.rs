//! Human alignment: does a network fail on the pictures on which people fail?
//!
//! People and networks sort the same pictures into the same 16 categories. How often each is right is their [`accuracy`]; whether they are right
//! and wrong on the same pictures, beyond what their accuracies make likely, is their error consistency ([`consistency`], Geirhos, Meding and
//! Wichmann, 2020). What people agree with each other is the ceiling.
//!
//! Here are numbers, plans, the formats of trials, and which [`stimuli`] there are; `crates/methods` makes their pictures.

pub mod accuracy;
pub mod bootstrap;
pub mod categories;
pub mod condition;
pub mod consistency;
pub mod csv;
pub mod importance;
pub mod observers;
pub mod odd_one_out;
pub mod plan;
pub mod references;
pub mod shape_bias;
pub mod sitting;
pub mod stimuli;
pub mod summary;
pub mod text;
pub mod trials;
pub mod trials_json;
