//! Finds an architecture's tensors in a weights file, whoever wrote it: torchvision's, timm's and DINO's names, any prefix a wrapper put
//! before them, fused queries, keys and values, and the pairs that `torch.nn.utils.prune` makes of a weight and its mask.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::files;
use super::files::StoredTensor;
use super::layer::Layer;
use super::weights::{Array, Weights, list};
use crate::architecture::Architecture;
use crate::architectures::ARCHITECTURES;
use crate::files::checkpoint::{Checkpoint, Format, Tensors};
use sweetspot_core::error::{Error, Result};

/// Names of counters and of tables that follow from the architecture: no weights.
const NO_WEIGHTS: [&str; 6] =
    ["num_batches_tracked", "relative_position_index", "relative_coords_table", "attn_mask", "total_ops", "total_params"];

/// Which part of a checkpoint is taken if several fit, by the last word of where it lies: what evaluations use first.
const PREFERRED: [&str; 6] = ["state_dict", "model_state_dict", "model", "net", "teacher", ""];

/// A file whose tensors fit an architecture.
pub struct Matched {
    /// The architecture.
    pub architecture: &'static Architecture,
    /// Its weights, checked.
    pub weights: Weights,
    /// How they were found.
    pub report: Report,
}

/// How an architecture's tensors were found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How the file is written.
    pub format: Format,
    /// Which of the file's dictionaries was taken, keys joined by dots; empty for the top.
    pub part: String,
    /// Other dictionaries of the file that would have fitted as well.
    pub other_parts: Vec<String>,
    /// What stood before every name.
    pub prefix: String,
    /// Weights that came with a mask.
    pub masked: usize,
    /// Tensors that are no weights of the architecture and were passed over: counters, tables, a training's projection head.
    pub passed_over: Vec<String>,
}

/// Reads a file's tensors into an architecture: the one given, or the one that they fit.
pub fn open(name: &str, bytes: &[u8], architecture: Option<&'static Architecture>) -> Result<Matched> {
    let checkpoint = files::read(name, bytes)?;
    let known = ARCHITECTURES;
    let wanted: &[&'static Architecture] = architecture.as_ref().map_or(&known, std::slice::from_ref);
    if checkpoint.parts.iter().any(|(_, tensors)| tensors.keys().any(|name| name.ends_with(".weight.mask"))) {
        return shipped(name, bytes, wanted);
    }
    let fits = fits(&checkpoint, wanted);
    let mut whole = fits.iter().filter(|fit| fit.wrong() == 0);
    let Some(fit) = whole.next() else { return Err(no_fit(name, &fits, architecture.is_some())) };
    if let Some(other) = whole.clone().find(|other| other.architecture.id != fit.architecture.id) {
        let value = format!("{} and {}", fit.architecture.id, other.architecture.id);
        return Err(Error::bad_value("the architecture of these weights", value, "one of the two: name it with --model"));
    }
    let tensors = fit.found.iter().map(|(name, source)| (name.clone(), source.array())).collect();
    let weights = Weights::from_tensors(fit.architecture, name, tensors)?;
    let report = Report {
        format: checkpoint.format,
        part: fit.part.to_string(),
        other_parts: whole.filter(|other| other.part != fit.part).map(|other| other.part.to_string()).collect(),
        prefix: fit.prefix.clone(),
        masked: fit.found.values().filter(|source| source.mask.is_some()).count(),
        passed_over: fit.passed_over.clone(),
    };
    Ok(Matched { architecture: fit.architecture, weights, report })
}

/// Reads a file in the sparse form of the shipped ones.
fn shipped(name: &str, bytes: &[u8], wanted: &[&'static Architecture]) -> Result<Matched> {
    let mut error = Error::Weights { model: name.into(), reason: "the file holds no tensors by name".into() };
    for architecture in wanted {
        match Weights::read(architecture, name, bytes) {
            Ok(weights) => return Ok(Matched { architecture, weights, report: Report::plain(Format::Safetensors) }),
            Err(other) => error = other,
        }
    }
    Err(error)
}

impl Report {
    /// A file whose names are the own ones.
    fn plain(format: Format) -> Self {
        Self { format, part: String::new(), other_parts: vec![], prefix: String::new(), masked: 0, passed_over: vec![] }
    }
}

/// A tensor in a file, perhaps with the mask that belongs to it.
#[derive(Clone)]
struct MaskedTensor<'a> {
    stored: StoredTensor<'a>,
    mask: Option<StoredTensor<'a>>,
}

impl MaskedTensor<'_> {
    fn array(&self) -> Array {
        let array = self.stored.array();
        match &self.mask {
            None => array,
            Some(mask) => {
                let mask = mask.array().values;
                let values: Arc<[f32]> = array.values.iter().zip(mask.iter()).map(|(w, m)| if *m == 0.0 { 0.0 } else { w * m }).collect();
                Array { values, ..array }
            }
        }
    }

    fn part(&self, index: usize, of: usize) -> Option<Self> {
        let mask = self.mask.as_ref().map(|mask| mask.part(index, of));
        Some(Self { stored: self.stored.part(index, of)?, mask: mask.map_or(Some(None), |part| part.map(Some))? })
    }
}

/// How far a file's tensors behind a prefix are an architecture's.
struct Fit<'a, 'c> {
    architecture: &'static Architecture,
    part: &'c str,
    prefix: String,
    found: BTreeMap<String, MaskedTensor<'a>>,
    missing: Vec<String>,
    surplus: Vec<String>,
    misshapen: Vec<String>,
    passed_over: Vec<String>,
}

impl Fit<'_, '_> {
    fn wrong(&self) -> usize {
        self.missing.len() + self.surplus.len() + self.misshapen.len()
    }
}

/// Every part of a file against every architecture, the best fit first.
fn fits<'a, 'c>(checkpoint: &'c Checkpoint<'a>, architectures: &[&'static Architecture]) -> Vec<Fit<'a, 'c>> {
    let mut fits = Vec::new();
    for (part, tensors) in &checkpoint.parts {
        let merged = merged(tensors);
        for architecture in architectures {
            fits.extend(prefixes(&merged, architecture).into_iter().map(|prefix| fit(architecture, part, &merged, prefix)));
        }
    }
    let preference = |fit: &Fit<'_, '_>| {
        let last = fit.part.rsplit('.').next().unwrap_or_default();
        PREFERRED.iter().position(|word| *word == last).unwrap_or(PREFERRED.len())
    };
    // Sorting keeps the order of equals, so the first of equally good ones is the first in the file.
    fits.sort_by_key(|fit| (fit.wrong(), preference(fit), fit.prefix.len()));
    fits
}

/// A file's tensors, each weight of `torch.nn.utils.prune` with its mask and under its own name.
fn merged<'a>(tensors: &Tensors<'a>) -> BTreeMap<String, MaskedTensor<'a>> {
    let pair = |name: &str| {
        let base = name.strip_suffix("_orig")?;
        let mask = tensors.get(&format!("{base}_mask"))?;
        (mask.shape() == tensors.get(name)?.shape()).then(|| (base.to_string(), mask.clone()))
    };
    let is_mask = |name: &str| name.strip_suffix("_mask").is_some_and(|base| pair(&format!("{base}_orig")).is_some());
    let source = |(name, stored): (&String, &StoredTensor<'a>)| match pair(name) {
        Some((base, mask)) => (base, MaskedTensor { stored: stored.clone(), mask: Some(mask) }),
        None => (name.clone(), MaskedTensor { stored: stored.clone(), mask: None }),
    };
    tensors.iter().filter(|(name, _)| !is_mask(name)).map(source).collect()
}

/// What may stand before every name: whatever stands before the architecture's first weight, the shortest first, and nothing.
fn prefixes(tensors: &BTreeMap<String, MaskedTensor<'_>>, architecture: &Architecture) -> Vec<String> {
    const TRIED: usize = 4;
    let first = (architecture.layers)().first().map(Layer::weight_name).unwrap_or_default();
    let before = |name: &String| {
        let starts = std::iter::once(0).chain(name.match_indices('.').map(|(at, _)| at + 1));
        starts.into_iter().find(|at| renamed(&name[*at..]) == first).map(|at| name[..at].to_string())
    };
    let mut found: Vec<String> = tensors.keys().filter_map(before).chain([String::new()]).collect();
    found.sort_by_key(String::len);
    found.dedup();
    found.truncate(TRIED);
    found
}

fn fit<'a, 'c>(
    architecture: &'static Architecture,
    part: &'c str,
    tensors: &BTreeMap<String, MaskedTensor<'a>>,
    prefix: String,
) -> Fit<'a, 'c> {
    let expected: BTreeMap<String, Vec<usize>> = architecture.tensors().collect();
    let (mut there, mut surplus, mut passed_over) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (name, source) in tensors {
        let last = name.rsplit('.').next().unwrap_or_default();
        match name.strip_prefix(&prefix) {
            _ if NO_WEIGHTS.contains(&last) => passed_over.push(name.clone()),
            // What self-supervised training projects features with is thrown away after it.
            None if prefix.ends_with("backbone.") => passed_over.push(name.clone()),
            None => surplus.push(name.clone()),
            Some(own) => {
                let own = renamed(own);
                match split(&own, source, &expected) {
                    Some(parts) => there.extend(parts.into_iter().map(|(own, source)| (own, (name, source)))),
                    None => drop(there.insert(own, (name, source.clone()))),
                }
            }
        }
    }
    let classes = architecture.head.and_then(|head| there.get(&format!("{head}.weight"))).and_then(|(_, head)| head.stored.shape().first());
    let head = classes.copied().map(|classes| (architecture.head.unwrap_or_default(), classes));
    let (mut found, mut missing, mut misshapen) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (own, mut shape) in expected {
        if let Some((head, classes)) = head
            && own.rsplit_once('.').is_some_and(|(layer, _)| layer == head)
        {
            shape[0] = classes;
        }
        match there.remove(&own) {
            None => missing.push(own),
            Some((_, source)) if source.stored.shape() == shape => drop(found.insert(own, source)),
            Some((name, source)) => misshapen.push(format!("{name} {:?} instead of {shape:?}", source.stored.shape())),
        }
    }
    // Of a fused tensor several parts are left over; its own name is said once.
    surplus.extend(there.into_values().map(|(name, _)| name.clone()).collect::<BTreeSet<_>>());
    Fit { architecture, part, prefix, found, missing, surplus, misshapen, passed_over }
}

/// The own name of a tensor that torchvision's vision transformer calls otherwise; any other name as it is.
fn renamed(name: &str) -> String {
    let whole = match name {
        "class_token" => Some("cls_token"),
        "encoder.pos_embedding" => Some("pos_embed"),
        _ => None,
    };
    if let Some(own) = whole {
        return own.into();
    }
    let starts = [("conv_proj.", "patch_embed.proj."), ("encoder.ln.", "norm."), ("heads.head.", "head.")];
    if let Some((own, rest)) = starts.iter().find_map(|(theirs, own)| Some((own, name.strip_prefix(theirs)?))) {
        return format!("{own}{rest}");
    }
    let block = name.strip_prefix("encoder.layers.encoder_layer_").and_then(|rest| rest.split_once('.'));
    let Some((block, rest)) = block else { return name.into() };
    let parts = [
        ("ln_1.", "norm1."),
        ("ln_2.", "norm2."),
        ("self_attention.in_proj_", "attn.qkv."),
        ("self_attention.out_proj.", "attn.proj."),
        // The perceptron is a sequence now; in torchvision's first versions its layers had names.
        ("mlp.0.", "mlp.fc1."),
        ("mlp.3.", "mlp.fc2."),
        ("mlp.linear_1.", "mlp.fc1."),
        ("mlp.linear_2.", "mlp.fc2."),
    ];
    let part = parts.iter().find_map(|(theirs, own)| Some(format!("{own}{}", rest.strip_prefix(theirs)?)));
    part.map_or_else(|| name.into(), |part| format!("blocks.{block}.{part}"))
}

/// Queries, keys and values, where a file has them one below the other and the architecture apart. Keys lose a bias that the architecture
/// has no use for: Swin V2 stores one and sets it to zero.
fn split<'a>(name: &str, source: &MaskedTensor<'a>, expected: &BTreeMap<String, Vec<usize>>) -> Option<Vec<(String, MaskedTensor<'a>)>> {
    let (block, kind) = name.split_once("attn.qkv.")?;
    let own = |part: &str| format!("{block}attn.{part}.{kind}");
    if expected.contains_key(name) || !expected.contains_key(&own("q")) {
        return None;
    }
    let parts = ["q", "k", "v"].into_iter().enumerate().filter(|(_, part)| expected.contains_key(&own(part)));
    parts.map(|(index, part)| Some((own(part), source.part(index, 3)?))).collect()
}

/// What keeps the closest architecture from fitting.
fn no_fit(name: &str, fits: &[Fit<'_, '_>], given: bool) -> Error {
    let Some(fit) = fits.first() else {
        return Error::Weights { model: name.into(), reason: "the file holds no tensors by name".into() };
    };
    let id = fit.architecture.id;
    let model = if given { format!("{name} as {id}") } else { format!("{name} (no architecture fits; the closest is {id})") };
    let [missing, surplus, misshapen] = [&fit.missing, &fit.surplus, &fit.misshapen].map(|names| list(names.iter().map(String::as_str)));
    Error::Tensors { model, missing, surplus, misshapen }
}
