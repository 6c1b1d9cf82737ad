//! Lines of equal value over a map.

/// Pixels of a map of side 224 that a value is averaged over, to each side, before lines are drawn: without it the lines of a map that
/// changes from pixel to pixel would be dust.
const REACH: usize = 3;

/// A piece of a line: x and y of both ends, in pixels of the map.
pub type Piece = [f32; 4];

/// How far to each side values are averaged for the lines of a map of this side, in pixels.
pub fn reach(side: usize) -> usize {
    (side * REACH).div_ceil(224)
}

/// A square map averaged twice over [`reach`] pixels to each side along rows and columns. Values that are no finite number count as 0.
pub fn smooth(values: &[f32], side: usize) -> Vec<f32> {
    let reach = reach(side);
    let mut map: Vec<f32> = values.iter().map(|value| if value.is_finite() { *value } else { 0.0 }).collect();
    for _ in 0..2 {
        for (step, line) in [(1, side), (side, 1)] {
            let before = map.clone();
            for start in (0..side).map(|index| index * line) {
                let at = |place: usize| f64::from(before[start + place * step]);
                let mut sum: f64 = (0..reach.min(side)).map(at).sum();
                for place in 0..side {
                    if place + reach < side {
                        sum += at(place + reach);
                    }
                    if place > reach {
                        sum -= at(place - reach - 1);
                    }
                    let count = (place + reach).min(side - 1) - place.saturating_sub(reach) + 1;
                    map[start + place * step] = (sum / count as f64) as f32;
                }
            }
        }
    }
    map
}

/// The lines at a level, by marching squares between the pixels' centres. Where a square has its corners above the level at opposite ends,
/// the mean of all four decides which of them are joined.
pub fn lines(map: &[f32], side: usize, level: f32) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if side < 2 || map.len() < side * side {
        return pieces;
    }
    for row in 0..side - 1 {
        for column in 0..side - 1 {
            let at = |down: usize, right: usize| map[(row + down) * side + column + right];
            // Clockwise from the upper left corner.
            let corners = [at(0, 0), at(0, 1), at(1, 1), at(1, 0)];
            let above = corners.map(|value| value >= level);
            if above == [true; 4] || above == [false; 4] {
                continue;
            }
            let (x, y) = (column as f32 + 0.5, row as f32 + 0.5);
            let places = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
            let crossing = |edge: usize| {
                let (from, to) = (edge, (edge + 1) % 4);
                let along = (level - corners[from]) / (corners[to] - corners[from]);
                let mix = |a: f32, b: f32| a + (b - a) * along;
                (x + mix(places[from].0, places[to].0), y + mix(places[from].1, places[to].1))
            };
            let crossed: Vec<usize> = (0..4).filter(|&edge| above[edge] != above[(edge + 1) % 4]).collect();
            let mut join = |a: usize, b: usize| {
                let ((x0, y0), (x1, y1)) = (crossing(a), crossing(b));
                pieces.push([x0, y0, x1, y1]);
            };
            match crossed[..] {
                [a, b] => join(a, b),
                [a, b, c, d] => {
                    let middle = corners.iter().sum::<f32>() / 4.0 >= level;
                    // The corners that differ from the middle are cut off: 1 and 3 lie between edges 0, 1 and 2, 3.
                    if middle == above[0] {
                        join(a, b);
                        join(c, d);
                    } else {
                        join(d, a);
                        join(b, c);
                    }
                }
                _ => {}
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bump(side: usize) -> Vec<f32> {
        let middle = (side - 1) as f32 / 2.0;
        let height = |index: usize| {
            let (dx, dy) = ((index % side) as f32 - middle, (index / side) as f32 - middle);
            10.0 - (dx * dx + dy * dy).sqrt()
        };
        (0..side * side).map(height).collect()
    }

    #[test]
    fn a_cone_has_round_lines() {
        let side = 21;
        let pieces = lines(&bump(side), side, 5.0);
        assert!(!pieces.is_empty());
        for [x0, y0, x1, y1] in &pieces {
            for (x, y) in [(x0, y0), (x1, y1)] {
                let radius = ((x - 10.5).powi(2) + (y - 10.5).powi(2)).sqrt();
                assert!((radius - 5.0).abs() < 0.1, "{radius}");
            }
        }
        let length: f32 = pieces.iter().map(|[x0, y0, x1, y1]| ((x1 - x0).powi(2) + (y1 - y0).powi(2)).sqrt()).sum();
        assert!((length / (10.0 * std::f32::consts::PI) - 1.0).abs() < 0.02, "{length}");
    }

    #[test]
    fn an_even_map_has_no_lines() {
        assert!(lines(&[1.0; 16], 4, 1.0).is_empty());
        assert!(lines(&[1.0; 16], 4, 0.5).is_empty());
        assert!(lines(&[], 0, 0.5).is_empty());
    }

    #[test]
    fn a_saddle_is_joined_one_way_only() {
        let pieces = lines(&[1.0, 0.0, 0.0, 1.0], 2, 0.4);
        assert_eq!(pieces.len(), 2);
        assert!(
            pieces.iter().all(|[x0, y0, x1, y1]| (x0 - x1).abs() < 0.5 && (y0 - y1).abs() < 0.5),
            "two corners are cut off: {pieces:?}"
        );
    }

    #[test]
    fn smoothing_keeps_an_even_map_and_the_mean() {
        assert!(smooth(&[2.0; 400], 20).iter().all(|value| (value - 2.0).abs() < 1e-6));
        let mut spot = vec![0.0; 41 * 41];
        spot[20 * 41 + 20] = 1.0;
        spot[0] = f32::NAN;
        let smoothed = smooth(&spot, 41);
        assert!((smoothed.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        assert!(smoothed[20 * 41 + 20] < 0.5 && smoothed[20 * 41 + 21] > 0.0);
    }
}
