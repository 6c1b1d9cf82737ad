//! The page as a whole, and what listens to all of it: keys, drops and the clipboard.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, HtmlElement, KeyboardEvent};

use super::address::{self, Commit};
use super::navigation::opening_experiment;
use super::panels::alerts::Alerts;
use super::panels::alignment::HumanAlignment;
use super::panels::audit::AboutNumbers;
use super::panels::compare::Compare;
use super::panels::explanation::Explanation;
use super::panels::job::JobLine;
use super::panels::language::LanguageChoice;
use super::panels::layer_features::LayerFeatures;
use super::panels::lesson::{LessonList, LessonReader};
use super::panels::measures::Measures;
use super::panels::network::NetworkChoice;
use super::panels::objects::Objects;
use super::panels::picture::PictureChoice;
use super::panels::pruning::PruningChoice;
use super::panels::share::Share;
use super::panels::status::Status;
use super::panels::sweep::SweepPanel;
use super::panels::weights::Weights;
use super::widgets::sparsity_control::SparsityControl;
use crate::navigation;
use crate::pictures;
use crate::presenting;
use crate::session;
use crate::showing;
use crate::stores::Stores;
use crate::widgets::following::following;
use sweetspot_core::presentation::Part;

/// Draws the page in place of what `index.html` shows while it loads.
pub fn mount() {
    let Some(place) = document().get_element_by_id("app").and_then(|element| element.dyn_into::<HtmlElement>().ok()) else { return };
    place.set_inner_html("");
    leptos::mount::mount_to(place, App).forget();
}

/// The page.
#[component]
fn App() -> impl IntoView {
    let (experiment, complaint) = opening_experiment();
    let stores = Stores::new(experiment);
    if let Some(complaint) = complaint {
        stores.messages.say(complaint);
    }
    showing::take_presentation(stores, &address::fragment());
    navigation::begin(stores);
    let dragging = RwSignal::new(false);
    follow_keys(stores);
    follow_clipboard(stores);
    follow_drops(stores, dragging);
    follow_presentation(stores);
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-job-done", &stores.answers.finished.get().to_string());
        }
    });
    let comparison = NodeRef::<leptos::html::Section>::new();
    let skip = move |event: web_sys::MouseEvent| {
        // The address holds the experiment, so the link must not change it.
        event.prevent_default();
        if let Some(comparison) = comparison.get_untracked() {
            let _ = comparison.focus();
        }
    };

    view! {
        <nav aria-label=stores.texts.words("shortcut")><a class="skip" href="#" on:click=skip>{stores.texts.words("skip")}</a></nav>
        <header class="masthead">
            <div class="masthead-name">
                <h1>"Sweetspot"</h1>
                <p>{stores.texts.words("tagline")}</p>
            </div>
            <div class="masthead-ways">
                <LessonList stores/>
                <div class="part" data-part="numbers"><AboutNumbers/></div>
                <div class="part" data-part="share"><Share stores/></div>
                <LanguageChoice stores/>
            </div>
            <Status stores/>
        </header>
        <Alerts stores/>
        <main>
            <div class="side">
                <LessonReader stores/>
                <Fold stores/>
                <section class="setup" id="setup" aria-label=stores.texts.words("setup") hidden=move || stores.presentation.folds() && !stores.presentation.controls.get()>
                    <div class="part" data-part="network"><NetworkChoice stores/></div>
                    <div class="part" data-part="pruning"><PruningChoice stores/></div>
                    <div class="part" data-part="picture"><PictureChoice stores/></div>
                    <div class="part" data-part="explanation"><Explanation stores/></div>
                </section>
            </div>
            <section class="comparison" aria-label=stores.texts.words("comparison") tabindex="-1" node_ref=comparison>
                <SparsityControl stores/>
                <JobLine stores/>
                <Compare stores/>
                <div class="part" data-part="layers" lang="en"><LayerFeatures stores/></div>
                <div class="part" data-part="measures" lang="en"><Measures stores/></div>
                <div class="part" data-part="objects" lang="en"><Objects stores/></div>
                <div class="part" data-part="sweep" lang="en"><SweepPanel stores/></div>
                <div class="part" data-part="alignment" lang="en"><HumanAlignment stores/></div>
                <div class="part" data-part="weights" lang="en"><Weights stores/></div>
            </section>
        </main>
        <div class="drop-hint" class:shown=move || dragging.get() aria-hidden="true">
            <p>{stores.texts.words("drop")}</p>
        </div>
    }
}

/// Where the set-up is folded, the button that unfolds it, and the way out of the presentation.
#[component]
fn Fold(stores: Stores) -> impl IntoView {
    let controls = stores.presentation.controls;
    let projector = Memo::new(move |_| stores.presentation.asked.with(|presentation| presentation.projector));
    view! {
        <p class="fold" hidden=move || !stores.presentation.folds()>
            <button type="button" class="plain" aria-expanded=move || controls.get().to_string() aria-controls="setup" data-testid="controls"
                on:click=move |_| controls.update(|shown| *shown = !*shown)>
                {following(move || if controls.get() { stores.texts.word("controls.hide") } else { stores.texts.word("controls.show") })}
            </button>
            <button type="button" class="plain" data-testid="leave-projector" hidden=move || !projector.get()
                on:click=move |_| presenting::present(stores, Commit::Done("projector"), |presentation| presentation.projector = false)>
                {stores.texts.words("projector.leave")}
            </button>
        </p>
    }
}

/// Tells the style how the page is shown.
fn follow_presentation(stores: Stores) {
    Effect::new(move |_| {
        let Some(root) = document().document_element() else { return };
        let projector = stores.presentation.asked.with(|presentation| presentation.projector);
        for (name, holds) in [("data-projector", projector), ("data-lesson", stores.presentation.in_lesson())] {
            // What the style is not told leaves the page as usual.
            let _ = if holds { root.set_attribute(name, "") } else { root.remove_attribute(name) };
        }
    });
    // One effect for all parts: a frame of its own for each would be compiled for each. What is hidden stays as it is.
    Effect::new(move |_| {
        for part in Part::ALL {
            let shown = stores.lessons.shows(part);
            if let Ok(Some(frame)) = document().query_selector(&format!("[data-part={}]", part.id())) {
                let _ = frame.toggle_attribute_with_force("hidden", !shown);
            }
        }
    });
}

/// Escape ends the running job, unless a dialog is open, whose key it is then.
fn follow_keys(stores: Stores) {
    window_event_listener_untyped("keydown", move |event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
        let dialog = || document().query_selector("dialog[open]").ok().flatten().is_some();
        if event.key() == "Escape" && !event.default_prevented() && stores.engine.running.get_untracked() && !dialog() {
            session::cancel(stores);
        }
    });
}

fn follow_clipboard(stores: Stores) {
    window_event_listener_untyped("paste", move |event| {
        let Ok(event) = event.dyn_into::<ClipboardEvent>() else { return };
        if pictures::open_first(stores, event.clipboard_data().and_then(|data| data.files())) {
            event.prevent_default();
        }
    });
}

fn follow_drops(stores: Stores, dragging: RwSignal<bool>) {
    fn files(event: &DragEvent) -> Option<DataTransfer> {
        event.data_transfer().filter(|data| data.types().includes(&"Files".into(), 0))
    }
    window_event_listener_untyped("dragover", move |event| {
        let Ok(event) = event.dyn_into::<DragEvent>() else { return };
        if files(&event).is_some() {
            event.prevent_default();
            dragging.set(true);
        }
    });
    window_event_listener_untyped("dragleave", move |event| {
        let Ok(event) = event.dyn_into::<DragEvent>() else { return };
        if event.related_target().is_none() {
            dragging.set(false);
        }
    });
    window_event_listener_untyped("drop", move |event| {
        let Ok(event) = event.dyn_into::<DragEvent>() else { return };
        dragging.set(false);
        if let Some(data) = files(&event) {
            event.prevent_default();
            pictures::open_first(stores, data.files());
        }
    });
}
