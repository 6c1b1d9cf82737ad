//! What an attribution method registers.

use super::context::Context;
use crate::registry;
use crate::registry::Pending;
use sweetspot_core::attribution::MethodInfo;
use sweetspot_core::attribution::map::ChannelMap;

/// Computes a method's map.
pub type Compute = for<'a> fn(&'a Context<'a>) -> Pending<'a, ChannelMap>;

/// A method with what computes it.
pub type Entry = registry::Entry<MethodInfo, Compute>;
