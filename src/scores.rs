//! Measures in words: values, changes, ranges and directions as the page writes them.

use super::text;
use sweetspot_core::metrics::measure::{Better, EvenMap, Kind, Measure, MeasureInfo, Written};

/// The groups of measures, in the order of the page, with what each asks.
pub const KINDS: [(Kind, &str, &str); 5] = [
    (Kind::Place, "Against the object\u{2019}s place", "Does the map lie on the object?"),
    (Kind::Complexity, "How concentrated", "Is the map in a few places or all over?"),
    (Kind::Faithfulness, "Faithfulness", "Does the network\u{2019}s answer really rest on what the map shows?"),
    (Kind::Robustness, "Robustness", "Does the map stay the same when the picture hardly changes?"),
    (Kind::Randomisation, "Randomisation", "Does the map change when the network or the class does?"),
];

/// A measure's value.
pub fn shown(measure: Measure, value: f32) -> String {
    let value = f64::from(value);
    match measure.info().written {
        Written::Hit => if value >= 0.5 { "hit" } else { "miss" }.into(),
        Written::Percent if value < 0.0 => format!("\u{2212}{}", text::score(-value)),
        Written::Percent => text::score(value),
        Written::Number => text::value(value),
    }
}

/// Whether a measure's value is a share that a bar can show.
pub fn is_share(measure: Measure) -> bool {
    measure.info().range == (0.0, Some(1.0)) && measure.info().written != Written::Hit
}

/// What a map that is the same everywhere would score, where that is known, on an object that covers this share of the view.
pub fn chance(measure: Measure, object: f32) -> Option<f32> {
    measure.info().even_map.map(|even| match even {
        EvenMap::ShareOfObject => object,
        EvenMap::Half => 0.5,
    })
}

/// What changed from the dense network to the pruned one, and what that is by the measure's direction: "+2.1 pt", "better".
pub fn change(measure: Measure, dense: f32, pruned: f32) -> (String, &'static str) {
    let difference = f64::from(pruned) - f64::from(dense);
    let words = match measure.info().written {
        Written::Hit if difference == 0.0 => "\u{b1}0".into(),
        Written::Hit => shown(measure, pruned),
        Written::Percent => text::points(difference),
        Written::Number => match text::value(difference) {
            same if same == "0" => "\u{b1}0".into(),
            text if difference > 0.0 => format!("+{text}"),
            text => text,
        },
    };
    let verdict = match measure.info().better {
        _ if words == "\u{b1}0" => "",
        Better::Neither => "",
        Better::Higher if difference > 0.0 => "better",
        Better::Lower if difference < 0.0 => "better",
        _ => "worse",
    };
    (words, verdict)
}

/// "0 to 1", "0 and up".
pub fn range(info: &MeasureInfo) -> String {
    let (least, most) = info.range;
    match most {
        Some(most) => format!("{} to {}", text::signed(f64::from(least)), text::signed(f64::from(most))),
        None => format!("{} and up", text::signed(f64::from(least))),
    }
}

/// An arrow and its words.
pub fn direction(better: Better) -> (&'static str, &'static str) {
    match better {
        Better::Higher => ("\u{2191}", "higher is better"),
        Better::Lower => ("\u{2193}", "lower is better"),
        Better::Neither => ("\u{2194}", "describes; neither way is better"),
    }
}

/// Wilson's interval of a share at 95 % (Wilson, 1927), 0 to 1.
pub fn wilson(right: usize, of: usize) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    if of == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (of as f64, right as f64 / of as f64);
    let middle = p + Z * Z / (2.0 * n);
    let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    (((middle - reach) / whole).max(0.0), ((middle + reach) / whole).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        assert_eq!(shown(Measure::RelevanceMass, 0.5), "50.0\u{a0}%");
        assert_eq!(shown(Measure::PointingGame, 1.0), "hit");
        assert_eq!(shown(Measure::Road, -0.125), "\u{2212}12.5\u{a0}%");
        assert_eq!(shown(Measure::Entropy, 10.25), "10.2");
        assert_eq!(shown(Measure::Untrained, -0.5), "\u{2212}0.5");
    }

    #[test]
    fn changes_follow_the_direction() {
        assert_eq!(change(Measure::RelevanceMass, 0.5, 0.521), ("+2.1\u{a0}pt".into(), "better"));
        assert_eq!(change(Measure::Deletion, 0.5, 0.521), ("+2.1\u{a0}pt".into(), "worse"));
        assert_eq!(change(Measure::Entropy, 10.0, 9.0), ("\u{2212}1".into(), ""));
        assert_eq!(change(Measure::Auc, 0.7, 0.70001), ("\u{b1}0".into(), ""));
        assert_eq!(change(Measure::PointingGame, 1.0, 0.0), ("miss".into(), "worse"));
        assert_eq!(change(Measure::Infidelity, 2.0, 2.0), ("\u{b1}0".into(), ""));
    }

    #[test]
    fn intervals() {
        // scipy's binomtest(61, 81).proportion_ci(method="wilson"), and of (0, 10).
        let near = |(low, high): (f64, f64), wanted: (f64, f64)| (low - wanted.0).abs() < 1e-6 && (high - wanted.1).abs() < 1e-6;
        assert!(near(wilson(61, 81), (0.649_157, 0.834_097)), "{:?}", wilson(61, 81));
        assert!(near(wilson(0, 10), (0.0, 0.277_533)), "{:?}", wilson(0, 10));
        assert_eq!(wilson(0, 0), (0.0, 1.0));
    }

    #[test]
    fn every_measure_has_a_group() {
        assert!(Measure::all().all(|measure| KINDS.iter().any(|(kind, ..)| *kind == measure.info().kind)));
        assert_eq!(range(Measure::Infidelity.info()), "0 and up");
        assert_eq!(range(Measure::Untrained.info()), "\u{2212}1 to 1");
    }
}
