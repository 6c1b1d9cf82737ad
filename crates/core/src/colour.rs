//! Colours of maps: two scales that are even to the eye and safe for colour-blind readers, and how values are placed on them.
//!
//! Both scales are straight lines in Oklab (Ottosson, 2020), so equal steps of the value are equal steps to the eye. The sequential one
//! runs from dark blue to light yellow, the axis that red-green blindness leaves intact (the idea of cividis; Nuñez, Anderton and
//! Renslow, 2018). The diverging one runs from dark blue over near-white at zero to dark red.

/// Which scale a map is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// From 0 to the limit, for maps without a sign.
    Sequential,
    /// From minus the limit over 0 to the limit, for maps with a sign.
    Diverging,
}

/// The share of a map's pixels that may lie beyond the end of the scale.
pub const CLIPPED: f64 = 0.02;

/// An Oklab colour: lightness, green to red, blue to yellow.
type Oklab = [f32; 3];

// Lightness 0.26, chroma 0.09, hue 262 degrees to lightness 0.93, chroma 0.15, hue 100 degrees.
const DARK_BLUE: Oklab = [0.26, -0.012_526, -0.089_124];
const LIGHT_YELLOW: Oklab = [0.93, -0.026_047, 0.147_721];
// Lightness 0.40, chroma 0.13, hues 258 and 27 degrees.
const BLUE: Oklab = [0.40, -0.027_029, -0.127_159];
const NEAR_WHITE: Oklab = [0.965, 0.0, 0.0];
const RED: Oklab = [0.40, 0.115_831, 0.059_019];

impl Scale {
    /// The scale for a map with or without a sign.
    pub fn of(signed: bool) -> Self {
        if signed { Self::Diverging } else { Self::Sequential }
    }

    /// The place of a value on the scale, 0 to 1. What lies beyond the limit has the end's place; an even scale (`limit` 0) has zero's.
    pub fn place(self, value: f32, limit: f32) -> f32 {
        let relative = if limit > 0.0 { (value / limit).clamp(-1.0, 1.0) } else { 0.0 };
        match self {
            Self::Sequential => relative.max(0.0),
            Self::Diverging => (relative + 1.0) / 2.0,
        }
    }

    /// Where lines of equal value are drawn, as shares of the limit.
    pub fn levels(self) -> &'static [f32] {
        match self {
            Self::Sequential => &[0.2, 0.4, 0.6, 0.8],
            Self::Diverging => &[-0.75, -0.5, -0.25, 0.25, 0.5, 0.75],
        }
    }

    /// The colour at a place from 0 to 1, as sRGB bytes.
    pub fn colour(self, place: f32) -> [u8; 3] {
        srgb(self.oklab(place))
    }

    /// The scale as 256 colours, for drawing.
    pub fn table(self) -> [[u8; 3]; 256] {
        std::array::from_fn(|index| self.colour(index as f32 / 255.0))
    }

    fn oklab(self, place: f32) -> Oklab {
        let place = place.clamp(0.0, 1.0);
        match self {
            Self::Sequential => mix(DARK_BLUE, LIGHT_YELLOW, place),
            Self::Diverging if place < 0.5 => mix(BLUE, NEAR_WHITE, 2.0 * place),
            Self::Diverging => mix(NEAR_WHITE, RED, 2.0 * place - 1.0),
        }
    }
}

/// The end of the scale for a map: the absolute value that all but [`CLIPPED`] of its finite values stay within. If that is zero (a map
/// with very few values other than zero), the largest absolute value; 0 only for a map that is zero everywhere, or has no finite value.
pub fn limit(values: &[f32]) -> f32 {
    let mut strengths: Vec<f32> = values.iter().map(|value| value.abs()).filter(|value| value.is_finite()).collect();
    let Some(last) = strengths.len().checked_sub(1) else { return 0.0 };
    let rank = ((strengths.len() as f64 * (1.0 - CLIPPED)).ceil() as usize).saturating_sub(1).min(last);
    let (_, &mut at_rank, above) = strengths.select_nth_unstable_by(rank, f32::total_cmp);
    if at_rank > 0.0 { at_rank } else { above.iter().copied().fold(0.0, f32::max) }
}

fn mix(from: Oklab, to: Oklab, place: f32) -> Oklab {
    std::array::from_fn(|axis| from[axis] + (to[axis] - from[axis]) * place)
}

/// Oklab to sRGB bytes (Ottosson's matrices).
fn srgb([lightness, a, b]: Oklab) -> [u8; 3] {
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s,
        -0.004_196_086 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ]
    .map(|linear| {
        let encoded = if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
        (encoded.clamp(0.0, 1.0) * 255.0).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linear(byte: u8) -> f32 {
        let encoded = f32::from(byte) / 255.0;
        if encoded <= 0.040_45 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) }
    }

    /// Back from bytes to Oklab, with the colours seen by an eye without one kind of cone where asked (Viénot, Brettel and Mollon, 1999).
    fn seen(colour: [u8; 3], without_green_cones: bool) -> Oklab {
        let [r, g, b] = colour.map(linear);
        let [r, g, b] = if without_green_cones {
            let yellow = 0.292_75 * r + 0.707_25 * g;
            [yellow, yellow, -0.022_34 * r + 0.022_34 * g + b]
        } else {
            [r, g, b]
        };
        let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        [
            0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        ]
    }

    fn distance(one: Oklab, other: Oklab) -> f32 {
        one.iter().zip(other).map(|(x, y)| (x - y).powi(2)).sum::<f32>().sqrt()
    }

    #[test]
    fn steps_are_even_to_the_eye() {
        for (scale, ends) in [(Scale::Sequential, vec![0.0, 1.0]), (Scale::Diverging, vec![0.0, 0.5, 1.0])] {
            for pair in ends.windows(2) {
                let at = |step: usize| seen(scale.colour(pair[0] + (pair[1] - pair[0]) * step as f32 / 16.0), false);
                let steps: Vec<f32> = (0..16).map(|step| distance(at(step), at(step + 1))).collect();
                let mean = steps.iter().sum::<f32>() / 16.0;
                assert!(steps.iter().all(|step| (step / mean - 1.0).abs() < 0.12), "{scale:?}: {steps:?}");
            }
        }
    }

    #[test]
    fn lightness_tells_the_strength() {
        let lightness = |scale: Scale, index: usize| seen(scale.table()[index], false)[0];
        assert!((1..256).all(|index| lightness(Scale::Sequential, index) >= lightness(Scale::Sequential, index - 1) - 1e-3));
        for index in 0..128 {
            let difference = lightness(Scale::Diverging, index) - lightness(Scale::Diverging, 255 - index);
            assert!(difference.abs() < 0.01, "the two arms are equally light at {index}: {difference}");
        }
    }

    #[test]
    fn red_green_blindness_leaves_the_scales_apart() {
        assert!(distance(seen(Scale::Diverging.colour(0.0), true), seen(Scale::Diverging.colour(1.0), true)) > 0.15);
        assert!(distance(seen(Scale::Sequential.colour(0.0), true), seen(Scale::Sequential.colour(1.0), true)) > 0.5);
    }

    #[test]
    fn zero_is_the_middle_of_a_diverging_scale() {
        let [r, g, b] = Scale::Diverging.colour(Scale::Diverging.place(0.0, 3.0));
        assert!(r == g && g == b && r > 235, "{r} {g} {b}");
        assert_eq!(Scale::Diverging.place(-3.0, 3.0), 0.0);
        assert_eq!(Scale::Diverging.place(9.0, 3.0), 1.0);
        assert_eq!(Scale::Sequential.place(-1.0, 3.0), 0.0);
        assert_eq!(Scale::Sequential.place(1.5, 3.0), 0.5);
        assert_eq!(Scale::Sequential.place(1.5, 0.0), 0.0);
    }

    #[test]
    fn two_percent_lie_beyond_the_limit() {
        let values: Vec<f32> = (1..=100).map(|value| value as f32).collect();
        assert_eq!(limit(&values), 98.0);
        let negative: Vec<f32> = values.iter().map(|value| -value).collect();
        assert_eq!(limit(&negative), 98.0);
    }

    #[test]
    fn odd_maps_have_a_limit() {
        assert_eq!(limit(&[]), 0.0);
        assert_eq!(limit(&[0.0; 500]), 0.0);
        assert_eq!(limit(&[f32::NAN, f32::INFINITY]), 0.0);
        let mut sparse = [0.0; 500];
        sparse[7] = 0.25;
        assert_eq!(limit(&sparse), 0.25);
        assert_eq!(limit(&[2.0]), 2.0);
    }
}
