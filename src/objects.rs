//! Discovered objects in words: boxes, overlaps, patches, and how often objects are found.

use super::text;
use sweetspot_core::discovery::{Box4, Discovery, Found, Method, overlap};
use sweetspot_core::side::Side;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_protocol::{Discovered, Located, Tally};

/// The intersection over union from which a box counts as right.
pub const RIGHT: f64 = 0.5;

/// Rounds of the paper's grid that the strip over sparsities shows.
const ROUNDS: [u32; 10] = [0, 1, 2, 4, 6, 8, 10, 12, 15, 20];

/// The most stored networks that the strip shows.
const STORED: usize = 9;

/// The first box's overlap with the true box it covers best; 0 where nothing was found, none where no true box is known.
pub fn best_overlap(boxes: &[Box4], truth: &[Box4]) -> Option<f64> {
    let Some(first) = boxes.first() else { return (!truth.is_empty()).then_some(0.0) };
    truth.iter().map(|one| overlap(first, one)).max_by(f64::total_cmp)
}

/// "71.2 %" of overlap in short, or why there is none.
pub fn overlap_words(boxes: &[Box4], truth: &[Box4]) -> String {
    match (boxes.is_empty(), best_overlap(boxes, truth)) {
        (true, _) => "nothing found".into(),
        (false, Some(overlap)) => format!("IoU {}", text::score(overlap)),
        (false, None) => "no true box".into(),
    }
}

/// "IoU 71.2 %: found".
pub fn verdict(boxes: &[Box4], truth: &[Box4]) -> String {
    let words = overlap_words(boxes, truth);
    match best_overlap(boxes, truth).filter(|_| !boxes.is_empty()) {
        Some(overlap) if overlap >= RIGHT => format!("{words}: found"),
        Some(_) => format!("{words}: missed"),
        None => words,
    }
}

/// "row 3, column 5", counted from 1.
pub fn patch(index: usize, columns: usize) -> String {
    let columns = columns.max(1);
    format!("row {}, column {}", index / columns + 1, index % columns + 1)
}

/// A network's answer in a sentence, for those who do not see the picture.
pub fn describe(discovered: &Discovered, how: &Discovery, truth: &[Box4]) -> String {
    let Discovered { side, found, tokens, .. } = discovered;
    let whose = format!("{} network, {}", capitalised(text::network(*side)), how.method.info().title);
    let Some(first) = found.boxes.first() else { return format!("{whose}: {}", nothing(found)) };
    let [x0, y0, x1, y1] = first.map(|v| v.round());
    let mut said = format!("{whose}: box from {x0}, {y0} to {x1}, {y1} of {} by {} pixels", tokens.image[1], tokens.image[0]);
    if let Some(overlap) = best_overlap(&found.boxes, truth) {
        said += &format!("; intersection over union with the true box {}", text::score(overlap));
    }
    if found.boxes.len() > 1 {
        said += &format!("; {} more objects", found.boxes.len() - 1);
    }
    if let Some(seed) = found.seed {
        said += &format!("; seed in {}", patch(seed, tokens.columns));
    }
    match found.similar.len() {
        0 => {}
        1 => said += "; no other patch goes with it",
        count => said += &format!("; {count} patches go with it, itself included"),
    }
    said
}

/// Why nothing was found.
pub fn nothing(found: &Found) -> String {
    if found.note.is_empty() { "no object found".into() } else { found.note.clone() }
}

/// What is said of a probed patch: how similar it is to the seed, and to how many others.
pub fn probed(index: usize, networks: [Option<&Discovered>; 2], threshold: f32) -> String {
    let columns = networks.iter().flatten().map(|one| one.tokens.columns).next().unwrap_or(1);
    let one = |discovered: &Discovered| {
        let row = discovered.similarities(index);
        let count = row.iter().enumerate().filter(|(other, value)| *other != index && **value > threshold).count();
        let alike = format!("{count} of {} other patches", row.len().saturating_sub(1));
        let seed = discovered.found.seed.and_then(|seed| row.get(seed)).map(|value| match discovered.found.seed == Some(index) {
            true => " and is the seed".into(),
            false => format!(", {} to the seed", text::value(f64::from(*value))),
        });
        format!("{}: goes with {alike}{}", text::network(discovered.side), seed.unwrap_or_default())
    };
    let said: Vec<String> = networks.into_iter().flatten().filter(|one| !one.tokens.values.is_empty()).map(one).collect();
    format!("Patch in {}. {}.", patch(index, columns), capitalised(&said.join("; ")))
}

/// The similarity from which two patches go together.
pub fn threshold(how: &Discovery) -> f32 {
    let setting = how.method.info().settings.iter().find(|setting| setting.id == "threshold");
    setting.map_or(0.0, |setting| how.settings.real(setting) as f32)
}

/// What the map over patches shows while none is probed.
pub fn map_title(method: Method) -> &'static str {
    method.info().map_title
}

/// "63.5 % of 52 photos, 95 % interval 50 to 75 %".
pub fn tally(tally: &Tally, located: &Located) -> String {
    let share = tally.right as f64 / located.pictures.max(1) as f64;
    let [low, high] = tally.interval.map(|end| format!("{:.0}", end * 100.0));
    format!(
        "{} of {} {}, 95\u{a0}% interval {low} to {high}\u{a0}%",
        text::score(share),
        text::count(located.pictures),
        located.set.title()
    )
}

/// What the difference of both networks amounts to. Within noise it is no benefit.
pub fn difference(located: &Located) -> String {
    let [dense, pruned] = [&located.dense, &located.pruned].map(|one| one.right as f64 / located.pictures.max(1) as f64);
    let [low, high] = located.difference;
    let interval = format!("95\u{a0}% interval {} to {}", text::points(low), text::points(high));
    let words = format!("{}, {interval}", text::points(pruned - dense));
    match (low, high) {
        _ if located.dense == located.pruned && low == 0.0 && high == 0.0 => "None: both are right on the same pictures.".into(),
        (low, high) if low <= 0.0 && high >= 0.0 => {
            format!("{words}: within noise. So few pictures show neither a benefit nor a loss.")
        }
        (low, _) if low > 0.0 => format!("{words}: more than noise; on these pictures the pruned network finds objects more often."),
        _ => format!("{words}: more than noise; on these pictures the pruned network finds objects less often."),
    }
}

/// The sparsities of the strip: some rounds of the paper's grid, or those of stored networks, thinned evenly.
pub fn strip_sparsities(stored: &[Sparsity]) -> Vec<Sparsity> {
    if stored.is_empty() {
        return ROUNDS.into_iter().map(Sparsity::of_round).collect();
    }
    let last = stored.len() - 1;
    let count = stored.len().min(STORED);
    let mut chosen: Vec<Sparsity> = (0..count).map(|at| stored[(at * last) / (count - 1).max(1)]).collect();
    chosen.dedup();
    chosen
}

/// The side's word for the head of a sentence or column.
pub fn head(side: Side) -> &'static str {
    match side {
        Side::Dense => "Dense",
        Side::Pruned => "Pruned",
    }
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sweetspot_core::discovery::Tokens;
    use sweetspot_protocol::EvaluationSet;

    const TRUTH: [Box4; 2] = [[0.0, 0.0, 10.0, 10.0], [20.0, 0.0, 30.0, 10.0]];

    fn discovered(found: Found) -> Discovered {
        let values = vec![1.0, 0.0, -1.0, 0.5, 0.5, 0.0];
        let tokens = Tokens { rows: 2, columns: 3, channels: 1, values, stride: [8.0; 2], image: [16, 24] };
        Discovered { side: Side::Pruned, tap: "features.12".into(), tokens, found, millis: 1.0 }
    }

    #[test]
    fn overlaps_are_with_the_best_true_box() {
        let found = [[20.0, 0.0, 30.0, 5.0], [0.0, 0.0, 10.0, 10.0]];
        assert_eq!(best_overlap(&found, &TRUTH), Some(0.5));
        assert_eq!(verdict(&found, &TRUTH), "IoU 50.0\u{a0}%: found");
        assert_eq!(verdict(&[[0.0, 0.0, 4.0, 10.0]], &TRUTH), "IoU 40.0\u{a0}%: missed");
        assert_eq!((best_overlap(&[], &TRUTH), best_overlap(&found, &[])), (Some(0.0), None));
        assert_eq!((verdict(&[], &TRUTH), verdict(&found, &[])), ("nothing found".into(), "no true box".into()));
    }

    #[test]
    fn answers_are_sentences() {
        let how = Discovery::new(Method::Lost);
        let found = Found { seed: Some(4), similar: vec![4, 3], boxes: vec![[8.0, 0.0, 24.0, 16.0]], ..Found::default() };
        let said = describe(&discovered(found), &how, &[[8.0, 0.0, 24.0, 16.0]]);
        assert_eq!(
            said,
            "Pruned network, LOST: box from 8, 0 to 24, 16 of 24 by 16 pixels; intersection over union with the true box 100.0\u{a0}%; \
             seed in row 2, column 2; 2 patches go with it, itself included"
        );
        let none = describe(&discovered(Found::nothing("all patches are alike")), &how, &TRUTH);
        assert_eq!(none, "Pruned network, LOST: no object found: all patches are alike");
    }

    #[test]
    fn a_probed_patch_is_told_of_both_networks() {
        let dense = Discovered { side: Side::Dense, ..discovered(Found { seed: Some(0), ..Found::default() }) };
        let pruned = discovered(Found { seed: Some(3), ..Found::default() });
        let said = probed(3, [Some(&dense), Some(&pruned)], 0.0);
        assert_eq!(
            said,
            "Patch in row 2, column 1. Dense: goes with 2 of 5 other patches, 0.5 to the seed; pruned: goes with 2 of 5 other patches and is \
             the seed."
        );
    }

    #[test]
    fn noise_is_no_benefit() {
        let tally_of = |right, interval| Tally { right, interval };
        let located = Located {
            set: EvaluationSet::Photos,
            pictures: 52,
            total: 52,
            without: 0,
            dense: tally_of(33, [0.5, 0.75]),
            pruned: tally_of(35, [0.53, 0.79]),
            difference: [-0.05, 0.12],
            complete: true,
        };
        assert_eq!(tally(&located.dense, &located), "63.5\u{a0}% of 52 photos, 95\u{a0}% interval 50 to 75\u{a0}%");
        let said = difference(&located);
        assert!(said.starts_with("+3.8\u{a0}pt, 95\u{a0}% interval \u{2212}5.0\u{a0}pt to +12.0\u{a0}pt: within noise"), "{said}");
        assert!(difference(&Located { difference: [0.01, 0.12], ..located.clone() }).contains("more often"));
        assert!(difference(&Located { difference: [-0.3, -0.01], ..located.clone() }).contains("less often"));
        let same = Located { pruned: located.dense, difference: [0.0; 2], ..located };
        assert_eq!(difference(&same), "None: both are right on the same pictures.");
    }

    #[test]
    fn a_strip_has_few_places() {
        let of = |share| Sparsity::new(share).unwrap();
        let grid = strip_sparsities(&[]);
        assert_eq!((grid.len(), grid[0], grid[1], grid[2]), (10, Sparsity::ZERO, of(0.2), of(0.36)));
        assert_eq!(strip_sparsities(&[of(0.2), of(0.5)]), [of(0.2), of(0.5)]);
        assert_eq!(strip_sparsities(&[of(0.3)]), [of(0.3)]);
        let stored: Vec<Sparsity> = (0..27).map(|at| of(f64::from(at) / 100.0)).collect();
        let thinned = strip_sparsities(&stored);
        assert_eq!((thinned.len(), thinned[0], thinned[8]), (9, Sparsity::ZERO, of(0.26)));
    }
}
