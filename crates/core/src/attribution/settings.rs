//! Parameters that several methods take.

use super::setting::Setting;

/// Nodes of the rule that integrates along a path (captum's default number).
pub const STEPS: Setting = Setting::whole("steps", "Steps", "Points on the path from the baseline to the image.", [1, 50, 500]);

/// What a path starts from, or what covered and hidden pixels show.
pub const BASELINE: Setting = Setting::choice(
    "baseline",
    "Baseline",
    "What stands for \u{201c}nothing there\u{201d}.",
    &[
        ("zero", "Zero (the recipe's mean colour)"),
        ("mean", "This picture's mean colour"),
        ("blur", "The picture, blurred"),
        ("noise", "Uniform noise"),
        ("black", "Black"),
    ],
);

/// Seed of everything a method draws.
pub const SEED: Setting = Setting::whole("seed", "Seed", "Another seed draws other numbers.", [0, 0, u32::MAX]);
