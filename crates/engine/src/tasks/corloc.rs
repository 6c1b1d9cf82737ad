//! How often the objects that both networks find are where objects are.

use super::discover::{asked, look, usual};
use super::perform::Perform;
use crate::engine::Engine;
use crate::evaluation_set;
use crate::event::{Sink, tell};
use sweetspot_core::discovery::Box4;
use sweetspot_core::discovery::corloc::{CorLoc, RIGHT, best, interval};
use sweetspot_core::error::{Error, Result};
use sweetspot_methods::discovery::find::Find;
use sweetspot_nn::job::Stop;
use sweetspot_nn::network::Network;
use sweetspot_protocol::{CountCorLoc, EvaluationSet, Located, Stage, Tally};

/// In how many parts the answer over many pictures grows, about.
const PARTS: usize = 10;

impl Perform for CountCorLoc {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        let (experiment, set) = (&self.experiment, self.set);
        let (model, pruned) = engine.networks(experiment, stop, sink).await?;
        let job = engine.job(Stage::Locating, stop, sink);
        let pack = if set == EvaluationSet::Scenes { Some(engine.pack().await?) } else { None };
        let opened = evaluation_set::Opened::new(set, &*engine.assets, pack).await?;
        let (how, recipe) = (&asked(&model, experiment), &model.card.input);
        let total = opened.count();
        let every = (total / PARTS).max(1);
        let (mut dense, mut after, mut without) = (Vec::new(), Vec::new(), 0);
        for at in 0..total {
            job.step(at as u64, total as u64).await?;
            let (picture, boxes) = opened.picture(&*engine.assets, at).await?;
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
                let located = Located {
                    set,
                    pictures: dense.len(),
                    total,
                    without,
                    dense: tally(&dense),
                    pruned: tally(&after),
                    difference: difference(&dense, &after),
                    complete,
                };
                tell::<Self>(sink, located);
            }
        }
        Ok(())
    }
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
