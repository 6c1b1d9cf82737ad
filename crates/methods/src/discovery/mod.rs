//! Object discovery without labels: which box a network's features set apart from the rest of the picture. A method a
//! file, with a line in the list below; the file of the same name in `crates/core/src/discovery/methods/` describes it.

pub mod affinity;
pub mod baselines;
pub mod entry;
pub mod features;
pub mod find;
pub(crate) mod graph;
pub mod input;
pub mod lanczos;
pub mod lost;
pub mod mask_cut;
pub mod place;
pub mod token_cut;

use crate::registry::Computations;
use entry::Compute;
use sweetspot_core::discovery::Method;
use sweetspot_core::discovery::method::MethodInfo;
use sweetspot_core::error::{Error, Result};

/// What computes each method.
static METHODS: Computations<MethodInfo, Compute> =
    Computations::new(&[lost::ENTRY, token_cut::ENTRY, mask_cut::ENTRY, baselines::CENTRE_BOX, baselines::WHOLE_IMAGE]);

/// What computes a method.
///
/// # Errors
///
/// That nothing does.
pub(crate) fn computation(method: Method) -> Result<Compute> {
    METHODS.of(method)
}

/// Registers a method for the rest of the program, with what computes it: link, command line and menus know it from now on.
///
/// # Errors
///
/// An id that is taken or is none, see [`Registered::register`](sweetspot_core::registry::Registered::register); a computation that is none for
/// methods that look at features, or that do not.
pub fn register(info: &'static MethodInfo, compute: Compute) -> Result<Method> {
    if !compute.suits(info.looks) {
        let expected = "from tokens where the method looks at a network's features, blindly where it does not";
        return Err(Error::bad_value(&format!("how '{}' is computed", info.id), format!("{compute:?}"), expected));
    }
    METHODS.register(info, compute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_computed_once() {
        crate::registry::check(&METHODS);
        for method in Method::all() {
            assert!(computation(method).unwrap().suits(method.info().looks), "{}", method.id());
        }
    }
}
