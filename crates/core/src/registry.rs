//! What there is to choose from: a [`Registry`] a kind of thing, which knows what is shipped and takes others in while the program runs.
//!
//! A thing (an attribution method, a measure, a criterion, a way to find objects) is a small handle, [`Registered`], on its description. Link, command
//! line, menus and tables ask the registry, so that what is registered is found in all of them. What it computes is registered where tensors are, in
//! `crates/methods`, whose `register` does both.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result};

/// The description of one thing of a kind.
pub trait Described: Sized + Sync + 'static {
    /// What the kind is called in messages.
    const KIND: &'static str;

    /// What stands between the words of an id.
    const SEPARATOR: char = '-';

    /// The name in links, files and on the command line.
    fn id(&self) -> &'static str;

    /// The things of this kind.
    fn registry() -> &'static Registry<Self>;
}

/// A thing that is in its registry: a handle on its description. Two are equal if their ids are; their order is the one of menus and tables.
pub struct Registered<I: 'static> {
    pub(crate) info: &'static I,
}

/// A shipped thing with the name of its constant, which values are written by.
pub(crate) type Shipped<I> = (&'static str, Registered<I>);

/// The shipped things of a kind, in the order of menus and tables.
macro_rules! shipped {
    ($kind:ident: $($name:ident),* $(,)?) => { &[$((stringify!($name), $kind::$name)),*] };
}
pub(crate) use shipped;

/// The things of a kind: those that are shipped, and those that were added since the program began.
pub struct Registry<I: 'static> {
    shipped: &'static [Shipped<I>],
    added: RwLock<Vec<Registered<I>>>,
}

impl<I: Described> Registry<I> {
    /// A registry of what is shipped.
    pub(crate) const fn new(shipped: &'static [Shipped<I>]) -> Self {
        Self { shipped, added: RwLock::new(Vec::new()) }
    }

    fn added(&self) -> Vec<Registered<I>> {
        // A list that only grows is whole even where somebody panicked.
        self.added.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn all(&self) -> impl Iterator<Item = Registered<I>> + use<I> {
        self.shipped.iter().map(|(_, one)| *one).chain(self.added())
    }

    fn find(&self, id: &str) -> Option<Registered<I>> {
        let shipped = self.shipped.iter().map(|(_, one)| *one).find(|one| one.id() == id);
        shipped.or_else(|| self.added().into_iter().find(|one| one.id() == id))
    }

    fn add(&self, info: &'static I) -> Result<Registered<I>> {
        let id = info.id();
        let separator = I::SEPARATOR;
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == separator;
        if id.is_empty() || !id.chars().all(plain) {
            return Err(Error::bad_value("an id", format!("'{id}'"), &format!("made of lower-case letters, digits and '{separator}'")));
        }
        let mut added = self.added.write().unwrap_or_else(PoisonError::into_inner);
        let taken = self.shipped.iter().map(|(_, one)| one).chain(&*added).any(|one| one.id() == id);
        if taken {
            return Err(Error::bad_value(&format!("the id of the {}", I::KIND), format!("'{id}'"), "one that no other has"));
        }
        let one = Registered { info };
        added.push(one);
        Ok(one)
    }

    /// Its place in menus and tables.
    fn place(&self, one: Registered<I>) -> usize {
        let shipped = self.shipped.iter().position(|(_, other)| *other == one);
        shipped.unwrap_or_else(|| self.shipped.len() + self.added().iter().position(|other| *other == one).unwrap_or(usize::MAX / 2))
    }

    /// The name that values are written by: the constant's of what is shipped, the id of what was added.
    fn name(&self, one: Registered<I>) -> &'static str {
        self.shipped.iter().find(|(_, other)| *other == one).map_or(one.id(), |(name, _)| name)
    }

    fn of_name(&self, name: &str) -> Option<Registered<I>> {
        self.shipped.iter().find(|(known, _)| *known == name).map(|(_, one)| *one).or_else(|| self.find(name))
    }
}

impl<I: Described> Registered<I> {
    /// Everything of this kind, in the order of menus and tables: what is shipped, then what was registered, the first first.
    pub fn all() -> impl Iterator<Item = Self> {
        I::registry().all()
    }

    /// Takes another one in, for the rest of the program: link, command line, menus and tables know it from now on. It cannot be computed unless its
    /// computation is registered as well, which `crates/methods` does in the same step.
    ///
    /// # Errors
    ///
    /// An id that another one of the kind has, or that does not look like an id: lower-case letters, digits and [`Described::SEPARATOR`].
    pub fn register(info: &'static I) -> Result<Self> {
        I::registry().add(info)
    }

    /// What is said of it.
    pub fn info(self) -> &'static I {
        self.info
    }

    /// The name in links, files and on the command line.
    pub fn id(self) -> &'static str {
        self.info.id()
    }

    /// The one of a name. Where words are joined by underscores, hyphens stand for them.
    ///
    /// # Errors
    ///
    /// A name that nothing of this kind has; the error lists those there are.
    pub fn from_id(id: &str) -> Result<Self> {
        let name = if I::SEPARATOR == '_' { id.replace('-', "_") } else { id.into() };
        I::registry().find(&name).ok_or_else(|| Error::unknown(I::KIND, id, Self::all().map(Self::id)))
    }
}

impl<I> Clone for Registered<I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I> Copy for Registered<I> {}

impl<I: Described> PartialEq for Registered<I> {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl<I: Described> Eq for Registered<I> {}

impl<I: Described> Hash for Registered<I> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id().hash(state);
    }
}

impl<I: Described> Ord for Registered<I> {
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |one: &Self| I::registry().place(*one);
        if self == other { Ordering::Equal } else { place(self).cmp(&place(other)) }
    }
}

impl<I: Described> PartialOrd for Registered<I> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<I: Described> fmt::Debug for Registered<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(I::registry().name(*self))
    }
}

impl<I: Described> Serialize for Registered<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(I::registry().name(*self))
    }
}

impl<'de, I: Described> Deserialize<'de> for Registered<I> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown = || Error::unknown(I::KIND, &name, Self::all().map(Self::id));
        I::registry().of_name(&name).ok_or_else(|| serde::de::Error::custom(unknown()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    struct Fruit {
        id: &'static str,
    }

    type Tree = Registered<Fruit>;

    impl Described for Fruit {
        const KIND: &'static str = "fruit";

        fn id(&self) -> &'static str {
            self.id
        }

        fn registry() -> &'static Registry<Self> {
            static REGISTRY: Registry<Fruit> = Registry::new(shipped![Tree: WINTER_PEAR, APPLE]);
            &REGISTRY
        }
    }

    impl Tree {
        const WINTER_PEAR: Self = Self { info: &Fruit { id: "winter-pear" } };
        const APPLE: Self = Self { info: &Fruit { id: "apple" } };
    }

    /// One test: what is registered stays for all others in the program.
    #[test]
    fn what_is_registered_is_found() {
        assert!(Tree::from_id("plum").unwrap_err().to_string().contains("unknown fruit 'plum'; known: winter-pear, apple"));
        let plum = Tree::register(&Fruit { id: "plum" }).unwrap();
        assert_eq!(Tree::from_id("plum").unwrap(), plum);
        assert_eq!(Tree::all().map(Tree::id).collect::<Vec<_>>(), ["winter-pear", "apple", "plum"]);
        for id in ["apple", "plum", "", "Quince", "blood orange", "sour_cherry"] {
            assert!(Tree::register(Box::leak(Box::new(Fruit { id }))).is_err(), "{id}");
        }
        assert!(Tree::WINTER_PEAR < Tree::APPLE && Tree::APPLE < plum, "the order of the list, not of names");
        let counted: BTreeMap<Tree, usize> = [(plum, 1), (Tree::APPLE, 2)].into();
        let text = serde_json::to_string(&counted).unwrap();
        assert_eq!(text, r#"{"APPLE":2,"plum":1}"#);
        assert_eq!(serde_json::from_str::<BTreeMap<Tree, usize>>(&text).unwrap(), counted);
        assert_eq!(serde_json::from_str::<Tree>(r#""winter-pear""#).unwrap(), Tree::WINTER_PEAR);
        assert!(serde_json::from_str::<Tree>(r#""quince""#).unwrap_err().to_string().contains("unknown fruit 'quince'"));
    }
}
