//! A network's parameters on the device while it learns, from weights on the host and back.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};

use crate::architecture::Architecture;
use crate::device;
use crate::layer::Layer;
use crate::weights::{Array, Weights};
use sweetspot_core::error::Result;

/// A network's parameters on the device, by torch's names: layers' weights [out, in / groups, height, width], all others [1, channels, places, 1].
pub type Parameters = BTreeMap<String, Tensor<4>>;

/// A network's weights as parameters on the device.
pub fn place(architecture: &Architecture, weights: &Weights, device: &Device) -> Parameters {
    let place = |(name, array): (&String, &Array)| {
        let tensor = match is_weight(architecture, name) {
            true => {
                let mut shape = array.shape.clone();
                shape.resize(4, 1);
                Tensor::from_data(TensorData::new(array.values.to_vec(), shape), device)
            }
            false => extra(array, device),
        };
        (name.clone(), tensor)
    };
    weights.tensors().iter().map(place).collect()
}

/// Parameters on the device as a network's weights.
pub async fn take(architecture: &Architecture, parameters: &Parameters) -> Result<Weights> {
    let mut tensors = BTreeMap::new();
    for (name, shape) in shapes(architecture) {
        // Channels are last in torch's tokens.
        let tensor = match shape.len() {
            3 => parameters[&name].clone().swap_dims(1, 2),
            _ => parameters[&name].clone(),
        };
        let values = device::values(tensor).await?.into();
        tensors.insert(name, Array { shape, values });
    }
    Weights::from_tensors(architecture, architecture.id, tensors)
}

/// Names and shapes of all tensors, as torch stores them.
fn shapes(architecture: &Architecture) -> Vec<(String, Vec<usize>)> {
    (architecture.layers)().iter().flat_map(Layer::tensors).chain((architecture.extras)()).collect()
}

fn is_weight(architecture: &Architecture, name: &str) -> bool {
    (architecture.layers)().iter().any(|layer| layer.weight_name() == name)
}

/// A parameter as passes use it: a value a channel as [1, channels, 1, 1], torch's [1, tokens, channels] as [1, channels, tokens, 1].
pub(crate) fn extra(array: &Array, device: &Device) -> Tensor<4> {
    let channels = array.shape.last().copied().unwrap_or(1);
    let tokens = array.values.len() / channels.max(1);
    let values: Vec<f32> = (0..channels).flat_map(|c| array.values.iter().skip(c).step_by(channels).copied()).collect();
    Tensor::from_data(TensorData::new(values, [1, channels, tokens, 1]), device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_placed_channels_first() {
        let array = |shape: &[usize]| Array { shape: shape.into(), values: (0..shape.iter().product()).map(|i: usize| i as f32).collect() };
        let placed = |shape: &[usize]| extra(&array(shape), &crate::device::cpu());
        assert_eq!(placed(&[3]).dims(), [1, 3, 1, 1]);
        let positions = placed(&[1, 2, 3]);
        assert_eq!(positions.dims(), [1, 3, 2, 1]);
        assert_eq!(positions.into_data().try_to_vec::<f32>().unwrap(), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
    }
}
