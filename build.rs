//! How the browser's modules are linked, and which data that are not part of the repository the tests find here.

use std::path::Path;

/// Data some tests need, by the name of the `cfg` that says whether they are here. Such a test has `#[cfg_attr(not(NAME), ignore = "...")]`: without
/// the data it is counted as ignored and not as passed. Data that come later are seen at the next change of this file (`touch build.rs`).
const DATA: [(&str, &str); 3] =
    [("human", "../shared/human"), ("oracles", "../shared/oracles"), ("fashion", "/usr/share/datasets/fashion-mnist")];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for (name, path) in DATA {
        println!("cargo:rustc-check-cfg=cfg({name})");
        // A path that is not there would have this run, and everything built, every time.
        if Path::new(path).exists() {
            println!("cargo:rustc-cfg={name}");
            println!("cargo:rerun-if-changed={path}");
        }
    }
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        // Some dependencies register things before `main`. Left alone, the linker has them register again at the start of every call from
        // JavaScript, which costs a tenth of the time. Exported, the constructors are ours to call: once, where a GPU is
        // set up (src/device.rs).
        println!("cargo:rustc-link-arg=--export=__wasm_call_ctors");
    }
}
