//! Where each shipped network looks for objects: tap and parameters chosen on one set of pictures, measured on another.

use crate::method::watched;
use crate::output::Context;
use crate::truths::{Truth, Truths};
use sweetspot_core::card::{Card, Discovered, Located};
use sweetspot_core::discovery::corloc::{CorLoc, best};
use sweetspot_core::discovery::{Box4, Discovery, Method};
use sweetspot_core::error::Result;
use sweetspot_engine::model::Model;
use sweetspot_engine::stored::Folder;
use sweetspot_methods::discovery::affinity::hopeless;
use sweetspot_methods::discovery::features::{Source, of_features};
use sweetspot_methods::discovery::find::Find;
use sweetspot_methods::discovery::input::Input;
use sweetspot_nn::device;

/// Grids with more tokens than this are not tried: they cost more than the network itself.
const MOST_TOKENS: usize = 800;
/// Grids with fewer are too coarse for a box.
const LEAST_TOKENS: usize = 25;

/// A network's card with its choices made and measured anew.
pub async fn choose(context: &Context, id: &str) -> Result<Card> {
    let model = Model::load(&Folder(context.assets.clone()), id, &device::cpu(), &|_, _| ()).await?;
    let (on, other) = if model.card.pack.is_some() { ("calibration", "scenes") } else { ("gallery", "cutouts") };
    let (on, other) = (Truths::open(context, on).await?, Truths::open(context, other).await?);
    let candidates = candidates(&model);
    let overlaps = overlaps(&model, &on, &candidates).await?;
    let found: Vec<CorLoc> = overlaps.iter().map(|overlaps| CorLoc::of(overlaps)).collect();
    let mean = |at: usize| overlaps[at].iter().sum::<f64>() / overlaps[at].len().max(1) as f64;
    let mut card = model.card.clone();
    card.discovery.clear();
    for method in [Method::Lost, Method::TokenCut, Method::MaskCut] {
        let of_method = (0..candidates.len()).filter(|at| candidates[*at].method == method && !overlaps[*at].is_empty());
        // Of as many right ones the larger mean overlap, then the earlier candidate.
        let best = of_method.min_by(|a, b| found[*b].right.cmp(&found[*a].right).then(mean(*b).total_cmp(&mean(*a))));
        let Some(best) = best else { continue };
        let chosen = candidates[best].clone();
        let measured = self::overlaps(&model, &other, std::slice::from_ref(&chosen)).await?;
        let measured = Located { on: other.title(), corloc: told(CorLoc::of(&measured[0])) };
        card.discovery.push(Discovered {
            method: method.id().into(),
            tap: chosen.tap.unwrap_or_default(),
            settings: chosen.settings,
            chosen: Located { on: on.title(), corloc: told(found[best].clone()) },
            measured,
        });
    }
    Ok(card)
}

/// With an interval of four decimals: more mean nothing, and are not always read back as they were written.
fn told(mut found: CorLoc) -> CorLoc {
    found.interval = found.interval.map(|end| (end * 1e4).round() / 1e4);
    found
}

/// What is tried: every tap with a grid of a fitting size, two normalisations, and a few values of what matters most to each method.
fn candidates(model: &Model) -> Vec<Discovery> {
    let mut candidates = Vec::new();
    for tap in (model.architecture.taps)() {
        for (method, id, values) in [
            (Method::Lost, "patches", &["25", "50", "100"][..]),
            (Method::TokenCut, "threshold", &["0.1", "0.2", "0.3", "0.4"]),
            (Method::MaskCut, "threshold", &["0.1", "0.15", "0.3"]),
        ] {
            for value in values {
                for normalisation in ["joint", "centred"] {
                    let mut one = Discovery { tap: Some(tap.clone()), ..Discovery::new(method) };
                    // Both are parameters of the method, and both values are allowed ones.
                    let set = one.set(id, value).and_then(|()| one.set("normalisation", normalisation));
                    candidates.extend(set.is_ok().then_some(one));
                }
            }
        }
    }
    candidates
}

/// The overlap with a true box in each picture, a list a candidate; an empty one where the grid's size does not fit.
async fn overlaps(model: &Model, truths: &Truths, candidates: &[Discovery]) -> Result<Vec<Vec<f64>>> {
    let (bar, job) = watched();
    bar.set_message(model.card.id.clone());
    let mut overlaps = vec![Vec::new(); candidates.len()];
    for index in 0..truths.len() {
        job.step(index as u64, truths.len() as u64).await?;
        let Truth { picture, boxes, .. } = truths.get(index)?;
        let input = Input::own(&picture, &model.card.input)?;
        let visible: Vec<Box4> = boxes.iter().filter_map(|truth| input.visible(*truth)).collect();
        let features = model.dense.features(input.tensor(model.dense.device()));
        // Candidates of a tap stand together: its tokens, and how much they are alike, are worked out once.
        let (mut tokens, mut alike) = (None, Vec::new());
        for (one, overlaps) in candidates.iter().zip(&mut overlaps) {
            let source = Source::at(one.tap.as_deref().unwrap_or_default());
            if tokens.as_ref().is_none_or(|(tap, _)| *tap != source.tap) {
                let Some((_, features)) = features.iter().find(|(tap, _)| *tap == source.tap) else { continue };
                tokens = Some((source.tap.clone(), of_features(&model.dense, &input, &source, features.clone()).await.ok()));
                alike.clear();
            }
            let Some((_, Some(tokens))) = &tokens else { continue };
            if !(LEAST_TOKENS..=MOST_TOKENS).contains(&tokens.count()) {
                continue;
            }
            let normalisation = one.normalisation(model.architecture.attention);
            let kind = (normalisation, one.method == Method::Lost);
            let known = match alike.iter().position(|(known, _)| *known == kind) {
                Some(known) => known,
                None => {
                    alike.push((kind, one.affinity(tokens, normalisation)));
                    alike.len() - 1
                }
            };
            let found = if hopeless(tokens).is_none() { one.find_by(tokens, &alike[known].1).boxes } else { Vec::new() };
            overlaps.push(best(found.first().map(|found| input.to_picture(*found)).as_ref(), &visible));
        }
    }
    bar.finish_and_clear();
    Ok(overlaps)
}
