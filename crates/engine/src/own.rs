//! Networks of somebody's own weights: a file in, a model with its card out.

use burn::tensor::Device;

use super::model::{Model, model_ids};
use sweetspot_core::assets::{Assets, check_name};
use sweetspot_core::card::Card;
use sweetspot_core::error::{Error, Result};
use sweetspot_methods::pruning::mask::Mask;
use sweetspot_nn::architecture::Architecture;
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::matching::{Matched, Report, open as matched};
use sweetspot_nn::own_architectures::{OWN_ARCHITECTURES, OwnArchitecture, OwnFile};
use sweetspot_nn::weights::sha256;
use sweetspot_protocol::OwnWeights;

/// How many names of tensors that were passed over are told.
const NAMED: usize = 20;

/// Reads a weights file into the network it fits, or into the one named: a shipped model or an architecture without shipped weights.
///
/// The bytes are dropped before the weights are placed on the device. At its peak that is the file and its numbers in single precision, or
/// these numbers twice.
pub async fn open(assets: &dyn Assets, name: &str, bytes: Vec<u8>, wanted: Option<&str>, device: &Device) -> Result<(Model, OwnWeights)> {
    let wanted = match wanted {
        Some(id) => Some(named(assets, id).await?),
        None => None,
    };
    let Matched { architecture, weights, report } = matched(name, &bytes, wanted)?;
    let (hash, length) = (sha256(&bytes), bytes.len());
    drop(bytes);
    let file = OwnFile { name, sha256: &hash, bytes: length, format: report.format.name() };
    let card = match OwnArchitecture::of(architecture.id) {
        Some(offer) => offer.card(&weights, file),
        None => file.card_in_place_of(&shipped(assets, architecture).await?, &weights),
    };
    let sparsity = Mask::of_zeros(architecture, &weights).report();
    let model = Model::new(card, architecture, weights, device);
    let card = &model.card;
    let Report { part, other_parts, prefix, masked, mut passed_over, .. } = report;
    let surplus = passed_over.len().saturating_sub(NAMED);
    passed_over.truncate(NAMED);
    let told = OwnWeights {
        id: card.id.clone(),
        title: card.title.clone(),
        says: card.says.clone(),
        architecture: architecture.id.into(),
        classes: card.classes,
        format: card.weights.precision.clone(),
        part,
        other_parts,
        prefix,
        masked,
        passed_over,
        passed_over_besides: surplus,
        sparsity,
        model: model.report(),
    };
    Ok((model, told))
}

/// The architecture of a model's or an architecture's name.
async fn named(assets: &dyn Assets, id: &str) -> Result<&'static Architecture> {
    check_name("model", id)?;
    let shipped = model_ids(assets).await?;
    if shipped.iter().any(|known| known == id) {
        return architecture(&Card::of(assets, id).await?.architecture);
    }
    let offered = OWN_ARCHITECTURES.iter().map(|offer| offer.architecture.id);
    architecture(id).map_err(|_| Error::unknown("model", id, shipped.iter().map(String::as_str).chain(offered)))
}

/// The first shipped card of an architecture.
async fn shipped(assets: &dyn Assets, architecture: &Architecture) -> Result<Card> {
    for id in model_ids(assets).await? {
        let card = Card::of(assets, &id).await?;
        if card.architecture == architecture.id {
            return Ok(card);
        }
    }
    let reason = "no network of this architecture is shipped, so it is not known how pictures are fed to it".into();
    Err(Error::Missing { what: format!("a card for {}", architecture.id), reason })
}
