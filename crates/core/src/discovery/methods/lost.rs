//! LOST.

use crate::attribution::setting::Setting;
use crate::discovery::method::{Method, MethodInfo, Similarity};
use crate::discovery::settings::{FEATURES, NORMALISATION};

/// Patches among which those similar to the seed are looked for.
pub const PATCHES: Setting = Setting::whole(
    "patches",
    "Patches",
    "How many tokens of least degree may be similar to the seed: LOST's k, meant for 700 tokens and more, an eighth of them; all if there are fewer.",
    [1, 100, 4096],
);

impl Method {
    /// LOST (the paper's).
    pub const Lost: Self = Self {
        info: &MethodInfo {
            id: "lost",
            title: "LOST",
            says: "Starts from the token that goes with the fewest others, taken for the object, and adds what goes with it.",
            definition: "With features F, A = F F^T; a token's degree is the number of others with A > 0. The seed s has the least degree, S are those of \
                         the k tokens of least degree with A[s, .] > 0, s among them; the object is where the sum of A over S's rows is positive, in one \
                         piece (neighbours by sides) with s. Ties go to the lower index.",
            source: "Sim\u{e9}oni et al., 2021",
            looks: true,
            eigenvector: false,
            settings: &[PATCHES, NORMALISATION, FEATURES],
            joint: true,
            similarity: Similarity::Product,
            map_title: "Degree: with how many others a patch goes",
            corloc: ("corloc_lost", "CorLoc of LOST"),
        },
    };
}
