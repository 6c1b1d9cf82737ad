//! The search for a class among a network's class names.

use sweetspot_core::few;

/// Indices of the classes that fit a query, best first, at most `limit`.
///
/// A class name holds synonyms separated by commas. A synonym that equals the query comes first, then those that begin with it, those
/// with a word that begins with it, and those that hold it anywhere; equal ones stay in the order of the classes. A whole number is
/// the class of that index. An empty query fits nothing.
pub fn classes(names: &[String], query: &str, limit: usize) -> Vec<usize> {
    let query = query.trim().to_lowercase();
    if query.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(u8, usize)> = names.iter().enumerate().filter_map(|(index, name)| Some((rank(name, &query)?, index))).collect();
    if let Some(index) = query.parse::<usize>().ok().filter(|index| *index < names.len()) {
        found.retain(|(_, other)| *other != index);
        found.push((0, index));
    }
    few::sort(&mut found);
    found.into_iter().take(limit).map(|(_, index)| index).collect()
}

/// How well a name fits a query in lower case, 0 best; `None` if it does not.
fn rank(name: &str, query: &str) -> Option<u8> {
    let name = name.to_lowercase();
    let synonyms = || name.split(',').map(str::trim);
    if synonyms().any(|synonym| synonym == query) {
        Some(1)
    } else if synonyms().any(|synonym| synonym.starts_with(query)) {
        Some(2)
    } else if name.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(query)) {
        Some(3)
    } else if name.contains(query) {
        Some(4)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        ["brown bear, bruin", "sloth bear", "giant panda, panda, panda bear", "bearskin", "lesser panda, red panda", "forbearance"]
            .map(String::from)
            .to_vec()
    }

    #[test]
    fn better_fits_come_first() {
        assert_eq!(classes(&names(), "panda", 10), [2, 4]);
        assert_eq!(classes(&names(), "bear", 10), [3, 0, 1, 2, 5]);
        assert_eq!(classes(&names(), "  BRUIN ", 10), [0]);
    }

    #[test]
    fn numbers_limits_and_nothing() {
        assert_eq!(classes(&names(), "4", 10), [4]);
        assert_eq!(classes(&names(), "bear", 2), [3, 0]);
        assert!(classes(&names(), "", 10).is_empty());
        assert!(classes(&names(), "zebra", 10).is_empty());
        assert!(classes(&names(), "999999999999999999999999", 10).is_empty());
    }
}
