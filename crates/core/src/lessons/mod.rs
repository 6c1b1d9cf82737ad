//! Lessons: short texts with live figures, questions before their answers, and notes for teachers.
//!
//! A lesson is a file `www/lessons/LANGUAGE/NAME.md` in a small and strict dialect of Markdown. Whatever is not in this list is an error that
//! names its line, so that a lesson is never half shown.
//!
//! ````text
//! # Title                       first line
//!
//! One paragraph that says what the lesson is about.
//!
//! ## Title of a step            steps follow each other; a step has whatever is below, in any order
//!
//! A paragraph with *emphasis*, **strong words**, `code`, [a link](https://example.org) and [another lesson](lesson:maps).
//!
//! - a list                      or 1. 2. 3.; an item goes on in lines that begin with two blanks
//!
//! ```figure                     at most one a step: an experiment that the comparison shows when the step is entered
//! link: v=1&m=squeezenet1_1&s=0
//! show: measures, objects       the panels below the maps, if any
//!
//! A caption.
//! ```
//!
//! ```question                   at most one a step, before the reveal
//! What do you expect?
//!
//! - One choice
//! - Another one
//! ```
//!
//! ```reveal                     what is shown after the question; it may have a link and panels of its own
//! link: v=1&m=squeezenet1_1&s=0.59
//!
//! The pruned network says {top1.pruned}.
//! ```
//!
//! ```teacher                    shown on demand
//! What to ask the class.
//! ```
//! ````
//!
//! Words in braces are [quantities](Quantity), which the page fills in with what was computed, never with what the author expects. A backslash
//! takes the meaning from the mark behind it.

mod inline;
mod quantity;
mod read;

pub use self::quantity::Quantity;
pub use self::read::read;
use crate::experiment::Experiment;
use crate::presentation::Part;

/// A lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub says: String,
    /// Its steps, at least one.
    pub steps: Vec<Step>,
}

/// A step of a lesson.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it is called.
    pub title: String,
    /// What it consists of, in order.
    pub pieces: Vec<Piece>,
}

impl Step {
    /// The experiment that is shown when the step is entered.
    pub fn figure(&self) -> Option<&Figure> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Figure(figure) => Some(figure),
            _ => None,
        })
    }

    /// The question.
    pub fn question(&self) -> Option<&Question> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Question(question) => Some(question),
            _ => None,
        })
    }

    /// What is shown after the question.
    pub fn reveal(&self) -> Option<&Figure> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Reveal(reveal) => Some(reveal),
            _ => None,
        })
    }
}

/// A piece of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// A paragraph or a list.
    Text(Block),
    /// What the comparison shows.
    Figure(Figure),
    /// A question.
    Question(Question),
    /// What is shown after the question.
    Reveal(Figure),
    /// A note for teachers.
    Teacher(Vec<Block>),
}

/// A paragraph or a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list, numbered or not.
    List {
        /// Whether its items are numbered.
        numbered: bool,
        /// Its items.
        items: Vec<Vec<Span>>,
    },
}

/// A run of words.
#[derive(Debug, Clone, PartialEq)]
pub enum Span {
    /// Plain words.
    Text(String),
    /// Emphasis.
    Emphasis(String),
    /// Strong words.
    Strong(String),
    /// Code.
    Code(String),
    /// A link.
    Link {
        /// What is clicked.
        words: String,
        /// Where it leads.
        to: Destination,
    },
    /// Something that was computed.
    Quantity(Quantity),
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Away from the page, an address that begins with `https://`.
    Address(String),
    /// To another lesson.
    Lesson(String),
}

/// An experiment that the comparison shows, with what is said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The experiment; a figure has one, a reveal may leave the figure's.
    pub experiment: Option<Box<Experiment>>,
    /// The panels that are shown below the maps.
    pub show: Vec<Part>,
    /// What is said.
    pub says: Vec<Block>,
}

/// A question with what can be answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What is asked.
    pub asks: Vec<Block>,
    /// The choices, at least two.
    pub choices: Vec<Vec<Span>>,
}

/// The quantities of some blocks, in order.
pub fn quantities(blocks: &[Block]) -> Vec<Quantity> {
    let of = |spans: &[Span]| -> Vec<Quantity> {
        spans.iter().filter_map(|span| if let Span::Quantity(quantity) = span { Some(*quantity) } else { None }).collect()
    };
    let block = |block: &Block| match block {
        Block::Paragraph(spans) => of(spans),
        Block::List { items, .. } => items.iter().flat_map(|item| of(item)).collect(),
    };
    blocks.iter().flat_map(block).collect()
}

/// The words of some spans without what marks them; quantities are left out.
pub fn plain(spans: &[Span]) -> String {
    let word = |span: &Span| match span {
        Span::Text(words) | Span::Emphasis(words) | Span::Strong(words) | Span::Code(words) | Span::Link { words, .. } => words.clone(),
        Span::Quantity(_) => String::new(),
    };
    spans.iter().map(word).collect()
}
