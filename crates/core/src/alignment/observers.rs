//! Observers: who answered what, picture by picture.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::categories::Category;
use super::trials::Trial;
use crate::few;

/// What somebody answered to a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What the picture shows.
    pub category: Category,
    /// The answer; none if it did not come in time.
    pub response: Option<Category>,
}

impl Answer {
    /// Whether the answer is right. No answer is a wrong one, as in the published analyses.
    pub fn is_right(self) -> bool {
        self.response == Some(self.category)
    }
}

/// A person or a network, and its answers: by condition, then by the picture's name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observer {
    /// What trials call it.
    pub name: String,
    /// The answers.
    pub answers: BTreeMap<String, BTreeMap<String, Answer>>,
}

impl Observer {
    /// Somebody who has not answered yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), answers: BTreeMap::new() }
    }

    /// Adds an answer; a later one to the same picture takes the earlier one's place.
    pub fn add(&mut self, condition: &str, image: &str, answer: Answer) {
        let of_condition = match self.answers.get_mut(condition) {
            Some(answers) => answers,
            None => self.answers.entry(condition.into()).or_default(),
        };
        of_condition.insert(image.into(), answer);
    }

    /// The answers to the pictures of a condition.
    pub fn of(&self, condition: &str) -> impl Iterator<Item = (&str, Answer)> {
        self.answers.get(condition).into_iter().flatten().map(|(image, answer)| (image.as_str(), *answer))
    }

    /// All answers, with condition and picture.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str, Answer)> {
        self.answers
            .iter()
            .flat_map(|(condition, answers)| answers.iter().map(move |(image, answer)| (condition.as_str(), image.as_str(), *answer)))
    }
}

/// The observers of trials, by name. The trials are those that [`settle`](super::trials::settle) leaves.
pub fn observers(trials: &[Trial]) -> Vec<Observer> {
    let mut found: BTreeMap<&str, Observer> = BTreeMap::new();
    for trial in trials {
        let observer = found.entry(&trial.subject).or_insert_with(|| Observer::new(&trial.subject));
        observer.add(&trial.condition, trial.stimulus(), Answer { category: trial.category, response: trial.response });
    }
    found.into_values().collect()
}

/// The conditions that any of the observers has answered, in the order of levels: numbers by size, then words by the alphabet.
pub fn conditions<'a>(observers: impl IntoIterator<Item = &'a Observer>) -> Vec<String> {
    let mut names: Vec<&String> = Vec::new();
    for name in observers.into_iter().flat_map(|observer| observer.answers.keys()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    few::sort_by(&mut names, |a, b| {
        let number = |name: &str| name.parse::<f64>().ok().filter(|value| !value.is_nan());
        match (number(a), number(b)) {
            (Some(x), Some(y)) => x.total_cmp(&y).then_with(|| a.cmp(b)),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => a.cmp(b),
        }
    });
    names.into_iter().cloned().collect()
}
