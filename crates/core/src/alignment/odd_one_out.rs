//! Odd one out: of three pictures, which is unlike the other two? People say; of a network's features, those two belong together whose cosine is
//! largest (the task of Hebart et al., 2020, as networks are asked in it by Muttenthaler et al., 2023).

use serde::{Deserialize, Serialize};

use super::accuracy::Share;
use crate::error::{Error, Result};
use crate::few;
use crate::statistics::resampling::Draws;
use crate::statistics::sign_test::sign_test;

/// What kept choices say they are.
pub const FORMAT: &str = "sweetspot-odd-one-out-1";
/// The most triplets of a sitting.
pub const MOST: usize = 300;
/// The most pictures whose likeness is asked for at once.
pub const MOST_PICTURES: usize = 200;
/// How often chance names the same picture.
pub const CHANCE: f64 = 1.0 / 3.0;
/// The longest name.
const MOST_NAME: usize = 200;

/// Three pictures, and which one is the odd one out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The pictures' names.
    pub images: [String; 3],
    /// The place of the odd one.
    pub odd: usize,
}

/// What a person chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// [`FORMAT`].
    pub format: String,
    /// Who chose.
    pub subject: String,
    /// Seed of the triplets.
    pub seed: u64,
    /// How many triplets were asked for.
    pub count: usize,
    /// The choices so far, in the order of the triplets.
    pub made: Vec<Choice>,
}

impl Choices {
    /// Nothing chosen yet.
    pub fn new(subject: String, seed: u64, count: usize) -> Self {
        Self { format: FORMAT.into(), subject, seed, count, made: Vec::new() }
    }

    /// Reads kept choices, checked.
    pub fn read(what: &str, text: &str) -> Result<Self> {
        let failed = |reason: String| Error::Unreadable { what: what.into(), reason };
        let choices: Self = serde_json::from_str(text).map_err(|e| failed(e.to_string()))?;
        let named = |name: &String| (1..=MOST_NAME).contains(&name.len());
        let whole = |choice: &Choice| choice.odd < 3 && choice.images.iter().all(named);
        match () {
            () if choices.format != FORMAT => Err(failed(format!("it is not in the format {FORMAT}, which the page exports"))),
            () if !(1..=MOST).contains(&choices.count) || choices.made.len() > choices.count => {
                Err(failed(format!("{} choices of {}; at most {MOST} can be", choices.made.len(), choices.count)))
            }
            () if choices.subject.len() > MOST_NAME || !choices.made.iter().all(whole) => {
                Err(failed("a choice in it is none of three pictures".into()))
            }
            () => Ok(choices),
        }
    }

    /// The choices as text.
    pub fn write(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| Error::Unreadable { what: "choices".into(), reason: e.to_string() })
    }

    /// The choices as a table, a row each.
    pub fn csv(all: &[Self]) -> String {
        let quoted = |text: &str| if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.into() };
        let mut table = String::from("subj,trial,image_1,image_2,image_3,odd\n");
        for choices in all {
            for (at, choice) in choices.made.iter().enumerate() {
                let [a, b, c] = choice.images.each_ref().map(|name| quoted(name));
                table.push_str(&format!("{},{},{a},{b},{c},{}\n", quoted(&choices.subject), at + 1, choice.odd + 1));
            }
        }
        table
    }
}

/// The triplets of a seed: places of so many pictures, all three different, each picture about as often as any other, no triplet twice while there are
/// others. An error with fewer than three pictures.
pub fn triplets(pictures: usize, count: usize, seed: u64) -> Result<Vec<[usize; 3]>> {
    if pictures < 3 {
        return Err(Error::Missing { what: "pictures to compare".into(), reason: "it takes three at least".into() });
    }
    if !(1..=MOST).contains(&count) {
        return Err(Error::bad_value("the number of triplets", count, &format!("between 1 and {MOST}")));
    }
    let mut draws = Draws::new(seed);
    let (mut found, mut known) = (Vec::with_capacity(count), std::collections::HashSet::new());
    let mut deck: Vec<usize> = (0..pictures).collect();
    // As many as there can be; of few pictures triplets come again.
    let all = pictures * (pictures - 1) * (pictures - 2) / 6;
    while found.len() < count {
        draws.shuffle(&mut deck);
        for dealt in deck.chunks_exact(3) {
            let mut key = [dealt[0], dealt[1], dealt[2]];
            let shown = key;
            few::sort(&mut key);
            if found.len() < count && (known.insert(key) || known.len() >= all) {
                found.push(shown);
            }
        }
    }
    Ok(found)
}

/// How alike a network finds pictures: the cosine of every two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// The pictures' names.
    pub images: Vec<String>,
    /// Cosines, row by row, as many rows as pictures.
    pub cosines: Vec<f32>,
}

impl Likeness {
    /// The likeness of features, one list a picture, all as long. A picture without features is like no other.
    pub fn of(images: Vec<String>, features: &[Vec<f32>]) -> Self {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        let lengths: Vec<f64> = features.iter().map(|one| dot(one, one).sqrt()).collect();
        let cosine = |a: usize, b: usize| match lengths[a] * lengths[b] {
            scale if scale > 0.0 => (dot(&features[a], &features[b]) / scale) as f32,
            _ => 0.0,
        };
        let cosines = (0..features.len()).flat_map(|a| (0..features.len()).map(move |b| (a, b))).map(|(a, b)| cosine(a, b)).collect();
        Self { images, cosines }
    }

    /// The cosine of two pictures by their names.
    pub fn cosine(&self, a: &str, b: &str) -> Option<f32> {
        let place = |name: &str| self.images.iter().position(|image| image == name);
        self.cosines.get(place(a)? * self.images.len() + place(b)?).copied()
    }

    /// The odd one of three: the one that is not of the most alike two. None where two pairs are equally alike, or a picture is not known.
    pub fn odd(&self, [a, b, c]: &[String; 3]) -> Option<usize> {
        // The pair that leaves out the first, the second, the third.
        let pairs = [self.cosine(b, c)?, self.cosine(a, c)?, self.cosine(a, b)?];
        let most = pairs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut best = pairs.iter().enumerate().filter(|(_, cosine)| **cosine == most);
        match (best.next(), best.next()) {
            (Some((odd, _)), None) => Some(odd),
            _ => None,
        }
    }
}

/// How often a network names the picture that a person named. Triplets that it cannot decide count as missed; those with pictures that it did not see do
/// not count. None where nothing counts.
pub fn agreement(choices: &[Choice], network: &Likeness) -> Option<Share> {
    let known = |choice: &&Choice| choice.images.iter().all(|image| network.images.contains(image));
    let counted: Vec<&Choice> = choices.iter().filter(known).collect();
    Share::new(counted.iter().filter(|choice| network.odd(&choice.images) == Some(choice.odd)).count(), counted.len())
}

/// How often two people name the same picture of the same three; none where they saw no three alike.
pub fn between(one: &[Choice], other: &[Choice]) -> Option<Share> {
    let named = |choice: &Choice| choice.images.get(choice.odd).cloned();
    let key = |choice: &Choice| {
        let mut names = choice.images.clone();
        few::sort(&mut names);
        names
    };
    let (mut same, mut all) = (0, 0);
    for choice in one {
        if let Some(twin) = other.iter().find(|twin| key(twin) == key(choice)) {
            all += 1;
            same += usize::from(named(twin) == named(choice));
        }
    }
    Share::new(same, all)
}

/// Where two networks name different pictures: how often only the first agrees with the person, how often only the second, and the probability of that
/// were both as good (the exact test of signs; McNemar, 1947).
pub fn apart(choices: &[Choice], one: &Likeness, other: &Likeness) -> (usize, usize, f64) {
    let hits = |network: &Likeness, choice: &Choice| network.odd(&choice.images) == Some(choice.odd);
    let first = choices.iter().filter(|choice| hits(one, choice) && !hits(other, choice)).count();
    let second = choices.iter().filter(|choice| !hits(one, choice) && hits(other, choice)).count();
    (first, second, sign_test(first, second))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str; 3]) -> [String; 3] {
        all.map(String::from)
    }

    fn likeness() -> Likeness {
        let features = [vec![1.0, 0.0], vec![0.9, 0.1], vec![0.0, 1.0], vec![0.0, 0.0]];
        Likeness::of(["a", "b", "c", "d"].map(String::from).to_vec(), &features)
    }

    #[test]
    fn the_odd_one_is_unlike_the_other_two() {
        let network = likeness();
        assert_eq!(network.odd(&names(&["a", "b", "c"])), Some(2));
        assert_eq!(network.odd(&names(&["c", "a", "b"])), Some(0));
        assert_eq!(network.odd(&names(&["a", "c", "d"])), None, "all are equally unlike");
        assert_eq!(network.odd(&names(&["a", "b", "x"])), None);
        for (at, name) in ["a", "b", "c"].iter().enumerate() {
            assert!((network.cosines[5 * at] - 1.0).abs() < 1e-6);
            assert_eq!(network.cosine("a", name), network.cosine(name, "a"));
        }
    }

    #[test]
    fn triplets_are_even_different_and_follow_the_seed() {
        let all = triplets(37, 100, 3).unwrap();
        let mut counts = [0; 37];
        for triplet in &all {
            assert!(triplet[0] != triplet[1] && triplet[1] != triplet[2] && triplet[0] != triplet[2]);
            triplet.iter().for_each(|at| counts[*at] += 1);
        }
        // 300 places of 37 pictures: 8.1 each.
        assert!(counts.iter().all(|count| (6..=10).contains(count)), "{counts:?}");
        let sets: std::collections::HashSet<[usize; 3]> = all
            .iter()
            .map(|triplet| {
                let mut sorted = *triplet;
                sorted.sort_unstable();
                sorted
            })
            .collect();
        assert_eq!(sets.len(), 100);
        assert_eq!(triplets(37, 100, 3).unwrap(), all);
        assert_ne!(triplets(37, 100, 4).unwrap(), all);
        assert_eq!(triplets(3, 5, 0).unwrap().len(), 5);
        assert!(triplets(2, 5, 0).is_err() && triplets(9, 0, 0).is_err() && triplets(9, MOST + 1, 0).is_err());
    }

    #[test]
    fn agreement_counts_what_both_named() {
        let choice = |images: &[&str; 3], odd| Choice { images: names(images), odd };
        let made = vec![choice(&["a", "b", "c"], 2), choice(&["c", "b", "a"], 1), choice(&["a", "c", "d"], 0), choice(&["a", "b", "x"], 0)];
        let share = agreement(&made, &likeness()).unwrap();
        assert_eq!((share.right, share.of), (1, 3));
        let person = between(&made, &[choice(&["b", "c", "a"], 1), choice(&["d", "a", "c"], 2)]).unwrap();
        // The first of the two is asked once for each of the three alike that one has seen.
        assert_eq!((person.right, person.of), (1, 3));
        assert_eq!(agreement(&[], &likeness()), None);
    }

    #[test]
    fn signs_are_tested_exactly() {
        let features = |flip: bool| [vec![1.0, 0.0], vec![1.0, if flip { 0.9 } else { 0.1 }], vec![0.0, 1.0]];
        let of = |flip| Likeness::of(["a", "b", "c"].map(String::from).to_vec(), &features(flip));
        let (one, other) =
            (of(false), Likeness::of(["a", "b", "c"].map(String::from).to_vec(), &[vec![0.1, 1.0], vec![1.0, 0.0], vec![0.0, 1.0]]));
        let made: Vec<Choice> = (0..10).map(|at| Choice { images: names(&["a", "b", "c"]), odd: if at < 9 { 2 } else { 1 } }).collect();
        let (first, second, p) = apart(&made, &one, &other);
        // scipy.stats.binomtest(1, 10).pvalue
        assert_eq!((first, second), (9, 1));
        assert!((p - 0.021_484_375).abs() < 1e-12, "{p}");
        assert_eq!(apart(&made, &one, &one), (0, 0, 1.0));
    }

    #[test]
    fn hostile_choices_are_refused() {
        let whole = Choices { made: vec![Choice { images: names(&["a", "b", "c"]), odd: 1 }], ..Choices::new("p,1".into(), 3, 5) };
        let text = whole.write().unwrap();
        assert_eq!(Choices::read("x", &text).unwrap(), whole);
        assert_eq!(Choices::csv(&[whole]), "subj,trial,image_1,image_2,image_3,odd\n\"p,1\",1,a,b,c,2\n");
        let wrong = [
            text.replace("\"odd\":1", "\"odd\":3"),
            text.replace("\"count\":5", "\"count\":0"),
            text.replace("\"count\":5", "\"count\":1000000"),
            text.replace("one-out-1", "one-out-9"),
            text.replace("\"a\"", "\"\""),
            "{}".into(),
            "[".repeat(100_000),
        ];
        for text in wrong {
            assert!(Choices::read("x", &text).is_err(), "{}", &text[..text.len().min(80)]);
        }
    }
}
