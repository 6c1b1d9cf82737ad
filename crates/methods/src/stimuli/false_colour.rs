//! False colour: a picture of the same lightness in its opponent colours (Geirhos et al., 2018, "opponent colours").

use nalgebra::{Matrix3, Vector3};

use super::plane::check;
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::image::Rgb;

/// What long, middle and short cones make of a display's red, green and blue light: rows are cones. Measured by the authors on their display with the
/// fundamentals of Stockman and Sharpe for 2 degrees (`image_manipulation.py` of rgeirhos/generalisation-humans-DNNs).
const CONES: [f64; 9] = [
    0.1619982647,
    0.208049264,
    0.0389347448, //
    0.0330275785,
    0.2496504557,
    0.0618343518, //
    0.0015524055,
    0.0198861001,
    0.1890224274,
];
/// The cones' answer to the grey in the middle, around which colours are opposite.
const GREY: [f64; 3] = [0.20449114, 0.17225619, 0.10523047];
/// Cone contrasts as luminance, red against green, and blue against yellow (the DKL space of Derrington, Krauskopf and Lennie, 1984, as Brainard, 1996,
/// derives it), from the same source.
const OPPONENTS: [f64; 9] = [
    9.27590805,
    9.27590805,
    0.0, //
    7.86421647,
    -9.33587662,
    0.0, //
    -3.39709047,
    -3.39709047,
    12.16230246,
];

/// Each pixel's two opponent colours negated and its luminance kept, in linear light. The display's curve is sRGB's (the authors measured their own);
/// what the display cannot show is cut off, and of the display's 256 levels the nearest in light is taken.
pub fn false_colour(picture: &Rgb) -> Result<Rgb> {
    check(picture)?;
    let (cones, opponents) = (Matrix3::from_row_slice(&CONES), Matrix3::from_row_slice(&OPPONENTS));
    let singular = || Error::Undefined { measure: "false colour".into(), reason: "its matrices have no inverse".into() };
    let opposite = opponents.try_inverse().ok_or_else(singular)? * Matrix3::from_diagonal(&Vector3::new(1.0, -1.0, -1.0)) * opponents;
    let back = cones.try_inverse().ok_or_else(singular)?;
    let grey = Vector3::from(GREY);
    let light: Vec<f64> = (0..=255u8).map(|byte| linear(f64::from(byte) / 255.0)).collect();
    let (pixels, _) = picture.bytes.as_chunks::<3>();
    let change = |pixel: &[u8; 3]| {
        let shown = Vector3::from(pixel.map(|byte| light[usize::from(byte)]));
        let changed = back * (opposite * (cones * shown - grey) + grey);
        [0, 1, 2].map(|channel| nearest(&light, changed[channel]))
    };
    Ok(Rgb { width: picture.width, height: picture.height, bytes: pixels.iter().flat_map(change).collect() })
}

/// sRGB's curve (IEC 61966-2-1): the light of a level from 0 to 1.
fn linear(level: f64) -> f64 {
    if level <= 0.04045 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
}

/// The level whose light is nearest, the lower one of two as near.
fn nearest(light: &[f64], value: f64) -> u8 {
    let above = light.partition_point(|known| *known < value).min(255);
    let below = above.saturating_sub(1);
    if value - light[below] <= light[above] - value { below as u8 } else { above as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greys_stay_and_red_turns_green() {
        let of = |pixel: [u8; 3]| false_colour(&Rgb { width: 1, height: 1, bytes: pixel.into() }).unwrap().bytes;
        for grey in [0, 60, 128, 188, 255] {
            assert!(of([grey; 3]).iter().all(|byte| byte.abs_diff(grey) <= 2), "{grey}: {:?}", of([grey; 3]));
        }
        let changed = of([180, 120, 120]);
        assert!(changed[1] > changed[0], "{changed:?}");
        // Within what the display shows, twice is back.
        let twice = of([changed[0], changed[1], changed[2]]);
        assert!(twice.iter().zip([180u8, 120, 120]).all(|(a, b)| a.abs_diff(b) <= 2), "{twice:?}");
    }
}
