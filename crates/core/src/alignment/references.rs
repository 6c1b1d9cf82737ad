//! What is known of the published data sets: which of their conditions do not count, what people agree with each other, and what ResNet-50 comes to.
//! Numbers to read one's own beside.

/// A data set of bethgelab/model-vs-human (Geirhos et al., 2021).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DataSet {
    /// Its name.
    pub id: &'static str,
    /// How its pictures are made.
    pub says: &'static str,
    /// The conditions that the published means leave out: those without a change, and those in which people, too, only guess.
    pub excluded: &'static [&'static str],
    /// People's mean error consistency with each other.
    pub ceiling: f64,
    /// People's share of right answers.
    pub human_accuracy: f64,
    /// torchvision's ResNet-50: its mean error consistency with people.
    pub resnet50_consistency: f64,
    /// And its share of right answers.
    pub resnet50_accuracy: f64,
}

/// People's mean shape bias on `cue-conflict`, ten observers.
pub const HUMAN_SHAPE_BIAS: f64 = 0.9576;

/// The mean of the ceilings below.
pub const MEAN_CEILING: f64 = 0.43122;

/// All 17. The ceilings were computed anew from the published trials, by the definitions of [`consistency`](super::consistency), and equal to five
/// decimals the constants that brain-score/vision tests its benchmarks with (`geirhos2021/test.py`), which the values of ResNet-50 are from; those
/// on edges, silhouettes and cue conflicts were computed anew, too, from the trials that wichmann-lab/error-consistency published.
pub static DATA_SETS: [DataSet; 17] = [
    set("colour", "Photos in colour and in greyscale.", &["cr"], [0.41543, 0.8867, 0.21135, 0.96875]),
    set("contrast", "Greyscale photos of lower and lower contrast.", &["c100", "c03", "c01"], [0.43703, 0.6609, 0.22546, 0.81625]),
    set("cue-conflict", "The shape of one object with the texture of another.", &[], [0.33105, 0.7755, 0.06800, 0.18203]),
    set("edge", "Outlines, as an edge detector draws them.", &[], [0.31844, 0.8712, 0.03626, 0.13750]),
    set(
        "eidolonI",
        "Photos whose parts are moved about, the coarse dragging the fine along.",
        &["1-10-10", "64-10-10", "128-10-10"],
        [0.38634, 0.6075, 0.21029, 0.53375],
    ),
    set(
        "eidolonII",
        "The same with a third of the coherence.",
        &["1-3-10", "32-3-10", "64-3-10", "128-3-10"],
        [0.45402, 0.5828, 0.25090, 0.56719],
    ),
    set(
        "eidolonIII",
        "The same without coherence.",
        &["1-0-10", "16-0-10", "32-0-10", "64-0-10", "128-0-10"],
        [0.45953, 0.6391, 0.15806, 0.58542],
    ),
    set("false-colour", "Photos in their opponent colours.", &["true"], [0.44405, 0.8737, 0.29431, 0.94286]),
    set(
        "high-pass",
        "Greyscale photos of which only fine detail is left.",
        &["inf", "0.55", "0.45", "0.4"],
        [0.44014, 0.6289, 0.20300, 0.33437],
    ),
    set("low-pass", "Blurred greyscale photos.", &["0", "15", "40"], [0.46888, 0.6612, 0.16741, 0.43875]),
    set("phase-scrambling", "Greyscale photos with noise on their phases.", &["0", "150", "180"], [0.44667, 0.6879, 0.26879, 0.62031]),
    set("power-equalisation", "Greyscale photos with the spectrum of their mean.", &["0"], [0.51063, 0.7589, 0.29293, 0.73214]),
    set("rotation", "Greyscale photos, turned.", &["0"], [0.43851, 0.8299, 0.16892, 0.68438]),
    set("silhouette", "Objects as black shapes on white.", &[], [0.47571, 0.7531, 0.42805, 0.54375]),
    set("sketch", "Drawings.", &[], [0.36962, 0.9162, 0.10537, 0.59625]),
    set("stylized", "Photos with the textures of paintings.", &[], [0.50058, 0.4712, 0.25430, 0.37125]),
    set("uniform-noise", "Greyscale photos of low contrast with noise.", &["0.0", "0.6", "0.9"], [0.43406, 0.6828, 0.19839, 0.44500]),
];

const fn set(
    id: &'static str,
    says: &'static str,
    excluded: &'static [&'static str],
    [ceiling, human_accuracy, resnet50_consistency, resnet50_accuracy]: [f64; 4],
) -> DataSet {
    DataSet { id, says, excluded, ceiling, human_accuracy, resnet50_consistency, resnet50_accuracy }
}

impl DataSet {
    /// The data set of a name, whatever its case and with hyphens or underscores.
    pub fn of(id: &str) -> Option<&'static Self> {
        let plain = |name: &str| name.replace('_', "-").to_lowercase();
        DATA_SETS.iter().find(|set| plain(set.id) == plain(id))
    }

    /// Whether a condition does not count. Trials write `0.60` where the list has `0.6`, and `True` for `true`.
    pub fn excludes(&self, condition: &str) -> bool {
        self.excluded.iter().any(|excluded| match (excluded.parse::<f64>(), condition.parse::<f64>()) {
            (Ok(a), Ok(b)) => a == b,
            _ => excluded.eq_ignore_ascii_case(condition),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_conditions_are_found_as_trials_write_them() {
        let mean = DATA_SETS.iter().map(|set| set.ceiling).sum::<f64>() / 17.0;
        assert!((mean - MEAN_CEILING).abs() < 5e-6, "{mean}");
        assert_eq!(DataSet::of("Phase_Scrambling").unwrap().id, "phase-scrambling");
        assert!(DataSet::of("paintings").is_none());
        let excludes = |set: &str, condition: &str| DataSet::of(set).unwrap().excludes(condition);
        assert!(excludes("uniform-noise", "0.60") && excludes("uniform-noise", "0.00") && !excludes("uniform-noise", "0.35"));
        assert!(excludes("false-colour", "True") && !excludes("false-colour", "False"));
        assert!(excludes("high-pass", "inf") && excludes("eidolonI", "64-10-10") && !excludes("eidolonI", "16-10-10"));
    }
}
