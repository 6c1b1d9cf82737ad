//! Residual networks (He et al., 2016), layers named as in torchvision's `ResNet`. The stem and the widths are a size's own, so that networks
//! for small pictures are written here, too.

use crate::architecture::Architecture;
use crate::layer::{Layer, Norm, Padding};
use crate::pass::Pass;
use crate::tape::Value;
use sweetspot_core::attribution::method::AttentionKind;

/// The sizes of a residual network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Channels of the first convolution, 3 x 3 with stride 2.
    pub stem: usize,
    /// Channels and blocks of each stage, at most four; each but the first stage of the stem's width halves the sides.
    pub stages: &'static [(usize, usize)],
    /// Classes.
    pub classes: usize,
}

/// A residual network of some sizes; an [`Architecture`] holds plain functions, so the sizes are a type's.
pub trait Residual {
    /// The sizes.
    const SIZES: Sizes;
    /// Whether the stem is the one for ImageNet: 7 x 7 with stride 2, then a maximum over 3 x 3 with stride 2.
    const POOLED: bool = false;
    /// Whether blocks are bottlenecks: a 3 x 3 convolution between two 1 x 1, the last of which makes four times as many channels. The stride
    /// is the 3 x 3 convolution's, as in torchvision.
    const BOTTLENECKS: bool = false;
}

/// torchvision's constant of batch normalisations.
pub const EPSILON: f32 = 1e-5;

/// The last feature map before the average, for so many stages.
const LAST_STAGE: [&str; 4] = ["layer1", "layer2", "layer3", "layer4"];

/// The architecture of these sizes.
pub const fn architecture<R: Residual>(id: &'static str) -> Architecture {
    Architecture {
        id,
        layers: layers::<R>,
        extras: Vec::new,
        head: Some("fc"),
        forward: forward::<R>,
        taps: taps::<R>,
        attention: AttentionKind::None,
        default_tap: LAST_STAGE[R::SIZES.stages.len() - 1],
    }
}

/// A block: its name, channels in, inside and out, and stride.
struct Block {
    name: String,
    inputs: usize,
    inside: usize,
    outputs: usize,
    stride: usize,
}

impl Block {
    /// Whether what goes around the block has to be fitted to what comes out of it.
    fn projects(&self) -> bool {
        self.inputs != self.outputs || self.stride > 1
    }
}

/// How many times more channels come out of a block than its stage names.
const fn expansion<R: Residual>() -> usize {
    if R::BOTTLENECKS { 4 } else { 1 }
}

fn blocks<R: Residual>() -> Vec<Vec<Block>> {
    let Sizes { stem, stages, .. } = R::SIZES;
    let mut inputs = stem;
    let stage = |(at, &(inside, count)): (usize, &(usize, usize))| {
        let block = |index: usize| {
            let name = format!("layer{}.{index}", at + 1);
            // As in torchvision, the first stage keeps the stem's sides if it keeps its channels.
            let stride = if index > 0 || (at == 0 && inside == stem) { 1 } else { 2 };
            let outputs = inside * expansion::<R>();
            let block = Block { name, inputs, inside, outputs, stride };
            inputs = outputs;
            block
        };
        (0..count).map(block).collect()
    };
    stages.iter().enumerate().map(stage).collect()
}

fn normed(layer: Layer, norm: String) -> Layer {
    Layer { bias: false, norm: Some(Norm { name: norm, epsilon: EPSILON }), ..layer }
}

fn layers<R: Residual>() -> Vec<Layer> {
    let Sizes { stem, stages, classes } = R::SIZES;
    let wide = |name: String, inputs, outputs| Layer { padding: Padding::Each(1), ..Layer::conv(name, inputs, outputs, 3) };
    let first = match R::POOLED {
        true => Layer { padding: Padding::Each(3), ..Layer::conv("conv1", 3, stem, 7) },
        false => wide("conv1".into(), 3, stem),
    };
    let mut layers = vec![normed(Layer { stride: 2, ..first }, "bn1".into())];
    for block in blocks::<R>().iter().flatten() {
        let Block { name, inputs, inside, outputs, stride } = block;
        let mut part = |at: usize, layer: Layer| layers.push(normed(layer, format!("{name}.bn{at}")));
        if R::BOTTLENECKS {
            part(1, Layer::conv(format!("{name}.conv1"), *inputs, *inside, 1));
            part(2, Layer { stride: *stride, ..wide(format!("{name}.conv2"), *inside, *inside) });
            part(3, Layer::conv(format!("{name}.conv3"), *inside, *outputs, 1));
        } else {
            part(1, Layer { stride: *stride, ..wide(format!("{name}.conv1"), *inputs, *outputs) });
            part(2, wide(format!("{name}.conv2"), *outputs, *outputs));
        }
        if block.projects() {
            let shortcut = Layer { stride: *stride, ..Layer::conv(format!("{name}.downsample.0"), *inputs, *outputs, 1) };
            layers.push(normed(shortcut, format!("{name}.downsample.1")));
        }
    }
    layers.push(Layer::linear("fc", stages[stages.len() - 1].0 * expansion::<R>(), classes));
    layers
}

fn taps<R: Residual>() -> Vec<String> {
    let stages = (0..R::SIZES.stages.len()).map(|stage| LAST_STAGE[stage].to_string());
    ["conv1".to_string()].into_iter().chain(stages).collect()
}

fn forward<R: Residual>(pass: &mut Pass<'_, '_>, images: Value) -> Value {
    let x = pass.conv("conv1", &images);
    let x = pass.relu(x);
    let mut x = pass.tap("conv1", x);
    if R::POOLED {
        x = pass.max_pool_padded(&x, 3, 2, 1);
    }
    for (stage, blocks) in blocks::<R>().iter().enumerate() {
        for block in blocks {
            x = residual::<R>(pass, block, x);
        }
        x = pass.tap(LAST_STAGE[stage], x);
    }
    let x = pass.average(&x);
    pass.conv("fc", &x)
}

fn residual<R: Residual>(pass: &mut Pass<'_, '_>, block: &Block, x: Value) -> Value {
    let name = &block.name;
    let mut y = pass.conv(&format!("{name}.conv1"), &x);
    for at in 2..=if R::BOTTLENECKS { 3 } else { 2 } {
        y = pass.relu(y);
        y = pass.conv(&format!("{name}.conv{at}"), &y);
    }
    let around = if block.projects() { pass.conv(&format!("{name}.downsample.0"), &x) } else { x };
    let sum = pass.add(y, around);
    pass.relu(sum)
}
