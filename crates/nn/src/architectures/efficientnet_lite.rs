//! EfficientNet-Lite0 (Tan and Le, 2019; the "lite" family without squeeze-and-excitation and with ReLU6), layers named as in timm's
//! `tf_efficientnet_lite0`.

use crate::architecture::Architecture;
use crate::layer::{Layer, Norm, Padding};
use crate::pass::Pass;
use crate::tape::Value;
use sweetspot_core::attribution::method::AttentionKind;

/// EfficientNet-Lite0.
pub(crate) const EFFICIENTNET_LITE0: Architecture = Architecture {
    id: "efficientnet_lite0",
    layers,
    extras: Vec::new,
    head: Some("classifier"),
    forward,
    taps,
    attention: AttentionKind::None,
    default_tap: "bn2",
};

/// TensorFlow's batch-norm constant for this family.
const EPSILON: f32 = 1e-3;

/// A stage: depthwise kernel, stride of its first block, expansion, channels in and out, blocks.
struct Stage {
    kernel: usize,
    stride: usize,
    expansion: usize,
    inputs: usize,
    outputs: usize,
    blocks: usize,
}

const fn stage(kernel: usize, stride: usize, expansion: usize, inputs: usize, outputs: usize, blocks: usize) -> Stage {
    Stage { kernel, stride, expansion, inputs, outputs, blocks }
}

const STAGES: [Stage; 7] = [
    stage(3, 1, 1, 32, 16, 1),
    stage(3, 2, 6, 16, 24, 2),
    stage(5, 2, 6, 24, 40, 2),
    stage(3, 2, 6, 40, 80, 3),
    stage(5, 1, 6, 80, 112, 3),
    stage(5, 2, 6, 112, 192, 4),
    stage(3, 1, 6, 192, 320, 1),
];

/// One block: its place, and what it does.
struct Block {
    name: String,
    kernel: usize,
    stride: usize,
    expansion: usize,
    inputs: usize,
    outputs: usize,
}

fn blocks() -> impl Iterator<Item = Block> {
    STAGES.iter().enumerate().flat_map(|(s, stage)| {
        (0..stage.blocks).map(move |b| Block {
            name: format!("blocks.{s}.{b}"),
            kernel: stage.kernel,
            stride: if b == 0 { stage.stride } else { 1 },
            expansion: stage.expansion,
            inputs: if b == 0 { stage.inputs } else { stage.outputs },
            outputs: stage.outputs,
        })
    })
}

/// A convolution with TensorFlow's padding, without bias, followed by a normalisation.
fn normed(name: String, norm: String, inputs: usize, outputs: usize, kernel: usize, stride: usize) -> Layer {
    Layer {
        bias: false,
        stride,
        padding: Padding::Same,
        norm: Some(Norm { name: norm, epsilon: EPSILON }),
        ..Layer::conv(name, inputs, outputs, kernel)
    }
}

/// A convolution that keeps channels apart.
fn depthwise(name: String, norm: String, channels: usize, kernel: usize, stride: usize) -> Layer {
    Layer { groups: channels, ..normed(name, norm, 1, channels, kernel, stride) }
}

fn layers() -> Vec<Layer> {
    let mut layers = vec![normed("conv_stem".into(), "bn1".into(), 3, 32, 3, 2)];
    for Block { name, kernel, stride, expansion, inputs, outputs } in blocks() {
        let wide = inputs * expansion;
        if expansion == 1 {
            layers.push(depthwise(format!("{name}.conv_dw"), format!("{name}.bn1"), wide, kernel, stride));
            layers.push(normed(format!("{name}.conv_pw"), format!("{name}.bn2"), wide, outputs, 1, 1));
        } else {
            layers.push(normed(format!("{name}.conv_pw"), format!("{name}.bn1"), inputs, wide, 1, 1));
            layers.push(depthwise(format!("{name}.conv_dw"), format!("{name}.bn2"), wide, kernel, stride));
            layers.push(normed(format!("{name}.conv_pwl"), format!("{name}.bn3"), wide, outputs, 1, 1));
        }
    }
    layers.push(normed("conv_head".into(), "bn2".into(), 320, 1280, 1, 1));
    layers.push(Layer::linear("classifier", 1280, 1000));
    layers
}

fn taps() -> Vec<String> {
    ["bn1".to_string()].into_iter().chain(blocks().map(|b| b.name)).chain(["bn2".to_string()]).collect()
}

fn forward(pass: &mut Pass<'_, '_>, images: Value) -> Value {
    let mut x = pass.conv("conv_stem", &images);
    x = pass.relu6(x);
    x = pass.tap("bn1", x);
    for block in blocks() {
        let y = if block.expansion == 1 { separable(pass, &block.name, &x) } else { inverted(pass, &block.name, &x) };
        x = if block.stride == 1 && block.inputs == block.outputs { pass.add(y, x) } else { y };
        x = pass.tap(&block.name, x);
    }
    x = pass.conv("conv_head", &x);
    x = pass.relu6(x);
    x = pass.tap("bn2", x);
    x = pass.average(&x);
    pass.conv("classifier", &x)
}

fn separable(pass: &mut Pass<'_, '_>, name: &str, x: &Value) -> Value {
    let x = pass.conv(&format!("{name}.conv_dw"), x);
    let x = pass.relu6(x);
    pass.conv(&format!("{name}.conv_pw"), &x)
}

fn inverted(pass: &mut Pass<'_, '_>, name: &str, x: &Value) -> Value {
    let x = pass.conv(&format!("{name}.conv_pw"), x);
    let x = pass.relu6(x);
    let x = pass.conv(&format!("{name}.conv_dw"), &x);
    let x = pass.relu6(x);
    pass.conv(&format!("{name}.conv_pwl"), &x)
}
