//! Sweeps in the engine: step by step, told as they are done, ended between any two pictures.

use std::rc::Rc;

use serde::Serialize;

use super::perform::Perform;
use crate::engine::Engine;
use crate::event::{Event, Sink, tell};
use crate::sweep::fitted::fitted;
use crate::sweep::given::Given;
use crate::sweep::runner::Runner;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::ImageRef;
use sweetspot_core::sweep::plan::Step;
use sweetspot_core::sweep::summarise::SummaryCache;
use sweetspot_core::sweep::summary::Rule;
use sweetspot_core::sweep::{Set, State, Sweep};
use sweetspot_nn::job::{Job, Stop, breathe};
use sweetspot_protocol::{RunSweep, Stage, SummariseSweep, SweepFinding, Sweeping};

impl Perform for RunSweep {
    async fn perform(&self, engine: &mut Engine, stop: &Stop, sink: &Sink) -> Result<()> {
        let Self { asked } = self;
        let sweep = Sweep::read(asked.sweep.as_bytes())?;
        let model = engine.model(&sweep.experiment.model, sink).await?;
        let (sweep, notes) = fitted(sweep, &model.card)?;
        let mut runner = engine.runner(sweep, sink).await?;
        let done = engine.run_steps(&mut runner, asked, notes, stop, sink).await;
        // What it has opened is good for the rest of the sweep, which may be asked for soon.
        engine.sweeping = Some(runner);
        done
    }
}

impl Perform for SummariseSweep {
    async fn perform(&self, _: &mut Engine, _: &Stop, sink: &Sink) -> Result<()> {
        let state = State::read("the file", self.state.as_bytes())?;
        tell::<Self>(sink, SweepFinding::Lines(json(&SummaryCache::new(Rule::default()).lines(&state))?));
        Ok(())
    }
}

impl Engine {
    async fn run_steps(&self, runner: &mut Runner, asked: &Sweeping, notes: Vec<String>, stop: &Stop, sink: &Sink) -> Result<()> {
        let mut state = runner.state(&self.report.name)?;
        if !asked.known.is_empty() {
            state.merge(State::read("what is known of the sweep", asked.known.as_bytes())?)?;
        }
        if state.missing().next().is_some() {
            state.computed_on(&self.report.name);
        }
        tell::<RunSweep>(sink, SweepFinding::Begun { state: json(&state)?, notes });
        let chosen = |step: &Step| if asked.only.is_empty() { !state.has(step) } else { asked.only.contains(&step.at) };
        let steps: Vec<Step> = state.steps().iter().copied().filter(chosen).collect();
        let mut reckoner = SummaryCache::new(Rule::default());
        let again = !asked.only.is_empty();
        if !again && state.done() > 0 {
            tell::<RunSweep>(sink, SweepFinding::Lines(json(&reckoner.lines(&state))?));
        }
        let total: usize = steps.iter().map(|step| step.to - step.from).sum();
        let mut before = 0;
        for step in steps {
            let job = {
                let sink = sink.clone();
                Job::new(stop.clone(), move |done, _| sink(Event::Progress(Stage::Sweeping, before as u64 + done, total as u64)))
            };
            let cell = runner.run(&step, &job).await?;
            before += step.to - step.from;
            tell::<RunSweep>(sink, SweepFinding::Cell(json(&cell)?));
            if again {
                continue;
            }
            state.insert(cell)?;
            if state.is_complete(step.sparsity) {
                // The cell is shown before its lines are reckoned.
                breathe().await;
                tell::<RunSweep>(sink, SweepFinding::Lines(json(&reckoner.lines(&state))?));
            }
        }
        Ok(())
    }

    /// The runner of a sweep: the one there was, if it is of the same.
    async fn runner(&mut self, sweep: Sweep, sink: &Sink) -> Result<Runner> {
        if let Some(runner) = self.sweeping.take().filter(|runner| *runner.sweep() == sweep) {
            return Ok(runner);
        }
        let model = self.model(&sweep.experiment.model, sink).await?;
        let own = match (&sweep.set, &sweep.experiment.image) {
            (Set::Image, image @ ImageRef::Own(_)) => Some(self.picture(image).await?),
            _ => None,
        };
        let scenes = sweep.set == Set::Scenes || matches!(sweep.experiment.image, ImageRef::Scene(_));
        let scenes = if scenes { Some(self.pack().await?) } else { None };
        let given = Given { own, scenes, pack: self.recognition.opened_pack(), batch: self.batch(), ..Given::default() };
        Runner::open(sweep, model, Rc::clone(&self.assets), given).await
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Unreadable { what: "a part of the sweep".into(), reason: e.to_string() })
}
