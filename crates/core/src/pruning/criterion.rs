//! Every criterion: what it is called, what it says, what it asks for and what it does to a network.

use serde::{Deserialize, Serialize};

use super::Scope;
use crate::attribution::method::AttentionKind;
use crate::error::{Error, Result};
use crate::sparsity::Sparsity;
use crate::words::within;

/// What ranks the weights: those with the lowest score go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Criterion {
    /// The weight's absolute value (the paper's criterion).
    Magnitude,
    /// Chance.
    Random,
    /// LAMP.
    Lamp,
    /// ERK.
    Erk,
    /// Uniform+.
    UniformPlus,
    /// SNIP.
    Snip,
    /// GraSP.
    Grasp,
    /// SynFlow.
    SynFlow,
    /// Wanda.
    Wanda,
    /// First-order Taylor.
    Taylor,
    /// 2:4.
    TwoOfFour,
    /// 4:8.
    FourOfEight,
    /// 1:4.
    OneOfFour,
    /// Second order, layer by layer, with an update of the weights that stay.
    SecondOrder,
    /// Filters by the sum of their absolute values.
    FilterL1,
    /// Filters by the root of the sum of their squares.
    FilterL2,
    /// Filters by their distance to the geometric median.
    FilterMedian,
    /// Filters by the scale of their batch normalisation.
    FilterScale,
    /// Trained in rounds with learning-rate rewinding (the paper's main method).
    Lrr,
    /// SNIP before training.
    SnipTrained,
    /// Never trained.
    Untrained,
    /// Pruned and trained to answer as the dense network does.
    Distilled,
}

/// What a criterion does; menus are grouped by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Sets single weights to zero.
    Weights,
    /// Sets weights to zero in a fixed pattern.
    Pattern,
    /// Removes whole filters.
    Filters,
    /// Loads weights that were pruned and trained beforehand.
    Trained,
}

impl Kind {
    /// Every kind, in the order menus show.
    pub const ALL: [Self; 4] = [Self::Weights, Self::Pattern, Self::Filters, Self::Trained];

    /// The name in menus.
    pub fn title(self) -> &'static str {
        match self {
            Self::Weights => "Single weights",
            Self::Pattern => "Fixed patterns",
            Self::Filters => "Whole filters",
            Self::Trained => "Pruned and trained",
        }
    }
}

/// What menus, links and help texts say of a criterion.
#[derive(Debug, Clone, Copy)]
pub struct CriterionInfo {
    /// The name in links and on the command line, in kebab case.
    pub id: &'static str,
    /// The name in menus.
    pub title: &'static str,
    /// One plain sentence.
    pub says: &'static str,
    /// The formula, as it is computed here.
    pub definition: &'static str,
    /// Authors and year.
    pub source: &'static str,
    /// What it does.
    pub kind: Kind,
    /// The scopes that make sense, the usual one first.
    pub scopes: &'static [Scope],
    /// Whether it looks at calibration pictures.
    pub calibrated: bool,
    /// Whether it draws, so that the seed matters.
    pub draws: bool,
    /// The one sparsity it has, in layers that fit; any sparsity above zero means this one then.
    pub fixed: Option<f64>,
    /// Whether weights that stay change.
    pub updates: bool,
}

/// Most criteria: single weights, all layers or each, nothing else needed.
const PLAIN: CriterionInfo = CriterionInfo {
    id: "",
    title: "",
    says: "",
    definition: "",
    source: "",
    kind: Kind::Weights,
    scopes: &[Scope::Global, Scope::Layer],
    calibrated: false,
    draws: false,
    fixed: None,
    updates: false,
};

/// Those that settle by themselves how much each layer loses.
const OWN_SHARES: &[Scope] = &[Scope::Layer];

impl Criterion {
    /// Every criterion, in the order menus show.
    pub const ALL: [Self; 22] = [
        Self::Magnitude,
        Self::Random,
        Self::Lamp,
        Self::Erk,
        Self::UniformPlus,
        Self::Snip,
        Self::Grasp,
        Self::SynFlow,
        Self::Wanda,
        Self::Taylor,
        Self::SecondOrder,
        Self::TwoOfFour,
        Self::FourOfEight,
        Self::OneOfFour,
        Self::FilterL1,
        Self::FilterL2,
        Self::FilterMedian,
        Self::FilterScale,
        Self::Lrr,
        Self::SnipTrained,
        Self::Untrained,
        Self::Distilled,
    ];

    /// What is known of the criterion.
    pub fn info(self) -> CriterionInfo {
        match self {
            Self::Magnitude => CriterionInfo {
                id: "magnitude",
                title: "Magnitude",
                says: "Weights close to zero go first; the criterion of the paper\u{2019}s training rounds.",
                definition: "score = |w|",
                source: "Han et al., 2015",
                ..PLAIN
            },
            Self::Random => CriterionInfo {
                id: "random",
                title: "Random",
                says: "Weights go by chance: what every other criterion has to beat.",
                definition: "score drawn evenly from 0 to 1, by the seed",
                source: "a baseline of the field",
                draws: true,
                ..PLAIN
            },
            Self::Lamp => CriterionInfo {
                id: "lamp",
                title: "LAMP",
                says: "Magnitude measured against the larger weights of the same layer, so that all layers can be compared.",
                definition: "score = w\u{b2} / \u{3a3} v\u{b2} over the weights v of the layer that are not smaller",
                source: "Lee et al., 2021",
                scopes: &[Scope::Global],
                ..PLAIN
            },
            Self::Erk => CriterionInfo {
                id: "erk",
                title: "ERK",
                says: "Small layers keep more, large ones less, by the sum of their sides; magnitude inside a layer.",
                definition: "density \u{221d} (sum of the weight tensor\u{2019}s sides) / (its number of weights), at most 1",
                source: "Mocanu et al., 2018; Evci et al., 2020",
                scopes: OWN_SHARES,
                ..PLAIN
            },
            Self::UniformPlus => CriterionInfo {
                id: "uniform-plus",
                title: "Uniform+",
                says: "Every layer loses the same share, but the first stays whole and the last keeps a fifth; magnitude inside a layer.",
                definition: "first layer\u{2019}s density 1, last layer\u{2019}s at least 0.2, all others the same",
                source: "Gale et al., 2019",
                scopes: OWN_SHARES,
                ..PLAIN
            },
            Self::Snip => CriterionInfo {
                id: "snip",
                title: "SNIP",
                says: "Weights whose loss would hardly change the loss go first, judged once for all calibration pictures together.",
                definition: "score = |w \u{b7} \u{2202}L/\u{2202}w|, L the mean cross-entropy of the network\u{2019}s own first classes",
                source: "Lee et al., 2019",
                calibrated: true,
                ..PLAIN
            },
            Self::Grasp => CriterionInfo {
                id: "grasp",
                title: "GraSP",
                says: "Weights whose loss helps, or hardly hurts, the flow of gradients go first.",
                definition: "score = w \u{b7} (Hg), g and H gradient and Hessian of the mean cross-entropy at temperature 200; signed",
                source: "Wang et al., 2020",
                calibrated: true,
                ..PLAIN
            },
            Self::SynFlow => CriterionInfo {
                id: "synflow",
                title: "SynFlow",
                says: "Weights on thin paths go first, in 100 rounds; looks at no picture and empties no layer.",
                definition: "score = |w| \u{b7} \u{2202}R/\u{2202}|w|, R the summed answer of the network of |w| to ones; densities fall as \u{3c1}^(round/100)",
                source: "Tanaka et al., 2020",
                scopes: &[Scope::Global],
                ..PLAIN
            },
            Self::Wanda => CriterionInfo {
                id: "wanda",
                title: "Wanda",
                says: "A weight counts as much as what usually comes in through it; every output loses the same share.",
                definition: "score = |w_ij| \u{b7} \u{2016}x_j\u{2016}\u{2082}, compared within each output i",
                source: "Sun et al., 2023",
                scopes: OWN_SHARES,
                calibrated: true,
                ..PLAIN
            },
            Self::Taylor => CriterionInfo {
                id: "taylor",
                title: "Taylor",
                says: "Weights whose loss would hardly change the loss on any one calibration picture go first.",
                definition: "score = mean over pictures n of |w \u{b7} \u{2202}L_n/\u{2202}w|, L_n the cross-entropy of the network\u{2019}s own first class",
                source: "Molchanov et al., 2017",
                calibrated: true,
                ..PLAIN
            },
            Self::TwoOfFour => n_m(
                "nm-2-4",
                "2:4 pattern",
                0.5,
                "Of every four neighbouring inputs the two largest weights stay: the pattern graphics processors run faster.",
            ),
            Self::FourOfEight => n_m("nm-4-8", "4:8 pattern", 0.5, "Of every eight neighbouring inputs the four largest weights stay."),
            Self::OneOfFour => n_m("nm-1-4", "1:4 pattern", 0.75, "Of every four neighbouring inputs the largest weight stays."),
            Self::SecondOrder => CriterionInfo {
                id: "second-order",
                title: "Second order",
                says: "Layer by layer, the weights that the layer\u{2019}s answer misses least go, and those that stay make up for them.",
                definition: "score = w\u{b2} / [H\u{207b}\u{b9}]_jj, H = XX\u{1d40} of the layer\u{2019}s inputs X, damped; the error of each column goes to the columns after it",
                source: "Frantar and Alistarh, 2023 (SparseGPT); Hassibi et al., 1993",
                calibrated: true,
                updates: true,
                ..PLAIN
            },
            Self::FilterL1 => CriterionInfo {
                id: "filter-l1",
                title: "Filters, L1",
                says: "Whole filters go, those of small weights first: the network gets smaller and quicker.",
                definition: "score = \u{3a3} |w| over a channel\u{2019}s filters",
                source: "Li et al., 2017",
                ..FILTERS
            },
            Self::FilterL2 => CriterionInfo {
                id: "filter-l2",
                title: "Filters, L2",
                says: "Whole filters go, those of small weights first; single large weights count for more.",
                definition: "score = \u{221a}\u{3a3} w\u{b2} over a channel\u{2019}s filters",
                source: "He et al., 2018",
                ..FILTERS
            },
            Self::FilterMedian => CriterionInfo {
                id: "filter-fpgm",
                title: "Filters, FPGM",
                says: "Whole filters go, those first that the others of their layer can best stand for.",
                definition: "score = \u{3a3} \u{2016}F \u{2212} F\u{2032}\u{2016}\u{2082} over all other filters F\u{2032} of the group: least next to the geometric median",
                source: "He et al., 2019",
                ..FILTERS
            },
            Self::FilterScale => CriterionInfo {
                id: "filter-bn-scale",
                title: "Filters, batch-norm scale",
                says: "Whole filters go, those first whose answers the batch normalisation after them scales down most.",
                definition: "score = \u{3a3} |\u{3b3}| of the normalisations after a channel\u{2019}s filters",
                source: "Liu et al., 2017",
                ..FILTERS
            },
            Self::Lrr => CriterionInfo {
                id: "lrr",
                title: "Trained in rounds",
                says: "A fifth of the weights goes by magnitude, the rest is trained on, again and again: the paper\u{2019}s main method.",
                definition: "iterative global magnitude pruning with learning-rate rewinding; the stored network nearest in sparsity",
                source: "Renda et al., 2020",
                ..TRAINED
            },
            Self::SnipTrained => CriterionInfo {
                id: "snip-trained",
                title: "SNIP, then trained",
                says: "Pruned once before the first training step, then trained: the paper\u{2019}s second method.",
                definition: "SNIP at initialisation with true labels; the stored network nearest in sparsity",
                source: "Lee et al., 2019",
                ..TRAINED
            },
            Self::Untrained => CriterionInfo {
                id: "untrained",
                title: "Untrained",
                says: "The weights as they were drawn, before any training: the paper\u{2019}s baseline.",
                definition: "the random initialisation, sparsity 0",
                source: "Adebayo et al., 2018",
                ..TRAINED
            },
            Self::Distilled => CriterionInfo {
                id: "distilled",
                title: "Pruned, then distilled",
                says: "Pruned at once, then trained a little to answer as the dense network does; no labels.",
                definition: "a one-shot mask, weights trained to the dense network\u{2019}s probabilities; the stored network nearest in sparsity",
                source: "Hinton et al., 2015",
                ..TRAINED
            },
        }
    }

    /// The name in links and on the command line.
    pub fn id(self) -> &'static str {
        self.info().id
    }

    /// The criterion of a name.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|c| c.id() == id).ok_or_else(|| Error::unknown("criterion", id, Self::ALL.map(Self::id)))
    }

    /// The scope that it has unless told otherwise.
    pub fn usual_scope(self) -> Scope {
        self.info().scopes[0]
    }

    /// The sparsity that is meant when this one is asked for: a pattern has but one.
    pub fn sparsity(self, asked: Sparsity) -> Sparsity {
        match self.info().fixed {
            Some(fixed) if !asked.is_zero() => Sparsity::new(fixed).unwrap_or(asked),
            _ => asked,
        }
    }

    /// Why the criterion cannot be had on a network that attends like this, has batch normalisations or not, and has trained checkpoints of these
    /// criteria; `None` where it can.
    pub fn absent(self, attention: AttentionKind, normalised: bool, checkpoints: &[&str]) -> Option<String> {
        let info = self.info();
        match self {
            Self::SynFlow if attention != AttentionKind::None => {
                Some("it follows sums through rectifiers; this network has attention and layer normalisation".into())
            }
            Self::FilterScale if attention != AttentionKind::None => {
                Some("no batch normalisation follows the hidden layers of this network".into())
            }
            Self::FilterScale if !normalised => Some("this network has no batch normalisation".into()),
            _ if info.kind == Kind::Trained && !checkpoints.contains(&info.id) => {
                Some(format!("no weights of this network that were made this way are shipped ({})", within(info.title)))
            }
            _ => None,
        }
    }

    /// Checks that the criterion can be had; see [`Self::absent`].
    pub fn check(self, attention: AttentionKind, normalised: bool, checkpoints: &[&str]) -> Result<()> {
        match self.absent(attention, normalised, checkpoints) {
            Some(reason) => Err(Error::Absent { id: self.info().id.into(), method: self.info().title.into(), reason }),
            None => Ok(()),
        }
    }

    /// Checks that a scope makes sense for the criterion.
    pub fn check_scope(self, scope: Scope) -> Result<()> {
        let info = self.info();
        if info.scopes.contains(&scope) {
            return Ok(());
        }
        let known: Vec<&str> = info.scopes.iter().map(|scope| scope.id()).collect();
        Err(Error::bad_value("scope", scope.id(), &format!("{} for the criterion '{}'", known.join(" or "), info.id)))
    }
}

/// Whole filters. With equal shares for all layers first: compared across layers, the first ones soon lose most of theirs.
const FILTERS: CriterionInfo = CriterionInfo { kind: Kind::Filters, scopes: &[Scope::Layer, Scope::Global], ..PLAIN };

/// Weights that were trained beforehand.
const TRAINED: CriterionInfo = CriterionInfo { kind: Kind::Trained, scopes: &[Scope::Global], updates: true, ..PLAIN };

/// N of M.
const fn n_m(id: &'static str, title: &'static str, sparsity: f64, says: &'static str) -> CriterionInfo {
    CriterionInfo {
        id,
        title,
        says,
        definition: "the N largest |w| of each M consecutive inputs at the same place of the kernel; layers whose inputs are no multiple of M stay whole",
        source: "Mishra et al., 2021; Zhou et al., 2021",
        kind: Kind::Pattern,
        scopes: OWN_SHARES,
        fixed: Some(sparsity),
        ..PLAIN
    }
}
