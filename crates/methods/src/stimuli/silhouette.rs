//! Silhouette: the object as a black shape on white (Geirhos et al., 2019, "silhouettes").

use super::plane::Plane;
use sweetspot_core::error::{Error, Result};

/// The picture of a mask, row by row: black where it is set. An error for a mask that shows nothing or fills the picture, or has another size.
pub(crate) fn silhouette(mask: &[bool], width: usize, height: usize) -> Result<Plane> {
    let set = mask.iter().filter(|set| **set).count();
    let wrong = |reason: String| Err(Error::Undefined { measure: "a silhouette".into(), reason });
    match () {
        () if mask.len() != width * height => wrong(format!("the mask has {} pixels, the picture {width} x {height}", mask.len())),
        () if set == 0 => wrong("no pixel belongs to the object".into()),
        () if set == mask.len() => wrong("the object fills the picture".into()),
        () => Ok(Plane { width, height, values: mask.iter().map(|set| if *set { 0.0 } else { 1.0 }).collect() }),
    }
}
