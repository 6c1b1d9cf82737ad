//! One scene: what is drawn by chance, and the picture that follows from it.

use rand::RngExt;
use serde::Serialize;

use super::fashion;
use sweetspot_core::draw::Random;
use sweetspot_nn::image::{Rgb, upsample};

/// A scene's side in pixels.
pub const SIDE: usize = 64;
/// Pixels of a scene.
pub const PIXELS: usize = SIDE * SIDE;

/// The ranges that scenes are drawn from. All are even distributions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Recipe {
    /// Side of the background's piece, as a share of the photo's short side.
    pub piece: (f64, f64),
    /// How much larger than 28 pixels the garment's square is; at most 64 pixels then.
    pub scale: (f64, f64),
    /// Saturation of colours.
    pub saturation: (f64, f64),
    /// Value of colours: the brightest channel.
    pub value: (f64, f64),
    /// How bright a dark colour is, compared with a light one.
    pub dark: f64,
    /// Grey values above this belong to the garment, on the scale 0 to 1.
    pub cut: f32,
    /// Red, green and blue means of training scenes, on the scale 0 to 255.
    pub mean: [f32; 3],
    /// Their standard deviations.
    pub deviation: [f32; 3],
}

/// Fashion in the wild.
pub const WILD: Recipe = Recipe {
    piece: (0.2, 1.0),
    scale: (0.8, 1.6),
    saturation: (0.2, 0.9),
    value: (0.6, 1.0),
    dark: 0.2,
    cut: 0.05,
    mean: [123.6, 117.2, 96.1],
    deviation: [58.5, 55.6, 59.0],
};

/// What chance decided for a scene.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Draws {
    /// The split's photo.
    pub photo: usize,
    /// Side of the piece of it, as a share of its short side.
    pub share: f64,
    /// Where the piece lies, 0 left or top and 1 right or bottom.
    pub place: (f64, f64),
    /// Whether the background is mirrored.
    pub photo_mirrored: bool,
    /// Side of the garment's square in pixels.
    pub size: usize,
    /// Left edge of the square.
    pub x: usize,
    /// Its upper edge.
    pub y: usize,
    /// Whether the garment is mirrored.
    pub mirrored: bool,
    /// Hue, saturation and value of what is white in the garment's picture.
    pub light: [f64; 3],
    /// The same for what is black, before it is darkened.
    pub dark: [f64; 3],
}

impl Draws {
    /// Draws a scene with one of `photos` backgrounds.
    pub fn new(recipe: &Recipe, random: &mut Random, photos: usize) -> Self {
        let mut even = |(low, high): (f64, f64)| low + (high - low) * random.random::<f64>();
        let photo = even((0.0, photos as f64)) as usize;
        let share = even(recipe.piece);
        let place = (even((0.0, 1.0)), even((0.0, 1.0)));
        let photo_mirrored = even((0.0, 1.0)) < 0.5;
        let size = (even(recipe.scale) * fashion::SIDE as f64).round() as usize;
        let room = (SIDE - size + 1) as f64;
        let (x, y) = (even((0.0, room)) as usize, even((0.0, room)) as usize);
        let mirrored = even((0.0, 1.0)) < 0.5;
        let mut colour = || [even((0.0, 1.0)), even(recipe.saturation), even(recipe.value)];
        Self { photo, share, place, photo_mirrored, size, x, y, mirrored, light: colour(), dark: colour() }
    }
}

/// A picture with one garment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// 64 x 64 pixels.
    pub rgb: Rgb,
    /// The garment's class.
    pub label: u8,
    /// Which pixels show the garment, row by row.
    pub mask: Vec<bool>,
    /// The mask's bounds in pixels: left, top, right and bottom, the latter two exclusive.
    pub bounds: [usize; 4],
}

/// A garment over a background: how much of each pixel it covers, and the picture.
///
/// With g the garment's grey values and a their support with holes filled, both scaled bilinearly: `a (dark + g (light - dark)) + (1 - a) background`.
pub fn compose(recipe: &Recipe, draws: &Draws, garment: &[u8], mut background: Vec<u8>) -> (Vec<u8>, Vec<f32>) {
    if draws.photo_mirrored {
        background.chunks_exact_mut(3 * SIDE).for_each(|row| {
            row.reverse();
            row.chunks_exact_mut(3).for_each(<[u8]>::reverse);
        });
    }
    let size = draws.size;
    let scaled = |values: &[f32]| upsample(values, (fashion::SIDE, fashion::SIDE), (size, size));
    let grey: Vec<f32> = garment.iter().map(|g| f32::from(*g) / 255.0).collect();
    let (cover, grey) = (scaled(&support(&grey, recipe.cut)), scaled(&grey));
    let light = rgb(draws.light);
    let dark = rgb(draws.dark).map(|c| c * recipe.dark as f32);
    let mut alpha = vec![0.0; PIXELS];
    for row in 0..size {
        for column in 0..size {
            let from = row * size + if draws.mirrored { size - 1 - column } else { column };
            let to = (draws.y + row) * SIDE + draws.x + column;
            let (a, g) = (cover[from], grey[from]);
            if a == 0.0 {
                continue;
            }
            alpha[to] = a;
            for (c, byte) in background[3 * to..3 * to + 3].iter_mut().enumerate() {
                let colour = 255.0 * (dark[c] + g * (light[c] - dark[c]));
                *byte = (a * colour + (1.0 - a) * f32::from(*byte)).round() as u8;
            }
        }
    }
    (background, alpha)
}

/// 1 where grey values are above `cut` or enclosed by such, 0 elsewhere. A hole's pixels touch by their sides.
fn support(grey: &[f32], cut: f32) -> Vec<f32> {
    let side = fashion::SIDE;
    let mut inside: Vec<f32> = vec![1.0; grey.len()];
    // What is reached from the border is outside.
    let border = (0..side).flat_map(|i| [i, (side - 1) * side + i, i * side, i * side + side - 1]);
    let mut open: Vec<usize> = border.collect();
    while let Some(at) = open.pop() {
        if inside[at] == 0.0 || grey[at] > cut {
            continue;
        }
        inside[at] = 0.0;
        let (x, y) = (at % side, at / side);
        open.extend([(x > 0).then(|| at - 1), (x + 1 < side).then_some(at + 1)].into_iter().flatten());
        open.extend([(y > 0).then(|| at - side), (y + 1 < side).then_some(at + side)].into_iter().flatten());
    }
    inside
}

/// Red, green and blue, 0 to 1, of hue, saturation and value.
fn rgb([hue, saturation, value]: [f64; 3]) -> [f32; 3] {
    // Each channel is the value less what its distance from its own hue takes.
    [5.0, 3.0, 1.0].map(|n| {
        let k = (n + hue * 6.0) % 6.0;
        (value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0)) as f32
    })
}
