//! Object discovery without labels: which box a network's features set apart from the rest of the picture.
//!
//! A network turns a picture into a grid of tokens, [`Tokens`]: the places of a feature map, or a transformer's patches. A [`Method`] compares
//! them with one another and answers with [`Found`]: a seed, a set of tokens, boxes. What a method is called and takes is known to the page
//! too, which has no mathematics; what it computes is in `crates/methods`.

pub mod corloc;
pub mod method;
pub mod methods;
pub mod settings;

use serde::{Deserialize, Serialize};

use crate::attribution::method::AttentionKind;
use crate::attribution::setting::Settings;
use crate::error::{Error, Result};

pub use method::Method;

/// What a token is described by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Facet {
    /// What leaves the layer or block. Convolutional networks have only this.
    Token,
    /// What the block's attention asks with.
    Query,
    /// What the block's attention is asked for (LOST's and TokenCut's choice).
    Key,
    /// What the block's attention hands on.
    Value,
}

impl Facet {
    /// Every facet, in the order menus show.
    pub const ALL: [Self; 4] = [Self::Token, Self::Query, Self::Key, Self::Value];

    /// The name in links and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Query => "query",
            Self::Key => "key",
            Self::Value => "value",
        }
    }

    /// The name in menus.
    pub fn title(self) -> &'static str {
        match self {
            Self::Token => "Tokens",
            Self::Query => "Queries",
            Self::Key => "Keys",
            Self::Value => "Values",
        }
    }

    /// The facet of a name.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|f| f.id() == id).ok_or_else(|| Error::unknown("facet", id, Self::ALL.map(Self::id)))
    }
}

/// How tokens are normalised before they are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Normalisation {
    /// One mean and one deviation over all values of all tokens (the paper's for feature maps: a layer normalisation over tokens and channels).
    Joint,
    /// Each channel less its mean over the tokens, then each token divided by its length.
    Centred,
    /// As they are (the authors' of LOST and TokenCut for transformers).
    Plain,
}

/// How large a picture the network sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum InputSize {
    /// The network's own input, a square cut out of the middle.
    Own,
    /// The whole picture, at most [`MOST_SIDE`] pixels on its long side, padded with zeros at the right and the bottom to a multiple of the stride
    /// (LOST's).
    Full,
}

/// The most pixels on the long side of a picture at full resolution.
pub const MOST_SIDE: usize = 640;

impl InputSize {
    /// Both sizes, in the order menus show.
    pub const ALL: [Self; 2] = [Self::Own, Self::Full];

    /// The name in links and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Full => "full",
        }
    }

    /// The name in menus.
    pub fn title(self) -> &'static str {
        match self {
            Self::Own => "The network's own input",
            Self::Full => "The whole picture, up to 640 px",
        }
    }

    /// The size of a name.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|s| s.id() == id).ok_or_else(|| Error::unknown("size", id, Self::ALL.map(Self::id)))
    }
}

/// How objects are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Discovery {
    /// The method.
    pub method: Method,
    /// The layer or block whose tokens are compared, by its tap's name; `None` is the card's choice, else the network's default.
    pub tap: Option<String>,
    /// What of them; `None` is tokens for convolutional networks and keys for transformers.
    pub facet: Option<Facet>,
    /// How large a picture the network sees.
    pub size: InputSize,
    /// The method's parameters that are not as usual.
    pub settings: Settings,
}

impl Discovery {
    /// A method with its usual parameters, on the network's own input.
    pub fn new(method: Method) -> Self {
        Self { method, tap: None, facet: None, size: InputSize::Own, settings: Settings::default() }
    }

    /// Another method, with those parameters that it takes too.
    pub fn choose(&mut self, method: Method) {
        self.method = method;
        self.settings = self.settings.fitting(method.info().settings);
    }

    /// Sets a parameter of the method.
    pub fn set(&mut self, id: &str, text: &str) -> Result<()> {
        self.settings.set(self.method.info().settings, id, text)
    }

    /// How tokens of a network that attends like this are normalised.
    pub fn normalisation(&self, attention: AttentionKind) -> Normalisation {
        match (self.settings.text(&settings::NORMALISATION).as_str(), attention, self.method.info().joint) {
            ("joint", ..) => Normalisation::Joint,
            ("centred", ..) => Normalisation::Centred,
            ("none", ..) => Normalisation::Plain,
            (_, AttentionKind::None, true) => Normalisation::Joint,
            (_, AttentionKind::None, false) => Normalisation::Centred,
            (_, AttentionKind::Global | AttentionKind::Windowed, _) => Normalisation::Plain,
        }
    }

    /// Checks names and values of the parameters; the tap is checked where the network is known.
    pub fn check(&self) -> Result<()> {
        self.settings.check(self.method.info().settings)
    }
}

/// A picture's tokens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// Rows of the grid.
    pub rows: usize,
    /// Columns of the grid.
    pub columns: usize,
    /// Values a token has.
    pub channels: usize,
    /// The values, [rows * columns, channels], the tokens in reading order.
    pub values: Vec<f32>,
    /// How far apart tokens lie in the network's input, in pixels: down and across.
    pub stride: [f32; 2],
    /// Height and width of the network's input in pixels, without padding.
    pub image: [usize; 2],
}

impl Tokens {
    /// How many tokens there are.
    pub fn count(&self) -> usize {
        self.rows * self.columns
    }

    /// The values of a token.
    pub fn token(&self, index: usize) -> &[f32] {
        &self.values[index * self.channels..][..self.channels]
    }
}

/// A box in pixels: left, top, right and bottom, the last two exclusive.
pub type Box4 = [f32; 4];

/// What a method found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The token it starts from. None where it starts from none, or found nothing.
    pub seed: Option<usize>,
    /// LOST: the tokens taken for the same object as the seed, those of least degree first.
    pub similar: Vec<usize>,
    /// A token's degree in the graph of tokens. LOST: how many others it goes with. TokenCut: the sum of its edges. Else empty.
    pub degrees: Vec<f32>,
    /// TokenCut, and MaskCut for its first object: the eigenvector, a value a token, of length 1 in the metric of the degrees, positive on the
    /// object. Else empty.
    pub eigenvector: Vec<f32>,
    /// Which tokens go with the object before connection is asked for.
    pub foreground: Vec<bool>,
    /// Tokens of each object: those of its foreground that hang together with its seed.
    pub masks: Vec<Vec<bool>>,
    /// A box for each object, in pixels of the network's input, the first found first; none if nothing was found.
    pub boxes: Vec<Box4>,
    /// What a reader should know, such as why nothing was found; empty if nothing.
    pub note: String,
}

impl Found {
    /// Nothing, and why.
    pub fn nothing(why: &str) -> Self {
        Self { note: format!("no object found: {why}"), ..Self::default() }
    }
}

/// Intersection over union of two boxes; 0 where neither has an area.
pub fn overlap(a: &Box4, b: &Box4) -> f64 {
    let area = |b: &Box4| f64::from((b[2] - b[0]).max(0.0)) * f64::from((b[3] - b[1]).max(0.0));
    let both = area(&[a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])]);
    let either = area(a) + area(b) - both;
    if either > 0.0 { both / either } else { 0.0 }
}
