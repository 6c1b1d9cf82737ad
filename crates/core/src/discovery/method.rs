//! Every discovery method: what it is called, what it says, what can be set on it.

use serde::{Deserialize, Serialize};

use crate::attribution::setting::Setting;
use crate::error::{Error, Result};

/// A way to find objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Method {
    /// LOST (the paper's).
    Lost,
    /// TokenCut.
    TokenCut,
    /// MaskCut.
    MaskCut,
    /// A box in the middle of the picture.
    CentreBox,
    /// The whole picture.
    WholeImage,
}

/// What menus, links and help texts say of a method.
#[derive(Debug, Clone, Copy)]
pub struct MethodInfo {
    /// The name in links and on the command line, in kebab case.
    pub id: &'static str,
    /// The name in menus.
    pub title: &'static str,
    /// One plain sentence.
    pub says: &'static str,
    /// The formula, as it is computed here.
    pub definition: &'static str,
    /// Authors and year.
    pub source: &'static str,
    /// Whether it looks at a network's features; baselines do not.
    pub looks: bool,
    /// Whether it solves for an eigenvector, which can then be shown.
    pub eigenvector: bool,
    /// What can be set on it.
    pub settings: &'static [Setting],
}

/// How tokens are normalised before they are compared.
pub const NORMALISATION: Setting = Setting::choice(
    "normalisation",
    "Normalisation",
    "What is done to the features before they are compared.",
    &[
        ("usual", "Joint for LOST on feature maps (the paper's), mean-centred for the others there, none for transformers"),
        ("joint", "Joint: one mean and deviation over all tokens and channels"),
        ("centred", "Mean-centred: each channel less its mean, tokens of length 1"),
        ("none", "None"),
    ],
);

/// Which features of a transformer.
pub const FEATURES: Setting = Setting::choice(
    "features",
    "Features",
    "What stands for a token; the second is what the paper's released code computed for transformers, by mistake.",
    &[("intended", "Those of the chosen facet"), ("released-code", "As released: the block's normalised input, tokens out of place")],
);

/// Patches among which those similar to the seed are looked for.
pub const PATCHES: Setting = Setting::whole(
    "patches",
    "Patches",
    "How many tokens of least degree may be similar to the seed: LOST's k, meant for 700 tokens and more, an eighth of them; all if there are fewer.",
    [1, 100, 4096],
);

/// Similarity from which TokenCut joins two tokens.
pub const THRESHOLD: Setting =
    Setting::real("threshold", "Threshold", "Cosine similarity above which two tokens are joined (\u{3c4}).", [-0.99, 0.2, 0.99]);

/// Similarity from which MaskCut joins two tokens.
pub const MASK_THRESHOLD: Setting =
    Setting::real("threshold", "Threshold", "Cosine similarity above which two tokens are joined (\u{3c4}).", [-0.99, 0.15, 0.99]);

/// Weight of the edges between tokens that are not joined.
pub const EPSILON: Setting =
    Setting::real("epsilon", "Weak edges", "Weight of the edge between tokens that are not joined (\u{3b5}).", [1e-9, 1e-5, 0.1]);

/// Objects MaskCut looks for.
pub const OBJECTS: Setting = Setting::whole("objects", "Objects", "How many objects are looked for, one after another.", [1, 3, 10]);

/// The centre box's share of the picture's area.
pub const AREA: Setting =
    Setting::real("area", "Area", "The box's share of the picture's area; its sides have the picture's proportions.", [0.01, 0.5, 1.0]);

impl Method {
    /// Every method, in the order menus show.
    pub const ALL: [Self; 5] = [Self::Lost, Self::TokenCut, Self::MaskCut, Self::CentreBox, Self::WholeImage];

    /// What is said of it.
    pub fn info(self) -> &'static MethodInfo {
        match self {
            Self::Lost => &LOST,
            Self::TokenCut => &TOKEN_CUT,
            Self::MaskCut => &MASK_CUT,
            Self::CentreBox => &CENTRE_BOX,
            Self::WholeImage => &WHOLE_IMAGE,
        }
    }

    /// The name in links and on the command line.
    pub fn id(self) -> &'static str {
        self.info().id
    }

    /// The method of a name.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|m| m.id() == id).ok_or_else(|| Error::unknown("discovery method", id, Self::ALL.map(Self::id)))
    }
}

const LOST: MethodInfo = MethodInfo {
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
};

const TOKEN_CUT: MethodInfo = MethodInfo {
    id: "tokencut",
    title: "TokenCut",
    says: "Cuts the graph of similar tokens in two where the fewest ties are cut, and takes the side with the strongest token.",
    definition: "With cosines c, A = 1 where c > \u{3c4} and \u{3b5} elsewhere, D = diag(A 1); (D - A) y = \u{3bb} D y, the second smallest \u{3bb}; the \
                 parts are y above and not above its mean; the object's has the token of largest |y|, and is what hangs together with it.",
    source: "Wang et al., 2022",
    looks: true,
    eigenvector: true,
    settings: &[THRESHOLD, EPSILON, NORMALISATION, FEATURES],
};

const MASK_CUT: MethodInfo = MethodInfo {
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
};

const CENTRE_BOX: MethodInfo = MethodInfo {
    id: "centre-box",
    title: "Centre box",
    says: "A box in the middle of the picture, whatever it shows: photographers put objects there.",
    definition: "Sides are the square root of the area's share times the picture's.",
    source: "baseline",
    looks: false,
    eigenvector: false,
    settings: &[AREA],
};

const WHOLE_IMAGE: MethodInfo = MethodInfo {
    id: "whole-image",
    title: "Whole image",
    says: "The whole picture, whatever it shows: right where an object fills half of it.",
    definition: "The picture's own bounds.",
    source: "baseline",
    looks: false,
    eigenvector: false,
    settings: &[],
};
