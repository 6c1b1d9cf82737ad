//! How the engine's module is linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        // Some dependencies register things before `main`. Left alone, the linker has them register again at the start of every call from
        // JavaScript, which costs a tenth of the time. Exported, the constructors are ours to call: once, where a GPU is
        // set up (crates/nn/src/device.rs).
        println!("cargo:rustc-link-arg=--export=__wasm_call_ctors");
    }
}
