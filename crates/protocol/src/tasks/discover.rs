//! Objects that both networks set apart from the rest of a picture, without labels.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use sweetspot_core::attribution::setting::Settings;
use sweetspot_core::discovery::{Box4, Discovery, Found, Tokens};
use sweetspot_core::experiment::Experiment;
use sweetspot_core::side::Side;

/// Look for the object on an experiment's picture with both networks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Discover {
    /// Which networks, on which picture, and how.
    pub experiment: Experiment,
}

impl Kind for Discover {
    type Finding = DiscoverFinding;

    fn experiment(&self) -> Option<&Experiment> {
        Some(&self.experiment)
    }

    fn experiment_mut(&mut self) -> Option<&mut Experiment> {
        Some(&mut self.experiment)
    }
}

/// A part of what is found on a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum DiscoverFinding {
    /// What the networks are shown; before anything that was found there.
    DiscoveryView(DiscoveryView),
    /// What a network finds.
    Discovered(Box<Discovered>),
}

/// The picture as the networks see it while objects are looked for: their usual view, or all of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DiscoveryView {
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
}
