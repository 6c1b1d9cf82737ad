//! Runs a sweep's steps: a network made once for all steps of its sparsity, dense answers computed once for all sparsities.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;
use sweetspot_methods::attribution::Attribute;
use sweetspot_methods::discovery::find::Find;

use sha2::{Digest, Sha256};
use web_time::Instant;

use super::fitted::checkpoints;
use super::given::{Answers, Given};
use super::pictures::Pictures;
use crate::model::{Model, Pruned};
use crate::picture::{Seen, fitted as fitting};
use crate::stimuli::Stimuli;
use crate::timing::millis;
use sweetspot_core::alignment::categories::{CLASSES, Category};
use sweetspot_core::assets::Assets;
use sweetspot_core::discovery::Method as Finder;
use sweetspot_core::discovery::corloc::{RIGHT, best};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::Pruning;
use sweetspot_core::metrics::Measure;
use sweetspot_core::metrics::score::Score;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::sweep::cells::{Cell, NetworkStatistics, Source, State};
use sweetspot_core::sweep::plan::{Step, Sweep};
use sweetspot_core::sweep::sweep_measure::{Needs, SweepMeasure};
use sweetspot_methods::attribution::context::Context;
use sweetspot_methods::discovery::input::Input;
use sweetspot_methods::metrics::checks::not_empty;
use sweetspot_methods::metrics::evaluate::answer;
use sweetspot_methods::metrics::trial::Trial;
use sweetspot_methods::pruning::agreement::agreement;
use sweetspot_nn::device::values;
use sweetspot_nn::image::Rgb;
use sweetspot_nn::image::input;
use sweetspot_nn::job::Job;
use sweetspot_nn::logits::top;
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;

/// The most bytes of pictures that are kept, and about how many a pixel takes: an input of three floats, a view of three bytes, a mask.
const KEPT_BYTES: usize = 96 << 20;
const BYTES_A_PIXEL: usize = 16;

/// Runs the steps of a sweep, one at a time.
pub struct Runner {
    sweep: Sweep,
    model: Rc<Model>,
    assets: Rc<dyn Assets>,
    pictures: Pictures,
    /// The same as people see them, once they are asked for.
    stimuli: Option<Stimuli>,
    /// Pictures as the network sees them.
    seen: HashMap<usize, Rc<(Seen, Option<usize>)>>,
    /// The dense network of the last seed.
    dense: Option<(u64, Rc<Subject>)>,
    /// The network of the last step, by seed and sparsity.
    pruned: Option<((u64, Sparsity), Rc<Subject>)>,
    given: Given,
}

/// The network of a step.
struct Subject {
    /// None for the dense one.
    pruned: Option<Pruned>,
    weighed: NetworkStatistics,
}

impl Runner {
    /// A runner of a sweep that [fitted](super::fitted::fitted) the model.
    pub async fn open(sweep: Sweep, model: Rc<Model>, assets: Rc<dyn Assets>, given: Given) -> Result<Self> {
        let experiment = &sweep.experiment;
        experiment.attribution.method.check(model.architecture.attention)?;
        model.tap(experiment.attribution.tap.as_deref())?;
        let pictures = Pictures::open(&*assets, &sweep, &given).await?;
        let runner = Self { sweep, model, assets, pictures, stimuli: None, seen: HashMap::new(), dense: None, pruned: None, given };
        let target = runner.sweep.experiment.target;
        (0..runner.pictures.names.len()).try_for_each(|at| target.check(runner.label(at), runner.model.count()))?;
        Ok(runner)
    }

    /// A state with nothing done, for a device of this name.
    pub fn state(&self, device: &str) -> Result<State> {
        let count = self.pictures.names.len();
        let source = Source {
            model_sha256: self.model.card.weights.sha256.clone(),
            set_sha256: self.pictures.sha256.clone(),
            pictures: self.pictures.names.clone(),
            labelled: (0..count).filter(|at| self.label(*at).is_some()).count(),
            people: self.pictures.people.clone().filter(|_| self.sweep.measures.contains(&SweepMeasure::ErrorConsistency)),
            device: device.into(),
            version: env!("CARGO_PKG_VERSION").into(),
        };
        State::new(self.sweep.clone(), source)
    }

    /// The sweep it runs.
    pub fn sweep(&self) -> &Sweep {
        &self.sweep
    }

    /// Runs a step. The job counts its pictures and can end it between them.
    pub async fn run(&mut self, step: &Step, job: &Job) -> Result<Cell> {
        let subject = self.subject(step.seed, step.sparsity, job).await?;
        let count = step.to - step.from;
        let wanted: Vec<SweepMeasure> = self.sweep.measures.iter().copied().filter(|gauge| gauge.info().needs != Needs::Network).collect();
        let mut cell = Cell {
            seed: step.seed,
            sparsity: step.sparsity,
            from: step.from,
            network: subject.weighed.clone(),
            values: wanted.iter().map(|gauge| (*gauge, Vec::with_capacity(count))).collect(),
            undefined: BTreeMap::new(),
        };
        for at in step.from..step.to {
            job.step((at - step.from) as u64, count as u64).await?;
            let found = self.measure(&subject, step, at, &wanted, job).await?;
            for (gauge, value) in found {
                let value = match value {
                    Ok(value) if value.is_finite() => Some(value),
                    Ok(value) => {
                        cell.undefined.entry(gauge).or_insert_with(|| format!("the value is {value}"));
                        None
                    }
                    Err(error) => {
                        cell.undefined.entry(gauge).or_insert_with(|| reason(error));
                        None
                    }
                };
                if let Some(values) = cell.values.get_mut(&gauge) {
                    values.push(value);
                }
            }
        }
        job.tell(count as u64, count as u64);
        Ok(cell)
    }

    /// Every wanted measure of one picture.
    async fn measure(
        &mut self,
        subject: &Subject,
        step: &Step,
        at: usize,
        wanted: &[SweepMeasure],
        job: &Job,
    ) -> Result<Vec<(SweepMeasure, Result<f32>)>> {
        let shown = self.see(at).await?;
        let (seen, label) = (&shown.0, shown.1);
        let dense = self.dense(step.seed, at, seen, job).await?;
        let model = Rc::clone(&self.model);
        let network = subject.pruned.as_ref().map_or(&model.dense, |pruned| &pruned.network);
        let is_dense = step.sparsity.is_zero();
        let timed = wanted.contains(&SweepMeasure::PassTime);
        let start = Instant::now();
        let logits = match is_dense && !timed {
            true => dense.clone(),
            false => Arc::new(values(network.logits(seen.input.clone())).await?),
        };
        let took = millis(start) as f32;
        let finite = logits.iter().all(|logit| logit.is_finite());
        let own = top(&logits, 1)[0];
        let target = self.sweep.experiment.target.resolve(own, top(&dense, 1)[0], label);
        let mut found = Vec::with_capacity(wanted.len());
        let needs = |needs: Needs| wanted.iter().any(|gauge| gauge.info().needs == needs);
        let mut scores: Vec<Score> = Vec::new();
        if needs(Needs::Map) || needs(Needs::Trial) {
            let quiet = job.unwatched();
            let attribution = &self.sweep.experiment.attribution;
            let (tap, bounds) = (self.model.tap(attribution.tap.as_deref())?, self.model.card.input.bounds());
            let batch = self.given.batch.max(1);
            let input = seen.input.clone();
            let context = Context { network, input, target, parameters: attribution, tap, batch, bounds: &bounds, job: &quiet };
            let map = attribution.method.attribute(&context).await?;
            scores = seen.score(&map).1;
            let trial = Trial {
                context: &context,
                map: &map,
                architecture: self.model.architecture,
                weights: subject.pruned.as_ref().map_or(&self.model.weights, |pruned| &pruned.weights),
                mask: subject.pruned.as_ref().map(|pruned| &pruned.mask),
                recipe: &self.model.card.input,
                view: None,
            };
            for gauge in wanted {
                if let SweepMeasure::Map(measure) = gauge
                    && measure.needs_network()
                {
                    let value = match not_empty(measure.id(), &map.reduced()) {
                        Ok(()) => answer(*measure, &trial).await?.0,
                        Err(error) => Err(error),
                    };
                    scores.push(Score { measure: *measure, value });
                    job.step((at - step.from) as u64, (step.to - step.from) as u64).await?;
                }
            }
        }
        let recognises = [SweepMeasure::CategoryAccuracy, SweepMeasure::ErrorConsistency].iter().any(|gauge| wanted.contains(gauge));
        let recognised = if recognises { Some(self.recognised(network, at, job).await?) } else { None };
        for gauge in wanted {
            let value = match gauge {
                SweepMeasure::Map(measure) => scored(&scores, *measure),
                SweepMeasure::CorLoc(method) => self.located(*method, network, seen).await?,
                SweepMeasure::CategoryAccuracy | SweepMeasure::ErrorConsistency => match &recognised {
                    _ if *gauge == SweepMeasure::ErrorConsistency && self.pictures.people.is_none() => {
                        Err(undefined(*gauge, "nobody's answers belong to these pictures; it takes a pack with observers"))
                    }
                    Some(Ok(share)) => Ok(*share),
                    Some(Err(reason)) => Err(undefined(*gauge, reason)),
                    None => continue,
                },
                SweepMeasure::Accuracy => match label {
                    Some(label) => Ok(share(finite && own == label)),
                    None => Err(undefined(*gauge, "the picture has no label that the network knows")),
                },
                SweepMeasure::Agreement => Ok(share(finite && own == top(&dense, 1)[0])),
                SweepMeasure::Divergence if self.model.card.classes == 0 => Err(undefined(*gauge, "the network has no classes")),
                // Of equal distributions nothing but rounding is left, which is not to be less than nothing.
                SweepMeasure::Divergence => Ok(agreement(&[dense.to_vec()], &[logits.to_vec()]).divergence.max(0.0) as f32),
                SweepMeasure::PassTime => Ok(took),
                SweepMeasure::StoredBytes | SweepMeasure::MultiplyAccumulates => continue,
            };
            found.push((*gauge, value));
        }
        Ok(found)
    }

    /// The share of a picture's conditions in which a network's answer among the 16 categories is right; or why there is none.
    async fn recognised(&mut self, network: &Network, at: usize, job: &Job) -> Result<std::result::Result<f32, &'static str>> {
        if self.model.card.classes != CLASSES {
            return Ok(Err("it is made for networks of ImageNet\u{2019}s 1000 classes"));
        }
        let (category, trials) = match self.pictures.trials(at) {
            Ok(trials) => trials,
            Err(reason) => return Ok(Err(reason)),
        };
        let stimuli = match &mut self.stimuli {
            Some(stimuli) => stimuli,
            none => none.insert(match self.pictures.archive() {
                Some(pack) => Stimuli::pack(pack.clone()),
                None => Stimuli::shipped(&*self.assets).await?,
            }),
        };
        let recipe = &self.model.card.input;
        let (quiet, mut right) = (job.unwatched(), 0);
        for (done, (condition, name)) in trials.iter().enumerate() {
            quiet.step(done as u64, trials.len() as u64).await?;
            let picture = stimuli.picture(&*self.assets, condition, name).await?;
            let logits = values(network.logits(input(&fitting(&picture, recipe)?, recipe, network.device()))).await?;
            right += usize::from(logits.iter().all(|logit| logit.is_finite()) && Category::decide(&logits)? == category);
        }
        Ok(Ok(right as f32 / trials.len().max(1) as f32))
    }

    /// Whether the first box a method finds overlaps a true one by half; a method that finds nothing has missed.
    async fn located(&self, method: Finder, network: &Network, seen: &Seen) -> Result<Result<f32>> {
        if seen.view.boxes.is_empty() {
            return Ok(Err(undefined(SweepMeasure::CorLoc(method), "the object's place is not known inside the view")));
        }
        let (side, recipe) = (seen.view.side, &self.model.card.input);
        let view = Rgb { width: side, height: side, bytes: seen.view.rgb.clone() };
        let input = Input::padded(&view, recipe, 1);
        let looked = self.model.card.discovery(method).look_at(network, input, self.model.architecture.default_tap).await?;
        Ok(Ok(share(best(looked.boxes().first(), &seen.view.boxes) >= RIGHT)))
    }

    /// The label of a picture, if the network knows it.
    fn label(&self, at: usize) -> Option<usize> {
        let known = self.pictures.known_to(self.model.card.pack.is_some());
        self.pictures.label(at).filter(|label| known && *label < self.model.card.classes)
    }

    /// A picture as the network sees it, and its label.
    async fn see(&mut self, at: usize) -> Result<Rc<(Seen, Option<usize>)>> {
        if let Some(seen) = self.seen.get(&at) {
            return Ok(seen.clone());
        }
        let picture = self.pictures.picture(&*self.assets, at).await?;
        let seen = picture.seen(&self.model.card.input, self.model.dense.device())?;
        let seen = Rc::new((seen, self.label(at)));
        let side = self.model.card.input.side;
        if (self.seen.len() + 1) * side * side * BYTES_A_PIXEL <= KEPT_BYTES {
            self.seen.insert(at, seen.clone());
        }
        Ok(seen)
    }

    /// What the dense network of a seed answers.
    async fn dense(&mut self, seed: u64, at: usize, seen: &Seen, job: &Job) -> Result<Arc<Vec<f32>>> {
        let known = |answers: &Answers| answers.lock().ok().and_then(|answers| answers.get(&(seed, at)).cloned());
        if let Some(logits) = known(&self.given.answers) {
            return Ok(logits);
        }
        let dense = self.subject(seed, Sparsity::ZERO, job).await?;
        let network = dense.pruned.as_ref().map_or(&self.model.dense, |pruned| &pruned.network);
        let logits = Arc::new(values(network.logits(seen.input.clone())).await?);
        if let Some(bad) = logits.iter().find(|logit| !logit.is_finite()) {
            return Err(Error::Device { device: "the device".into(), reason: format!("the dense network's answer holds {bad}") });
        }
        if let Ok(mut answers) = self.given.answers.lock() {
            answers.insert((seed, at), logits.clone());
        }
        Ok(logits)
    }

    /// The network of a seed and sparsity, made unless it is the last one or dense.
    async fn subject(&mut self, seed: u64, sparsity: Sparsity, job: &Job) -> Result<Rc<Subject>> {
        if sparsity.is_zero() {
            if let Some((known, subject)) = &self.dense
                && *known == seed
            {
                return Ok(subject.clone());
            }
            let subject = Rc::new(self.make(seed, sparsity, job).await?);
            self.dense = Some((seed, subject.clone()));
            return Ok(subject);
        }
        let key = (seed, sparsity);
        if let Some((known, subject)) = &self.pruned
            && *known == key
        {
            return Ok(subject.clone());
        }
        let subject = Rc::new(self.make(seed, sparsity, job).await?);
        self.pruned = Some((key, subject.clone()));
        Ok(subject)
    }

    async fn make(&self, seed: u64, sparsity: Sparsity, job: &Job) -> Result<Subject> {
        let asked = Pruning { sparsity, seed, ..self.sweep.experiment.pruning };
        // Where no checkpoint of sparsity 0 was made this way, dense is the dense network.
        let stored = || checkpoints(&self.model.card, &asked).any(|own| own.is_near(Sparsity::ZERO));
        let trained = asked.criterion.info().kind == Kind::Trained;
        let (quiet, assets) = (job.unwatched(), &*self.assets);
        if asked.is_dense() || (trained && sparsity.is_zero() && !stored()) {
            let whole = self.model.pruned(&Pruning::DENSE, assets, &quiet).await?;
            return Ok(Subject { pruned: None, weighed: weigh(&self.model.weights, &whole.report) });
        }
        let pruned = self.model.pruned(&asked, assets, &quiet).await?;
        Ok(Subject { weighed: weigh(&pruned.weights, &pruned.report), pruned: Some(pruned) })
    }
}

/// What is to be known of a network.
fn weigh(weights: &Weights, report: &sweetspot_protocol::SparsityReport) -> NetworkStatistics {
    let mut hash = Sha256::new();
    for (name, array) in weights.tensors() {
        hash.update(name.as_bytes());
        array.shape.iter().for_each(|side| hash.update((*side as u64).to_le_bytes()));
        array.values.chunks(4096).for_each(|values| hash.update(values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>()));
    }
    let weights_sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let (_, multiply_accumulates) = report.multiply_accumulates();
    NetworkStatistics {
        weights_sha256,
        pruned: report.pruned,
        prunable: report.prunable,
        stored_bytes: report.stored_bytes,
        multiply_accumulates,
    }
}

/// The value of a measure among scores.
fn scored(scores: &[Score], measure: Measure) -> Result<f32> {
    let score = scores.iter().find(|score| score.measure == measure).map(|score| score.value.clone());
    score.unwrap_or_else(|| Err(undefined(SweepMeasure::Map(measure), "the object's place is not known inside the view")))
}

fn share(right: bool) -> f32 {
    f32::from(u8::from(right))
}

fn undefined(gauge: SweepMeasure, reason: &str) -> Error {
    Error::Undefined { measure: gauge.id().into(), reason: reason.into() }
}

/// Why something is not defined, without its name.
fn reason(error: Error) -> String {
    match error {
        Error::Undefined { reason, .. } => reason,
        other => other.to_string(),
    }
}
