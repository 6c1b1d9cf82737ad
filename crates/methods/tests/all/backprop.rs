//! The methods that go back through the network in their own way, on both ImageNet networks, against captum, zennit and pytorch-grad-cam
//! (`tests/golden/backprop.py`).
#![allow(missing_docs, clippy::unwrap_used)]

use serde_json::Value;
use sweetspot_core::attribution::Method;
use sweetspot_core::compare::larger;
use sweetspot_methods::attribution::Attribute;
use sweetspot_methods::attribution::lrp;
use sweetspot_methods::attribution::lrp::Composite;
use sweetspot_nn::image::upsample;
use sweetspot_testing::NETWORKS;
use sweetspot_testing::audit::Check;
use sweetspot_testing::audit::Subject;
use sweetspot_testing::audit::check;
use sweetspot_testing::floats;
use sweetspot_testing::golden;
use sweetspot_testing::golden_input;
use sweetspot_testing::golden_npz;
use sweetspot_testing::lattice;
use sweetspot_testing::likeness;
use sweetspot_testing::load;
use sweetspot_testing::method;
use sweetspot_testing::with_context;

/// The field's own bounds. Float32 against float64: activations near a kink fall on its other side, which PyTorch's own float32 does too
/// (`float32_distance` in the golden file); cases in which that alone is beyond the bound are compared with it.
const CORRELATION: f64 = 1e-3;
const DISTANCE: f64 = 1e-2;

/// What a map and its golden values come to, over several cases.
#[derive(Default)]
struct Worst {
    apart: f64,
    far: f64,
    cases: usize,
}

impl Worst {
    fn add(&mut self, got: &[f32], expected: &[f32]) {
        let (correlation, distance) = likeness(got, expected);
        self.apart = larger(self.apart, 1.0 - correlation);
        self.far = larger(self.far, distance);
        self.cases += 1;
    }

    fn check(&self, one: Method, id: &str, against: &str, what: &str) {
        let on = format!("{id}{what}, {} cases", self.cases);
        let of = |kind, value, bound| Check { against, on: &on, kind, value, bound, file: "backprop.json" };
        check(Subject::Method(one), &of("1 \u{2212} correlation", self.apart, CORRELATION));
        check(Subject::Method(one), &of("relative L2 distance", self.far, DISTANCE));
    }
}

/// The cases a list of golden records is about: all of them, or the few that costly methods have.
fn cases<'a>(golden: &'a Value, known: &'a Value, records: usize) -> Vec<&'a Value> {
    let all: Vec<&Value> = known["cases"].as_array().unwrap().iter().collect();
    if records == all.len() {
        return all;
    }
    floats(&golden["costly_cases"]).into_iter().map(|at| all[at as usize]).collect()
}

#[test]
fn rules_of_their_own() {
    let golden = golden("backprop.json");
    for id in NETWORKS {
        let model = load(id);
        let known = &golden["networks"][id];
        let bounds = model.card.input.bounds();
        let methods = [
            ("guided-backprop", Method::GuidedBackprop),
            ("deconvolution", Method::Deconvolution),
            ("guided-grad-cam", Method::GuidedGradCam),
            ("deeplift", Method::DeepLift),
            ("lrp-epsilon", Method::Lrp),
            ("lrp-gamma", Method::Lrp),
            ("lrp-epsilon-plus", Method::Lrp),
            ("lrp-epsilon-plus-flat", Method::Lrp),
            ("lrp-epsilon-gamma-box", Method::Lrp),
            ("lrp-epsilon-alpha2-beta1", Method::Lrp),
            ("lrp-epsilon-plus-without-biases", Method::Lrp),
            ("lrp-epsilon-gamma-box-without-biases", Method::Lrp),
        ];
        for (name, one) in methods {
            // Without biases, zennit's gamma rule explodes on EfficientNet-Lite0.
            let Some(records) = known[name].as_array() else { continue };
            let (shape, maps) = golden_npz(&format!("backprop_{id}.npz"), name);
            let size = (shape[1] * shape[2]) as usize;
            let mut worst = Worst::default();
            for (at, (case, record)) in cases(&golden, known, records.len()).into_iter().zip(records).enumerate() {
                let input = golden_input(&model, case["input"].as_str().unwrap());
                let target = case["target"].as_u64().unwrap() as usize;
                let tap = model.architecture.default_tap;
                let map = with_context(&model.dense, &input, target, &method(one, &[]), tap, 1, async |context| {
                    match name.strip_prefix("lrp-") {
                        Some(rule) => {
                            let (rule, biases) = rule.strip_suffix("-without-biases").map_or((rule, true), |rule| (rule, false));
                            lrp::by(context, &Composite { biases, ..Composite::named(rule, 1e-6, 0.25, &bounds) }).await
                        }
                        None => one.attribute(context).await,
                    }
                });
                let scale = record["scale"].as_f64().unwrap() as f32;
                let expected: Vec<f32> = maps[at * size..][..size].iter().map(|v| v * scale).collect();
                let got = lattice(&map.unwrap().reduced());
                // Guided Grad-CAM is as far off as the guided backpropagation in it.
                let own = record.get("float32_distance").unwrap_or(&known["guided-backprop"][at]["float32_distance"]);
                match own.as_f64().filter(|own| *own > DISTANCE) {
                    // An even sky gives the first pooling exact ties, which single precision breaks: PyTorch's own is as far off.
                    Some(own) => {
                        assert!(likeness(&got, &expected).1 < 4.0 * own, "{id}, {name}, {case}: {:?}, {own}", likeness(&got, &expected))
                    }
                    None => worst.add(&got, &expected),
                }
            }
            let what = name.strip_prefix("lrp-").map(|rule| format!(", {rule}")).unwrap_or_default();
            worst.check(one, id, golden["checked_against"][name].as_str().unwrap(), &what);
        }
    }
}

#[test]
fn activation_maps_of_two_layers() {
    let golden = golden("backprop.json");
    for id in NETWORKS {
        let model = load(id);
        let known = &golden["networks"][id];
        for layer in ["last", "middle"] {
            let cams = &known["cams"][layer];
            let tap = cams["layer"].as_str().unwrap();
            for one in [Method::GradCam, Method::GradCamPlusPlus, Method::HiResCam, Method::LayerCam] {
                let Some(maps) = cams[one.id()].as_array() else { continue };
                let mut worst = Worst::default();
                for (case, small) in known["cases"].as_array().unwrap().iter().zip(maps) {
                    let input = golden_input(&model, case["input"].as_str().unwrap());
                    let map = sweetspot_testing::attribute(
                        &model.dense,
                        &input,
                        case["target"].as_u64().unwrap() as usize,
                        &method(one, &[]),
                        tap,
                        1,
                    );
                    let small = floats(small);
                    let side = small.len().isqrt();
                    worst.add(&map.values, &upsample(&small, (side, side), (224, 224)));
                }
                worst.check(one, id, golden["checked_against"][one.id()].as_str().unwrap(), &format!(", layer {tap}"));
            }
        }
    }
}
