//! Pictures: scaling against Pillow (`tests/golden/resize.py`), framing against torchvision's rule, and everything a user can hand in.
#![allow(missing_docs, clippy::unwrap_used)]

use fast_image_resize::PixelType;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use sweetspot_core::card::Recipe;
use sweetspot_core::error::Error;
use sweetspot_nn::image::{Framing, decode, resize, upsample, view};
use sweetspot_testing::{floats, golden, root};

const RECIPE: Recipe = Recipe { side: 224, resize: 256, mean: [0.0; 3], deviation: [1.0; 3] };

fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn pattern(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x * 7 % 256) as u8, (y * 5 % 256) as u8, ((x + y) % 256) as u8])).into()
}

#[test]
fn scaling_equals_pillow() {
    for case in golden("resize.json")["cases"].as_array().unwrap() {
        let size = |name: &str| (case[name][1].as_u64().unwrap() as usize, case[name][0].as_u64().unwrap() as usize);
        let bytes: Vec<u8> = floats(&case["pixels"]).iter().map(|v| *v as u8).collect();
        let expected: Vec<u8> = floats(&case["expected_u8"]).iter().map(|v| *v as u8).collect();
        let got = resize(&bytes, PixelType::U8x3, size("source"), size("target")).unwrap();
        // Both round to bytes between the two passes; fixed-point weights can tip a value to the next byte.
        let worst = got.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(worst <= 1, "{}: {worst}", case["name"]);
    }
}

#[test]
fn the_golden_inputs_are_cut_as_the_page_cuts_them() {
    for entry in golden("inputs.json")["inputs"].as_array().unwrap() {
        let read = |path: std::path::PathBuf| decode("x", &std::fs::read(path).unwrap()).unwrap();
        let expected = read(root().join(format!("tests/golden/inputs/{}.png", entry["name"].as_str().unwrap())));
        let picture = read(root().join(entry["picture"].as_str().unwrap()));
        let got = view(&picture, &RECIPE).unwrap();
        let apart: Vec<u8> = got.bytes.iter().zip(&expected.bytes).map(|(a, b)| a.abs_diff(*b)).collect();
        let mean = apart.iter().map(|v| f64::from(*v)).sum::<f64>() / apart.len() as f64;
        // Two JPEG decoders (libjpeg-turbo there) differ by a rounding step here and there.
        assert!(mean < 0.6 && *apart.iter().max().unwrap() <= 12, "{}: mean {mean}, most {:?}", entry["name"], apart.iter().max());
    }
}

#[test]
fn framing_follows_torchvision() {
    // Resize(256) of 512 x 384 gives 341 x 256; CenterCrop(224) starts at round(58.5) = 58 (to even) and 16.
    let framing = Framing::new(&RECIPE, 512, 384);
    assert_eq!(framing, Framing { width: 341, height: 256, left: 58, top: 16, side: 224 });
    assert_eq!(framing.place([0.0, 0.0, 512.0, 384.0], 512, 384), Some([0.0, 0.0, 224.0, 224.0]));
    assert_eq!(framing.place([0.0, 0.0, 20.0, 384.0], 512, 384), None, "left of the view");
}

#[test]
fn upsampling_equals_torch() {
    // torch.nn.functional.interpolate(torch.tensor([[[[0., 1.], [2., 3.]]]]), size=(4, 4), mode="bilinear", align_corners=False)
    let expected = [0.0, 0.25, 0.75, 1.0, 0.5, 0.75, 1.25, 1.5, 1.5, 1.75, 2.25, 2.5, 2.0, 2.25, 2.75, 3.0];
    assert_eq!(upsample(&[0.0, 1.0, 2.0, 3.0], (2, 2), (4, 4)), expected);
}

#[test]
fn every_format_is_read() {
    let picture = pattern(40, 30);
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Jpeg] {
        let rgb = decode("x", &encode(&picture, format)).unwrap();
        assert_eq!((rgb.width, rgb.height, rgb.bytes.len()), (40, 30, 3600), "{format:?}");
    }
    let deep = DynamicImage::ImageRgb16(picture.to_rgb16());
    assert_eq!(decode("x", &encode(&deep, ImageFormat::Png)).unwrap().bytes, picture.to_rgb8().into_raw(), "16 bits a channel");
    let grey = DynamicImage::ImageLuma8(picture.to_luma8());
    assert_eq!(decode("x", &encode(&grey, ImageFormat::Png)).unwrap().bytes.len(), 3600, "grey");
}

#[test]
fn transparency_lies_on_white() {
    let picture = RgbaImage::from_fn(20, 20, |x, _| if x < 10 { Rgba([10, 20, 30, 0]) } else { Rgba([10, 20, 30, 255]) });
    let rgb = decode("x", &encode(&picture.into(), ImageFormat::Png)).unwrap();
    assert_eq!(rgb.bytes[..3], [255; 3]);
    assert_eq!(rgb.bytes[57..60], [10, 20, 30]);
}

/// A JPEG whose EXIF data says it lies on its side (orientation 6: turn it right).
fn turned_jpeg() -> Vec<u8> {
    let jpeg = encode(&pattern(40, 20), ImageFormat::Jpeg);
    let tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let mut exif = vec![0xff, 0xe1, 0, (2 + 6 + tiff.len()) as u8];
    exif.extend(b"Exif\0\0");
    exif.extend(tiff);
    [&jpeg[..2], &exif, &jpeg[2..]].concat()
}

#[test]
fn exif_turns_the_picture() {
    let rgb = decode("x", &turned_jpeg()).unwrap();
    assert_eq!((rgb.width, rgb.height), (20, 40));
}

#[test]
fn a_cmyk_jpeg_is_read() {
    // Made with Pillow: Image.new("CMYK", (32, 32), (0, 255, 255, 0)), pure red, quality 90.
    let rgb = decode("x", include_bytes!("../../../../tests/files/cmyk.jpg")).unwrap();
    let [r, g, b] = [rgb.bytes[0], rgb.bytes[1], rgb.bytes[2]];
    assert!(r > 200 && g < 60 && b < 60, "red, not its negative: {r} {g} {b}");
}

#[test]
fn what_is_no_picture_says_so() {
    let png = encode(&pattern(200, 200), ImageFormat::Png);
    let jpeg = encode(&pattern(200, 200), ImageFormat::Jpeg);
    let webp = encode(&pattern(200, 200), ImageFormat::WebP);
    let gif = encode(&pattern(200, 200), ImageFormat::Gif);
    let bmp = encode(&pattern(200, 200), ImageFormat::Bmp);
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let cut: Vec<Vec<u8>> = [&png, &jpeg, &webp, &gif, &bmp].map(|b| half(b)).into();
    let others = [vec![], b"hello".to_vec(), vec![0; 1000], vec![0xff, 0xd8], b"\x89PNG\r\n\x1a\n".to_vec(), b"<svg/>".to_vec()];
    for bytes in cut.iter().chain(&others) {
        let error = decode("name.jpg", bytes).unwrap_err();
        assert!(matches!(error, Error::NotAPicture { .. }), "{error}");
        assert!(error.to_string().starts_with("name.jpg: ") && !error.to_string().contains('\n'));
    }
}

#[test]
fn sizes_are_bounded() {
    for (width, height) in [(1, 1), (1, 500), (500, 15)] {
        let error = decode("x", &encode(&pattern(width, height), ImageFormat::Png)).unwrap_err();
        assert!(matches!(error, Error::PictureSize { .. }), "{width} x {height}: {error}");
    }
    // A header that promises 100 megapixels is refused before a pixel is decoded.
    let mut png = encode(&pattern(100, 100), ImageFormat::Png);
    png[16..20].copy_from_slice(&10_000u32.to_be_bytes());
    png[20..24].copy_from_slice(&10_000u32.to_be_bytes());
    let crc = crc32fast::hash(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    let error = decode("x", &png).unwrap_err();
    assert!(matches!(error, Error::PictureSize { width: 10_000, .. }), "{error}");
}

#[test]
fn an_animation_shows_its_first_frame() {
    let mut bytes = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
        for value in [200u8, 20] {
            let frame = RgbaImage::from_pixel(24, 24, Rgba([value, value, value, 255]));
            encoder.encode_frame(image::Frame::new(frame)).unwrap();
        }
    }
    assert!(decode("x", &bytes).unwrap().bytes[0] > 150);
}

#[test]
fn random_bytes_never_panic() {
    let seeds = [encode(&pattern(30, 30), ImageFormat::Png), encode(&pattern(30, 30), ImageFormat::Jpeg), turned_jpeg()];
    let mut state = 12345u32;
    for round in 0..600 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..1 + round % 7 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let at = (state >> 8) as usize % bytes.len();
            bytes[at] = state as u8;
        }
        let _ = decode("x", &bytes);
    }
}
