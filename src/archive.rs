//! Archives whose files are kept elsewhere: what stands before, between and after them, in the stored format of PKWARE's application note (sections 4.3.7,
//! 4.3.12 and 4.3.16).

/// A file of the archive.
pub struct Entry {
    /// Its path in UTF-8.
    pub path: Vec<u8>,
    /// The checksum of its bytes (CRC-32).
    pub crc: u32,
    /// How many bytes it has.
    pub size: u32,
    /// Where its header begins.
    pub at: u32,
}

impl Entry {
    /// What both of a file's headers have in common: version, flags for names in UTF-8, no compression, 1 January 1980, checksum, both sizes, length of
    /// the name, no extra field.
    fn common(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(26);
        for half in [20_u16, 1 << 11, 0, 0, 0x21] {
            bytes.extend(half.to_le_bytes());
        }
        for whole in [self.crc, self.size, self.size] {
            bytes.extend(whole.to_le_bytes());
        }
        bytes.extend((self.path.len() as u16).to_le_bytes());
        bytes.extend([0; 2]);
        bytes
    }

    /// What stands before the file's bytes.
    pub fn head(&self) -> Vec<u8> {
        [b"PK\x03\x04", &self.common()[..], &self.path].concat()
    }

    /// What the list at the end says of the file.
    fn listed(&self) -> Vec<u8> {
        let (version, nothing) = (20_u16.to_le_bytes(), [0; 10]);
        [b"PK\x01\x02", &version[..], &self.common()[..], &nothing, &self.at.to_le_bytes(), &self.path].concat()
    }
}

/// The list at the end, which begins at a place.
pub fn list(entries: &[Entry], at: u32) -> Vec<u8> {
    let listed: Vec<u8> = entries.iter().flat_map(Entry::listed).collect();
    let count = (entries.len() as u16).to_le_bytes();
    let size = (listed.len() as u32).to_le_bytes();
    [&listed[..], b"PK\x05\x06", &[0; 4], &count, &count, &size, &at.to_le_bytes(), &[0; 2]].concat()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn an_archive_is_read_by_others() {
        let files: [(&str, &[u8]); 3] = [("pack/manifest.json", b"{}"), ("pack/stimuli/\u{e4}.png", &[7; 1000]), ("pack/empty", b"")];
        let (mut whole, mut entries) = (Vec::new(), Vec::new());
        for (path, bytes) in files {
            let at = whole.len() as u32;
            let entry = Entry { path: path.as_bytes().to_vec(), crc: crc32fast::hash(bytes), size: bytes.len() as u32, at };
            whole.extend(entry.head());
            whole.extend(bytes);
            entries.push(entry);
        }
        let at = whole.len() as u32;
        whole.extend(list(&entries, at));
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
        assert_eq!(archive.len(), 3);
        for (path, bytes) in files {
            let mut read = Vec::new();
            // Reading checks the checksum.
            archive.by_name(path).unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(read, bytes, "{path}");
        }
    }
}
