//! What somebody else brings: a method, measures, a criterion and a way to find objects, registered through the public functions, are in links, on the
//! command line and in the data of menus. A program of its own, because what is registered stays until the program ends.
#![allow(missing_docs, clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![cfg(not(target_arch = "wasm32"))]

use std::cell::RefCell;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::OnceLock;

use serde_json::Value;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::attribution::method::Family;
use sweetspot_core::attribution::setting::Setting;
use sweetspot_core::attribution::{Method, MethodInfo};
use sweetspot_core::discovery::method::{MethodInfo as FinderInfo, Similarity};
use sweetspot_core::discovery::{Discovery, Method as Finder};
use sweetspot_core::experiment::{Attribution, Experiment, Pruning};
use sweetspot_core::link;
use sweetspot_core::metrics::measure::Kind as Looks;
use sweetspot_core::metrics::{Measure, MeasureInfo};
use sweetspot_core::pruning::criterion::{CriterionInfo, Kind};
use sweetspot_core::pruning::{Criterion, Scope};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::sweep::sweep_measure::SweepMeasure;
use sweetspot_methods::pruning::mask::{Mask, select};
use sweetspot_methods::{attribution, discovery, metrics, pruning};
use sweetspot_protocol::{MeasureMaps, Request, decode, encode};
use sweetspot_testing::{load, root};

/// Pixels of a stripe.
const WIDTH: Setting = Setting::whole("width", "Width", "Pixels of a stripe.", [1, 16, 64]);

static STRIPES: MethodInfo = MethodInfo {
    id: "made-up-stripes",
    title: "Stripes",
    says: "Every second stripe of the picture, whatever it shows.",
    family: Family::Perturbation,
    settings: &[WIDTH],
    ..MethodInfo::USUAL
};

static LEFT: MeasureInfo = MeasureInfo { id: "made_up_left", title: "Left", kind: Looks::Complexity, ..MeasureInfo::USUAL };

static AGAIN: MeasureInfo = MeasureInfo { id: "made_up_again", title: "Again", kind: Looks::Robustness, ..MeasureInfo::USUAL };

static LATE: CriterionInfo =
    CriterionInfo { id: "made-up-late", title: "Late weights", says: "The first weights of a layer go.", ..CriterionInfo::USUAL };

static CORNER: FinderInfo = FinderInfo {
    id: "made-up-corner",
    title: "Corner",
    says: "The corner at the top left.",
    definition: "",
    source: "",
    looks: false,
    eigenvector: false,
    settings: &[],
    joint: false,
    similarity: Similarity::Cosine,
    map_title: "",
    corloc: ("corloc_made_up_corner", "CorLoc of Corner"),
};

/// Things that are described, and which nothing computes.
static MUTE: (MethodInfo, MeasureInfo, CriterionInfo) = (
    MethodInfo { id: "made-up-mute", ..MethodInfo::USUAL },
    MeasureInfo { id: "made_up_mute", kind: Looks::Complexity, ..MeasureInfo::USUAL },
    CriterionInfo { id: "made-up-mute", ..CriterionInfo::USUAL },
);

#[derive(Clone, Copy)]
struct MadeUp {
    method: Method,
    left: Measure,
    again: Measure,
    criterion: Criterion,
    finder: Finder,
    mute: Criterion,
}

/// All of them, registered once.
fn made_up() -> MadeUp {
    static MADE_UP: OnceLock<MadeUp> = OnceLock::new();
    *MADE_UP.get_or_init(|| {
        Method::register(&MUTE.0).unwrap();
        Measure::register(&MUTE.1).unwrap();
        MadeUp {
            method: attribution::register(&STRIPES, |context| {
                Box::pin(async move {
                    let [_, _, height, width] = context.input.dims();
                    let value = |at: usize| (at % width / context.whole(&WIDTH) % 2) as f32;
                    let values = (0..height * width).map(value).collect();
                    Ok(ChannelMap { channels: 1, height, width, values, signed: false, total: None })
                })
            })
            .unwrap(),
            left: metrics::register(&LEFT, metrics::entry::Compute::Map(|map| Ok(map.reduced[0]))).unwrap(),
            again: metrics::register(
                &AGAIN,
                metrics::entry::Compute::Network(|trial| {
                    Box::pin(async move {
                        let again = trial.map_of(trial.context.input.clone()).await?;
                        let value = f32::from(u8::from(again.values == trial.map.values));
                        Ok(metrics::trial::Outcome { value, ..metrics::trial::Outcome::default() })
                    })
                }),
            )
            .unwrap(),
            criterion: pruning::register(
                &LATE,
                pruning::entry::Compute::Weights(|dense, pruning| {
                    Ok(select(&dense.scored(|layer| (0..layer.len()).map(|at| at as f64).collect()), pruning))
                }),
            )
            .unwrap(),
            finder: discovery::register(
                &CORNER,
                discovery::entry::Compute::Blind(|_, [height, width]| [0.0, 0.0, width / 2.0, height / 2.0]),
            )
            .unwrap(),
            mute: Criterion::register(&MUTE.2).unwrap(),
        }
    })
}

/// An experiment of all of them.
fn experiment() -> Experiment {
    let made_up = made_up();
    let mut experiment =
        Experiment { attribution: Attribution::new(made_up.method), discovery: Discovery::new(made_up.finder), ..Experiment::default() };
    experiment.pruning.choose(made_up.criterion);
    experiment.attribution.set("width", "8").unwrap();
    experiment
}

/// The exit code of the command line and what it answers.
fn answer(words: &[&str]) -> (ExitCode, String) {
    let said = Rc::new(RefCell::new(Vec::new()));
    let code = sweetspot_cli::run(["sweetspot"].iter().chain(words), said.clone());
    let text = String::from_utf8(said.borrow().clone()).unwrap();
    (code, text)
}

fn json(words: &[&str]) -> Value {
    let (code, said) = answer(&[words, &["--json"]].concat());
    assert_eq!(code, ExitCode::SUCCESS, "{words:?}");
    serde_json::from_str(&said).unwrap()
}

#[test]
fn links_and_messages_carry_them() {
    let experiment = experiment();
    let text = link::write(&experiment);
    assert_eq!(text, "v=1&c=made-up-late&a=made-up-stripes&p.width=8&dm=made-up-corner");
    assert_eq!(link::read(&text).unwrap(), experiment);
    let task = MeasureMaps { experiment, measures: vec![made_up().again] };
    let request = Request::Work { job: 1, task: task.into() };
    assert_eq!(decode::<Request>(&encode(&request).unwrap()).unwrap(), request);
}

#[test]
fn menus_and_tables_have_them() {
    let made_up = made_up();
    let methods = Method::groups();
    let (_, perturbation) = methods.iter().find(|(family, _)| *family == Family::Perturbation).unwrap();
    assert_eq!(perturbation.last(), Some(&made_up.method), "behind those that are shipped");
    let criteria = Criterion::groups();
    assert!(criteria.iter().any(|(kind, list)| *kind == Kind::Weights && list.contains(&made_up.criterion)));
    let measures = Measure::groups();
    assert!(measures.iter().any(|(kind, list)| *kind == Looks::Complexity && list.contains(&made_up.left)));
    assert!(measures.iter().any(|(kind, list)| *kind == Looks::Robustness && list.contains(&made_up.again)));
    assert!(Finder::all().any(|method| method == made_up.finder));
    // What a sweep measures, and its file.
    let gauge = SweepMeasure::from_id("made-up-left").unwrap();
    assert_eq!(gauge, SweepMeasure::Map(made_up.left));
    let text = serde_json::to_string(&gauge).unwrap();
    assert_eq!((text.as_str(), serde_json::from_str::<SweepMeasure>(&text).unwrap()), ("\"made_up_left\"", gauge));
}

#[test]
fn the_command_line_computes_them() {
    made_up();
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("map.npy");
    let (map, image) = (map.to_str().unwrap(), root().join("tests/golden/inputs/koala.png"));
    let of = ["--model", "squeezenet1_1", "--image", image.to_str().unwrap()];
    let attribute = [&["attribute"], &of[..], &["--out", map, "--method"]].concat();
    let said = json(&[&attribute[..], &["made-up-stripes", "--set", "width=8"]].concat());
    // 224 pixels are 14 pairs of stripes: half of the pixels are 1.
    assert_eq!((said["method"].as_str(), said["sum"].as_f64()), (Some("made-up-stripes"), Some(224.0 * 112.0)));
    assert_eq!(answer(&[&attribute[..], &["made-up-mute"]].concat()).0, ExitCode::from(2), "described, and computed by nothing");

    let scores = json(&["score", "--map", map, "--box", "0,0,100,100"]);
    assert_eq!(scores["made_up_left"], 0.0, "the first stripe is empty");
    assert!(scores["undefined"]["made_up_mute"].as_str().unwrap().contains("'made_up_mute'"));
    assert!(scores.get("made_up_again").is_none(), "it needs the network");
    let evaluate = [&["evaluate"], &of[..], &["--method", "made-up-stripes", "--measure", "made-up-again"]].concat();
    assert_eq!(json(&evaluate)["made_up_again"]["value"], 1.0);

    let pruned =
        json(&["prune", "--model", "squeezenet1_1", "--prune", "made-up-late", "--sparsity", "0.5", "--scope", "layer", "--quick"]);
    assert_eq!(pruned["criterion"], "made-up-late");
    assert!(
        pruned["layers"].as_array().unwrap().iter().all(|layer| layer["pruned"].as_u64().unwrap() * 2 == layer["total"].as_u64().unwrap())
    );
    let found = json(&[&["discover"], &of[..], &["--method", "made-up-corner"]].concat());
    assert!(found.to_string().contains("made-up-corner"));
    let listed = json(&["models"])[0]["methods"].clone();
    assert!(listed.as_array().unwrap().contains(&"made-up-stripes".into()));
}

#[test]
fn nothing_stands_in_for_what_is_missing() {
    let made_up = made_up();
    let model = load("squeezenet1_1");
    let mask = |criterion| {
        Mask::new(model.architecture, &model.weights, &Pruning { criterion, sparsity: Sparsity::new(0.5).unwrap(), ..Pruning::DENSE })
    };
    let missing = mask(made_up.mute).unwrap_err().to_string();
    assert!(missing.contains("the computation of the criterion 'made-up-mute' is missing"), "{missing}");
    let first = &mask(made_up.criterion).unwrap().layers[0];
    assert!(first.keep.iter().all(|keep| !keep), "all layers together: the first is among the first half of all weights");
}

#[test]
fn what_cannot_be_registered_is_refused() {
    made_up();
    let taken = attribution::register(&STRIPES, |_| unreachable!("it is never registered")).unwrap_err().to_string();
    assert!(taken.contains("made-up-stripes") && taken.contains("no other has"), "{taken}");
    static SALIENCY: MethodInfo = MethodInfo { id: "saliency", ..MethodInfo::USUAL };
    assert!(Method::register(&SALIENCY).is_err());
    static PLACE: MeasureInfo = MeasureInfo { id: "made_up_place", kind: Looks::Place, ..MeasureInfo::USUAL };
    assert!(metrics::register(&PLACE, metrics::entry::Compute::Map(|_| Ok(0.0))).unwrap_err().to_string().contains("made_up_place"));
    static LOADED: CriterionInfo = CriterionInfo { id: "made-up-loaded", ..CriterionInfo::USUAL };
    assert!(pruning::register(&LOADED, pruning::entry::Compute::Loaded).is_err());
    static SCOPELESS: CriterionInfo = CriterionInfo { id: "made-up-scopeless", scopes: &[], ..CriterionInfo::USUAL };
    assert!(pruning::register(&SCOPELESS, pruning::entry::Compute::Weights(|dense, _| Ok(dense.whole()))).is_err());
    assert_eq!(LATE.scopes[0], Scope::Global);
}
