//! The sweeps that come with the page: small enough, of the networks that are shipped, the same when computed again, and what they say together.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::PathBuf;
use std::rc::Rc;

use serde_json::Value;
use sweetspot_cli::sweep::ship::{FINDINGS, INDEX, MOST_BYTES, findings};
use sweetspot_core::metrics::Measure;
use sweetspot_core::sweep::chart::Across;
use sweetspot_core::sweep::findings::study::Claim;
use sweetspot_core::sweep::html::Report;
use sweetspot_core::sweep::shipped::{Index, Shipped};
use sweetspot_core::sweep::summary::{Rule, Summary};
use sweetspot_core::sweep::sweep_measure::{Needs, SweepMeasure};
use sweetspot_engine::model::Model;
use sweetspot_engine::stored::Folder;
use sweetspot_engine::sweep::given::Given;
use sweetspot_engine::sweep::runner::Runner;
use sweetspot_nn::device;
use sweetspot_nn::job::Job;
use sweetspot_testing::root;

/// How far a value may be from what is packed: the packing's own rounding, and that of another machine.
const SAME: f64 = 2e-4;
/// What is told apart less closely than this has its own distance: a pixel more or less.
const ROUGH: f32 = 1e-3;

fn folder() -> PathBuf {
    root().join("www/sweeps")
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn all() -> Vec<(String, Shipped)> {
    let index: Index = serde_json::from_slice(&read(INDEX)).unwrap();
    index.sweeps.into_iter().map(|entry| (entry.file.clone(), Shipped::read(&entry.file, &read(&entry.file)).unwrap())).collect()
}

#[test]
fn every_sweep_is_small_and_of_a_shipped_network() {
    let all = all();
    assert!(!all.is_empty());
    let mut files: Vec<String> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.retain(|file| file != INDEX && file != FINDINGS);
    files.sort_unstable();
    assert_eq!(files, all.iter().map(|(file, _)| file.clone()).collect::<Vec<_>>(), "the list names every file");
    for (file, shipped) in &all {
        assert!(read(file).len() <= MOST_BYTES, "{file}");
        let card: Value = serde_json::from_slice(
            &std::fs::read(root().join(format!("www/models/{}.json", shipped.state.sweep.experiment.model))).unwrap(),
        )
        .unwrap();
        assert_eq!(card["weights"]["sha256"], shipped.state.source.model_sha256.as_str(), "{file}");
        let command = &shipped.made.command;
        assert!(command.starts_with("sweetspot sweep ") && shipped.made.date.ends_with('Z'), "{:?}", shipped.made);
        // A reader types it in a checkout of their own.
        assert!(command.split_whitespace().all(|word| !word.starts_with('/')), "a command with a place of one machine: {command}");
        assert!(!shipped.made.command.contains('/') || !shipped.made.command.contains("/root"), "{:?}", shipped.made);
    }
}

#[test]
fn lines_are_those_of_the_values() {
    for (file, shipped) in all() {
        let again = Summary::of(&shipped.state, Rule::default());
        assert_eq!(again.lines.len(), shipped.summary.lines.len(), "{file}");
        for (a, b) in again.lines.iter().zip(&shipped.summary.lines) {
            let what = format!("{file}: {} at {}", a.measure.id(), a.sparsity);
            let near = |a: Option<f64>, b: Option<f64>| {
                assert_eq!(a.is_some(), b.is_some(), "{what}");
                let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
                assert!((a - b).abs() <= 1e-4 * a.abs().max(1.0), "{what}: {a} {b}");
            };
            near(a.value, b.value);
            near(a.low, b.low);
            near(a.high, b.high);
            near(a.difference.map(|d| d.mean), b.difference.map(|d| d.mean));
            assert_eq!((a.measure, a.n, a.undefined), (b.measure, b.n, b.undefined), "{what}");
            let p = |line: &sweetspot_core::sweep::summary::Line| line.difference.map_or(1.0, |d| d.p);
            assert!((p(a) - p(b)).abs() < 0.005, "{what}: {} {}", p(a), p(b));
        }
        let written = Shipped { summary: again, ..shipped.clone() }.write().unwrap();
        let read = Shipped::read(&file, written.as_bytes()).unwrap();
        assert_eq!(read.state.source, shipped.state.source);
    }
}

#[test]
fn a_sample_of_points_is_the_same_when_computed_again() {
    let assets = Rc::new(Folder(root().join("www")));
    for (file, shipped) in all() {
        let state = &shipped.state;
        let cpu = device::cpu();
        let model = pollster::block_on(Model::load(&*assets, &state.sweep.experiment.model, &cpu, &|_, _| ())).unwrap();
        let given = Given { batch: 1, ..Given::default() };
        // The first pictures at one sparsity: of every file another one. Where a picture takes hundreds of passes it is one picture, and of ImageNet's
        // networks without those two that take a pass a row of pixels.
        let slow = state.sweep.measures.iter().any(|gauge| gauge.info().needs == Needs::Trial);
        let mut sweep = state.sweep.clone();
        if slow && model.card.input.side > 64 {
            sweep.measures.retain(|gauge| ![SweepMeasure::Map(Measure::Deletion), SweepMeasure::Map(Measure::Insertion)].contains(gauge));
        }
        let mut runner = pollster::block_on(Runner::open(sweep, Rc::new(model), assets.clone(), given)).unwrap();
        assert_eq!(runner.state("a test").unwrap().source.set_sha256, state.source.set_sha256, "{file}");
        let at = 1 + file.len() % (state.sweep.sparsities.len() - 1);
        let mut step = state.steps().iter().find(|step| step.sparsity == state.sweep.sparsities[at]).copied().unwrap();
        if slow {
            step.to = step.from + 1;
        }
        let cell = pollster::block_on(runner.run(&step, &Job::quiet())).unwrap();
        assert_eq!(Some(&cell.network), state.network(step.seed, step.sparsity), "{file}");
        let mut count = 0;
        for (gauge, values) in &cell.values {
            let known = state.values(*gauge, step.seed, step.sparsity).unwrap();
            for (value, known) in values.iter().zip(&known[step.from..step.to]) {
                let what = format!("{file}: {} at {}: {value:?}, {known:?}", gauge.id(), step.sparsity);
                assert_eq!(value.is_some(), known.is_some(), "{what}");
                let (value, known) = (f64::from(value.unwrap_or_default()), known.unwrap_or_default());
                let same = if gauge.rounding() > ROUGH { f64::from(gauge.rounding()) } else { SAME };
                assert!((value - known).abs() <= same * value.abs().max(known.abs()).max(1.0), "{what}");
                count += 1;
            }
        }
        assert!(count >= if slow { 10 } else { 16 * 5 }, "{file}: {count}");
    }
}

#[test]
fn what_they_say_together_is_what_is_written() {
    let shipped: Vec<Shipped> = all().into_iter().map(|(_, shipped)| shipped).collect();
    let claims = findings(&shipped, &root().join("www")).unwrap();
    let written: Vec<Claim> = serde_json::from_slice(&read(FINDINGS)).unwrap();
    assert_eq!(claims.len(), 3);
    for (a, b) in claims.iter().zip(&written) {
        assert_eq!((&a.claim, a.verdict, &a.heads), (&b.claim, b.verdict, &b.heads));
        assert_eq!(a.rows, b.rows, "{}", a.claim);
        assert_eq!(a.because, b.because, "{}", a.claim);
        assert!(!a.rows.is_empty() || a.verdict == sweetspot_core::sweep::findings::study::Verdict::CannotTell);
        assert!(b.figure.starts_with("<svg") && b.figure.contains("<desc"), "{}", a.claim);
    }
}

#[test]
fn broken_files_are_refused() {
    let (file, _) = &all()[0];
    let whole: Value = serde_json::from_slice(&read(file)).unwrap();
    let refused = |edit: &dyn Fn(&mut Value)| {
        let mut value = whole.clone();
        edit(&mut value);
        Shipped::read("a file", value.to_string().as_bytes()).unwrap_err().to_string()
    };
    assert!(refused(&|v| v["format"] = "other".into()).contains("format"));
    assert!(refused(&|v| v["id"] = "0".into()).contains("changed"));
    assert!(refused(&|v| v["networks"][1]["values"]["accuracy"]["values"] = "".into()).contains("accuracy"));
    assert!(refused(&|v| v["networks"][1]["network"]["pruned"] = u64::from(u32::MAX).into()).contains("pruned"));
    assert!(refused(&|v| v["lines"] = Value::Object(serde_json::Map::new())).contains("lines"));
    assert!(Shipped::read("a file", b"{\"format\":").is_err());
}

#[test]
fn a_report_stands_for_itself() {
    let (_, shipped) = &all()[0];
    let notes = ["a <script>alert(1)</script> note".to_string()];
    let report = Report {
        network: "A \"network\" & <b>",
        state: &shipped.state,
        summary: &shipped.summary,
        made: Some(&shipped.made),
        gauges: &shipped.state.sweep.measures,
        across: Across::LogDensity,
        page: "https://example.org/sweetspot/",
        notes: &notes,
    };
    let text = report.write();
    assert!(text.starts_with("<!doctype html>") && text.trim_end().ends_with("</html>"));
    for never in ["<script", "<b>", "src=", "@import", "url(", "javascript:"] {
        assert!(!text.contains(never), "{never}");
    }
    assert_eq!(text.matches("<svg").count(), shipped.state.sweep.measures.len());
    assert!(text.contains("href=\"https://example.org/sweetspot/#v=1&amp;") && text.contains(&shipped.state.source.model_sha256));
    assert_eq!(text.matches("<tr>").count(), 1 + shipped.summary.lines.len());
    assert!(text.contains("&lt;script&gt;alert(1)"));
}
