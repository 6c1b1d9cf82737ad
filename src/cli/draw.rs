//! A map as a picture, on the page's colour scales.

use image::{ImageFormat, RgbImage};

use crate::colour::{Scale, limit};
use crate::error::{Error, Result};

/// A PNG of a map [height, width].
pub fn draw(values: &[f32], height: usize, width: usize, signed: bool) -> Result<Vec<u8>> {
    let scale = Scale::of(signed);
    let end = limit(values);
    let pixels: Vec<u8> = values.iter().flat_map(|v| scale.colour(scale.place(*v, end))).collect();
    let failed = |reason: String| Error::Io { path: "png".into(), reason };
    let picture = RgbImage::from_raw(width as u32, height as u32, pixels).ok_or_else(|| failed("the map's size is off".into()))?;
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).map_err(|e| failed(e.to_string()))?;
    Ok(png.into_inner())
}
