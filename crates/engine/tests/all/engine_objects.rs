//! Looks for objects through the engine: the same answers as the library gives, told as they come, ended when asked, and nothing computed twice.
#![allow(missing_docs, clippy::unwrap_used)]

use std::cell::RefCell;
use std::rc::Rc;
use sweetspot_methods::discovery::find::Find;

use sweetspot_core::discovery::corloc::{CorLoc, best};
use sweetspot_core::discovery::{Box4, Discovery, Facet, InputSize, Method, overlap};
use sweetspot_core::error::Error;
use sweetspot_core::experiment::{Experiment, ImageRef, Pruning};
use sweetspot_core::pruning::Criterion;
use sweetspot_core::side::Side;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_engine::engine::Engine;
use sweetspot_engine::event::{Event, Sink};
use sweetspot_engine::model::Model;
use sweetspot_engine::stored::Folder;
use sweetspot_methods::discovery::find::Looked;
use sweetspot_nn::image::{Rgb, decode as decode_picture};
use sweetspot_nn::job::Stop;
use sweetspot_nn::network::Network;
use sweetspot_packs::scenes::{Pack, SCENES};
use sweetspot_protocol::{
    AxisPlace, CountCorLoc, Discover, DiscoverFinding, Discovered, DiscoveryAt, DiscoveryAxis, DiscoverySweepFinding, DiscoveryView,
    EvaluationSet, Finding, Located, Picture, Request, Stage, SweepDiscovery, Task, decode, encode, meant,
};
use sweetspot_testing::at as sparsity;
use sweetspot_testing::{gathered, load, pruned, root};

const PHOTO: &str = "photos/koala.jpg";
const MINIATURE: &str = "mini_resnet_small";

fn engine() -> Engine {
    let mut engine = sweetspot_testing::engine();
    engine.open(picture(PHOTO)).unwrap();
    engine
}

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(root().join("www/gallery").join(file)).unwrap()
}

/// A photo of the gallery under the name of the koala, with the koala's box.
fn picture(file: &str) -> Picture {
    Picture {
        image: ImageRef::Gallery("koala".into()),
        bytes: bytes(file),
        name: file.into(),
        boxes: vec![[69.0, 49.0, 423.0, 468.0]],
        mask: None,
        label: Some(105),
    }
}

fn photo(discovery: Discovery) -> Experiment {
    let pruning = Pruning { sparsity: Sparsity::new(0.5904).unwrap(), ..Pruning::DENSE };
    Experiment { image: ImageRef::Gallery("koala".into()), pruning, discovery, ..Experiment::default() }
}

fn scene(index: u32) -> Experiment {
    let pruning = Pruning { criterion: Criterion::Lrr, sparsity: Sparsity::new(0.79).unwrap(), ..Pruning::DENSE };
    Experiment { model: MINIATURE.into(), image: ImageRef::Scene(index), pruning, ..Experiment::default() }
}

fn tried(done: impl AsyncFnOnce(&Stop, &Sink) -> Result<(), Error>) -> (Result<(), Error>, Vec<Finding>) {
    let (found, sink) = gathered();
    let done = pollster::block_on(done(&Stop::default(), &sink));
    (done, found.take())
}

fn told(done: impl AsyncFnOnce(&Stop, &Sink) -> Result<(), Error>) -> Vec<Finding> {
    let (done, found) = tried(done);
    done.unwrap();
    found
}

fn discover(engine: &mut Engine, experiment: &Experiment) -> (DiscoveryView, [Discovered; 2]) {
    let found = told(async |stop, sink| engine.perform(&Discover { experiment: experiment.clone() }.into(), stop, sink).await);
    let sighting = found
        .iter()
        .find_map(|f| if let Finding::Discover(DiscoverFinding::DiscoveryView(s)) = f { Some(s.clone()) } else { None })
        .unwrap();
    let both: Vec<Discovered> =
        found.into_iter().filter_map(|f| if let Finding::Discover(DiscoverFinding::Discovered(d)) = f { Some(*d) } else { None }).collect();
    (sighting, both.try_into().unwrap())
}

fn spots(engine: &mut Engine, experiment: &Experiment, strip: &DiscoveryAxis) -> Vec<DiscoveryAt> {
    let found = told(async |stop, sink| {
        engine.perform(&SweepDiscovery { experiment: experiment.clone(), strip: strip.clone() }.into(), stop, sink).await
    });
    assert!(
        found.iter().any(|f| matches!(f, Finding::SweepDiscovery(DiscoverySweepFinding::DiscoveryView(_)))),
        "the picture is told with a strip"
    );
    found
        .into_iter()
        .filter_map(|f| if let Finding::SweepDiscovery(DiscoverySweepFinding::DiscoveryAt(s)) = f { Some(s) } else { None })
        .collect()
}

fn locate(engine: &mut Engine, experiment: &Experiment, set: EvaluationSet) -> Vec<Located> {
    let found = told(async |stop, sink| engine.perform(&CountCorLoc { experiment: experiment.clone(), set }.into(), stop, sink).await);
    found.into_iter().filter_map(|f| if let Finding::CountCorLoc(l) = f { Some(l) } else { None }).collect()
}

/// How an experiment looks on a model, with what its card says.
fn asked(model: &Model, how: &Discovery) -> Discovery {
    let card = model.card.discovery(how.method);
    meant(how, card.tap, card.settings)
}

/// What the library finds by itself.
fn by_hand(model: &Model, network: &Network, how: &Discovery, picture: &Rgb) -> Looked {
    let usual = model.architecture.default_tap;
    pollster::block_on(asked(model, how).look(network, picture, &model.card.input, usual)).unwrap()
}

#[test]
fn the_engine_finds_what_the_library_finds_and_its_tokens_give_the_affinities() {
    let (mut engine, model) = (engine(), load("squeezenet1_1"));
    let picture = decode_picture(PHOTO, &bytes(PHOTO)).unwrap();
    let experiment = photo(Discovery::new(Method::Lost));
    let after = pruned(&model, &experiment.pruning);
    for method in [Method::Lost, Method::TokenCut, Method::MaskCut] {
        for size in InputSize::ALL {
            let how = Discovery { size, ..Discovery::new(method) };
            let (sighting, both) = discover(&mut engine, &photo(how.clone()));
            for (one, network) in both.iter().zip([&model.dense, &after.network]) {
                let looked = by_hand(&model, network, &how, &picture);
                assert_eq!(one.found, looked.found, "{} of the {:?} network", method.id(), one.side);
                let tokens = looked.tokens.unwrap();
                assert_eq!([sighting.height, sighting.width], looked.input.image);
                assert_eq!((one.tokens.rows, one.tokens.columns, one.tokens.stride), (tokens.rows, tokens.columns, tokens.stride));
                let (last, attention) = (tokens.count() - 1, model.architecture.attention);
                let how = asked(&model, &how);
                let row = how.affinity_row(&tokens, how.normalisation(attention), last);
                let largest = row.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
                // The same products in another order of 512 sums: a few hundred times the last place.
                assert!(sweetspot_testing::difference(&one.similarities(last), &row) <= 1e-4 * largest, "{}", method.id());
            }
        }
    }
}

#[test]
fn the_true_box_lies_where_the_object_is() {
    let mut engine = engine();
    // 512 x 512, shown whole: the box as it is. In the view the short side has 256 pixels, of which the middle 224 are seen.
    let whole = photo(Discovery { size: InputSize::Full, ..Discovery::new(Method::WholeImage) });
    let (sighting, [dense, after]) = discover(&mut engine, &whole);
    assert_eq!((sighting.width, sighting.height, sighting.rgb.len()), (512, 512, 512 * 512 * 3));
    assert!(overlap(&sighting.boxes[0], &[69.0, 49.0, 423.0, 468.0]) > 0.9999, "{:?}", sighting.boxes);
    assert_eq!(dense.found.boxes, [[0.0, 0.0, 512.0, 512.0]]);
    assert_eq!((dense.found, dense.tokens.count(), dense.tap.as_str()), (after.found, 0, ""), "it looks at no network");
    let (sighting, _) = discover(&mut engine, &photo(Discovery::new(Method::CentreBox)));
    let expected: Box4 = [69.0_f32, 49.0, 423.0, 468.0].map(|v| (v / 2.0 - 16.0).clamp(0.0, 224.0));
    assert!(overlap(&sighting.boxes[0], &expected) > 0.9999, "{:?} and {expected:?}", sighting.boxes);
    // The picture as it was decoded: nothing is lost on the way through the network's scale.
    let direct = decode_picture(PHOTO, &bytes(PHOTO)).unwrap();
    let (sighting, _) = discover(&mut engine, &whole);
    assert_eq!(sighting.rgb, direct.bytes);
}

#[test]
fn another_method_or_setting_asks_no_network_again() {
    let (mut engine, model) = (engine(), load("squeezenet1_1"));
    let koala = decode_picture(PHOTO, &bytes(PHOTO)).unwrap();
    let (_, first) = discover(&mut engine, &photo(Discovery { tap: Some("features.9".into()), ..Discovery::new(Method::Lost) }));
    // Other pixels under the same name: only a look that asks a network again would see them.
    engine.open(picture("photos/giant-panda.jpg")).unwrap();
    let mut how = Discovery { tap: Some("features.9".into()), ..Discovery::new(Method::TokenCut) };
    how.set("threshold", "0.3").unwrap();
    let (_, [dense, _]) = discover(&mut engine, &photo(how.clone()));
    assert_eq!(dense.found, by_hand(&model, &model.dense, &how, &koala).found);
    assert_ne!(dense.found, first[0].found);
}

#[test]
fn without_pruning_both_networks_find_the_same() {
    let mut engine = engine();
    let dense = Experiment { pruning: Pruning::DENSE, ..photo(Discovery::new(Method::Lost)) };
    let (_, [one, other]) = discover(&mut engine, &dense);
    assert_eq!((one.side, other.side), (Side::Dense, Side::Pruned));
    assert_eq!((one.found, one.tokens), (other.found, other.tokens));
    let last = locate(&mut engine, &Experiment { model: MINIATURE.into(), ..dense }, EvaluationSet::Cutouts).pop().unwrap();
    assert_eq!((last.dense, last.difference, last.total), (last.pruned, [0.0; 2], 29));
}

#[test]
fn strips_have_every_layer_and_the_sparsities_asked_for() {
    let (mut engine, model) = (engine(), load(MINIATURE));
    let experiment = scene(3);
    let (_, [dense, after]) = discover(&mut engine, &experiment);
    let layers = spots(&mut engine, &experiment, &DiscoveryAxis::Layers);
    let places: Vec<(AxisPlace, Side)> = layers.iter().map(|spot| (spot.along.clone(), spot.side)).collect();
    let expected: Vec<(AxisPlace, Side)> = ["conv1", "layer1", "layer2", "layer3"]
        .iter()
        .flat_map(|tap| Side::BOTH.map(|side| (AxisPlace::Layer((*tap).into()), side)))
        .collect();
    assert_eq!(places, expected);
    let at = |side, tap: &str| layers.iter().find(|spot| spot.side == side && spot.along == AxisPlace::Layer(tap.into())).unwrap();
    assert_eq!(at(Side::Dense, &dense.tap).boxes, dense.found.boxes);
    assert_eq!(at(Side::Pruned, &after.tap).boxes, after.found.boxes);

    let stored = spots(&mut engine, &experiment, &DiscoveryAxis::Sparsities(vec![sparsity(0.2), sparsity(0.79)]));
    assert_eq!(stored.len(), 3, "the dense network once, the others each");
    assert_eq!((stored[0].side, &stored[0].boxes), (Side::Dense, &dense.found.boxes));
    assert_eq!((&stored[2].along, &stored[2].boxes), (&AxisPlace::Sparsity(sparsity(0.79)), &after.found.boxes));
    let other = pruned(&model, &Pruning { sparsity: Sparsity::new(0.2).unwrap(), ..experiment.pruning });
    let pack = pollster::block_on(Pack::load(&Folder(root().join("www")), SCENES)).unwrap();
    assert_eq!(stored[1].boxes, by_hand(&model, &other.network, &experiment.discovery, &pack.image(3).unwrap()).found.boxes);
}

#[test]
fn a_layer_with_too_many_tokens_is_told_and_the_others_are_shown() {
    let mut engine = engine();
    let layers = spots(&mut engine, &photo(Discovery::new(Method::Lost)), &DiscoveryAxis::Layers);
    assert_eq!(layers.len(), 24);
    // 111 x 111 tokens.
    assert!(layers[0].boxes.is_empty() && layers[0].note.contains("4096 tokens"), "{}", layers[0].note);
    assert!(layers.last().unwrap().boxes.len() == 1);
}

#[test]
fn objects_are_counted_as_the_library_counts_them() {
    let (mut engine, model) = (engine(), load(MINIATURE));
    let experiment = scene(0);
    let told = locate(&mut engine, &experiment, EvaluationSet::Scenes);
    assert!(told.len() >= 10 && told[..told.len() - 1].iter().all(|part| !part.complete));
    assert!(told.windows(2).all(|pair| pair[0].pictures < pair[1].pictures), "the answer grows");
    let last = told.last().unwrap();
    assert_eq!((last.complete, last.pictures + last.without, last.total, last.set), (true, 500, 500, EvaluationSet::Scenes));

    let pack = pollster::block_on(Pack::load(&Folder(root().join("www")), SCENES)).unwrap();
    let after = pruned(&model, &experiment.pruning);
    let overlaps = [&model.dense, &after.network].map(|network| -> Vec<f64> {
        let each = pack.manifest().images.iter().enumerate().map(|(index, entry)| {
            let looked = by_hand(&model, network, &experiment.discovery, &pack.image(index).unwrap());
            best(looked.boxes().first(), &[entry.bounds.map(|v| v as f32)])
        });
        each.collect()
    });
    for (tally, overlaps) in [&last.dense, &last.pruned].into_iter().zip(&overlaps) {
        let counted = CorLoc::of(overlaps);
        assert_eq!((tally.right, tally.interval), (counted.right, counted.interval));
    }
    let gain = (last.pruned.right as f64 - last.dense.right as f64) / 500.0;
    assert!(last.difference[0] <= gain && gain <= last.difference[1], "{gain} in {:?}", last.difference);
    assert!(last.difference[1] - last.difference[0] < 0.15, "500 pairs tell more than a seventh apart");
}

#[test]
fn what_cannot_be_done_is_an_error_and_the_engine_goes_on() {
    let mut engine = engine();
    let usual = || Discovery::new(Method::TokenCut);
    let mut threshold = usual();
    // A value that no control and no link ca set, but a message can hold.
    threshold.settings = serde_json::from_value(serde_json::json!({ "threshold": "7" })).unwrap();
    let wrong = [Discovery { tap: Some("attic".into()), ..usual() }, Discovery { facet: Some(Facet::Key), ..usual() }, threshold];
    for how in wrong {
        let (done, _) = tried(async |stop, sink| engine.perform(&Discover { experiment: photo(how.clone()) }.into(), stop, sink).await);
        let error = done.unwrap_err();
        assert!(error.is_bad_input() && !error.to_string().contains('\n'), "{error}");
    }
    for strip in [vec![Sparsity::of_weights(1, 1)], vec![sparsity(0.5); 33]] {
        let task = SweepDiscovery { experiment: photo(usual()), strip: DiscoveryAxis::Sparsities(strip) };
        let (done, _) = tried(async |stop, sink| engine.perform(&task.into(), stop, sink).await);
        assert!(done.unwrap_err().is_bad_input());
    }
    assert!(spots_or_none(&mut engine, vec![]).is_empty(), "no sparsity, no answer");
    discover(&mut engine, &photo(usual()));
}

fn spots_or_none(engine: &mut Engine, sparsities: Vec<Sparsity>) -> Vec<Finding> {
    let task = SweepDiscovery { experiment: photo(Discovery::new(Method::Lost)), strip: DiscoveryAxis::Sparsities(sparsities) };
    let found = told(async |stop, sink| engine.perform(&task.into(), stop, sink).await);
    found.into_iter().filter(|f| matches!(f, Finding::SweepDiscovery(DiscoverySweepFinding::DiscoveryAt(_)))).collect()
}

#[test]
fn counting_ends_when_asked_and_what_was_told_stays_told() {
    let mut engine = engine();
    let (stop, parts) = (Stop::default(), Rc::new(RefCell::new(Vec::new())));
    let sink: Sink = Rc::new({
        let (stop, parts) = (stop.clone(), parts.clone());
        move |event| match event {
            Event::Progress(Stage::Locating, 60, 500) => stop.stop(),
            Event::Found(Finding::CountCorLoc(part)) => parts.borrow_mut().push(part),
            _ => {}
        }
    });
    let done = pollster::block_on(engine.perform(&CountCorLoc { experiment: scene(0), set: EvaluationSet::Scenes }.into(), &stop, &sink));
    assert_eq!(done, Err(Error::Cancelled));
    assert!(matches!(&parts.borrow()[..], [part] if part.pictures == 50 && !part.complete));
    discover(&mut engine, &scene(0));
}

#[test]
fn requests_survive_the_wire() {
    let experiment = photo(Discovery { facet: Some(Facet::Token), ..Discovery::new(Method::MaskCut) });
    let tasks: [Task; 3] = [
        Discover { experiment: experiment.clone() }.into(),
        SweepDiscovery { experiment: experiment.clone(), strip: DiscoveryAxis::Sparsities(vec![sparsity(0.2)]) }.into(),
        CountCorLoc { experiment, set: EvaluationSet::Cutouts }.into(),
    ];
    for task in tasks {
        assert!(task.ends_others(), "a new one ends the one before");
        let request = Request::Work { job: 1, task };
        assert_eq!(decode::<Request>(&encode(&request).unwrap()).unwrap(), request);
    }
}
