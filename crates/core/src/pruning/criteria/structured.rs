//! Whole filters, by what their weights or their normalisations say.

use crate::pruning::criterion::{Criterion, CriterionInfo, Kind, Needs};
use crate::pruning::scope::Scope;

/// Whole filters. With equal shares for all layers first: compared across layers, the first ones soon lose most of theirs.
const FILTERS: CriterionInfo = CriterionInfo { kind: Kind::Filters, scopes: &[Scope::Layer, Scope::Global], ..CriterionInfo::USUAL };

impl Criterion {
    /// Filters by the sum of their absolute values.
    pub const FilterL1: Self = Self {
        info: &CriterionInfo {
            id: "filter-l1",
            title: "Filters, L1",
            says: "Whole filters go, those of small weights first: the network gets smaller and quicker.",
            definition: "score = \u{3a3} |w| over a channel\u{2019}s filters",
            source: "Li et al., 2017",
            ..FILTERS
        },
    };

    /// Filters by the root of the sum of their squares.
    pub const FilterL2: Self = Self {
        info: &CriterionInfo {
            id: "filter-l2",
            title: "Filters, L2",
            says: "Whole filters go, those of small weights first; single large weights count for more.",
            definition: "score = \u{221a}\u{3a3} w\u{b2} over a channel\u{2019}s filters",
            source: "He et al., 2018",
            ..FILTERS
        },
    };

    /// Filters by their distance to the geometric median.
    pub const FilterMedian: Self = Self {
        info: &CriterionInfo {
            id: "filter-fpgm",
            title: "Filters, FPGM",
            says: "Whole filters go, those first that the others of their layer can best stand for.",
            definition: "score = \u{3a3} \u{2016}F \u{2212} F\u{2032}\u{2016}\u{2082} over all other filters F\u{2032} of the group: least next to the geometric median",
            source: "He et al., 2019",
            ..FILTERS
        },
    };

    /// Filters by the scale of their batch normalisation.
    pub const FilterScale: Self = Self {
        info: &CriterionInfo {
            id: "filter-bn-scale",
            title: "Filters, batch-norm scale",
            says: "Whole filters go, those first whose answers the batch normalisation after them scales down most.",
            definition: "score = \u{3a3} |\u{3b3}| of the normalisations after a channel\u{2019}s filters",
            source: "Liu et al., 2017",
            needs: Needs::BatchNormalisation,
            ..FILTERS
        },
    };
}
