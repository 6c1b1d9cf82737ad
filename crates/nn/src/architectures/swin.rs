//! Swin Transformer V2, tiny (Liu et al., 2022), layers named as in torchvision's `swin_v2_t`, but with queries, keys and values as linear
//! layers of their own, as in [`super::vit`]. Keys have no bias: torchvision stores one and sets it to zero.

use crate::architecture::Architecture;
use crate::layer::Layer;
use crate::pass::Pass;
use crate::pass::windows::Windows;
use crate::tape::Value;
use sweetspot_core::attribution::method::AttentionKind;

/// Swin-V2-T.
pub static SWIN_V2_T: Architecture = Architecture {
    id: "swin_v2_t",
    layers,
    extras,
    head: Some("head"),
    forward,
    taps,
    attention: AttentionKind::Windowed,
    default_tap: "norm",
};

/// torchvision's constant of this network's layer normalisations.
const EPSILON: f32 = 1e-5;

/// Channels of the first stage; each further one has twice as many.
const WIDTH: usize = 96;

/// Blocks and heads of each stage.
const STAGES: [(usize, usize); 4] = [(2, 3), (2, 6), (6, 12), (2, 24)];

/// Side of a patch, and of a window in patches.
const PATCH: usize = 4;
const WINDOW: usize = 8;

/// Units of the network that tells distances apart.
const DISTANCES: usize = 512;

/// A block: its name, channels, heads, and whether its windows are shifted.
struct Block {
    name: String,
    width: usize,
    heads: usize,
    shifted: bool,
}

/// A stage's blocks; its place among torchvision's `features` is twice its number and one.
fn blocks(stage: usize) -> impl Iterator<Item = Block> {
    let (count, heads) = STAGES[stage];
    (0..count).map(move |at| Block { name: format!("features.{}.{at}", 2 * stage + 1), width: WIDTH << stage, heads, shifted: at % 2 == 1 })
}

/// What joins neighbours before a stage.
fn merging(stage: usize) -> String {
    format!("features.{}", 2 * stage)
}

fn layers() -> Vec<Layer> {
    let mut layers = vec![Layer { stride: PATCH, ..Layer::conv("features.0.0", 3, WIDTH, PATCH) }];
    for stage in 0..STAGES.len() {
        if stage > 0 {
            let width = WIDTH << stage;
            layers.push(Layer { bias: false, ..Layer::linear(format!("{}.reduction", merging(stage)), 2 * width, width) });
        }
        for Block { name, width, heads, .. } in blocks(stage) {
            layers.extend(["q", "k", "v", "proj"].map(|part| {
                let layer = Layer::linear(format!("{name}.attn.{part}"), width, width);
                Layer { bias: part != "k", ..layer }
            }));
            layers.push(Layer::linear(format!("{name}.attn.cpb_mlp.0"), 2, DISTANCES));
            layers.push(Layer { bias: false, ..Layer::linear(format!("{name}.attn.cpb_mlp.2"), DISTANCES, heads) });
            layers.push(Layer::linear(format!("{name}.mlp.0"), width, 4 * width));
            layers.push(Layer::linear(format!("{name}.mlp.3"), 4 * width, width));
        }
    }
    layers.push(Layer::linear("head", WIDTH << (STAGES.len() - 1), 1000));
    layers
}

fn extras() -> Vec<(String, Vec<usize>)> {
    let norm = |name: String, width: usize| ["weight", "bias"].map(|part| (format!("{name}.{part}"), vec![width]));
    let mut extras = norm("features.0.2".into(), WIDTH).to_vec();
    for stage in 0..STAGES.len() {
        if stage > 0 {
            extras.extend(norm(format!("{}.norm", merging(stage)), WIDTH << stage));
        }
        for Block { name, width, heads, .. } in blocks(stage) {
            extras.extend(norm(format!("{name}.norm1"), width));
            extras.push((format!("{name}.attn.logit_scale"), vec![heads, 1, 1]));
            extras.extend(norm(format!("{name}.norm2"), width));
        }
    }
    extras.extend(norm("norm".into(), WIDTH << (STAGES.len() - 1)));
    extras
}

fn taps() -> Vec<String> {
    let parts = |name: String| ["q", "k", "v"].map(|part| format!("{name}.attn.{part}")).into_iter().chain([name]);
    let stage = |stage: usize| [merging(stage)].into_iter().chain(blocks(stage).flat_map(move |block| parts(block.name)));
    (0..STAGES.len()).flat_map(stage).chain(["norm".into()]).collect()
}

fn forward(pass: &mut Pass<'_, '_>, images: Value) -> Value {
    let mut x = pass.conv("features.0.0", &images);
    x = pass.layer_norm("features.0.2", EPSILON, &x);
    x = pass.tap("features.0", x);
    for stage in 0..STAGES.len() {
        if stage > 0 {
            let name = merging(stage);
            x = pass.neighbours(&x);
            x = pass.conv(&format!("{name}.reduction"), &x);
            x = pass.layer_norm(&format!("{name}.norm"), EPSILON, &x);
            x = pass.tap(&name, x);
        }
        for block in blocks(stage) {
            x = transform(pass, &block, x);
            x = pass.tap(&block.name, x);
        }
    }
    x = pass.layer_norm("norm", EPSILON, &x);
    x = pass.tap("norm", x);
    x = pass.average(&x);
    pass.conv("head", &x)
}

/// A block: attention and a perceptron, each normalised before it is added.
fn transform(pass: &mut Pass<'_, '_>, Block { name, heads, shifted, .. }: &Block, x: Value) -> Value {
    let map = x.tensor.dims()[2];
    let side = WINDOW.min(map);
    let shift = if *shifted && map > side { side / 2 } else { 0 };
    let windows = Windows { heads: *heads, side, map, shift };
    let y = attention(pass, &format!("{name}.attn"), windows, x.clone());
    let y = pass.layer_norm(&format!("{name}.norm1"), EPSILON, &y);
    let x = pass.add(x, y);
    let y = pass.conv(&format!("{name}.mlp.0"), &x);
    let y = pass.gelu(&y);
    let y = pass.conv(&format!("{name}.mlp.3"), &y);
    let y = pass.layer_norm(&format!("{name}.norm2"), EPSILON, &y);
    pass.add(x, y)
}

fn attention(pass: &mut Pass<'_, '_>, name: &str, windows: Windows, x: Value) -> Value {
    let shape = x.tensor.dims();
    let [q, k, v] = ["q", "k", "v"].map(|part| {
        // Moved only after the layer, which looks at each place alone: at the tap, places are where the picture has them.
        let layer = format!("{name}.{part}");
        let y = pass.conv(&layer, &x);
        let y = pass.tap(&layer, y);
        let y = pass.roll(windows.shift, y);
        pass.windows(windows.side, &y)
    });
    let shares = pass.attend_in_windows(name, &windows, &q, &k);
    let y = pass.mix(&shares, &v);
    let y = pass.from_windows(shape, windows.side, &y);
    let y = pass.conv(&format!("{name}.proj"), &y);
    pass.roll(windows.map - windows.shift, y)
}
