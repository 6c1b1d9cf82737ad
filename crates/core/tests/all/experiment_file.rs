//! Experiments as files: what is written is read again, and anything else is refused with a sentence.

use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_core::experiment_file::{Enclosed, MAX_BYTES, read, write};
use sweetspot_core::sparsity::Sparsity;

fn own() -> (Experiment, Enclosed) {
    let mut experiment = Experiment { image: ImageRef::Own("ab".repeat(32)), ..Experiment::default() };
    experiment.pruning.sparsity = Sparsity::new(0.737856).unwrap();
    (experiment, Enclosed { name: "a \"cat\" <b>.png".into(), data: "iVBORw0KGgo=".into() })
}

#[test]
fn an_experiment_comes_back_with_its_picture() {
    let (experiment, picture) = own();
    let text = write(&experiment, Some(picture.clone()));
    assert_eq!(read("a.sweetspot", &text).unwrap(), (experiment, Some(picture)));
}

#[test]
fn a_picture_of_the_gallery_is_not_enclosed() {
    let (_, picture) = own();
    let text = write(&Experiment::default(), Some(picture));
    assert_eq!(read("a.sweetspot", &text).unwrap(), (Experiment::default(), None));
}

#[test]
fn what_is_no_such_file_is_refused() {
    let long = format!("{{\"sweetspot\": 1, \"link\": \"v=1\", \"x\": \"{}\"}}", "x".repeat(MAX_BYTES));
    for (text, sentence) in [
        ("", "saved"),
        ("{}", "saved"),
        ("[1, 2]", "saved"),
        ("{\"sweetspot\": 1}", "saved"),
        ("{\"sweetspot\": -1, \"link\": \"v=1\"}", "saved"),
        ("{\"sweetspot\": 0, \"link\": \"v=1\"}", "version"),
        ("{\"sweetspot\": 2, \"link\": \"v=1\"}", "version"),
        ("{\"sweetspot\": 1, \"link\": \"v=1&s=7\"}", "sparsity"),
        ("{\"sweetspot\": 1, \"link\": \"v=1&a=tea-leaves\"}", "tea-leaves"),
        (long.as_str(), "64 MB"),
    ] {
        let error = read(&"n".repeat(500), text).unwrap_err().to_string();
        assert!(error.contains(sentence) && error.len() < 400, "{error}");
    }
}
