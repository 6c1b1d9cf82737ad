//! What became of many things that were read: so many used, so many refused, and why. Nothing is left out in silence, and a report of a million
//! bad lines is no longer than one of ten.

use serde::{Deserialize, Serialize};

/// How many things of one kind are named; all are counted.
const NAMED: usize = 5;
/// How long a name may be, in characters.
const LENGTH: usize = 120;
/// How many kinds of trouble are told apart; further ones share the last place.
const KINDS: usize = 40;

/// Why some things were not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What was wrong, and what to do: a sentence without a final stop.
    pub why: String,
    /// How many it was wrong with.
    pub count: usize,
    /// The first of them.
    pub examples: Vec<String>,
}

/// How many things were used, which were not, and what else a reader should know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How many were used.
    pub used: usize,
    /// What was refused, by reason.
    pub refused: Vec<Refusal>,
    /// What was understood in a way that is worth a word.
    pub notes: Vec<String>,
}

impl Report {
    /// Refuses a thing.
    pub fn refuse(&mut self, why: &str, what: impl AsRef<str>) {
        self.refuse_many(why, 1, what);
    }

    /// Refuses some things at once, of which one is named.
    pub fn refuse_many(&mut self, why: &str, count: usize, what: impl AsRef<str>) {
        let shortened = |text: &str, most: usize| -> String { text.chars().filter(|c| !c.is_control()).take(most).collect() };
        let known = self.refused.iter().position(|refusal| refusal.why == why);
        let place = known.or((self.refused.len() >= KINDS).then_some(KINDS - 1)).unwrap_or_else(|| {
            self.refused.push(Refusal { why: shortened(why, 2 * LENGTH), count: 0, examples: Vec::new() });
            self.refused.len() - 1
        });
        let refusal = &mut self.refused[place];
        refusal.count += count;
        if refusal.examples.len() < NAMED {
            refusal.examples.push(shortened(what.as_ref(), LENGTH));
        }
    }

    /// Adds a note, once.
    pub fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if self.notes.len() < KINDS && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// How many were refused.
    pub fn refusals(&self) -> usize {
        self.refused.iter().map(|refusal| refusal.count).sum()
    }

    /// Takes another report in.
    pub fn add(&mut self, other: Self) {
        self.used += other.used;
        for refusal in other.refused {
            let mut names = refusal.examples.into_iter();
            self.refuse_many(&refusal.why, refusal.count.saturating_sub(names.len().saturating_sub(1)), names.next().unwrap_or_default());
            names.for_each(|name| self.refuse(&refusal.why, name));
        }
        other.notes.into_iter().for_each(|note| self.note(note));
    }

    /// The report line by line, for a reader.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let line = |refusal: &Refusal| {
            let more = if refusal.count > refusal.examples.len() { ", …" } else { "" };
            format!("{} refused: {} ({}{more})", refusal.count, refusal.why, refusal.examples.join(", "))
        };
        self.notes.iter().cloned().chain(self.refused.iter().map(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_refusals_are_counted_and_few_named() {
        let mut report = Report::default();
        (0..1_000_000).for_each(|at| report.refuse("no category in its path", format!("file {at}\n")));
        (0..100).for_each(|at| report.refuse(&format!("trouble {at}"), "x"));
        assert_eq!(report.refusals(), 1_000_100);
        assert_eq!(report.refused[0].examples, ["file 0", "file 1", "file 2", "file 3", "file 4"]);
        assert_eq!((report.refused[0].count, report.refused.len()), (1_000_000, KINDS));
        let mut sum = report.clone();
        sum.add(report);
        assert_eq!(sum.refusals(), 2_000_200);
        assert!(sum.lines().next().unwrap().starts_with("2000000 refused: no category in its path (file 0, file 1"));
    }
}
