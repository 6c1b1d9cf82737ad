//! Whether a device computes right: the operations that networks are made of, and the ways back through them, on small fixed inputs, against
//! plain loops in double precision (`plain`). Shader errors are silent in browsers: only their wrong numbers show.

mod plain;

use burn::tensor::module::max_pool2d_with_indices;
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Device, Tensor, TensorData};

use crate::device::values;
use crate::layer::{Layer, Padding};
use crate::operations::attention::{Attention, Mixture};
use crate::operations::convolution::PlacedLayer;
use crate::operations::layer_norm::Normalisation;
use crate::operations::rearrangement::{Rearrangement, rolled};
use crate::tape::Operation;
use plain::{Array, Convolution, Pool};
use sweetspot_core::compare::{larger, largest, largest_difference};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::DeviceChoice;
use sweetspot_protocol::DeviceReport;

/// How far an answer may be from the right one, as a share of the largest right value or of 1: single-precision sums of up to 54 terms differ by a
/// few units in the seventh digit, and so do a GPU's exponentials; a shader that computes something else differs in the first.
const TOLERANCE: f64 = 1e-5;

/// An operation's answer on the device, and the right one.
struct Probe {
    name: &'static str,
    got: Tensor<1>,
    wanted: Vec<f64>,
}

/// Checks a device and reports on it.
pub async fn report(device: &Device, choice: DeviceChoice, name: String, why: String) -> Result<DeviceReport> {
    let self_test =
        run(device, async |_, answer| values(answer).await).await.map_err(|reason| Error::Device { device: name.clone(), reason })?;
    Ok(DeviceReport { device: choice, name, why, self_test })
}

/// Runs every operation on a device and returns the largest difference; else says which operation is wrong. `read` takes an operation's name and
/// answer and fetches the values: a device's own way to read, unless a test puts something in between.
pub(crate) async fn run(
    device: &Device,
    read: impl AsyncFn(&'static str, Tensor<1>) -> Result<Vec<f32>>,
) -> std::result::Result<f32, String> {
    let mut worst = 0.0;
    for Probe { name, got, wanted } in probes(device) {
        let wrong = |why: String| format!("the self-test\u{2019}s {name}: {why}; this device computes wrong numbers");
        let got = read(name, got).await.map_err(|e| e.to_string())?;
        let size = largest(wanted.iter().copied()).map_err(|why| wrong(why.to_string()))?;
        let apart = largest_difference(&got, &wanted).map_err(|why| wrong(why.to_string()))? / size.max(1.0);
        if apart >= TOLERANCE {
            return Err(wrong(format!("off by {apart:.2e}")));
        }
        worst = larger(worst, apart);
    }
    Ok(worst as f32)
}

/// Every operation, already asked of the device.
fn probes(device: &Device) -> Vec<Probe> {
    let mut probes = Probes { device, found: Vec::new() };
    probes.convolutions();
    probes.pools();
    probes.activations();
    probes.normalisation();
    probes.attention();
    probes.rearrangements();
    probes.found
}

struct Probes<'a> {
    device: &'a Device,
    found: Vec<Probe>,
}

impl Probes<'_> {
    fn add<const D: usize>(&mut self, name: &'static str, got: Tensor<D>, wanted: Vec<f64>) {
        let count = got.shape().num_elements();
        self.found.push(Probe { name, got: got.reshape([count]), wanted });
    }

    fn tensor(&self, array: &Array) -> Tensor<4> {
        // The arrays were made of single-precision numbers.
        let values: Vec<f32> = array.values.iter().map(|v| *v as f32).collect();
        Tensor::from_data(TensorData::new(values, array.shape), self.device)
    }

    /// What comes back to an operation's first input.
    fn back(&mut self, name: &'static str, operation: &Operation<'_>, gradient: &Array, wanted: Vec<f64>) {
        if let Some((_, part)) = operation.back(self.tensor(gradient)).into_iter().next() {
            self.add(name, part, wanted);
        }
    }

    /// Plain, moved by two, kept apart by channels, and on one place: as the shipped networks have them. The way back is a convolution with the
    /// turned kernel, a transposed one, and one on values set apart.
    fn convolutions(&mut self) {
        let padded = |stride, padding, layer| Layer { stride, padding, ..layer };
        let layers = [
            (["convolution", "convolution, back", "convolution, by weight"], padded(1, Padding::Each(1), Layer::conv("", 3, 4, 3))),
            (
                ["strided convolution", "transposed convolution", "strided convolution, by weight"],
                padded(2, Padding::Same, Layer::conv("", 6, 4, 3)),
            ),
            (
                ["depthwise convolution", "depthwise convolution, back", "depthwise convolution, by weight"],
                Layer { groups: 5, ..padded(2, Padding::Each(1), Layer::conv("", 1, 5, 3)) },
            ),
            (["pointwise convolution", "pointwise convolution, back", "pointwise convolution, by weight"], Layer::conv("", 33, 10, 1)),
        ];
        for ([forward, backward, by_weight], layer) in layers {
            let [outputs, per_group, rows, columns] = [0, 1, 2, 3].map(|axis| layer.shape[axis]);
            let (height, width) = (6, 5);
            let image = Array::wave([1, per_group * layer.groups, height, width], 0.7, 1.0);
            let kernel = Array::wave([outputs, per_group, rows, columns], 1.3, 0.25);
            let bias = Array::wave([1, outputs, 1, 1], 0.9, 0.5);
            let placed = PlacedLayer::of(layer, self.tensor(&kernel), self.tensor(&bias).reshape([outputs]));
            let padding = placed.padding([height, width]);
            let plain = Convolution { stride: placed.layer.stride, groups: placed.layer.groups, begin: padding.map(|(begin, _)| begin) };

            let input = self.tensor(&image);
            let output = placed.convolve(input.clone(), &placed.weight, Some(&placed.bias), padding);
            let gradient = Array::wave(output.dims(), 0.31, 1.0);
            self.add(forward, output, plain.forward(&image, &kernel, &bias, gradient.shape));
            let operation = Operation::Convolve { from: 0, layer: &placed, size: [height, width], padding, input: Some(input) };
            self.back(backward, &operation, &gradient, plain.by_image(&image, &kernel, &gradient));
            if let Some((_, found)) = operation.parameter_gradients(&self.tensor(&gradient)).into_iter().next() {
                self.add(by_weight, found, plain.by_weight(&image, &kernel, &gradient));
            }
        }
    }

    /// Maxima with their places, which gradients are scattered to: of windows that hang over the edge, and of padded ones.
    fn pools(&mut self) {
        let image = Array::wave([1, 3, 7, 6], 0.83, 1.0);
        let plain = MaxPoolOptions::new([3, 3]).with_stride([2, 2]);
        let hanging = MaxPoolOptions { ceil_mode: true, ..plain.clone() };
        let padded = MaxPoolOptions { padding: [(1, 1); 2], ..plain };
        for ([forward, backward], options, begin) in
            [(["pool", "pool, scattered back"], hanging, 0), (["padded pool", "padded pool, scattered back"], padded, 1)]
        {
            let (output, places) = max_pool2d_with_indices(self.tensor(&image), options);
            let gradient = Array::wave(output.dims(), 0.57, 1.0);
            let plain = Pool { kernel: 3, stride: 2, begin };
            self.add(forward, output, plain.forward(&image, gradient.shape));
            self.back(backward, &Operation::Pool { from: 0, places, size: [7, 6] }, &gradient, plain.back(&image, &gradient));
        }
        let gradient = Array::wave([1, 3, 1, 1], 0.57, 1.0);
        let spread = gradient.values.iter().flat_map(|g| [g / 42.0; 42]).collect();
        self.back("average, back", &Operation::Average { from: 0, size: [7, 6] }, &gradient, spread);
        let flat = self.tensor(&image).reshape([1, 3, 42]).mean_dim(2);
        self.add("average", flat, image.values.chunks(42).map(|plane| plane.iter().sum::<f64>() / 42.0).collect());
    }

    /// Rectifiers, which are flat outside their bounds, and the smooth one of transformers.
    fn activations(&mut self) {
        let input = Array::wave([1, 3, 5, 3], 0.41, 7.5);
        let gradient = Array::wave(input.shape, 0.57, 1.0);
        let bent = |most: f64| -> Vec<f64> { input.values.iter().map(|x| x.clamp(0.0, most)).collect() };
        let kept = |most: f64| -> Vec<f64> {
            let pairs = input.values.iter().zip(&gradient.values);
            pairs.map(|(x, g)| if *x > 0.0 && *x < most { *g } else { 0.0 }).collect()
        };
        let tensor = self.tensor(&input);
        let output = burn::tensor::activation::relu(tensor.clone());
        self.add("rectifier", output.clone(), bent(f64::INFINITY));
        self.back("rectifier, back", &Operation::Rectify { from: 0, output: output.clone() }, &gradient, kept(f64::INFINITY));
        let output = output.clamp_max(6.0);
        self.add("capped rectifier", output.clone(), bent(6.0));
        self.back("capped rectifier, back", &Operation::RectifyTo6 { from: 0, output }, &gradient, kept(6.0));

        let input = Array::wave(input.shape, 0.41, 2.5);
        let tensor = self.tensor(&input);
        self.add("GELU", burn::tensor::activation::gelu(tensor.clone()), plain::gelu(&input.values));
        self.back("GELU, back", &Operation::Gelu { from: 0, input: tensor }, &gradient, plain::back(plain::gelu, &input, &gradient));
    }

    fn normalisation(&mut self) {
        let input = Array::wave([2, 7, 3, 1], 0.37, 1.5);
        let gradient = Array::wave(input.shape, 0.71, 1.0);
        let [gain, shift] = [0.9, 0.4].map(|step| Array::wave([1, 7, 1, 1], step, 1.0));
        let placed = [&gain, &shift].map(|array| self.tensor(array));
        let forward = |values: &[f64]| plain::layer_norm(values, input.shape, &gain.values, &shift.values, 1e-6);
        let (normalisation, output) = Normalisation::of(self.tensor(&input), ("", &placed[0]), ("", &placed[1]), 1e-6);
        self.add("layer normalisation", output, forward(&input.values));
        let operation = Operation::Normalise { from: 0, normalisation };
        self.back("layer normalisation, back", &operation, &gradient, plain::back(forward, &input, &gradient));
    }

    /// Scaled products and softmax, values mixed by them, and cosines with something added.
    fn attention(&mut self) {
        let heads = 2;
        let [queries, keys, values] = [0.37, 0.83, 0.59].map(|step| Array::wave([1, 6, 5, 1], step, 1.5));
        let [q, k, v] = [&queries, &keys, &values].map(|array| self.tensor(array));
        let by_shares = Array::wave([1, heads, 5, 5], 0.71, 1.0);
        let shape = queries.shape;

        let attention = Attention::of(q.clone(), k.clone(), heads);
        let shares = plain::attention(&queries.values, &keys.values, shape, heads, None);
        let mixture = Mixture { shares: attention.shares.clone(), values: v };
        self.add("attention", attention.shares.clone(), shares.clone());
        self.add("values mixed by attention", mixture.forward(), plain::mix(&shares, &values.values, shape, heads));
        let parts = attention.back(self.tensor(&by_shares));
        let of_queries = plain::back(|q| plain::attention(q, &keys.values, shape, heads, None), &queries, &by_shares);
        let of_keys = plain::back(|k| plain::attention(&queries.values, k, shape, heads, None), &keys, &by_shares);
        for ((name, part), wanted) in
            ["attention, back to queries", "attention, back to keys"].into_iter().zip(parts).zip([of_queries, of_keys])
        {
            self.add(name, part, wanted);
        }
        let gradient = Array::wave(shape, 0.23, 1.0);
        let parts = mixture.back(self.tensor(&gradient));
        let shares = Array { shape: by_shares.shape, values: shares };
        let of_shares = plain::back(|shares| plain::mix(shares, &values.values, shape, heads), &shares, &gradient);
        let of_values = plain::back(|values| plain::mix(&shares.values, values, shape, heads), &values, &gradient);
        for ((name, part), wanted) in
            ["mixed values, back to shares", "mixed values, back"].into_iter().zip(parts).zip([of_shares, of_values])
        {
            self.add(name, part, wanted);
        }

        let (scale, added) = (Array::wave([1, heads, 1, 1], 0.7, 3.0), Array::wave(by_shares.shape, 0.23, 1.0));
        let cosines = Some((&scale.values[..], &added.values[..]));
        let attention = Attention::of_cosines(q, k, self.tensor(&scale), self.tensor(&added));
        self.add("attention by cosines", attention.shares.clone(), plain::attention(&queries.values, &keys.values, shape, heads, cosines));
        let wanted = plain::back(|q| plain::attention(q, &keys.values, shape, heads, cosines), &queries, &by_shares);
        let [part, _] = attention.back(self.tensor(&by_shares));
        self.add("attention by cosines, back", part, wanted);
    }

    /// Maps cut into windows and moved around.
    fn rearrangements(&mut self) {
        let map = Array::wave([1, 2, 4, 4], 0.3, 1.0);
        let [windows, moved] = [0, 1].map(|way| {
            let places = (0..32).map(|at| match way {
                // Channels within windows of 2 by 2, in reading order.
                0 => {
                    let (window, channel, row, column) = (at / 8, at / 4 % 2, at / 2 % 2, at % 2);
                    16 * channel + 4 * (window / 2 * 2 + row) + window % 2 * 2 + column
                }
                _ => at / 16 * 16 + (at / 4 % 4 + 1) % 4 * 4 + (at + 1) % 4,
            });
            places.map(|at| map.values[at]).collect::<Vec<f64>>()
        });
        self.add("windows", Rearrangement::into_windows(map.shape, 2).apply(self.tensor(&map)), windows);
        self.add("moved map", rolled(self.tensor(&map), 1), moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::cpu;

    /// The self-test on the CPU with one operation's answer spoilt.
    fn spoilt(name: &'static str, spoil: impl Fn(&mut Vec<f32>)) -> std::result::Result<f32, String> {
        pollster::block_on(run(&cpu(), async |operation, tensor| {
            let mut got = values(tensor).await?;
            if operation == name {
                spoil(&mut got);
            }
            Ok(got)
        }))
    }

    #[test]
    fn the_cpu_passes() {
        let worst = spoilt("", |_| ()).unwrap();
        println!("largest difference {worst:e}");
        assert!(worst < 3e-6, "{worst}");
    }

    #[test]
    fn names_tell_operations_apart() {
        let names: std::collections::BTreeSet<&str> = probes(&cpu()).iter().map(|probe| probe.name).collect();
        assert_eq!(names.len(), probes(&cpu()).len());
        assert!(names.len() >= 30, "{}", names.len());
    }

    #[test]
    fn each_operations_wrong_answer_is_noticed() {
        type Wrong = (&'static str, fn(&mut Vec<f32>));
        let wrongs: [Wrong; 9] = [
            ("all NaN", |got| got.fill(f32::NAN)),
            ("one NaN", |got| got[0] = f32::NAN),
            ("infinite", |got| *got.last_mut().unwrap() = f32::INFINITY),
            ("zeros", |got| got.fill(0.0)),
            ("nothing", |got| got.clear()),
            ("too little", |got| {
                got.pop();
            }),
            ("too much", |got| got.push(0.0)),
            ("one wrong value", |got| *got.last_mut().unwrap() += 2e-4),
            ("turned around", |got| got.reverse()),
        ];
        for Probe { name, .. } in probes(&cpu()) {
            for (wrong, spoil) in wrongs {
                let said = spoilt(name, spoil).expect_err(&format!("{name} passes with {wrong}"));
                assert!(said.contains(&format!("{name}: ")), "{name}, {wrong}: {said}");
            }
        }
    }

    #[test]
    fn a_device_that_cannot_be_read_fails() {
        let refused = || Error::Device { device: "GPU".into(), reason: "it is gone".into() };
        let said = pollster::block_on(run(&cpu(), async |_, _| Err(refused()))).unwrap_err();
        assert!(said.contains("it is gone"), "{said}");
    }
}
