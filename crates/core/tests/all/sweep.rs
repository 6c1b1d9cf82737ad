//! Sweeps without the mathematics: their statistics against scipy and statsmodels, sweet spots where there are and are none, states that are
//! stopped and put together, charts. Everything here is compiled into the page too.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::observers::Answer;
use sweetspot_core::alignment::observers::Observer;
use sweetspot_core::discovery::corloc::CorLoc;
use sweetspot_core::discovery::corloc::RIGHT;
use sweetspot_core::discovery::corloc::interval;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::metrics::Measure;
use sweetspot_core::sparsity::Sparsity;
use sweetspot_core::statistics::bootstrap::Bootstrap;
use sweetspot_core::statistics::bootstrap::RESAMPLES;
use sweetspot_core::statistics::fisher::fisher;
use sweetspot_core::statistics::holm::holm;
use sweetspot_core::sweep::Set;
use sweetspot_core::sweep::Summary;
use sweetspot_core::sweep::Sweep;
use sweetspot_core::sweep::SweepMeasure;
use sweetspot_core::sweep::cells::Cell;
use sweetspot_core::sweep::cells::NetworkStatistics;
use sweetspot_core::sweep::cells::Source;
use sweetspot_core::sweep::cells::State;
use sweetspot_core::sweep::chart::Across;
use sweetspot_core::sweep::figures;
use sweetspot_core::sweep::paired::Paired;
use sweetspot_core::sweep::pareto;
use sweetspot_core::sweep::people::People;
use sweetspot_core::sweep::plan::Step;
use sweetspot_core::sweep::plan::rounds;
use sweetspot_core::sweep::plan::shard;
use sweetspot_core::sweep::summary::Rule;
use sweetspot_core::sweep::table;

const MASS: SweepMeasure = SweepMeasure::Map(Measure::RelevanceMass);
const GINI: SweepMeasure = SweepMeasure::Map(Measure::Gini);

fn at(share: f64) -> Sparsity {
    Sparsity::new(share).unwrap()
}

fn golden() -> Value {
    serde_json::from_str(include_str!("../../../../tests/golden/sweeps.json")).unwrap()
}

fn floats(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[test]
fn intervals_and_tests_are_those_of_scipy() {
    let golden = golden();
    assert_eq!(golden["resamples"], RESAMPLES);
    for case in golden["bootstrap"].as_array().unwrap() {
        let (name, numbers) = (&case["name"], floats(&case["values"]));
        let mut bootstrap = Bootstrap::new(case["seed"].as_u64().unwrap(), RESAMPLES);
        let found = bootstrap.interval(&numbers).unwrap();
        // The same sums in another order: nothing but rounding in double precision.
        assert!((found.low - case["low"].as_f64().unwrap()).abs() < 1e-12, "{name}");
        assert!((found.high - case["high"].as_f64().unwrap()).abs() < 1e-12, "{name}");
        let test = bootstrap.test(&numbers).unwrap();
        assert!((test.p - case["p"].as_f64().unwrap()).abs() < 1e-12, "{name}: {} instead of {}", test.p, case["p"]);
    }
    let draws = Bootstrap::new(0, RESAMPLES).draws(7);
    let of = |value: &Value| value.as_array().unwrap().iter().map(|v| v.as_u64().unwrap() as u32).collect::<Vec<_>>();
    assert_eq!((&draws[..7], &draws[draws.len() - 7..]), (&*of(&golden["draws"]["first"]), &*of(&golden["draws"]["last"])));
}

#[test]
fn holms_correction_is_that_of_statsmodels() {
    for family in golden()["holm"].as_array().unwrap() {
        for (ours, theirs) in holm(&floats(&family["p"])).into_iter().zip(floats(&family["adjusted"])) {
            assert!((ours - theirs).abs() < 1e-12, "{family}: {ours}");
        }
    }
    assert!(holm(&[]).is_empty());
}

#[test]
fn fishers_exact_test_is_scipys() {
    for case in golden()["fisher"].as_array().unwrap() {
        let [of, hits, others, theirs] = [0, 1, 2, 3].map(|at| case["table"][at].as_u64().unwrap() as usize);
        let p = fisher([of, hits], [others, theirs]);
        // Sums of logarithms in double precision.
        assert!((p - case["p"].as_f64().unwrap()).abs() < 1e-10, "{case}: {p}");
    }
    // Nothing to compare with, or nothing that succeeded, is no evidence.
    assert_eq!((fisher([8, 8], [0, 0]), fisher([8, 0], [8, 0])), (1.0, 1.0));
}

#[test]
fn one_value_has_no_interval_and_no_difference_is_sure_of_nothing() {
    let mut bootstrap = Bootstrap::new(0, RESAMPLES);
    assert!(bootstrap.interval(&[0.5]).is_none() && bootstrap.interval(&[]).is_none() && bootstrap.test(&[]).is_none());
    let one = bootstrap.test(&[0.5]).unwrap();
    assert_eq!((one.mean, one.interval, one.p), (0.5, None, 1.0));
    assert_eq!(bootstrap.test(&[0.0; 9]).unwrap().p, 1.0);
    // All of four gain, and so do all resamples; signs of four say no more than 1/8.
    assert_eq!(bootstrap.test(&[0.1, 0.2, 0.3, 0.1]).unwrap().p, 0.125);
}

#[test]
fn intervals_hold_the_mean_about_as_often_as_they_say() {
    // Skewed values of 60 pictures: the percentile bootstrap is known to hold the mean a little less often than 95 % there.
    let mut held = 0;
    let noise = Bootstrap::new(77, 1).draws(400 * 60);
    for trial in 0..400 {
        let drawn = &noise[60 * trial..60 * (trial + 1)];
        let sample: Vec<f64> = drawn.iter().map(|v| -((f64::from(*v) + 0.5) / noise.len() as f64).ln()).collect();
        let interval = Bootstrap::new(trial as u64, 500).interval(&sample).unwrap();
        held += usize::from(interval.low <= 1.0 && 1.0 <= interval.high);
    }
    // 400 trials at 93.5 % spread by 1.2 points.
    assert!((0.90..=0.975).contains(&(held as f64 / 400.0)), "{held} of 400");
}

proptest! {
    #[test]
    fn holm_is_monotone_and_never_below_what_it_corrects(family in prop::collection::vec(0.0..=1.0_f64, 1..30)) {
        let adjusted = holm(&family);
        for (i, p) in family.iter().enumerate() {
            prop_assert!(adjusted[i] >= *p && adjusted[i] <= 1.0 && adjusted[i] <= p * family.len() as f64 + 1e-12);
            for (j, other) in family.iter().enumerate() {
                prop_assert!(p > other || adjusted[i] <= adjusted[j]);
            }
        }
    }

    #[test]
    fn any_values_have_a_probability_and_an_interval_in_order(values in prop::collection::vec(-1e3..1e3_f64, 2..40), seed in 0..5_u64) {
        let mut bootstrap = Bootstrap::new(seed, 200);
        let (interval, test) = (bootstrap.interval(&values).unwrap(), bootstrap.test(&values).unwrap());
        prop_assert!(interval.low <= interval.high && test.p > 0.0 && test.p <= 1.0);
        let turned: Vec<f64> = values.iter().map(|v| -v).collect();
        prop_assert!((bootstrap.test(&turned).unwrap().p - test.p).abs() < 1e-12, "a loss is as sure as the gain it mirrors");
    }

    #[test]
    fn sweeps_in_their_normal_form_stay_so(list in prop::collection::vec(0.0..0.999_f64, 0..20), seeds in prop::collection::vec(0..9_u64, 0..4)) {
        let sweep = Sweep { sparsities: list.into_iter().map(at).collect(), seeds, ..plain(&[MASS]) }.checked().unwrap();
        prop_assert_eq!(sweep.clone().checked().unwrap(), sweep.clone());
        let json = serde_json::to_vec(&sweep).unwrap();
        let read = Sweep::read(&json).unwrap();
        prop_assert_eq!((read.id(), &read), (sweep.id(), &sweep));
        prop_assert!(sweep.sparsities[0].is_zero() && sweep.sparsities.is_sorted() && !sweep.seeds.is_empty());
    }

    #[test]
    fn shards_are_the_whole(pictures in 1..200_usize, of in 1..12_usize) {
        let steps = Sweep { sparsities: rounds(5), ..plain(&[MASS]) }.checked().unwrap().steps(pictures);
        let parts: Vec<_> = (0..of).flat_map(|part| shard(&steps, part, of).to_vec()).collect();
        prop_assert_eq!(&parts, &steps);
        prop_assert_eq!(steps.iter().map(|step| step.to - step.from).sum::<usize>(), 6 * pictures);
    }
}

fn plain(measures: &[SweepMeasure]) -> Sweep {
    Sweep {
        experiment: Experiment { model: "mini_resnet_small".into(), ..Experiment::default() },
        set: Set::Scenes,
        pack: None,
        images: None,
        sparsities: rounds(3),
        seeds: Vec::new(),
        measures: measures.to_vec(),
    }
}

/// A state that is done, its values as told: measure, seed, place of the sparsity, picture.
fn made(sweep: Sweep, pictures: usize, value: impl Fn(SweepMeasure, u64, usize, usize) -> Option<f32>) -> State {
    let sweep = sweep.checked().unwrap();
    let mut state = State::new(sweep.clone(), source(pictures)).unwrap();
    for step in state.steps().to_vec() {
        state.insert(cell(&sweep, &step, &value)).unwrap();
    }
    state
}

fn source(pictures: usize) -> Source {
    let names = (0..pictures).map(|at| format!("picture-{at}")).collect();
    let (model_sha256, set_sha256) = ("0".repeat(64), "1".repeat(64));
    Source { model_sha256, set_sha256, pictures: names, labelled: pictures, people: None, device: "CPU".into(), version: "0.1.0".into() }
}

fn cell(sweep: &Sweep, step: &Step, value: &impl Fn(SweepMeasure, u64, usize, usize) -> Option<f32>) -> Cell {
    let place = sweep.sparsities.iter().position(|s| *s == step.sparsity).unwrap();
    let of = |gauge: &SweepMeasure| (step.from..step.to).map(|picture| value(*gauge, step.seed, place, picture)).collect();
    Cell {
        seed: step.seed,
        sparsity: step.sparsity,
        from: step.from,
        network: NetworkStatistics {
            weights_sha256: format!("{:064}", step.seed * 100 + place as u64),
            pruned: (step.sparsity.get() * 1000.0).round() as usize,
            prunable: 1000,
            stored_bytes: 4000 - 1000 * place,
            multiply_accumulates: 10_000 - 1000 * place as u64,
        },
        values: sweep.measures.iter().map(|gauge| (*gauge, of(gauge))).collect(),
        undefined: BTreeMap::new(),
    }
}

/// Numbers between -0.5 and 0.5 that look drawn, the same for the same place.
fn wobble(a: usize, b: usize) -> f32 {
    let mixed = (a as u64 * 7919 + b as u64 * 104_729 + 13).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed >> 40) as f32 / (1u64 << 24) as f32) - 0.5
}

/// A measure that gains a tenth at the second sparsity and wobbles elsewhere, with accuracy as given at each sparsity.
fn benefit(accuracy: [f32; 4], pictures: usize) -> State {
    made(plain(&[MASS, GINI]), pictures, move |gauge, _, place, picture| match gauge {
        one if one == MASS => Some(0.5 + 0.3 * wobble(picture, 0) + 0.1 * wobble(picture, 1 + place) + if place == 1 { 0.1 } else { 0.0 }),
        one if one == GINI => Some(0.5 + 0.05 * place as f32),
        SweepMeasure::Accuracy => Some(f32::from(u8::from((picture as f32 + 0.5) / (pictures as f32) < accuracy[place]))),
        _ => Some(1.0),
    })
}

#[test]
fn corloc_has_one_interval_wherever_it_is_told() {
    const LOST: SweepMeasure = SweepMeasure::CorLoc(sweetspot_core::discovery::Method::Lost);
    for pictures in [2, 29, 128] {
        let overlap = |place: usize, picture: usize| f64::from(wobble(picture, place) + 0.5);
        let right = |place: usize, picture: usize| f32::from(u8::from(overlap(place, picture) >= RIGHT));
        let summary = Summary::of(&made(plain(&[LOST]), pictures, |_, _, place, picture| Some(right(place, picture))), Rule::default());
        for (place, line) in summary.of_gauge(LOST).enumerate() {
            // What `discover`, the page and the cards tell.
            let found = CorLoc::of(&(0..pictures).map(|picture| overlap(place, picture)).collect::<Vec<f64>>());
            assert_eq!((line.value, [line.low, line.high]), (Some(found.share()), found.interval.map(Some)), "{pictures}, {place}");
            let Some(difference) = &line.difference else { continue };
            let gains: Vec<f64> = (0..pictures).map(|picture| f64::from(right(place, picture) - right(0, picture))).collect();
            assert_eq!([difference.low, difference.high], interval(&gains).map(Some), "{pictures}, {place}");
        }
    }
}

#[test]
fn a_benefit_that_is_there_is_found_and_only_that() {
    let summary = Summary::of(&benefit([0.8, 0.79, 0.79, 0.6], 100), Rule::default());
    let spots: Vec<(SweepMeasure, Sparsity)> = summary.spots.iter().map(|spot| (spot.measure, spot.sparsity)).collect();
    assert_eq!(spots, [(MASS, rounds(1)[1])]);
    let spot = summary.spots[0];
    assert!((spot.difference - 0.1).abs() < 0.02 && spot.adjusted < 0.05 && (spot.drop - 0.01).abs() < 1e-6);
    assert!(
        summary.verdicts[0].contains("sweet spot at 20.00 %") && summary.verdicts[0].contains("down 1.00 points"),
        "{:?}",
        summary.verdicts
    );
    assert!(summary.verdicts.iter().any(|said| said.contains("Gini") && said.contains("describes")));
    let line = summary.line(MASS, Sparsity::ZERO).unwrap();
    assert!(line.low.unwrap() < line.value.unwrap() && line.value.unwrap() < line.high.unwrap() && line.difference.is_none());
    // The measure that only describes rises everywhere, and is no benefit.
    assert!(summary.line(GINI, rounds(3)[3]).unwrap().difference.unwrap().p < 0.01);
}

#[test]
fn a_benefit_that_costs_too_much_is_none_and_said_so() {
    let state = benefit([0.8, 0.78, 0.78, 0.6], 100);
    let summary = Summary::of(&state, Rule::default());
    assert!(summary.spots.is_empty());
    assert!(
        summary.verdicts[0].contains("no sweet spot: better than dense at 20.00 %, but there accuracy is down"),
        "{:?}",
        summary.verdicts
    );
    let lenient = Summary::of(&state, Rule { drop: 0.03, ..Rule::default() });
    assert_eq!(lenient.spots.len(), 1);
}

#[test]
fn equal_values_have_no_sweet_spot() {
    let same = made(plain(&[MASS]), 40, |gauge, _, _, picture| Some(if gauge == MASS { 0.5 + 0.5 * wobble(picture, 0) } else { 1.0 }));
    let summary = Summary::of(&same, Rule::default());
    assert!(summary.spots.is_empty() && summary.verdicts[0].contains("nowhere better"));
    assert!(summary.of_gauge(MASS).filter_map(|line| line.difference).all(|d| d.mean == 0.0 && d.adjusted == 1.0));
    let constant = made(plain(&[MASS]), 40, |_, _, _, _| Some(1.0));
    let summary = Summary::of(&constant, Rule::default());
    let line = summary.line(MASS, Sparsity::ZERO).unwrap();
    assert_eq!((line.value, line.low, line.high), (Some(1.0), Some(1.0), Some(1.0)));
    assert!(summary.spots.is_empty());
}

#[test]
fn one_picture_has_no_interval_and_that_is_said() {
    let summary = Summary::of(&benefit([1.0; 4], 1), Rule::default());
    assert!(summary.spots.is_empty() && summary.lines.iter().all(|line| line.low.is_none()));
    assert!(summary.verdicts[0].contains("one picture has no interval"), "{:?}", summary.verdicts);
    assert!(summary.notes.iter().any(|note| note.contains("One picture")));
}

#[test]
fn what_is_not_defined_is_counted_said_and_never_a_benefit() {
    // Only the pictures that gain keep a value.
    let survivors = |lost: usize| {
        made(plain(&[MASS]), 200, move |gauge, _, place, picture| match (gauge, place) {
            (one, 3) if one == MASS && picture < lost => None,
            (one, 3) if one == MASS => Some(0.9 + 0.05 * wobble(picture, 9)),
            (one, _) if one == MASS => Some(0.5 + 0.1 * wobble(picture, 0)),
            _ => Some(1.0),
        })
    };
    let last = rounds(3)[3];
    assert_eq!(Summary::of(&survivors(0), Rule::default()).spots.len(), 1);
    let summary = Summary::of(&survivors(100), Rule::default());
    assert!(summary.spots.is_empty());
    let line = summary.line(MASS, last).unwrap();
    assert_eq!((line.n, line.undefined, line.difference.unwrap().lost), (100, 100, 100));
    assert!(summary.notes.iter().any(|note| note.contains("not defined for 100 of 200 at 48.80 %")), "{:?}", summary.notes);
    // Losers count as the worst seen: ten lost pictures of two hundred are few enough to be a spot only if the rest outweighs them.
    let mixed = made(plain(&[MASS]), 200, |gauge, _, place, picture| match (gauge, place) {
        (one, 3) if one == MASS && picture < 10 => None,
        (one, 3) if one == MASS && picture == 10 => Some(0.0),
        (one, 3) if one == MASS => Some(0.52),
        (one, _) if one == MASS => Some(0.5),
        _ => Some(1.0),
    });
    let difference = Summary::of(&mixed, Rule::default()).line(MASS, last).unwrap().difference.unwrap();
    assert!(difference.mean > 0.0 && difference.adjusted == 1.0, "{difference:?}");
    let nothing = made(plain(&[MASS]), 20, |gauge, _, place, _| if gauge == MASS && place == 3 { None } else { Some(1.0) });
    let summary = Summary::of(&nothing, Rule::default());
    let line = summary.line(MASS, last).unwrap();
    assert_eq!((line.value, line.n, line.undefined, line.difference), (None, 0, 20, None));
    assert!(table::csv(&summary).contains(&format!("relevance_mass_accuracy,{last},0.488,,0,20,")), "{}", table::csv(&summary));
    assert!(figures::chart(&summary, MASS, Across::LogDensity).svg().contains("</svg>"));
}

#[test]
fn without_labels_agreement_must_be_kept() {
    let state = made(plain(&[MASS]), 60, |gauge, _, place, picture| match gauge {
        one if one == MASS => Some(0.5 + 0.1 * wobble(picture, place) + if place > 0 { 0.2 } else { 0.0 }),
        SweepMeasure::Accuracy => None,
        _ => Some(f32::from(u8::from(place < 2 || picture > 5))),
    });
    let summary = Summary::of(&state, Rule::default());
    assert_eq!(summary.kept(), Some(SweepMeasure::Agreement));
    assert_eq!(summary.spots.iter().map(|spot| spot.sparsity).collect::<Vec<_>>(), [rounds(1)[1]]);
    assert!(summary.notes.iter().any(|note| note.contains("No labels are known")));
}

#[test]
fn every_seed_has_to_gain() {
    let state = |second: f32| {
        made(Sweep { seeds: vec![3, 8], ..plain(&[MASS]) }, 60, move |gauge, seed, place, picture| match gauge {
            one if one == MASS && place == 2 => Some(0.5 + 0.02 * wobble(picture, 0) + if seed == 3 { 0.2 } else { second }),
            one if one == MASS => Some(0.5 + 0.02 * wobble(picture, 0)),
            _ => Some(1.0),
        })
    };
    let summary = Summary::of(&state(0.1), Rule::default());
    assert_eq!(summary.spots.len(), 1);
    let (low, high) = summary.line(MASS, rounds(2)[2]).unwrap().seeds.unwrap();
    assert!((high - low - 0.1).abs() < 1e-6);
    assert!(summary.notes.iter().any(|note| note.starts_with("2 seeds")));
    assert!(Summary::of(&state(-0.05), Rule::default()).spots.is_empty());
    // A bar at each of four sparsities on either axis, and one in the legend; none where there is one seed.
    let bars = |state: &State| {
        figures::chart(&Summary::of(state, Rule::default()), MASS, Across::Sparsity).svg().matches("class=\"seeds\"").count()
    };
    assert_eq!((bars(&state(0.1)), bars(&benefit([0.8; 4], 40))), (9, 0));
}

#[test]
fn what_one_seed_has_lost_is_paired_and_told() {
    let state = made(Sweep { seeds: vec![3, 8], ..plain(&[MASS]) }, 20, |gauge, seed, place, picture| match gauge {
        one if one == MASS && place == 2 && seed == 8 && picture < 3 => None,
        one if one == MASS && place == 3 && picture < 2 => None,
        one if one == MASS => Some(0.005 * (1 + place) as f32 * (seed + picture as u64) as f32),
        _ => Some(1.0),
    });
    let grid = rounds(3);
    let paired = Paired::of(&state, MASS, grid[2]).unwrap();
    assert_eq!(paired.lost, 3);
    for (picture, difference) in paired.differences.iter().enumerate() {
        // Seed 3 alone where seed 8 has lost the picture.
        let wanted = if picture < 3 { 0.01 * (3 + picture) as f64 } else { 0.01 * (5.5 + picture as f64) };
        assert!((difference.unwrap() - wanted).abs() < 1e-6, "{picture}: {difference:?} {wanted}");
    }
    // What is lost counts as no gain: as 0 where everything else gained, as the worst loss where something lost.
    assert_eq!(paired.with_lost()[20..], [0.0; 3]);
    assert_eq!(Paired::of(&state, MASS, grid[3]).unwrap().compared().len(), 18);
    let summary = Summary::of(&state, Rule::default());
    assert_eq!(summary.line(MASS, grid[2]).unwrap().difference.unwrap().lost, 3);
    let note = summary.notes.iter().find(|note| note.contains("not defined")).unwrap();
    assert!(note.contains("3 of 20 at 36.00 %, 2 of 20 at 48.80 % pictures with one seed or more"), "{note}");
}

/// People's answers of the golden file, with names for conditions and pictures.
fn people(golden: &Value) -> People {
    let conditions: Vec<String> = golden["conditions"].as_array().unwrap().iter().map(Value::to_string).collect();
    let names: Vec<String> = (0..conditions.len()).map(|at| format!("picture-{at}")).collect();
    let observers: Vec<Observer> = golden["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answers| {
            let mut observer = Observer::new("somebody");
            for (at, letter) in answers.as_str().unwrap().bytes().enumerate().filter(|(_, letter)| *letter != b'-') {
                let response = Some(if letter == b'1' { Category::Cat } else { Category::Dog });
                observer.add(&conditions[at], &names[at], Answer { category: Category::Cat, response });
            }
            observer
        })
        .collect();
    let shown: Vec<(Option<String>, &str)> = conditions.iter().map(|one| Some(one.clone())).zip(names.iter().map(String::as_str)).collect();
    People::of(&shown, &observers)
}

#[test]
fn error_consistency_is_reckoned_as_scikit_learn_does() {
    let golden = &golden()["consistency"];
    let (people, count) = (people(golden), golden["conditions"].as_array().unwrap().len());
    assert_eq!(people.count(), 4);
    let right = |network: &str, picture: usize| golden["networks"][network]["answers"].as_str().unwrap().as_bytes()[picture] == b'1';
    let sweep = Sweep { sparsities: vec![at(0.5), at(0.9)], ..plain(&[SweepMeasure::ErrorConsistency]) }.checked().unwrap();
    let mut state = State::new(sweep.clone(), Source { people: Some(people), ..source(count) }).unwrap();
    // At the last sparsity the network answers as the dense one does.
    let value = |_: SweepMeasure, _: u64, place: usize, picture: usize| {
        Some(f32::from(u8::from(right(if place == 1 { "pruned" } else { "dense" }, picture))))
    };
    for step in state.steps().to_vec() {
        state.insert(cell(&sweep, &step, &value)).unwrap();
    }
    let summary = Summary::of(&state, Rule::default());
    let near = |ours: Option<f64>, theirs: &Value, what: &str| {
        // The same sums in another order.
        assert!((ours.unwrap() - theirs.as_f64().unwrap()).abs() < 1e-12, "{what}: {ours:?} {theirs}");
    };
    for (sparsity, network) in [(0.0, "dense"), (0.5, "pruned"), (0.9, "dense")].map(|(sparsity, network)| (at(sparsity), network)) {
        let (line, known) = (summary.line(SweepMeasure::ErrorConsistency, sparsity).unwrap(), &golden["networks"][network]);
        near(line.value, &known["value"], network);
        near(line.low, &known["interval"][0], network);
        near(line.high, &known["interval"][1], network);
        assert_eq!((line.n, line.undefined), (count, 0));
    }
    let apart = summary.line(SweepMeasure::ErrorConsistency, at(0.5)).unwrap().difference.unwrap();
    near(Some(apart.p), &golden["difference"]["p"], "p");
    near(apart.low, &golden["difference"]["interval"][0], "low");
    near(apart.high, &golden["difference"]["interval"][1], "high");
    let same = summary.line(SweepMeasure::ErrorConsistency, at(0.9)).unwrap().difference.unwrap();
    assert_eq!((same.mean, same.p, same.adjusted), (0.0, 1.0, 1.0));
    // The file is read back with what people answered; other people are a contradiction.
    let mut again = State::read("x", &state.write().unwrap()).unwrap();
    assert_eq!(again, state);
    let other = State::new(sweep, source(count)).unwrap();
    assert!(again.merge(other).unwrap_err().to_string().contains("4 observers"));
    let text = String::from_utf8(state.write().unwrap()).unwrap();
    let broken = text.replacen("\"answers\":[\"", "\"answers\":[\"x", 1);
    assert_ne!(text, broken);
    assert!(State::read("x", broken.as_bytes()).unwrap_err().to_string().contains("does not fit the pictures"));
}

#[test]
fn a_pack_has_to_be_named() {
    let error = Sweep { set: Set::Pack, ..plain(&[MASS]) }.checked().unwrap_err();
    assert!(error.to_string().contains("open the pack"), "{error}");
    let named = Sweep { set: Set::Pack, pack: Some("a".repeat(64)), ..plain(&[MASS]) }.checked().unwrap();
    assert_eq!(Sweep::read(&serde_json::to_vec(&named).unwrap()).unwrap(), named);
    assert_eq!(Sweep { set: Set::Gallery, ..named }.checked().unwrap().pack, None);
}

#[test]
fn fronts_are_told_of_two_or_three_measures() {
    let summary = Summary::of(&benefit([0.8, 0.79, 0.79, 0.6], 100), Rule::default());
    let front = pareto::front_of(&summary, &[MASS, SweepMeasure::Accuracy]).unwrap();
    assert_eq!(front, rounds(1));
    assert!(pareto::front_of(&summary, &[MASS]).is_err() && pareto::front_of(&summary, &[GINI, MASS]).is_err());
}

#[test]
fn states_are_read_back_merged_and_gone_on_with() {
    let whole = benefit([0.8, 0.79, 0.79, 0.6], 40);
    assert_eq!(State::read("cells", &whole.write().unwrap()).unwrap(), whole);
    let results = format!("{{\"date\": \"today\", \"state\": {}}}", String::from_utf8(whole.write().unwrap()).unwrap());
    assert_eq!(State::read("results", results.as_bytes()).unwrap(), whole);
    // Every other step in one, the rest in the other; some in both.
    let half = |which: usize| {
        let mut state = State::new(whole.sweep.clone(), source(40)).unwrap();
        for step in whole.steps().iter().filter(|step| step.at % 2 == which || step.at == 3) {
            let value = |gauge: SweepMeasure, seed, place: usize, picture: usize| {
                whole.values(gauge, seed, whole.sweep.sparsities[place]).unwrap()[picture].map(|v| v as f32)
            };
            state.insert(cell(&whole.sweep, step, &value)).unwrap();
        }
        state
    };
    let (mut a, b) = (half(0), half(1));
    assert!(a.missing().count() > 0 && !a.is_complete(Sparsity::ZERO));
    let partial = Summary::of(&a, Rule::default());
    assert!(partial.sparsities.is_empty() && partial.notes[0].contains("Not all is done"), "{:?}", partial.notes);
    a.merge(b).unwrap();
    assert_eq!(a, whole);
    assert_eq!(Summary::of(&a, Rule::default()), Summary::of(&whole, Rule::default()));
    // Devices are those that something was computed on.
    let other = || State::new(whole.sweep.clone(), Source { device: "GPU".into(), ..source(40) }).unwrap();
    let mut state = other();
    state.merge(half(0)).unwrap();
    assert_eq!(state.source.device, "CPU");
    state.merge(other()).unwrap();
    assert_eq!(state.source.device, "CPU");
    state.computed_on("GPU and CPU");
    state.computed_on("GPU");
    assert_eq!(state.source.device, "CPU and GPU");
}

#[test]
fn results_that_contradict_each_other_are_refused() {
    let whole = benefit([0.8, 0.79, 0.79, 0.6], 40);
    let refused = |other: State, part: &str| {
        let error = whole.clone().merge(other).unwrap_err();
        assert!(matches!(error, Error::Contradiction { .. }) && error.to_string().contains(part), "{error}");
    };
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut json: Value = serde_json::from_slice(&whole.write().unwrap()).unwrap();
        change(&mut json);
        State::read("changed", &serde_json::to_vec(&json).unwrap())
    };
    refused(changed(&|json| json["cells"][3]["values"]["accuracy"][1] = 0.0.into()).unwrap(), "accuracy of picture 1 at sparsity");
    refused(changed(&|json| json["cells"][3]["values"]["accuracy"][1] = Value::Null).unwrap(), "not defined");
    refused(benefit([0.8; 4], 39), "pictures");
    refused(made(Sweep { seeds: vec![1], ..plain(&[MASS, GINI]) }, 40, |_, _, _, _| Some(0.5)), "the sweep");
    let hash = "a".repeat(64);
    refused(
        changed(&|json| (0..3).for_each(|at| json["cells"][at]["network"]["weights_sha256"] = hash.clone().into())).unwrap(),
        "the network",
    );
    refused(changed(&|json| json["source"]["model_sha256"] = hash.clone().into()).unwrap(), "dense network's sha256");
    // Within a file, too.
    let error = changed(&|json| json["cells"][1]["network"]["weights_sha256"] = hash.clone().into()).unwrap_err();
    assert!(error.to_string().contains("the network"), "{error}");
}

#[test]
fn hostile_files_are_refused_with_a_sentence() {
    let whole = benefit([0.8, 0.79, 0.79, 0.6], 20);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut json: Value = serde_json::from_slice(&whole.write().unwrap()).unwrap();
        change(&mut json);
        State::read("changed", &serde_json::to_vec(&json).unwrap()).unwrap_err().to_string()
    };
    for (said, part) in [
        (changed(&|json| json["format"] = "sweetspot-sweep-9".into()), "sweetspot-sweep-1"),
        (changed(&|json| json["id"] = "0".into()), "changed after"),
        (changed(&|json| json["cells"][0]["sparsity"] = 0.1.into()), "no such step"),
        (changed(&|json| json["cells"][0]["from"] = 1.into()), "no such step"),
        (changed(&|json| json["cells"][0]["values"]["accuracy"] = Value::Array(vec![1.into(); 99])), "99 values"),
        (changed(&|json| json["cells"][0]["values"]["accuracy"][0] = 7.into()), "cannot be"),
        (changed(&|json| json["cells"][0]["values"]["accuracy"][0] = 1e300.into()), "cannot be"),
        (changed(&|json| json["cells"][0]["network"]["pruned"] = 5000.into()), "pruned"),
        (changed(&|json| json["cells"][0]["values"]["magic"] = Value::Array(vec![])), "unknown measure"),
        (changed(&|json| drop(json["cells"][0]["values"].as_object_mut().unwrap().remove("accuracy"))), "no accuracy"),
        (changed(&|json| json["source"]["pictures"] = Value::Array(vec![])), "number of the sweep's pictures"),
        (changed(&|json| json["sweep"]["sparsities"][1] = 1.5.into()), "sparsity is 1.5"),
        (changed(&|json| json["sweep"]["experiment"] = "v=1&m=x&s=9".into()), "sparsity"),
        (State::read("none", b"[]").unwrap_err().to_string(), "none cannot be read"),
        (State::read("cut", b"{\"format\": \"sw").unwrap_err().to_string(), "cannot be read"),
    ] {
        assert!(said.contains(part), "'{said}' does not say '{part}'");
    }
    let many = |sweep: Sweep| sweep.checked().unwrap_err().to_string();
    assert!(many(Sweep { sparsities: (0..60).map(|part| at(f64::from(part) / 100.0)).collect(), ..plain(&[MASS]) }).contains("at most 50"));
    assert!(many(Sweep { seeds: (0..20).collect(), ..plain(&[MASS]) }).contains("at most 16"));
    assert!(many(Sweep { images: Some(0), ..plain(&[MASS]) }).contains("at least 1"));
    assert!(many(Sweep { sparsities: vec![Sparsity::of_weights(1, 1)], ..plain(&[MASS]) }).contains("between 0 and 0.999"));
}

#[test]
fn measures_have_names_and_groups() {
    assert_eq!(SweepMeasure::from_id("relevance-mass").unwrap(), MASS);
    assert_eq!(SweepMeasure::from_id("gini").unwrap(), GINI);
    assert!(SweepMeasure::from_id("relevance").is_err(), "two begin so");
    assert!(SweepMeasure::from_id("magic").unwrap_err().to_string().contains("multiply_accumulates"));
    let mut ids: Vec<&str> = SweepMeasure::all().map(SweepMeasure::id).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "no two measures share a name");
    assert_eq!(SweepMeasure::of_word("all").unwrap().len(), count);
    assert!(SweepMeasure::usual().all(|gauge| gauge.info().needs < sweetspot_core::sweep::sweep_measure::Needs::Trial));
}

#[test]
fn charts_are_whole_safe_and_say_themselves() {
    let summary = Summary::of(&benefit([0.8, 0.79, 0.79, 0.6], 60), Rule::default());
    for across in [Across::LogDensity, Across::Sparsity] {
        let chart = figures::chart(&summary, MASS, across);
        let svg = chart.svg();
        whole(&svg);
        for part in [
            "<title",
            "<desc",
            "sweet spot at 20.00 %",
            "class=\"spot\"",
            "class=\"band\"",
            "Accuracy (right)",
            "class=\"dense\"",
            "prefers-color-scheme",
        ] {
            assert!(svg.contains(part), "{part}");
        }
        assert!(svg.contains(if across == Across::LogDensity { "Weights left" } else { "Weights pruned" }));
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
    let named = figures::overlay(&[("<b>&\"one\"", &summary), ("two", &summary)], MASS, Across::Sparsity);
    let svg = named.svg();
    whole(&svg);
    assert!(svg.contains("&lt;b&gt;&amp;&quot;one&quot;") && !svg.contains("<b>"));
    assert_eq!(named.series.len(), 4);
    let overview = figures::overview(&summary, &summary.lines.iter().map(|line| line.measure).collect::<Vec<_>>(), Across::LogDensity);
    whole(&overview);
    assert!(overview.contains("Interpretability") && overview.contains("The task") && !overview.contains("Human alignment"));
}

/// Checks that every element is closed by its own name, in order.
fn whole(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in xml.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap_or_else(|| panic!("an element without an end: {part}"));
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
        match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) => assert_eq!(open.pop(), Some(name)),
            (_, true) => {}
            _ => open.push(name),
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
    }
    assert!(open.is_empty(), "{open:?}");
}
