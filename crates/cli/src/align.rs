//! `sweetspot align`: a network beside people on the pictures of a pack.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::method::watched;
use super::open::{ModelFlags, Preprocess, fitting};
use super::output::{Context, percent};
use super::pack::report_value;
use sweetspot_core::alignment::accuracy::Share;
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::consistency::Estimate;
use sweetspot_core::alignment::observers::{Answer, Observer, observers};
use sweetspot_core::alignment::references::DataSet;
use sweetspot_core::alignment::summary::{Alignment, InCondition, align};
use sweetspot_core::alignment::trials::{Trial, write as as_csv};
use sweetspot_core::card::Recipe;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::report::Report;
use sweetspot_nn::device::values;
use sweetspot_nn::image::input;
use sweetspot_nn::image::view;
use sweetspot_nn::network::Network;
use sweetspot_packs::open::Pack;
use sweetspot_train::files::write;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    model: ModelFlags,
    /// The pack, a folder or a .zip, as `sweetspot pack geirhos` makes it.
    #[arg(long, value_name = "P")]
    pack: PathBuf,
    /// How a picture becomes the network's input.
    #[arg(long, value_enum, default_value_t = Preprocess::Card)]
    preprocess: Preprocess,
    /// Count every condition, those, too, that the published means leave out.
    #[arg(long)]
    all_conditions: bool,
    /// Seed of the draws behind the intervals of error consistency.
    #[arg(long, default_value_t = 0, value_name = "S")]
    seed: u64,
    /// Write the network's answers here, in the format of the published trials.
    #[arg(long, value_name = "F.csv")]
    trials: Option<PathBuf>,
}

pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let pack = Pack::open(&arguments.pack)?;
    let manifest = pack.manifest();
    if manifest.images.iter().all(|image| image.category.is_none()) {
        let reason = "no picture of it shows one of the 16 categories; make it with `sweetspot pack geirhos`".into();
        return Err(Error::Missing { what: "what the pack's pictures show".into(), reason });
    }
    let opened = arguments.model.open(context).await?;
    let (network, recipe) = (opened.network(), &opened.model.card.input);
    let (answered, pictures) = answers(&pack, network, recipe, arguments.preprocess).await?;
    let (trials, said) = pack.trials()?;
    let people = observers(&trials);
    let data_set = manifest.head.data_set.as_deref().and_then(DataSet::of);
    let excludes = |condition: &str| !arguments.all_conditions && data_set.is_some_and(|set| set.excludes(condition));
    if answered.is_empty() {
        let reason = pictures.lines().last().unwrap_or_default();
        return Err(Error::Missing { what: "pictures that can be read".into(), reason });
    }
    if let Some(path) = &arguments.trials {
        write(path, as_csv(&answered).as_bytes())?;
    }
    let mut observer = Observer::new(&opened.model.card.id);
    for trial in &answered {
        observer.add(&trial.condition, &trial.image, Answer { category: trial.category, response: trial.response });
    }
    let found = align(&observer, &people, excludes, arguments.seed)?;
    for line in pictures.lines().chain(said.lines()) {
        eprintln!("{line}");
    }
    let mut value = json!({
        "model": opened.model.card.id,
        "pruned": opened.pruned.as_ref().map(|pruned| json!({ "mask_sha256": pruned.report.mask_sha256, "pruned": pruned.report.pruned, "prunable": pruned.report.prunable })),
        "pack": manifest.head.id, "pack_sha256": manifest.sha256, "data_set": manifest.head.data_set,
        "images": found.accuracy.of, "observers": people.len(),
        "accuracy": found.accuracy.value, "accuracy_interval": found.accuracy.interval, "right": found.accuracy.right,
        "error_consistency": found.error_consistency.map(|e| e.value), "error_consistency_interval": found.error_consistency.map(|e| e.interval),
        "ceiling": found.ceiling.map(|e| e.value), "ceiling_interval": found.ceiling.map(|e| e.interval),
        "human_accuracy": found.human_accuracy.map(|share| share.value),
        "accuracy_difference": found.accuracy_difference,
    });
    let details = json!({
        "excluded_conditions": found.excluded,
        "conditions": found.conditions, "with_observers": found.observers,
        "shape_bias": found.shape_bias, "human_shape_bias": found.human_shape_bias,
        "confusion": { "categories": Category::ALL.map(Category::id), "counts": found.confusion.counts },
        "report": { "images": report_value(&pictures), "trials": report_value(&said) },
        "references": data_set.map(|set| json!({
            "ceiling": set.ceiling, "human_accuracy": set.human_accuracy,
            "resnet50": { "error_consistency": set.resnet50_consistency, "accuracy": set.resnet50_accuracy },
        })),
    });
    // Two values, because the macro that writes them counts every key against the compiler's patience.
    if let (Some(value), serde_json::Value::Object(details)) = (value.as_object_mut(), details) {
        value.extend(details);
    }
    context.print(
        &value,
        &["what", "accuracy", "error consistency", "pictures", "people with each other", "accuracy of people"],
        rows(&found, data_set),
    )
}

/// What the network says to every picture that shows a category, in the format of trials, and which pictures could not be read.
async fn answers(pack: &Pack, network: &Network, recipe: &Recipe, preprocess: Preprocess) -> Result<(Vec<Trial>, Report)> {
    let (bar, job) = watched();
    bar.set_message("pictures");
    let (images, mut report) = (&pack.manifest().images, Report::default());
    let mut answered = Vec::new();
    for (index, image) in images.iter().enumerate() {
        job.step(index as u64, images.len() as u64).await?;
        let Some(category) = image.category else {
            report.refuse("a picture without a category", &image.name);
            continue;
        };
        let seen = pack.picture(index).and_then(|picture| match preprocess {
            Preprocess::Card => view(&picture, recipe),
            Preprocess::Raw => fitting(picture, &image.name, recipe.side),
        });
        let seen = match seen {
            Ok(seen) => seen,
            // Every picture of a pack has the same size or most have: one sentence for all.
            Err(error @ Error::NotInputSize { .. }) if answered.is_empty() => return Err(error),
            Err(error) => {
                report.refuse("a picture that cannot be used", error.to_string());
                continue;
            }
        };
        let logits = values(network.logits(input(&seen, recipe, network.device()))).await?;
        answered.push(Trial {
            subject: network.architecture().id.into(),
            session: "1".into(),
            trial: Some(answered.len() as u32 + 1),
            seconds: None,
            response: Some(Category::decide(&logits)?),
            category,
            condition: Pack::condition(image).into(),
            image: image.name.clone(),
        });
    }
    bar.finish_and_clear();
    report.used = answered.len();
    Ok((answered, report))
}

/// The table: everything, then condition by condition, then person by person, then what is known of the data set.
fn rows(found: &Alignment, data_set: Option<&DataSet>) -> Vec<Vec<String>> {
    let share = |share: Option<Share>| match share {
        Some(Share { value, interval: [low, high], .. }) => {
            format!("{} ({} to {})", percent(value as f32), percent(low as f32), percent(high as f32))
        }
        None => "-".into(),
    };
    let kappa = |estimate: Option<Estimate>| match estimate {
        Some(Estimate { value, interval: [low, high], .. }) => format!("{value:.3} ({low:.3} to {high:.3})"),
        None => "-".into(),
    };
    let row = |what: String, accuracy, consistency, pictures: usize, ceiling, people| {
        vec![what, share(accuracy), kappa(consistency), pictures.to_string(), kappa(ceiling), share(people)]
    };
    let all = &found.accuracy;
    let mut rows = vec![row("all".into(), Some(*all), found.error_consistency, all.of, found.ceiling, found.human_accuracy)];
    if found.conditions.len() > 1 {
        let line = |c: &InCondition| {
            row(format!("condition {}", c.condition), Some(c.accuracy), c.error_consistency, c.accuracy.of, c.ceiling, c.human_accuracy)
        };
        rows.extend(found.conditions.iter().map(line));
    }
    for person in &found.observers {
        let pictures = person.error_consistency.map_or(0, |estimate| estimate.images);
        rows.push(row(person.name.clone(), None, person.error_consistency, pictures, person.with_people, Some(person.accuracy)));
    }
    if !found.excluded.is_empty() {
        rows.push(vec!["left out".into(), format!("conditions {}, as published", found.excluded.join(", "))]);
    }
    for (who, bias) in [("shape bias", found.shape_bias), ("shape bias of people", found.human_shape_bias)] {
        if let Some(bias) = bias {
            let [low, high] = bias.interval.map(|end| percent(end as f32));
            let told = format!("{} ({low} to {high})", percent(bias.value as f32));
            rows.push(vec![who.into(), told, String::new(), format!("{} of {}", bias.shape + bias.texture, bias.images)]);
        }
    }
    if let Some(set) = data_set {
        let told = |accuracy: f64, consistency: f64| vec![percent(accuracy as f32), format!("{consistency:.3}")];
        rows.push([vec!["ResNet-50, published".into()], told(set.resnet50_accuracy, set.resnet50_consistency)].concat());
        rows.push([vec!["people, published".into()], told(set.human_accuracy, set.ceiling)].concat());
    }
    rows.iter_mut().for_each(|row| row.resize(6, String::new()));
    rows
}
