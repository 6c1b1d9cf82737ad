//! Where on the grid: tokens that hang together, and the box around them.

use sweetspot_core::discovery::{Box4, Tokens};

/// The tokens of a set that hang together with one of it, neighbours by sides; none if it is not in the set.
pub(crate) fn component(set: &[bool], seed: usize, columns: usize) -> Vec<bool> {
    let mut found = vec![false; set.len()];
    let mut open = Vec::new();
    if set.get(seed).copied().unwrap_or(false) {
        found[seed] = true;
        open.push(seed);
    }
    while let Some(at) = open.pop() {
        let column = at % columns;
        let neighbours = [
            (column > 0).then(|| at - 1),
            (column + 1 < columns).then(|| at + 1),
            at.checked_sub(columns),
            Some(at + columns).filter(|below| *below < set.len()),
        ];
        for next in neighbours.into_iter().flatten() {
            if set[next] && !found[next] {
                found[next] = true;
                open.push(next);
            }
        }
    }
    found
}

/// The box around some tokens, in pixels of the network's input without its padding; `None` if there are none, or only such that lie in the padding.
pub(crate) fn bounds(set: &[bool], tokens: &Tokens) -> Option<Box4> {
    let [down, across] = tokens.stride;
    let [height, width] = tokens.image.map(|side| side as f32);
    let mut bounds: Option<[usize; 4]> = None;
    for at in set.iter().enumerate().filter(|(_, set)| **set).map(|(at, _)| at) {
        let (x, y) = (at % tokens.columns, at / tokens.columns);
        let [left, top, right, bottom] = bounds.unwrap_or([x, y, x + 1, y + 1]);
        bounds = Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)]);
    }
    let [left, top, right, bottom] = bounds?;
    let clip = |at: usize, step: f32, most: f32| (at as f32 * step).clamp(0.0, most);
    let found = [clip(left, across, width), clip(top, down, height), clip(right, across, width), clip(bottom, down, height)];
    (found[0] < found[2] && found[1] < found[3]).then_some(found)
}

/// Intersection over union of two sets; 0 where both are empty.
pub(crate) fn overlap(a: &[bool], b: &[bool]) -> f64 {
    let both = a.iter().zip(b).filter(|(a, b)| **a && **b).count();
    let either = a.iter().zip(b).filter(|(a, b)| **a || **b).count();
    if either > 0 { both as f64 / either as f64 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> Vec<bool> {
        text.bytes().filter(|b| !b.is_ascii_whitespace()).map(|b| b == b'#').collect()
    }

    #[test]
    fn corners_do_not_connect_and_rows_do_not_wrap() {
        let all = set("##..# .#..# ..#.. #...#");
        assert_eq!(component(&all, 0, 5), set("##... .#... ..... ....."));
        assert_eq!(component(&all, 4, 5), set("....# ....# ..... ....."));
        assert_eq!(component(&all, 12, 5), set("..... ..... ..#.. ....."));
        assert_eq!(component(&all, 2, 5), [false; 20], "the seed is not in the set");
        assert_eq!(component(&[], 0, 5), [false; 0]);
    }

    #[test]
    fn boxes_end_where_the_picture_does() {
        let tokens = Tokens { rows: 2, columns: 3, channels: 1, values: vec![0.0; 6], stride: [16.0, 10.0], image: [20, 25] };
        assert_eq!(bounds(&set(".## ..."), &tokens), Some([10.0, 0.0, 25.0, 16.0]));
        assert_eq!(bounds(&set("... #.."), &tokens), Some([0.0, 16.0, 10.0, 20.0]));
        assert_eq!(bounds(&[false; 6], &tokens), None);
    }

    #[test]
    fn sets_overlap_by_tokens() {
        assert_eq!(overlap(&set("##."), &set(".##")), 1.0 / 3.0);
        assert_eq!(overlap(&set("..."), &set("...")), 0.0);
    }
}
