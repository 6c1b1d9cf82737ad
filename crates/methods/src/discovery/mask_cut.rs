//! MaskCut (Wang et al., 2023, "Cut and learn for unsupervised object detection and instance segmentation"), without the conditional random field
//! that refines its masks on pixels.

use super::affinity::Affinity;
use super::entry::{Compute, Entry};
use super::graph::{Cut, Graph};
use super::place::{bounds, overlap};
use super::token_cut::{Part, above_mean, first_largest, part};
use sweetspot_core::discovery::Method;
use sweetspot_core::discovery::methods::mask_cut::{MASK_THRESHOLD, OBJECTS};
use sweetspot_core::discovery::settings::EPSILON;
use sweetspot_core::discovery::{Found, Tokens};

pub(crate) const ENTRY: Entry = Entry {
    of: Method::MaskCut,
    compute: Compute::Tokens(|tokens, cosines, settings| {
        find(tokens, cosines, settings.whole(&OBJECTS), settings.real(&MASK_THRESHOLD), settings.real(&EPSILON))
    }),
};

/// Corners of the picture from which on a part is the background.
const CORNERS: usize = 3;
/// The overlap with an object found before, above which a part is dropped.
const MOST_OVERLAP: f64 = 0.5;
/// The share of tokens that an object after the first has to have more of.
const LEAST_SHARE: f64 = 0.01;

/// Finds up to so many objects, each from what is left by those before. Tokens of objects found before are zero, so their cosines are. A part that
/// is dropped ends the search: nothing would change for the next one.
pub(crate) fn find(tokens: &Tokens, cosines: &Affinity, objects: usize, threshold: f64, weak: f64) -> Found {
    let mut found = Found::default();
    let mut cosines = cosines.clone();
    for object in 0..objects {
        let graph = Graph::of(&cosines, threshold, weak);
        let Cut { vector, note } = graph.cut();
        if vector.iter().all(|v| *v == 0.0) {
            break;
        }
        let Part { seed, vector, foreground, mask } = choose(vector, tokens);
        let share = mask.iter().filter(|set| **set).count() as f64 / mask.len() as f64;
        let again = found.masks.iter().any(|before| overlap(before, &mask) > MOST_OVERLAP);
        if object > 0 && (again || share <= LEAST_SHARE) {
            break;
        }
        if object == 0 {
            found.seed = Some(seed);
            found.degrees = graph.degrees.iter().map(|degree| *degree as f32).collect();
            found.eigenvector = vector.into_iter().map(|v| v as f32).collect();
            found.foreground = foreground;
            found.note = note;
        }
        found.boxes.extend(bounds(&mask, tokens));
        cosines.clear(&mask);
        found.masks.push(mask);
    }
    match found.masks.is_empty() {
        true => Found::nothing("all tokens are joined alike"),
        false => found,
    }
}

/// Which part is the object: the one with the token of largest absolute value, unless it has most of the picture's corners. The authors' code
/// counts corners first, in a part that depends on the eigenvector's arbitrary sign. The seed is the token of largest value on the object.
fn choose(vector: Vec<f64>, tokens: &Tokens) -> Part {
    let foreground = above_mean(&vector);
    let (last, columns) = (tokens.count() - 1, tokens.columns);
    let corners = [0, columns - 1, last + 1 - columns, last];
    let strongest = foreground[first_largest(vector.iter().map(|v| v.abs()))];
    let background = corners.iter().filter(|at| foreground[**at] == strongest).count() >= CORNERS;
    let other = strongest == background;
    let sign = if other { -1.0 } else { 1.0 };
    let seed = first_largest(vector.iter().map(|v| sign * v));
    part(vector, foreground, seed, other, columns)
}
