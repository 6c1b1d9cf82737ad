//! SqueezeNet 1.1 (Iandola et al., 2016), layers named as in torchvision's `squeezenet1_1`.

use crate::architecture::Architecture;
use crate::layer::{Layer, Padding};
use crate::pass::Pass;
use crate::tape::Value;
use sweetspot_core::attribution::method::AttentionKind;

/// SqueezeNet 1.1.
pub(crate) const SQUEEZENET1_1: Architecture = Architecture {
    id: "squeezenet1_1",
    layers,
    extras: Vec::new,
    head: Some("classifier.1"),
    forward,
    taps,
    attention: AttentionKind::None,
    default_tap: "features.12",
};

/// A fire module: where it stands, channels in, squeezed to, and expanded to (twice: by 1 x 1 and by 3 x 3 kernels).
type Fire = (usize, usize, usize, usize);

const FIRES: [Fire; 8] = [
    (3, 64, 16, 64),
    (4, 128, 16, 64),
    (6, 128, 32, 128),
    (7, 256, 32, 128),
    (9, 256, 48, 192),
    (10, 384, 48, 192),
    (11, 384, 64, 256),
    (12, 512, 64, 256),
];

/// Positions of the poolings in `features`.
const POOLS: [usize; 3] = [2, 5, 8];

fn layers() -> Vec<Layer> {
    let mut layers = vec![Layer { stride: 2, ..Layer::conv("features.0", 3, 64, 3) }];
    for (at, inputs, squeezed, expanded) in FIRES {
        layers.push(Layer::conv(format!("features.{at}.squeeze"), inputs, squeezed, 1));
        layers.push(Layer::conv(format!("features.{at}.expand1x1"), squeezed, expanded, 1));
        layers.push(Layer { padding: Padding::Each(1), ..Layer::conv(format!("features.{at}.expand3x3"), squeezed, expanded, 3) });
    }
    layers.push(Layer::conv("classifier.1", 512, 1000, 1));
    layers
}

fn taps() -> Vec<String> {
    let mut positions: Vec<usize> = FIRES.map(|(at, ..)| at).into_iter().chain(POOLS).collect();
    positions.sort_unstable();
    // Position 1 is the rectified first convolution.
    [1].into_iter().chain(positions).map(|at| format!("features.{at}")).collect()
}

fn forward(pass: &mut Pass<'_, '_>, images: Value) -> Value {
    let mut x = pass.conv("features.0", &images);
    x = pass.relu(x);
    x = pass.tap("features.1", x);
    for at in 2..=12 {
        x = if POOLS.contains(&at) { pass.max_pool(&x, 3, 2) } else { fire(pass, at, x) };
        x = pass.tap(&format!("features.{at}"), x);
    }
    x = pass.conv("classifier.1", &x);
    x = pass.relu(x);
    pass.average(&x)
}

fn fire(pass: &mut Pass<'_, '_>, at: usize, x: Value) -> Value {
    let squeezed = pass.conv(&format!("features.{at}.squeeze"), &x);
    let squeezed = pass.relu(squeezed);
    let narrow = pass.conv(&format!("features.{at}.expand1x1"), &squeezed);
    let wide = pass.conv(&format!("features.{at}.expand3x3"), &squeezed);
    // Rectified before they are joined, so that the rectifier works in place.
    let (narrow, wide) = (pass.relu(narrow), pass.relu(wide));
    pass.join(vec![narrow, wide])
}
