//! Every manipulation: what it is called, what it does, and which levels the published experiments have.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The usual deviation of the edge detector's blur in pixels (MATLAB's, which made the published stimuli).
pub const DEVIATION: f64 = std::f64::consts::SQRT_2;

/// A way to change a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manipulation {
    /// Greyscale.
    Greyscale,
    /// Contrast.
    Contrast,
    /// Uniform noise.
    UniformNoise,
    /// Low-pass.
    LowPass,
    /// High-pass.
    HighPass,
    /// Phase noise.
    PhaseNoise,
    /// Power equalisation.
    PowerEqualisation,
    /// Rotation.
    Rotation,
    /// False colour.
    FalseColour,
    /// Eidolon, coherence 1.
    #[serde(rename = "eidolon-1")]
    EidolonI,
    /// Eidolon, coherence 0.3.
    #[serde(rename = "eidolon-2")]
    EidolonII,
    /// Eidolon, coherence 0.
    #[serde(rename = "eidolon-3")]
    EidolonIII,
    /// Silhouette.
    Silhouette,
    /// Edges.
    Edge,
    /// Noise mask.
    NoiseMask,
}

/// A manipulation's level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// What it is.
    pub name: &'static str,
    /// The least and the most that is taken.
    pub range: (f64, f64),
    /// What is taken unless another is given.
    pub usual: f64,
    /// What it must be a multiple of.
    pub step: Option<f64>,
    /// The levels of the published experiment.
    pub published: &'static [f64],
}

/// What tables and help texts say of a manipulation.
#[derive(Debug, Clone, Copy)]
pub struct ManipulationInfo {
    /// The name in results.
    pub id: &'static str,
    /// What to call it.
    pub title: &'static str,
    /// One plain sentence.
    pub says: &'static str,
    /// The level, where it has one.
    pub level: Option<Level>,
    /// The published data set with such pictures, by its name in [`references`](crate::alignment::references).
    pub data_set: Option<&'static str>,
    /// Where the definition is from.
    pub source: &'static str,
}

const GEIRHOS_2018: &str = "Geirhos, Temme, Rauber, Sch\u{fc}tt, Bethge and Wichmann, 2018";
const GEIRHOS_2019: &str = "Geirhos, Rubisch, Michaelis, Bethge, Wichmann and Brendel, 2019";
const REACHES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

const fn level(name: &'static str, range: (f64, f64), usual: f64, published: &'static [f64]) -> Option<Level> {
    Some(Level { name, range, usual, step: None, published })
}

impl Manipulation {
    /// Every manipulation, in the order of tables.
    pub const ALL: [Self; 15] = [
        Self::Greyscale,
        Self::Contrast,
        Self::UniformNoise,
        Self::LowPass,
        Self::HighPass,
        Self::PhaseNoise,
        Self::PowerEqualisation,
        Self::Rotation,
        Self::FalseColour,
        Self::EidolonI,
        Self::EidolonII,
        Self::EidolonIII,
        Self::Silhouette,
        Self::Edge,
        Self::NoiseMask,
    ];

    /// What is known of it.
    pub fn info(self) -> ManipulationInfo {
        let info = |id, title, says, level, data_set, source| ManipulationInfo { id, title, says, level, data_set, source };
        let eidolon = |id, title, says, data_set| {
            info(id, title, says, level("reach", (0.0, 256.0), 8.0, REACHES), Some(data_set), "Koenderink et al., 2017")
        };
        match self {
            Self::Greyscale => info("greyscale", "Greyscale", "The picture without its colours.", None, Some("colour"), GEIRHOS_2018),
            Self::Contrast => info(
                "contrast",
                "Contrast",
                "The grey picture, drawn towards middle grey.",
                level("contrast", (0.0, 1.0), 0.1, &[1.0, 0.5, 0.3, 0.15, 0.1, 0.05, 0.03, 0.01]),
                Some("contrast"),
                GEIRHOS_2018,
            ),
            Self::UniformNoise => info(
                "uniform-noise",
                "Uniform noise",
                "The grey picture of 30 % contrast with noise on each pixel.",
                level("the noise's width", (0.0, 2.0), 0.2, &[0.0, 0.03, 0.05, 0.1, 0.2, 0.35, 0.6, 0.9]),
                Some("uniform-noise"),
                GEIRHOS_2018,
            ),
            Self::LowPass => info(
                "low-pass",
                "Low-pass",
                "The grey picture, blurred.",
                level("the blur's deviation", (0.0, 200.0), 7.0, &[0.0, 1.0, 3.0, 5.0, 7.0, 10.0, 15.0, 40.0]),
                Some("low-pass"),
                GEIRHOS_2018,
            ),
            Self::HighPass => info(
                "high-pass",
                "High-pass",
                "The fine detail of the grey picture alone.",
                level("the blur's deviation", (0.1, f64::INFINITY), 1.0, &[f64::INFINITY, 3.0, 1.5, 1.0, 0.7, 0.55, 0.45, 0.4]),
                Some("high-pass"),
                GEIRHOS_2018,
            ),
            Self::PhaseNoise => info(
                "phase-noise",
                "Phase noise",
                "The grey picture with its waves moved against each other.",
                level("the noise's width in degrees", (0.0, 180.0), 90.0, &[0.0, 30.0, 60.0, 90.0, 120.0, 150.0, 180.0]),
                Some("phase-scrambling"),
                GEIRHOS_2018,
            ),
            Self::PowerEqualisation => info(
                "power-equalisation",
                "Power equalisation",
                "The grey picture with waves as strong as those of all pictures on average.",
                None,
                Some("power-equalisation"),
                GEIRHOS_2018,
            ),
            Self::Rotation => info(
                "rotation",
                "Rotation",
                "The grey picture, turned against the clock.",
                Some(Level { name: "degrees", range: (0.0, 270.0), usual: 90.0, step: Some(90.0), published: &[0.0, 90.0, 180.0, 270.0] }),
                Some("rotation"),
                GEIRHOS_2018,
            ),
            Self::FalseColour => info(
                "false-colour",
                "False colour",
                "The picture in its opponent colours, as light as it was.",
                None,
                Some("false-colour"),
                GEIRHOS_2018,
            ),
            Self::EidolonI => eidolon(
                "eidolon-1",
                "Eidolon I",
                "The grey picture with its parts moved about, the coarse dragging the fine along.",
                "eidolonI",
            ),
            Self::EidolonII => {
                eidolon("eidolon-2", "Eidolon II", "The same with a third of the noise that moves each scale by itself.", "eidolonII")
            }
            Self::EidolonIII => {
                eidolon("eidolon-3", "Eidolon III", "The same without the noise that moves each scale by itself.", "eidolonIII")
            }
            Self::Silhouette => {
                info("silhouette", "Silhouette", "The object as a black shape on white.", None, Some("silhouette"), GEIRHOS_2019)
            }
            Self::Edge => info(
                "edge",
                "Edges",
                "Black outlines on white, as Canny's detector draws them.",
                level("the blur's deviation", (0.3, 20.0), DEVIATION, &[DEVIATION]),
                Some("edge"),
                GEIRHOS_2019,
            ),
            Self::NoiseMask => {
                info("noise-mask", "Noise mask", "Noise with the spectrum of photos, of the picture's size.", None, None, GEIRHOS_2018)
            }
        }
    }

    /// The name in results.
    pub fn id(self) -> &'static str {
        self.info().id
    }

    /// The manipulation of a name.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|m| m.id() == id).ok_or_else(|| Error::unknown("manipulation", id, Self::ALL.map(Self::id)))
    }

    /// The level to use, checked.
    pub fn level(self, wanted: Option<f64>) -> Result<f64> {
        let info = self.info();
        let Some(Level { name, range: (least, most), usual, step, .. }) = info.level else {
            return match wanted {
                None => Ok(0.0),
                Some(level) => Err(Error::bad_value("level", level, &format!("left out: {} has none", info.id))),
            };
        };
        let level = wanted.unwrap_or(usual);
        // `inf` is a level of the published high-pass pictures.
        let fits = (least..=most).contains(&level) && step.is_none_or(|step| level % step == 0.0);
        match fits {
            true => Ok(level),
            false => {
                let steps = step.map_or(String::new(), |step| format!(", in steps of {step}"));
                Err(Error::bad_value(name, level, &format!("between {least} and {most}{steps}")))
            }
        }
    }
}
