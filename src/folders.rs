//! A folder's files as one archive, so that a pack that lies in a folder is opened as any other. The archive names the files and holds on to them; they
//! are read one at a time for the checksums that an archive has, and never copied.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use super::archive::{Entry, list};
use sweetspot_core::error::{Error, Result};

/// The most files and bytes of an archive without later additions to the format.
const MOST_FILES: usize = 65_000;
const MOST_BYTES: f64 = 4.0e9;

/// The archive of a folder's files, under the paths they have in it. `progress` is told how many are read, of how many.
pub async fn archive(files: &[File], progress: impl Fn(usize, usize)) -> Result<Blob> {
    let failed = |path: &str, reason: &str| Error::Io { path: path.into(), reason: reason.into() };
    let size: f64 = files.iter().map(|file| file.size()).sum();
    if files.len() > MOST_FILES || size > MOST_BYTES {
        let reason = format!("it has {} files and {size} bytes; at most {MOST_FILES} files and 4 GB can be read", files.len());
        return Err(failed("the folder", &reason));
    }
    let (parts, mut entries, mut at) = (Array::new(), Vec::new(), 0_u32);
    let put = |bytes: &[u8]| {
        parts.push(&Uint8Array::from(bytes));
        bytes.len() as u32
    };
    for (read, file) in files.iter().enumerate() {
        progress(read, files.len());
        let path = path(file);
        let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| failed(&path, "the browser cannot read it"))?;
        let bytes = Uint8Array::new(&buffer).to_vec();
        if path.is_empty() || path.len() > usize::from(u16::MAX) {
            return Err(failed(&path, "its name has no length that an archive can hold"));
        }
        let entry = Entry { path: path.into_bytes(), crc: crc32fast::hash(&bytes), size: bytes.len() as u32, at };
        at += put(&entry.head()) + entry.size;
        parts.push(file);
        entries.push(entry);
    }
    put(&list(&entries, at));
    Blob::new_with_blob_sequence(&parts).map_err(|_| failed("the folder", "the browser cannot hold it"))
}

/// A file's path in the folder that was chosen.
fn path(file: &File) -> String {
    let path = Reflect::get(file, &JsValue::from_str("webkitRelativePath")).ok().and_then(|path| path.as_string());
    path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name())
}
