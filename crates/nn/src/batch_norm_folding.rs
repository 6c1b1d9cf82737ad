//! Batch normalisations folded into the layers before them, on the device, and the way back: learning with normalisations as they are.
//!
//! What is learnt from few pictures should not also change the statistics that many pictures gave.

use burn::tensor::{Device, Tensor, TensorData};

use crate::architecture::Architecture;
use crate::device;
use crate::layer::Norm;
use crate::parameters::Parameters;
use crate::weights::Weights;
use sweetspot_core::error::{Error, Result};

/// Weights and biases of all layers with the normalisations folded in, on the device: `NAME.weight` [out, in / groups, height, width] and `NAME.bias`
/// [1, out, 1, 1] of every layer. Networks with tensors besides layers cannot be had.
pub fn fold(architecture: &Architecture, weights: &Weights, device: &Device) -> Result<Parameters> {
    if !(architecture.extras)().is_empty() {
        let reason = "it has parameters outside its layers".into();
        return Err(Error::Absent { id: String::new(), method: "Learning with fixed normalisations".into(), reason });
    }
    let mut parameters = Parameters::new();
    for mut layer in weights.layers(architecture) {
        let (weight, bias) = weights.folded(&layer);
        layer.shape.resize(4, 1);
        parameters.insert(layer.weight_name(), Tensor::from_data(TensorData::new(weight, layer.shape.clone()), device));
        let shape = [1, layer.shape[0], 1, 1];
        parameters.insert(format!("{}.bias", layer.name), Tensor::from_data(TensorData::new(bias, shape), device));
    }
    Ok(parameters)
}

/// The weights whose folded form these parameters are, with the normalisations' statistics and gains of `like`: a layer's bias goes into the shift of
/// the normalisation after it, where there is one, and is lost where there is neither bias nor normalisation.
pub async fn unfold(architecture: &Architecture, like: &Weights, parameters: &Parameters) -> Result<Weights> {
    let mut changed = Vec::new();
    for layer in like.layers(architecture) {
        let mut weight = device::values(parameters[&layer.weight_name()].clone()).await?;
        let mut bias = device::values(parameters[&format!("{}.bias", layer.name)].clone()).await?;
        let mut own = format!("{}.bias", layer.name);
        if let Some(norm) = &layer.norm {
            let [gain, _, mean, variance] = Norm::TENSORS.map(|part| &like.get(&format!("{}.{part}", norm.name)).values);
            let filter = weight.len() / layer.shape[0];
            for (o, weights) in weight.chunks_exact_mut(filter).enumerate() {
                let scale = gain[o] / (variance[o] + norm.epsilon).sqrt();
                // A channel that its normalisation switches off has no way back, and needs none.
                let back = if scale == 0.0 { 0.0 } else { 1.0 / scale };
                weights.iter_mut().for_each(|w| *w *= back);
                let before = if layer.bias { like.get(&own).values[o] } else { 0.0 };
                bias[o] -= (before - mean[o]) * scale;
            }
            own = format!("{}.bias", norm.name);
        }
        changed.push((layer.weight_name(), weight.into()));
        if layer.bias || layer.norm.is_some() {
            changed.push((own, bias.into()));
        }
    }
    Ok(like.with(changed))
}
