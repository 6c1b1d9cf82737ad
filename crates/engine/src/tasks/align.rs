//! Both networks of an experiment beside people.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Sink, tell};
use crate::keys::{NetworkKey, key};
use crate::model::Model;
use crate::picture::fitted;
use crate::recognition::Key;
use sweetspot_core::alignment::accuracy::Confusion;
use sweetspot_core::alignment::categories::{CLASSES, Category};
use sweetspot_core::alignment::consistency::{Table, matrix};
use sweetspot_core::alignment::observers::{Answer, Observer, conditions, observers};
use sweetspot_core::alignment::references::DataSet;
use sweetspot_core::alignment::summary::{against, align};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{Experiment, Pruning};
use sweetspot_core::report::Report;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_nn::device::values;
use sweetspot_nn::image::input;
use sweetspot_nn::job::Stop;
use sweetspot_nn::network::Network;
use sweetspot_protocol::{Align, AlignFinding, Aligned, AlignmentAtSparsity, Source, Stage, check_sparsities};

/// How many decisions are kept, of all networks together.
const MOST_DECISIONS: usize = 500_000;

/// What a comparison is made on.
struct Bench {
    /// Every picture that networks answer, with its category.
    shown: BTreeMap<Key, Category>,
    people: Vec<Observer>,
    data_set: Option<&'static DataSet>,
    report: Report,
}

impl Perform for Align {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        engine.align(self, stop, sink).await
    }
}

impl Engine {
    /// Both networks of an experiment beside people, on the pictures that people answered, or on all of a pack; and, if sparsities are asked for,
    /// the network of each of them, told as they are ready.
    async fn align(&mut self, asked: &Align, stop: &Stop, sink: &Sink) -> Result<()> {
        let Align { experiment, source, people, sparsities } = asked;
        experiment.check()?;
        check_sparsities(sparsities)?;
        let model = self.model(&experiment.model, sink).await?;
        if model.card.classes != CLASSES {
            let reason = "it is made for networks of ImageNet\u{2019}s 1000 classes; choose one of them".into();
            return Err(Error::Undefined { measure: "a comparison with people".into(), reason });
        }
        let bench = self.bench_of(source, people).await?;
        let excludes = |condition: &str| bench.data_set.is_some_and(|set| set.excludes(condition));
        if !sparsities.is_empty() {
            return self.align_along(&model, experiment, source, &bench, sparsities, stop, sink).await;
        }
        let pruned = self.prune(&model, &experiment.pruning, stop, sink).await?;
        let ways: [(Option<Pruning>, &Network); 2] = match experiment.pruning.is_dense() {
            true => [(None, &model.dense), (None, &model.dense)],
            false => [(None, &model.dense), (Some(experiment.pruning), &pruned.network)],
        };
        let total = 2 * bench.shown.len() as u64;
        let mut networks = Vec::new();
        for (at, (pruning, network)) in ways.into_iter().enumerate() {
            let done = at as u64 * bench.shown.len() as u64;
            let name = if at == 0 { "dense network" } else { "pruned network" };
            networks.push(self.decide(&model, network, pruning.as_ref(), name, source, &bench, (done, total), stop, sink).await?);
        }
        let [dense, pruned]: [Observer; 2] = networks.try_into().unwrap_or_default();
        let counted: Vec<String> = conditions([&dense]).into_iter().filter(|condition| !excludes(condition)).collect();
        let everybody: Vec<&Observer> = [&dense, &pruned].into_iter().chain(&bench.people).collect();
        let tables: Vec<Table> = counted.iter().map(|condition| Table::new(everybody.iter().copied(), condition)).collect();
        let of_people = bench.people.iter().flat_map(Observer::all).filter(|(condition, ..)| counted.iter().any(|one| one == condition));
        let found = Aligned {
            source: source.clone(),
            data_set: bench.data_set.map(|set| set.id.into()),
            names: everybody.iter().map(|observer| observer.name.clone()).collect(),
            matrix: matrix(&tables, everybody.len()),
            people: Confusion::of(of_people.map(|(.., answer)| answer)),
            dense: align(&dense, &bench.people, excludes, 0)?,
            pruned: align(&pruned, &bench.people, excludes, 0)?,
            networks: [dense, pruned],
            report: bench.report,
        };
        tell::<Align>(sink, AlignFinding::Both(Box::new(found)));
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "a comparison has that many sides, and one caller")]
    async fn align_along(
        &mut self,
        model: &Rc<Model>,
        experiment: &Experiment,
        source: &Source,
        bench: &Bench,
        sparsities: &[Sparsity],
        stop: &Stop,
        sink: &Sink,
    ) -> Result<()> {
        let (count, total) = (bench.shown.len() as u64, (bench.shown.len() * sparsities.len()) as u64);
        let excludes = |condition: &str| bench.data_set.is_some_and(|set| set.excludes(condition));
        for (at, sparsity) in sparsities.iter().enumerate() {
            let pruning = Pruning { sparsity: *sparsity, ..experiment.pruning };
            pruning.check()?;
            let place = (at as u64 * count, total);
            let observer = if pruning.is_dense() {
                self.decide(model, &model.dense, None, "dense", source, bench, place, stop, sink).await?
            } else if self.knows(model, &pruning, bench) {
                // What was decided before needs no network.
                self.decide(model, &model.dense, Some(&pruning), "pruned", source, bench, place, stop, sink).await?
            } else {
                let job = self.job(Stage::Recognising, stop, sink);
                job.step(place.0, place.1).await?;
                // The experiment's own pruned network stays the one that is kept.
                let pruned = model.pruned(&pruning, &*self.assets, &job.unwatched()).await?;
                self.decide(model, &pruned.network, Some(&pruning), "pruned", source, bench, place, stop, sink).await?
            };
            let (accuracy, error_consistency) = against(&observer, &bench.people, excludes, 0)?;
            tell::<Align>(sink, AlignFinding::At(AlignmentAtSparsity { sparsity: *sparsity, accuracy, error_consistency }));
        }
        Ok(())
    }

    /// Whether a network has answered every picture before.
    fn knows(&self, model: &Model, pruning: &Pruning, bench: &Bench) -> bool {
        let of = (model.card.id.clone(), key(pruning));
        self.recognition.decided.get(&of).is_some_and(|decided| bench.shown.keys().all(|shown| decided.contains_key(shown)))
    }

    /// What a network answers to every picture; what it answered before is not computed again.
    #[allow(clippy::too_many_arguments, reason = "a network and all it is asked, for two callers beside each other")]
    async fn decide(
        &mut self,
        model: &Model,
        network: &Network,
        pruning: Option<&Pruning>,
        name: &str,
        source: &Source,
        bench: &Bench,
        (done, total): (u64, u64),
        stop: &Stop,
        sink: &Sink,
    ) -> Result<Observer> {
        let job = self.job(Stage::Recognising, stop, sink);
        let assets = self.assets.clone();
        let of: NetworkKey = (model.card.id.clone(), pruning.and_then(key));
        if self.recognition.decided.values().map(HashMap::len).sum::<usize>() > MOST_DECISIONS {
            self.recognition.decided.clear();
        }
        let mut observer = Observer::new(name);
        for (at, (shown, category)) in bench.shown.iter().enumerate() {
            let known = self.recognition.decided.get(&of).and_then(|decided| decided.get(shown)).copied();
            let response = match known {
                Some(known) => known,
                None => {
                    job.step(done + at as u64, total).await?;
                    let picture = self.recognition.stimuli(source, &*assets).await?.picture(&*assets, &shown.0, &shown.1).await?;
                    let seen = fitted(&picture, &model.card.input)?;
                    let logits = values(network.logits(input(&seen, &model.card.input, network.device()))).await?;
                    let decision = Category::decide(&logits)?;
                    self.recognition.decided.entry(of.clone()).or_default().insert(shown.clone(), decision);
                    decision
                }
            };
            observer.add(&shown.0, &shown.1, Answer { category: *category, response: Some(response) });
        }
        Ok(observer)
    }

    /// The pictures to compare on, and the people whose answers belong to them.
    async fn bench_of(&mut self, source: &Source, people: &[Observer]) -> Result<Bench> {
        let own = match (source, &self.recognition.pack) {
            (Source::Pack(_), Some((pack, _))) => observers(&pack.trials()?.0),
            _ => Vec::new(),
        };
        let data_set = match (source, &self.recognition.pack) {
            (Source::Pack(_), Some((pack, _))) => pack.manifest().head.data_set.as_deref().and_then(DataSet::of),
            _ => None,
        };
        let assets = self.assets.clone();
        let stimuli = self.recognition.stimuli(source, &*assets).await?;
        let mut report = Report::default();
        let mut shown: BTreeMap<Key, Category> =
            stimuli.all().into_iter().map(|(condition, image, category)| ((condition, image), category)).collect();
        let mut kept = own;
        for person in people {
            let mut belongs = Observer::new(&person.name);
            for (condition, image, answer) in person.all() {
                let what = || format!("{}, {condition}, {image}", person.name);
                match stimuli.category(condition, image) {
                    None => report.refuse("an answer to a picture that is not among those compared on", what()),
                    Some(category) if category != answer.category => {
                        report.refuse("an answer that names another category for its picture", what());
                    }
                    Some(category) => {
                        report.used += 1;
                        shown.insert((condition.into(), image.into()), category);
                        belongs.add(condition, image, answer);
                    }
                }
            }
            if !belongs.answers.is_empty() {
                kept.push(belongs);
            }
        }
        if shown.is_empty() {
            let reason = "nobody has answered a picture of this set yet; take the experiment, or import answers".into();
            return Err(Error::Missing { what: "pictures to compare on".into(), reason });
        }
        Ok(Bench { shown, people: kept, data_set, report })
    }
}
