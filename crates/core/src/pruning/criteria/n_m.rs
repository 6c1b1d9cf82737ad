//! N of M: of each M neighbouring inputs N weights stay.

use crate::pruning::criterion::{Criterion, CriterionInfo, Kind, OWN_SHARES};

/// What the patterns have in common: layers that do not fit stay whole, and there is one sparsity.
const PATTERN: CriterionInfo = CriterionInfo {
    definition: "the N largest |w| of each M consecutive inputs at the same place of the kernel; layers whose inputs are no multiple of M stay whole",
    source: "Mishra et al., 2021; Zhou et al., 2021",
    kind: Kind::Pattern,
    scopes: OWN_SHARES,
    ..CriterionInfo::USUAL
};

impl Criterion {
    /// 2:4.
    pub const TwoOfFour: Self = Self {
        info: &CriterionInfo {
            id: "nm-2-4",
            title: "2:4 pattern",
            says: "Of every four neighbouring inputs the two largest weights stay: the pattern graphics processors run faster.",
            fixed: Some(0.5),
            ..PATTERN
        },
    };

    /// 4:8.
    pub const FourOfEight: Self = Self {
        info: &CriterionInfo {
            id: "nm-4-8",
            title: "4:8 pattern",
            says: "Of every eight neighbouring inputs the four largest weights stay.",
            fixed: Some(0.5),
            ..PATTERN
        },
    };

    /// 1:4.
    pub const OneOfFour: Self = Self {
        info: &CriterionInfo {
            id: "nm-1-4",
            title: "1:4 pattern",
            says: "Of every four neighbouring inputs the largest weight stays.",
            fixed: Some(0.75),
            ..PATTERN
        },
    };
}
