//! The device: where tensors live. Which one, why, and whether it computes right.

use burn::tensor::activation::softmax;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, TensorData};

use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::DeviceChoice;
use sweetspot_protocol::DeviceReport;

/// The CPU device.
pub fn cpu() -> Device {
    Device::flex()
}

/// What the CPU device is called.
pub const fn cpu_name() -> &'static str {
    if cfg!(target_arch = "wasm32") { "CPU with SIMD, one thread" } else { "CPU" }
}

/// The GPU device: WebGPU in a browser, Vulkan, Metal or DirectX natively. Call once. `lost` is called if the system takes it away.
#[cfg(feature = "gpu")]
pub async fn gpu(lost: impl Fn(String) + Send + 'static) -> Result<Device> {
    let failed = |e| Error::Device { device: "GPU".into(), reason: format!("no device ({e})") };
    #[cfg(target_arch = "wasm32")]
    construct();
    let (device, setup) = Device::wgpu_options().init_with_setup_async().await.map_err(failed)?;
    setup.device.set_device_lost_callback(move |reason, message| lost(format!("the device is lost ({reason:?}: {message})")));
    Ok(device)
}

/// Runs the module's constructors (see build.rs): the shader compiler keeps its operations in a registry that they fill.
#[cfg(all(feature = "gpu", target_arch = "wasm32"))]
fn construct() {
    use wasm_bindgen::{JsCast, JsValue};
    thread_local!(static ONCE: std::cell::OnceCell<()> = const { std::cell::OnceCell::new() });
    ONCE.with(|once| {
        once.get_or_init(|| {
            let constructors = js_sys::Reflect::get(&wasm_bindgen::exports(), &"__wasm_call_ctors".into());
            if let Some(constructors) = constructors.ok().and_then(|f| f.dyn_into::<js_sys::Function>().ok()) {
                let _ = constructors.call0(&JsValue::NULL);
            }
        });
    });
}

/// Checks a device and reports on it.
pub async fn report(device: &Device, choice: DeviceChoice, name: String, why: String) -> Result<DeviceReport> {
    let self_test = self_test(device).await.map_err(|reason| Error::Device { device: name.clone(), reason })?;
    Ok(DeviceReport { device: choice, name, why, self_test })
}

/// How far a device's answer may be from the stored one: single precision sums of 27 terms differ by a few units in the seventh digit, and a
/// shader that computes something else differs in the first.
const TOLERANCE: f32 = 1e-5;

/// Runs a fixed convolution, its gradient and a softmax, and compares with stored numbers. Shader errors are silent in browsers: only their
/// wrong numbers show. Returns the largest difference.
async fn self_test(device: &Device) -> std::result::Result<f32, String> {
    let wave = |n: usize, step: f32| (0..n).map(|i| (i as f32 * step).sin()).collect::<Vec<_>>();
    let input = Tensor::<4>::from_data(TensorData::new(wave(75, 0.7), [1, 3, 5, 5]), device).autodiff().require_grad();
    let weight =
        Tensor::<4>::from_data(TensorData::new(wave(54, 1.3).into_iter().map(|v| 0.25 * v).collect::<Vec<_>>(), [2, 3, 3, 3]), device);
    let output = conv2d(input.clone(), weight, None, ConvOptions::new([2, 2], [1, 1], [1, 1], 1));
    let shares = softmax(output.reshape([2, 9]), 1);
    let gradients = shares.clone().slice([0..1, 4..5]).sum().backward();
    let gradient = input.grad(&gradients).ok_or("no gradient")?;
    let shares = values(shares.inner()).await.map_err(|e| e.to_string())?;
    let gradient = values(gradient).await.map_err(|e| e.to_string())?;
    let got = shares.into_iter().chain(gradient.into_iter().skip(6).step_by(11));
    let worst = got.zip(EXPECTED).map(|(got, expected)| (got - expected).abs()).fold(0.0, f32::max);
    // NaN is not below the tolerance either.
    if worst < TOLERANCE { Ok(worst) } else { Err(format!("the self-test is off by {worst}: this device computes wrong numbers")) }
}

/// The self-test's answer, from PyTorch in double precision (`tests/golden/self_test.py`).
const EXPECTED: [f32; 25] = [
    0.32765856,
    0.060449116,
    0.027704071,
    0.24420148,
    0.008452886,
    0.054466147,
    0.057709202,
    0.018664284,
    0.20069425,
    0.014971047,
    0.028097726,
    0.1686599,
    0.008989144,
    0.21485539,
    0.18935783,
    0.03786448,
    0.29481074,
    0.04239375,
    0.0001796177,
    0.00063062226,
    7.095444e-05,
    0.00010694126,
    0.00022153027,
    0.0022488248,
    1.261894e-05,
];

/// A tensor's values on the host, row by row.
pub async fn values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let failed = |reason: String| Error::Device { device: "device".into(), reason };
    let data = tensor.into_data_async().await.map_err(|e| failed(format!("reading a result failed ({e:?})")))?;
    data.try_into_vec::<f32>().map_err(|e| failed(format!("a result has the wrong type ({e:?})")))
}
