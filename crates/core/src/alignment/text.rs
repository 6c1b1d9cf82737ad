//! The bytes of a text file as text. Spreadsheets write more encodings than one.

use crate::error::{Error, Result};

/// How a file's text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Little,
    /// UTF-16, high byte first.
    Utf16Big,
    /// Bytes that are no UTF-8: each one a character, as Latin-1 has it.
    Latin1,
}

impl Encoding {
    /// What to call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Little => "UTF-16 (little endian)",
            Self::Utf16Big => "UTF-16 (big endian)",
            Self::Latin1 => "Latin-1",
        }
    }

    /// The encoding that a file's first bytes speak of.
    fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xff, 0xfe, ..] => Self::Utf16Little,
            [0xfe, 0xff, ..] => Self::Utf16Big,
            // Without a mark: a table starts with letters of its header, which leave the other byte zero.
            [a, 0, b, 0, ..] if *a > 0 && *b > 0 => Self::Utf16Little,
            [0, a, 0, b, ..] if *a > 0 && *b > 0 => Self::Utf16Big,
            _ if std::str::from_utf8(bytes).is_ok() => Self::Utf8,
            _ => Self::Latin1,
        }
    }
}

/// Reads a file's bytes as text without its byte order mark, and says in which encoding. An error for a file that is no text: one that holds zeros
/// or is UTF-16 cut in the middle of a character.
pub fn decode(name: &str, bytes: &[u8]) -> Result<(String, Encoding)> {
    let failed = |reason: &str| Error::Unreadable { what: name.into(), reason: reason.into() };
    let encoding = Encoding::of(bytes);
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let (units, rest) = bytes.as_chunks::<2>();
        let text = String::from_utf16(&units.iter().map(|pair| unit(*pair)).collect::<Vec<_>>());
        match rest.is_empty() {
            true => text.map_err(|_| failed("it begins as UTF-16 and goes on as something else; save it as UTF-8")),
            false => Err(failed("it is UTF-16 and ends in the middle of a character; the file is cut short")),
        }
    };
    let text = match encoding {
        Encoding::Utf16Little => utf16(u16::from_le_bytes)?,
        Encoding::Utf16Big => utf16(u16::from_be_bytes)?,
        Encoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Encoding::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    if text.contains('\0') {
        return Err(failed("it holds bytes that are no text; is it another kind of file?"));
    }
    Ok((text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text), encoding))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_reads_the_same() {
        let text = "subj,condition\nAnaïs,0\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8),
            ([b"\xff\xfe", &little[..]].concat(), Encoding::Utf16Little),
            ([b"\xfe\xff", &big[..]].concat(), Encoding::Utf16Big),
            (little.clone(), Encoding::Utf16Little),
            (big, Encoding::Utf16Big),
            (latin, Encoding::Latin1),
        ] {
            assert_eq!(decode("t.csv", &bytes).unwrap(), (text.to_string(), encoding));
        }
        assert!(decode("t.csv", &little[..little.len() - 1]).unwrap_err().to_string().contains("cut short"));
        assert!(decode("t.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap_err().to_string().contains("no text"));
        assert_eq!(decode("t.csv", b"").unwrap().0, "");
    }
}
