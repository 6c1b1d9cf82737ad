//! A file of the reader's that stays where it is: pieces of it are read when an archive's reader asks for them, so that a pack may be larger than the memory.
//! Only a worker can wait for a piece without giving up its turn.

use std::io::{BufReader, Error, Read, Result, Seek, SeekFrom};

use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

/// Bytes that are read at once: an archive's headers are a few each.
const PIECE: usize = 1 << 16;

/// A blob with a place in it.
struct Slices {
    blob: Blob,
    /// The browser's reader that waits (`FileReaderSync`), and its method.
    reader: JsValue,
    read: Function,
    at: u64,
}

/// A blob to read from.
pub fn open(blob: Blob) -> Result<BufReader<impl Read + Seek + 'static>> {
    let reader = || -> std::result::Result<(JsValue, Function), JsValue> {
        // By its name: the typed interface would be a feature that every dependency is built with.
        let constructor: Function = Reflect::get(&js_sys::global(), &"FileReaderSync".into())?.dyn_into()?;
        let reader = Reflect::construct(&constructor, &js_sys::Array::new())?;
        let read = Reflect::get(&reader, &"readAsArrayBuffer".into())?.dyn_into()?;
        Ok((reader, read))
    };
    let (reader, read) = reader().map_err(|_| Error::other("this browser cannot read files piece by piece"))?;
    Ok(BufReader::with_capacity(PIECE, Slices { blob, reader, read, at: 0 }))
}

impl Slices {
    fn length(&self) -> u64 {
        self.blob.size() as u64
    }
}

impl Read for Slices {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let end = self.length().min(self.at.saturating_add(buffer.len() as u64));
        if self.at >= end {
            return Ok(0);
        }
        let piece = self.blob.slice_with_f64_and_f64(self.at as f64, end as f64);
        let bytes = piece.and_then(|piece| self.read.call1(&self.reader, &piece)).map_err(|reason| {
            let name = Reflect::get(&reason, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
            Error::other(format!("the browser cannot read it any more ({name}); was the file moved or changed? Open it again"))
        })?;
        let bytes = Uint8Array::new(&bytes);
        let count = (bytes.length() as usize).min(buffer.len());
        bytes.subarray(0, count as u32).copy_to(&mut buffer[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Slices {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let place = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or_else(|| Error::other("a place before the file's beginning"))?;
        Ok(self.at)
    }
}
