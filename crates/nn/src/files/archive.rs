//! The part of the zip format that `torch.save` writes: entries stored as they are, found through the directory at the end (PKWARE's
//! application note, sections 4.3.6 to 4.3.16, with the 64-bit fields of 4.5.3).

use std::collections::BTreeMap;

/// More entries than any network has tensors.
const MAX_ENTRIES: u64 = 100_000;

/// The archive's entries by name, as slices of it; `None` for an entry that is compressed or encrypted.
pub(super) fn entries(bytes: &[u8]) -> Result<BTreeMap<String, Option<&[u8]>>, String> {
    let (count, mut at) = directory(bytes).ok_or("an archive without its end; the file is cut short")?;
    if count > MAX_ENTRIES {
        return Err(format!("an archive of {count} entries, more than {MAX_ENTRIES}"));
    }
    let mut entries = BTreeMap::new();
    for _ in 0..count {
        let (entry, next) = entry(bytes, at).ok_or("an archive whose directory points outside of it; the file is damaged")?;
        entries.insert(entry.name, (entry.method == 0).then_some(entry.data));
        at = next;
    }
    Ok(entries)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?)))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// How many entries the directory has, and where it starts.
fn directory(bytes: &[u8]) -> Option<(u64, usize)> {
    // The record at the end has 22 bytes, and a comment of at most 65535.
    let last = bytes.len().checked_sub(22)?;
    let end = (last.saturating_sub(65_535)..=last).rev().find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))?;
    let (count, start) = (u16_at(bytes, end + 10)?, u32_at(bytes, end + 16)?);
    let long = end.checked_sub(20).filter(|at| bytes[*at..].starts_with(b"PK\x06\x07"));
    let (count, start) = match long {
        Some(locator) => {
            let record = usize::try_from(u64_at(bytes, locator + 8)?).ok()?;
            bytes.get(record..)?.starts_with(b"PK\x06\x06").then_some(())?;
            (u64_at(bytes, record.checked_add(32)?)?, u64_at(bytes, record.checked_add(48)?)?)
        }
        None => (count, start),
    };
    Some((count, usize::try_from(start).ok()?))
}

struct Entry<'a> {
    name: String,
    data: &'a [u8],
    /// 0 for stored; anything else, encryption included, is not read.
    method: u64,
}

/// The entry at a place in the directory, and the next one's place.
fn entry(bytes: &[u8], at: usize) -> Option<(Entry<'_>, usize)> {
    let head = bytes.get(at..)?;
    head.starts_with(b"PK\x01\x02").then_some(())?;
    let encrypted = u16_at(head, 8)? & 1;
    let method = u16_at(head, 10)? | encrypted;
    let [name_length, extra_length, comment_length] = [28, 30, 32].map(|at| u16_at(head, at).map(|n| n as usize));
    let (name_end, extra_end) = (46 + name_length?, 46 + name_length? + extra_length?);
    let name = String::from_utf8_lossy(head.get(46..name_end)?).into_owned();
    let mut long = long_fields(head.get(name_end..extra_end)?);
    // A field of ones stands in the 64-bit fields instead, in this order.
    let mut field = |at: usize| u32_at(head, at).and_then(|short| if short == u64::from(u32::MAX) { long.next() } else { Some(short) });
    let (length, stored, start) = (field(24)?, field(20)?, field(42)?);
    let start = usize::try_from(start).ok()?;
    let local = bytes.get(start..)?;
    local.starts_with(b"PK\x03\x04").then_some(())?;
    let data = 30 + u16_at(local, 26)? as usize + u16_at(local, 28)? as usize;
    let length = usize::try_from(if method == 0 { length } else { stored }).ok()?;
    let data = local.get(data..)?.get(..length)?;
    Some((Entry { name, data, method }, at.checked_add(extra_end + comment_length?)?))
}

/// The 64-bit fields among an entry's extra ones.
fn long_fields(mut extra: &[u8]) -> impl Iterator<Item = u64> + '_ {
    let mut found: &[u8] = &[];
    while let (Some(kind), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(rest) = extra.get(4..) else { break };
        let (field, rest) = rest.split_at((length as usize).min(rest.len()));
        if kind == 1 {
            found = field;
        }
        extra = rest;
    }
    found.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes))
}
