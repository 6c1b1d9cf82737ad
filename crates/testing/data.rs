//! The build script of crates whose tests need data that are not part of the repository: tells them which of these are here.

use std::path::Path;

/// Data some tests need, by the name of the `cfg` that says whether they are here. Such a test has `#[cfg_attr(not(NAME), ignore = "...")]`: without
/// the data it is counted as ignored and not as passed. Data that come later are seen at the next change of this file (`touch crates/testing/data.rs`).
const DATA: [(&str, &str); 3] =
    [("human", "../../../shared/human"), ("oracles", "../../../shared/oracles"), ("fashion", "/usr/share/datasets/fashion-mnist")];

fn main() {
    println!("cargo:rerun-if-changed=../testing/data.rs");
    for (name, path) in DATA {
        println!("cargo:rustc-check-cfg=cfg({name})");
        // A path that is not there would have this run, and everything built, every time.
        if Path::new(path).exists() {
            println!("cargo:rustc-cfg={name}");
            println!("cargo:rerun-if-changed={path}");
        }
    }
}
