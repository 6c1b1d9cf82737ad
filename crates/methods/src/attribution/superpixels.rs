//! Superpixels by SLIC (Achanta et al., 2012): pixels grouped by colour and place, so that each group is one connected piece.

/// Weight of place against colour (the authors' usual value).
const COMPACTNESS: f32 = 10.0;

/// Rounds of assignment; the authors found ten to be enough.
const ROUNDS: usize = 10;

/// A pixel or a centre: L, a, b, row, column.
type Point = [f32; 5];

/// The number of each pixel's superpixel, row by row, counted from 0 in reading order of their first pixels. About `wanted` pieces of an image
/// [3, h, w] with values 0 to 1 (or [1, h, w], which is grey).
pub(crate) fn superpixels(image: &[f32], height: usize, width: usize, wanted: usize) -> Vec<usize> {
    let pixels = height * width;
    let channel = |c: usize, i: usize| image[(c * pixels + i).min(image.len() - pixels + i)];
    let points: Vec<Point> = (0..pixels)
        .map(|i| {
            let [l, a, b] = lab([channel(0, i), channel(1, i), channel(2, i)]);
            [l, a, b, (i / width) as f32, (i % width) as f32]
        })
        .collect();
    let step = (pixels as f32 / wanted.max(1) as f32).sqrt().max(1.0);
    let mut centres = seeds(&points, height, width, step);
    let mut label = vec![0; pixels];
    for _ in 0..ROUNDS {
        let mut nearest = vec![f32::INFINITY; pixels];
        for (k, centre) in centres.iter().enumerate() {
            let reach = |at: f32, length: usize| ((at - step).max(0.0) as usize, ((at + step) as usize + 1).min(length));
            let ((top, bottom), (left, right)) = (reach(centre[3], height), reach(centre[4], width));
            for row in top..bottom {
                for i in row * width + left..row * width + right {
                    let distance = distance(&points[i], centre, step);
                    if distance < nearest[i] {
                        (nearest[i], label[i]) = (distance, k);
                    }
                }
            }
        }
        let mut sums = vec![([0.0_f64; 5], 0.0_f64); centres.len()];
        for (point, &k) in points.iter().zip(&label) {
            sums[k].0.iter_mut().zip(point).for_each(|(sum, v)| *sum += f64::from(*v));
            sums[k].1 += 1.0;
        }
        for (centre, (sum, count)) in centres.iter_mut().zip(sums).filter(|(_, (_, count))| *count > 0.0) {
            *centre = sum.map(|v| (v / count) as f32);
        }
    }
    connected(&label, height, width, (step * step / 4.0) as usize)
}

/// Centres on a grid, each moved to the place with the weakest edge in its 3 x 3 neighbourhood.
fn seeds(points: &[Point], height: usize, width: usize, step: f32) -> Vec<Point> {
    let along = |length: usize| {
        let count = (length as f32 / step).round().max(1.0) as usize;
        (0..count).map(move |i| (((i as f32 + 0.5) * length as f32 / count as f32) as usize).min(length - 1))
    };
    let edge = |row: usize, column: usize| {
        let at = |row: usize, column: usize| &points[row.min(height - 1) * width + column.min(width - 1)];
        let apart = |a: &Point, b: &Point| (0..3).map(|c| (a[c] - b[c]).powi(2)).sum::<f32>();
        apart(at(row + 1, column), at(row.saturating_sub(1), column)) + apart(at(row, column + 1), at(row, column.saturating_sub(1)))
    };
    let mut seeds = Vec::new();
    for row in along(height) {
        for column in along(width) {
            let near = (row.saturating_sub(1)..=(row + 1).min(height - 1))
                .flat_map(|r| (column.saturating_sub(1)..=(column + 1).min(width - 1)).map(move |c| (r, c)));
            let best = near.min_by(|a, b| edge(a.0, a.1).total_cmp(&edge(b.0, b.1)));
            let (row, column) = best.unwrap_or((row, column));
            seeds.push(points[row * width + column]);
        }
    }
    seeds
}

fn distance(a: &Point, b: &Point, step: f32) -> f32 {
    let colour: f32 = (0..3).map(|c| (a[c] - b[c]).powi(2)).sum();
    let place: f32 = (3..5).map(|c| (a[c] - b[c]).powi(2)).sum();
    colour + place * (COMPACTNESS / step).powi(2)
}

/// One number a connected piece; pieces smaller than `least` pixels join a neighbour met before.
fn connected(label: &[usize], height: usize, width: usize, least: usize) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let mut piece = vec![NONE; label.len()];
    let mut count = 0;
    for start in 0..label.len() {
        if piece[start] != NONE {
            continue;
        }
        let (row, column) = (start / width, start % width);
        let before = if column > 0 { Some(piece[start - 1]) } else { (row > 0).then(|| piece[start - width]) };
        let mut members = vec![start];
        piece[start] = count;
        let mut at = 0;
        while at < members.len() {
            let i = members[at];
            let (row, column) = (i / width, i % width);
            let near = [
                (row > 0).then(|| i - width),
                (row + 1 < height).then_some(i + width),
                (column > 0).then(|| i - 1),
                (column + 1 < width).then_some(i + 1),
            ];
            for next in near.into_iter().flatten().filter(|&next| label[next] == label[start]) {
                if piece[next] == NONE {
                    piece[next] = count;
                    members.push(next);
                }
            }
            at += 1;
        }
        match before {
            Some(before) if members.len() < least => members.into_iter().for_each(|i| piece[i] = before),
            _ => count += 1,
        }
    }
    piece
}

/// sRGB (0 to 1) in CIE L*a*b*, D65 (IEC 61966-2-1; CIE 15).
fn lab(rgb: [f32; 3]) -> [f32; 3] {
    let [r, g, b] = rgb.map(|v| if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) });
    let x = (0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47;
    let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b;
    let z = (0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83;
    let [x, y, z] = [x, y, z].map(|t| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Left half dark red, right half light blue, with a gentle wave.
    fn halves(height: usize, width: usize) -> Vec<f32> {
        let colour = |c: usize, x: usize| match (x < width / 2, c) {
            (true, 0) => 0.5,
            (false, 2) => 0.9,
            (false, _) => 0.7,
            _ => 0.1,
        };
        (0..3 * height * width).map(|i| colour(i / (height * width), i % width) + 0.02 * ((i % 7) as f32).sin()).collect()
    }

    #[test]
    fn pieces_are_connected_numbered_in_order_and_end_at_edges() {
        let (height, width) = (60, 80);
        let piece = superpixels(&halves(height, width), height, width, 24);
        let count = piece.iter().max().unwrap() + 1;
        assert!((12..=36).contains(&count), "{count} pieces");
        let mut seen = 0;
        for &number in &piece {
            assert!(number <= seen, "numbers come in reading order");
            seen = seen.max(number + 1);
        }
        assert_eq!(connected(&piece, height, width, 0), piece, "each piece is connected");
        for number in 0..count {
            let (left, right) = piece
                .iter()
                .enumerate()
                .filter(|(_, p)| **p == number)
                .fold((0, 0), |(l, r), (i, _)| if i % width < width / 2 { (l + 1, r) } else { (l, r + 1) });
            assert!(left.min(right) * 20 <= left + right, "piece {number} crosses the edge: {left}, {right}");
        }
    }

    #[test]
    fn odd_sizes_and_requests_are_answered() {
        for (height, width, wanted) in [(1, 1, 5), (2, 3, 400), (7, 50, 1), (16, 16, 256)] {
            let piece = superpixels(&vec![0.5; 3 * height * width], height, width, wanted);
            assert_eq!(piece.len(), height * width);
            assert_eq!(piece[0], 0);
        }
    }

    #[test]
    fn colours_are_as_in_the_standard() {
        // White, and sRGB red as CIE L*a*b* (D65).
        for (rgb, expected) in [([1.0, 1.0, 1.0], [100.0, 0.0, 0.0]), ([1.0, 0.0, 0.0], [53.24, 80.09, 67.2])] {
            assert!(lab(rgb).iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 0.05), "{:?}", lab(rgb));
        }
    }
}
