//! Pictures as PNG files: maps on the page's colour scales, and views.

use image::{ImageFormat, RgbImage};

use sweetspot_core::colour::{Scale, limit};
use sweetspot_core::error::{Error, Result};

/// A PNG of a map [height, width].
pub fn draw(values: &[f32], height: usize, width: usize, signed: bool) -> Result<Vec<u8>> {
    let scale = Scale::of(signed);
    let end = limit(values);
    let pixels: Vec<u8> = values.iter().flat_map(|v| scale.colour(scale.place(*v, end))).collect();
    encode(pixels, height, width)
}

/// A PNG of red, green and blue bytes, row by row.
pub fn encode(rgb: Vec<u8>, height: usize, width: usize) -> Result<Vec<u8>> {
    let failed = |reason: String| Error::Io { path: "png".into(), reason };
    let picture = RgbImage::from_raw(width as u32, height as u32, rgb).ok_or_else(|| failed("the map's size is off".into()))?;
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png).map_err(|e| failed(e.to_string()))?;
    Ok(png.into_inner())
}
