//! The engine in a browser's worker, on the CPU device (`cpu_*`) and on WebGPU (`webgpu_*`), against the same golden numbers. `scripts/test`
//! runs the first in a Chromium without WebGPU and the second in one with it, emulated by SwiftShader: hence the small inputs.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used)]

use std::cell::Cell;
use std::rc::Rc;

use burn::tensor::{Device, Tensor, TensorData};
use serde_json::Value;
use sweetspot_core::attribution::Method;
use sweetspot_core::card::Card;
use sweetspot_core::compare::largest;
use sweetspot_core::compare::largest_difference;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::Attribution;
use sweetspot_core::experiment::DeviceChoice;
use sweetspot_core::experiment::Pruning;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_methods::attribution::Attribute;
use sweetspot_methods::attribution::context::Context;
use sweetspot_methods::pruning::mask::Mask;
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::device;
use sweetspot_nn::device::values;
use sweetspot_nn::image::Rgb;
use sweetspot_nn::image::decode;
use sweetspot_nn::image::input;
use sweetspot_nn::image::normalise;
use sweetspot_nn::job::Job;
use sweetspot_nn::job::Stop;
use sweetspot_nn::network::Network;
use sweetspot_nn::self_test;
use sweetspot_nn::weights::Weights;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::MessageChannel;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const PANDA: &[u8] = include_bytes!("../../../tests/golden/inputs/giant-panda.png");
const SMALL: &str = include_str!("../../../tests/golden/small.json");

struct Shipped {
    id: &'static str,
    card: &'static str,
    weights: &'static [u8],
}

const SHIPPED: [Shipped; 2] = [
    Shipped {
        id: "squeezenet1_1",
        card: include_str!("../../../www/models/squeezenet1_1.json"),
        weights: include_bytes!("../../../www/models/squeezenet1_1.safetensors"),
    },
    Shipped {
        id: "efficientnet_lite0",
        card: include_str!("../../../www/models/efficientnet_lite0.json"),
        weights: include_bytes!("../../../www/models/efficientnet_lite0.safetensors"),
    },
];

impl Shipped {
    fn card(&self) -> Card {
        Card::read(self.card.as_bytes()).unwrap()
    }

    fn weights(&self) -> Weights {
        Weights::read(architecture(self.id).unwrap(), self.id, self.weights).unwrap()
    }
}

fn floats(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap() as f32).collect()
}

/// Largest difference, as a share of the expected values' largest size.
fn apart(got: &[f32], expected: &[f32]) -> f32 {
    let size = largest(expected.iter().map(|v| f64::from(*v))).unwrap();
    (largest_difference(got, expected).unwrap() / size) as f32
}

/// Relative L2 distance.
fn distance(got: &[f32], expected: &[f32]) -> f64 {
    let square = |v: f32| f64::from(v) * f64::from(v);
    let apart: f64 = got.iter().zip(expected).map(|(a, b)| square(a - b)).sum();
    (apart / expected.iter().map(|v| square(*v)).sum::<f64>()).sqrt()
}

/// The middle of the golden panda.
fn small_input(card: &Card, golden: &Value, device: &Device) -> Tensor<4> {
    let picture = decode("panda", PANDA).unwrap();
    let number = |name: &str| golden[name].as_u64().unwrap() as usize;
    let (corner, side) = (number("corner"), number("side"));
    let rows = picture.bytes.chunks(3 * picture.width).skip(corner).take(side);
    let bytes = rows.flat_map(|row| row[3 * corner..3 * (corner + side)].to_vec()).collect();
    let cut = Rgb { width: side, height: side, bytes };
    Tensor::from_data(TensorData::new(normalise(&cut, &card.input), [1, 3, side, side]), device)
}

async fn logits_and_maps_equal_pytorch(device: &Device, batch: usize) {
    let golden: Value = serde_json::from_str(SMALL).unwrap();
    for shipped in &SHIPPED {
        let (card, known) = (shipped.card(), &golden["networks"][shipped.id]);
        let network = Network::new(architecture(shipped.id).unwrap(), &shipped.weights(), device);
        let input = small_input(&card, &golden, device);
        let logits = values(network.logits(input.clone())).await.unwrap();
        let worst = apart(&logits, &floats(&known["logits"]));
        // Single precision against double through some 50 layers.
        assert!(worst < 1e-4, "{}: logits differ by {worst}", shipped.id);
        let job = Job::quiet();
        for method in Method::all().filter(|m| known[m.id()].is_array()) {
            let mut parameters = Attribution::new(method);
            if method == Method::IntegratedGradients {
                parameters.set("steps", &golden["steps"].to_string()).unwrap();
            }
            let context = Context {
                network: &network,
                input: input.clone(),
                target: known["target"].as_u64().unwrap() as usize,
                parameters: &parameters,
                tap: &card.default_tap,
                batch,
                bounds: &card.input.bounds(),
                job: &job,
            };
            let map = method.attribute(&context).await.unwrap().reduced();
            let far = distance(&map, &floats(&known[method.id()]));
            // The same bound as natively (tests/attribution.rs): activations at a kink may fall on its other side.
            assert!(far < 1e-2, "{}, {}: {far}", shipped.id, method.id());
        }
    }
}

/// Every method that goes back through a network or averages over passes, with few of them: emulated, a pass takes a while.
const METHODS: [(Method, &[(&str, &str)]); 16] = [
    (Method::GradCamPlusPlus, &[]),
    (Method::HiResCam, &[]),
    (Method::LayerCam, &[]),
    (Method::ScoreCam, &[("channels", "5")]),
    (Method::SmoothGrad, &[("samples", "4")]),
    (Method::VarGrad, &[("samples", "4")]),
    (Method::GuidedBackprop, &[]),
    (Method::GuidedGradCam, &[]),
    (Method::Deconvolution, &[]),
    (Method::Lrp, &[]),
    (Method::Lrp, &[("rule", "epsilon-gamma-box")]),
    (Method::Lrp, &[("rule", "epsilon-alpha2-beta1")]),
    (Method::DeepLift, &[]),
    (Method::Occlusion, &[("window", "32"), ("stride", "32")]),
    (Method::Rise, &[("masks", "7")]),
    (Method::KernelShap, &[("segments", "6"), ("coalitions", "10")]),
];

/// The CPU's maps are compared with other implementations natively (tests/attribution.rs).
async fn methods_equal_the_cpu(device: &Device) {
    let golden: Value = serde_json::from_str(SMALL).unwrap();
    for shipped in &SHIPPED {
        let (card, target) = (shipped.card(), golden["networks"][shipped.id]["target"].as_u64().unwrap() as usize);
        let bounds = card.input.bounds();
        for (method, settings) in METHODS {
            let mut parameters = Attribution::new(method);
            settings.iter().for_each(|(id, text)| parameters.set(id, text).unwrap());
            let mut maps = Vec::new();
            for (device, batch) in [(&device::cpu(), 1), (device, 3)] {
                let network = Network::new(architecture(shipped.id).unwrap(), &shipped.weights(), device);
                let input = small_input(&card, &golden, device);
                let (job, tap) = (Job::quiet(), card.default_tap.as_str());
                let context = Context { network: &network, input, target, parameters: &parameters, tap, batch, bounds: &bounds, job: &job };
                maps.push(method.attribute(&context).await.unwrap().reduced());
            }
            let far = distance(&maps[1], &maps[0]);
            assert!(far < 1e-2, "{}, {} {settings:?}: {far}", shipped.id, method.id());
        }
    }
}

#[wasm_bindgen_test]
async fn cpu_logits_and_maps_equal_pytorch() {
    logits_and_maps_equal_pytorch(&device::cpu(), 1).await;
}

#[wasm_bindgen_test]
async fn cpu_passes_the_self_test() {
    let report = self_test::report(&device::cpu(), DeviceChoice::Cpu, "CPU".into(), "a test".into()).await.unwrap();
    assert!(report.self_test < 3e-6, "{}", report.self_test);
}

#[wasm_bindgen_test]
async fn cpu_sees_a_panda_at_full_size() {
    for shipped in &SHIPPED {
        let card = shipped.card();
        let network = Network::new(architecture(shipped.id).unwrap(), &shipped.weights(), &device::cpu());
        let picture = decode("panda", PANDA).unwrap();
        let logits = values(network.logits(input(&picture, &card.input, network.device()))).await.unwrap();
        assert_eq!(sweetspot_nn::logits::top(&logits, 1), [388], "{}", shipped.id);
    }
}

#[wasm_bindgen_test]
fn cpu_masks_are_the_native_ones() {
    let golden: Value = serde_json::from_str(include_str!("../../../tests/golden/pruning.json")).unwrap();
    for shipped in &SHIPPED {
        let record = &golden["networks"][shipped.id]["global"][2];
        let pruning = Pruning { sparsity: Sparsity::new(record["sparsity"].as_f64().unwrap()).unwrap(), ..Pruning::DENSE };
        let mask = Mask::new(architecture(shipped.id).unwrap(), &shipped.weights(), &pruning).unwrap();
        assert_eq!(mask.sha256(), record["sha256_of_bytes"].as_str().unwrap(), "{}", shipped.id);
    }
}

#[wasm_bindgen_test]
async fn cpu_lets_messages_in_between_steps() {
    const STEPS: u64 = 1000;
    let (stop, done) = (Stop::default(), Rc::new(Cell::new(0)));
    let job = Job::new(stop.clone(), {
        let done = done.clone();
        move |at, _| done.set(at)
    });
    // A message, as the page's wish to stop is one: it arrives only where the work gives the browser a turn.
    let channel = MessageChannel::new().unwrap();
    let hear = Closure::<dyn FnMut()>::new(move || stop.stop());
    channel.port1().set_onmessage(Some(hear.as_ref().unchecked_ref()));
    channel.port2().post_message(&JsValue::NULL).unwrap();
    let mut ended = Ok(());
    for at in 0..STEPS {
        ended = job.step(at, STEPS).await;
        if ended.is_err() {
            break;
        }
    }
    channel.port1().close();
    assert_eq!(ended, Err(Error::Cancelled));
    // The first steps may be taken before it is delivered; with turns of the browser in between, not many.
    assert!(done.get() < STEPS / 2, "stopped at step {} of {STEPS}", done.get());
}

/// One device for the page: everything on WebGPU is one test.
#[wasm_bindgen_test]
async fn webgpu_computes_what_pytorch_does() {
    let gpu = device::gpu(|reason| panic!("{reason}")).await.expect("this browser was started with WebGPU");
    let report = self_test::report(&gpu, DeviceChoice::Gpu, "GPU".into(), "a test".into()).await.unwrap();
    assert!(report.self_test < 1e-5, "{}", report.self_test);
    logits_and_maps_equal_pytorch(&gpu, 3).await;
    methods_equal_the_cpu(&gpu).await;
}
