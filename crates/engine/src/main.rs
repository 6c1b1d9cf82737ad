//! The engine's worker.

fn main() {
    #[cfg(target_arch = "wasm32")]
    sweetspot_engine::worker::listen();
}
