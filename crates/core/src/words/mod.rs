//! The page's own words in several languages: one file a language, a line a word, `key = text`, with `{name}` where something is put in.
//!
//! English is the language everything exists in; what another file leaves out is said in English. A further language is a file beside the two
//! and a line in [`Language`]; the tests hold all files to the same keys and the same places.

const ENGLISH: &str = include_str!("en.txt");
const ITALIAN: &str = include_str!("it.txt");

/// A language the page speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Italian.
    Italian,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Italian];

    /// Its BCP 47 tag, which is its name in links and the folder of its lessons.
    pub fn id(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Italian => "it",
        }
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Italian => "Italiano",
        }
    }

    /// The language of a tag.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.id() == id)
    }

    fn file(self) -> &'static str {
        match self {
            Self::English => ENGLISH,
            Self::Italian => ITALIAN,
        }
    }

    /// The keys of its file with their texts, in the order of the file.
    pub fn entries(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.file().lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "))
    }

    /// The text of a key; English where the language has none, and the key itself where there is none at all.
    pub fn word(self, key: &'static str) -> &'static str {
        let find = |language: Self| language.entries().find(|(name, _)| *name == key).map(|(_, text)| text);
        find(self).or_else(|| find(Self::English)).unwrap_or(key)
    }

    /// The text of a key with what is put into its places.
    pub fn phrase(self, key: &'static str, parts: &[(&str, &str)]) -> String {
        fill(self.word(key), parts)
    }
}

/// Puts words into a text's places. What is put in is not looked at again.
pub fn fill(text: &str, parts: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled += before;
        let part = after.split_once('}').and_then(|(name, behind)| Some((parts.iter().find(|(part, _)| *part == name)?.1, behind)));
        rest = match part {
            Some((words, behind)) => {
                filled += words;
                behind
            }
            None => {
                filled.push('{');
                after
            }
        };
    }
    filled + rest
}

/// The places of a text, in order.
pub fn places(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|behind| behind.split_once('}')).map(|(name, _)| name).collect()
}

/// A title or another beginning for the middle of a sentence: with a small first letter, unless the first word has capitals of its own (SNIP, CorLoc).
pub fn within(title: &str) -> String {
    let mut letters = title.chars();
    let (first, second) = (letters.next(), letters.next());
    let capitals = title.split(|c: char| !c.is_alphanumeric()).next().is_some_and(|word| word.chars().skip(1).any(char::is_uppercase));
    match (first, second) {
        (Some(first), Some(second)) if !capitals && (second.is_lowercase() || second == ' ') => {
            first.to_lowercase().chain(title.chars().skip(1)).collect()
        }
        _ => title.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once() {
        assert_eq!(fill("{a} of {b}, {c}", &[("a", "{b}"), ("b", "2")]), "{b} of 2, {c}");
        assert_eq!(fill("{", &[]), "{");
        assert_eq!(places("{a} of {b}"), ["a", "b"]);
    }

    #[test]
    fn what_is_missing_is_said_in_english() {
        assert_eq!(Language::Italian.word("no such key"), "no such key");
        assert_eq!(Language::from_id("it"), Some(Language::Italian));
        assert_eq!(Language::from_id("xx"), None);
    }

    #[test]
    fn titles_keep_their_abbreviations_within_a_sentence() {
        for (title, wanted) in [
            ("SNIP, then trained", "SNIP, then trained"),
            ("Trained in rounds", "trained in rounds"),
            ("CorLoc of LOST", "CorLoc of LOST"),
            ("Local Lipschitz estimate", "local Lipschitz estimate"),
            ("N:M, 2:4", "N:M, 2:4"),
            ("A fifth goes", "a fifth goes"),
            ("", ""),
        ] {
            assert_eq!(within(title), wanted);
        }
    }
}
