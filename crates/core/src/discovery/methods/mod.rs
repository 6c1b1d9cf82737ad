//! The ways to find objects that are shipped: a file each, and a line in the list below. The file of the same name in
//! `crates/methods/src/discovery/` computes them.
#![allow(non_upper_case_globals, reason = "a method is written like a variant, Method::Lost, and values hold that name")]

pub mod baselines;
pub mod lost;
pub mod mask_cut;
pub mod token_cut;

use super::method::{Method, MethodInfo};
use crate::registry::{Described, Registry, shipped};

/// Every method, in the order menus show.
static METHODS: Registry<MethodInfo> = Registry::new(shipped![Method:
    Lost,
    TokenCut,
    MaskCut,
    CentreBox,
    WholeImage,
]);

impl Described for MethodInfo {
    const KIND: &'static str = "discovery method";

    fn id(&self) -> &'static str {
        self.id
    }

    fn registry() -> &'static Registry<Self> {
        &METHODS
    }
}
