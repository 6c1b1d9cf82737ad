//! How often answers are right, with what so few pictures can tell, and which categories are mistaken for which.

use serde::{Deserialize, Serialize};

use super::categories::Category;
use super::observers::{Answer, Observer};
use crate::statistics::wilson::wilson;

/// So many right of so many, and the interval in which the true share lies with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How many are right.
    pub right: usize,
    /// Of how many.
    pub of: usize,
    /// `right / of`.
    pub value: f64,
    /// Wilson's interval.
    pub interval: [f64; 2],
}

impl Share {
    /// `right` of `of`; none of nothing.
    pub fn new(right: usize, of: usize) -> Option<Self> {
        (of > 0 && right <= of).then(|| Self { right, of, value: right as f64 / of as f64, interval: wilson(right, of) })
    }

    /// The share of answers that are right.
    pub fn of(answers: impl IntoIterator<Item = Answer>) -> Option<Self> {
        let (mut right, mut of) = (0, 0);
        answers.into_iter().for_each(|answer| (right, of) = (right + usize::from(answer.is_right()), of + 1));
        Self::new(right, of)
    }
}

/// How often which answer was given to which category: rows are what is shown, columns the answer, the last column no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// 16 rows of 17 counts, categories in the order of [`Category::ALL`].
    pub counts: Vec<Vec<usize>>,
}

impl Confusion {
    /// Counts answers.
    pub fn of(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut counts = vec![vec![0; Category::ALL.len() + 1]; Category::ALL.len()];
        for answer in answers {
            counts[answer.category.index()][answer.response.map_or(Category::ALL.len(), Category::index)] += 1;
        }
        Self { counts }
    }

    /// How many answers there are.
    pub fn total(&self) -> usize {
        self.counts.iter().flatten().sum()
    }

    /// How many of them are right: the diagonal.
    pub fn right(&self) -> usize {
        self.counts.iter().enumerate().map(|(at, row)| row[at]).sum()
    }
}

/// The share of right answers of several observers to the pictures of some conditions, all answers together.
pub fn pooled<'a>(observers: impl IntoIterator<Item = &'a Observer>, conditions: &[String]) -> Option<Share> {
    let of = |observer: &'a Observer| conditions.iter().flat_map(move |condition| observer.of(condition)).map(|(_, answer)| answer);
    Share::of(observers.into_iter().flat_map(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_the_share_and_stay_between_0_and_1() {
        for of in [1, 2, 10, 160, 1280] {
            for right in 0..=of {
                let share = Share::new(right, of).unwrap();
                let [low, high] = share.interval;
                assert!(0.0 <= low && low <= share.value && share.value <= high && high <= 1.0, "{share:?}");
            }
        }
        assert_eq!(Share::new(0, 0), None);
        assert_eq!(Share::new(2, 1), None);
    }

    #[test]
    fn a_confusion_counts_every_answer_once() {
        let answer = |category, response| Answer { category, response };
        let answers = [
            answer(Category::Dog, Some(Category::Dog)),
            answer(Category::Dog, Some(Category::Cat)),
            answer(Category::Oven, None),
            answer(Category::Dog, Some(Category::Dog)),
        ];
        let confusion = Confusion::of(answers);
        assert_eq!((confusion.total(), confusion.right()), (4, 2));
        assert_eq!(confusion.counts[Category::Dog.index()][Category::Cat.index()], 1);
        assert_eq!(confusion.counts[Category::Oven.index()][16], 1);
    }
}
