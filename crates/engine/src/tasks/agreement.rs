//! How far the pruned network still answers as the dense one, over many pictures.

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use crate::shown::Shown;
use sweetspot_core::error::Result;
use sweetspot_methods::pruning::agreement::agreement;
use sweetspot_nn::device::values;
use sweetspot_nn::job::Stop;
use sweetspot_nn::logits::top;
use sweetspot_protocol::{AgreementReport, CompareAnswers, Stage};

/// Pictures between two tellings of an agreement that grows.
const TELL_EVERY: usize = 8;

impl Perform for CompareAnswers {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        let Self { experiment } = self;
        let (model, pruned) = engine.networks(experiment, stop, sink).await?;
        let job = engine.job(Stage::Agreeing, stop, sink);
        let pack = if model.card.pack.is_some() { Some(engine.pack().await?) } else { None };
        let shown = Shown::open(&*engine.assets, pack).await?;
        let total = shown.count();
        let (mut dense, mut after, mut labels) = (Vec::new(), Vec::new(), Vec::new());
        for at in 0..total {
            job.step(at as u64, total as u64).await?;
            let (input, label) = shown.input(&*engine.assets, at, &model.card.input, model.dense.device()).await?;
            dense.push(values(model.dense.logits(input.clone())).await?);
            after.push(if experiment.pruning.is_dense() { dense[at].clone() } else { values(pruned.network.logits(input)).await? });
            labels.push(label.filter(|label| *label < model.count()));
            let complete = at + 1 == total;
            if complete || (at + 1) % TELL_EVERY == 0 {
                let found = agreement(&dense, &after);
                let right = |answers: &[Vec<f32>]| {
                    answers.iter().zip(&labels).filter(|(a, label)| label.is_some_and(|l| top(a, 1)[0] == l)).count()
                };
                let report = AgreementReport {
                    pictures: found.pictures,
                    same: found.same,
                    divergence: found.divergence as f32,
                    labelled: labels.iter().flatten().count(),
                    dense_right: right(&dense),
                    pruned_right: right(&after),
                    on: shown.what().into(),
                    complete,
                };
                tell::<Self>(sink, report);
            }
        }
        Ok(())
    }
}
