//! Every measure: what it is called, what it says, its range and which way is better.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A measure of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Measure {
    /// Relevance mass accuracy.
    RelevanceMass,
    /// Relevance rank accuracy.
    RelevanceRank,
    /// Pointing game.
    PointingGame,
    /// Energy-based pointing game.
    EnergyPointingGame,
    /// IoU at the best threshold.
    BestIou,
    /// AUC.
    Auc,
    /// Gini sparseness.
    Gini,
    /// Entropy.
    Entropy,
    /// Effective complexity.
    EffectiveComplexity,
    /// Deletion.
    Deletion,
    /// Insertion.
    Insertion,
    /// Pixel flipping (AOPC).
    PixelFlipping,
    /// ROAD.
    Road,
    /// Infidelity.
    Infidelity,
    /// Sufficiency.
    Sufficiency,
    /// Maximum sensitivity.
    MaxSensitivity,
    /// Local Lipschitz estimate.
    LocalLipschitz,
    /// Parameter randomisation.
    ParameterRandomisation,
    /// Random class.
    RandomLogit,
    /// Untrained network.
    Untrained,
}

/// What a measure looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The map and the object's place.
    Place,
    /// The map alone.
    Complexity,
    /// Whether the network's answer really rests on what the map shows.
    Faithfulness,
    /// Whether the map stays the same when the image hardly changes.
    Robustness,
    /// Whether the map changes when the network or the class does.
    Randomisation,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Better {
    /// Higher values.
    Higher,
    /// Lower values.
    Lower,
    /// Neither: the value describes.
    Neither,
}

/// What tables and help texts say of a measure.
#[derive(Debug, Clone, Copy)]
pub struct MeasureInfo {
    /// The name in results and on the command line.
    pub id: &'static str,
    /// The name in tables.
    pub title: &'static str,
    /// One plain sentence.
    pub says: &'static str,
    /// The formula, as it is computed here.
    pub definition: &'static str,
    /// Authors and year.
    pub source: &'static str,
    /// What it looks at.
    pub kind: Kind,
    /// The smallest and the largest value; `None` where there is no bound.
    pub range: (f32, Option<f32>),
    /// Which way is better.
    pub better: Better,
}

impl Measure {
    /// Every measure, in the order tables show.
    pub const ALL: [Self; 20] = [
        Self::RelevanceMass,
        Self::RelevanceRank,
        Self::PointingGame,
        Self::EnergyPointingGame,
        Self::BestIou,
        Self::Auc,
        Self::Gini,
        Self::Entropy,
        Self::EffectiveComplexity,
        Self::Deletion,
        Self::Insertion,
        Self::PixelFlipping,
        Self::Road,
        Self::Infidelity,
        Self::Sufficiency,
        Self::MaxSensitivity,
        Self::LocalLipschitz,
        Self::ParameterRandomisation,
        Self::RandomLogit,
        Self::Untrained,
    ];

    /// What is known of the measure.
    pub fn info(self) -> MeasureInfo {
        match self {
            Self::RelevanceMass => MeasureInfo {
                id: "relevance_mass_accuracy",
                title: "Relevance mass accuracy",
                says: "The share of the map's mass that lies on the object; the paper's first measure.",
                definition: "\u{3a3}(R\u{b7}M) / \u{3a3}R, R the map (signed maps squared channel by channel and summed), M the object.",
                source: "Arras, Osman and Samek, 2022",
                kind: Kind::Place,
                range: (0.0, Some(1.0)),
                better: Better::Higher,
            },
            Self::RelevanceRank => MeasureInfo {
                id: "relevance_rank_accuracy",
                title: "Relevance rank accuracy",
                says: "Of the strongest pixels, as many as the object has, the share that lies on it; the paper's second measure.",
                definition: "|K strongest pixels \u{2229} M| / K, K the object\u{2019}s pixels; equal values rank by place.",
                source: "Arras, Osman and Samek, 2022",
                kind: Kind::Place,
                range: (0.0, Some(1.0)),
                better: Better::Higher,
            },
            Self::PointingGame => MeasureInfo {
                id: "pointing_game",
                title: "Pointing game",
                says: "Whether the strongest pixel lies on the object.",
                definition: "1 if a pixel with the largest value lies on M, else 0.",
                source: "Zhang, Bargal, Lin, Brandt, Shen and Sclaroff, 2018",
                kind: Kind::Place,
                range: (0.0, Some(1.0)),
                better: Better::Higher,
            },
            Self::EnergyPointingGame => MeasureInfo {
                id: "energy_pointing_game",
                title: "Energy-based pointing game",
                says: "The share of what speaks for the class that lies on the object.",
                definition: "\u{3a3}(relu(R)\u{b7}M) / \u{3a3} relu(R).",
                source: "Wang, Wang, Du, Yang, Zhang, Ding, Mardziel and Hu, 2020",
                kind: Kind::Place,
                range: (0.0, Some(1.0)),
                better: Better::Higher,
            },
            Self::BestIou => MeasureInfo {
                id: "best_iou",
                title: "IoU at the best threshold",
                says: "How well the map's strongest part can cover exactly the object, at the threshold that suits it best.",
                definition: "max over t of |{R \u{2265} t} \u{2229} M| / |{R \u{2265} t} \u{222a} M|.",
                source: "Everingham, Van Gool, Williams, Winn and Zisserman, 2010 (the overlap)",
                kind: Kind::Place,
                range: (0.0, Some(1.0)),
                better: Better::Higher,
            },
            Self::Auc => MeasureInfo {
                id: "auc",
                title: "AUC",
                says: "The probability that a pixel of the object is stronger than one beside it.",
                definition: "Area under the curve of true against false positives over all thresholds of R; ties count half.",
                source: "Fawcett, 2006",
                kind: Kind::Place,
                range: (0.0, Some(1.0)),
                better: Better::Higher,
            },
            Self::Gini => MeasureInfo {
                id: "gini",
                title: "Gini sparseness",
                says: "How unevenly the map's mass is spread: 0 is the same everywhere, 1 a single pixel.",
                definition: "\u{3a3}(2i \u{2212} n \u{2212} 1) a\u{1d62} / (n \u{3a3}a) over the sorted absolute values a.",
                source: "Chalasani, Chen, Chowdhury, Wu and Jha, 2020",
                kind: Kind::Complexity,
                range: (0.0, Some(1.0)),
                better: Better::Neither,
            },
            Self::Entropy => MeasureInfo {
                id: "entropy",
                title: "Entropy",
                says: "How many pixels share the map's mass, on a logarithmic scale (nats).",
                definition: "\u{2212}\u{3a3} p ln p with p = |R| / \u{3a3}|R|.",
                source: "Bhatt, Weller and Moura, 2020",
                kind: Kind::Complexity,
                range: (0.0, None),
                better: Better::Neither,
            },
            Self::EffectiveComplexity => MeasureInfo {
                id: "effective_complexity",
                title: "Effective complexity",
                says: "The share of pixels with a value worth speaking of, above 1/100,000 of the largest.",
                definition: "Share of pixels with |R| / max|R| > 10\u{207b}\u{2075}.",
                source: "Nguyen and Rodr\u{ed}guez Mart\u{ed}nez, 2020",
                kind: Kind::Complexity,
                range: (0.0, Some(1.0)),
                better: Better::Neither,
            },
            Self::Deletion => MeasureInfo {
                id: "deletion",
                title: "Deletion",
                says: "The mean probability of the class while the strongest pixels are taken away first.",
                definition: "Area under the class probability while pixels go to the mean colour, strongest first, in 224 steps.",
                source: "Petsiuk, Das and Saenko, 2018",
                kind: Kind::Faithfulness,
                range: (0.0, Some(1.0)),
                better: Better::Lower,
            },
            Self::Insertion => MeasureInfo {
                id: "insertion",
                title: "Insertion",
                says: "The mean probability of the class while the strongest pixels are put into a blurred picture first.",
                definition: "Area under the class probability while pixels return into the blurred picture, strongest first, in 224 steps.",
                source: "Petsiuk, Das and Saenko, 2018",
                kind: Kind::Faithfulness,
                range: (0.0, Some(1.0)),
                better: Better::Higher,
            },
            Self::PixelFlipping => MeasureInfo {
                id: "pixel_flipping",
                title: "Pixel flipping (AOPC)",
                says: "How far the probability falls on average while the strongest squares of the picture are flipped to the mean colour.",
                definition: "Mean over steps k of P(x) \u{2212} P(x with the k strongest squares at the mean colour).",
                source: "Samek, Binder, Montavon, Lapuschkin and M\u{fc}ller, 2017",
                kind: Kind::Faithfulness,
                range: (-1.0, Some(1.0)),
                better: Better::Higher,
            },
            Self::Road => MeasureInfo {
                id: "road",
                title: "ROAD",
                says: "How far the probability falls when the strongest pixels are blended into their surroundings, so that no edge gives them away.",
                definition: "Mean over 10, 20, 30, 50, 70 and 90 % of P(x) \u{2212} P(x with that share of the strongest pixels replaced by noisy linear imputation).",
                source: "Rong, Leemann, Borisov, Kasneci and Kasneci, 2022",
                kind: Kind::Faithfulness,
                range: (-1.0, Some(1.0)),
                better: Better::Higher,
            },
            Self::Infidelity => MeasureInfo {
                id: "infidelity",
                title: "Infidelity",
                says: "How badly the map predicts what a random change of the image does to the score (best scale, mean squared error).",
                definition: "min over \u{3b2} of E[(\u{3b2} I\u{b7}R \u{2212} (S(x) \u{2212} S(x \u{2212} I)))\u{b2}] over random changes I.",
                source: "Yeh, Hsieh, Suggala, Inouye and Ravikumar, 2019",
                kind: Kind::Faithfulness,
                range: (0.0, None),
                better: Better::Lower,
            },
            Self::Sufficiency => MeasureInfo {
                id: "sufficiency",
                title: "Sufficiency",
                says: "Among noisy copies whose maps look alike, the share that gets the same class.",
                definition: "Share of noisy copies with a similar map that are given the image\u{2019}s class.",
                source: "Dasgupta, Frost and Moshkovitz, 2022",
                kind: Kind::Faithfulness,
                range: (0.0, Some(1.0)),
                better: Better::Higher,
            },
            Self::MaxSensitivity => MeasureInfo {
                id: "max_sensitivity",
                title: "Maximum sensitivity",
                says: "The largest relative change of the map under tiny changes of the image.",
                definition: "max over small changes of \u{2016}R(x\u{2032}) \u{2212} R(x)\u{2016} / \u{2016}R(x)\u{2016}.",
                source: "Yeh, Hsieh, Suggala, Inouye and Ravikumar, 2019",
                kind: Kind::Robustness,
                range: (0.0, None),
                better: Better::Lower,
            },
            Self::LocalLipschitz => MeasureInfo {
                id: "local_lipschitz",
                title: "Local Lipschitz estimate",
                says: "The largest change of the map per change of the image, close to it.",
                definition: "max over small changes of \u{2016}R(x\u{2032}) \u{2212} R(x)\u{2016} / \u{2016}x\u{2032} \u{2212} x\u{2016}.",
                source: "Alvarez-Melis and Jaakkola, 2018",
                kind: Kind::Robustness,
                range: (0.0, None),
                better: Better::Lower,
            },
            Self::ParameterRandomisation => MeasureInfo {
                id: "parameter_randomisation",
                title: "Parameter randomisation",
                says: "How alike the map stays (rank correlation) while layer after layer, from the top, forgets its weights.",
                definition: "Mean over stages of Spearman\u{2019}s correlation of |R| before and after the layers from the top down to the stage are drawn anew.",
                source: "Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim, 2018",
                kind: Kind::Randomisation,
                range: (-1.0, Some(1.0)),
                better: Better::Lower,
            },
            Self::RandomLogit => MeasureInfo {
                id: "random_logit",
                title: "Random class",
                says: "How alike the maps of this class and of a random other one are (rank correlation).",
                definition: "Spearman\u{2019}s correlation of |R| for the class and for another one drawn at random.",
                source: "Sixt, Granz and Landgraf, 2020",
                kind: Kind::Randomisation,
                range: (-1.0, Some(1.0)),
                better: Better::Lower,
            },
            Self::Untrained => MeasureInfo {
                id: "untrained",
                title: "Untrained network",
                says: "How alike the map is to those of the same network before training (rank correlation, mean over seeds); the paper's baseline.",
                definition: "Mean over seeds of Spearman\u{2019}s correlation of |R| with the map of the network before training.",
                source: "Cassano, Renzulli, Bragagnolo and Grangetto, 2025 (released code)",
                kind: Kind::Randomisation,
                range: (-1.0, Some(1.0)),
                better: Better::Lower,
            },
        }
    }

    /// The name in results and on the command line.
    pub fn id(self) -> &'static str {
        self.info().id
    }

    /// The measure of a name; hyphens stand for underscores.
    pub fn from_id(id: &str) -> Result<Self> {
        let name = id.replace('-', "_");
        Self::ALL.into_iter().find(|m| m.id() == name).ok_or_else(|| Error::unknown("measure", id, Self::ALL.map(Self::id)))
    }

    /// The measures of a kind.
    pub fn of(kind: Kind) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |m| m.info().kind == kind)
    }

    /// Whether it needs the network, not only the map.
    pub fn needs_network(self) -> bool {
        matches!(self.info().kind, Kind::Faithfulness | Kind::Robustness | Kind::Randomisation)
    }
}
