//! Tables as text: fields between commas (or semicolons or tabs, as spreadsheets of other countries write them), quoted where they hold one
//! (RFC 4180).

/// The longest field in bytes; a quote that is never closed would swallow the rest of the file.
const MOST_FIELD: usize = 10_000;
/// The most fields of a line.
const MOST_FIELDS: usize = 1000;

/// A line's fields, or why it has none.
pub type Line = Result<Vec<String>, String>;

/// The separator of a table: the one of the three that its first line has most of.
pub fn separator(text: &str) -> char {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: char| first.matches(separator).count();
    [',', ';', '\t'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(',')
}

/// The table's lines that are not empty: the number of the line in the file, counted from 1, and its fields.
pub fn lines(text: &str, separator: char) -> impl Iterator<Item = (usize, Line)> + '_ {
    let mut rest = text;
    let mut number = 1;
    std::iter::from_fn(move || {
        while let Some(line) = rest.lines().next() {
            let here = number;
            if line.trim().is_empty() {
                rest = after(rest, line.len());
                number += 1;
                continue;
            }
            let (fields, length) = fields(rest, separator);
            number += rest[..length].matches('\n').count() + 1;
            rest = after(rest, length);
            return Some((here, fields));
        }
        None
    })
}

/// What follows a line of this length and its end.
fn after(text: &str, length: usize) -> &str {
    let rest = &text[length..];
    rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).or_else(|| rest.strip_prefix('\r')).unwrap_or(rest)
}

/// The fields of the line that a text starts with, and the line's length in bytes without its end. A line with a bad quote ends at the next end of
/// line, so that only it is lost.
fn fields(text: &str, separator: char) -> (Line, usize) {
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        if fields.len() == MOST_FIELDS {
            return (Err(format!("more than {MOST_FIELDS} fields")), end);
        }
        if text[at..].starts_with('"') {
            let Some((field, next)) = quoted(text, at) else {
                return (Err("a quote that is not closed".into()), end);
            };
            at = next;
            fields.push(field);
            match text[at..].chars().next() {
                Some(c) if c == separator => at += c.len_utf8(),
                None | Some('\n' | '\r') => return (Ok(fields), at),
                Some(_) => return (Err("text behind a closing quote".into()), end),
            }
        } else {
            let length = text[at..].find([separator, '\n', '\r']).unwrap_or(text.len() - at);
            let last = !text[at + length..].starts_with(separator);
            if length > MOST_FIELD {
                return (Err(format!("a field of {length} bytes")), end.max(at));
            }
            fields.push(text[at..at + length].to_string());
            at += length;
            if last {
                return (Ok(fields), at);
            }
            at += separator.len_utf8();
        }
    }
}

/// The quoted field at a place, and the place behind it; doubled quotes in it are quotes.
fn quoted(text: &str, at: usize) -> Option<(String, usize)> {
    let mut field = String::new();
    let mut from = at + 1;
    loop {
        let length = text[from..].find('"')?;
        field.push_str(&text[from..from + length]);
        from += length + 1;
        if field.len() > MOST_FIELD {
            return None;
        }
        match text[from..].starts_with('"') {
            true => field.push('"'),
            false => return Some((field, from)),
        }
        from += 1;
    }
}

/// A field as it is written: in quotes where it has to be.
pub fn quote(field: &str) -> String {
    match field.contains([',', '"', '\n', '\r']) || field.starts_with(' ') || field.ends_with(' ') {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(usize, Line)> {
        lines(text, separator(text)).collect()
    }

    fn line(number: usize, fields: &[&str]) -> (usize, Line) {
        (number, Ok(fields.iter().map(|field| field.to_string()).collect()))
    }

    #[test]
    fn fields_are_read_as_rfc_4180_writes_them() {
        let text = "a,b\r\n\r\n\"x,\"\"y\"\"\",\n\"two\nlines\",é\rlast,";
        let expected = [line(1, &["a", "b"]), line(3, &["x,\"y\"", ""]), line(4, &["two\nlines", "é"]), line(6, &["last", ""])];
        let read = all(text);
        assert_eq!(
            read.iter().map(|(_, fields)| fields).collect::<Vec<_>>(),
            expected.iter().map(|(_, fields)| fields).collect::<Vec<_>>()
        );
        assert_eq!(read[2].0, 4);
        assert_eq!(all("a;b,c;d"), [line(1, &["a", "b,c", "d"])]);
        assert_eq!(all("a\tb"), [line(1, &["a", "b"])]);
        assert_eq!(all("\n \n"), []);
        assert_eq!(all(""), []);
    }

    #[test]
    fn a_bad_quote_loses_its_line_only() {
        let text = "a,b\n\"open,1\nc,d\n\"x\"y,1\ne,f";
        let read = all(text);
        assert_eq!(read.len(), 5);
        assert_eq!(read[0], line(1, &["a", "b"]));
        assert!(read[1].1.is_err() && read[3].1.is_err(), "{read:?}");
        assert_eq!(read[4], line(5, &["e", "f"]));
        let long = format!("a,b\n\"{},1\nc,d", "x".repeat(20_000));
        assert_eq!(all(&long)[2], line(3, &["c", "d"]));
    }
}
