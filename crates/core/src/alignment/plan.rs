//! The plan of a recognition experiment: what is shown, in which order, and how. The same plan over the same pictures is the same list everywhere.

use serde::{Deserialize, Serialize};

use super::categories::Category;
use super::condition::Condition;
use crate::error::{Error, Result};
use crate::few;
use crate::statistics::resampling::Draws;

/// The most trials of an experiment, all conditions together.
pub const MOST_TRIALS: usize = 2000;
/// The most trials of a practice block.
pub const MOST_PRACTICE: usize = 50;

/// How long a picture is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// For a fifth of a second, as long as it takes to answer.
    Flash,
    /// The same, with a second and a half to answer in, as published.
    Published,
    /// Until it is answered.
    Untimed,
}

impl Timing {
    /// Every timing, with its name.
    pub const ALL: [Self; 3] = [Self::Flash, Self::Published, Self::Untimed];

    /// The name in menus' values.
    pub fn id(self) -> &'static str {
        match self {
            Self::Flash => "flash",
            Self::Published => "published",
            Self::Untimed => "untimed",
        }
    }

    /// What to call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Flash => "200 ms, then take your time",
            Self::Published => "200 ms, then 1.5 s to answer (as published)",
            Self::Untimed => "untimed: the picture stays",
        }
    }

    /// The timing of a name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|timing| timing.id() == id)
    }
}

/// How an experiment is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Ids of the conditions. Not used with a pack, whose pictures have theirs.
    pub conditions: Vec<String>,
    /// The most trials of each condition.
    pub each: usize,
    /// Trials before those that count.
    pub practice: usize,
    /// How long a picture is seen.
    pub timing: Timing,
    /// Seed of the choice and the order of pictures.
    pub seed: u64,
    /// A break after so many trials; 0 for none.
    pub pause: usize,
    /// sha256 of the pack whose pictures are shown; none for the shipped ones.
    #[serde(default)]
    pub pack: Option<String>,
}

/// A picture that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its name in trials.
    pub image: String,
    /// What it shows.
    pub category: Category,
    /// Whether its object's outline is known.
    pub mask: bool,
    /// Its condition, where it has one of its own.
    pub condition: Option<String>,
}

/// A trial to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The picture's name.
    pub image: String,
    /// The condition's id.
    pub condition: String,
    /// What the picture shows.
    pub category: Category,
    /// Whether it is practice and does not count.
    #[serde(default)]
    pub practice: bool,
}

impl Plan {
    /// The trials, practice first. No picture comes twice in a condition; of each condition the first trials show every category there is once, then
    /// again, so that few trials are as even as they can be. An error if nothing can be shown.
    pub fn tasks(&self, pictures: &[Shown]) -> Result<Vec<Task>> {
        if !(1..=MOST_TRIALS).contains(&self.each) {
            return Err(Error::bad_value("trials a condition", self.each, &format!("between 1 and {MOST_TRIALS}")));
        }
        if self.practice > MOST_PRACTICE {
            return Err(Error::bad_value("practice trials", self.practice, &format!("at most {MOST_PRACTICE}")));
        }
        let mut draws = Draws::new(self.seed);
        let mut tasks = Vec::new();
        for (condition, fitting) in self.fitting(pictures)? {
            let chosen = even(fitting, self.each, &mut draws);
            tasks.extend(chosen.into_iter().map(|shown| task(shown, &condition, false)));
        }
        if tasks.is_empty() {
            let reason = "no picture shows one of the 16 categories under the conditions that were chosen".into();
            return Err(Error::Missing { what: "pictures to show".into(), reason });
        }
        draws.shuffle(&mut tasks);
        tasks.truncate(MOST_TRIALS);
        let mut practice: Vec<Task> = tasks.iter().map(|task| Task { practice: true, ..task.clone() }).collect();
        draws.shuffle(&mut practice);
        practice.truncate(self.practice);
        Ok(practice.into_iter().chain(tasks).collect())
    }

    /// Conditions with the pictures that can be shown under them.
    fn fitting<'a>(&self, pictures: &'a [Shown]) -> Result<Vec<(String, Vec<&'a Shown>)>> {
        if self.pack.is_some() {
            let mut conditions: Vec<String> = Vec::new();
            for condition in pictures.iter().filter_map(|shown| shown.condition.as_ref()) {
                if !conditions.contains(condition) {
                    conditions.push(condition.clone());
                }
            }
            few::sort(&mut conditions);
            let of = |condition: &String| pictures.iter().filter(|shown| shown.condition.as_ref() == Some(condition)).collect();
            return Ok(conditions.into_iter().map(|condition| (condition.clone(), of(&condition))).collect());
        }
        let mut seen = Vec::new();
        for id in &self.conditions {
            let condition = Condition::from_id(id)?;
            if !seen.contains(&condition.id()) {
                seen.push(condition.id());
            }
        }
        let of = |id: String| {
            let needs_mask = Condition::from_id(&id).is_ok_and(Condition::needs_mask);
            (id, pictures.iter().filter(|shown| shown.mask || !needs_mask).collect())
        };
        Ok(seen.into_iter().map(of).collect())
    }
}

/// So many of some pictures, each category as often as any other while it has pictures left.
fn even<'a>(mut pictures: Vec<&'a Shown>, count: usize, draws: &mut Draws) -> Vec<&'a Shown> {
    draws.shuffle(&mut pictures);
    let mut categories = Category::ALL;
    draws.shuffle(&mut categories);
    let mut chosen = Vec::new();
    while chosen.len() < count && !pictures.is_empty() {
        for category in categories {
            if let Some(at) = pictures.iter().position(|shown| shown.category == category).filter(|_| chosen.len() < count) {
                chosen.push(pictures.remove(at));
            }
        }
    }
    chosen
}

fn task(shown: &Shown, condition: &str, practice: bool) -> Task {
    Task { image: shown.image.clone(), condition: condition.into(), category: shown.category, practice }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    fn pictures() -> Vec<Shown> {
        let shown = |(at, (category, mask)): (usize, (Category, bool))| Shown { image: format!("p{at}"), category, mask, condition: None };
        let of = |category, count| std::iter::repeat_n((category, true), count);
        let all = of(Category::Bird, 8).chain(of(Category::Dog, 2)).chain(of(Category::Oven, 1)).chain([(Category::Cat, false); 3]);
        all.enumerate().map(shown).collect()
    }

    fn plan() -> Plan {
        let conditions = ["natural", "contrast-0.1", "silhouette"].map(String::from).to_vec();
        Plan { conditions, each: 8, practice: 5, timing: Timing::Flash, seed: 3, pause: 0, pack: None }
    }

    #[test]
    fn trials_are_even_and_never_repeat_a_picture_in_a_condition() {
        let tasks = plan().tasks(&pictures()).unwrap();
        assert_eq!(tasks.len(), 5 + 3 * 8);
        assert!(tasks[..5].iter().all(|task| task.practice) && tasks[5..].iter().all(|task| !task.practice));
        let keys: HashSet<(&str, &str)> = tasks[5..].iter().map(|task| (task.condition.as_str(), task.image.as_str())).collect();
        assert_eq!(keys.len(), 24);
        let mut counts: HashMap<(&str, Category), usize> = HashMap::new();
        tasks[5..].iter().for_each(|task| *counts.entry((&task.condition, task.category)).or_default() += 1);
        // Eight of eight birds, two dogs, an oven and three cats: each as often as there are, the rest birds.
        assert_eq!(counts[&("natural", Category::Dog)], 2);
        assert_eq!(counts[&("natural", Category::Oven)], 1);
        assert!(counts[&("natural", Category::Cat)] >= 2 && counts[&("natural", Category::Bird)] <= 3, "{counts:?}");
        assert!(!counts.contains_key(&("silhouette", Category::Cat)), "cats have no masks");
    }

    #[test]
    fn the_seed_decides_and_nothing_else() {
        let pictures = pictures();
        assert_eq!(plan().tasks(&pictures).unwrap(), plan().tasks(&pictures).unwrap());
        assert_ne!(plan().tasks(&pictures).unwrap(), Plan { seed: 4, ..plan() }.tasks(&pictures).unwrap());
        let twice = Plan { conditions: vec!["natural".into(), "natural".into()], each: 100, ..plan() };
        assert_eq!(twice.tasks(&pictures).unwrap().len(), 5 + 14);
    }

    #[test]
    fn what_cannot_be_shown_is_said() {
        let wrong = |plan: Plan| plan.tasks(&pictures()).unwrap_err().to_string();
        assert!(wrong(Plan { each: 0, ..plan() }).contains("trials a condition is 0"));
        assert!(wrong(Plan { practice: 99, ..plan() }).contains("practice"));
        assert!(wrong(Plan { conditions: vec!["tea".into()], ..plan() }).contains("unknown condition 'tea'"));
        assert!(wrong(Plan { conditions: Vec::new(), ..plan() }).contains("pictures to show"));
        assert!(wrong(Plan { pack: Some("x".into()), ..plan() }).contains("pictures to show"));
    }
}
