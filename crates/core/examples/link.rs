//! An experiment from a link, changed, and a link again: `cargo run -p sweetspot-core --example link [LINK]`.

use sweetspot_core::error::Result;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::link;
use sweetspot_core::pruning::Criterion;
use sweetspot_core::sparsity::Sparsity;

fn main() -> Result<()> {
    let text = std::env::args().nth(1).unwrap_or_else(|| link::write(&Experiment::default()));
    let mut experiment = link::read(text.split_once('#').map_or(&text[..], |(_, fragment)| fragment))?;

    experiment.pruning.choose(Criterion::Wanda);
    experiment.pruning.sparsity = Sparsity::new(0.6)?;
    println!("{} by {} explained by {}", experiment.model, Criterion::Wanda.id(), experiment.attribution.method.id());
    println!("#{}", link::write(&experiment));
    Ok(())
}
