//! RISE.

use crate::attribution::effort::Effort;
use crate::attribution::method::{Family, Method, MethodInfo};
use crate::attribution::setting::Setting;
use crate::attribution::settings::SEED;

/// Random masks of RISE.
pub const MASKS: Setting = Setting::whole("masks", "Masks", "Random masks; each takes a pass.", [1, 1000, 20_000]);

/// Cells a side of RISE's coarse grids.
pub const CELLS: Setting = Setting::whole("cells", "Cells", "Cells a side of a mask before it is enlarged.", [1, 7, 32]);

/// Share of RISE's cells that stay visible.
pub const SHARE: Setting = Setting::real("share", "Visible", "The probability of a cell to stay visible.", [0.01, 0.5, 0.99]);

impl Method {
    /// RISE.
    pub const Rise: Self = Self {
        info: &MethodInfo {
            id: "rise",
            title: "RISE",
            says: "The average of many random masks, each weighted by the probability the masked image keeps; drawn from its smallest value.",
            definition: "1/(N p) \u{3a3}\u{1d62} P(x \u{b7} m\u{1d62}) m\u{1d62} over random soft masks m\u{1d62}, P the class probability, p a cell\u{2019}s chance to be visible.",
            source: "Petsiuk, Das and Saenko, 2018",
            family: Family::Perturbation,
            floating: true,
            settings: &[MASKS, CELLS, SHARE, SEED],
            effort: |settings, _| Some(Effort::forward(settings.whole(&MASKS))),
            ..MethodInfo::USUAL
        },
    };
}
