//! The device: where tensors live. Whether it computes right is what [`crate::self_test`] says.

use burn::tensor::{Device, Tensor};

use sweetspot_core::error::{Error, Result};

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

/// A tensor's values on the host, row by row.
pub async fn values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let failed = |reason: String| Error::Device { device: "device".into(), reason };
    let data = tensor.into_data_async().await.map_err(|e| failed(format!("reading a result failed ({e:?})")))?;
    data.try_into_vec::<f32>().map_err(|e| failed(format!("a result has the wrong type ({e:?})")))
}
