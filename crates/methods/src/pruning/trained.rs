//! Criteria whose networks were pruned and trained beforehand: their weights are loaded with the network's checkpoints, and nothing is computed.

use super::entry::{Compute, Entry};
use sweetspot_core::pruning::Criterion;

pub(crate) const LRR: Entry = Entry { of: Criterion::Lrr, compute: Compute::Loaded };
pub(crate) const SNIP_TRAINED: Entry = Entry { of: Criterion::SnipTrained, compute: Compute::Loaded };
pub(crate) const UNTRAINED: Entry = Entry { of: Criterion::Untrained, compute: Compute::Loaded };
pub(crate) const DISTILLED: Entry = Entry { of: Criterion::Distilled, compute: Compute::Loaded };
