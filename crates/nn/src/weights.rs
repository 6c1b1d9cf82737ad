//! A network's weights on the host: read from a file, checked, pruned, folded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use safetensors::tensor::{TensorView, serialize};
use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};

use crate::architecture::Architecture;
pub use crate::array::Array;
use crate::array::floats;
use crate::layer::{Layer, Norm};
use crate::sparse;
use sweetspot_core::error::{Error, Result};

/// The largest weights file that is read, in bytes.
pub const MAX_FILE: usize = 512 << 20;

/// All tensors of a network by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    tensors: BTreeMap<String, Array>,
}

impl Weights {
    /// Reads a shipped file, safetensors in half, brain or single precision, dense or as [`Self::to_sparse`] writes it, and checks it against an
    /// architecture: every tensor there, none too many, shapes right, every value a finite number, no negative variance. [`super::matching`] reads
    /// files that others wrote.
    pub fn read(architecture: &Architecture, model: &str, bytes: &[u8]) -> Result<Self> {
        let broken = |reason: String| Error::Weights { model: model.into(), reason };
        if bytes.len() > MAX_FILE {
            return Err(broken(format!("the file has {} bytes, more than {MAX_FILE}", bytes.len())));
        }
        let file = SafeTensors::deserialize(bytes).map_err(|e| broken(format!("not a whole safetensors file ({e})")))?;
        let mut tensors = sparse::read(architecture, model, &file)?;
        let parts: BTreeSet<String> = tensors.keys().flat_map(|name| sparse::parts(name)).collect();
        for (name, view) in file.iter().filter(|(name, _)| !parts.contains(*name)) {
            let unknown = || broken(format!("tensor '{name}' is stored as {:?}; F32, F16 and BF16 are read", view.dtype()));
            tensors.insert(name.to_string(), Array { shape: view.shape().to_vec(), values: floats(&view).ok_or_else(unknown)? });
        }
        let weights = Self { tensors };
        weights.check(architecture, model)?;
        Ok(weights)
    }

    /// Takes tensors as they are, checked against an architecture like a file's. Its last layer may have any number of classes.
    pub fn from_tensors(architecture: &Architecture, model: &str, tensors: BTreeMap<String, Array>) -> Result<Self> {
        let weights = Self { tensors };
        weights.check(architecture, model)?;
        Ok(weights)
    }

    /// The weights as a safetensors file in single precision.
    pub fn to_safetensors(&self) -> Result<Vec<u8>> {
        let broken = |e: safetensors::SafeTensorError| Error::Weights { model: "these weights".into(), reason: e.to_string() };
        let bytes: Vec<Vec<u8>> = self.tensors.values().map(|a| a.values.iter().flat_map(|v| v.to_le_bytes()).collect()).collect();
        let views = self
            .tensors
            .iter()
            .zip(&bytes)
            .map(|((name, array), bytes)| Ok((name.clone(), TensorView::new(Dtype::F32, array.shape.clone(), bytes).map_err(broken)?)));
        serialize(views.collect::<Result<Vec<_>>>()?, None).map_err(broken)
    }

    /// The weights as a safetensors file such as are shipped: convolutions and linear layers in half precision, and sparse where that is shorter
    /// (a bit a weight, and the kept ones); the rest in single precision. A weight beyond 65504 is an error.
    pub fn to_sparse(&self, architecture: &Architecture) -> Result<Vec<u8>> {
        sparse::write(architecture, &self.tensors)
    }

    fn check(&self, architecture: &Architecture, model: &str) -> Result<()> {
        let expected: BTreeMap<String, Vec<usize>> = architecture.tensors_with(architecture.layers_of(self)).collect();
        let fits = |array: &Array, shape: &[usize]| array.shape == shape && array.values.len() == shape.iter().product::<usize>();
        let missing: Vec<&str> = expected.keys().map(String::as_str).filter(|name| !self.tensors.contains_key(*name)).collect();
        let surplus: Vec<&str> = self.tensors.keys().map(String::as_str).filter(|name| !expected.contains_key(*name)).collect();
        let wrong = expected.iter().filter_map(|(name, shape)| {
            let array = self.tensors.get(name).filter(|array| !fits(array, shape))?;
            Some(format!("{name} {:?} instead of {shape:?}", array.shape))
        });
        let misshapen: Vec<String> = wrong.collect();
        if !(missing.is_empty() && surplus.is_empty() && misshapen.is_empty()) {
            let (missing, surplus, misshapen) = (list(missing), list(surplus), list(misshapen.iter().map(String::as_str)));
            return Err(Error::Tensors { model: model.into(), missing, surplus, misshapen });
        }
        for (name, array) in &self.tensors {
            let variance = name.ends_with("running_var");
            if let Some(index) = array.values.iter().position(|v| !v.is_finite() || (variance && *v < 0.0)) {
                return Err(Error::NotFinite { model: model.into(), tensor: name.clone(), index });
            }
        }
        Ok(())
    }

    /// Takes the tensors of a network some of whose channels are gone, as `sweetspot_methods::pruning::structured` cuts them: nothing is checked, because
    /// no architecture tells their shapes.
    pub fn cut(tensors: BTreeMap<String, Array>) -> Self {
        Self { tensors }
    }

    /// An architecture's layers as these weights have them: with as many classes, and with fewer channels where some are gone.
    pub fn layers(&self, architecture: &Architecture) -> Vec<Layer> {
        let fitted = |layer: Layer| {
            let shape = &self.get(&layer.weight_name()).shape;
            layer.resized(shape)
        };
        (architecture.layers)().into_iter().map(fitted).collect()
    }

    /// A tensor by its name. Tensors of the architecture are always there.
    pub fn get(&self, name: &str) -> &Array {
        &self.tensors[name]
    }

    /// All tensors by name.
    pub fn tensors(&self) -> &BTreeMap<String, Array> {
        &self.tensors
    }

    /// The weights with some tensors' values replaced, shapes unchanged.
    pub fn with(&self, changed: impl IntoIterator<Item = (String, Arc<[f32]>)>) -> Self {
        let mut tensors = self.tensors.clone();
        for (name, values) in changed {
            if let Some(array) = tensors.get_mut(&name) {
                debug_assert_eq!(array.values.len(), values.len());
                array.values = values;
            }
        }
        Self { tensors }
    }

    /// Parameters: everything but the running statistics, which are not trained by gradients.
    pub fn parameters(&self) -> usize {
        self.tensors.iter().filter(|(name, _)| !name.contains(".running_")).map(|(_, a)| a.values.len()).sum()
    }

    /// A layer's weight and bias with the batch normalisation after it folded in: `w * g / sqrt(v + e)` and `b + (bias - m) * g / sqrt(v + e)`.
    /// Zeros stay zeros, so folding does not undo a mask.
    pub fn folded(&self, layer: &Layer) -> (Vec<f32>, Vec<f32>) {
        let outputs = layer.shape[0];
        let mut weight = self.get(&layer.weight_name()).values.to_vec();
        let mut bias = match layer.bias {
            true => self.get(&format!("{}.bias", layer.name)).values.to_vec(),
            false => vec![0.0; outputs],
        };
        if let Some(norm) = &layer.norm {
            let [gain, shift, mean, variance] = Norm::TENSORS.map(|part| &self.get(&format!("{}.{part}", norm.name)).values);
            let filter = weight.len() / outputs;
            for (o, weights) in weight.chunks_exact_mut(filter).enumerate() {
                let scale = gain[o] / (variance[o] + norm.epsilon).sqrt();
                weights.iter_mut().for_each(|w| *w *= scale);
                bias[o] = shift[o] + (bias[o] - mean[o]) * scale;
            }
        }
        (weight, bias)
    }
}

impl Architecture {
    /// The layers, with as many classes as the weights have.
    pub fn layers_of(&self, weights: &Weights) -> Vec<Layer> {
        let mut layers = (self.layers)();
        if let Some(head) = layers.iter_mut().find(|layer| self.head == Some(&layer.name))
            && let Some(classes) = weights.tensors.get(&head.weight_name()).and_then(|weight| weight.shape.first())
            && *classes > 0
        {
            head.shape[0] = *classes;
        }
        layers
    }
}

/// Names for a message: the first few, and how many more there are.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 8;
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("'{}'", name.chars().take(120).collect::<String>())).collect();
    match names.len() {
        0 => "none".into(),
        n if n > SHOWN => format!("{} and {} more", shown.join(", "), n - SHOWN),
        _ => shown.join(", "),
    }
}

/// sha256 of bytes, hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// Checks bytes against a card's hash.
pub fn check_hash(model: &str, bytes: &[u8], expected: &str) -> Result<()> {
    let got = sha256(bytes);
    match got == expected {
        true => Ok(()),
        false => Err(Error::Hash { model: model.into(), expected: expected.into(), got }),
    }
}
