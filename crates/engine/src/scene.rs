//! An experiment's networks on its picture, and the class that each of them explains.

use std::rc::Rc;

use crate::engine::Engine;
use crate::event::{Sink, tell};
use crate::keys::{MapKey, PassKey, key};
use crate::model::{Model, Pruned};
use crate::picture::Seen;
use sweetspot_core::error::Result;
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_core::side::Side;
use sweetspot_methods::attribution::context::Context;
use sweetspot_nn::job::{Job, Stop};
use sweetspot_nn::logits::{logits_sha256, softmax, top};
use sweetspot_nn::network::Network;
use sweetspot_protocol::{Explain, Explained, Prediction, Predictions, Stage};

/// An experiment's networks on its picture.
pub struct Scene {
    pub(crate) experiment: Experiment,
    pub(crate) model: Rc<Model>,
    pub(crate) seen: Rc<Seen>,
    pub(crate) pruned: Rc<Pruned>,
    pub(crate) tap: String,
    label: Option<usize>,
    classes: Rc<Vec<String>>,
}

impl Scene {
    /// The network of a side; without pruning both are the dense one.
    pub fn network(&self, side: Side) -> &Network {
        let same = side == Side::Dense || self.experiment.pruning.is_dense();
        if same { &self.model.dense } else { &self.pruned.network }
    }

    /// What a method works on.
    pub fn context<'a>(&'a self, side: Side, target: usize, batch: usize, bounds: &'a [(f32, f32)], job: &'a Job) -> Context<'a> {
        let input = self.seen.input.clone();
        let (parameters, tap) = (&self.experiment.attribution, self.tap.as_str());
        Context { network: self.network(side), input, target, parameters, tap, batch, bounds, job }
    }

    pub(crate) fn pass(&self, side: Side) -> PassKey {
        let pruning = if side == Side::Dense { None } else { key(&self.experiment.pruning) };
        ((self.model.card.id.clone(), pruning), self.experiment.image.clone())
    }

    pub(crate) fn map_key(&self, side: Side, target: usize) -> MapKey {
        (self.pass(side), self.experiment.attribution.clone(), target)
    }
}

impl Engine {
    /// Sets up an experiment's networks and its picture.
    pub async fn scene(&mut self, experiment: &Experiment, stop: &Stop, sink: &Sink) -> Result<Scene> {
        experiment.check()?;
        let imagenet = self.classes().await?;
        let model = self.model(&experiment.model, sink).await?;
        let classes = Rc::new(model.answers(&imagenet));
        let tap = model.tap(experiment.attribution.tap.as_deref())?.to_string();
        experiment.attribution.method.check(model.architecture.attention)?;
        let picture = self.picture(&experiment.image).await?;
        let label = picture.label.filter(|_| knows(&model, &experiment.image));
        experiment.target.check(label, classes.len())?;
        tell::<Explain>(sink, Explained::Model(model.report()));
        let seen = self.see(&model, &picture)?;
        tell::<Explain>(sink, Explained::View(seen.view.clone()));
        self.last = Some((model.clone(), seen.clone()));
        let pruned = self.prune(&model, &experiment.pruning, stop, sink).await?;
        tell::<Explain>(sink, Explained::Sparsity(pruned.report.clone()));
        Ok(Scene { experiment: experiment.clone(), model, seen, pruned, tap, label, classes })
    }

    /// What both networks say, and the class each of them explains.
    pub async fn targets(&mut self, scene: &Scene, stop: &Stop, sink: &Sink) -> Result<Vec<usize>> {
        let stage = if scene.model.is_warm() { Stage::Predicting } else { Stage::Preparing };
        let job = self.job(stage, stop, sink);
        let mut targets: Vec<usize> = Vec::new();
        let mut dense = None;
        for (done, side) in Side::BOTH.into_iter().enumerate() {
            job.step(done as u64, 2).await?;
            let logits = self.predict(&scene.pass(side), &scene.model, scene.network(side), &scene.seen).await?;
            let own = top(&logits, 1)[0];
            let target = scene.experiment.target.resolve(own, *dense.get_or_insert(own), scene.label);
            targets.push(target);
            let found = match scene.model.card.classes {
                0 => features(side, &logits, target, &scene.classes),
                _ => predictions(side, &logits, target, &scene.classes),
            };
            tell::<Explain>(sink, Explained::Predictions(found));
        }
        Ok(targets)
    }
}

/// Whether a picture's label is one of a model's classes.
fn knows(model: &Model, image: &ImageRef) -> bool {
    matches!(image, ImageRef::Scene(_)) == model.card.pack.is_some()
}

/// The answer of a network without classes, for a reader: nothing is predicted, and the feature that is explained has no probability.
pub fn features(side: Side, answer: &[f32], target: usize, names: &[String]) -> Predictions {
    let target = Prediction { index: target, label: names.get(target).cloned().unwrap_or_default(), probability: 0.0 };
    Predictions { side, top: Vec::new(), target, logits_sha256: logits_sha256(answer) }
}

/// Logits for a reader.
pub fn predictions(side: Side, logits: &[f32], target: usize, classes: &[String]) -> Predictions {
    let probabilities = softmax(logits);
    let prediction =
        |index: usize| Prediction { index, label: classes.get(index).cloned().unwrap_or_default(), probability: probabilities[index] };
    Predictions {
        side,
        top: top(logits, 5).into_iter().map(prediction).collect(),
        target: prediction(target),
        logits_sha256: logits_sha256(logits),
    }
}
