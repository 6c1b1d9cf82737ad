//! How a link asks for its experiment to be shown: on a projector, without some panels, in a lesson, in a language.
//!
//! These keys stand beside the experiment's in the same fragment (`#v=1&s=0.36&present=1&hide=sweep,share&lesson=pruning.2&lang=it&pack=4b3f…`) and are
//! kept when the experiment changes. They change nothing that is computed. Reading is total: whatever is wrong with a key is said in a
//! sentence, and the key is passed over.

use crate::experiment::Experiment;
use crate::link;
use crate::link::{escape, unescape};
use crate::words::Language;

/// The longest name of a lesson.
const LONGEST_NAME: usize = 40;

/// The most steps a lesson can have.
pub const MOST_STEPS: usize = 30;

/// A part of the page that can be hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The choice of a network.
    Network,
    /// The choice of a criterion.
    Pruning,
    /// The choice of a picture.
    Picture,
    /// How maps are computed.
    Explanation,
    /// What each layer sees.
    Layers,
    /// The measures of maps.
    Measures,
    /// Where the object is.
    Objects,
    /// Where the weights went.
    Weights,
    /// Sweeps and sweet spots.
    Sweep,
    /// Human alignment.
    Alignment,
    /// What the numbers were checked against.
    Numbers,
    /// Links.
    Share,
}

impl Part {
    /// Every part, in the order of the page.
    pub const ALL: [Self; 12] = [
        Self::Network,
        Self::Pruning,
        Self::Picture,
        Self::Explanation,
        Self::Layers,
        Self::Measures,
        Self::Objects,
        Self::Weights,
        Self::Sweep,
        Self::Alignment,
        Self::Numbers,
        Self::Share,
    ];

    /// Its name in links and lessons.
    pub fn id(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Pruning => "pruning",
            Self::Picture => "picture",
            Self::Explanation => "explanation",
            Self::Layers => "layers",
            Self::Measures => "measures",
            Self::Objects => "objects",
            Self::Weights => "weights",
            Self::Sweep => "sweep",
            Self::Alignment => "alignment",
            Self::Numbers => "numbers",
            Self::Share => "share",
        }
    }

    /// The key of what the page calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Network => "part.network",
            Self::Pruning => "part.pruning",
            Self::Picture => "part.picture",
            Self::Explanation => "part.explanation",
            Self::Layers => "part.layers",
            Self::Measures => "part.measures",
            Self::Objects => "part.objects",
            Self::Weights => "part.weights",
            Self::Sweep => "part.sweep",
            Self::Alignment => "part.alignment",
            Self::Numbers => "part.numbers",
            Self::Share => "part.share",
        }
    }

    /// The part of a name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.id() == id)
    }

    /// Whether it is a panel below the two maps, which a step of a lesson can ask for.
    pub fn is_panel(self) -> bool {
        matches!(self, Self::Layers | Self::Measures | Self::Objects | Self::Weights | Self::Sweep | Self::Alignment)
    }
}

/// A step of a lesson.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The lesson's name.
    pub lesson: String,
    /// The step, from 1.
    pub step: usize,
}

impl Place {
    /// The first step of a lesson.
    pub fn first(lesson: &str) -> Self {
        Self { lesson: lesson.into(), step: 1 }
    }

    /// Reads `NAME` or `NAME.STEP`; `None` if it is neither.
    pub fn read(text: &str) -> Option<Self> {
        let (lesson, step) = match text.split_once('.') {
            None => (text, 1),
            Some((lesson, step)) => (lesson, step.parse().ok()?),
        };
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let named = (1..=LONGEST_NAME).contains(&lesson.len()) && lesson.bytes().all(plain);
        (named && (1..=MOST_STEPS).contains(&step)).then(|| Self { lesson: lesson.into(), step })
    }

    /// As links have it: `pruning`, `pruning.2`.
    pub fn write(&self) -> String {
        if self.step == 1 { self.lesson.clone() } else { format!("{}.{}", self.lesson, self.step) }
    }
}

/// How an experiment is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presentation {
    /// For a projector: large type, few controls.
    pub projector: bool,
    /// The parts that are not shown, in the order of the page, each once.
    pub hidden: Vec<Part>,
    /// The lesson that is going on.
    pub lesson: Option<Place>,
    /// The language; the reader's choice where the link has none.
    pub language: Option<Language>,
    /// sha256 of the pack that its pictures are from, hexadecimal. A link cannot hold the pack itself.
    pub pack: Option<String>,
}

impl Presentation {
    /// The presentation of a fragment, with or without the `#`, and a sentence for each thing in it that cannot be followed.
    pub fn read(fragment: &str) -> (Self, Vec<String>) {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let (mut read, mut complaints) = (Self::default(), Vec::new());
        if fragment.len() > link::MAX_LENGTH {
            // The reader of the experiment says so.
            return (read, complaints);
        }
        for (key, value) in fragment.split('&').map(|part| part.split_once('=').unwrap_or((part, ""))) {
            if !matches!(key, "present" | "hide" | "lesson" | "lang" | "pack") {
                continue;
            }
            match unescape(value) {
                Ok(value) => complaints.extend(read.set(key, &value)),
                Err(_) => complaints.push(format!("{key} in the link cannot be read: its percent signs are broken")),
            }
        }
        (read, complaints)
    }

    /// Sets the value of a key, and says what of it cannot be followed.
    fn set(&mut self, key: &str, value: &str) -> Option<String> {
        match (key, value) {
            ("present", "1" | "0" | "") => self.projector = value == "1",
            ("present", other) => return Some(format!("present is '{}' in the link; it must be 0 or 1", short(other))),
            ("hide", names) => {
                let names = || names.split(',').filter(|name| !name.is_empty());
                self.hide(names().filter_map(Part::from_id));
                let unknown: Vec<String> = names().filter(|name| Part::from_id(name).is_none()).map(short).collect();
                if let [first, others @ ..] = &unknown[..] {
                    let others = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
                    let known = Part::ALL.map(Part::id).join(", ");
                    return Some(format!("the link hides '{first}'{others}, which the page does not have; it has {known}"));
                }
            }
            ("lesson", "") => self.lesson = None,
            ("lesson", place) => match Place::read(place) {
                Some(place) => self.lesson = Some(place),
                None => return Some(format!("'{}' names no step of a lesson; a link says pruning or pruning.2", short(place))),
            },
            ("pack", "") => self.pack = None,
            ("pack", hash) if link::is_sha256(hash) => self.pack = Some(hash.to_ascii_lowercase()),
            ("pack", other) => {
                return Some(format!("'{}' names no pack; a link names it by its sha256, 64 hexadecimal digits", short(other)));
            }
            (_, id) => match Language::from_id(id) {
                Some(language) => self.language = Some(language),
                None => {
                    let known = Language::ALL.map(Language::id).join(", ");
                    return Some(format!("the page does not speak '{}'; it speaks {known}", short(id)));
                }
            },
        }
        None
    }

    /// Hides parts too, besides those that are hidden already.
    pub fn hide(&mut self, parts: impl IntoIterator<Item = Part>) {
        self.hidden.extend(parts);
        self.hidden = Part::ALL.into_iter().filter(|part| self.hidden.contains(part)).collect();
    }

    /// What stands behind the experiment in a fragment; nothing for the usual presentation.
    pub fn write(&self) -> String {
        let mut text = String::new();
        if self.projector {
            text += "&present=1";
        }
        if !self.hidden.is_empty() {
            text += "&hide=";
            text += &self.hidden.iter().map(|part| part.id()).collect::<Vec<_>>().join(",");
        }
        if let Some(place) = &self.lesson {
            text += "&lesson=";
            text += &escape(&place.write());
        }
        if let Some(language) = self.language {
            text += "&lang=";
            text += language.id();
        }
        if let Some(hash) = &self.pack {
            text += "&pack=";
            text += hash;
        }
        text
    }

    /// The fragment of an experiment that is shown so, without the `#`.
    pub fn link(&self, experiment: &Experiment) -> String {
        link::write(experiment) + &self.write()
    }
}

/// A value as sentences quote it.
fn short(value: &str) -> String {
    value.chars().take(30).collect()
}
