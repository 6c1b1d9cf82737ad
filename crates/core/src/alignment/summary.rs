//! A network beside people on the same pictures: accuracy, error consistency with each person, what people agree with each other, condition by
//! condition.

use serde::{Deserialize, Serialize};

use super::accuracy::{Confusion, Share, pooled};
use super::consistency::{Estimate, Table, estimate, pairs};
use super::observers::{Observer, conditions};
use super::shape_bias::{ShapeBias, shape_bias};
use crate::error::{Error, Result};

/// What a network and people came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alignment {
    /// The network's right answers, over all conditions that count.
    pub accuracy: Share,
    /// The mean error consistency of the network with people: over observers, then over conditions. None without people.
    pub error_consistency: Option<Estimate>,
    /// The same of people with each other. None with fewer than two.
    pub ceiling: Option<Estimate>,
    /// People's right answers, over the same conditions.
    pub human_accuracy: Option<Share>,
    /// The mean over conditions of the squared difference between people's accuracy and the network's.
    pub accuracy_difference: Option<f64>,
    /// Condition by condition.
    pub conditions: Vec<InCondition>,
    /// Person by person.
    pub observers: Vec<WithObserver>,
    /// The conditions that do not count.
    pub excluded: Vec<String>,
    /// The network's shape bias, where pictures have a shape and a texture in conflict.
    pub shape_bias: Option<ShapeBias>,
    /// People's.
    pub human_shape_bias: Option<ShapeBias>,
    /// What the network takes for what.
    pub confusion: Confusion,
}

/// The same in one condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InCondition {
    /// The condition's name.
    pub condition: String,
    /// The network's right answers.
    pub accuracy: Share,
    /// The network with people.
    pub error_consistency: Option<Estimate>,
    /// The mean share of pictures on which the network and a person are both right or both wrong.
    pub observed: Option<f64>,
    /// What it would be by chance.
    pub expected: Option<f64>,
    /// People with each other.
    pub ceiling: Option<Estimate>,
    /// People's right answers.
    pub human_accuracy: Option<Share>,
}

/// The network and one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WithObserver {
    /// The person's name.
    pub name: String,
    /// The person's right answers.
    pub accuracy: Share,
    /// The network with this person; none if they have no picture in common.
    pub error_consistency: Option<Estimate>,
    /// The other people with this person.
    pub with_people: Option<Estimate>,
}

/// Compares a network with people. `excludes` says of a condition whether it does not count. Intervals come from draws of the seed. An error if the
/// network has answered no picture of a condition that counts.
pub fn align(network: &Observer, people: &[Observer], excludes: impl Fn(&str) -> bool, seed: u64) -> Result<Alignment> {
    let (excluded, counted): (Vec<String>, Vec<String>) = conditions([network]).into_iter().partition(|condition| excludes(condition));
    let everybody: Vec<&Observer> = std::iter::once(network).chain(people).collect();
    let tables: Vec<Table> = counted.iter().map(|condition| Table::new(everybody.iter().copied(), condition)).collect();
    let answers = |observer: &Observer| -> Vec<_> {
        let own = observer.all().filter(|(condition, ..)| counted.iter().any(|counts| counts == condition));
        own.map(|(_, image, answer)| (image.to_string(), answer)).collect()
    };
    let bias = |answers: &[(String, _)]| shape_bias(answers.iter().map(|(image, answer)| (image.as_str(), *answer)));
    let own = answers(network);
    let Some(accuracy) = Share::of(own.iter().map(|(_, answer)| *answer)) else {
        let reason = match excluded.is_empty() {
            true => "there is no picture".to_string(),
            false => format!(
                "every condition there is ({}) is one that the published means leave out; use --all-conditions",
                excluded.join(", ")
            ),
        };
        return Err(Error::Undefined { measure: "alignment".into(), reason });
    };
    // The network's place is 0, people follow.
    let with_network: Vec<(usize, usize)> = (1..everybody.len()).map(|person| (0, person)).collect();
    let among_people: Vec<(usize, usize)> = pairs(people.len()).into_iter().map(|(a, b)| (a + 1, b + 1)).collect();
    let in_condition = |table: &Table| {
        let one = std::slice::from_ref(table);
        let here = std::slice::from_ref(&table.condition);
        let found: Vec<_> = with_network.iter().filter_map(|pair| table.pair(*pair)).collect();
        Some(InCondition {
            condition: table.condition.clone(),
            accuracy: pooled([network], here)?,
            error_consistency: estimate(one, &with_network, seed),
            observed: super::consistency::mean(found.iter().map(|pair| pair.observed)),
            expected: super::consistency::mean(found.iter().map(|pair| pair.expected)),
            ceiling: estimate(one, &among_people, seed),
            human_accuracy: pooled(people, here),
        })
    };
    let in_conditions: Vec<InCondition> = tables.iter().filter_map(in_condition).collect();
    let with_observer = |(at, person): (usize, &Observer)| {
        let others: Vec<(usize, usize)> = among_people.iter().copied().filter(|(a, b)| *a == at + 1 || *b == at + 1).collect();
        Some(WithObserver {
            name: person.name.clone(),
            accuracy: pooled([person], &counted)?,
            error_consistency: estimate(&tables, &[(0, at + 1)], seed),
            with_people: estimate(&tables, &others, seed),
        })
    };
    let difference = |row: &InCondition| Some((row.human_accuracy?.value - row.accuracy.value).powi(2));
    let of_people: Vec<_> = people.iter().flat_map(answers).collect();
    Ok(Alignment {
        accuracy,
        error_consistency: estimate(&tables, &with_network, seed),
        ceiling: estimate(&tables, &among_people, seed),
        human_accuracy: pooled(people, &counted),
        accuracy_difference: super::consistency::mean(in_conditions.iter().filter_map(difference)),
        observers: people.iter().enumerate().filter_map(with_observer).collect(),
        conditions: in_conditions,
        excluded,
        shape_bias: bias(&own),
        human_shape_bias: bias(&of_people),
        confusion: Confusion::of(own.iter().map(|(_, answer)| *answer)),
    })
}

/// The network's right answers and its error consistency with people alone, where nothing else is asked for.
pub fn against(network: &Observer, people: &[Observer], excludes: impl Fn(&str) -> bool, seed: u64) -> Result<(Share, Option<Estimate>)> {
    let counted: Vec<String> = conditions([network]).into_iter().filter(|condition| !excludes(condition)).collect();
    let none = || Error::Undefined { measure: "alignment".into(), reason: "there is no picture of a condition that counts".into() };
    let accuracy = pooled([network], &counted).ok_or_else(none)?;
    let everybody: Vec<&Observer> = std::iter::once(network).chain(people).collect();
    let tables: Vec<Table> = counted.iter().map(|condition| Table::new(everybody.iter().copied(), condition)).collect();
    let with_network: Vec<(usize, usize)> = (1..everybody.len()).map(|person| (0, person)).collect();
    Ok((accuracy, estimate(&tables, &with_network, seed)))
}
