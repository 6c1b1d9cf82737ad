//! How alike both networks of an experiment find pictures: the cosine of what a layer gives, averaged over places.

use super::protocol::{Alike, Finding, Source, Stage};
use super::run::{Engine, Event, Sink};
use super::stimulate::fitted;
use crate::alignment::condition::NATURAL;
use crate::alignment::odd_one_out::{Likeness, MOST_PICTURES};
use crate::device::values;
use crate::error::{Error, Result};
use crate::experiment::Experiment;
use crate::image::input;
use crate::job::Stop;
use crate::models::network::Network;

impl Engine {
    /// Compares pictures of the recognition experiment, unchanged, at the experiment's layer.
    pub async fn odd_one_out(&mut self, experiment: &Experiment, images: &[String], stop: &Stop, sink: &Sink) -> Result<()> {
        experiment.check()?;
        if !(3..=MOST_PICTURES).contains(&images.len()) {
            return Err(Error::bad_value("the number of pictures to compare", images.len(), &format!("between 3 and {MOST_PICTURES}")));
        }
        let model = self.model(&experiment.model, sink).await?;
        let tap = model.tap(experiment.attribution.tap.as_deref())?.to_string();
        let pruned = self.prune(&model, &experiment.pruning, stop, sink).await?;
        let job = self.job(Stage::Recognising, stop, sink);
        let networks: [&Network; 2] = [&model.dense, &pruned.network];
        let (assets, recipe) = (self.assets.clone(), &model.card.input);
        let mut features = [Vec::new(), Vec::new()];
        for (at, image) in images.iter().enumerate() {
            job.step(at as u64, images.len() as u64).await?;
            let picture = self.stimuli(&Source::Shipped).await?.picture(&*assets, NATURAL, image).await?;
            let seen = input(&fitted(&picture, recipe)?, recipe, model.dense.device());
            for (network, features) in networks.iter().zip(&mut features) {
                let map = network.grid(network.features_at(seen.clone(), &tap)?);
                features.push(values(map.mean_dim(2).mean_dim(3)).await?);
            }
        }
        let [dense, pruned] = features.map(|features| Likeness::of(images.to_vec(), &features));
        sink(Event::Found(Finding::Alike(Box::new(Alike { tap, dense, pruned }))));
        Ok(())
    }
}
