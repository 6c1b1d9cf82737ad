//! Lessons and words: the dialect is strict, everything shipped can be shown, and every language has the same.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_core::lessons::{Block, Destination, Figure, Lesson, Piece, Quantity, Span, plain, quantities, read};
use sweetspot_core::presentation::{Part, Place};
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_core::side::Side;
use sweetspot_core::words::{Language, places};

const SMALL: &str = "# T\n\nSays *it*.\n\n## One\n\n- a\n  b\n- c\n\n```figure\nlink: v=1&s=0\nshow: measures, objects\n\nC.\n```\n\n```question\nWhat?\n\n- x\n- y\n```\n\n```reveal\nlink: s=0.5\n\nIt says {top1.pruned}.\n```\n\n```teacher\nN.\n```\n";

#[test]
fn a_lesson_is_read() {
    let lesson = read("t", SMALL).unwrap();
    assert_eq!((&*lesson.title, &*lesson.says, lesson.steps.len()), ("T", "Says it.", 1));
    let step = &lesson.steps[0];
    assert_eq!(step.pieces.len(), 5);
    let Piece::Text(Block::List { numbered: false, items }) = &step.pieces[0] else { panic!("{:?}", step.pieces[0]) };
    assert_eq!(items.iter().map(|item| plain(item)).collect::<Vec<_>>(), ["a b", "c"]);
    let figure = step.figure().unwrap();
    assert_eq!(figure.show, [Part::Measures, Part::Objects]);
    assert_eq!(figure.experiment.as_ref().unwrap().pruning.sparsity.get(), 0.0);
    assert_eq!(step.question().unwrap().choices.len(), 2);
    let reveal = step.reveal().unwrap();
    assert_eq!(reveal.experiment.as_ref().unwrap().pruning.sparsity.get(), 0.5);
    assert_eq!(quantities(&reveal.says), [Quantity::First(Side::Pruned)]);
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let step = |body: &str| format!("# T\n\nS.\n\n## One\n\n{body}\n");
    for (text, part) in [
        ("T".to_string(), "line 1: a lesson begins with"),
        ("# T\n\n## One\n\nx".into(), "one paragraph follows"),
        ("# T\n\nS.\n".into(), "1 to 30 steps"),
        (step(""), "a step has a title and something to say"),
        (step("### x"), "line 7: a line that begins with '#'"),
        (step("> x"), "'>'"),
        (step("a\n- b"), "line 8: an empty line comes before a list"),
        (step("- a\nb"), "line 8: the list goes on"),
        (step("a *b"), "line 7: '*' is missing"),
        (step("a <b>c</b>"), "HTML"),
        (step("![a](https://b)"), "pictures"),
        (step("{answer}"), "unknown quantity 'answer'"),
        (step("{deletion.dense}"), "unknown quantity"),
        (step("```figure\nlink: s=7\n```"), "line 8: sparsity"),
        (step("```figure\nlink: a=magic\n```"), "unknown method"),
        (step("```figure\nshow: measures\n```"), "a figure has a line 'link: '"),
        (step("```figure\nlink: v=1\nshow: network\n```"), "no panel 'network'"),
        (step("```figure\nlink: v=1"), "the block has no end"),
        (step("```python\nx\n```"), "unknown block 'python'"),
        (step("```reveal\nx\n```"), "a question comes before"),
        (step("```question\nx\n\n- a\n- b\n```"), "a question has a reveal"),
        (step("```question\nx\n\n- a\n```"), "two choices or more"),
        (step("```teacher\n```"), "says something"),
        (step("```figure\nlink: v=1\n```\n\n```figure\nlink: v=1\n```"), "at most"),
        ("#".repeat(200_000), "longer than"),
    ] {
        let error = read("t", &text).unwrap_err().to_string();
        assert!(error.contains("the lesson 't'") && error.contains(part), "{part}: {error}");
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        let _ = read("t", &text);
    }

    #[test]
    fn any_lines_are_answered(lines in proptest::collection::vec("(# |## |- |1\\. |```|```figure|```question|```reveal|```teacher|link: |show: |  |)[ -~]{0,12}", 0..24)) {
        let _ = read("t", &format!("# T\n\nS.\n\n## One\n\n{}", lines.join("\n")));
    }

    #[test]
    fn broken_lessons_are_answered(at in 0usize..300, cut in 0usize..40) {
        let from = SMALL.len().min(at);
        let to = SMALL.len().min(at + cut);
        let _ = read("t", &format!("{}{}", &SMALL[..from], &SMALL[to..]));
    }
}

fn www() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../www"))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(www().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))).unwrap()
}

fn names() -> Vec<String> {
    json("lessons/index.json")["lessons"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().into()).collect()
}

fn shipped(language: Language, name: &str) -> Lesson {
    let path = www().join("lessons").join(language.id()).join(format!("{name}.md"));
    read(name, &fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))).unwrap()
}

/// Every lesson in a language.
fn all(language: Language) -> Vec<(String, Lesson)> {
    names().into_iter().map(|name| (name.clone(), shipped(language, &name))).collect()
}

fn figures(lesson: &Lesson) -> impl Iterator<Item = &Figure> {
    lesson.steps.iter().flat_map(|step| &step.pieces).filter_map(|piece| match piece {
        Piece::Figure(figure) | Piece::Reveal(figure) => Some(figure),
        _ => None,
    })
}

fn blocks(lesson: &Lesson) -> Vec<Block> {
    let pieces = lesson.steps.iter().flat_map(|step| &step.pieces);
    pieces
        .flat_map(|piece| match piece {
            Piece::Text(block) => vec![block.clone()],
            Piece::Figure(figure) | Piece::Reveal(figure) => figure.says.clone(),
            Piece::Question(question) => question.asks.clone(),
            Piece::Teacher(says) => says.clone(),
        })
        .collect()
}

#[test]
fn the_list_says_what_the_lessons_say() {
    let index = json("lessons/index.json");
    assert_eq!(names().len(), 6);
    for language in Language::ALL {
        for entry in index["lessons"].as_array().unwrap() {
            let name = entry["id"].as_str().unwrap();
            let lesson = shipped(language, name);
            assert_eq!(entry["title"][language.id()].as_str(), Some(&*lesson.title), "{name} in {}", language.id());
            assert_eq!(entry["says"][language.id()].as_str(), Some(&*lesson.says), "{name} in {}", language.id());
            assert!((5..=10).contains(&entry["minutes"].as_u64().unwrap()), "{name}");
            assert_eq!(Place::read(name), Some(Place::first(name)));
        }
        let files = fs::read_dir(www().join("lessons").join(language.id())).unwrap().count();
        assert_eq!(files, names().len(), "files in {}", language.id());
    }
}

#[test]
fn every_lesson_asks_before_it_answers_and_speaks_to_teachers() {
    for (name, lesson) in Language::ALL.into_iter().flat_map(all) {
        assert!((4..=8).contains(&lesson.steps.len()), "{name} has {} steps", lesson.steps.len());
        assert!(lesson.steps.iter().filter(|step| step.question().is_some()).count() >= 2, "{name} asks");
        let teacher = lesson.steps.iter().flat_map(|step| &step.pieces).any(|piece| matches!(piece, Piece::Teacher(_)));
        assert!(teacher, "{name} has a note for teachers");
        for step in &lesson.steps {
            let place = |wanted: fn(&Piece) -> bool| step.pieces.iter().position(wanted);
            let (question, reveal) = (place(|piece| matches!(piece, Piece::Question(_))), place(|piece| matches!(piece, Piece::Reveal(_))));
            assert!(question <= reveal, "{name}: {}", step.title);
            // What a question asks for is not told before the reader has answered.
            let told = step.pieces.iter().any(
                |piece| matches!(piece, Piece::Text(block) if question.is_some() && !quantities(std::slice::from_ref(block)).is_empty()),
            );
            assert!(!told, "{name}: {} tells numbers beside its question", step.title);
        }
    }
}

#[test]
fn every_figure_can_be_shown() {
    let known: BTreeSet<String> =
        json("models/index.json")["models"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().into()).collect();
    let gallery: BTreeSet<String> =
        json("gallery/gallery.json")["images"].as_array().unwrap().iter().map(|photo| photo["id"].as_str().unwrap().into()).collect();
    let check = |name: &str, experiment: &Experiment| {
        let what = format!("{name}: {}", sweetspot_core::link::write(experiment));
        assert!(known.contains(&experiment.model), "{what}");
        let card = json(&format!("models/{}.json", experiment.model));
        match &experiment.image {
            ImageRef::Gallery(id) => assert!(gallery.contains(id) && card["pack"].is_null(), "{what}"),
            ImageRef::Scene(index) => {
                let pack = json(&format!("packs/{}/manifest.json", card["pack"].as_str().unwrap_or_else(|| panic!("{what}"))));
                assert!((*index as usize) < pack["images"].as_array().unwrap().len(), "{what}");
            }
            ImageRef::Own(_) => panic!("{what}: somebody's own picture"),
        }
        let pruning = experiment.pruning;
        if pruning.criterion.info().kind == Kind::Trained {
            let checkpoints = card["checkpoints"].as_array().unwrap_or_else(|| panic!("{what}"));
            let near = checkpoints.iter().any(|one| {
                one["method"] == pruning.criterion.id()
                    && one["seed"].as_u64().unwrap_or(0) == pruning.seed
                    && (one["sparsity"].as_f64().unwrap() - pruning.sparsity.get()).abs() < 2e-3
            });
            assert!(near, "{what}: no such stored network");
        }
        let taps: Vec<&str> = card["taps"].as_array().map(|taps| taps.iter().filter_map(Value::as_str).collect()).unwrap_or_default();
        for tap in [&experiment.attribution.tap, &experiment.discovery.tap].into_iter().flatten() {
            assert!(taps.contains(&tap.as_str()), "{what}: {tap} is none of {taps:?}");
        }
        assert_eq!(experiment.device, Experiment::default().device, "{what}: the device is the reader's");
    };
    for (name, lesson) in all(Language::English) {
        for figure in figures(&lesson) {
            if let Some(experiment) = &figure.experiment {
                check(&name, experiment);
            }
        }
    }
}

#[test]
fn every_language_has_the_same_lessons() {
    for (name, english) in all(Language::English) {
        for language in Language::ALL {
            let other = shipped(language, &name);
            let shape = |lesson: &Lesson| -> Vec<Vec<String>> {
                let piece = |piece: &Piece| match piece {
                    Piece::Text(Block::Paragraph(_)) => "paragraph".to_string(),
                    Piece::Text(Block::List { numbered, items }) => format!("list {numbered} {}", items.len()),
                    Piece::Figure(figure) => format!("figure {:?} {:?}", figure.experiment, figure.show),
                    Piece::Reveal(figure) => format!("reveal {:?} {:?} {:?}", figure.experiment, figure.show, sorted(&figure.says)),
                    Piece::Question(question) => format!("question {}", question.choices.len()),
                    Piece::Teacher(_) => "teacher".into(),
                };
                lesson.steps.iter().map(|step| step.pieces.iter().map(piece).collect()).collect()
            };
            for (at, (ours, theirs)) in shape(&english).into_iter().zip(shape(&other)).enumerate() {
                assert_eq!(ours, theirs, "{name} in {}, step {}", language.id(), at + 1);
            }
            assert_eq!(english.steps.len(), other.steps.len(), "{name} in {}", language.id());
            assert_eq!(sorted(&blocks(&english)), sorted(&blocks(&other)), "{name} in {}: what is quoted", language.id());
        }
    }
}

/// What some blocks quote, in an order of its own: languages differ in theirs.
fn sorted(blocks: &[Block]) -> Vec<String> {
    let mut names: Vec<String> = quantities(blocks).iter().map(|quantity| format!("{quantity:?}")).collect();
    names.sort();
    names
}

#[test]
fn links_between_lessons_lead_somewhere() {
    for (name, lesson) in Language::ALL.into_iter().flat_map(all) {
        for block in blocks(&lesson) {
            let spans = match block {
                Block::Paragraph(spans) => spans,
                Block::List { items, .. } => items.concat(),
            };
            for span in spans {
                if let Span::Link { to: Destination::Lesson(place), .. } = span {
                    let place = Place::read(&place).unwrap();
                    assert!(names().contains(&place.lesson), "{name} leads to {}", place.lesson);
                    assert!(place.step <= shipped(Language::English, &place.lesson).steps.len(), "{name} leads to {}", place.write());
                }
            }
        }
    }
}

#[test]
fn every_language_has_the_same_words() {
    let english: Vec<(&str, &str)> = Language::English.entries().collect();
    for language in Language::ALL {
        let own: Vec<(&str, &str)> = language.entries().collect();
        let keys = |entries: &[(&'static str, &'static str)]| entries.iter().map(|(key, _)| *key).collect::<Vec<_>>();
        assert_eq!(keys(&english), keys(&own), "keys in {}, in the order of the English file", language.id());
        for (key, text) in own {
            let (mut ours, mut theirs) = (places(Language::English.word(key)), places(text));
            ours.sort_unstable();
            theirs.sort_unstable();
            assert_eq!(ours, theirs, "places of {key} in {}", language.id());
            assert!(!text.trim().is_empty() && text.trim() == text, "{key} in {}", language.id());
        }
    }
    assert_eq!(english.iter().map(|(key, _)| key).collect::<BTreeSet<_>>().len(), english.len(), "each key once");
}

#[test]
fn the_page_uses_the_words_there_are() {
    let mut used: BTreeSet<String> = Part::ALL.iter().map(|part| part.word().to_string()).collect();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            for call in ["word(\"", "words(\"", "phrase(\""] {
                used.extend(text.split(call).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_string())));
            }
        }
    }
    let there: BTreeSet<String> = Language::English.entries().map(|(key, _)| key.to_string()).collect();
    assert_eq!(used.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new(), "used, but in no file");
    assert_eq!(there.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "in the files, but not used");
}
