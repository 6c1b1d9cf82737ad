//! The criteria that are shipped: a file each, or one for a family that shares a computation, and a line in the list below. The file of the same name in
//! `crates/methods/src/pruning/` computes them.
#![allow(non_upper_case_globals, reason = "a criterion is written like a variant, Criterion::Magnitude, and values hold that name")]

pub mod erk;
pub mod grasp;
pub mod lamp;
pub mod magnitude;
pub mod n_m;
pub mod random;
pub mod second_order;
pub mod snip;
pub mod structured;
pub mod synflow;
pub mod taylor;
pub mod trained;
pub mod uniform_plus;
pub mod wanda;

use super::criterion::{Criterion, CriterionInfo};
use crate::registry::{Described, Registry, shipped};

/// Every criterion, in the order menus show.
static CRITERIA: Registry<CriterionInfo> = Registry::new(shipped![Criterion:
    Magnitude,
    Random,
    Lamp,
    Erk,
    UniformPlus,
    Snip,
    Grasp,
    SynFlow,
    Wanda,
    Taylor,
    SecondOrder,
    TwoOfFour,
    FourOfEight,
    OneOfFour,
    FilterL1,
    FilterL2,
    FilterMedian,
    FilterScale,
    Lrr,
    SnipTrained,
    Untrained,
    Distilled,
]);

impl Described for CriterionInfo {
    const KIND: &'static str = "criterion";

    fn id(&self) -> &'static str {
        self.id
    }

    fn registry() -> &'static Registry<Self> {
        &CRITERIA
    }
}
