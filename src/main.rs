//! The page's program: small, so that the page is there long before the engine is.

fn main() {
    #[cfg(target_arch = "wasm32")]
    {
        console_error_panic_hook::set_once();
        sweetspot::mount();
    }
}
