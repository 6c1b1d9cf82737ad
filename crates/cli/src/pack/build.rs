//! Makes packs, native only: a folder or a zip archive, written file by file, so that no more than one is in memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use sweetspot_core::error::{Error, Result};
use sweetspot_core::report::Report;
use sweetspot_nn::image::decode;
use sweetspot_packs::manifest::{FORMAT, Head, MANIFEST, MOST_IMAGES, Manifest, Picture, Stored};

/// A pack on its way.
pub struct Builder {
    place: Place,
    images: Vec<Picture>,
    trials: Vec<Stored>,
    /// What was taken and what was not.
    pub report: Report,
}

enum Place {
    Folder(PathBuf),
    Archive { writer: Box<ZipWriter<BufWriter<File>>>, part: PathBuf, out: PathBuf },
}

impl Builder {
    /// A pack that will be at this place: an archive if it ends in `.zip`, and otherwise a folder, which must not exist or be empty.
    pub fn create(out: &Path) -> Result<Self> {
        let place = match out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
            true => {
                // Under another name until it is whole.
                let part = out.with_extension("zip.part");
                let file = File::create(&part).map_err(|e| io(&part, e))?;
                Place::Archive { writer: Box::new(ZipWriter::new(BufWriter::new(file))), part, out: out.into() }
            }
            false => {
                std::fs::create_dir_all(out).map_err(|e| io(out, e))?;
                if std::fs::read_dir(out).map_err(|e| io(out, e))?.next().is_some() {
                    return Err(io(out, "the folder is not empty; name a new one, or a file that ends in .zip"));
                }
                Place::Folder(out.into())
            }
        };
        Ok(Self { place, images: Vec::new(), trials: Vec::new(), report: Report::default() })
    }

    /// Takes a picture that was read from somewhere, if it can be opened. `known` gets its stored file and returns what is known of it; `mask` is a
    /// picture of one grey byte a pixel, as PNG.
    pub fn add(&mut self, origin: &str, bytes: &[u8], mask: Option<&[u8]>, known: impl FnOnce(Stored) -> Picture) -> Result<()> {
        if self.images.len() == MOST_IMAGES {
            self.report.refuse(&format!("a pack has at most {MOST_IMAGES} images; make several"), origin);
            return Ok(());
        }
        let picture = match decode(origin, bytes) {
            Ok(picture) => picture,
            Err(error) => {
                self.report.refuse("a picture that cannot be opened", error.to_string());
                return Ok(());
            }
        };
        let number = self.images.len();
        let stored = Stored::of(format!("images/{number:05}-{}", plain(origin)), bytes);
        let mut image = known(stored);
        image.objects.retain(|object| {
            let fits = object.bounds[2] as usize <= picture.width && object.bounds[3] as usize <= picture.height;
            if !fits {
                self.report.note(format!("a box of {origin} reaches beyond the picture and is left out"));
            }
            fits
        });
        if let Some(mask) = mask {
            let stored = Stored::of(format!("masks/{number:05}.png"), mask);
            self.put(&stored.file, mask, CompressionMethod::Stored)?;
            image.mask = Some(stored);
        }
        self.put(&image.image.file.clone(), bytes, CompressionMethod::Stored)?;
        self.images.push(image);
        self.report.used += 1;
        Ok(())
    }

    /// Takes a file of observers' trials.
    pub fn add_trials(&mut self, name: &str, text: &str) -> Result<()> {
        let stored = Stored::of(name.into(), text.as_bytes());
        self.put(name, text.as_bytes(), CompressionMethod::Deflated)?;
        self.trials.push(stored);
        Ok(())
    }

    /// The images so far.
    pub fn images(&self) -> &[Picture] {
        &self.images
    }

    /// Writes the manifest, which makes it a pack. Without an image there is none.
    pub fn finish(mut self, head: Head) -> Result<(Manifest, Report)> {
        if self.images.is_empty() {
            let reason = match self.report.lines().last() {
                Some(line) => format!("no picture can be used; {line}"),
                None => "there is no picture".into(),
            };
            self.discard();
            return Err(Error::Missing { what: "the pack's images".into(), reason });
        }
        let head = Head { format: FORMAT.into(), trials: std::mem::take(&mut self.trials), ..head };
        let manifest = Manifest::new(head, std::mem::take(&mut self.images))?;
        self.put(MANIFEST, manifest.text()?.as_bytes(), CompressionMethod::Deflated)?;
        if let Place::Archive { writer, part, out } = self.place {
            let mut file = writer.finish().map_err(|e| io(&part, e))?;
            file.flush().map_err(|e| io(&part, e))?;
            std::fs::rename(&part, &out).map_err(|e| io(&out, e))?;
        }
        Ok((manifest, self.report))
    }

    /// Leaves nothing half done behind.
    fn discard(self) {
        match self.place {
            Place::Folder(folder) => {
                let _ = std::fs::remove_dir(folder);
            }
            Place::Archive { writer, part, .. } => {
                drop(writer);
                let _ = std::fs::remove_file(part);
            }
        }
    }

    fn put(&mut self, name: &str, bytes: &[u8], method: CompressionMethod) -> Result<()> {
        match &mut self.place {
            Place::Folder(folder) => {
                let path = folder.join(name);
                if let Some(parent) = path.parent() {
                    std::fs::create_dir_all(parent).map_err(|e| io(parent, e))?;
                }
                std::fs::write(&path, bytes).map_err(|e| io(&path, e))
            }
            Place::Archive { writer, part, .. } => {
                let options = SimpleFileOptions::default().compression_method(method);
                writer.start_file(name, options).map_err(|e| io(&*part, e))?;
                writer.write_all(bytes).map_err(|e| io(&*part, e))
            }
        }
    }
}

/// A file's name with letters, digits, `.`, `-` and `_` only, and its end if it is long.
fn plain(origin: &str) -> String {
    let name = origin.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: Vec<char> = name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect();
    plain[plain.len().saturating_sub(80)..].iter().collect()
}

/// An [`Error::Io`].
pub(super) fn io(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::Io { path: path.display().to_string(), reason: error.to_string() }
}
