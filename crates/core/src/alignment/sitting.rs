//! A sitting: one person's way through a [`Plan`], answer by answer. It is kept on the device after every answer, so that a reload loses none.

use serde::{Deserialize, Serialize};

use super::categories::Category;
use super::plan::{MOST_PRACTICE, MOST_TRIALS, Plan, Task};
use super::trials::Trial;
use crate::error::{Error, Result};
use crate::few;

/// What kept sittings say they are.
pub const FORMAT: &str = "sweetspot-sitting-1";

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// The answer; none if it did not come in time.
    pub response: Option<Category>,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// How long the picture was really there, in milliseconds; none where it stayed.
    pub shown: Option<f64>,
}

/// A person's way through a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sitting {
    /// [`FORMAT`].
    pub format: String,
    /// Who answers, as trials name them.
    pub subject: String,
    /// Milliseconds since 1970 when it began.
    pub began: f64,
    /// The plan.
    pub plan: Plan,
    /// Every trial, practice first.
    pub tasks: Vec<Task>,
    /// The answers so far, in the order of the trials.
    pub given: Vec<Given>,
    /// Whether the person ended it before the last trial.
    #[serde(default)]
    pub ended: bool,
}

impl Sitting {
    /// A sitting that begins.
    pub fn new(subject: String, began: f64, plan: Plan, tasks: Vec<Task>) -> Self {
        Self { format: FORMAT.into(), subject, began, plan, tasks, given: Vec::new(), ended: false }
    }

    /// Reads a kept sitting. An error for another format and for one that does not fit together.
    pub fn read(text: &str) -> Result<Self> {
        let failed = |reason: String| Error::Unreadable { what: "a kept experiment".into(), reason };
        let sitting: Self = serde_json::from_str(text).map_err(|e| failed(e.to_string()))?;
        match () {
            () if sitting.format != FORMAT => Err(failed("it is of another version of this page".into())),
            () if sitting.given.len() > sitting.tasks.len() || sitting.tasks.len() > MOST_TRIALS + MOST_PRACTICE => {
                Err(failed("it has more answers than trials, or too many trials".into()))
            }
            () => Ok(sitting),
        }
    }

    /// The sitting as text.
    pub fn write(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| Error::Unreadable { what: "a kept experiment".into(), reason: e.to_string() })
    }

    /// The name under which it is kept.
    pub fn name(&self) -> String {
        format!("sitting {:.0}", self.began)
    }

    /// The trial that comes next; none after the last one.
    pub fn next(&self) -> Option<&Task> {
        self.tasks.get(self.given.len()).filter(|_| !self.ended)
    }

    /// Whether there is none left.
    pub fn is_over(&self) -> bool {
        self.next().is_none()
    }

    /// Whether a break comes before the next trial: never during or right after practice, which has a stop of its own.
    pub fn is_break(&self) -> bool {
        let practice = self.tasks.iter().filter(|task| task.practice).count();
        let done = self.given.len().saturating_sub(practice);
        self.plan.pause > 0 && done > 0 && !self.is_over() && done.is_multiple_of(self.plan.pause)
    }

    /// How many trials that count are answered, of how many.
    pub fn progress(&self) -> (usize, usize) {
        let counts = |tasks: &[Task]| tasks.iter().filter(|task| !task.practice).count();
        (counts(&self.tasks[..self.given.len()]), counts(&self.tasks))
    }

    /// The answers that count, as trials.
    pub fn trials(&self) -> Vec<Trial> {
        let counted = self.tasks.iter().zip(&self.given).filter(|(task, _)| !task.practice);
        let trial = |(at, (task, given)): (usize, (&Task, &Given))| Trial {
            subject: self.subject.clone(),
            session: "1".into(),
            trial: Some(at as u32 + 1),
            seconds: Some((given.seconds * 1000.0).round() / 1000.0),
            response: given.response,
            category: task.category,
            condition: task.condition.clone(),
            image: task.image.clone(),
        };
        counted.enumerate().map(trial).collect()
    }

    /// How long pictures were really there, in milliseconds: the median and the longest.
    pub fn shown(&self) -> Option<(f64, f64)> {
        let mut times: Vec<f64> = self.given.iter().filter_map(|given| given.shown).collect();
        few::sort_by(&mut times, f64::total_cmp);
        Some((*times.get(times.len() / 2)?, *times.last()?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::Timing;
    use super::*;

    fn sitting() -> Sitting {
        let task = |image: &str, practice| Task { image: image.into(), condition: "natural".into(), category: Category::Dog, practice };
        let tasks = vec![task("a", true), task("a", false), task("b", false), task("c", false)];
        let plan = Plan { conditions: vec!["natural".into()], each: 3, practice: 1, timing: Timing::Flash, seed: 0, pause: 2, pack: None };
        Sitting::new("ada".into(), 1.0, plan, tasks)
    }

    fn given(response: Option<Category>) -> Given {
        Given { response, seconds: 0.51234, shown: Some(200.0) }
    }

    #[test]
    fn practice_does_not_count_and_breaks_come_between() {
        let mut sitting = sitting();
        let mut breaks = Vec::new();
        while !sitting.is_over() {
            sitting.given.push(given(Some(Category::Cat)));
            breaks.push(sitting.is_break());
        }
        assert_eq!(breaks, [false, false, true, false]);
        assert_eq!(sitting.progress(), (3, 3));
        let trials = sitting.trials();
        assert_eq!(trials.iter().map(|trial| trial.image.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!((trials[0].seconds, trials[0].trial), (Some(0.512), Some(1)));
        assert_eq!(sitting.shown(), Some((200.0, 200.0)));
    }

    #[test]
    fn a_kept_sitting_goes_on_where_it_was() {
        let mut sitting = sitting();
        sitting.given.push(given(None));
        let read = Sitting::read(&sitting.write().unwrap()).unwrap();
        assert_eq!((read.next().map(|task| task.image.as_str()), &read), (Some("a"), &sitting));
        sitting.given = vec![given(None); 9];
        assert!(Sitting::read(&sitting.write().unwrap()).is_err());
        assert!(Sitting::read("{}").is_err());
        assert!(Sitting::read(&sitting.write().unwrap().replace(FORMAT, "other")).unwrap_err().to_string().contains("version"));
    }
}
