//! Sweeps through the engine: told cell by cell, gone on with, computed again, ended when asked, and refused when they contradict.
#![allow(missing_docs, clippy::unwrap_used)]

use std::cell::RefCell;
use std::rc::Rc;

use sweetspot_core::error::Error;
use sweetspot_core::experiment::{Experiment, Pruning};
use sweetspot_core::pruning::Criterion;
use sweetspot_core::sweep::cells::{Cell, Distance};
use sweetspot_core::sweep::summarise::SummaryCache;
use sweetspot_core::sweep::summary::Line;
use sweetspot_core::sweep::summary::Rule;
use sweetspot_core::sweep::{Set, State, Summary, Sweep, SweepMeasure};
use sweetspot_engine::engine::Engine;
use sweetspot_engine::event::{Event, Sink};
use sweetspot_nn::job::Stop;
use sweetspot_protocol::{Finding, Reply, Request, RunSweep, Stage, SummariseSweep, SweepFinding, Sweeping, decode, encode};
use sweetspot_testing::at;
use sweetspot_testing::engine;

const PICTURES: usize = 20;

/// Twenty scenes in two chunks, at two sparsities besides dense.
fn small() -> Sweep {
    let pruning = Pruning { criterion: Criterion::Lrr, ..Pruning::DENSE };
    let experiment = Experiment { model: "mini_resnet_small".into(), pruning, ..Experiment::default() };
    let measures = ["relevance_mass_accuracy", "corloc_lost"].iter().map(|id| SweepMeasure::from_id(id).unwrap()).collect();
    let sweep = Sweep {
        experiment,
        set: Set::Scenes,
        pack: None,
        images: Some(PICTURES),
        sparsities: vec![at(0.36), at(0.914)],
        seeds: vec![],
        measures,
    };
    sweep.checked().unwrap()
}

fn asked(sweep: &Sweep, known: Option<&State>, only: Vec<usize>) -> Sweeping {
    let known = known.map(|state| String::from_utf8(state.write().unwrap()).unwrap()).unwrap_or_default();
    Sweeping { sweep: serde_json::to_string(sweep).unwrap(), known, only }
}

/// What a request tells, and how it ends; it is stopped after so many cells.
fn told(engine: &mut Engine, asked: &Sweeping, most: usize) -> (Result<(), Error>, Vec<Event>) {
    let (events, stop, cells) = (Rc::new(RefCell::new(Vec::new())), Stop::default(), Rc::new(RefCell::new(0)));
    let sink: Sink = Rc::new({
        let (events, stop, cells) = (events.clone(), stop.clone(), cells.clone());
        move |event| {
            if let Event::Found(Finding::RunSweep(SweepFinding::Cell(_))) = &event {
                *cells.borrow_mut() += 1;
                if *cells.borrow() == most {
                    stop.stop();
                }
            }
            events.borrow_mut().push(event);
        }
    });
    let done = pollster::block_on(engine.perform(&RunSweep { asked: Box::new(asked.clone()) }.into(), &stop, &sink));
    let events = events.take();
    (done, events)
}

fn parts(events: &[Event]) -> Vec<&SweepFinding> {
    events.iter().filter_map(|event| if let Event::Found(Finding::RunSweep(part)) = event { Some(part) } else { None }).collect()
}

fn cells(events: &[Event]) -> Vec<Cell> {
    parts(events)
        .iter()
        .filter_map(|part| if let SweepFinding::Cell(cell) = part { Some(serde_json::from_str(cell).unwrap()) } else { None })
        .collect()
}

fn begun(events: &[Event]) -> State {
    let first = parts(events)[0];
    let SweepFinding::Begun { state, .. } = first else { panic!("{first:?}") };
    State::read("the state", state.as_bytes()).unwrap()
}

#[test]
fn a_sweep_grows_is_stopped_and_goes_on() {
    let mut engine = engine();
    let sweep = small();
    let (done, events) = told(&mut engine, &asked(&sweep, None, Vec::new()), 3);
    assert_eq!(done, Err(Error::Cancelled));
    // The sparsities of the checkpoints took the place of those asked for.
    let mut state = begun(&events);
    assert_eq!((state.steps().len(), state.done(), state.source.pictures.len()), (6, 0, PICTURES));
    assert!(state.sweep.sparsities[1].distance(at(0.36)) < 1e-4);
    let some = cells(&events);
    assert_eq!(some.len(), 3);
    some.into_iter().for_each(|cell| state.insert(cell).unwrap());
    assert_eq!(parts(&events).iter().filter(|part| matches!(part, SweepFinding::Lines(_))).count(), 1, "dense is whole");
    let progress: Vec<(u64, u64)> = events
        .iter()
        .filter_map(|e| if let Event::Progress(Stage::Sweeping, done, total) = e { Some((*done, *total)) } else { None })
        .collect();
    assert!(progress.windows(2).all(|pair| pair[0].0 <= pair[1].0) && progress.iter().all(|p| p.1 == 60), "{progress:?}");

    // Going on computes only what is missing.
    let (done, events) = told(&mut engine, &asked(&state.sweep.clone(), Some(&state), Vec::new()), usize::MAX);
    done.unwrap();
    assert_eq!(begun(&events).done(), 3);
    let rest = cells(&events);
    assert_eq!(rest.len(), 3);
    rest.iter().cloned().for_each(|cell| state.insert(cell).unwrap());
    assert!(state.missing().next().is_none());

    // The last lines are those of the whole, however they were come by.
    let last = parts(&events)
        .into_iter()
        .rev()
        .find_map(|part| if let SweepFinding::Lines(lines) = part { Some(lines.clone()) } else { None })
        .unwrap();
    let lines: Vec<Line> = serde_json::from_str(&last).unwrap();
    let whole = Summary::of(&state, Rule::default());
    assert_eq!(lines.len(), whole.lines.len());
    for (a, b) in lines.iter().zip(&whole.lines) {
        let near = |a: Option<f64>, b: Option<f64>| assert!((a.unwrap_or(9.0) - b.unwrap_or(9.0)).abs() < 1e-9, "{a:?} {b:?}");
        near(a.value, b.value);
        near(a.low, b.low);
        near(a.difference.map(|d| d.adjusted), b.difference.map(|d| d.adjusted));
    }
    let mut again = SummaryCache::new(Rule::default());
    assert_eq!(again.lines(&state), again.lines(&state), "what is kept is the same");
    assert_eq!(again.lines(&state), whole.lines);

    // A point computed again is the same.
    let steps: Vec<usize> = state.steps().iter().filter(|step| step.sparsity == state.sweep.sparsities[2]).map(|step| step.at).collect();
    let (done, events) = told(&mut engine, &asked(&state.sweep, None, steps), usize::MAX);
    done.unwrap();
    let once_more = cells(&events);
    assert_eq!(once_more.len(), 2);
    for mut cell in once_more {
        let Distance { most, values, apart, .. } = state.distance(&cell).unwrap();
        assert!(most <= 1e-5 && values >= 4 * 4 && apart == 0, "{most} {values} {apart}");
        // And a changed one is not.
        let gauge = SweepMeasure::from_id("relevance_mass_accuracy").unwrap();
        cell.values.get_mut(&gauge).unwrap()[0] = Some(0.987);
        let Distance { most, measure: of, apart, .. } = state.distance(&cell).unwrap();
        assert!(most > 0.01 && of == Some(gauge) && apart == 1);
    }
}

#[test]
fn what_contradicts_is_refused() {
    let mut engine = engine();
    let sweep = small();
    let (_, events) = told(&mut engine, &asked(&sweep, None, Vec::new()), 1);
    let mut other = begun(&events);
    other.source.model_sha256 = "0".repeat(64);
    let (done, _) = told(&mut engine, &asked(&other.sweep.clone(), Some(&other), Vec::new()), 1);
    assert!(matches!(done, Err(Error::Contradiction { .. })), "{done:?}");
    let nonsense = Sweeping { sweep: "{}".into(), known: String::new(), only: Vec::new() };
    assert!(matches!(told(&mut engine, &nonsense, 1).0, Err(Error::Unreadable { .. })));
    let broken = Sweeping { known: "[1, 2]".into(), ..asked(&sweep, None, Vec::new()) };
    assert!(matches!(told(&mut engine, &broken, 1).0, Err(Error::Unreadable { .. })));
    let sink: Sink = Rc::new(|_| ());
    assert!(pollster::block_on(engine.perform(&SummariseSweep { state: "no cells".into() }.into(), &Stop::default(), &sink)).is_err());
}

#[test]
fn requests_and_parts_survive_the_wire() {
    let asked = Box::new(Sweeping { sweep: "{}".into(), known: "{}".into(), only: vec![3, 5] });
    for task in [RunSweep { asked }.into(), SummariseSweep { state: "{}".into() }.into()] {
        let request = Request::Work { job: 7, task };
        assert_eq!(decode::<Request>(&encode(&request).unwrap()).unwrap(), request);
    }
    for part in [
        SweepFinding::Begun { state: "{}".into(), notes: vec!["a".into()] },
        SweepFinding::Cell("{}".into()),
        SweepFinding::Lines("[]".into()),
    ] {
        let reply = Reply::Found { job: 1, finding: Finding::RunSweep(part) };
        assert_eq!(decode::<Reply>(&encode(&reply).unwrap()).unwrap(), reply);
    }
}
