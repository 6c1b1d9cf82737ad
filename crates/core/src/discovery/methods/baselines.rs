//! What a box is worth that looks at nothing: baselines.

use crate::attribution::setting::Setting;
use crate::discovery::method::{Method, MethodInfo, Similarity};

/// The centre box's share of the picture's area.
pub const AREA: Setting =
    Setting::real("area", "Area", "The box's share of the picture's area; its sides have the picture's proportions.", [0.01, 0.5, 1.0]);

impl Method {
    /// A box in the middle of the picture.
    pub const CentreBox: Self = Self {
        info: &MethodInfo {
            id: "centre-box",
            title: "Centre box",
            says: "A box in the middle of the picture, whatever it shows: photographers put objects there.",
            definition: "Sides are the square root of the area's share times the picture's.",
            source: "baseline",
            looks: false,
            eigenvector: false,
            settings: &[AREA],
            joint: false,
            similarity: Similarity::Cosine,
            map_title: "",
            corloc: ("corloc_centre_box", "CorLoc of Centre box"),
        },
    };

    /// The whole picture.
    pub const WholeImage: Self = Self {
        info: &MethodInfo {
            id: "whole-image",
            title: "Whole image",
            says: "The whole picture, whatever it shows: right where an object fills half of it.",
            definition: "The picture's own bounds.",
            source: "baseline",
            looks: false,
            eigenvector: false,
            settings: &[],
            joint: false,
            similarity: Similarity::Cosine,
            map_title: "",
            corloc: ("corloc_whole_image", "CorLoc of Whole image"),
        },
    };
}
