//! The recognition experiment through the engine: the same pictures for everybody, decisions as the library makes them, nothing decided twice, and what
//! belongs to no picture refused.
#![allow(missing_docs, clippy::unwrap_used)]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::rc::Rc;

use serde_json::Value;
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::observers::{Answer, Observer};
use sweetspot_core::alignment::odd_one_out::Likeness;
use sweetspot_core::alignment::summary::align;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::{Experiment, Pruning};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_engine::engine::Engine;
use sweetspot_engine::event::{Event, Sink};
use sweetspot_nn::device::values;
use sweetspot_nn::image::Rgb;
use sweetspot_nn::image::input;
use sweetspot_nn::job::Stop;
use sweetspot_nn::network::Network;
use sweetspot_protocol::{
    Align, AlignFinding, Aligned, AlignmentAtSparsity, CompareFeatures, Finding, MakeStimulus, OpenPack, Request, SIDE, Source, Stage,
    Task, decode, encode,
};
use sweetspot_testing::{engine, gathered, load, pruned, root};

fn stimulus(engine: &mut Engine, image: &str, condition: &str) -> Result<sweetspot_protocol::Stimulus, Error> {
    stimulus_of(engine, Source::Shipped, image, condition)
}

fn stimulus_of(engine: &mut Engine, source: Source, image: &str, condition: &str) -> Result<sweetspot_protocol::Stimulus, Error> {
    let (found, sink) = gathered();
    let task = MakeStimulus { source, image: image.into(), condition: condition.into() };
    pollster::block_on(engine.perform(&task.into(), &Stop::default(), &sink))?;
    let Some(Finding::MakeStimulus(made)) = found.take().pop() else { panic!("a picture") };
    Ok(*made)
}

/// What is told, and how many pictures went through a network.
fn told(
    engine: &mut Engine,
    people: &[Observer],
    sparsities: &[Sparsity],
    experiment: &Experiment,
) -> (Result<(), Error>, Vec<Finding>, usize) {
    let (found, passes) = (Rc::new(RefCell::new(Vec::new())), Rc::new(Cell::new(0)));
    let sink: Sink = Rc::new({
        let (found, passes) = (found.clone(), passes.clone());
        move |event| match event {
            Event::Found(finding) => found.borrow_mut().push(finding),
            Event::Progress(Stage::Recognising, ..) => passes.set(passes.get() + 1),
            Event::Progress(..) => {}
        }
    });
    let done = pollster::block_on(engine.perform(&align_task(experiment, Source::Shipped, people, sparsities), &Stop::default(), &sink));
    (done, found.take(), passes.get())
}

fn align_task(experiment: &Experiment, source: Source, people: &[Observer], sparsities: &[Sparsity]) -> Task {
    Align { experiment: experiment.clone(), source, people: people.to_vec(), sparsities: sparsities.to_vec() }.into()
}

fn experiment() -> Experiment {
    Experiment { pruning: Pruning { sparsity: Sparsity::new(0.5904).unwrap(), ..Pruning::DENSE }, ..Experiment::default() }
}

/// Somebody who takes every second picture for a dog.
fn person(name: &str, images: &[(&str, Category)], odd: usize) -> Observer {
    let mut person = Observer::new(name);
    for condition in ["natural", "contrast-0.1"] {
        for (at, (image, category)) in images.iter().enumerate() {
            let response = Some(if at % 2 == odd { Category::Dog } else { *category });
            person.add(condition, image, Answer { category: *category, response });
        }
    }
    person
}

const IMAGES: [(&str, Category); 5] = [
    ("polar-bear", Category::Bear),
    ("fire-engine", Category::Truck),
    ("toucan", Category::Bird),
    ("kitten", Category::Cat),
    ("blue-bike", Category::Bicycle),
];

#[test]
fn the_shipped_list_is_what_readers_are_told() {
    let list: Value = serde_json::from_slice(&std::fs::read(root().join("www/stimuli/stimuli.json")).unwrap()).unwrap();
    let mut counts: BTreeMap<Category, usize> = BTreeMap::new();
    for entry in list["images"].as_array().unwrap() {
        let text = |name: &str| entry[name].as_str().unwrap();
        *counts.entry(Category::from_id(text("category")).unwrap()).or_default() += 1;
        // The parts before the last underscore are no part of a picture's name in trials, and a category at its end would be a texture.
        assert!(!text("id").contains('_'), "{}", text("id"));
        let texture = sweetspot_core::alignment::shape_bias::texture(text("id"));
        assert!(texture.is_none_or(|texture| texture.id() == text("category")), "{}", text("id"));
        assert!(["photo", "cutout", "drawing"].contains(&text("kind")));
        assert!(!text("author").is_empty() && !text("licence").is_empty() && !text("source").is_empty());
        assert!(root().join("www").join(text("file")).is_file());
    }
    assert_eq!((counts.values().sum::<usize>(), counts.len()), (37, 14));
    assert!(!counts.contains_key(&Category::Keyboard) && !counts.contains_key(&Category::Oven));
}

#[test]
fn a_picture_is_the_same_for_everybody() {
    let (mut one, mut other) = (engine(), engine());
    for condition in ["natural", "uniform-noise-0.2", "eidolon-2-8", "silhouette", "power-equalisation", "edge"] {
        let a = stimulus(&mut one, "brown-bear", condition).unwrap();
        assert_eq!((a.rgb.len(), a.noise.len()), (3 * SIDE * SIDE, SIDE * SIDE), "{condition}");
        assert!(a.noise.contains(&0) && a.noise.contains(&255), "the noise goes from black to white");
        let b = stimulus(&mut other, "brown-bear", condition).unwrap();
        assert!(a == b, "{condition} differs");
        let back: sweetspot_protocol::Stimulus = decode(&encode(&a).unwrap()).unwrap();
        assert!(back == a);
    }
    let black = stimulus(&mut one, "brown-bear", "silhouette").unwrap();
    assert!(black.rgb.iter().all(|byte| [0, 255].contains(byte)));
    assert!(stimulus(&mut one, "polar-bear", "silhouette").unwrap_err().to_string().contains("mask is missing"));
    assert!(stimulus(&mut one, "unicorn", "natural").unwrap_err().to_string().contains("unknown picture 'unicorn'"));
    assert!(stimulus(&mut one, "kitten", "tea").unwrap_err().to_string().contains("unknown condition 'tea'"));
    let lost = stimulus_of(&mut one, Source::Pack("0".into()), "kitten", "natural");
    assert!(lost.unwrap_err().to_string().contains("open it again"));
}

#[test]
fn networks_decide_as_the_library_does_and_only_once() {
    let mut engine = engine();
    let people = [person("ada", &IMAGES, 0), person("bob", &IMAGES, 1)];
    let (done, found, passes) = told(&mut engine, &people, &[], &experiment());
    done.unwrap();
    assert_eq!(passes, 20, "two networks, five pictures, two conditions");
    let aligned = found.into_iter().find_map(|f| if let Finding::Align(AlignFinding::Both(a)) = f { Some(*a) } else { None }).unwrap();
    let model = load("squeezenet1_1");
    let thin = pruned(&model, &experiment().pruning);
    let by_hand = |name: &str, network: &Network| {
        let mut observer = Observer::new(name);
        for condition in ["natural", "contrast-0.1"] {
            for (image, category) in IMAGES {
                let bytes = stimulus(&mut sweetspot_testing::engine(), image, condition).unwrap().rgb;
                let seen = Rgb { width: SIDE, height: SIDE, bytes };
                let logits = pollster::block_on(values(network.logits(input(&seen, &model.card.input, network.device())))).unwrap();
                observer.add(condition, image, Answer { category, response: Some(Category::decide(&logits).unwrap()) });
            }
        }
        observer
    };
    let networks = [by_hand("dense network", &model.dense), by_hand("pruned network", &thin.network)];
    assert_eq!(aligned.networks, networks);
    assert_eq!(aligned.dense, align(&networks[0], &people, |_| false, 0).unwrap());
    assert_eq!(aligned.pruned, align(&networks[1], &people, |_| false, 0).unwrap());
    assert_eq!(aligned.names, ["dense network", "pruned network", "ada", "bob"]);
    assert_eq!((aligned.people.total(), aligned.report.used, aligned.report.refusals()), (20, 20, 0));
    // Ada and Bob are never wrong on the same picture, and never right on the same: of five, one is right on three and the other on two.
    let kappa = aligned.matrix[2][3].unwrap();
    assert!((kappa - (0.0 - 0.48) / 0.52).abs() < 1e-12, "{kappa}");
    assert_eq!(aligned.matrix[0][1], aligned.matrix[1][0]);
    let wire: Aligned = decode(&encode(&aligned).unwrap()).unwrap();
    assert_eq!(wire, aligned);

    // The same again costs no pass, and a person more whose pictures are known neither; what belongs nowhere is told.
    let mut stranger = person("eve", &IMAGES[..2], 0);
    stranger.add("c100", "n02951358.JPEG", Answer { category: Category::Boat, response: None });
    stranger.add("natural", "toucan", Answer { category: Category::Boat, response: None });
    let (done, found, passes) = told(&mut engine, &[people[0].clone(), people[1].clone(), stranger], &[], &experiment());
    done.unwrap();
    let again = found.into_iter().find_map(|f| if let Finding::Align(AlignFinding::Both(a)) = f { Some(*a) } else { None }).unwrap();
    assert_eq!((passes, again.report.used, again.report.refusals()), (0, 24, 2));
    assert_eq!(again.networks, aligned.networks);
}

#[test]
fn along_sparsities_the_dense_network_is_the_dense_one() {
    let mut engine = engine();
    let people = [person("ada", &IMAGES[..3], 0)];
    let grid = [0.0, 0.5904, 0.9].map(|share| Sparsity::new(share).unwrap());
    let (done, found, passes) = told(&mut engine, &people, &grid, &experiment());
    done.unwrap();
    let along: Vec<AlignmentAtSparsity> =
        found.iter().filter_map(|f| if let Finding::Align(AlignFinding::At(a)) = f { Some(a.clone()) } else { None }).collect();
    assert_eq!(along.iter().map(|at| at.sparsity).collect::<Vec<_>>(), grid);
    assert!(passes >= 18);
    let (done, found, passes) = told(&mut engine, &people, &[], &experiment());
    done.unwrap();
    let both = found.into_iter().find_map(|f| if let Finding::Align(AlignFinding::Both(a)) = f { Some(*a) } else { None }).unwrap();
    assert_eq!(passes, 0, "both networks have answered along the way");
    assert_eq!((along[0].accuracy, along[0].error_consistency), (both.dense.accuracy, both.dense.error_consistency));
    assert_eq!((along[1].accuracy, along[1].error_consistency), (both.pruned.accuracy, both.pruned.error_consistency));
    let too_many = vec![Sparsity::of_round(3); 99];
    assert!(told(&mut engine, &people, &too_many, &experiment()).0.unwrap_err().to_string().contains("at most 40"));
}

#[test]
fn what_cannot_be_compared_is_a_sentence() {
    let mut engine = engine();
    let nobody = told(&mut engine, &[], &[], &experiment()).0.unwrap_err().to_string();
    assert!(nobody.contains("nobody has answered a picture of this set yet"), "{nobody}");
    let scenes = Experiment { model: "mini_resnet_small".into(), ..experiment() };
    let wrong = told(&mut engine, &[person("ada", &IMAGES, 0)], &[], &scenes).0.unwrap_err().to_string();
    assert!(wrong.contains("1000 classes; choose one of them"), "{wrong}");
    assert!(engine.open_pack("notes.zip", Cursor::new(b"no pack".to_vec())).unwrap_err().to_string().contains("notes.zip"));
    let task = align_task(&experiment(), Source::Shipped, &[person("ada", &IMAGES, 0)], &[]);
    assert!(task.ends_others());
    let request = Request::Work { job: 7, task };
    assert_eq!(decode::<Request>(&encode(&request).unwrap()).unwrap(), request);
    let task: Task = OpenPack { name: "p.zip".into(), address: "blob:x".into() }.into();
    assert!(!task.ends_others());
    let open = Request::Work { job: 8, task };
    assert_eq!(decode::<Request>(&encode(&open).unwrap()).unwrap(), open);
}

/// A pack of two pictures, one of them the size of the experiment's, with two observers.
fn pack() -> Vec<u8> {
    use std::io::Write;
    use sweetspot_packs::manifest::{FORMAT, Head, Manifest, Picture, Stored};
    let png = |side: u32, grey: u8| {
        let mut file = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(side, side, image::Rgb([grey; 3])).write_to(&mut file, image::ImageFormat::Png).unwrap();
        file.into_inner()
    };
    let trials = "subj,session,trial,rt,object_response,category,condition,imagename\n\
        subject-01,1,1,0.5,dog,dog,0,1_e_s_0_dog_0_dog1.png\nsubject-01,1,2,0.5,dog,cat,0,1_e_s_0_cat_0_cat1.png\n\
        subject-02,1,1,0.5,dog,dog,0,1_e_s_0_dog_0_dog1.png\nsubject-02,1,2,0.5,na,cat,0,1_e_s_0_cat_0_cat9.png\n";
    let files = [("dog1.png", png(SIDE as u32, 90)), ("cat1.png", png(300, 10)), ("trials.csv", trials.as_bytes().to_vec())];
    let picture = |at: usize, category| Picture {
        name: files[at].0.into(),
        image: Stored::of(files[at].0.into(), &files[at].1),
        category: Some(category),
        label: None,
        condition: None,
        objects: Vec::new(),
        mask: None,
        licence: None,
    };
    let head = Head {
        format: FORMAT.into(),
        id: "two".into(),
        title: "Two pictures".into(),
        source: "a test".into(),
        licence: "CC0-1.0".into(),
        data_set: Some("edge".into()),
        classes: Vec::new(),
        masks: None,
        trials: vec![Stored::of(files[2].0.into(), &files[2].1)],
    };
    let manifest = Manifest::new(head, vec![picture(0, Category::Dog), picture(1, Category::Cat)]).unwrap();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let text = manifest.text().unwrap();
    for (name, bytes) in files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).chain([("manifest.json", text.as_bytes())]) {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_packs_pictures_and_people_are_compared_on() {
    let mut engine = engine();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("two.zip");
    std::fs::write(&file, pack()).unwrap();
    let (told, sink) = gathered();
    let task = OpenPack { name: "two.zip".into(), address: file.display().to_string() };
    pollster::block_on(engine.perform(&task.into(), &Stop::default(), &sink)).unwrap();
    let Some(Finding::OpenPack(report)) = told.take().pop() else { panic!("a pack") };
    assert_eq!((report.images.len(), report.files.used, report.trials.used, report.trials.refusals()), (2, 2, 3, 1));
    assert_eq!(report.observers, [("subject-01".to_string(), 2), ("subject-02".to_string(), 1)]);
    assert_eq!(decode::<sweetspot_protocol::PackReport>(&encode(&report).unwrap()).unwrap(), *report);
    let source = Source::Pack(report.sha256);
    let dog = stimulus_of(&mut engine, source.clone(), "dog1.png", "0").unwrap();
    assert!(dog.rgb.iter().all(|byte| *byte == 90));
    assert_eq!(stimulus_of(&mut engine, source.clone(), "cat1.png", "0").unwrap().rgb.len(), 3 * SIDE * SIDE);
    let found = Rc::new(RefCell::new(None));
    let sink: Sink = Rc::new({
        let found = found.clone();
        move |event| {
            if let Event::Found(Finding::Align(AlignFinding::Both(aligned))) = event {
                found.replace(Some(aligned));
            }
        }
    });
    pollster::block_on(engine.perform(&align_task(&experiment(), source, &[], &[]), &Stop::default(), &sink)).unwrap();
    let aligned = found.take().unwrap();
    assert_eq!((aligned.data_set.as_deref(), aligned.dense.accuracy.of), (Some("edge"), 2));
    assert_eq!(aligned.names[2..], ["subject-01", "subject-02"]);
}

#[test]
fn odd_ones_are_those_of_pytorch() {
    let golden = sweetspot_testing::golden("odd_one_out.json");
    let names = sweetspot_testing::golden_inputs();
    for id in sweetspot_testing::NETWORKS {
        let model = load(id);
        for (tap, expected) in golden["networks"][id].as_object().unwrap() {
            let features: Vec<Vec<f32>> = names
                .iter()
                .map(|name| {
                    let map = model.dense.grid(model.dense.features_at(sweetspot_testing::golden_input(&model, name), tap).unwrap());
                    pollster::block_on(values(map.mean_dim(2).mean_dim(3))).unwrap()
                })
                .collect();
            let likeness = Likeness::of(names.clone(), &features);
            let cosines = expected["cosines"].as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
            for (ours, theirs) in likeness.cosines.iter().zip(cosines) {
                // Features in single precision, through up to fifty layers, against double precision.
                assert!((f64::from(*ours) - theirs.as_f64().unwrap()).abs() < 1e-4, "{id} {tap}: {ours} {theirs}");
            }
            let mut decided = 0;
            for triplet in expected["triplets"].as_array().unwrap() {
                let images: Vec<usize> = triplet["images"].as_array().unwrap().iter().map(|at| at.as_u64().unwrap() as usize).collect();
                let three = [0, 1, 2].map(|at| names[images[at]].clone());
                // Nearer than rounding, either may be ahead.
                if triplet["margin"].as_f64().unwrap() > 2e-4 {
                    assert_eq!(likeness.odd(&three).map(|at| images[at] as u64), triplet["odd"].as_u64(), "{id} {tap} {three:?}");
                    decided += 1;
                }
            }
            assert!(decided >= 50, "{id} {tap}: {decided} of 56");
        }
    }
}

#[test]
fn both_networks_say_how_alike_the_shipped_pictures_are() {
    let mut engine = engine();
    let images: Vec<String> = ["kitten", "brown-bear", "polar-bear", "airliner"].map(String::from).to_vec();
    let (found, sink) = sweetspot_testing::gathered();
    let mut ask = |images: &[String]| {
        let task = CompareFeatures { experiment: experiment(), images: images.to_vec() };
        pollster::block_on(engine.perform(&task.into(), &Stop::default(), &sink))
    };
    ask(&images).unwrap();
    let alike =
        found.borrow().iter().find_map(|f| if let Finding::CompareFeatures(alike) = f { Some((**alike).clone()) } else { None }).unwrap();
    assert_eq!(alike.tap, "features.12");
    assert_eq!(decode::<sweetspot_protocol::FeatureSimilarity>(&encode(&alike).unwrap()).unwrap(), alike);
    for network in [&alike.dense, &alike.pruned] {
        assert_eq!((&network.images, network.cosines.len()), (&images, 16));
        for (a, one) in images.iter().enumerate() {
            assert!((network.cosines[5 * a] - 1.0).abs() < 1e-6, "a picture is like itself");
            for other in &images {
                assert_eq!(network.cosine(one, other), network.cosine(other, one));
            }
        }
        // Features after a ReLU are not negative.
        assert!(network.cosines.iter().all(|cosine| (0.0..=1.0 + 1e-6).contains(cosine)));
    }
    assert_ne!(alike.dense.cosines, alike.pruned.cosines);
    assert!(ask(&images[..2]).unwrap_err().to_string().contains("between 3 and 200"));
    assert!(ask(&["kitten", "unicorn", "airliner"].map(String::from)).unwrap_err().to_string().contains("unknown picture 'unicorn'"));
}
