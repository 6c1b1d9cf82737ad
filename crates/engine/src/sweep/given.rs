//! What a sweep needs that its value does not hold.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use crate::picture::Opened;
use sweetspot_packs::open::Pack;
use sweetspot_packs::scenes;

/// Dense logits by seed and picture, shared between all who run the same sweep.
pub type Answers = Arc<Mutex<HashMap<(u64, usize), Arc<Vec<f32>>>>>;

/// What a sweep needs that its value does not hold.
#[derive(Default)]
pub struct Given {
    /// The opened file of the user's own picture, if the sweep is over it.
    pub own: Option<Rc<Opened>>,
    /// The shipped scenes, if they are at hand.
    pub scenes: Option<Rc<scenes::Pack>>,
    /// The opened pack, if the sweep is over one.
    pub pack: Option<Rc<Pack>>,
    /// Dense answers that are known already, and where new ones go.
    pub answers: Answers,
    /// Images that go through a network at once when only answers are wanted: 1 on a CPU.
    pub batch: usize,
}
