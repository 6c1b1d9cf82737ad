//! Objects found without labels by both networks of an experiment: on its picture, at every layer, at some sparsities, and on many pictures.

use std::rc::Rc;
use sweetspot_methods::discovery::find::Find;

use web_time::Instant;

use super::album;
use super::model::Model;
use super::run::{Engine, Event, PassKey, Scene, Sink, millis};
use sweetspot_core::attribution::method::Attends;
use sweetspot_core::card::Recipe;
use sweetspot_core::discovery::corloc::{CorLoc, RIGHT, best, interval};
use sweetspot_core::discovery::method::Similarity;
use sweetspot_core::discovery::{Box4, Discovery, Found, InputSize, Tokens};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{Experiment, ImageRef, Pruning};
use sweetspot_core::side::Side;
use sweetspot_methods::discovery::affinity::{hopeless, normalised};
use sweetspot_methods::discovery::features::{Source, tokens};
use sweetspot_methods::discovery::input::Input;
use sweetspot_nn::image::denormalise;
use sweetspot_nn::job::Stop;
use sweetspot_nn::network::Network;
use sweetspot_protocol::{Album, Along, Discovered, Finding, Located, MOST_VALUES, Sighting, Spot, Stage, Strip, Tally, is_layer, meant};

/// In how many parts the answer over many pictures grows, about.
const PARTS: usize = 10;

/// A network's input on a picture: model, picture, size, and the source whose stride it is padded to.
pub type InputKey = (String, ImageRef, InputSize, Option<Source>);
/// A network's tokens of an input.
pub type TokensKey = (PassKey, InputSize, Source);

impl Engine {
    /// Looks for the object on an experiment's picture with both networks.
    pub async fn discover(&mut self, experiment: &Experiment, stop: &Stop, sink: &Sink) -> Result<()> {
        let scene = self.scene(experiment, stop, sink).await?;
        let how = &asked(&scene.model, experiment);
        let input = self.sight(&scene, how, sink).await?;
        let job = self.job(Stage::Discovering, stop, sink);
        for (done, side) in Side::BOTH.into_iter().enumerate() {
            job.step(done as u64, 2).await?;
            let start = Instant::now();
            let (tap, tokens, found) = self.objects(&scene, side, how, &input).await?;
            let tokens = match tokens {
                Some(tokens) => compared(how, &tokens, scene.model.architecture.attends),
                None => Tokens { rows: 0, columns: 0, channels: 0, values: Vec::new(), stride: [1.0; 2], image: input.image },
            };
            sink(Event::Found(Finding::Discovered(Box::new(Discovered { side, tap, tokens, found, millis: millis(start) }))));
        }
        Ok(())
    }

    /// Looks for the object along a strip.
    pub async fn follow(&mut self, experiment: &Experiment, strip: &Strip, stop: &Stop, sink: &Sink) -> Result<()> {
        strip.check()?;
        let scene = self.scene(experiment, stop, sink).await?;
        match strip {
            Strip::Layers => self.follow_layers(&scene, stop, sink).await,
            Strip::Sparsities(sparsities) => self.follow_sparsities(&scene, sparsities, stop, sink).await,
        }
    }

    async fn follow_layers(&mut self, scene: &Scene, stop: &Stop, sink: &Sink) -> Result<()> {
        let job = self.job(Stage::Following, stop, sink);
        let taps: Vec<String> = (scene.model.architecture.taps)().into_iter().filter(|tap| is_layer(tap)).collect();
        let asked = asked(&scene.model, &scene.experiment);
        let mut sighted = false;
        for (done, tap) in taps.iter().enumerate() {
            let how = Discovery { tap: Some(tap.clone()), ..asked.clone() };
            let input = match self.input(&scene.model, &scene.experiment.image, &how).await {
                Ok(input) => input,
                // One layer has too many tokens, or nothing of what is asked for; others have not.
                Err(error) if error.is_bad_input() => {
                    job.step(2 * done as u64, 2 * taps.len() as u64).await?;
                    for side in Side::BOTH {
                        spot(sink, Along::Layer(tap.clone()), side, Err(&error));
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            if !std::mem::replace(&mut sighted, true) {
                sink(Event::Found(Finding::Sighting(self.sighting(scene, &input).await?)));
            }
            for (place, side) in Side::BOTH.into_iter().enumerate() {
                job.step((2 * done + place) as u64, 2 * taps.len() as u64).await?;
                match look(scene.network(side), &how, &input, usual(&scene.model)).await {
                    Ok(found) => spot(sink, Along::Layer(tap.clone()), side, Ok(&found)),
                    Err(error) if error.is_bad_input() => spot(sink, Along::Layer(tap.clone()), side, Err(&error)),
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    async fn follow_sparsities(&mut self, scene: &Scene, sparsities: &[f64], stop: &Stop, sink: &Sink) -> Result<()> {
        let how = &asked(&scene.model, &scene.experiment);
        let Some(first) = sparsities.first() else { return Ok(()) };
        let input = self.sight(scene, how, sink).await?;
        let job = self.job(Stage::Following, stop, sink);
        let total = sparsities.len() as u64 + 1;
        job.step(0, total).await?;
        let (_, _, dense) = self.objects(scene, Side::Dense, how, &input).await?;
        spot(sink, Along::Sparsity(*first), Side::Dense, Ok(&dense));
        for (done, sparsity) in sparsities.iter().enumerate() {
            job.step(done as u64 + 1, total).await?;
            let pruning = Pruning { sparsity: *sparsity, ..scene.experiment.pruning };
            let along = Along::Sparsity(*sparsity);
            if pruning.is_dense() {
                spot(sink, along, Side::Pruned, Ok(&dense));
                continue;
            }
            // The experiment's own pruned network stays the one that is kept.
            let pruned = scene.model.pruned(&pruning, &*self.assets, &job.unwatched()).await?;
            let found = look(&pruned.network, how, &input, usual(&scene.model)).await?;
            spot(sink, along, Side::Pruned, Ok(&found));
        }
        Ok(())
    }

    /// Counts on how many pictures of an album each network's first box is right, told again and again while it grows.
    pub async fn locate(&mut self, experiment: &Experiment, album: Album, stop: &Stop, sink: &Sink) -> Result<()> {
        let (model, pruned) = self.networks(experiment, stop, sink).await?;
        let job = self.job(Stage::Locating, stop, sink);
        let pack = if album == Album::Scenes { Some(self.pack().await?) } else { None };
        let opened = album::Opened::new(album, &*self.assets, pack).await?;
        let (how, recipe) = (&asked(&model, experiment), &model.card.input);
        let total = opened.count();
        let every = (total / PARTS).max(1);
        let (mut dense, mut after, mut without) = (Vec::new(), Vec::new(), 0);
        for at in 0..total {
            job.step(at as u64, total as u64).await?;
            let (picture, boxes) = opened.picture(&*self.assets, at).await?;
            let input = how.input(&model.dense, &picture, recipe, usual(&model))?;
            let truth: Vec<Box4> = boxes.into_iter().filter_map(|one| input.visible(one)).collect();
            if truth.is_empty() {
                without += 1;
            } else {
                let overlap = async |network: &Network| {
                    let found = look(network, how, &input, usual(&model)).await?;
                    Ok::<f64, Error>(best(found.boxes.first().map(|first| input.to_picture(*first)).as_ref(), &truth))
                };
                dense.push(overlap(&model.dense).await?);
                after.push(if experiment.pruning.is_dense() { dense[dense.len() - 1] } else { overlap(&pruned.network).await? });
            }
            let complete = at + 1 == total;
            if complete || (at + 1) % every == 0 {
                let tally = |overlaps: &[f64]| {
                    let CorLoc { right, interval, .. } = CorLoc::of(overlaps);
                    Tally { right, interval }
                };
                sink(Event::Found(Finding::Located(Located {
                    album,
                    pictures: dense.len(),
                    total,
                    without,
                    dense: tally(&dense),
                    pruned: tally(&after),
                    difference: difference(&dense, &after),
                    complete,
                })));
            }
        }
        Ok(())
    }

    /// What the networks are shown of the experiment's picture, and says so.
    async fn sight(&mut self, scene: &Scene, how: &Discovery, sink: &Sink) -> Result<Rc<Input>> {
        let input = self.input(&scene.model, &scene.experiment.image, how).await?;
        sink(Event::Found(Finding::Sighting(self.sighting(scene, &input).await?)));
        Ok(input)
    }

    /// The input of a model on a picture.
    async fn input(&mut self, model: &Model, image: &ImageRef, how: &Discovery) -> Result<Rc<Input>> {
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

    /// The same for a reader.
    async fn sighting(&mut self, scene: &Scene, input: &Input) -> Result<Sighting> {
        let picture = self.picture(&scene.experiment.image).await?;
        let [height, width] = input.image;
        let rgb = unpadded(input, &scene.model.card.input);
        let boxes = picture.boxes().iter().filter_map(|one| input.visible(*one)).map(|one| in_input(input, one)).collect();
        Ok(Sighting { width, height, rgb, boxes })
    }

    /// What a network of an experiment finds on its picture: the tap it was found at, and the tokens, where the method looks at any.
    async fn objects(&mut self, scene: &Scene, side: Side, how: &Discovery, input: &Input) -> Result<(String, Option<Rc<Tokens>>, Found)> {
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
        let found = how.find(&tokens, how.normalisation(scene.model.architecture.attends));
        Ok((tap, Some(tokens), found))
    }
}

/// How an experiment looks for objects, with what its network's card says where the experiment says nothing.
fn asked(model: &Model, experiment: &Experiment) -> Discovery {
    let card = model.card.discovery(experiment.discovery.method);
    meant(&experiment.discovery, card.tap, card.settings)
}

/// The layer whose tokens are compared where neither experiment nor card names one.
fn usual(model: &Model) -> &str {
    model.architecture.default_tap
}

/// What a network finds on an input.
async fn look(network: &Network, how: &Discovery, input: &Input, usual: &str) -> Result<Found> {
    Ok(how.look_at(network, input.clone(), usual).await?.found)
}

/// Says what was found at a place of a strip, or why nothing can be.
fn spot(sink: &Sink, along: Along, side: Side, found: std::result::Result<&Found, &Error>) {
    let (boxes, note) = match found {
        Ok(found) => (found.boxes.clone(), found.note.clone()),
        Err(error) => (Vec::new(), error.to_string()),
    };
    sink(Event::Found(Finding::Spot(Spot { along, side, boxes, note })));
}

/// Tokens as a method compares them, so that products are its similarities. Without values where there is nothing to compare, or too much to send.
fn compared(how: &Discovery, tokens: &Tokens, attends: Attends) -> Tokens {
    if hopeless(tokens).is_some() || tokens.values.len() > MOST_VALUES {
        return Tokens { values: Vec::new(), ..*tokens };
    }
    let mut values = normalised(tokens, how.normalisation(attends));
    if how.method.info().similarity == Similarity::Cosine {
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

/// The middle 95 % of differences of two networks' shares when as many pictures are drawn from these with replacement, each with both answers.
fn difference(dense: &[f64], pruned: &[f64]) -> [f64; 2] {
    let right = |overlap: &f64| f64::from(u8::from(*overlap >= RIGHT));
    let gain: Vec<f64> = dense.iter().zip(pruned).map(|(dense, pruned)| right(pruned) - right(dense)).collect();
    interval(&gain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_of_pairs() {
        // The same pictures right: no draw of pictures tells the networks apart, however few there are.
        assert_eq!(difference(&[1.0, 0.0, 0.7], &[0.9, 0.1, 0.5]), [0.0, 0.0]);
        assert_eq!(difference(&[], &[]), [0.0, 0.0]);
        assert_eq!(difference(&[0.0; 8], &[1.0; 8]), [1.0, 1.0]);
        // Of 60 pictures 12 are won and none is lost: the binomial's 2.5 % and 97.5 % points of 60 draws at 0.2 are 6 and 18.
        let pruned: Vec<f64> = (0..60).map(|i| f64::from(u8::from(i % 5 == 0))).collect();
        let [low, high] = difference(&[0.0; 60], &pruned).map(|share| share * 60.0);
        assert!((low - 6.0).abs() < 1.5 && (high - 18.0).abs() < 1.5, "{low} {high}");
    }
}
