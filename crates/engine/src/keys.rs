//! What is remembered under what: networks, their passes over pictures, maps, and features that objects are looked for in.

use std::rc::Rc;

use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::discovery::InputSize;
use sweetspot_core::experiment::{Attribution, ImageRef, Pruning};
use sweetspot_core::pruning::{Criterion, Scope};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_methods::discovery::features::Source;
use sweetspot_protocol::MapReport;

/// A network in an experiment: a model, and its pruning on the pruned side.
pub type NetworkKey = (String, Option<PruningKey>);

/// Criterion, scope, sparsity, seed, whether normalisation is estimated anew.
pub type PruningKey = (Criterion, Scope, Sparsity, u64, bool);

/// A network on an image.
pub type PassKey = (NetworkKey, ImageRef);

/// A map: a pass, the method with its parameters, the class.
pub type MapKey = (PassKey, Attribution, usize);

/// A map with its report.
pub type FoundMap = Rc<(ChannelMap, MapReport)>;

/// A network's input on a picture: model, picture, size, and the source whose stride it is padded to.
pub type InputKey = (String, ImageRef, InputSize, Option<Source>);

/// A network's tokens of an input.
pub type TokensKey = (PassKey, InputSize, Source);

/// `None` for no pruning, so that both sides are the same network then.
pub fn key(pruning: &Pruning) -> Option<PruningKey> {
    let Pruning { criterion, scope, sparsity, seed, re_estimate } = *pruning;
    (!pruning.is_dense()).then_some((criterion, scope, sparsity, seed, re_estimate))
}
