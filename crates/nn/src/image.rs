//! Pictures: from a file's bytes to what a network eats, with the object's place carried along.
//!
//! A picture is untrusted until decoded: its length, its sides and what the decoder may allocate are bounded, and a cut-off file is an
//! error, not a half-grey picture.

use burn::tensor::{Device, Tensor, TensorData};
use std::io::Cursor;

use fast_image_resize::images::Image as Plane;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use sweetspot_core::card::Recipe;
use sweetspot_core::error::{Error, Result};

/// The longest file that is opened, in bytes.
pub const MAX_BYTES: usize = 64 << 20;
/// The largest picture that is opened, in megapixels.
pub(crate) const MAX_MEGAPIXELS: u32 = 64;
/// The shortest side that is opened, in pixels.
pub(crate) const MIN_SIDE: u32 = 16;

/// A picture as red, green and blue bytes, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rgb {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// 3 x width x height bytes.
    pub bytes: Vec<u8>,
}

/// One byte a pixel, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grey {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// width x height bytes.
    pub bytes: Vec<u8>,
}

/// Decodes a picture: the first frame of an animation, turned as its EXIF data says, transparency laid on white, 16 bits a channel and
/// CMYK brought to 8-bit RGB.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Rgb> {
    let picture = open(name, bytes)?;
    let rgb = if picture.color().has_alpha() { on_white(&picture) } else { picture.into_rgb8() };
    Ok(Rgb { width: rgb.width() as usize, height: rgb.height() as usize, bytes: rgb.into_raw() })
}

/// Decodes a mask: one grey value a pixel.
pub fn decode_grey(name: &str, bytes: &[u8]) -> Result<Grey> {
    let grey = open(name, bytes)?.into_luma8();
    Ok(Grey { width: grey.width() as usize, height: grey.height() as usize, bytes: grey.into_raw() })
}

fn open(name: &str, bytes: &[u8]) -> Result<DynamicImage> {
    let broken = |reason: String| Error::NotAPicture { name: name.into(), reason };
    if bytes.len() > MAX_BYTES {
        return Err(broken(format!("the file has {} MB, more than {} MB", bytes.len() >> 20, MAX_BYTES >> 20)));
    }
    if cut_off_jpeg(bytes) {
        return Err(broken("the JPEG file is cut off".into()));
    }
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|e| broken(e.to_string()))?;
    let mut decoder = reader.into_decoder().map_err(|e| broken(reason(&e)))?;
    let (width, height) = decoder.dimensions();
    let megapixels = u64::from(width) * u64::from(height) / 1_000_000;
    if width.min(height) < MIN_SIDE || megapixels > u64::from(MAX_MEGAPIXELS) {
        return Err(Error::PictureSize { name: name.into(), width, height, min: MIN_SIDE, max_megapixels: MAX_MEGAPIXELS });
    }
    // The frame itself, a 16-bit copy of it, and what a decoder keeps beside it.
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(16 * u64::from(width) * u64::from(height) + (16 << 20));
    decoder.set_limits(limits).map_err(|e| broken(reason(&e)))?;
    let orientation = decoder.orientation().map_err(|e| broken(reason(&e)))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| broken(reason(&e)))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// Decoders' messages on one line, not longer than a sentence.
fn reason(error: &image::ImageError) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ").chars().take(160).collect()
}

/// Whether a JPEG file has no end marker after its last scan. The decoder would fill what is missing with grey and say nothing.
fn cut_off_jpeg(bytes: &[u8]) -> bool {
    let last = |marker: u8| bytes.windows(2).rposition(|pair| pair == [0xff, marker]);
    bytes.starts_with(&[0xff, 0xd8]) && last(0xda).is_some_and(|scan| last(0xd9).is_none_or(|end| end < scan))
}

fn on_white(picture: &DynamicImage) -> image::RgbImage {
    let rgba = picture.to_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0.map(u32::from);
        image::Rgb([r, g, b].map(|c| ((c * a + 255 * (255 - a) + 127) / 255) as u8))
    })
}

/// Where the network's square view lies in a picture of `width` x `height`: scaled size, then the corner of the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Framing {
    /// Scaled width in pixels.
    pub width: usize,
    /// Scaled height in pixels.
    pub height: usize,
    /// Left edge of the view in the scaled picture.
    pub left: usize,
    /// Upper edge of the view in the scaled picture.
    pub top: usize,
    /// The view's side.
    pub side: usize,
}

impl Framing {
    /// Short side to `resize`, centre square of `side`, rounded as torchvision does.
    pub fn new(recipe: &Recipe, width: usize, height: usize) -> Self {
        let short = width.min(height);
        let scaled = |length: usize| length * recipe.resize / short;
        let (width, height) = (scaled(width), scaled(height));
        let start = |length: usize| ((length - recipe.side) as f64 / 2.0).round_ties_even() as usize;
        Self { width, height, left: start(width), top: start(height), side: recipe.side }
    }

    /// A box in pixels of a picture of `width` x `height`, in pixels of the view, clipped to it; `None` if nothing of it is inside.
    pub fn place(&self, [x0, y0, x1, y1]: [f32; 4], width: usize, height: usize) -> Option<[f32; 4]> {
        let (sx, sy) = (self.width as f32 / width as f32, self.height as f32 / height as f32);
        let clip = |v: f32| v.clamp(0.0, self.side as f32);
        let (left, top) = (self.left as f32, self.top as f32);
        let placed = [clip(x0 * sx - left), clip(y0 * sy - top), clip(x1 * sx - left), clip(y1 * sy - top)];
        (placed[2] > placed[0] && placed[3] > placed[1]).then_some(placed)
    }
}

/// The view of a picture: scaled with an antialiased bilinear filter (Pillow's), centre square cut out.
pub fn view(picture: &Rgb, recipe: &Recipe) -> Result<Rgb> {
    let framing = Framing::new(recipe, picture.width, picture.height);
    let bytes = framed(&picture.bytes, PixelType::U8x3, (picture.width, picture.height), framing)?;
    Ok(Rgb { width: framing.side, height: framing.side, bytes })
}

/// The same cut of a mask.
pub fn view_grey(mask: &Grey, recipe: &Recipe) -> Result<Grey> {
    let framing = Framing::new(recipe, mask.width, mask.height);
    let bytes = framed(&mask.bytes, PixelType::U8, (mask.width, mask.height), framing)?;
    Ok(Grey { width: framing.side, height: framing.side, bytes })
}

fn framed(bytes: &[u8], pixels: PixelType, (width, height): (usize, usize), framing: Framing) -> Result<Vec<u8>> {
    let scaled = resize(bytes, pixels, (width, height), (framing.width, framing.height))?;
    let channels = pixels.size();
    let rows = scaled.chunks_exact(framing.width * channels).skip(framing.top).take(framing.side);
    Ok(rows.flat_map(|row| &row[framing.left * channels..][..framing.side * channels]).copied().collect())
}

/// Scales bytes with an antialiased bilinear filter, as Pillow's `BILINEAR` does.
pub fn resize(bytes: &[u8], pixels: PixelType, from: (usize, usize), to: (usize, usize)) -> Result<Vec<u8>> {
    let failed = |e: &dyn std::fmt::Display| Error::Unreadable { what: "picture".into(), reason: e.to_string() };
    let source = Plane::from_vec_u8(from.0 as u32, from.1 as u32, bytes.to_vec(), pixels).map_err(|e| failed(&e))?;
    let mut target = Plane::new(to.0 as u32, to.1 as u32, pixels);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    Resizer::new().resize(&source, &mut target, &options).map_err(|e| failed(&e))?;
    Ok(target.into_vec())
}

/// A view as network input: [3, side, side] values, `(byte - mean) / deviation`.
pub fn normalise(view: &Rgb, recipe: &Recipe) -> Vec<f32> {
    let channel = |c: usize| view.bytes.iter().skip(c).step_by(3).map(move |&b| (f32::from(b) - recipe.mean[c]) / recipe.deviation[c]);
    (0..3).flat_map(channel).collect()
}

/// A view as network input on a device, [1, 3, side, side].
pub fn input(view: &Rgb, recipe: &Recipe, device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(normalise(view, recipe), [1, 3, recipe.side, recipe.side]), device)
}

/// Network input as a view: the other way round, as red, green and blue bytes row by row, rounded and kept between black and white.
pub fn denormalise(values: &[f32], recipe: &Recipe) -> Vec<u8> {
    let pixels = values.len() / 3;
    let byte = |i: usize, c: usize| (values[c * pixels + i] * recipe.deviation[c] + recipe.mean[c]).round().clamp(0.0, 255.0) as u8;
    (0..pixels).flat_map(|i| (0..3).map(move |c| byte(i, c))).collect()
}

/// Scales a map bilinearly to `to` = (rows, columns) with pixel centres aligned, as torch's `interpolate(align_corners=False)` does.
pub fn upsample(values: &[f32], from: (usize, usize), to: (usize, usize)) -> Vec<f32> {
    let axis = |from: usize, to: usize| -> Vec<(usize, usize, f32)> {
        (0..to)
            .map(|i| {
                let at = ((i as f32 + 0.5) * from as f32 / to as f32 - 0.5).max(0.0);
                let low = (at as usize).min(from - 1);
                (low, (low + 1).min(from - 1), at - low as f32)
            })
            .collect()
    };
    let (rows, columns) = (axis(from.0, to.0), axis(from.1, to.1));
    let mut out = Vec::with_capacity(to.0 * to.1);
    for &(y0, y1, fy) in &rows {
        for &(x0, x1, fx) in &columns {
            let value = |y: usize, x: usize| values[y * from.1 + x];
            let upper = value(y0, x0) * (1.0 - fx) + value(y0, x1) * fx;
            let lower = value(y1, x0) * (1.0 - fx) + value(y1, x1) * fx;
            out.push(upper * (1.0 - fy) + lower * fy);
        }
    }
    out
}
