//! Which sweep is shown, how it was made, what is laid over it, and how it is drawn.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::selection::{Selection, Shown};
use crate::stores::Stores;
use crate::stores::sweeps::{file_of, shipped};
use crate::sweeps::name;
use crate::text;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::following::following;
use crate::widgets::segments::Segments;
use crate::widgets::table::{terms, tick};
use sweetspot_core::sweep::chart::Across;
use sweetspot_core::sweep::shipped::Entry;
use sweetspot_core::sweep::sweep_measure::Axis;
use sweetspot_core::sweep::{Set as Pictures, SweepMeasure};
use sweetspot_core::words::within;

/// Every sweep there is, by key and name: what comes with the page, then what is the reader's own. Follows the signals.
fn all(stores: Stores) -> Vec<(String, String)> {
    let sweeps = stores.sweeps;
    let mut all: Vec<(String, String)> = sweeps.offered.with(|offered| {
        let named = |entry: &Entry| {
            let network = stores.catalogue.card_of(&entry.model).map_or_else(|| entry.model.clone(), |card| card.name());
            let criterion =
                sweetspot_core::pruning::Criterion::from_id(&entry.criterion).map_or(entry.criterion.clone(), |c| within(c.info().title));
            let set = pictures(entry);
            (shipped(&entry.file), format!("{network}, {criterion}, {set} (computed beforehand)"))
        };
        offered.iter().map(named).collect()
    });
    sweeps.shelf.with(|shelf| {
        for kept in shelf.iter().filter(|kept| file_of(&kept.key).is_none()) {
            let (done, of) = (kept.state.done(), kept.state.steps().len());
            let far = if done < of { format!(", {} done", text::percent((100 * done / of.max(1)) as f64 / 100.0)) } else { String::new() };
            all.push((kept.key.clone(), format!("{} (run here or brought{far})", name(stores.catalogue, &kept.state))));
        }
    });
    all
}

/// The pictures of a sweep that comes with the page, in words.
fn pictures(entry: &Entry) -> String {
    Pictures::from_id(&entry.set).map_or_else(|_| entry.set.clone(), |set| set.so_many(entry.images))
}

/// What comes with the page of the shown sweep's network and is not in the sweep itself: other measures, over other pictures. Follows the signals.
fn further(stores: Stores, shown: &Shown, choose: Callback<String>) -> Option<AnyView> {
    let kept = &shown.kept;
    let own = Entry::new(file_of(&kept.key).unwrap_or_default().into(), &kept.state.sweep);
    let line = |entry: &Entry| {
        let new = |gauge: &&SweepMeasure| gauge.can_gain() && !own.measures.contains(gauge);
        let titles: Vec<&str> = entry.measures.iter().filter(new).map(|gauge| gauge.info().title).collect();
        if titles.is_empty() || !entry.is_beside(&own) {
            return None;
        }
        let (name, key) = (format!("Show {}", pictures(entry)), shipped(&entry.file));
        let go = move |_| choose.run(key.clone());
        Some(view! { <li>{titles.join(", ")} " " <button type="button" class="plain" on:click=go>{name}</button></li> })
    };
    let lines: Vec<_> = stores.sweeps.offered.with(|offered| offered.iter().filter_map(line).collect());
    (!lines.is_empty()).then(|| {
        view! {
            <p class="note">"Also computed beforehand for this network:"</p>
            <ul class="note">{lines}</ul>
        }
        .into_any()
    })
}

/// The choice of the sweep, and how it was made.
#[component]
pub fn Choose(stores: Stores, selection: Selection) -> impl IntoView {
    let sweeps = stores.sweeps;
    let list = Memo::new(move |_| all(stores));
    let menu = Signal::derive(move || {
        let first = (String::new(), String::from("the one of the network in view"));
        entries(std::iter::once(first).chain(list.get()))
    });
    let value = Signal::derive(move || sweeps.chosen.get().unwrap_or_default());
    let choose = Callback::new(move |key: String| {
        sweeps.zoom.set(None);
        sweeps.chosen.set((!key.is_empty()).then_some(key));
    });
    let made = move || selection.shown.get().map(|shown| provenance(stores, &shown));
    let also = move || selection.shown.get().and_then(|shown| further(stores, &shown, choose));
    let others = move || {
        let first = selection.shown.with(|shown| shown.as_ref().map(|shown| shown.kept.key.clone()));
        list.get().into_iter().filter(|(key, _)| first.as_ref() != Some(key)).collect::<Vec<_>>()
    };
    let lay = move |key: String, name: String| {
        let (here, there) = (key.clone(), key.clone());
        let on = Signal::derive(move || sweeps.beside.with(|beside| beside.contains(&here)));
        let ticked = Callback::new(move |ticked: bool| {
            sweeps.beside.update(|beside| {
                beside.retain(|key| *key != there);
                if ticked {
                    beside.push(there.clone());
                }
            });
        });
        tick(key, name, on, ticked)
    };
    view! {
        <div class="sweep-choose">
            <Choice id="sweep-shown" label="Sweep" options=menu value choose/>
        </div>
        <div data-testid="sweep-made">{following(made)}</div>
        <div data-testid="sweep-further">{following(also)}</div>
        <details class="inside" data-testid="sweep-beside">
            <summary>"Lay others over it"</summary>
            <fieldset class="boxes">
                <legend class="hidden">"Sweeps laid over the shown one"</legend>
                <For each=others key=Clone::clone let((key, name))>{lay(key, name)}</For>
            </fieldset>
        </details>
    }
    .into_any()
}

/// How the shown sweep was made.
fn provenance(stores: Stores, shown: &Shown) -> AnyView {
    let (state, source) = (&shown.kept.state, &shown.kept.state.source);
    let head = match &shown.kept.made {
        Some(made) => {
            let day = made.date.get(..10).unwrap_or_default();
            format!("Computed beforehand with sweetspot {} on {day} on {}.", source.version, source.device)
        }
        None => format!("Run here or brought in a file: sweetspot {} on {}.", source.version, source.device),
    };
    let seeds = match state.sweep.seeds.len() {
        1 => "one seed".into(),
        many => format!("{many} seeds"),
    };
    let trained = stores.catalogue.card_of(&state.sweep.experiment.model).is_some_and(|card| card.is_trained_here());
    let facts = format!(
        " {}: {} sparsities, {seeds}, {} labelled, maps by {}.{}",
        name(stores.catalogue, state),
        state.sweep.sparsities.len(),
        text::count(source.labelled),
        state.sweep.experiment.attribution.method.info().title,
        if trained { " The network was trained for this page." } else { "" }
    );
    let code = |words: &str| Some(view! { <code>{words.to_string()}</code> }.into_any());
    let details = terms(vec![
        ("Command", shown.kept.made.as_ref().and_then(|made| code(&made.command))),
        ("sha256 of the dense weights", code(&source.model_sha256)),
        ("sha256 of the set of pictures", code(&source.set_sha256)),
    ]);
    view! {
        <p class="note" data-testid="sweep-provenance">{head} {facts}</p>
        <details class="inside"><summary>"How it was made"</summary><dl>{details}</dl></details>
    }
    .into_any()
}

/// How sparsity is laid out, which part is seen, how far accuracy may drop, and which measures are shown.
#[component]
pub fn ChartControls(stores: Stores, selection: Selection) -> impl IntoView {
    let sweeps = stores.sweeps;
    let gauges = Memo::new(move |_| {
        selection.shown.with(|shown| shown.as_ref().map(|shown| shown.kept.state.sweep.measures.clone()).unwrap_or_default())
    });
    let show = move |gauge: SweepMeasure| {
        let on = Signal::derive(move || sweeps.shown.with(|shown| shown.contains(&gauge)));
        let ticked = Callback::new(move |ticked: bool| {
            sweeps.shown.update(|shown| {
                shown.retain(|one| *one != gauge);
                if ticked {
                    shown.push(gauge);
                }
            });
        });
        tick(gauge.id().into(), gauge.info().title.into(), on, ticked)
    };
    let axis = move |axis: Axis| {
        let of = move || gauges.get().into_iter().filter(|gauge| gauge.info().axis == axis).collect::<Vec<_>>();
        view! {
            <fieldset class="boxes">
                <legend>{axis.title()}</legend>
                <For each=of key=|gauge| gauge.id() let(gauge)>{show(gauge)}</For>
            </fieldset>
        }
    };
    let axes = move || {
        Axis::ALL.into_iter().filter(|axis| gauges.with(|gauges| gauges.iter().any(|gauge| gauge.info().axis == *axis))).collect::<Vec<_>>()
    };
    let ends =
        Memo::new(move |_| selection.shown.with(|shown| shown.as_ref().map(|shown| shown.summary.sparsities.clone()).unwrap_or_default()));
    let end = move |upper: bool| {
        let menu = Signal::derive(move || {
            let all = ends.get();
            entries(all.iter().enumerate().map(|(at, s)| (at.to_string(), text::sparsity(*s))))
        });
        let value = Signal::derive(move || {
            let (all, zoom) = (ends.get(), sweeps.zoom.get());
            let at = zoom.and_then(|(low, high)| all.iter().position(|s| *s == if upper { high } else { low }));
            at.unwrap_or(if upper { all.len().saturating_sub(1) } else { 0 }).to_string()
        });
        let choose = Callback::new(move |at: String| {
            let all = ends.get_untracked();
            let (Some(chosen), Some(first), Some(last)) = (at.parse::<usize>().ok().and_then(|at| all.get(at)), all.first(), all.last())
            else {
                return;
            };
            let (low, high) = sweeps.zoom.get_untracked().unwrap_or((*first, *last));
            let (low, high) = if upper { (low.min(*chosen), *chosen) } else { (*chosen, high.max(*chosen)) };
            sweeps.zoom.set((low < high && (low, high) != (*first, *last)).then_some((low, high)));
        });
        (menu, value, choose)
    };
    let ((low_menu, low, choose_low), (high_menu, high, choose_high)) = (end(false), end(true));
    let drop_points = move || format!("{}", (sweeps.drop.get() * 1e4).round() / 100.0);
    let set_drop = move |event: web_sys::Event| {
        let wished = event_target::<HtmlInputElement>(&event).value_as_number();
        if (0.0..=100.0).contains(&wished) {
            sweeps.drop.set(wished / 100.0);
        }
    };
    view! {
        <div class="sweep-controls">
            <Segments legend="How sparsity is laid out" name="sweep-across" chosen=sweeps.across
                options=vec![(Across::LogDensity, "log", "By what is left (log)"), (Across::Sparsity, "linear", "By what is pruned")]/>
            <Choice id="sweep-from" label="From" options=low_menu value=low choose=choose_low inline=true/>
            <Choice id="sweep-to" label="to" options=high_menu value=high choose=choose_high inline=true/>
            <button type="button" class="plain" data-testid="sweep-whole" disabled=move || sweeps.zoom.get().is_none()
                on:click=move |_| sweeps.zoom.set(None)>"Whole axis"</button>
            <label class="field inline">
                <span>"Accuracy may drop by (points)"</span>
                <input type="number" min="0" max="100" step="0.5" data-testid="sweep-drop" prop:value=drop_points on:change=set_drop/>
            </label>
        </div>
        <details class="inside" data-testid="sweep-measures">
            <summary>"Which measures"</summary>
            <div class="sweep-ticks"><For each=axes key=|axis| axis.title() let(one)>{axis(one)}</For></div>
        </details>
    }
    .into_any()
}
