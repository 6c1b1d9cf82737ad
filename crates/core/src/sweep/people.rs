//! What people answered to a sweep's pictures, and how a network's errors agree with theirs (error consistency; `alignment::consistency`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::alignment::consistency::{Table, mean};
use crate::alignment::observers::Observer;
use crate::error::{Error, Result};
use crate::statistics::bootstrap::{Bootstrap, Interval, Test, interval_of, judge};

/// The most observers of a sweep.
pub const MOST_OBSERVERS: usize = 256;

/// Right and wrong answers of people, picture by picture. No names: who they were does not matter here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Each picture's condition; none for a picture that does not count.
    conditions: Vec<Option<String>>,
    /// A text an observer, a letter a picture: `1` right, `0` wrong, `-` not answered.
    answers: Vec<String>,
}

impl People {
    /// The answers of observers to pictures of these conditions and names. Pictures whose condition is none do not count.
    pub fn of(pictures: &[(Option<String>, &str)], observers: &[Observer]) -> Self {
        let letter = |observer: &Observer, (condition, name): &(Option<String>, &str)| {
            let answers = condition.as_ref().and_then(|condition| observer.answers.get(condition));
            match answers.and_then(|answers| answers.get(*name)) {
                Some(answer) if answer.is_right() => '1',
                Some(_) => '0',
                None => '-',
            }
        };
        let answers = observers.iter().map(|observer| pictures.iter().map(|picture| letter(observer, picture)).collect::<String>());
        let answers = answers.filter(|answers| answers.bytes().any(|letter| letter != b'-')).take(MOST_OBSERVERS).collect();
        Self { conditions: pictures.iter().map(|(condition, _)| condition.clone()).collect(), answers }
    }

    /// How many observers there are.
    pub fn count(&self) -> usize {
        self.answers.len()
    }

    /// Whether they can be those of so many pictures.
    pub fn check(&self, pictures: usize) -> Result<()> {
        let broken = |reason: &str| Error::Unreadable { what: "what people answered".into(), reason: reason.into() };
        let letters = |answers: &String| answers.len() == pictures && answers.bytes().all(|letter| b"01-".contains(&letter));
        if self.conditions.len() != pictures || !self.answers.iter().all(letters) {
            return Err(broken("it does not fit the pictures"));
        }
        if self.answers.len() > MOST_OBSERVERS {
            return Err(broken("there are too many observers"));
        }
        Ok(())
    }

    /// A network's answers beside people's, condition by condition, with the places of the pictures of each.
    fn tables(&self, rights: &[Option<f64>]) -> Vec<(Table, Vec<usize>)> {
        let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, condition) in self.conditions.iter().enumerate() {
            if let Some(condition) = condition
                && rights.get(at).copied().flatten().is_some()
            {
                places.entry(condition).or_default().push(at);
            }
        }
        let table = |(condition, places): (&str, Vec<usize>)| {
            let network = places.iter().map(|at| rights[*at].map(|right| right > 0.5)).collect();
            let person = |answers: &String| {
                let letter = |at: &usize| match answers.as_bytes()[*at] {
                    b'1' => Some(true),
                    b'0' => Some(false),
                    _ => None,
                };
                places.iter().map(letter).collect()
            };
            let rows = std::iter::once(network).chain(self.answers.iter().map(person)).collect();
            (Table::of_rows(condition, rows), places)
        };
        places.into_iter().map(table).collect()
    }

    /// The mean kappa of a network with each observer, over observers, then over conditions, and the same over draws of pictures. A draw in which no
    /// picture can be compared has no value. None where nothing can be compared.
    pub fn kappa(&self, rights: &[Option<f64>], bootstrap: &mut Bootstrap) -> Option<Kappa> {
        let tables = self.tables(rights);
        let pairs: Vec<(usize, usize)> = (1..=self.answers.len()).map(|person| (0, person)).collect();
        let whole =
            |times: &dyn Fn(usize) -> u32| mean(tables.iter().filter_map(|(table, places)| table.mean(&pairs, |at| times(places[at]))));
        let value = whole(&|_| 1)?;
        let count = self.conditions.len();
        let draws = bootstrap.draws(count);
        let mut times = vec![0; count];
        let drawn = draws.chunks_exact(count).map(|places| {
            times.fill(0);
            places.iter().for_each(|at| times[*at as usize] += 1);
            whole(&|at| times[at])
        });
        Some(Kappa { value, drawn: drawn.collect() })
    }
}

/// A kappa, and what it would be with other pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Kappa {
    /// The mean kappa.
    pub value: f64,
    /// The same of each draw of pictures.
    drawn: Vec<Option<f64>>,
}

impl Kappa {
    /// The mean of several seeds' networks, draw by draw; none of none.
    pub fn mean(all: &[Self]) -> Option<Self> {
        let draws = all.first()?.drawn.len();
        let value = mean(all.iter().map(|one| one.value))?;
        let drawn = (0..draws).map(|at| mean(all.iter().filter_map(|one| one.drawn[at]))).collect();
        Some(Self { value, drawn })
    }

    /// Its interval.
    pub fn interval(&self) -> Option<Interval> {
        interval_of(self.drawn.iter().copied().flatten().collect())
    }

    /// How far it is from another's, on the same draws. `moved` is the number of pictures on which the two networks differ in being right.
    pub fn beyond(&self, other: &Self, moved: usize) -> Test {
        let differences = self.drawn.iter().zip(&other.drawn).filter_map(|(a, b)| Some((*a)? - (*b)?)).collect();
        judge(self.value - other.value, differences, moved)
    }
}
