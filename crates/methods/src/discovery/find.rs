//! A discovery carried out: from a picture to boxes.

use super::affinity::{Affinity, hopeless};
use super::computation;
use super::entry::Compute;
use super::features::{MOST_TOKENS, Source, shortest, stride, tokens};
use super::input::Input;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::card::Recipe;
use sweetspot_core::discovery::method::Similarity;
use sweetspot_core::discovery::{Discovery, Found, InputSize, Normalisation, Tokens};
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::image::Rgb;
use sweetspot_nn::network::Network;

/// What a discovery looked at, and what it found.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// The network's input with its place in the picture.
    pub input: Input,
    /// The tokens, unless the method looks at none.
    pub tokens: Option<Tokens>,
    /// What was found; boxes are in pixels of the network's input.
    pub found: Found,
}

impl Looked {
    /// The boxes in pixels of the picture.
    pub fn boxes(&self) -> Vec<sweetspot_core::discovery::Box4> {
        self.found.boxes.iter().map(|found| self.input.to_picture(*found)).collect()
    }
}

/// A discovery carried out.
#[allow(async_fn_in_trait, reason = "nothing here leaves its thread")]
pub trait Find {
    /// Carries it out on a picture. `usual` is the tap unless one is named.
    async fn look(&self, network: &Network, picture: &Rgb, recipe: &Recipe, usual: &str) -> Result<Looked>;

    /// Carries it out on an input.
    async fn look_at(&self, network: &Network, input: Input, usual: &str) -> Result<Looked>;

    /// What the network is shown of a picture.
    fn input(&self, network: &Network, picture: &Rgb, recipe: &Recipe, usual: &str) -> Result<Input>;

    /// What a method that looks at tokens finds among them.
    fn find(&self, tokens: &Tokens, normalisation: Normalisation) -> Found;

    /// The same where it is known how much the tokens are alike.
    fn find_by(&self, tokens: &Tokens, affinity: &Affinity) -> Found;

    /// How much tokens are alike, as the method compares them: LOST by products, the others by cosines.
    fn affinity(&self, tokens: &Tokens, normalisation: Normalisation) -> Affinity;

    /// How much each token is like one of them, as the method compares them; empty if there is no such token.
    fn affinity_row(&self, tokens: &Tokens, normalisation: Normalisation, token: usize) -> Vec<f32>;
}

impl Find for Discovery {
    async fn look(&self, network: &Network, picture: &Rgb, recipe: &Recipe, usual: &str) -> Result<Looked> {
        let input = self.input(network, picture, recipe, usual)?;
        self.look_at(network, input, usual).await
    }

    async fn look_at(&self, network: &Network, input: Input, usual: &str) -> Result<Looked> {
        self.check()?;
        if let Compute::Blind(find) = computation(self.method)? {
            let bounds = find(&self.settings, input.image.map(|side| side as f32));
            return Ok(Looked { input, tokens: None, found: Found { boxes: vec![bounds], ..Found::default() } });
        }
        let attention = network.architecture().attention;
        let tokens = tokens(network, &input, &Source::of(self, network.architecture(), usual)?).await?;
        let found = self.find(&tokens, self.normalisation(attention));
        Ok(Looked { input, tokens: Some(tokens), found })
    }

    fn input(&self, network: &Network, picture: &Rgb, recipe: &Recipe, usual: &str) -> Result<Input> {
        if self.size == InputSize::Own {
            return Input::own(picture, recipe);
        }
        if !self.method.info().looks {
            return Input::full(picture, recipe, 1, 1);
        }
        let architecture = network.architecture();
        if architecture.attention == AttentionKind::Windowed {
            let expected = "own: this network attends in windows, which fit only its own input";
            return Err(Error::bad_value("the size", self.size.id(), expected));
        }
        let source = Source::of(self, architecture, usual)?;
        let stride = stride(network, &source)?;
        let input = Input::full(picture, recipe, stride, shortest(network, stride))?;
        let count: usize = input.padded.iter().map(|side| side / stride).product();
        match count > MOST_TOKENS {
            // Known before a transformer attends from each to each.
            true => {
                let expected = format!("a deeper layer or the network's own input: at most {MOST_TOKENS} tokens and not {count}");
                Err(Error::bad_value("the layer", &source.tap, &expected))
            }
            false => Ok(input),
        }
    }

    fn find(&self, tokens: &Tokens, normalisation: Normalisation) -> Found {
        match hopeless(tokens) {
            Some(why) => Found::nothing(why),
            None => self.find_by(tokens, &self.affinity(tokens, normalisation)),
        }
    }

    fn find_by(&self, tokens: &Tokens, affinity: &Affinity) -> Found {
        match computation(self.method) {
            Ok(Compute::Tokens(find)) => find(tokens, affinity, &self.settings),
            Ok(Compute::Blind(_)) => Found::nothing("the method looks at no tokens"),
            Err(missing) => Found::nothing(&missing.to_string()),
        }
    }

    fn affinity(&self, tokens: &Tokens, normalisation: Normalisation) -> Affinity {
        match self.method.info().similarity {
            Similarity::Product => Affinity::products(tokens, normalisation),
            Similarity::Cosine => Affinity::cosines(tokens, normalisation),
        }
    }

    fn affinity_row(&self, tokens: &Tokens, normalisation: Normalisation, token: usize) -> Vec<f32> {
        if token >= tokens.count() || hopeless(tokens).is_some() {
            return Vec::new();
        }
        self.affinity(tokens, normalisation).row(token).to_vec()
    }
}
