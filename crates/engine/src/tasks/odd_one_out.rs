//! How alike both networks of an experiment find pictures: the cosine of what a layer gives, averaged over places.

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use crate::picture::fitted;
use sweetspot_core::alignment::condition::NATURAL;
use sweetspot_core::alignment::odd_one_out::{Likeness, MOST_PICTURES};
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::device::values;
use sweetspot_nn::image::input;
use sweetspot_nn::job::Stop;
use sweetspot_nn::network::Network;
use sweetspot_protocol::{CompareFeatures, FeatureSimilarity, Source, Stage};

impl Perform for CompareFeatures {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        let Self { experiment, images } = self;
        experiment.check()?;
        if !(3..=MOST_PICTURES).contains(&images.len()) {
            return Err(Error::bad_value("the number of pictures to compare", images.len(), &format!("between 3 and {MOST_PICTURES}")));
        }
        let model = engine.model(&experiment.model, sink).await?;
        let tap = model.tap(experiment.attribution.tap.as_deref())?.to_string();
        let pruned = engine.prune(&model, &experiment.pruning, stop, sink).await?;
        let job = engine.job(Stage::Recognising, stop, sink);
        let networks: [&Network; 2] = [&model.dense, &pruned.network];
        let (assets, recipe) = (engine.assets.clone(), &model.card.input);
        let mut features = [Vec::new(), Vec::new()];
        for (at, image) in images.iter().enumerate() {
            job.step(at as u64, images.len() as u64).await?;
            let picture = engine.recognition.stimuli(&Source::Shipped, &*assets).await?.picture(&*assets, NATURAL, image).await?;
            let seen = input(&fitted(&picture, recipe)?, recipe, model.dense.device());
            for (network, features) in networks.iter().zip(&mut features) {
                let map = network.grid(network.features_at(seen.clone(), &tap)?);
                features.push(values(map.mean_dim(2).mean_dim(3)).await?);
            }
        }
        let [dense, pruned] = features.map(|features| Likeness::of(images.clone(), &features));
        tell::<Self>(sink, Box::new(FeatureSimilarity { tap, dense, pruned }));
        Ok(())
    }
}
