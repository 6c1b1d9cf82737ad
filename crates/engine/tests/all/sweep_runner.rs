//! The runner of sweeps against the engine's own pieces, on shipped networks.
#![allow(missing_docs, clippy::unwrap_used)]

use std::rc::Rc;
use sweetspot_methods::discovery::find::Find;

use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::condition::Condition;
use sweetspot_core::attribution::Method;
use sweetspot_core::discovery::corloc::CorLoc;
use sweetspot_core::discovery::corloc::RIGHT;
use sweetspot_core::discovery::corloc::best;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::Attribution;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::experiment::ImageRef;
use sweetspot_core::experiment::Pruning;
use sweetspot_core::experiment::Target;
use sweetspot_core::metrics::Measure;
use sweetspot_core::pruning::Criterion;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::sweep::Set;
use sweetspot_core::sweep::State;
use sweetspot_core::sweep::Summary;
use sweetspot_core::sweep::Sweep;
use sweetspot_core::sweep::SweepMeasure;
use sweetspot_core::sweep::plan::CHUNK;
use sweetspot_core::sweep::plan::rounds;
use sweetspot_core::sweep::summary::Rule;
use sweetspot_engine::picture::Opened;
use sweetspot_engine::stimuli::Stimuli;
use sweetspot_engine::stored::Folder;
use sweetspot_engine::sweep::fitted::fitted;
use sweetspot_engine::sweep::given::Given;
use sweetspot_engine::sweep::runner::Runner;
use sweetspot_nn::device::values;
use sweetspot_nn::image::input;
use sweetspot_nn::job::Job;
use sweetspot_nn::job::Stop;
use sweetspot_nn::logits::top;
use sweetspot_packs::scenes::Pack;
use sweetspot_packs::scenes::SCENES;
use sweetspot_testing::at;
use sweetspot_testing::root;

const MASS: SweepMeasure = SweepMeasure::Map(Measure::RelevanceMass);
const LOST: SweepMeasure = SweepMeasure::CorLoc(sweetspot_core::discovery::Method::Lost);

fn plain(measures: &[SweepMeasure]) -> Sweep {
    Sweep {
        experiment: Experiment { model: "mini_resnet_small".into(), ..Experiment::default() },
        set: Set::Scenes,
        pack: None,
        images: None,
        sparsities: rounds(3),
        seeds: Vec::new(),
        measures: measures.to_vec(),
    }
}

fn trained(images: usize) -> Sweep {
    let mut experiment =
        Experiment { model: "mini_resnet_small".into(), attribution: Attribution::new(Method::GradCam), ..Experiment::default() };
    experiment.pruning.choose(Criterion::Lrr);
    Sweep { experiment, images: Some(images), sparsities: vec![at(0.36), at(0.914)], ..plain(&[MASS, LOST, SweepMeasure::Divergence]) }
}

fn assets() -> Rc<Folder> {
    Rc::new(Folder(root().join("www")))
}

fn runner(sweep: &Sweep) -> Runner {
    let model = Rc::new(sweetspot_testing::load(&sweep.experiment.model));
    let (sweep, _) = fitted(sweep.clone(), &model.card).unwrap();
    pollster::block_on(Runner::open(sweep, model, assets(), Given::default())).unwrap()
}

fn run_all(sweep: &Sweep) -> State {
    let mut runner = runner(sweep);
    let mut state = runner.state("CPU").unwrap();
    for step in state.steps().to_vec() {
        let cell = pollster::block_on(runner.run(&step, &Job::quiet())).unwrap();
        state.insert(cell).unwrap();
    }
    state
}

#[test]
fn cells_hold_what_the_engines_pieces_say_picture_by_picture() {
    let state = run_all(&trained(3));
    assert_eq!((state.done(), state.steps().len(), state.source.labelled), (3, 3, 3));
    let model = sweetspot_testing::load("mini_resnet_small");
    let pack = pollster::block_on(Pack::load(&*assets(), SCENES)).unwrap();
    let summary = Summary::of(&state, Rule::default());
    for sparsity in &state.sweep.sparsities {
        let pruning = Pruning { criterion: Criterion::Lrr, sparsity: *sparsity, ..Pruning::DENSE };
        let network = sweetspot_testing::pruned(&model, &pruning);
        let known = state.network(0, *sparsity).unwrap();
        assert_eq!((known.pruned, known.stored_bytes), (network.report.pruned, network.report.stored_bytes));
        let mass = state.values(MASS, 0, *sparsity).unwrap();
        let (right, agreed) =
            (state.values(SweepMeasure::Accuracy, 0, *sparsity).unwrap(), state.values(SweepMeasure::Agreement, 0, *sparsity).unwrap());
        let found = state.values(LOST, 0, *sparsity).unwrap();
        let mut overlaps = Vec::new();
        for at in 0..3 {
            let seen = Opened::scene(&pack, at as u32).unwrap().seen(&model.card.input, model.dense.device()).unwrap();
            let logits = pollster::block_on(values(network.network.logits(seen.input.clone()))).unwrap();
            let dense = pollster::block_on(values(model.dense.logits(seen.input.clone()))).unwrap();
            let class = top(&logits, 1)[0];
            assert_eq!(right[at], Some(f64::from(u8::from(class == pack.manifest().images[at].label))));
            assert_eq!(agreed[at], Some(f64::from(u8::from(class == top(&dense, 1)[0]))));
            let map = sweetspot_testing::attribute(&network.network, &seen.input, class, &state.sweep.experiment.attribution, "layer3", 1);
            let score = seen.score(&map).1.into_iter().find(|score| score.measure == Measure::RelevanceMass).unwrap();
            // The same code on the same device: nothing differs, nor does what is not defined, such as the mass of a map of zeros.
            assert_eq!(mass[at], score.value.ok().map(f64::from), "picture {at} at {sparsity}");
            // As `sweetspot discover` does it: on the picture, not on its view.
            let picture = pack.image(at).unwrap();
            let discovery = model.card.discovery(sweetspot_core::discovery::Method::Lost);
            let looked = pollster::block_on(discovery.look(&network.network, &picture, &model.card.input, "layer3")).unwrap();
            let truth = [pack.manifest().images[at].bounds.map(|side| side as f32)];
            overlaps.push(best(looked.boxes().first(), &truth));
            assert_eq!(found[at], Some(f64::from(u8::from(overlaps[at] >= RIGHT))));
        }
        let line = summary.line(LOST, *sparsity).unwrap();
        assert_eq!([line.low, line.high], CorLoc::of(&overlaps).interval.map(Some), "discover's interval, at {sparsity}");
    }
    assert!(state.values(MASS, 0, Sparsity::ZERO).unwrap().iter().any(Option::is_some), "no map has a mass");
    let divergence = state.values(SweepMeasure::Divergence, 0, Sparsity::ZERO).unwrap();
    assert!(divergence.iter().all(|value| value.unwrap() < 1e-9), "dense does not diverge from itself");
    assert!(state.values(SweepMeasure::Divergence, 0, state.sweep.sparsities[2]).unwrap().iter().any(|value| value.unwrap() > 1e-4));
}

#[test]
fn trained_weights_are_swept_where_they_are_stored() {
    let card = sweetspot_testing::load("mini_resnet_small").card;
    let (sweep, notes) = fitted(Sweep { sparsities: rounds(26), ..trained(1) }, &card).unwrap();
    assert_eq!(sweep.sparsities.len(), 15);
    assert!(notes.len() == 1 && notes[0].contains("99.70 %") && !notes[0].contains("95.60 %"), "{notes:?}");
    let grid = Sparsity::grid().zip(&sweep.sparsities);
    assert!(grid.map(|((_, asked), own)| asked.distance(*own)).all(|distance| distance < 1e-4));
    let error = fitted(Sweep { seeds: vec![7], ..trained(1) }, &card).unwrap_err();
    assert!(error.to_string().contains("one that was trained: 0"), "{error}");
    let mut pattern = plain(&[MASS]);
    pattern.experiment.pruning.choose(Criterion::from_id("nm-2-4").unwrap());
    let (sweep, notes) = fitted(pattern, &card).unwrap();
    assert_eq!((sweep.sparsities, notes.len()), (vec![Sparsity::ZERO, at(0.5)], 1));
    let squeezenet = sweetspot_testing::load("squeezenet1_1").card;
    assert!(fitted(trained(1), &squeezenet).unwrap_err().to_string().contains("squeezenet1_1"));
    let (seedless, notes) = fitted(Sweep { seeds: vec![1, 2], ..plain(&[MASS]) }, &card).unwrap();
    assert_eq!((seedless.seeds, notes.len()), (vec![1], 1));
}

#[test]
fn recognition_is_asked_in_every_condition_as_people_are() {
    let measures = [SweepMeasure::CategoryAccuracy, SweepMeasure::ErrorConsistency, MASS];
    let sweep = Sweep {
        experiment: Experiment { model: "squeezenet1_1".into(), ..Experiment::default() },
        set: Set::Stimuli,
        images: Some(3),
        sparsities: vec![at(0.5)],
        ..plain(&measures)
    };
    let state = run_all(&sweep);
    let model = sweetspot_testing::load("squeezenet1_1");
    let found = state.values(SweepMeasure::CategoryAccuracy, 0, Sparsity::ZERO).unwrap();
    let mut stimuli = pollster::block_on(Stimuli::shipped(&*assets())).unwrap();
    let recipe = &model.card.input;
    for (name, found) in state.source.pictures.iter().zip(&found) {
        let mut rights = Vec::new();
        for change in Condition::OFFERED {
            let condition = Condition::usual(change).id();
            let Some(category) = stimuli.category(&condition, name) else { continue };
            let picture = pollster::block_on(stimuli.picture(&*assets(), &condition, name)).unwrap();
            assert_eq!((picture.width, picture.height), (recipe.side, recipe.side), "people and network see the same pixels");
            let seen = input(&picture, recipe, model.dense.device());
            let logits = pollster::block_on(values(model.dense.logits(seen))).unwrap();
            rights.push(f64::from(u8::from(Category::decide(&logits).unwrap() == category)));
        }
        assert!(rights.len() >= 12, "{name}");
        let share = rights.iter().sum::<f64>() / rights.len() as f64;
        assert!((share - found.unwrap()).abs() < 1e-6, "{name}: {share} {found:?}");
    }
    assert!(found.iter().any(|share| share.unwrap() > 0.0));
    // The cut-outs among them have masks, so that all three axes are measured on the same pictures.
    assert!(state.values(MASS, 0, Sparsity::ZERO).unwrap().iter().all(Option::is_some));
    assert_eq!(state.values(SweepMeasure::ErrorConsistency, 0, Sparsity::ZERO).unwrap(), [None; 3]);
    assert!(state.reason(SweepMeasure::ErrorConsistency, 0, Sparsity::ZERO).unwrap().contains("a pack with observers"));
    let small = run_all(&Sweep { images: Some(1), sparsities: Vec::new(), ..plain(&measures) });
    assert!(small.reason(SweepMeasure::CategoryAccuracy, 0, Sparsity::ZERO).unwrap().contains("1000 classes"));
    let absent = Sweep { set: Set::Pack, pack: Some("a".repeat(64)), ..sweep }.checked().unwrap();
    let error = pollster::block_on(Runner::open(absent, Rc::new(model), assets(), Given::default())).err().unwrap();
    assert!(error.to_string().contains("aaaaaaaaaaaa") && error.to_string().contains("open it first"), "{error}");
}

#[test]
fn a_stopped_step_leaves_nothing_and_is_run_again() {
    let sweep = trained(CHUNK);
    let mut runner = runner(&sweep);
    let state = runner.state("CPU").unwrap();
    let stop = Stop::default();
    let job = Job::new(stop.clone(), {
        let stop = stop.clone();
        move |done, _| {
            if done == 2 {
                stop.stop()
            }
        }
    });
    let step = state.steps()[1];
    assert_eq!(pollster::block_on(runner.run(&step, &job)).unwrap_err(), Error::Cancelled);
    let cell = pollster::block_on(runner.run(&step, &Job::quiet())).unwrap();
    assert!(cell.values.values().all(|values| values.len() == CHUNK));
}

#[test]
fn the_gallery_has_places_labels_and_measures_that_need_the_network() {
    let measures = [
        MASS,
        SweepMeasure::Map(Measure::RandomLogit),
        SweepMeasure::StoredBytes,
        SweepMeasure::MultiplyAccumulates,
        SweepMeasure::PassTime,
    ];
    let experiment = Experiment { model: "squeezenet1_1".into(), ..Experiment::default() };
    let sweep = Sweep { experiment, set: Set::Cutouts, images: Some(2), sparsities: vec![at(0.5)], ..plain(&measures) };
    let state = run_all(&sweep);
    assert_eq!(state.source.pictures, ["fire-engine", "fighter-jet"]);
    let summary = Summary::of(&state, Rule::default());
    for gauge in measures.into_iter().chain([SweepMeasure::Accuracy]) {
        assert!(summary.line(gauge, at(0.5)).unwrap().value.is_some(), "{}", gauge.id());
    }
    let size = |sparsity| summary.line(SweepMeasure::StoredBytes, sparsity).unwrap().value.unwrap();
    assert!(size(at(0.5)) < size(Sparsity::ZERO));
    // A network that knows scenes has no label for a photo, however small the number.
    let foreign = Sweep { set: Set::Cutouts, images: Some(1), sparsities: Vec::new(), ..plain(&[MASS]) };
    let state = run_all(&foreign);
    assert_eq!((state.source.labelled, Summary::of(&state, Rule::default()).kept()), (0, Some(SweepMeasure::Agreement)));
}

#[test]
fn what_cannot_be_had_is_refused_before_anything_is_computed() {
    let open = |sweep: Sweep| {
        let model = Rc::new(sweetspot_testing::load("mini_resnet_small"));
        let (sweep, _) = fitted(sweep, &model.card).unwrap();
        pollster::block_on(Runner::open(sweep, model, assets(), Given::default())).err().unwrap().to_string()
    };
    let with = |change: &dyn Fn(&mut Experiment)| {
        let mut sweep = trained(2);
        change(&mut sweep.experiment);
        sweep
    };
    assert!(open(with(&|e| e.attribution.choose(Method::Attention))).contains("cannot be had"));
    assert!(open(with(&|e| e.attribution.tap = Some("nowhere".into()))).contains("unknown layer"));
    assert!(open(with(&|e| e.target = Target::Class(10))).contains("target is 10"));
    let image = ImageRef::Own("a".repeat(64));
    assert!(
        open(Sweep { set: Set::Image, experiment: Experiment { image, ..trained(1).experiment }, ..trained(1) }).contains("--set F.png")
    );
    let nowhere = ImageRef::Gallery("../../etc".into());
    assert!(
        open(Sweep { set: Set::Image, experiment: Experiment { image: nowhere, ..trained(1).experiment }, ..trained(1) })
            .contains("no such picture")
    );
}
