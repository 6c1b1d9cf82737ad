//! Which pixels speak for what a network sees: `cargo run -p sweetspot-methods --example map [PICTURE]` prints a coarse attribution map.

use std::path::Path;

use sweetspot_core::attribution::Method;
use sweetspot_core::card::Card;
use sweetspot_core::experiment::Attribution;
use sweetspot_methods::attribution::Attribute;
use sweetspot_methods::attribution::context::Context;
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::device::{cpu, values};
use sweetspot_nn::image::{decode, input, view};
use sweetspot_nn::job::Job;
use sweetspot_nn::logits::top;
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
    let input = input(&view(&rgb, &card.input)?, &card.input, network.device());
    let target = top(&pollster::block_on(values(network.logits(input.clone())))?, 1)[0];

    let (parameters, bounds, job) = (Attribution::new(Method::GradCam), card.input.bounds(), Job::quiet());
    let tap = &card.default_tap;
    let context = Context { network: &network, input, target, parameters: &parameters, tap, batch: 1, bounds: &bounds, job: &job };
    let map = pollster::block_on(parameters.method.attribute(&context))?;

    println!("class {target}, {} x {} values", map.height, map.width);
    let (values, largest) = (map.reduced(), map.reduced().into_iter().fold(f32::MIN_POSITIVE, f32::max));
    let symbol = |v: &f32| {
        if *v > 0.5 * largest {
            '#'
        } else if *v > 0.1 * largest {
            '+'
        } else {
            '.'
        }
    };
    // Letters are about twice as high as wide.
    for row in values.chunks(map.width).step_by(8) {
        println!("{}", row.iter().step_by(4).map(symbol).collect::<String>());
    }
    Ok(())
}
