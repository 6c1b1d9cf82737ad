//! A condition of the recognition experiment: how its pictures are changed, and how much. Trials name it by its [id](Condition::id).

use super::stimuli::Manipulation;
use crate::error::{Error, Result};

/// The id of pictures as they are.
pub const NATURAL: &str = "natural";

/// How pictures are changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    /// The manipulation; none leaves the picture as it is.
    pub change: Option<Manipulation>,
    /// Its level; none for one that has none.
    pub level: Option<f64>,
}

impl Condition {
    /// Pictures as they are.
    pub const AS_IS: Self = Self { change: None, level: None };

    /// The changes that the page offers: one of the three kinds of eidolon is enough to choose from.
    pub const OFFERED: [Option<Manipulation>; 13] = [
        None,
        Some(Manipulation::Greyscale),
        Some(Manipulation::Contrast),
        Some(Manipulation::UniformNoise),
        Some(Manipulation::LowPass),
        Some(Manipulation::HighPass),
        Some(Manipulation::PhaseNoise),
        Some(Manipulation::PowerEqualisation),
        Some(Manipulation::Rotation),
        Some(Manipulation::FalseColour),
        Some(Manipulation::EidolonII),
        Some(Manipulation::Silhouette),
        Some(Manipulation::Edge),
    ];

    /// A change at its usual level.
    pub fn usual(change: Option<Manipulation>) -> Self {
        Self { change, level: change.and_then(|change| change.info().level).map(|level| level.usual) }
    }

    /// The name in trials: `natural`, `greyscale`, `contrast-0.1`.
    pub fn id(self) -> String {
        let id = self.change.map_or(NATURAL, Manipulation::id);
        match self.level {
            Some(level) if id == "edge" && (level - super::stimuli::info::DEVIATION).abs() < 1e-12 => id.into(),
            Some(level) => format!("{id}-{level}"),
            None => id.into(),
        }
    }

    /// The condition of an id. An error for a name that is none and for a level that the manipulation has not.
    pub fn from_id(id: &str) -> Result<Self> {
        if id == NATURAL {
            return Ok(Self::AS_IS);
        }
        // `eidolon-1` is a name, `contrast-1` a name with a level.
        if let Ok(change) = Manipulation::from_id(id) {
            return Self::usual(Some(change)).shown();
        }
        let unknown = || Error::unknown("condition", id, Self::OFFERED.map(|change| change.map_or(NATURAL, Manipulation::id)));
        let (name, level) = id.rsplit_once('-').ok_or_else(unknown)?;
        let change = Manipulation::from_id(name).map_err(|_| unknown())?;
        let level: f64 = level.parse().map_err(|_| unknown())?;
        Self { change: Some(change), level: Some(change.level(Some(level))?) }.shown()
    }

    /// The condition, unless it is the mask that is shown after pictures.
    fn shown(self) -> Result<Self> {
        match self.change {
            Some(Manipulation::NoiseMask) => Err(Error::bad_value("condition", "noise-mask", "one that shows something of the picture")),
            _ => Ok(self),
        }
    }

    /// What to call it: "Contrast 0.1".
    pub fn title(self) -> String {
        let title = self.change.map_or("As it is", |change| change.info().title);
        match self.level {
            Some(level) if self.change != Some(Manipulation::Edge) => format!("{title} {level}"),
            _ => title.into(),
        }
    }

    /// Whether a picture can only be changed so if its object's outline is known.
    pub fn needs_mask(self) -> bool {
        self.change == Some(Manipulation::Silhouette)
    }

    /// The seed of what is drawn for a picture: the same for everybody, so that everybody sees the same picture (FNV-1a of both names).
    pub fn seed(self, image: &str) -> u64 {
        let byte = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        image.bytes().chain([0]).chain(self.id().bytes()).fold(0xcbf2_9ce4_8422_2325, byte)
    }
}

/// What to call a condition of trials: a known one by its title, any other by its name.
pub fn title(id: &str) -> String {
    Condition::from_id(id).map_or_else(|_| id.to_string(), Condition::title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_go_both_ways() {
        for change in Condition::OFFERED {
            let usual = Condition::usual(change);
            assert_eq!(Condition::from_id(&usual.id()).unwrap(), usual, "{}", usual.id());
            for level in change.and_then(|change| change.info().level).map_or(&[][..], |level| level.published) {
                let one = Condition { change, level: Some(*level) };
                assert_eq!(Condition::from_id(&one.id()).unwrap(), one, "{}", one.id());
            }
        }
        assert_eq!(Condition::from_id("contrast-0.1").unwrap().id(), "contrast-0.1");
        assert_eq!(Condition::from_id("eidolon-1").unwrap().id(), "eidolon-1-8");
        assert_eq!(Condition::from_id("high-pass-inf").unwrap().level, Some(f64::INFINITY));
        for bad in ["", "contrast-2", "contrast-x", "noise-mask", "paintings", "-1", "rotation-45"] {
            assert!(Condition::from_id(bad).is_err(), "{bad}");
        }
        assert_eq!((title("contrast-0.1"), title("c100")), ("Contrast 0.1".into(), "c100".into()));
    }

    #[test]
    fn everybody_sees_the_same_picture() {
        let noise = Condition::usual(Some(Manipulation::UniformNoise));
        assert_eq!(noise.seed("kitten"), noise.seed("kitten"));
        assert_ne!(noise.seed("kitten"), noise.seed("tabby"));
        assert_ne!(noise.seed("kitten"), Condition { level: Some(0.35), ..noise }.seed("kitten"));
    }
}
