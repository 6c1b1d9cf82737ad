//! Attribution: which pixels the network's answer rests on. A method a file, registered in [`Method`].
//!
//! What a method is called, what it says and what it takes is known to the page too, which has no mathematics; what it computes is
//! in `crates/methods`.

pub mod effort;
pub mod map;
pub mod method;
pub mod setting;

pub use method::{Family, Method, MethodInfo};
