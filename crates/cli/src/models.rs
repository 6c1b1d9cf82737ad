//! `sweetspot models`: the cards.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::open::file_name;
use super::output::{Context, percent};
use sweetspot_core::assets::Assets;
use sweetspot_core::attribution::Method;
use sweetspot_core::card::Card;
use sweetspot_core::error::{Error, Result};
use sweetspot_engine::model::model_ids;
use sweetspot_engine::own;
use sweetspot_engine::stored::Folder;
use sweetspot_nn::architectures::architecture;
use sweetspot_nn::architectures::imagenet::IMAGENET;
use sweetspot_nn::device;
use sweetspot_nn::own_architectures::{OWN_ARCHITECTURES, OwnArchitecture};
use sweetspot_protocol::OwnWeights;
use sweetspot_train::files::read;

/// What to look at.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Say what is in this weights file instead: which architecture it fits, how its tensors were found, how sparse each layer is.
    #[arg(long, value_name = "F")]
    weights: Option<PathBuf>,
    /// The model or architecture the file is for, if it is not to be guessed.
    #[arg(long, value_name = "M", requires = "weights")]
    model: Option<String>,
    /// List the architectures to bring weights for instead, with how to get some.
    #[arg(long, conflicts_with = "weights")]
    architectures: bool,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let assets = Folder(context.assets.clone());
    if let Some(path) = &arguments.weights {
        let (_, own) = own::open(&assets, &file_name(path), read(path)?, arguments.model.as_deref(), &device::cpu()).await?;
        return inspect(context, &own);
    }
    if arguments.architectures {
        return offers(context);
    }
    let mut cards = Vec::new();
    for id in model_ids(&assets).await? {
        cards.push(Card::read(&assets.read(&format!("models/{id}.json"), &|_, _| ()).await?)?);
    }
    let rows = cards.iter().map(|card| {
        let accuracy = &card.accuracy;
        vec![
            card.id.clone(),
            format!("{0} x {0}", card.input.side),
            card.classes.to_string(),
            card.parameters.to_string(),
            card.prunable.to_string(),
            format!("{} of {}", accuracy.top1, accuracy.images),
            card.licence.clone(),
            card.weights.sha256[..12].to_string(),
        ]
    });
    // Those without shipped weights are no cards, but whoever reads the table wants to know of them.
    let bring = |offer: &OwnArchitecture| {
        let id = offer.architecture.id.to_string();
        let classes = if offer.architecture.head.is_some() { IMAGENET.to_string() } else { "none".into() };
        let rest = ["", "", "", "bring --weights", ""].map(String::from);
        [vec![id, format!("{0} x {0}", offer.recipe().side), classes], rest.to_vec()].concat()
    };
    let rows = rows.chain(OWN_ARCHITECTURES.iter().map(bring));
    let value = Value::Array(cards.iter().map(describe).collect::<Result<_>>()?);
    context.print(&value, &["id", "input", "classes", "parameters", "prunable", "top-1 here", "licence", "sha256"], rows)
}

/// What a weights file holds.
fn inspect(context: &Context, own: &OwnWeights) -> Result<()> {
    let value = serde_json::to_value(own).map_err(|e| Error::Unreadable { what: "report".into(), reason: e.to_string() })?;
    let OwnWeights { architecture, format, part, prefix, masked, sparsity, .. } = own;
    let place = if part.is_empty() { String::new() } else { format!(", taken from '{part}'") };
    let before = if prefix.is_empty() { String::new() } else { format!(", every name after '{prefix}'") };
    eprintln!("{architecture}: {format}{place}{before}; {masked} tensors with a mask");
    if !own.other_parts.is_empty() {
        eprintln!("'{}' would have fitted, too", own.other_parts.join("', '"));
    }
    if !own.passed_over.is_empty() {
        let besides = if own.passed_over_besides > 0 { format!(" and {} more", own.passed_over_besides) } else { String::new() };
        eprintln!("no weights, and passed over: {}{besides}", own.passed_over.join(", "));
    }
    let row = |name: &str, shape: String, pruned: usize, total: usize| {
        vec![name.to_string(), shape, pruned.to_string(), total.to_string(), percent(pruned as f32 / total.max(1) as f32)]
    };
    let layers = sparsity.layers.iter().map(|layer| row(&layer.name, format!("{:?}", layer.shape), layer.pruned, layer.total));
    let all = row("all", String::new(), sparsity.pruned, sparsity.prunable);
    context.print(&value, &["layer", "shape", "zeros", "weights", "sparsity"], layers.chain([all]))
}

/// The architectures to bring weights for.
fn offers(context: &Context) -> Result<()> {
    let tell = |offer: &OwnArchitecture| {
        let side = offer.recipe().side;
        json!({
            "id": offer.architecture.id, "title": offer.title, "says": offer.says, "year": offer.year, "input_size": [3, side, side],
            "taps": (offer.architecture.taps)(), "default_tap": offer.architecture.default_tap, "python": offer.python,
        })
    };
    let rows = OWN_ARCHITECTURES.iter().map(|offer| vec![offer.architecture.id.into(), offer.title.into(), offer.python.into()]);
    context.print(&OWN_ARCHITECTURES.iter().map(tell).collect(), &["id", "name", "Python that writes a file of weights"], rows)
}

fn describe(card: &Card) -> Result<Value> {
    let mut value = serde_json::to_value(card).map_err(|e| Error::Unreadable { what: "model card".into(), reason: e.to_string() })?;
    // The names a script looks for, without digging.
    value["input_size"] = json!([3, card.input.side, card.input.side]);
    value["sha256"] = json!(card.weights.sha256);
    let attention = architecture(&card.architecture)?.attention;
    let (mut methods, mut absent) = (Vec::new(), serde_json::Map::new());
    for method in Method::all() {
        match method.absent(attention) {
            None => methods.push(method.id()),
            Some(reason) => drop(absent.insert(method.id().into(), reason.into())),
        }
    }
    value["methods"] = json!(methods);
    value["absent_methods"] = absent.into();
    Ok(value)
}
