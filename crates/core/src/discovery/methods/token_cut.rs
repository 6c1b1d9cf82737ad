//! TokenCut.

use crate::attribution::setting::Setting;
use crate::discovery::method::{Method, MethodInfo, Similarity};
use crate::discovery::settings::{EPSILON, FEATURES, NORMALISATION};

/// Similarity from which TokenCut joins two tokens.
pub const THRESHOLD: Setting =
    Setting::real("threshold", "Threshold", "Cosine similarity above which two tokens are joined (\u{3c4}).", [-0.99, 0.2, 0.99]);

impl Method {
    /// TokenCut.
    pub const TokenCut: Self = Self {
        info: &MethodInfo {
            id: "tokencut",
            title: "TokenCut",
            says: "Cuts the graph of similar tokens in two where the fewest ties are cut, and takes the side with the strongest token.",
            definition: "With cosines c, A = 1 where c > \u{3c4} and \u{3b5} elsewhere, D = diag(A 1); (D - A) y = \u{3bb} D y, the second smallest \u{3bb}; the \
                         parts are y above and not above its mean; the object's has the token of largest |y|, and is what hangs together with it.",
            source: "Wang et al., 2022",
            looks: true,
            eigenvector: true,
            settings: &[THRESHOLD, EPSILON, NORMALISATION, FEATURES],
            joint: false,
            similarity: Similarity::Cosine,
            map_title: "Eigenvector: which side of the cut a patch is on",
            corloc: ("corloc_tokencut", "CorLoc of TokenCut"),
        },
    };
}
