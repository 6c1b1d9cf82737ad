//! The 16 entry-level categories that people and networks sort pictures into (16-class-ImageNet of Geirhos et al., 2018), and how a network of
//! ImageNet's 1000 classes decides between them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Classes that a network needs for [`Category::decide`].
pub const CLASSES: usize = 1000;

/// An entry-level category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Airplane.
    Airplane,
    /// Bear.
    Bear,
    /// Bicycle.
    Bicycle,
    /// Bird.
    Bird,
    /// Boat.
    Boat,
    /// Bottle.
    Bottle,
    /// Car.
    Car,
    /// Cat.
    Cat,
    /// Chair.
    Chair,
    /// Clock.
    Clock,
    /// Dog.
    Dog,
    /// Elephant.
    Elephant,
    /// Keyboard.
    Keyboard,
    /// Knife.
    Knife,
    /// Oven.
    Oven,
    /// Truck.
    Truck,
}

impl Category {
    /// Every category, in the alphabet's order.
    pub const ALL: [Self; 16] = [
        Self::Airplane,
        Self::Bear,
        Self::Bicycle,
        Self::Bird,
        Self::Boat,
        Self::Bottle,
        Self::Car,
        Self::Cat,
        Self::Chair,
        Self::Clock,
        Self::Dog,
        Self::Elephant,
        Self::Keyboard,
        Self::Knife,
        Self::Oven,
        Self::Truck,
    ];

    /// The name in trials and folders.
    pub fn id(self) -> &'static str {
        match self {
            Self::Airplane => "airplane",
            Self::Bear => "bear",
            Self::Bicycle => "bicycle",
            Self::Bird => "bird",
            Self::Boat => "boat",
            Self::Bottle => "bottle",
            Self::Car => "car",
            Self::Cat => "cat",
            Self::Chair => "chair",
            Self::Clock => "clock",
            Self::Dog => "dog",
            Self::Elephant => "elephant",
            Self::Keyboard => "keyboard",
            Self::Knife => "knife",
            Self::Oven => "oven",
            Self::Truck => "truck",
        }
    }

    /// The category of a name, whatever its case.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::find(id).ok_or_else(|| Error::unknown("category", id, Self::ALL.map(Self::id)))
    }

    /// The same for text in which other words are no error.
    pub fn find(id: &str) -> Option<Self> {
        let id = id.trim();
        Self::ALL.into_iter().find(|category| category.id().eq_ignore_ascii_case(id))
    }

    /// Its place in [`Self::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// The ImageNet classes it stands for, as torchvision counts them: the first and the last of each run. Read from the table that the authors released with their stimuli
    /// (`human_categories.py` of bethgelab/model-vs-human): 207 of the 1000 classes, no class twice.
    pub fn spans(self) -> &'static [(usize, usize)] {
        match self {
            Self::Airplane => &[(404, 404)],
            Self::Bear => &[(294, 297)],
            Self::Bicycle => &[(444, 444), (671, 671)],
            Self::Bird => &[(8, 8), (10, 16), (18, 20), (22, 24), (80, 83), (87, 96), (98, 100), (127, 133), (135, 145)],
            Self::Boat => &[(472, 472), (554, 554), (625, 625), (814, 814), (914, 914)],
            Self::Bottle => &[(440, 440), (720, 720), (737, 737), (898, 899), (901, 901), (907, 907)],
            Self::Car => &[(436, 436), (511, 511), (817, 817)],
            Self::Cat => &[(281, 286)],
            Self::Chair => &[(423, 423), (559, 559), (765, 765), (857, 857)],
            Self::Clock => &[(409, 409), (530, 530), (892, 892)],
            Self::Dog => &[(152, 191), (193, 203), (205, 226), (228, 241), (243, 250), (252, 257), (259, 259), (261, 263), (265, 268)],
            Self::Elephant => &[(385, 386)],
            Self::Keyboard => &[(508, 508), (878, 878)],
            Self::Knife => &[(499, 499)],
            Self::Oven => &[(766, 766)],
            Self::Truck => &[(555, 555), (569, 569), (656, 656), (675, 675), (717, 717), (734, 734), (864, 864), (867, 867)],
        }
    }

    /// The same, class by class.
    pub fn classes(self) -> impl Iterator<Item = usize> {
        self.spans().iter().flat_map(|(first, last)| *first..=*last)
    }

    /// The category of an ImageNet class, if it belongs to one.
    pub fn of_class(class: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.classes().any(|own| own == class))
    }

    /// What a network decides: the category with the largest mean softmax probability over its classes. The mean, not the sum, so that the 109
    /// breeds of dogs do not outweigh the one class of ovens. Equal ones are decided by the alphabet's order. An error for a network that has not
    /// ImageNet's 1000 classes, or whose logits are not numbers.
    pub fn decide(logits: &[f32]) -> Result<Self> {
        let means = Self::probabilities(logits)?;
        let best = (0..means.len()).fold(0, |best, at| if means[at] > means[best] { at } else { best });
        Ok(Self::ALL[best])
    }

    /// The mean softmax probability over each category's classes, in double precision.
    pub fn probabilities(logits: &[f32]) -> Result<[f64; 16]> {
        if logits.len() != CLASSES {
            return Err(Error::Undefined {
                measure: "a decision between the 16 categories".into(),
                reason: format!("the network has {} classes, and the categories are made of ImageNet's {CLASSES}", logits.len()),
            });
        }
        if let Some(bad) = logits.iter().find(|logit| !logit.is_finite()) {
            let reason = format!("the network's answer holds {bad}");
            return Err(Error::Undefined { measure: "a decision between the 16 categories".into(), reason });
        }
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers: Vec<f64> = logits.iter().map(|logit| (f64::from(*logit) - f64::from(largest)).exp()).collect();
        let sum: f64 = powers.iter().sum();
        Ok(Self::ALL.map(|category| {
            let (total, count) = category.classes().fold((0.0, 0.0), |(total, count), class| (total + powers[class], count + 1.0));
            total / count / sum
        }))
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_class_belongs_to_two_categories() {
        let mut classes: Vec<usize> = Category::ALL.into_iter().flat_map(Category::classes).collect();
        assert_eq!(classes.len(), 207);
        classes.sort_unstable();
        classes.dedup();
        assert_eq!(classes.len(), 207);
        for category in Category::ALL {
            assert_eq!(Category::ALL[category.index()], category);
            assert_eq!(Category::from_id(&category.id().to_uppercase()).unwrap(), category);
            assert!(category.classes().all(|class| Category::of_class(class) == Some(category)));
        }
        assert_eq!(Category::of_class(105), None, "a koala is no bear");
    }

    #[test]
    fn the_mean_decides_and_not_the_sum() {
        // Softmax: oven 0.03, each of the 109 dogs 0.005 (0.545 in all): the sum says dog, the mean oven.
        let mut logits = vec![-30.0f32; CLASSES];
        Category::Dog.classes().for_each(|class| logits[class] = 0.005f32.ln());
        logits[766] = 0.03f32.ln();
        assert_eq!(Category::decide(&logits).unwrap(), Category::Oven);
        logits[766] = 0.004f32.ln();
        assert_eq!(Category::decide(&logits).unwrap(), Category::Dog);
        // Nothing to choose by: the first one.
        assert_eq!(Category::decide(&[0.0; CLASSES]).unwrap(), Category::Airplane);
        assert!(Category::decide(&[0.0; 10]).unwrap_err().to_string().contains("10 classes"));
        assert!(Category::decide(&[f32::NAN; CLASSES]).unwrap_err().to_string().contains("NaN"));
    }
}
