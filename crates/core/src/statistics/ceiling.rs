//! How far anybody could agree with people: the noise ceiling.
//!
//! People do not agree with each other altogether, and what a model could at best agree with is what they have in common. That is not known, but it lies
//! between two numbers (Nili et al., 2014): how far each person agrees with all the others together (too low: the others are few), and with everybody
//! together, that person among them (too high). The agreement of two people is neither; a model may well be above it.

use super::refused::Refused;
use super::two_way::{TwoWay, Weights, jackknife};

/// Both ends of the ceiling, each the mean over people, with its interval over people and pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ceiling {
    /// Each person with the group of all others.
    pub lower: TwoWay,
    /// Each person with the group of everybody.
    pub upper: TwoWay,
}

/// The ceiling of `people` on `pictures` for any agreement of a person with a group.
///
/// `agreement` is given the person's place, the places of the group and how often each picture counts, and answers in its own unit, or with none where
/// it has no value; such people are left out of the mean. Intervals hold for other people, as many, and other pictures: [`jackknife`]. They are
/// rather too wide: in simulations they hold the truth in 98 of 100 cases where 95 are due.
///
/// # Errors
///
/// With fewer than three people or two pictures, a confidence not between 0 and 1, and where the agreement has no finite value for anybody.
pub fn ceiling(
    people: usize,
    pictures: usize,
    confidence: f64,
    agreement: impl Fn(usize, &[usize], &[u32]) -> Option<f64>,
) -> Result<Ceiling, Refused> {
    super::refused::at_least("people", 3, people)?;
    let mean = |weights: &Weights, with_self: bool| {
        let everybody: Vec<usize> = (0..people).filter(|person| weights.people[*person] > 0).collect();
        let of = |person: &usize| {
            let group: Vec<usize> = everybody.iter().copied().filter(|other| with_self || other != person).collect();
            agreement(*person, &group, &weights.pictures)
        };
        let values: Vec<f64> = everybody.iter().filter_map(of).collect();
        super::moments::mean(&values)
    };
    Ok(Ceiling {
        lower: jackknife(people, pictures, confidence, |weights| mean(weights, false))?,
        upper: jackknife(people, pictures, confidence, |weights| mean(weights, true))?,
    })
}

/// The agreement of a person with a group's majority in being right or wrong, as Cohen's kappa, for [`ceiling`] and, with a network as one of the rows,
/// for whoever is held against it. A row a person, a column a picture, none where it was not answered. Pictures on which the person or the whole
/// group have not answered do not count; where the group is split in halves, half its vote is right.
pub fn majority_kappa(rights: &[Vec<Option<bool>>]) -> impl Fn(usize, &[usize], &[u32]) -> Option<f64> + '_ {
    move |person, group, pictures| {
        // Weights of all, of the person right, of the group right, of both alike.
        let [mut all, mut first, mut second, mut alike] = [0.0; 4];
        for (at, times) in pictures.iter().enumerate().filter(|(_, times)| **times > 0) {
            let Some(right) = rights[person][at] else { continue };
            let votes = group.iter().filter_map(|other| rights[*other][at]);
            let (of, sum) = votes.fold((0_i32, 0_i32), |(of, sum), vote| (of + 1, sum + if vote { 1 } else { -1 }));
            if of == 0 {
                continue;
            }
            let vote = 0.5 + 0.5 * f64::from(sum.signum());
            let times = f64::from(*times);
            all += times;
            first += times * f64::from(u8::from(right));
            second += times * vote;
            alike += times * if right { vote } else { 1.0 - vote };
        }
        let (p, q, observed) = (first / all, second / all, alike / all);
        let expected = p * q + (1.0 - p) * (1.0 - q);
        // As error consistency has it: whoever always agrees agrees, even if both are always right.
        let kappa = if alike == all { 1.0 } else { (observed - expected) / (1.0 - expected) };
        (all > 0.0).then_some(kappa)
    }
}
