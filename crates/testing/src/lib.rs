//! What the native tests share: the golden numbers and the shipped networks.
#![allow(missing_docs, clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

pub mod audit;
pub mod seeded;

use std::cell::RefCell;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use sweetspot_methods::attribution::Attribute;

use burn::tensor::Tensor;
use npyz::NpyFile;
use serde_json::Value;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::compare::largest_difference;
use sweetspot_core::experiment::Attribution;
use sweetspot_core::experiment::DeviceChoice;
use sweetspot_core::experiment::{Experiment, Pruning};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_engine::engine::Engine;
use sweetspot_engine::event::{Event, Sink};
use sweetspot_engine::model::Model;
use sweetspot_engine::model::Pruned;
use sweetspot_engine::stored::Folder;
use sweetspot_methods::attribution::context::Context;
use sweetspot_nn::device;
use sweetspot_nn::image::decode;
use sweetspot_nn::image::input;
use sweetspot_nn::job::Job;
use sweetspot_nn::network::Network;
use sweetspot_nn::self_test;
use sweetspot_protocol::{Explain, Finding, Task};

/// An engine on the CPU over the shipped files.
pub fn engine() -> Engine {
    let cpu = device::cpu();
    let report = pollster::block_on(self_test::report(&cpu, DeviceChoice::Cpu, "CPU".into(), "a test".into())).unwrap();
    Engine::new(cpu, report, Rc::new(Folder(root().join("www"))))
}

/// A sparsity.
pub fn at(share: f64) -> Sparsity {
    Sparsity::new(share).unwrap()
}

/// The task of computing all that an experiment shows.
pub fn explain(experiment: &Experiment) -> Task {
    Explain { experiment: experiment.clone() }.into()
}

/// What an engine finds, as it is told to the sink.
pub fn gathered() -> (Rc<RefCell<Vec<Finding>>>, Sink) {
    let found = Rc::new(RefCell::new(Vec::new()));
    let sink: Sink = Rc::new({
        let found = found.clone();
        move |event| {
            if let Event::Found(finding) = event {
                found.borrow_mut().push(finding);
            }
        }
    });
    (found, sink)
}

/// The shipped networks.
pub const NETWORKS: [&str; 2] = ["squeezenet1_1", "efficientnet_lite0"];

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

pub fn golden(name: &str) -> Value {
    let path = root().join("tests/golden").join(name);
    serde_json::from_slice(&std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).unwrap()
}

/// A float32 array of the golden folder: shape and values.
pub fn golden_npy(name: &str) -> (Vec<u64>, Vec<f32>) {
    let bytes = std::fs::read(root().join("tests/golden").join(name)).unwrap();
    let file = NpyFile::new(&bytes[..]).unwrap();
    (file.shape().to_vec(), file.into_vec().unwrap())
}

/// A float32 or float64 array in an archive of the golden folder, as float32.
pub fn golden_npz_floats(name: &str, array: &str) -> (Vec<u64>, Vec<f32>) {
    let file = std::fs::File::open(root().join("tests/golden").join(name)).unwrap();
    let mut bytes = Vec::new();
    zip::ZipArchive::new(file).unwrap().by_name(&format!("{array}.npy")).unwrap().read_to_end(&mut bytes).unwrap();
    let file = NpyFile::new(Cursor::new(&bytes)).unwrap();
    let shape = file.shape().to_vec();
    let values = match file.dtype() {
        npyz::DType::Plain(kind) if kind.size_field() == 8 => file.into_vec::<f64>().unwrap().into_iter().map(|v| v as f32).collect(),
        _ => file.into_vec::<f32>().unwrap(),
    };
    (shape, values)
}

/// An array of small whole numbers in an archive of the golden folder, bytes or 16-bit ones.
pub fn golden_npz_whole(name: &str, array: &str) -> (Vec<u64>, Vec<i16>) {
    let file = std::fs::File::open(root().join("tests/golden").join(name)).unwrap();
    let mut bytes = Vec::new();
    zip::ZipArchive::new(file).unwrap().by_name(&format!("{array}.npy")).unwrap().read_to_end(&mut bytes).unwrap();
    let file = NpyFile::new(Cursor::new(&bytes)).unwrap();
    let shape = file.shape().to_vec();
    let values = match file.dtype() {
        npyz::DType::Plain(kind) if kind.size_field() == 1 => file.into_vec::<u8>().unwrap().into_iter().map(i16::from).collect(),
        _ => file.into_vec().unwrap(),
    };
    (shape, values)
}

/// A float16 array in an archive of the golden folder.
pub fn golden_npz(name: &str, array: &str) -> (Vec<u64>, Vec<f32>) {
    let file = std::fs::File::open(root().join("tests/golden").join(name)).unwrap();
    let mut bytes = Vec::new();
    zip::ZipArchive::new(file).unwrap().by_name(&format!("{array}.npy")).unwrap().read_to_end(&mut bytes).unwrap();
    let file = NpyFile::new(Cursor::new(&bytes)).unwrap();
    (file.shape().to_vec(), file.into_vec::<half::f16>().unwrap().into_iter().map(f32::from).collect())
}

/// Names of the golden inputs, in order.
pub fn golden_inputs() -> Vec<String> {
    let list = golden("inputs.json");
    list["inputs"].as_array().unwrap().iter().map(|i| i["name"].as_str().unwrap().to_string()).collect()
}

pub fn load(id: &str) -> Model {
    pollster::block_on(Model::load(&Folder(root().join("www")), id, &device::cpu(), &|_, _| ())).unwrap()
}

/// A model, pruned.
pub fn pruned(model: &Model, pruning: &Pruning) -> Pruned {
    pollster::block_on(model.pruned(pruning, &Folder(root().join("www")), &Job::quiet())).unwrap()
}

/// A golden input as the model eats it.
pub fn golden_input(model: &Model, name: &str) -> Tensor<4> {
    picture_input(model, &root().join(format!("tests/golden/inputs/{name}.png")))
}

pub fn picture_input(model: &Model, path: &Path) -> Tensor<4> {
    let picture = decode(&path.display().to_string(), &std::fs::read(path).unwrap()).unwrap();
    assert_eq!((picture.width, picture.height), (model.card.input.side, model.card.input.side));
    input(&picture, &model.card.input, model.dense.device())
}

/// A method's map.
pub fn attribute(network: &Network, input: &Tensor<4>, target: usize, parameters: &Attribution, tap: &str, batch: usize) -> ChannelMap {
    try_attribute(network, input, target, parameters, tap, batch).unwrap()
}

/// A method's map, or why there is none.
pub fn try_attribute(
    network: &Network,
    input: &Tensor<4>,
    target: usize,
    parameters: &Attribution,
    tap: &str,
    batch: usize,
) -> sweetspot_core::error::Result<ChannelMap> {
    with_context(network, input, target, parameters, tap, batch, async |context| parameters.method.attribute(context).await)
}

/// Whatever is made with the context of a method; inputs lie between -2 and 2.
pub fn with_context<T>(
    network: &Network,
    input: &Tensor<4>,
    target: usize,
    parameters: &Attribution,
    tap: &str,
    batch: usize,
    make: impl AsyncFn(&Context<'_>) -> sweetspot_core::error::Result<T>,
) -> sweetspot_core::error::Result<T> {
    let job = Job::quiet();
    let bounds = vec![(-2.0, 2.0); input.dims()[1]];
    let context = Context { network, input: input.clone(), target, parameters, tap, batch, bounds: &bounds, job: &job };
    pollster::block_on(make(&context))
}

/// A method with some parameters.
pub fn method(method: Method, settings: &[(&str, &str)]) -> Attribution {
    let mut attribution = Attribution::new(method);
    settings.iter().for_each(|(id, text)| attribution.set(id, text).unwrap());
    attribution
}

pub fn floats(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(items) => items.iter().flat_map(floats).collect(),
        number => vec![number.as_f64().unwrap() as f32],
    }
}

/// Every fifth pixel of every fifth row of a 224 x 224 map, from the third on: what the golden files keep of large maps.
pub fn lattice(map: &[f32]) -> Vec<f32> {
    assert_eq!(map.len(), 224 * 224);
    (2..224).step_by(5).flat_map(|y| (2..224).step_by(5).map(move |x| map[y * 224 + x])).collect()
}

/// Largest absolute difference; fails on what is no number and on lists of different lengths.
pub fn difference(a: &[f32], b: &[f32]) -> f32 {
    largest_difference(a, b).unwrap_or_else(|why| panic!("{why}")) as f32
}

/// Pearson correlation and relative L2 distance of `a` from `b`. NaN stays NaN: callers keep the worst of several with [`larger`](sweetspot_core::compare::larger).
pub fn likeness(a: &[f32], b: &[f32]) -> (f64, f64) {
    assert_eq!(a.len(), b.len());
    let n = a.len() as f64;
    let mean = |v: &[f32]| v.iter().map(|x| f64::from(*x)).sum::<f64>() / n;
    let (ma, mb) = (mean(a), mean(b));
    let (mut cov, mut va, mut vb, mut apart, mut size) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b).map(|(x, y)| (f64::from(*x), f64::from(*y))) {
        cov += (x - ma) * (y - mb);
        va += (x - ma).powi(2);
        vb += (y - mb).powi(2);
        apart += (x - y).powi(2);
        size += y * y;
    }
    (cov / (va * vb).sqrt(), (apart / size).sqrt())
}
