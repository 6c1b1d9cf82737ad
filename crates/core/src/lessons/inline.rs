//! What stands within a line: emphasis, code, links, quantities.

use super::{Destination, Quantity, Span};
use crate::presentation::Place;

/// The spans of a text, or what is wrong with it.
pub fn spans(text: &str) -> Result<Vec<Span>, String> {
    let mut spans = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(mark) = rest.chars().next() {
        let behind = &rest[mark.len_utf8()..];
        let (span, after) = match mark {
            '\\' => {
                let Some(letter) = behind.chars().next().filter(char::is_ascii_punctuation) else {
                    return Err("a backslash stands before nothing that it could take the meaning from".into());
                };
                plain.push(letter);
                rest = &behind[letter.len_utf8()..];
                continue;
            }
            '*' if behind.starts_with('*') => until(&behind[1..], "**").map(|(words, after)| (Span::Strong(words), after))?,
            '*' => until(behind, "*").map(|(words, after)| (Span::Emphasis(words), after))?,
            '`' => until(behind, "`").map(|(words, after)| (Span::Code(words), after))?,
            '[' => link(behind)?,
            '{' => {
                let (name, after) = until(behind, "}")?;
                (Span::Quantity(Quantity::from_name(&name).map_err(|error| error.to_string())?), after)
            }
            '}' | ']' => return Err(format!("'{mark}' closes nothing")),
            '<' if behind.starts_with(|next: char| next.is_ascii_alphabetic() || next == '/' || next == '!') => {
                return Err("HTML is not part of the dialect".into());
            }
            '!' if behind.starts_with('[') => return Err("pictures are not part of the dialect".into()),
            other => {
                plain.push(other);
                rest = behind;
                continue;
            }
        };
        if !plain.is_empty() {
            spans.push(Span::Text(std::mem::take(&mut plain)));
        }
        spans.push(span);
        rest = after;
    }
    if !plain.is_empty() {
        spans.push(Span::Text(plain));
    }
    Ok(spans)
}

/// What stands before an end, which must come, and what is behind it. Marks do not nest.
fn until<'a>(text: &'a str, end: &str) -> Result<(String, &'a str), String> {
    let (inside, after) = text.split_once(end).ok_or_else(|| format!("'{end}' is missing"))?;
    if inside.trim() != inside || inside.is_empty() {
        return Err(format!("there are blanks or nothing inside of '{end}'"));
    }
    if end.starts_with('*') && inside.contains(['*', '`', '[', '{', '\\']) {
        return Err(format!("marks stand inside of '{end}'"));
    }
    Ok((inside.into(), after))
}

/// A link, behind its first bracket.
fn link(text: &str) -> Result<(Span, &str), String> {
    let (words, after) = until(text, "](")?;
    let (to, after) = until(after, ")")?;
    let to = match to.strip_prefix("lesson:") {
        Some(name) => Destination::Lesson(Place::read(name).ok_or_else(|| format!("'{name}' is no name of a lesson"))?.write()),
        None if to.starts_with("https://") && !to.contains(char::is_whitespace) => Destination::Address(to),
        None => return Err(format!("'{to}' is neither an address with https nor a lesson")),
    };
    Ok((Span::Link { words, to }, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        let read = spans("a *b* **c** `d*` [e](https://f.g) [h](lesson:i) {sparsity} \\*").unwrap();
        let wanted = [
            Span::Text("a ".into()),
            Span::Emphasis("b".into()),
            Span::Text(" ".into()),
            Span::Strong("c".into()),
            Span::Text(" ".into()),
            Span::Code("d*".into()),
            Span::Text(" ".into()),
            Span::Link { words: "e".into(), to: Destination::Address("https://f.g".into()) },
            Span::Text(" ".into()),
            Span::Link { words: "h".into(), to: Destination::Lesson("i".into()) },
            Span::Text(" ".into()),
            Span::Quantity(Quantity::Sparsity),
            Span::Text(" *".into()),
        ];
        assert_eq!(read, wanted);
    }

    #[test]
    fn what_is_not_in_the_dialect_is_refused() {
        for text in [
            "*a",
            "**a*",
            "`a",
            "[a]",
            "[a](http://b)",
            "[a](javascript:b)",
            "{a}",
            "{sparsity",
            "a}",
            "<b>",
            "![a](b)",
            "* a*",
            "\\a",
            "\\",
        ] {
            assert!(spans(text).is_err(), "{text}");
        }
        assert!(spans("2 < 3, 3 > 2!").is_ok());
    }
}
