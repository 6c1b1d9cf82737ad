//! Links: every text gives an experiment or a clear error, and writing then reading gives the same experiment.
#![allow(missing_docs, clippy::unwrap_used)]

use proptest::prelude::*;
use sweetspot_core::attribution::Method;
use sweetspot_core::discovery;
use sweetspot_core::discovery::{Discovery, Facet, InputSize};
use sweetspot_core::error::Error;
use sweetspot_core::experiment::{Attribution, DeviceChoice, Experiment, ImageRef, Pruning, Target};
use sweetspot_core::link::{MAX_LENGTH, read, write};
use sweetspot_core::presentation::{Part, Place, Presentation};
use sweetspot_core::pruning::Criterion;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::words::Language;

#[test]
fn the_default_experiment_has_the_shortest_link() {
    assert_eq!(write(&Experiment::default()), "v=1");
    assert_eq!(read("").unwrap(), Experiment::default());
    assert_eq!(read("#v=1").unwrap(), Experiment::default());
}

#[test]
fn keys_are_short_and_readable() {
    let mut experiment = Experiment { model: "efficientnet_lite0".into(), target: Target::Labelled, ..Experiment::default() };
    experiment.pruning.sparsity = Sparsity::new(0.488).unwrap();
    experiment.attribution.method = Method::IntegratedGradients;
    assert_eq!(write(&experiment), "v=1&m=efficientnet_lite0&s=0.488&a=integrated-gradients&t=label");
    experiment.discovery =
        Discovery { tap: Some("blocks.4.2".into()), size: InputSize::Full, ..Discovery::new(discovery::Method::TokenCut) };
    experiment.discovery.set("threshold", "0.3").unwrap();
    let link = "v=1&m=efficientnet_lite0&s=0.488&a=integrated-gradients&t=label&dm=tokencut&dl=blocks.4.2&dz=full&dp.threshold=0.3";
    assert_eq!(write(&experiment), link);
    // The parameters of both, wherever they stand.
    let read = read("dp.threshold=0.3&p.steps=7&dm=tokencut&a=integrated-gradients").unwrap();
    assert_eq!((read.discovery.settings.changed().count(), read.attribution.settings.changed().count()), (1, 1));
}

#[test]
fn what_is_wrong_is_named() {
    for (link, part) in [
        ("a=magic", "unknown method 'magic'"),
        ("c=magic", "unknown criterion 'magic'"),
        ("o=both", "unknown scope"),
        ("s=2", "sparsity is 2"),
        ("s=NaN", "sparsity"),
        ("s=x", "s (sparsity) is 'x'"),
        ("a=integrated-gradients&n=0", "steps is 0"),
        ("a=rise&p.masks=0", "masks is 0"),
        ("p.masks=10", "unknown parameter"),
        ("t=dog", "t (target)"),
        ("d=quantum", "unknown device"),
        ("dm=magic", "unknown discovery method 'magic'"),
        ("df=soul", "unknown facet 'soul'"),
        ("dz=huge", "unknown size 'huge'"),
        ("dp.threshold=0.1", "unknown parameter"),
        ("dm=tokencut&dp.threshold=7", "threshold is 7"),
        ("own=abc", "64 hexadecimal digits"),
        ("v=99", "newer page"),
        ("m=%zz", "percent sign"),
    ] {
        let error = read(link).unwrap_err().to_string();
        assert!(error.contains(part), "{link}: {error}");
    }
    assert!(matches!(read(&"x".repeat(3000)), Err(Error::BadValue { .. })));
    assert!(read(&format!("a={}", "x".repeat(1500))).unwrap_err().to_string().len() < 600, "a long name does not make a long sentence");
}

#[test]
fn unknown_keys_are_passed_over() {
    assert_eq!(read("v=1&future=1&&=&m").unwrap().model, "");
    assert_eq!(read("future=%41").unwrap(), Experiment::default());
}

fn experiments() -> impl Strategy<Value = Experiment> {
    let image = prop_oneof![
        "[a-z0-9-]{1,20}".prop_map(ImageRef::Gallery),
        "[0-9a-f]{64}".prop_map(ImageRef::Own),
        (0u32..500).prop_map(ImageRef::Scene)
    ];
    let target =
        prop_oneof![Just(Target::Predicted), Just(Target::DensePredicted), Just(Target::Labelled), (0usize..1000).prop_map(Target::Class)];
    let device = prop_oneof![Just(DeviceChoice::Auto), Just(DeviceChoice::Cpu), Just(DeviceChoice::Gpu)];
    let criterion = proptest::sample::select(Criterion::all().collect::<Vec<_>>());
    let pruning =
        (criterion, any::<bool>(), 0.0..=0.999, any::<u64>(), any::<bool>()).prop_map(|(criterion, last, sparsity, seed, re_estimate)| {
            let sparsity = Sparsity::new(sparsity).unwrap();
            let scopes = criterion.info().scopes;
            let scope = if last { scopes[scopes.len() - 1] } else { scopes[0] };
            Pruning { criterion, scope, sparsity, seed, re_estimate }
        });
    let attribution = (proptest::sample::select(Method::all().collect::<Vec<_>>()), proptest::option::of("[ -~]{0,30}"), 1usize..=500)
        .prop_map(|(method, tap, steps)| {
            let mut attribution = Attribution { tap, ..Attribution::new(method) };
            // The number stands for every parameter that may be it.
            for setting in method.info().settings {
                let _ = attribution.set(setting.id, &steps.to_string());
            }
            attribution
        });
    let facet = proptest::option::of(proptest::sample::select(Facet::ALL.to_vec()));
    let discovery = (
        proptest::sample::select(discovery::Method::all().collect::<Vec<_>>()),
        proptest::option::of("[ -~]{0,30}"),
        facet,
        proptest::sample::select(InputSize::ALL.to_vec()),
        0.001_f64..500.0,
    )
        .prop_map(|(method, tap, facet, size, number)| {
            let mut discovery = Discovery { tap, facet, size, ..Discovery::new(method) };
            for setting in method.info().settings {
                let _ = discovery.set(setting.id, &number.to_string());
                let _ = discovery.set(setting.id, &number.round().to_string());
            }
            discovery
        });
    ("\\PC{0,20}", image, pruning, attribution, target, discovery, device).prop_map(
        |(model, image, pruning, attribution, target, discovery, device)| Experiment {
            model,
            image,
            pruning,
            attribution,
            target,
            discovery,
            device,
        },
    )
}

proptest! {
    #[test]
    fn reading_undoes_writing(experiment in experiments()) {
        let link = write(&experiment);
        prop_assert!(link.is_ascii());
        prop_assert_eq!(read(&link).unwrap(), experiment);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn any_pairs_are_answered(pairs in proptest::collection::vec(("(v|m|i|own|c|o|s|ps|a|l|n|t|d|x|dm|dl|df|dz|p.steps|p.samples|p.rule|p.|dp.threshold|dp.patches|dp.)", "[ -~]{0,12}"), 0..20)) {
        let text: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}={v}")).collect();
        if let Ok(experiment) = read(&text.join("&")) {
            prop_assert!(experiment.check().is_ok());
        }
    }
}

#[test]
fn how_it_is_shown_stands_beside_the_experiment() {
    let hash = "0123456789abcdef".repeat(4);
    let upper = hash.to_uppercase();
    let (read_back, complaints) =
        Presentation::read(&format!("#v=1&s=0.36&present=1&hide=sweep,network,sweep&lesson=pruning.2&lang=it&pack={upper}"));
    assert!(complaints.is_empty(), "{complaints:?}");
    let wanted = Presentation {
        projector: true,
        hidden: vec![Part::Network, Part::Sweep],
        lesson: Some(Place { lesson: "pruning".into(), step: 2 }),
        language: Some(Language::Italian),
        pack: Some(hash.clone()),
    };
    assert_eq!(read_back, wanted);
    let link = wanted.link(&Experiment::default());
    assert_eq!(link, format!("v=1&present=1&hide=network,sweep&lesson=pruning.2&lang=it&pack={hash}"));
    assert_eq!(read(&link).unwrap(), Experiment::default());
    assert_eq!(Presentation::default().link(&Experiment::default()), "v=1");
    assert_eq!(Place::first("maps").write(), "maps");
}

#[test]
fn what_cannot_be_followed_is_said_and_passed_over() {
    for (link, part) in [
        ("present=2", "present is '2'"),
        ("hide=sweep,moon", "hides 'moon'"),
        ("hide=moon,sun,stars", "and 2 more"),
        ("lesson=../../etc", "'../../etc' names no step"),
        ("lesson=pruning.0", "names no step"),
        ("lesson=pruning.x", "names no step"),
        ("lang=tlh", "does not speak 'tlh'; it speaks en, it"),
        ("lesson=%zz", "percent signs"),
        ("pack=../../x", "'../../x' names no pack"),
    ] {
        let (read, complaints) = Presentation::read(link);
        assert!(complaints.len() == 1 && complaints[0].contains(part), "{link}: {complaints:?}");
        assert_eq!((read.projector, read.lesson, read.language), (false, None, None), "{link}");
    }
    assert_eq!(Presentation::read("hide=sweep,moon").0.hidden, [Part::Sweep]);
    assert_eq!(Presentation::read(&format!("lang=it&x={}", "x".repeat(MAX_LENGTH))), Default::default());
    assert!(Presentation::read(&format!("hide={}", "x,".repeat(900))).1[0].len() < 300);
}

fn presentations() -> impl Strategy<Value = Presentation> {
    let hidden = proptest::sample::subsequence(Part::ALL.to_vec(), 0..=Part::ALL.len());
    let lesson = proptest::option::of(("[a-z0-9-]{1,40}", 1usize..=30).prop_map(|(lesson, step)| Place { lesson, step }));
    let language = proptest::option::of(proptest::sample::select(Language::ALL.to_vec()));
    let pack = proptest::option::of("[0-9a-f]{64}");
    (any::<bool>(), hidden, lesson, language, pack).prop_map(|(projector, hidden, lesson, language, pack)| Presentation {
        projector,
        hidden,
        lesson,
        language,
        pack,
    })
}

proptest! {
    #[test]
    fn both_come_back_from_one_link(experiment in experiments(), shown in presentations()) {
        let link = shown.link(&experiment);
        prop_assert!(link.is_ascii() && link.len() < MAX_LENGTH, "{} bytes", link.len());
        prop_assert_eq!(read(&link).unwrap(), experiment);
        prop_assert_eq!(Presentation::read(&link), (shown, Vec::new()));
    }

    #[test]
    fn any_text_is_shown_somehow(text in "\\PC{0,200}") {
        let _ = Presentation::read(&text);
    }

    #[test]
    fn any_pairs_are_shown_somehow(pairs in proptest::collection::vec(("(present|hide|lesson|lang)", "[ -~]{0,20}"), 0..8)) {
        let text: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let (shown, complaints) = Presentation::read(&text.join("&"));
        prop_assert!(complaints.len() <= pairs.len() && complaints.iter().all(|one| one.len() < 300));
        prop_assert_eq!(Presentation::read(&shown.write()), (shown.clone(), Vec::new()));
    }
}
