//! What the engine knows of the recognition experiment: its pictures by their source, an opened pack, and what networks decided.

use std::collections::HashMap;
use std::rc::Rc;

use crate::keys::NetworkKey;
use crate::stimuli::Stimuli;
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::assets::Assets;
use sweetspot_core::error::{Error, Result};
use sweetspot_packs::open::Pack;
use sweetspot_protocol::Source;

/// What the engine knows of the experiment: pictures by their source, an opened pack, and what networks decided.
#[derive(Default)]
pub struct Recognition {
    pub(crate) shipped: Option<Stimuli>,
    pub(crate) pack: Option<(Rc<Pack>, Stimuli)>,
    pub(crate) decided: HashMap<NetworkKey, HashMap<Key, Category>>,
}

/// Condition and name of a picture. Those of different packs do not meet: an opened pack drops the decisions on the one before.
pub type Key = (String, String);

impl Recognition {
    /// The pack that is open, if there is one.
    pub fn opened_pack(&self) -> Option<Rc<Pack>> {
        self.pack.as_ref().map(|(pack, _)| pack.clone())
    }

    /// The pictures of a source.
    pub async fn stimuli(&mut self, source: &Source, assets: &dyn Assets) -> Result<&mut Stimuli> {
        match source {
            Source::Shipped => {
                if self.shipped.is_none() {
                    self.shipped = Some(Stimuli::shipped(assets).await?);
                }
                self.shipped.as_mut().ok_or_else(|| missing("the experiment's pictures"))
            }
            Source::Pack(sha256) => match &mut self.pack {
                Some((pack, stimuli)) if pack.manifest().sha256 == *sha256 => Ok(stimuli),
                _ => Err(missing("the pack")),
            },
        }
    }
}

fn missing(what: &str) -> Error {
    Error::Missing { what: what.into(), reason: "it was not opened; open it again".into() }
}
