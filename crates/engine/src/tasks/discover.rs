//! Objects found without labels by both networks of an experiment on its picture.

use std::rc::Rc;

use web_time::Instant;

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use crate::model::Model;
use crate::scene::Scene;
use crate::timing::millis;
use sweetspot_core::attribution::method::AttentionKind;
use sweetspot_core::card::Recipe;
use sweetspot_core::discovery::{Box4, Discovery, Found, InputSize, Method, Tokens};
use sweetspot_core::error::Result;
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_core::side::Side;
use sweetspot_methods::discovery::affinity::{hopeless, normalised};
use sweetspot_methods::discovery::features::{Source, tokens};
use sweetspot_methods::discovery::find::Find;
use sweetspot_methods::discovery::input::Input;
use sweetspot_nn::image::denormalise;
use sweetspot_nn::job::Stop;
use sweetspot_nn::network::Network;
use sweetspot_protocol::{Discover, DiscoverFinding, Discovered, DiscoveryView, MOST_VALUES, Stage, meant};

impl Perform for Discover {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        let Self { experiment } = self;
        let scene = engine.scene(experiment, stop, sink).await?;
        let how = &asked(&scene.model, experiment);
        let input = engine.input(&scene.model, &scene.experiment.image, how).await?;
        tell::<Self>(sink, DiscoverFinding::DiscoveryView(engine.sighting(&scene, &input).await?));
        let job = engine.job(Stage::Discovering, stop, sink);
        for (done, side) in Side::BOTH.into_iter().enumerate() {
            job.step(done as u64, 2).await?;
            let start = Instant::now();
            let (tap, tokens, found) = engine.objects(&scene, side, how, &input).await?;
            let tokens = match tokens {
                Some(tokens) => compared(how, &tokens, scene.model.architecture.attention),
                None => Tokens { rows: 0, columns: 0, channels: 0, values: Vec::new(), stride: [1.0; 2], image: input.image },
            };
            let found = Discovered { side, tap, tokens, found, millis: millis(start) };
            tell::<Self>(sink, DiscoverFinding::Discovered(Box::new(found)));
        }
        Ok(())
    }
}

impl Engine {
    /// The input of a model on a picture.
    pub(super) async fn input(&mut self, model: &Model, image: &ImageRef, how: &Discovery) -> Result<Rc<Input>> {
        let padded = how.size == InputSize::Full && how.method.info().looks;
        let source = if padded { Some(Source::of(how, model.architecture, usual(model))?) } else { None };
        let key = (model.card.id.clone(), image.clone(), how.size, source);
        if let Some(input) = self.inputs.get(&key) {
            return Ok(input);
        }
        let picture = self.picture(image).await?;
        let input = Rc::new(how.input(&model.dense, picture.rgb(), &model.card.input, usual(model))?);
        self.inputs.put(key, input.clone());
        Ok(input)
    }

    /// What the networks are shown of the experiment's picture, for a reader.
    pub(super) async fn sighting(&mut self, scene: &Scene, input: &Input) -> Result<DiscoveryView> {
        let picture = self.picture(&scene.experiment.image).await?;
        let [height, width] = input.image;
        let rgb = unpadded(input, &scene.model.card.input);
        let boxes = picture.boxes().iter().filter_map(|one| input.visible(*one)).map(|one| in_input(input, one)).collect();
        Ok(DiscoveryView { width, height, rgb, boxes })
    }

    /// What a network of an experiment finds on its picture: the tap it was found at, and the tokens, where the method looks at any.
    pub(super) async fn objects(
        &mut self,
        scene: &Scene,
        side: Side,
        how: &Discovery,
        input: &Input,
    ) -> Result<(String, Option<Rc<Tokens>>, Found)> {
        if !how.method.info().looks {
            return Ok((String::new(), None, look(scene.network(side), how, input, usual(&scene.model)).await?));
        }
        let source = Source::of(how, scene.model.architecture, usual(&scene.model))?;
        let tap = source.tap.clone();
        let key = (scene.pass(side), how.size, source);
        let tokens = match self.tokens.get(&key) {
            Some(tokens) => tokens,
            None => {
                let new = Rc::new(tokens(scene.network(side), input, &key.2).await?);
                self.tokens.put(key, new.clone());
                new
            }
        };
        let found = how.find(&tokens, how.normalisation(scene.model.architecture.attention));
        Ok((tap, Some(tokens), found))
    }
}

/// How an experiment looks for objects, with what its network's card says where the experiment says nothing.
pub(super) fn asked(model: &Model, experiment: &Experiment) -> Discovery {
    let card = model.card.discovery(experiment.discovery.method);
    meant(&experiment.discovery, card.tap, card.settings)
}

/// The layer whose tokens are compared where neither experiment nor card names one.
pub(super) fn usual(model: &Model) -> &str {
    model.architecture.default_tap
}

/// What a network finds on an input.
pub(super) async fn look(network: &Network, how: &Discovery, input: &Input, usual: &str) -> Result<Found> {
    Ok(how.look_at(network, input.clone(), usual).await?.found)
}

/// Tokens as a method compares them, so that products are its similarities. Without values where there is nothing to compare, or too much to send.
fn compared(how: &Discovery, tokens: &Tokens, attention: AttentionKind) -> Tokens {
    if hopeless(tokens).is_some() || tokens.values.len() > MOST_VALUES {
        return Tokens { values: Vec::new(), ..*tokens };
    }
    let mut values = normalised(tokens, how.normalisation(attention));
    if how.method != Method::Lost {
        for token in values.chunks_exact_mut(tokens.channels) {
            let length = token.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
            token.iter_mut().filter(|_| length > 0.0).for_each(|v| *v = (f64::from(*v) / length) as f32);
        }
    }
    Tokens { values, ..*tokens }
}

/// A box of the picture, all of which the network sees, in pixels of the input.
fn in_input(input: &Input, [x0, y0, x1, y1]: Box4) -> Box4 {
    let [height, width] = input.image.map(|side| side as f32);
    let [left, top, right, bottom] = input.to_picture([0.0, 0.0, width, height]);
    let [across, down] = [(left, right, width), (top, bottom, height)]
        .map(|(start, end, length)| move |at: f32| ((at - start) / (end - start) * length).clamp(0.0, length));
    [across(x0), down(y0), across(x1), down(y1)]
}

/// An input without its padding, as red, green and blue bytes row by row.
fn unpadded(input: &Input, recipe: &Recipe) -> Vec<u8> {
    let ([height, width], [_, across]) = (input.image, input.padded);
    let padded = denormalise(&input.values, recipe);
    padded.chunks_exact(3 * across).take(height).flat_map(|row| &row[..3 * width]).copied().collect()
}
