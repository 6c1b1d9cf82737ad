//! What a way to find objects registers.

use super::affinity::Affinity;
use crate::registry;
use sweetspot_core::attribution::setting::Settings;
use sweetspot_core::discovery::method::MethodInfo;
use sweetspot_core::discovery::{Box4, Found, Tokens};

/// How a method finds objects.
#[derive(Debug, Clone, Copy)]
pub enum Compute {
    /// Among tokens, from how much they are alike.
    Tokens(fn(&Tokens, &Affinity, &Settings) -> Found),
    /// Whatever the picture shows: a box from the network's input's height and width in pixels.
    Blind(fn(&Settings, [f32; 2]) -> Box4),
}

impl Compute {
    /// Whether it is a way for methods that look at a network's features, or that do not.
    pub fn suits(self, looks: bool) -> bool {
        matches!(self, Self::Tokens(_)) == looks
    }
}

/// A method with what computes it.
pub type Entry = registry::Entry<MethodInfo, Compute>;
