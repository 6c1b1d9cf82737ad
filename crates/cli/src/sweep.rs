//! `sweetspot sweep`: measures against sparsity, with intervals, sweet spots and charts.

mod files;
pub mod opened;
pub mod ship;
mod work;

use crate::sweep::opened::given;
use crate::sweep::opened::open;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;
use serde_json::json;

use super::backend;
use super::output::Context;
use sweetspot_core::attribution::Method;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_core::link;
use sweetspot_core::pruning::{Criterion, Scope};
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::sweep::chart::Across;
use sweetspot_core::sweep::plan::Step;
use sweetspot_core::sweep::summary::Rule;
use sweetspot_core::sweep::{Set, State, Summary, Sweep, SweepMeasure, pareto, plan, table};
use sweetspot_engine::stored::Folder;
use sweetspot_engine::sweep::fitted::fitted;
use sweetspot_engine::sweep::given::Answers;
use sweetspot_engine::sweep::runner::Runner;
use sweetspot_nn::weights::sha256;
use sweetspot_packs::open::Pack;
use sweetspot_protocol::Picture;
use sweetspot_train::files::{io, read};

/// The longest file of a sweep or a link that is read, in bytes.
const MAX_TEXT: usize = 1 << 20;

/// The words of the command.
#[derive(Debug, Args)]
#[command(after_help = measures())]
pub struct Arguments {
    /// The experiment whose sparsity is opened: a link, its part after the #, or a JSON file of a sweep. The default experiment unless given.
    #[arg(long, value_name = "E", conflicts_with = "merge")]
    experiment: Option<String>,
    /// The folder for the results: cells.json, results.json, sweep.csv, spots.txt, report.html and charts. A sweep that was interrupted goes on from there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Put these files of cells or results together instead of computing; they must be of the same sweep.
    #[arg(long, value_name = "FILES", num_args = 1.., conflicts_with_all = ["model", "weights", "prune", "scope", "method", "set", "images",
        "measures", "sparsities", "rounds", "seeds", "threads"])]
    merge: Vec<PathBuf>,
    /// Another network.
    #[arg(long, value_name = "M")]
    model: Option<String>,
    /// Run with the tensors of this file, as `predict --weights` does.
    #[arg(long, value_name = "F")]
    weights: Option<PathBuf>,
    /// Another criterion.
    #[arg(long, value_name = "CRITERION")]
    prune: Option<String>,
    /// Another scope.
    #[arg(long, value_name = "global|layer")]
    scope: Option<String>,
    /// Another attribution method, with its usual parameters.
    #[arg(long, value_name = "A")]
    method: Option<String>,
    /// Over which pictures: gallery, cutouts, scenes, stimuli (of the recognition experiment), image (the experiment's own), a picture's file, or a
    /// pack: its folder or archive. Unless given, those the network knows.
    #[arg(long, value_name = "SET|F")]
    set: Option<String>,
    /// Over the first so many of them.
    #[arg(long, value_name = "N")]
    images: Option<usize>,
    /// What to measure, separated by commas: names, or groups of them.
    #[arg(long, value_name = "A,B")]
    measures: Option<String>,
    /// At which sparsities, separated by commas, or `paper` for its grid 1 - 0.8^k.
    #[arg(long, value_name = "LIST|paper")]
    sparsities: Option<String>,
    /// The paper's grid up to round K.
    #[arg(long, value_name = "K", conflicts_with = "sparsities")]
    rounds: Option<u32>,
    /// With several seeds of the criterion or of the training, separated by commas.
    #[arg(long, value_name = "LIST")]
    seeds: Option<String>,
    /// How many points of accuracy a sweet spot may cost.
    #[arg(long, value_name = "POINTS", default_value_t = 2.0, allow_negative_numbers = true)]
    drop: f64,
    /// Two or three measures whose Pareto front is told, separated by commas.
    #[arg(long, value_name = "A,B")]
    pareto: Option<String>,
    /// The axis across in charts: how much is pruned, or the logarithm of how much is left.
    #[arg(long, value_name = "sparsity|log-density", default_value = "log-density")]
    axis: String,
    /// Compute only part I of N, counted from 1; put the parts together with --merge.
    #[arg(long, value_name = "I/N", conflicts_with = "merge")]
    shard: Option<String>,
    /// Pack the sweep for the page into this folder, too, and renew the list of sweeps and what they say together there.
    #[arg(long, value_name = "DIR")]
    ship: Option<PathBuf>,
    /// How many threads compute, each with a network of its own; as many as there are cores unless given.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// The measures, for the end of the help.
fn measures() -> String {
    let lines = SweepMeasure::all().map(|gauge| format!("  {:<26} {}", gauge.id(), gauge.info().says));
    let groups = "Groups: usual (unless told otherwise: all that one pass and one map give), place, complexity, discovery, alignment, answers, cost; slow ones: \
                  faithfulness, robustness, randomisation, all.";
    format!("Measures:\n{}\n{groups}", lines.collect::<Vec<_>>().join("\n"))
}

/// Runs the command.
pub async fn run(context: &Context, arguments: &Arguments) -> Result<()> {
    let across = match arguments.axis.as_str() {
        "sparsity" => Across::Sparsity,
        "log-density" => Across::LogDensity,
        other => return Err(Error::unknown("axis", other, ["sparsity", "log-density"])),
    };
    if !(0.0..=100.0).contains(&arguments.drop) {
        return Err(Error::bad_value("--drop", arguments.drop, "between 0 and 100 points"));
    }
    let rule = Rule { drop: arguments.drop / 100.0, ..Rule::default() };
    let front = arguments.pareto.as_deref().map(names).transpose()?;
    front.as_deref().map_or(Ok(()), pareto::check)?;
    let threads = arguments.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    if !(1..=64).contains(&threads) {
        return Err(Error::bad_value("--threads", threads, "between 1 and 64"));
    }
    let (state, mut notes) = match arguments.merge.as_slice() {
        [] => compute(context, arguments, threads).await?,
        files => (merged(files)?, Vec::new()),
    };
    let summary = Summary::of(&state, rule);
    let front = match front {
        Some(gauges) => Some((pareto::front_of(&summary, &gauges)?, gauges)),
        None => usual_front(&summary, &state.sweep).and_then(|gauges| Some((pareto::front_of(&summary, &gauges).ok()?, gauges))),
    };
    if let Some((sparsities, gauges)) = &front {
        let titles: Vec<&str> = gauges.iter().map(|gauge| gauge.info().title).collect();
        let sparsities: Vec<String> = sparsities.iter().map(|s| s.percent()).collect();
        notes.push(format!("On the Pareto front of {}: {}.", titles.join(", "), sparsities.join(", ")));
    }
    let mut written = files::write(&arguments.out, &state, &summary, &notes, front.as_ref(), across)?;
    if let Some(folder) = &arguments.ship {
        written.push(ship::ship(folder, &state, &context.assets)?);
    }
    let all_notes = [summary.notes.clone(), notes.clone()].concat();
    let value = json!({
        "id": state.sweep.id(), "sweep": state.sweep, "pictures": summary.pictures, "done": state.done(), "steps": state.steps().len(),
        "spots": summary.spots, "verdicts": summary.verdicts, "notes": all_notes, "lines": summary.lines, "files": written,
    });
    let rows = summary.lines.iter().map(|line| {
        let [value, interval, difference, p] = table::words(line);
        let spot = summary.spots.iter().any(|spot| (spot.measure, spot.sparsity) == (line.measure, line.sparsity));
        let mark = if spot { "sweet spot" } else { "" };
        vec![line.measure.id().into(), line.sparsity.percent(), value, interval, difference, p, mark.into()]
    });
    context.print(&value, &["measure", "sparsity", "value", "95 % interval", "from dense", "p", ""], rows)?;
    if !context.json {
        for sentence in summary.verdicts.iter().chain(&all_notes) {
            eprintln!("{sentence}");
        }
    }
    Ok(())
}

/// Runs what is not done yet of the sweep asked for, on several threads.
async fn compute(context: &Context, arguments: &Arguments, threads: usize) -> Result<(State, Vec<String>)> {
    let assets: Rc<Folder> = Rc::new(Folder(context.assets.clone()));
    let (mut sweep, chosen) = asked(arguments)?;
    let pack = arguments.set.as_deref().map(PathBuf::from).filter(|path| is_pack(path));
    let own = if pack.is_none() { picture(arguments, &mut sweep)? } else { None };
    let weights = arguments.weights.clone();
    let wanted = arguments.model.is_some().then(|| sweep.experiment.model.clone());
    let model = Rc::new(open(&assets, weights.as_deref(), &sweep.experiment.model, wanted.as_deref()).await?);
    sweep.experiment.model = model.card.id.clone();
    if !chosen {
        sweep.set = if model.card.pack.is_some() { Set::Scenes } else { Set::Gallery };
    }
    let (sweep, notes) = fitted(sweep, &model.card)?;
    let given = given(own.as_ref(), pack.as_deref(), Answers::default())?;
    let mut state = Runner::open(sweep.clone(), model, assets, given).await?.state(backend::NAME)?;
    std::fs::create_dir_all(&arguments.out).map_err(|e| io(&arguments.out, e))?;
    let cells = arguments.out.join(files::CELLS);
    if cells.exists() {
        let other = State::read(&cells.display().to_string(), &read(&cells)?)?;
        let done = other.done();
        state.merge(other).map_err(|error| match error {
            Error::Contradiction { what, .. } => Error::Contradiction {
                what: format!("{what} (choose another folder, or remove {}, which is of another sweep)", cells.display()),
                here: "what is asked for".into(),
                there: "what is there".into(),
            },
            other => other,
        })?;
        eprintln!("going on: {done} of {} steps are done", state.steps().len());
    }
    let steps = state.steps().to_vec();
    let mine = match &arguments.shard {
        Some(words) => {
            let (part, of) = part(words)?;
            plan::shard(&steps, part - 1, of).to_vec()
        }
        None => steps,
    };
    let missing: Vec<Step> = mine.into_iter().filter(|step| !state.has(step)).collect();
    if !missing.is_empty() {
        state.computed_on(backend::NAME);
    }
    let shop = work::Shop { sweep, assets: context.assets.clone(), weights, wanted, own, pack };
    work::run(&shop, missing, threads, &mut state, |state| files::save(&cells, state))?;
    Ok((state, notes))
}

/// The sweep asked for, and whether its pictures are chosen.
fn asked(arguments: &Arguments) -> Result<(Sweep, bool)> {
    let plain = |experiment: Experiment| Sweep {
        experiment,
        set: Set::Gallery,
        pack: None,
        images: None,
        sparsities: plan::rounds(u32::MAX),
        seeds: Vec::new(),
        measures: SweepMeasure::usual().collect(),
    };
    let (mut sweep, mut chosen) = match &arguments.experiment {
        None => (plain(Experiment::default()), false),
        Some(text) if Path::new(text).is_file() => (Sweep::read(&short(Path::new(text))?)?, true),
        Some(text) => match text.split_once('#') {
            Some((_, fragment)) => (plain(link::read(fragment)?), false),
            None if text.contains('=') => (plain(link::read(text)?), false),
            None => return Err(Error::bad_value("--experiment", text, "a link, its part after the #, or the file of a sweep")),
        },
    };
    let experiment = &mut sweep.experiment;
    if let Some(model) = &arguments.model {
        experiment.model = model.clone();
    }
    if let Some(criterion) = &arguments.prune {
        experiment.pruning.choose(Criterion::from_id(criterion)?);
    }
    if let Some(scope) = &arguments.scope {
        experiment.pruning.scope = Scope::from_id(scope)?;
    }
    if let Some(method) = &arguments.method {
        experiment.attribution.choose(Method::from_id(method)?);
    }
    if let Some(set) = &arguments.set {
        let path = Path::new(set);
        sweep.set = if is_pack(path) {
            sweep.pack = Some(Pack::open(path)?.manifest().sha256.clone());
            Set::Pack
        } else if path.is_file() {
            Set::Image
        } else {
            Set::from_id(set)?
        };
        chosen = true;
    }
    if let Some(words) = &arguments.measures {
        sweep.measures = names(words)?;
    }
    match (arguments.sparsities.as_deref(), arguments.rounds) {
        (Some("paper"), _) => sweep.sparsities = plan::rounds(u32::MAX),
        (Some(list), _) => {
            sweep.sparsities = numbers::<f64>("--sparsities", list)?.into_iter().map(Sparsity::try_from).collect::<Result<_>>()?;
        }
        (None, Some(last)) => sweep.sparsities = plan::rounds(last),
        (None, None) => {}
    }
    if let Some(list) = &arguments.seeds {
        sweep.seeds = numbers("--seeds", list)?;
    }
    sweep.images = arguments.images.or(sweep.images);
    Ok((sweep.checked()?, chosen))
}

/// Whether a path can only be that of a pack.
fn is_pack(path: &Path) -> bool {
    path.is_dir() || (path.is_file() && path.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip")))
}

/// The picture of the user's own that the sweep is over, if it is a file; the sweep then names it.
fn picture(arguments: &Arguments, sweep: &mut Sweep) -> Result<Option<Picture>> {
    let Some(path) = arguments.set.as_deref().map(Path::new).filter(|path| path.is_file()) else { return Ok(None) };
    let bytes = read(path)?;
    sweep.experiment.image = ImageRef::Own(sha256(&bytes));
    let name = path.display().to_string();
    Ok(Some(Picture { image: sweep.experiment.image.clone(), bytes, name, boxes: Vec::new(), mask: None, label: None }))
}

/// All cells of several files.
fn merged(paths: &[PathBuf]) -> Result<State> {
    let mut all: Option<State> = None;
    for path in paths {
        let name = path.display().to_string();
        let state = State::read(&name, &read(path)?)?;
        match &mut all {
            None => all = Some(state),
            Some(all) => all.merge(state).map_err(|error| match error {
                Error::Contradiction { what, here, there } => Error::Contradiction { what: format!("{name}: {what}"), here, there },
                other => other,
            })?,
        }
    }
    all.ok_or_else(|| Error::Missing { what: "what to put together".into(), reason: "name files of cells".into() })
}

/// The front told unless another is asked for: the first measure of the object's place, what must be kept, and the stored size.
fn usual_front(summary: &Summary, sweep: &Sweep) -> Option<Vec<SweepMeasure>> {
    let kept = summary.kept()?;
    let first =
        sweep.measures.iter().copied().find(|gauge| {
            gauge.can_gain() && ![SweepMeasure::Accuracy, SweepMeasure::Agreement, SweepMeasure::Divergence].contains(gauge)
        })?;
    Some(
        [first, kept].into_iter().chain(sweep.measures.contains(&SweepMeasure::StoredBytes).then_some(SweepMeasure::StoredBytes)).collect(),
    )
}

/// Measures by their names and groups.
fn names(words: &str) -> Result<Vec<SweepMeasure>> {
    let mut gauges = Vec::new();
    for word in words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        gauges.extend(SweepMeasure::of_word(word)?);
    }
    match gauges.is_empty() {
        true => Err(Error::bad_value("the list of measures", "empty", "names of measures, separated by commas")),
        false => Ok(gauges),
    }
}

fn numbers<T: std::str::FromStr>(flag: &str, list: &str) -> Result<Vec<T>> {
    let number = |word: &str| word.trim().parse().map_err(|_| Error::bad_value(flag, format!("'{word}'"), "numbers, separated by commas"));
    list.split(',').map(number).collect()
}

/// Part I of N.
fn part(words: &str) -> Result<(usize, usize)> {
    let parsed = words.split_once('/').and_then(|(part, of)| Some((part.trim().parse().ok()?, of.trim().parse().ok()?)));
    parsed
        .filter(|(part, of)| (1..=*of).contains(part) && *of <= 10_000)
        .ok_or_else(|| Error::bad_value("--shard", words, "of the form 2/5"))
}

/// A small text file.
fn short(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::metadata(path).map_err(|e| io(path, e))?.len();
    if bytes > MAX_TEXT as u64 {
        return Err(io(path, format!("the file has {bytes} bytes, more than {MAX_TEXT}")));
    }
    read(path)
}
