//! From the text of a lesson to its steps. Reading is total: any text gives a lesson or an error that names the line.

use super::inline::spans;
use super::{Block, Figure, Lesson, Piece, Question, Span, Step};
use crate::error::{Error, Result};
use crate::link;
use crate::presentation::{MOST_STEPS, Part};

/// The longest text that is read, in bytes.
const LONGEST: usize = 100_000;

/// What stands before the bars of a block, and behind it.
const FENCE: &str = "```";

/// A line with its number.
type Line<'a> = (usize, &'a str);

/// What is wrong with a line.
type Wrong = (usize, String);

type Checked<T> = std::result::Result<T, Wrong>;

/// Reads a lesson. `name` is what an error calls it.
pub fn read(name: &str, text: &str) -> Result<Lesson> {
    let failed =
        |(line, reason): Wrong| Error::Unreadable { what: format!("the lesson '{name}'"), reason: format!("line {line}: {reason}") };
    if text.len() > LONGEST {
        return Err(failed((1, format!("the text is longer than {LONGEST} bytes"))));
    }
    let lines: Vec<Line> = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim_end())).collect();
    lesson(&lines).map_err(failed)
}

fn lesson(lines: &[Line]) -> Checked<Lesson> {
    let mut parts = lines.split(|(_, line)| line.starts_with("## "));
    let opening = parts.next().unwrap_or_default();
    let (title, opening) = match opening {
        [(_, first), opening @ ..] if first.starts_with("# ") => (first[2..].trim(), opening),
        _ => return Err((1, "a lesson begins with '# ' and its title".into())),
    };
    let says = match &blocks(opening)?[..] {
        [Block::Paragraph(says)] if !title.is_empty() => super::plain(says),
        _ => return Err((1, "one paragraph follows the title and says what the lesson is about".into())),
    };
    let heads: Vec<Line> = lines.iter().copied().filter(|(_, line)| line.starts_with("## ")).collect();
    let steps = heads.into_iter().zip(parts).map(|((_, head), lines)| step(head[3..].trim(), lines)).collect::<Checked<Vec<_>>>()?;
    if !(1..=MOST_STEPS).contains(&steps.len()) {
        return Err((1, format!("a lesson has 1 to {MOST_STEPS} steps, each under '## ' and its title")));
    }
    Ok(Lesson { title: title.into(), says, steps })
}

/// A step: texts and fenced blocks in turn.
fn step(title: &str, lines: &[Line]) -> Checked<Step> {
    let mut pieces = Vec::new();
    let mut rest = lines;
    while let Some(open) = rest.iter().position(|(_, line)| line.starts_with(FENCE)) {
        let (before, (number, head), after) = (&rest[..open], rest[open], &rest[open + 1..]);
        pieces.extend(blocks(before)?.into_iter().map(Piece::Text));
        let close = after.iter().position(|(_, line)| *line == FENCE).ok_or((number, "the block has no end".to_string()))?;
        let piece = fenced(number, head[FENCE.len()..].trim(), &after[..close])?;
        let again = pieces.iter().any(|one| std::mem::discriminant(one) == std::mem::discriminant(&piece));
        if again && !matches!(piece, Piece::Teacher(_)) {
            return Err((number, "a step has one figure, one question and one reveal at most".into()));
        }
        if matches!(piece, Piece::Reveal(_)) && !pieces.iter().any(|piece| matches!(piece, Piece::Question(_))) {
            return Err((number, "a question comes before a reveal".into()));
        }
        pieces.push(piece);
        rest = &after[close + 1..];
    }
    pieces.extend(blocks(rest)?.into_iter().map(Piece::Text));
    let step = Step { title: title.into(), pieces };
    let line = lines.first().map_or(1, |(line, _)| *line);
    match (step.title.is_empty() || step.pieces.is_empty(), step.question().is_some(), step.reveal().is_some()) {
        (true, ..) => Err((line, "a step has a title and something to say".into())),
        (_, true, false) => Err((line, "a question has a reveal".into())),
        _ => Ok(step),
    }
}

fn fenced(number: usize, kind: &str, lines: &[Line]) -> Checked<Piece> {
    match kind {
        "figure" => {
            let figure = figure(lines)?;
            if figure.experiment.is_none() {
                return Err((number, "a figure has a line 'link: ' with an experiment".into()));
            }
            Ok(Piece::Figure(figure))
        }
        "reveal" => {
            let reveal = figure(lines)?;
            if reveal.says.is_empty() {
                return Err((number, "a reveal says something".into()));
            }
            Ok(Piece::Reveal(reveal))
        }
        "question" => {
            let mut asks = blocks(lines)?;
            match (asks.pop(), asks.is_empty()) {
                (Some(Block::List { numbered: false, items }), false) if items.len() > 1 => {
                    Ok(Piece::Question(Question { asks, choices: items }))
                }
                _ => Err((number, "a question ends with a list of two choices or more".into())),
            }
        }
        "teacher" => {
            let says = blocks(lines)?;
            if says.is_empty() { Err((number, "a note for teachers says something".into())) } else { Ok(Piece::Teacher(says)) }
        }
        other => {
            let other: String = other.chars().take(30).collect();
            Err((number, format!("unknown block '{other}'; known: figure, question, reveal, teacher")))
        }
    }
}

/// A block whose first lines may be `link: ` and `show: `.
fn figure(lines: &[Line]) -> Checked<Figure> {
    let mut figure = Figure { experiment: None, show: Vec::new(), says: Vec::new() };
    let mut rest = lines;
    while let [(number, line), behind @ ..] = rest {
        if let Some(fragment) = line.strip_prefix("link: ") {
            let experiment = link::read(fragment.trim()).map_err(|error| (*number, error.to_string()))?;
            figure.experiment = Some(Box::new(experiment));
        } else if let Some(names) = line.strip_prefix("show: ") {
            let part = |name: &str| Part::from_id(name.trim()).filter(|part| part.is_panel());
            let known = || Part::ALL.into_iter().filter(|part| part.is_panel()).map(Part::id).collect::<Vec<_>>().join(", ");
            for name in names.split(',') {
                figure.show.push(part(name).ok_or_else(|| (*number, format!("no panel '{}'; known: {}", name.trim(), known())))?);
            }
        } else {
            break;
        }
        rest = behind;
    }
    figure.says = blocks(rest)?;
    Ok(figure)
}

/// Paragraphs and lists.
fn blocks(lines: &[Line]) -> Checked<Vec<Block>> {
    let mut blocks = Vec::new();
    for chunk in lines.split(|(_, line)| line.is_empty()).filter(|chunk| !chunk.is_empty()) {
        let (number, first) = chunk[0];
        let block = match item(first) {
            None => {
                if let Some((number, _)) = chunk.iter().find(|(_, line)| item(line).is_some()) {
                    return Err((*number, "an empty line comes before a list".into()));
                }
                let words: Vec<&str> = chunk.iter().map(|(number, line)| words(*number, line)).collect::<Checked<_>>()?;
                Block::Paragraph(inline(number, &words.join(" "))?)
            }
            Some((numbered, _)) => Block::List { numbered, items: items(numbered, chunk)? },
        };
        blocks.push(block);
    }
    Ok(blocks)
}

/// A list's items; lines that begin with two blanks go on with the one before.
fn items(numbered: bool, chunk: &[Line]) -> Checked<Vec<Vec<Span>>> {
    let mut texts: Vec<(usize, String)> = Vec::new();
    for (number, line) in chunk {
        match (item(line), texts.last_mut()) {
            (Some((same, text)), _) if same == numbered => texts.push((*number, words(*number, text)?.into())),
            (None, Some((_, text))) if line.starts_with("  ") => {
                text.push(' ');
                *text += words(*number, line.trim_start())?;
            }
            _ => return Err((*number, "the list goes on with neither an item nor two blanks".into())),
        }
    }
    texts.into_iter().map(|(number, text)| inline(number, &text)).collect()
}

/// Whether a line is an item of a list, numbered or not, and its text.
fn item(line: &str) -> Option<(bool, &str)> {
    if let Some(text) = line.strip_prefix("- ") {
        return Some((false, text));
    }
    let (number, text) = line.split_once(". ")?;
    ((1..=2).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())).then_some((true, text))
}

/// A line's words, unless it begins with what Markdown knows and this dialect does not.
fn words(number: usize, line: &str) -> Checked<&str> {
    let other = ["#", ">", "|", "+ ", "* ", "---", "===", "~~~", FENCE, " ", "\t"];
    match other.iter().find(|mark| line.starts_with(**mark)) {
        Some(mark) => Err((number, format!("a line that begins with '{mark}' is not part of the dialect here"))),
        None => Ok(line),
    }
}

fn inline(number: usize, text: &str) -> Checked<Vec<Span>> {
    spans(text).map_err(|reason| (number, reason))
}
