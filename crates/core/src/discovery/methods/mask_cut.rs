//! MaskCut.

use crate::attribution::setting::Setting;
use crate::discovery::method::{Method, MethodInfo, Similarity};
use crate::discovery::settings::{EPSILON, FEATURES, NORMALISATION};

/// Objects MaskCut looks for.
pub const OBJECTS: Setting = Setting::whole("objects", "Objects", "How many objects are looked for, one after another.", [1, 3, 10]);

/// Similarity from which MaskCut joins two tokens.
pub const MASK_THRESHOLD: Setting =
    Setting::real("threshold", "Threshold", "Cosine similarity above which two tokens are joined (\u{3c4}).", [-0.99, 0.15, 0.99]);

impl Method {
    /// MaskCut.
    pub const MaskCut: Self = Self {
        info: &MethodInfo {
            id: "maskcut",
            title: "MaskCut",
            says: "TokenCut several times: what was found is left out before the next object is looked for. The authors' last step, a conditional random \
                   field on the pixels, is not done.",
            definition: "As TokenCut, with features of objects found before set to 0; the part with the strongest token is the object's unless it has three or \
                         four of the picture's corners, then the other one is. A part is dropped if it has at most 1 % of the tokens or an overlap above 0.5 \
                         with an object found before; nothing is looked for then.",
            source: "Wang et al., 2023",
            looks: true,
            eigenvector: true,
            settings: &[OBJECTS, MASK_THRESHOLD, EPSILON, NORMALISATION, FEATURES],
            joint: false,
            similarity: Similarity::Cosine,
            map_title: "Eigenvector of the first object",
            corloc: ("corloc_maskcut", "CorLoc of MaskCut"),
        },
    };
}
