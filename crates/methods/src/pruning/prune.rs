//! Pruning a network by any criterion: what everything that prunes calls.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use burn::tensor::Tensor;

use super::calibration::Calibration;
use super::filters::Importance;
use super::groups::Groups;
use super::mask::Mask;
use super::{grasp, re_estimate, second_order, snip, structured, synflow, taylor, wanda};
use crate::pruning::allocation::count;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Pruning;
use sweetspot_core::pruning::{Criterion, Scope};
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::job::Job;
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;

/// What is to be pruned.
pub struct Subject<'a> {
    /// The architecture.
    pub architecture: &'static Architecture,
    /// The dense weights.
    pub weights: &'a Weights,
    /// The dense network, on the device that computes.
    pub network: &'a Network,
    /// Side of the network's input.
    pub side: usize,
    /// What calibrated criteria look at.
    pub calibration: Option<&'a Calibration>,
    /// What is known from prunings of the same weights before.
    pub known: &'a Known,
}

/// What depends on neither sparsity nor scope: scores of the last criterion that has such, and which channels go together.
#[derive(Default)]
pub struct Known {
    scores: RefCell<Option<(Calibrated, Scores)>>,
    groups: OnceCell<Groups>,
}

/// Scores of each layer's weights.
type Scores = Rc<Vec<Vec<f64>>>;

/// A pruned network's weights.
pub struct Outcome {
    /// All weights, with the pruned ones zero, or without them where whole filters went.
    pub weights: Weights,
    /// Which are kept.
    pub mask: Mask,
    /// One sentence on what happened besides; empty if nothing did.
    pub note: String,
}

/// Prunes a network. Progress is told to the job, which can end it.
///
/// Criteria of [`Kind::Trained`](sweetspot_core::pruning::criterion::Kind) are not computed but loaded: see `Model::pruned`.
pub async fn prune(subject: &Subject<'_>, pruning: &Pruning, job: &Job) -> Result<Outcome> {
    pruning.check()?;
    let criterion = pruning.criterion;
    let info = criterion.info();
    let pruning = Pruning { sparsity: criterion.sparsity(pruning.sparsity), ..*pruning };
    if let Some(reason) = criterion.absent(subject.architecture.attention, re_estimate::possible(subject.architecture), &[]) {
        return Err(Error::Absent { id: info.id.into(), method: info.title.into(), reason });
    }
    let mut notes = Vec::new();
    let (mut weights, mask) = match Way::of(criterion) {
        _ if pruning.sparsity.is_zero() => (subject.weights.clone(), Mask::new(subject.architecture, subject.weights, &pruning)?),
        Way::Filters(importance) => {
            job.step(0, 1).await?;
            let removed = structured::remove(subject.groups(), subject.weights, importance, pruning.scope, pruning.sparsity.get())?;
            notes.push(removed.note());
            (removed.weights, removed.mask)
        }
        Way::SecondOrder => second(subject, &pruning, job).await?,
        Way::Scores(by) => subject.masked(subject.mask_of_scores(by, &pruning, job).await?),
        Way::Rounds => subject.masked(subject.mask_of_rounds(&pruning, job).await?),
        // Of those trained beforehand, there is no mask: this says so.
        Way::Weights | Way::Trained => subject.masked(Mask::new(subject.architecture, subject.weights, &pruning)?),
    };
    if info.fixed.is_some() && !pruning.sparsity.is_zero() {
        notes.extend(whole_layers(&mask));
    }
    if info.calibrated && !pruning.sparsity.is_zero() {
        notes.push(format!("Looked at {} calibration pictures.", subject.calibrated(&pruning)?.images.len()));
    }
    if pruning.re_estimate && !pruning.sparsity.is_zero() {
        let images = &subject.calibrated(&pruning)?.images;
        weights = re_estimate::re_estimate(subject.architecture, &weights, images, subject.network.device(), job).await?;
        notes.push(format!("Batch normalisation was estimated anew on {} calibration pictures.", images.len()));
    }
    Ok(Outcome { weights, mask, note: notes.join(" ") })
}

impl<'a> Subject<'a> {
    /// The calibration set, or why nothing goes without it.
    fn calibrated(&self, pruning: &Pruning) -> Result<&'a Calibration> {
        let missing = || {
            let what = if pruning.criterion.info().calibrated { pruning.criterion.id() } else { "re-estimation" };
            let reason = "it looks at calibration pictures; give some, or choose another criterion".into();
            Error::Missing { what: format!("the calibration set of '{what}'"), reason }
        };
        self.calibration.filter(|set| !set.images.is_empty()).ok_or_else(missing)
    }

    /// Which channels go together, found once.
    fn groups(&self) -> &'a Groups {
        let picture = || Tensor::zeros([1, 3, self.side, self.side], self.network.device());
        self.known.groups.get_or_init(|| Groups::of(self.network, self.weights, picture()))
    }

    /// The dense weights with a mask.
    fn masked(&self, mask: Mask) -> (Weights, Mask) {
        (mask.apply(self.weights), mask)
    }

    /// The mask of scores.
    async fn mask_of_scores(&self, by: Calibrated, pruning: &Pruning, job: &Job) -> Result<Mask> {
        let layers = self.architecture.layers_of(self.weights);
        let scores = self.scores(by, pruning, job).await?;
        Ok(match by {
            Calibrated::Snip | Calibrated::Taylor | Calibrated::Grasp => Mask::of_scores(&layers, &scores, pruning),
            Calibrated::Wanda => Mask::of(&layers, wanda::keep(&layers, &scores, pruning.sparsity.get())),
        })
    }

    /// SynFlow's mask.
    async fn mask_of_rounds(&self, pruning: &Pruning, job: &Job) -> Result<Mask> {
        let layers = self.architecture.layers_of(self.weights);
        let total = layers.iter().map(|layer| layer.shape.iter().product::<usize>()).sum();
        let rounds = (count(pruning.sparsity.get(), total), synflow::ROUNDS);
        let keep = synflow::keep(self.architecture, self.weights, self.network.device(), self.side, rounds, job).await?;
        Ok(Mask::of(&layers, keep))
    }

    /// Scores for which neither sparsity nor scope matters, computed once.
    async fn scores(&self, by: Calibrated, pruning: &Pruning, job: &Job) -> Result<Scores> {
        if let Some((known, scores)) = &*self.known.scores.borrow()
            && *known == by
        {
            return Ok(scores.clone());
        }
        let layers = self.architecture.layers_of(self.weights);
        let calibration = self.calibrated(pruning)?;
        let scores = match by {
            Calibrated::Snip => snip::scores(self.network, self.weights, &layers, calibration, job).await?,
            Calibrated::Taylor => taylor::scores(self.network, self.weights, &layers, calibration, job).await?,
            Calibrated::Grasp => grasp::scores(self.architecture, self.network, self.weights, calibration, job).await?,
            Calibrated::Wanda => wanda::scores(self.network, self.weights, &layers, &calibration.images, job).await?,
        };
        let scores = Rc::new(scores);
        *self.known.scores.borrow_mut() = Some((by, scores.clone()));
        Ok(scores)
    }
}

/// How a criterion finds what goes. Every criterion is named here, so that a new one cannot pass for another.
#[derive(Clone, Copy)]
enum Way {
    /// From the weights alone: see [`Mask::new`].
    Weights,
    /// By scores of weights that calibration pictures give.
    Scores(Calibrated),
    /// In rounds, each of which scores what the last one left.
    Rounds,
    /// Layer by layer, with an update of the weights that stay.
    SecondOrder,
    /// Whole filters.
    Filters(Importance),
    /// Not at all: weights are loaded.
    Trained,
}

/// Criteria whose scores of weights hold at every sparsity and in every scope.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Calibrated {
    Snip,
    Taylor,
    Grasp,
    Wanda,
}

impl Way {
    fn of(criterion: Criterion) -> Self {
        match criterion {
            Criterion::Magnitude
            | Criterion::Random
            | Criterion::Lamp
            | Criterion::Erk
            | Criterion::UniformPlus
            | Criterion::TwoOfFour
            | Criterion::FourOfEight
            | Criterion::OneOfFour => Self::Weights,
            Criterion::Snip => Self::Scores(Calibrated::Snip),
            Criterion::Taylor => Self::Scores(Calibrated::Taylor),
            Criterion::Grasp => Self::Scores(Calibrated::Grasp),
            Criterion::Wanda => Self::Scores(Calibrated::Wanda),
            Criterion::SynFlow => Self::Rounds,
            Criterion::SecondOrder => Self::SecondOrder,
            Criterion::FilterL1 => Self::Filters(Importance::L1),
            Criterion::FilterL2 => Self::Filters(Importance::L2),
            Criterion::FilterMedian => Self::Filters(Importance::Median),
            Criterion::FilterScale => Self::Filters(Importance::Scale),
            Criterion::Lrr | Criterion::SnipTrained | Criterion::Untrained | Criterion::Distilled => Self::Trained,
        }
    }
}

/// Second-order pruning. In global scope each layer loses what LAMP takes from it; in layer scope all lose the same share.
async fn second(subject: &Subject<'_>, pruning: &Pruning, job: &Job) -> Result<(Weights, Mask)> {
    let layers = subject.architecture.layers_of(subject.weights);
    let sizes: Vec<usize> = layers.iter().map(|layer| layer.shape.iter().product()).collect();
    let images = &subject.calibrated(pruning)?.images;
    let counts = match pruning.scope {
        Scope::Layer => sizes.iter().map(|size| count(pruning.sparsity.get(), *size)).collect(),
        Scope::Global => {
            let lamp = Mask::new(subject.architecture, subject.weights, &Pruning { criterion: Criterion::Lamp, ..*pruning })?;
            lamp.report().layers.iter().map(|layer| layer.pruned).collect::<Vec<usize>>()
        }
    };
    let device = subject.network.device();
    let (weights, keep) = second_order::prune(subject.architecture, subject.weights, &counts, images, device, job).await?;
    Ok((weights, Mask::of(&layers, keep)))
}

/// Which layers a pattern left whole.
fn whole_layers(mask: &Mask) -> Option<String> {
    let whole: Vec<&str> =
        mask.layers.iter().filter(|layer| layer.keep.iter().all(|keep| *keep)).map(|layer| layer.name.as_str()).collect();
    let first = whole.first()?;
    Some(match whole.len() {
        1 => format!("One layer stays whole, because its inputs do not divide into the pattern\u{2019}s groups: {first}."),
        n => format!("{n} layers stay whole, because their inputs do not divide into the pattern\u{2019}s groups: the first is {first}."),
    })
}
