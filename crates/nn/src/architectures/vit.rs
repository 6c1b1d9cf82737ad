//! Vision transformers (Dosovitskiy et al., 2021), layers named as in timm's `VisionTransformer`, but with queries, keys and values as linear
//! layers of their own (`attn.q`, `attn.k`, `attn.v`), which timm stores one below the other as `attn.qkv`. Pruning then sees each of them.
//! In the paper's code it sees none: a bare parameter of torchvision holds them, and a quarter of the network stays dense.

use super::resnet;
use crate::architecture::Architecture;
use crate::layer::{Layer, Norm, Padding};
use crate::pass::Pass;
use crate::tape::Value;
use sweetspot_core::attribution::method::AttentionKind;

/// The sizes of a vision transformer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Blocks, at most 12.
    pub depth: usize,
    /// Channels of a token.
    pub width: usize,
    /// Heads, a divisor of the width.
    pub heads: usize,
    /// Side of a patch in pixels.
    pub patch: usize,
    /// Channels of convolutions before the tokens, each 3 x 3 with stride 2, a batch normalisation and a rectifier; with any, a last one of the
    /// same kind makes the tokens and together they have to divide the sides by the patch's (Xiao et al., 2021). Without, one linear map of each
    /// patch does.
    pub stem: &'static [usize],
    /// Side of the image in pixels, a multiple of the patch's.
    pub side: usize,
    /// Classes; 0 for a network without a last layer, whose answer is the class token.
    pub classes: usize,
    /// How many times wider than a token the hidden layer of a block's perceptron is.
    pub ratio: usize,
}

/// A vision transformer of some sizes. An [`Architecture`] holds plain functions, so the sizes are a type's:
///
/// ```
/// use sweetspot_nn::architecture::Architecture;
/// use sweetspot_nn::architectures::vit;
///
/// struct Small;
/// impl vit::Transformer for Small {
///     const SIZES: vit::Sizes = vit::Sizes { depth: 4, width: 64, heads: 4, patch: 8, stem: &[], side: 64, classes: 10, ratio: 4 };
/// }
/// static SMALL: Architecture = vit::architecture::<Small>("vit_small");
/// assert_eq!(SMALL.default_tap, "blocks.3.norm1");
/// ```
pub trait Transformer {
    /// The sizes.
    const SIZES: Sizes;
}

/// timm's constant of layer normalisations.
const EPSILON: f32 = 1e-6;

/// What goes into the attention of the last of so many blocks.
const LAST_NORM: [&str; 12] = [
    "blocks.0.norm1",
    "blocks.1.norm1",
    "blocks.2.norm1",
    "blocks.3.norm1",
    "blocks.4.norm1",
    "blocks.5.norm1",
    "blocks.6.norm1",
    "blocks.7.norm1",
    "blocks.8.norm1",
    "blocks.9.norm1",
    "blocks.10.norm1",
    "blocks.11.norm1",
];

/// The architecture of these sizes. Layer methods look at what goes into the last attention: behind it only the class token reaches the
/// answer, and a gradient by patches would be zero.
pub const fn architecture<T: Transformer>(id: &'static str) -> Architecture {
    let sizes = T::SIZES;
    assert!(sizes.stem.is_empty() || sizes.patch == 2 << sizes.stem.len(), "the stem has to halve as often as a patch is long");
    assert!(sizes.width.is_multiple_of(sizes.heads) && sizes.side.is_multiple_of(sizes.patch), "heads and patches have to fit");
    Architecture {
        id,
        layers: layers::<T>,
        extras: extras::<T>,
        head: if sizes.classes > 0 { Some("head") } else { None },
        forward: forward::<T>,
        taps: taps::<T>,
        attention: AttentionKind::Global,
        default_tap: LAST_NORM[sizes.depth - 1],
    }
}

fn blocks<T: Transformer>() -> impl Iterator<Item = String> {
    (0..T::SIZES.depth).map(|block| format!("blocks.{block}"))
}

fn layers<T: Transformer>() -> Vec<Layer> {
    let Sizes { width, classes, ratio, .. } = T::SIZES;
    let mut layers = embedding::<T>();
    for block in blocks::<T>() {
        layers.extend(["q", "k", "v", "proj"].map(|part| Layer::linear(format!("{block}.attn.{part}"), width, width)));
        layers.push(Layer::linear(format!("{block}.mlp.fc1"), width, width * ratio));
        layers.push(Layer::linear(format!("{block}.mlp.fc2"), width * ratio, width));
    }
    if classes > 0 {
        layers.push(Layer::linear("head", width, classes));
    }
    layers
}

/// The convolutions that make tokens of an image.
fn embedding<T: Transformer>() -> Vec<Layer> {
    let Sizes { width, patch, stem, .. } = T::SIZES;
    if stem.is_empty() {
        return vec![Layer { stride: patch, ..Layer::conv("patch_embed.proj", 3, width, patch) }];
    }
    let halving = |name: String, inputs, outputs| Layer { stride: 2, padding: Padding::Each(1), ..Layer::conv(name, inputs, outputs, 3) };
    let inputs = [3].into_iter().chain(stem.iter().copied());
    let normed = inputs.zip(stem).enumerate().map(|(at, (inputs, &outputs))| {
        let norm = Some(Norm { name: format!("patch_embed.norm{at}"), epsilon: resnet::EPSILON });
        Layer { bias: false, norm, ..halving(format!("patch_embed.conv{at}"), inputs, outputs) }
    });
    normed.chain([halving("patch_embed.proj".into(), stem[stem.len() - 1], width)]).collect()
}

fn extras<T: Transformer>() -> Vec<(String, Vec<usize>)> {
    let Sizes { width, patch, side, .. } = T::SIZES;
    let patches = (side / patch).pow(2);
    let mut extras = vec![("cls_token".into(), vec![1, 1, width]), ("pos_embed".into(), vec![1, 1 + patches, width])];
    let norms = blocks::<T>().flat_map(|block| ["norm1", "norm2"].map(|norm| format!("{block}.{norm}")));
    for norm in norms.chain(["norm".into()]) {
        extras.extend(["weight", "bias"].map(|part| (format!("{norm}.{part}"), vec![width])));
    }
    extras
}

fn taps<T: Transformer>() -> Vec<String> {
    let parts = |block: String| ["norm1", "attn.q", "attn.k", "attn.v"].map(|part| format!("{block}.{part}")).into_iter().chain([block]);
    let blocks = blocks::<T>().flat_map(parts);
    ["patch_embed".to_string()].into_iter().chain(blocks).collect()
}

fn forward<T: Transformer>(pass: &mut Pass<'_, '_>, images: Value) -> Value {
    let mut x = images;
    for at in 0..T::SIZES.stem.len() {
        x = pass.conv(&format!("patch_embed.conv{at}"), &x);
        x = pass.relu(x);
    }
    let patches = pass.conv("patch_embed.proj", &x);
    let patches = pass.tap("patch_embed", patches);
    let tokens = pass.tokens("cls_token", &patches);
    let places = pass.places("pos_embed", [patches.tensor.dims()[2], patches.tensor.dims()[3]]);
    let mut x = pass.add(tokens, places);
    for name in blocks::<T>() {
        x = block(pass, &name, T::SIZES.heads, x);
        x = pass.tap(&name, x);
    }
    // Tokens are normalised one by one, so the others need not be.
    let class = pass.first_token(&x);
    let class = pass.layer_norm("norm", EPSILON, &class);
    if T::SIZES.classes > 0 { pass.conv("head", &class) } else { class }
}

fn block(pass: &mut Pass<'_, '_>, name: &str, heads: usize, x: Value) -> Value {
    let norm = format!("{name}.norm1");
    let y = pass.layer_norm(&norm, EPSILON, &x);
    let y = pass.tap(&norm, y);
    let [q, k, v] = ["q", "k", "v"].map(|part| {
        let layer = format!("{name}.attn.{part}");
        let x = pass.conv(&layer, &y);
        pass.tap(&layer, x)
    });
    let attention = pass.attend(heads, &q, &k);
    let y = pass.mix(&attention, &v);
    let y = pass.conv(&format!("{name}.attn.proj"), &y);
    let x = pass.add(x, y);
    let y = pass.layer_norm(&format!("{name}.norm2"), EPSILON, &x);
    let y = pass.conv(&format!("{name}.mlp.fc1"), &y);
    let y = pass.gelu(&y);
    let y = pass.conv(&format!("{name}.mlp.fc2"), &y);
    pass.add(x, y)
}
