//! What is said of objects that networks set apart from the rest of a picture.

use serde::{Deserialize, Serialize};

use sweetspot_core::attribution::setting::Settings;
use sweetspot_core::discovery::{Box4, Discovery, Found, Tokens};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::side::Side;

/// The picture as the networks see it while objects are looked for: their usual view, or all of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sighting {
    /// Pixels in a row, without padding.
    pub width: usize,
    /// Rows of pixels, without padding.
    pub height: usize,
    /// Red, green and blue bytes, row by row.
    pub rgb: Vec<u8>,
    /// Boxes around the objects that are really there, in its pixels, clipped to it; none where no place is known.
    pub boxes: Vec<Box4>,
}

/// What a network sets apart from the rest of a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Discovered {
    /// Which network.
    pub side: Side,
    /// The layer whose tokens were compared; empty for a method that looks at no network.
    pub tap: String,
    /// The tokens as they were compared, after normalisation: the similarity of two is their product, so that every row of the matrix of
    /// similarities is at hand, exactly, without the matrix. Without values where the method compares none, or where they are more than
    /// [`MOST_VALUES`].
    pub tokens: Tokens,
    /// What was found.
    pub found: Found,
    /// Milliseconds it took, the network's pass included; 0 for a pass that was known.
    pub millis: f64,
}

/// The most values of a network's tokens that are sent, 16 MB.
pub const MOST_VALUES: usize = 4 << 20;

impl Discovered {
    /// How similar a token is to every token, itself included: a row of the matrix of similarities. Empty where tokens were not sent.
    pub fn similarities(&self, index: usize) -> Vec<f32> {
        let tokens = &self.tokens;
        if tokens.values.len() != tokens.count() * tokens.channels || index >= tokens.count() {
            return Vec::new();
        }
        let one = tokens.token(index);
        let product = |other: &[f32]| one.iter().zip(other).map(|(a, b)| a * b).sum();
        (0..tokens.count()).map(|other| product(tokens.token(other))).collect()
    }
}

/// What a discovery means on a network whose card looks at this tap with these parameters: the card's tap unless one is named, and the card's
/// parameters unless a tap or any parameter is.
pub fn meant(how: &Discovery, tap: Option<String>, settings: Settings) -> Discovery {
    let untouched = how.tap.is_none() && how.settings == Settings::default();
    Discovery { tap: how.tap.clone().or(tap), settings: if untouched { settings } else { how.settings.clone() }, ..how.clone() }
}

/// Whether a tap is a whole layer or block, and no part of one.
pub fn is_layer(tap: &str) -> bool {
    !tap.contains(".attn.") && !tap.ends_with(".norm1")
}

/// What is followed along a strip of small pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Strip {
    /// Every layer of both networks.
    Layers,
    /// Some sparsities, each a pruned network of its own beside the dense one.
    Sparsities(Vec<f64>),
}

/// The most sparsities of a strip.
pub const MOST_SPARSITIES: usize = 32;

impl Strip {
    /// Checks that there are few sparsities, all of which can be had.
    pub fn check(&self) -> Result<()> {
        let Self::Sparsities(sparsities) = self else { return Ok(()) };
        if sparsities.len() > MOST_SPARSITIES {
            return Err(Error::bad_value("the number of sparsities", sparsities.len(), "at most 32"));
        }
        match sparsities.iter().find(|sparsity| !(0.0..=sweetspot_core::experiment::MAX_SPARSITY).contains(*sparsity)) {
            Some(sparsity) => Err(Error::bad_value("sparsity", sparsity, "between 0 and 0.999")),
            None => Ok(()),
        }
    }
}

/// Where on a strip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Along {
    /// At a layer.
    Layer(String),
    /// At a sparsity.
    Sparsity(f64),
}

/// What a network finds at a place of a strip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// The place.
    pub along: Along,
    /// Which network.
    pub side: Side,
    /// The boxes, the first found first, in pixels of the [`Sighting`].
    pub boxes: Vec<Box4>,
    /// Why there are none, or what else a reader should know.
    pub note: String,
}

/// Pictures with objects whose place is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Album {
    /// The gallery's photos, with boxes drawn by hand.
    Photos,
    /// The gallery's cut-outs on other backgrounds, with exact masks.
    Cutouts,
    /// The scenes of the shipped pack, with exact masks.
    Scenes,
}

impl Album {
    /// Every album, in the order of menus.
    pub const ALL: [Self; 3] = [Self::Photos, Self::Cutouts, Self::Scenes];

    /// The name in forms.
    pub fn id(self) -> &'static str {
        match self {
            Self::Photos => "gallery",
            Self::Cutouts => "cutouts",
            Self::Scenes => "scenes",
        }
    }

    /// What they are: "52 photos".
    pub fn title(self) -> &'static str {
        match self {
            Self::Photos => "photos",
            Self::Cutouts => "cut-outs",
            Self::Scenes => "scenes",
        }
    }

    /// The album of a name.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|album| album.id() == id).ok_or_else(|| Error::unknown("pictures", id, Self::ALL.map(Self::id)))
    }
}

/// On how many pictures each network's box is right, meaning that it covers a true box with an intersection over union of at least one half (CorLoc).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Located {
    /// Which pictures.
    pub album: Album,
    /// How many were looked at so far; those without an object in sight do not count.
    pub pictures: usize,
    /// Of how many in all.
    pub total: usize,
    /// How many have no object in what the networks see.
    pub without: usize,
    /// On how many the dense network's box is right.
    pub dense: Tally,
    /// And the pruned network's.
    pub pruned: Tally,
    /// A 95 % interval of the pruned network's share less the dense network's: by bootstrap over the pictures, each with both answers.
    pub difference: [f64; 2],
    /// Whether all were looked at.
    pub complete: bool,
}

/// So many right, with a 95 % interval of the share, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// How many.
    pub right: usize,
    /// By bootstrap over the pictures.
    pub interval: [f64; 2],
}

#[cfg(test)]
mod tests {
    use super::*;
    use sweetspot_core::discovery::Method;

    fn discovered(values: Vec<f32>) -> Discovered {
        let tokens = Tokens { rows: 1, columns: 3, channels: 2, values, stride: [8.0; 2], image: [8, 24] };
        Discovered { side: Side::Dense, tap: "features.3".into(), tokens, found: Found::default(), millis: 0.0 }
    }

    #[test]
    fn a_row_of_similarities_is_products_of_tokens() {
        let one = discovered(vec![1.0, 2.0, 0.0, -1.0, 3.0, 0.5]);
        assert_eq!(one.similarities(0), [5.0, -2.0, 4.0]);
        assert_eq!(one.similarities(2), [4.0, -0.5, 9.25]);
        assert!(one.similarities(3).is_empty(), "there is no such token");
        assert!(discovered(Vec::new()).similarities(0).is_empty(), "tokens were not sent");
    }

    #[test]
    fn a_card_fills_in_what_is_not_chosen() {
        let mut card = Discovery::new(Method::TokenCut);
        card.set("threshold", "0.4").unwrap();
        let fill = |how: &Discovery| meant(how, Some("features.7".into()), card.settings.clone());
        let untouched = Discovery::new(Method::TokenCut);
        assert_eq!(fill(&untouched), Discovery { tap: Some("features.7".into()), ..card.clone() });
        // A named tap with usual parameters is meant as it stands, and so are parameters without a tap.
        let named = Discovery { tap: Some("features.12".into()), ..untouched.clone() };
        assert_eq!(fill(&named), named);
        let mut set = untouched;
        set.set("epsilon", "0.01").unwrap();
        assert_eq!(fill(&set), Discovery { tap: Some("features.7".into()), ..set });
    }

    #[test]
    fn strips_are_bounded() {
        assert!(Strip::Sparsities(vec![0.0, 0.999]).check().is_ok());
        for bad in [vec![0.5; 33], vec![1.0], vec![-0.1], vec![f64::NAN]] {
            assert!(Strip::Sparsities(bad).check().is_err());
        }
    }

    #[test]
    fn albums_have_names() {
        assert!(Album::ALL.into_iter().all(|album| Album::from_id(album.id()) == Ok(album)));
        assert!(Album::from_id("attic").is_err());
    }
}
