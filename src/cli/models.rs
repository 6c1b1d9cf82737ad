//! `sweetspot models`: the cards.

use clap::Args;
use serde_json::{Value, json};

use super::output::Context;
use crate::attribution::Method;
use crate::engine::assets::{Assets, Folder};
use crate::engine::model::model_ids;
use crate::error::{Error, Result};
use crate::models::architecture;
use crate::models::card::Card;

/// No flags of its own.
#[derive(Debug, Args)]
pub struct Arguments {}

pub async fn run(context: &Context, _: &Arguments) -> Result<()> {
    let assets = Folder(context.assets.clone());
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
    let value = Value::Array(cards.iter().map(describe).collect::<Result<_>>()?);
    context.print(&value, &["id", "input", "classes", "parameters", "prunable", "top-1 here", "licence", "sha256"], rows)
}

fn describe(card: &Card) -> Result<Value> {
    let mut value = serde_json::to_value(card).map_err(|e| Error::Unreadable { what: "model card".into(), reason: e.to_string() })?;
    // The names a script looks for, without digging.
    value["input_size"] = json!([3, card.input.side, card.input.side]);
    value["sha256"] = json!(card.weights.sha256);
    let attends = architecture(&card.architecture)?.attends;
    let (mut methods, mut absent) = (Vec::new(), serde_json::Map::new());
    for method in Method::ALL {
        match method.absent(attends) {
            None => methods.push(method.id()),
            Some(reason) => drop(absent.insert(method.id().into(), reason.into())),
        }
    }
    value["methods"] = json!(methods);
    value["absent_methods"] = absent.into();
    Ok(value)
}
