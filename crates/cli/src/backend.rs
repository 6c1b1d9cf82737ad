//! The device of what takes hours: training, distillation and sweeps.

use burn::tensor::Device;

/// What it is called.
pub const NAME: &str = if cfg!(feature = "libtorch") { "CPU (libtorch)" } else { sweetspot_nn::device::cpu_name() };

/// How many images go through a network at once when only answers are wanted. burn-flex gains nothing by more.
pub const BATCH: usize = if cfg!(feature = "libtorch") { 16 } else { 1 };

/// The device: libtorch where it is built in, which is several times as fast.
#[cfg(feature = "libtorch")]
pub fn fastest() -> Device {
    // A backend that burn will give up one day; until then it is the fastest on a CPU.
    #[allow(deprecated)]
    Device::libtorch()
}

/// The device.
#[cfg(not(feature = "libtorch"))]
pub fn fastest() -> Device {
    sweetspot_nn::device::cpu()
}
