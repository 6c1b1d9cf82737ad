//! A manipulation carried out on a picture.

use rand::RngExt;

use super::eidolon::Settings;
use super::plane::Plane;
use super::power_equalisation::Amplitudes;
use super::{
    contrast, edge, eidolon, false_colour, greyscale, high_pass, low_pass, noise_mask, phase_noise, power_equalisation, rotation,
    silhouette, uniform_noise,
};
use sweetspot_core::alignment::stimuli::info::Manipulation;
use sweetspot_core::draw::{normal, random};
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::image::Rgb;

/// What a manipulation needs beside the picture.
#[derive(Debug, Clone, Copy, Default)]
pub struct Needs<'a> {
    /// Its level; what it is, [`Manipulation::info`] says. The middle of the published ones unless given.
    pub level: Option<f64>,
    /// Seed of what is drawn.
    pub seed: u64,
    /// Which pixels show the object, row by row: for silhouettes.
    pub mask: Option<&'a [bool]>,
    /// The mean spectrum of the pictures: for power equalisation.
    pub amplitudes: Option<&'a Amplitudes>,
}

/// A manipulation carried out.
pub trait Apply {
    /// The picture, changed. An error for a level outside the manipulation's range, a picture of more than [`plane::MOST_SIDE`](super::plane::MOST_SIDE) pixels on a side, or
    /// something that is needed and missing.
    fn apply(self, picture: &Rgb, needs: Needs<'_>) -> Result<Rgb>;
}

impl Apply for Manipulation {
    fn apply(self, picture: &Rgb, needs: Needs<'_>) -> Result<Rgb> {
        let level = self.level(needs.level)?;
        if self == Self::FalseColour {
            return false_colour::false_colour(picture);
        }
        let grey = Plane::grey(picture)?;
        let mut chance = random(needs.seed);
        let mut draw = || chance.random::<f64>();
        let changed = match self {
            Self::Greyscale | Self::FalseColour => greyscale::greyscale(&grey),
            Self::Contrast => contrast::contrast(&grey, level),
            Self::UniformNoise => uniform_noise::uniform_noise(&grey, level, draw),
            Self::LowPass => low_pass::low_pass(&grey, level),
            Self::HighPass => high_pass::high_pass(&grey, level),
            Self::PhaseNoise => phase_noise::phase_noise(&grey, level, draw),
            Self::PowerEqualisation => {
                let missing =
                    || Error::Missing { what: "the mean spectrum".into(), reason: "power equalisation needs that of all pictures".into() };
                power_equalisation::power_equalisation(&grey, needs.amplitudes.ok_or_else(missing)?)?
            }
            Self::Rotation => rotation::rotation(&grey, (level / 90.0).round() as usize),
            Self::EidolonI | Self::EidolonII | Self::EidolonIII => {
                let coherence = match self {
                    Self::EidolonI => 1.0,
                    Self::EidolonII => 0.3,
                    _ => 0.0,
                };
                let settings = Settings { reach: level, coherence, grain: 10.0 };
                // A generator a plane, so that none depends on how many others are drawn before it.
                eidolon::eidolon(&grey, settings, |number, count| {
                    let own = needs.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(number as u64);
                    normal(&mut random(own), 1.0, count).into_iter().map(f64::from).collect()
                })
            }
            Self::Silhouette => {
                let missing = || Error::Missing { what: "the object's mask".into(), reason: "a silhouette is made of it".into() };
                silhouette::silhouette(needs.mask.ok_or_else(missing)?, picture.width, picture.height)?
            }
            Self::Edge => edge::edge(&grey, level),
            Self::NoiseMask => {
                let white = grey.values.iter().map(|_| draw() - 0.5).collect();
                noise_mask::noise_mask(&grey.with(white))?
            }
        };
        Ok(changed.picture())
    }
}
