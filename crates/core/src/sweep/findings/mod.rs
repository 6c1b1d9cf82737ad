//! What several sweeps say of the paper's three claims: that sweet spots exist, that they depend on architecture and size, that the axes interplay.
//!
//! Each claim gets a figure, the numbers behind it, and the verdict that these data support, which may be that they cannot tell.

mod depend;
mod exist;
mod interplay;
pub mod study;

use crate::sweep::findings::study::Claim;
use crate::sweep::findings::study::Study;

/// The three claims. Needs at least one study.
pub fn claims(studies: &[Study<'_>]) -> Vec<Claim> {
    vec![exist::claim(studies), depend::claim(studies), interplay::claim(studies)]
}
