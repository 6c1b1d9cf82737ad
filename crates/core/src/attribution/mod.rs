//! Attribution: which pixels the network's answer rests on. A method a file in [`methods`], described there and listed there.
//!
//! What a method is called, what it says and what it takes is known to the page too, which has no mathematics; what it computes is
//! in `crates/methods`.

pub mod effort;
pub mod map;
pub mod method;
pub mod methods;
pub mod setting;
pub mod settings;

pub use method::{Family, Method, MethodInfo};
