//! Computations of what is described in `core`: a list of what is shipped, and what was registered since the program began.

use std::future::Future;
use std::pin::Pin;
use std::sync::{PoisonError, RwLock};

use sweetspot_core::error::{Error, Result};
use sweetspot_core::registry::{Described, Registered};

/// Work that answers later. It stays on its thread, as everything here does.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + 'a>>;

/// A thing with what computes it.
pub struct Entry<I: 'static, C> {
    /// The method, measure or criterion.
    pub of: Registered<I>,
    /// What computes it.
    pub compute: C,
}

impl<I, C: Copy> Clone for Entry<I, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, C: Copy> Copy for Entry<I, C> {}

/// The computations of a kind.
pub(crate) struct Computations<I: 'static, C: 'static> {
    shipped: &'static [Entry<I, C>],
    added: RwLock<Vec<Entry<I, C>>>,
}

impl<I: Described, C: Copy> Computations<I, C> {
    pub(crate) const fn new(shipped: &'static [Entry<I, C>]) -> Self {
        Self { shipped, added: RwLock::new(Vec::new()) }
    }

    /// What computes a thing; an error that names it where nothing does.
    pub(crate) fn of(&self, thing: Registered<I>) -> Result<C> {
        let shipped = self.shipped.iter().copied().find(|entry| entry.of == thing);
        let found =
            shipped.or_else(|| self.added.read().unwrap_or_else(PoisonError::into_inner).iter().copied().find(|entry| entry.of == thing));
        let missing = || Error::Missing {
            what: format!("the computation of the {} '{}'", I::KIND, thing.id()),
            reason: "it is described, but nothing that computes it is registered".into(),
        };
        found.map(|entry| entry.compute).ok_or_else(missing)
    }

    /// Registers a thing together with what computes it.
    pub(crate) fn register(&self, info: &'static I, compute: C) -> Result<Registered<I>> {
        // Nobody else can have this id: an id is registered once.
        let of = Registered::register(info)?;
        self.added.write().unwrap_or_else(PoisonError::into_inner).push(Entry { of, compute });
        Ok(of)
    }
}

/// That everything shipped of a kind has one computation, and each computation is of something shipped.
#[cfg(test)]
pub(crate) fn check<I: Described, C>(computations: &Computations<I, C>) {
    let mut described: Vec<&str> = Registered::<I>::all().map(Registered::id).collect();
    let mut computed: Vec<&str> = computations.shipped.iter().map(|entry| entry.of.id()).collect();
    described.sort_unstable();
    computed.sort_unstable();
    assert!(!described.is_empty());
    assert_eq!(described, computed, "{}: what is described and what is computed", I::KIND);
}
