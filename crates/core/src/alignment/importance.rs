//! Importance: where a person says that an object is recognisable from, painted with a brush, beside the maps of networks (as ClickMe, Linsley et al., 2019, and
//! Harmonization, Fel et al., 2022, have it).

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::metrics::rank::descending;
use crate::metrics::spearman::spearman;

/// What kept paintings say they are.
pub const FORMAT: &str = "sweetspot-importance-1";
/// The share of a map that its top is.
pub const TOP: f64 = 0.1;
/// The most strokes, and the most points of one.
const MOST_STROKES: usize = 500;
const MOST_POINTS: usize = 5000;

/// A stroke of the brush.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    /// The brush's radius in pixels.
    pub radius: f32,
    /// Where it went, x and y in pixels.
    pub points: Vec<[f32; 2]>,
}

/// What a person painted on a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Painting {
    /// [`FORMAT`].
    pub format: String,
    /// Who painted.
    pub subject: String,
    /// The picture's name.
    pub image: String,
    /// The side of the view that was painted on, in pixels.
    pub side: usize,
    /// The strokes, in order.
    pub strokes: Vec<Stroke>,
}

impl Painting {
    /// Nothing painted yet.
    pub fn new(subject: String, image: String, side: usize) -> Self {
        Self { format: FORMAT.into(), subject, image, side, strokes: Vec::new() }
    }

    /// Reads a kept painting, checked.
    pub fn read(text: &str) -> Result<Self> {
        let failed = |reason: String| Error::Unreadable { what: "a kept painting".into(), reason };
        let painting: Self = serde_json::from_str(text).map_err(|e| failed(e.to_string()))?;
        let wild = |stroke: &Stroke| {
            !(stroke.radius.is_finite() && (1.0..=512.0).contains(&stroke.radius))
                || stroke.points.len() > MOST_POINTS
                || stroke.points.iter().flatten().any(|place| !place.is_finite())
        };
        match () {
            () if painting.format != FORMAT => Err(failed("it is of another version of this page".into())),
            () if !(1..=1024).contains(&painting.side) || painting.strokes.len() > MOST_STROKES || painting.strokes.iter().any(wild) => {
                Err(failed("it holds strokes that no brush makes".into()))
            }
            () => Ok(painting),
        }
    }

    /// The painting as text.
    pub fn write(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| Error::Unreadable { what: "a painting".into(), reason: e.to_string() })
    }

    /// Whether a stroke more has room.
    pub fn has_room(&self) -> bool {
        self.strokes.len() < MOST_STROKES
    }

    /// How important each pixel is, row by row: each stroke adds at most 1 in its middle and falls to 0 at the brush's edge, so that what was painted
    /// more often counts more, and standing still does not.
    pub fn map(&self) -> Vec<f32> {
        let mut sum = vec![0.0; self.side * self.side];
        self.strokes.iter().for_each(|stroke| stroke.lay(self.side, &mut sum));
        sum
    }
}

impl Stroke {
    /// Adds what the stroke paints to a map of side x side.
    pub fn lay(&self, side: usize, sum: &mut [f32]) {
        let mut most = vec![0.0_f32; sum.len()];
        for [x, y] in &self.points {
            let reach = |centre: f32| {
                let (low, high) = ((centre - self.radius).max(0.0) as usize, (centre + self.radius + 1.0).max(0.0) as usize);
                low.min(side)..high.min(side)
            };
            for row in reach(*y) {
                for column in reach(*x) {
                    let (dx, dy) = (column as f32 + 0.5 - x, row as f32 + 0.5 - y);
                    let bump = 1.0 - (dx * dx + dy * dy) / (self.radius * self.radius);
                    let at = row * side + column;
                    most[at] = most[at].max(bump);
                }
            }
        }
        sum.iter_mut().zip(most).for_each(|(sum, most)| *sum += most);
    }
}

/// How alike two maps are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Spearman's rank correlation over all pixels; none where one is the same everywhere.
    pub spearman: Option<f64>,
    /// Intersection over union of both tops, [`TOP`] of the pixels each.
    pub top: f64,
}

/// Compares a painting with a map of the same size; signed maps by their absolute values. None if the sizes differ.
pub fn likeness(painted: &[f32], map: &[f32]) -> Option<Likeness> {
    if painted.len() != map.len() || painted.is_empty() || map.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let sizes: Vec<f32> = map.iter().map(|value| value.abs()).collect();
    let count = ((painted.len() as f64 * TOP).round() as usize).max(1);
    let top = |values: &[f32]| {
        let mut is_top = vec![false; values.len()];
        // What was not painted is no top, however little was.
        descending(values).into_iter().take(count).filter(|at| values[*at] > 0.0).for_each(|at| is_top[at] = true);
        is_top
    };
    let (a, b) = (top(painted), top(&sizes));
    let count = |of: &dyn Fn(bool, bool) -> bool| a.iter().zip(&b).filter(|(a, b)| of(**a, **b)).count() as f64;
    let union = count(&|a, b| a || b);
    let top = if union > 0.0 { count(&|a, b| a && b) / union } else { 0.0 };
    Some(Likeness { spearman: spearman(painted, &sizes), top })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painting(strokes: &[(f32, f32, f32)]) -> Painting {
        let stroke = |(x, y, radius): &(f32, f32, f32)| Stroke { radius: *radius, points: vec![[*x, *y], [*x, *y]] };
        Painting { strokes: strokes.iter().map(stroke).collect(), ..Painting::new("ada".into(), "kitten".into(), 20) }
    }

    #[test]
    fn strokes_add_up_and_standing_still_does_not() {
        let once = painting(&[(10.5, 10.5, 4.0)]).map();
        assert_eq!(once[10 * 20 + 10], 1.0);
        assert_eq!(once[10 * 20 + 12], 0.75);
        assert_eq!(once[10 * 20 + 14], 0.0);
        let twice = painting(&[(10.5, 10.5, 4.0), (10.5, 10.5, 4.0)]).map();
        assert_eq!(twice[10 * 20 + 10], 2.0);
        // Beyond the picture's edge there is nothing, and no panic.
        assert!(painting(&[(-50.0, 900.0, 8.0), (0.0, 0.0, 3.0)]).map()[0] > 0.0);
    }

    #[test]
    fn likeness_is_1_with_itself_and_0_elsewhere() {
        let here = painting(&[(5.0, 5.0, 4.0)]).map();
        let there = painting(&[(15.0, 15.0, 4.0)]).map();
        let same = likeness(&here, &here).unwrap();
        assert!((same.spearman.unwrap() - 1.0).abs() < 1e-12 && same.top == 1.0);
        let apart = likeness(&here, &there).unwrap();
        assert!(apart.spearman.unwrap() < 0.0 && apart.top == 0.0);
        let negative: Vec<f32> = here.iter().map(|value| -value).collect();
        assert_eq!(likeness(&here, &negative), Some(same));
        assert_eq!(likeness(&here, &here[1..]), None);
        assert_eq!(likeness(&vec![0.0; 400], &here).unwrap().spearman, None);
    }

    #[test]
    fn kept_paintings_are_checked() {
        let painted = painting(&[(5.0, 5.0, 4.0)]);
        assert_eq!(Painting::read(&painted.write().unwrap()).unwrap(), painted);
        assert!(Painting::read(&painting(&[(5.0, 5.0, 0.0)]).write().unwrap()).is_err());
        assert!(Painting::read(&Painting { side: 5000, ..painted }.write().unwrap()).is_err());
        assert!(Painting::read("[]").is_err());
    }
}
