//! What a task says while it goes.

use std::rc::Rc;

use sweetspot_protocol::{Finding, Listed, Stage};

/// What a run says while it goes.
#[allow(
    clippy::large_enum_variant,
    reason = "large on 64-bit machines only, and an event lives for one call; a box would cost more than the move"
)]
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// How far it is: what, done, of how many (0 where unknown).
    Progress(Stage, u64, u64),
    /// A part of the answer.
    Found(Finding),
}

/// Where a run's events go.
pub type Sink = Rc<dyn Fn(Event)>;

/// Says a part of a task's answer.
pub fn tell<K: Listed>(sink: &Sink, finding: K::Finding) {
    sink(Event::Found(K::found(finding)));
}
