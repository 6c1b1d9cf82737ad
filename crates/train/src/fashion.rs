//! Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017): 70 000 grey pictures of garments, 28 x 28 pixels, as idx files.

use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::Split;
use sweetspot_core::error::{Error, Result};

/// A picture's side in pixels.
pub const SIDE: usize = 28;
/// The classes' names, by label.
pub const CLASSES: [&str; 10] =
    ["T-shirt or top", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];
/// Where Debian's package `dataset-fashion-mnist` puts the files.
pub const DEBIAN: &str = "/usr/share/datasets/fashion-mnist";
/// The data set's licence, as it has to go with copies.
pub const LICENCE: &str = include_str!("FASHION-MNIST.LICENSE");
/// The most pictures that a file may hold.
const MOST: usize = 100_000;

/// The garments of a split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Garments {
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

impl Garments {
    /// Reads a split's two files, packed with gzip or not, from a folder.
    pub fn read(folder: &Path, split: Split) -> Result<Self> {
        let stem = match split {
            Split::Train => "train",
            Split::Test => "t10k",
        };
        let (pixels, pixels_path) = open(folder, &format!("{stem}-images-idx3-ubyte"), MOST * SIDE * SIDE)?;
        let (labels, labels_path) = open(folder, &format!("{stem}-labels-idx1-ubyte"), MOST)?;
        let pixels = parse(&pixels, &[SIDE, SIDE]).map_err(|reason| unreadable(&pixels_path, reason))?;
        let labels = parse(&labels, &[]).map_err(|reason| unreadable(&labels_path, reason))?;
        let pictures = pixels.len() / (SIDE * SIDE);
        if labels.len() != pictures {
            return Err(unreadable(&labels_path, format!("{} labels for {pictures} pictures", labels.len())));
        }
        if let Some(label) = labels.iter().find(|l| usize::from(**l) >= CLASSES.len()) {
            return Err(unreadable(&labels_path, format!("label {label}; there are {} classes", CLASSES.len())));
        }
        if let Some(empty) = pixels.chunks_exact(SIDE * SIDE).position(|p| p.iter().all(|v| *v == 0)) {
            return Err(unreadable(&pixels_path, format!("picture {empty} is empty")));
        }
        Ok(Self { pixels, labels })
    }

    /// How many there are; at least one.
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// Grey values of garment `index`, row by row, 0 outside.
    pub fn pixels(&self, index: usize) -> &[u8] {
        &self.pixels[index * SIDE * SIDE..][..SIDE * SIDE]
    }

    /// Labels in order.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }
}

fn unreadable(path: &Path, reason: String) -> Error {
    Error::Unreadable { what: path.display().to_string(), reason }
}

/// The unpacked bytes of `NAME.gz` or `NAME`, at most a header and `most` bytes.
fn open(folder: &Path, name: &str, most: usize) -> Result<(Vec<u8>, PathBuf)> {
    let [packed, plain] = [folder.join(format!("{name}.gz")), folder.join(name)];
    let path = if packed.exists() { packed } else { plain };
    let file = std::fs::File::open(&path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::Missing {
            what: "Fashion-MNIST".into(),
            reason: format!(
                "no {name}.gz in {}; install Debian's package dataset-fashion-mnist, or name the folder of the four files with --data",
                folder.display()
            ),
        },
        _ => Error::Io { path: path.display().to_string(), reason: e.to_string() },
    })?;
    let most = most + 16;
    let mut bytes = Vec::new();
    let gzip = path.extension().is_some_and(|e| e == "gz");
    let source: Box<dyn Read> = if gzip { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    source.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|e| unreadable(&path, format!("{e}; fetch the file again")))?;
    match bytes.len() > most {
        true => Err(unreadable(&path, format!("more than {most} bytes"))),
        false => Ok((bytes, path)),
    }
}

/// The values of an idx file of bytes: a magic number that holds type and rank, the lengths of the axes, the values.
fn parse(bytes: &[u8], item: &[usize]) -> std::result::Result<Vec<u8>, String> {
    let word = |at: usize| bytes.get(4 * at..4 * at + 4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize);
    let cut_off = || "the file is cut off".to_string();
    let magic = word(0).ok_or_else(cut_off)?;
    if magic != 0x0800 + 1 + item.len() {
        return Err(format!("not an idx file of bytes with {} axes", 1 + item.len()));
    }
    let count = word(1).ok_or_else(cut_off)?;
    for (axis, length) in item.iter().enumerate() {
        let got = word(2 + axis).ok_or_else(cut_off)?;
        if got != *length {
            return Err(format!("axis {} has length {got}, expected {length}", axis + 1));
        }
    }
    if count == 0 || count > MOST {
        return Err(format!("{count} items; between 1 and {MOST} are read"));
    }
    let values = bytes.get(8 + 4 * item.len()..).unwrap_or_default();
    let expected = count * item.iter().product::<usize>();
    match values.len() == expected {
        true => Ok(values.to_vec()),
        false => Err(format!("{} values where the head promises {expected}; fetch the file again", values.len())),
    }
}
