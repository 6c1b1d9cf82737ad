//! A sweep run on this device: over which pictures, at which sparsities, with which measures; paused, gone on with, dropped.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::selection::Selection;
use crate::session;
use crate::stores::Stores;
use crate::stores::engine_status::EngineState;
use crate::sweeps::{asked, usual_sparsities};
use crate::text;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::following::following;
use crate::widgets::table::tick;
use sweetspot_core::experiment::ImageRef;
use sweetspot_core::sweep::plan::MOST_PICTURES;
use sweetspot_core::sweep::{Set as Pictures, SweepMeasure};

/// Groups of measures, by the words the command line has for them. The last three ask the network many times.
const GROUPS: [(&str, &str); 7] = [
    ("place", "where maps lie"),
    ("complexity", "how simple maps are"),
    ("discovery", "objects found"),
    ("alignment", "recognised as people do"),
    ("faithfulness", "faithfulness (slow)"),
    ("robustness", "robustness (slow)"),
    ("randomisation", "randomisation (slow)"),
];

/// The panel's part.
#[component]
pub fn RunHere(stores: Stores, selection: Selection) -> impl IntoView {
    let sweeps = stores.sweeps;
    let (set, images) = (RwSignal::new(String::new()), RwSignal::new(None::<usize>));
    let (sparsities, groups) = (RwSignal::new(None::<String>), RwSignal::new(vec!["place", "complexity", "discovery"]));
    let complaint = RwSignal::new(None::<String>);
    // Unless chosen: the pictures that the network knows, and the sparsities that can be had.
    let scenes = move || stores.catalogue.card().is_some_and(|card| card.pack.is_some());
    let of = move || Pictures::from_id(&set.get()).unwrap_or(if scenes() { Pictures::Scenes } else { Pictures::Gallery });
    let list = move || {
        sparsities
            .get()
            .unwrap_or_else(|| stores.experiment.with(|experiment| usual_sparsities(experiment, stores.catalogue.card().as_ref())))
    };
    let menu = Signal::derive(move || {
        let pack = stores.people.pack.get();
        let title = pack
            .as_ref()
            .map_or_else(|| "a pack (open one under Human alignment)".into(), |pack| format!("the pack \u{201c}{}\u{201d}", pack.title));
        entries(Pictures::ALL.map(|set| (set.id(), if set == Pictures::Pack { title.as_str() } else { set.what() })))
    });
    let value = Signal::derive(move || of().id().to_string());
    let group = move |(word, name): (&'static str, &'static str)| {
        let on = Signal::derive(move || groups.with(|groups| groups.contains(&word)));
        let ticked = Callback::new(move |ticked: bool| {
            groups.update(|groups| {
                groups.retain(|one| *one != word);
                if ticked {
                    groups.push(word);
                }
            });
        });
        tick(word.into(), name.into(), on, ticked)
    };
    let count = move |event: web_sys::Event| {
        let wished = event_target::<HtmlInputElement>(&event).value_as_number();
        images.set((1.0..=MOST_PICTURES as f64).contains(&wished).then_some(wished as usize));
    };
    let going = move || sweeps.going.get().is_some();
    let ready = move || matches!(stores.engine.state.get(), EngineState::Ready(_));
    let start = move |_| {
        let experiment = stores.experiment.get_untracked();
        let mut gauges: Vec<SweepMeasure> =
            groups.get_untracked().iter().filter_map(|word| SweepMeasure::of_word(word).ok()).flatten().collect();
        gauges.extend(
            ["answers", "stored-bytes", "multiply-accumulates"].iter().filter_map(|word| SweepMeasure::of_word(word).ok()).flatten(),
        );
        let pack = stores.people.pack.with_untracked(|pack| pack.as_ref().map(|pack| pack.sha256.clone()));
        match asked(&experiment, (untrack(of), pack), images.get_untracked(), &untrack(list), gauges) {
            Ok(sweep) => {
                complaint.set(None);
                session::run_sweep(stores, sweep);
            }
            Err(error) => complaint.set(Some(error.to_string())),
        }
    };
    let own = move || selection.shown.get().filter(|shown| shown.kept.made.is_none());
    let unfinished = move || own().filter(|shown| shown.kept.is_unfinished() && !going()).is_some();
    let resume = move |_| {
        if let Some(shown) = untrack(own) {
            session::run_sweep(stores, shown.kept.state.sweep.clone());
        }
    };
    let discard = move |_| {
        if let Some(shown) = untrack(own) {
            session::drop_sweep(stores, &shown.kept.key);
        }
    };
    let far = move || {
        let kept = sweeps.going.get().and_then(|key| sweeps.get(&key));
        kept.map(|kept| {
            (kept.state.done(), kept.state.steps().len(), kept.lines.iter().filter(|line| line.measure == SweepMeasure::Accuracy).count())
        })
    };
    let told = move || match far() {
        _ if !going() => String::new(),
        None | Some((0, _, _)) => "waiting for the engine, or loading pictures".into(),
        Some((done, of, points)) => format!("{done} of {of} steps done, {points} sparsities whole"),
    };
    let mine = matches!(untrack(|| stores.experiment.with(|experiment| experiment.image.clone())), ImageRef::Own(_));
    view! {
        <details class="inside" data-testid="sweep-run" open=mine>
            <summary>"Run a sweep on this device"</summary>
            <p class="note">
                "Of the network, criterion and map chosen above. It runs when nothing else does, goes on by itself after other work, and stays on this \
                device when the page is reloaded. The same sweep runs natively with \u{2018}sweetspot sweep\u{2019}; files of either go on in the other."
            </p>
            <div class="sweep-controls">
                <Choice id="sweep-set" label="Pictures" options=menu value choose=Callback::new(move |id| set.set(id)) inline=true/>
                <label class="field inline">
                    <span>"only the first"</span>
                    <input type="number" min="1" max=MOST_PICTURES.to_string() placeholder="all" data-testid="sweep-images" on:change=count/>
                </label>
                <label class="field sweep-list">
                    <span>"Sparsities in percent"</span>
                    <input type="text" data-testid="sweep-sparsities" prop:value=list on:change=move |event| sparsities.set(Some(event_target_value(&event)))/>
                </label>
            </div>
            <fieldset class="boxes">
                <legend>"Measures"</legend>
                {GROUPS.map(group).collect_view()}
            </fieldset>
            <p class="note" role="alert" data-testid="sweep-complaint">{following(move || complaint.get())}</p>
            <div class="actions">
                <button type="button" class="plain" data-testid="sweep-start" disabled=move || going() || !ready() on:click=start>"Run"</button>
                <button type="button" class="plain" data-testid="sweep-pause" hidden=move || !going() on:click=move |_| session::pause_sweep(stores)>"Pause"</button>
                <button type="button" class="plain" data-testid="sweep-resume" hidden=move || !unfinished() disabled=move || !ready() on:click=resume>
                    "Go on with the shown sweep"
                </button>
                <button type="button" class="plain" data-testid="sweep-discard" hidden=move || own().is_none() on:click=discard>"Forget the shown sweep"</button>
            </div>
            <div class="measuring" hidden=move || !going()>
                <progress aria-hidden="true" max=move || far().map_or(1, |far| far.1).to_string() value=move || far().map_or(0, |far| far.0).to_string()></progress>
                <span role="status" data-testid="sweep-progress">{following(told)}</span>
            </div>
            <ul class="note" data-testid="sweep-notes">{following(move || sweeps.notes.get().into_iter().map(|note| view! { <li>{note}</li> }).collect_view())}</ul>
            <p class="note" hidden=move || !unfinished()>
                {following(move || own().map(|shown| format!(
                    "The shown sweep is not done: {} of {} steps.",
                    text::count(shown.kept.state.done()),
                    text::count(shown.kept.state.steps().len())
                )))}
            </p>
        </details>
    }
    .into_any()
}
