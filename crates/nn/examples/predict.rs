//! What a network sees in a picture: `cargo run -p sweetspot-nn --example predict [PICTURE]`.

use std::path::Path;

use sweetspot_core::card::Card;
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::device::{cpu, values};
use sweetspot_nn::image::{decode, input, view};
use sweetspot_nn::logits::{softmax, top};
use sweetspot_nn::network::Network;
use sweetspot_nn::weights::Weights;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let www = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www");
    let picture = std::env::args().nth(1).unwrap_or_else(|| www.join("gallery/photos/bee.jpg").display().to_string());

    let card = Card::read(&std::fs::read(www.join("models/squeezenet1_1.json"))?)?;
    let architecture = architecture(&card.architecture)?;
    let weights = Weights::read(architecture, &card.id, &std::fs::read(www.join("models").join(&card.weights.file))?)?;
    let network = Network::new(architecture, &weights, &cpu());

    let rgb = decode(&picture, &std::fs::read(&picture)?)?;
    let images = input(&view(&rgb, &card.input)?, &card.input, network.device());
    let logits = pollster::block_on(values(network.logits(images)))?;

    let names: Vec<String> = serde_json::from_slice(&std::fs::read(www.join("models/imagenet_classes.json"))?)?;
    let probabilities = softmax(&logits);
    for class in top(&logits, 3) {
        println!("{:5.1} % {}", 100.0 * probabilities[class], names[class]);
    }
    Ok(())
}
