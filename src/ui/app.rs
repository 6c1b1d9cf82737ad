//! The page as a whole, and what listens to all of it: keys, drops and the clipboard.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, HtmlElement, KeyboardEvent};

use super::navigation::opening_experiment;
use super::panels::alerts::Alerts;
use super::panels::audit::AboutNumbers;
use super::panels::compare::Compare;
use super::panels::explanation::Explanation;
use super::panels::job::JobLine;
use super::panels::measures::Measures;
use super::panels::network::NetworkChoice;
use super::panels::objects::Objects;
use super::panels::picture::PictureChoice;
use super::panels::pruning::PruningChoice;
use super::panels::share::Share;
use super::panels::sights::Sights;
use super::panels::status::Status;
use super::panels::sweep::SweepPanel;
use super::panels::weights::Weights;
use super::state::Lab;
use super::widgets::range_control::SparsityControl;

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
    let lab = Lab::new(experiment);
    if let Some(complaint) = complaint {
        lab.say(complaint);
    }
    lab.begin();
    let dragging = RwSignal::new(false);
    follow_keys(lab);
    follow_clipboard(lab);
    follow_drops(lab, dragging);
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-job-done", &lab.finished.get().to_string());
        }
    });
    let bench = NodeRef::<leptos::html::Section>::new();
    let skip = move |event: web_sys::MouseEvent| {
        // The address holds the experiment, so the link must not change it.
        event.prevent_default();
        if let Some(bench) = bench.get_untracked() {
            let _ = bench.focus();
        }
    };

    view! {
        <nav aria-label="Shortcut"><a class="skip" href="#" on:click=skip>"Skip to the comparison"</a></nav>
        <header class="masthead">
            <div class="masthead-name">
                <h1>"Sweetspot"</h1>
                <p>"Prune a vision network on your own device and see what changes."</p>
            </div>
            <div class="masthead-ways"><AboutNumbers/><Share lab/></div>
            <Status lab/>
        </header>
        <Alerts lab/>
        <main>
            <section class="setup" aria-label="Set-up">
                <NetworkChoice lab/>
                <PruningChoice lab/>
                <PictureChoice lab/>
                <Explanation lab/>
            </section>
            <section class="bench" aria-label="Dense and pruned, side by side" tabindex="-1" node_ref=bench>
                <SparsityControl lab/>
                <JobLine lab/>
                <Compare lab/>
                <Sights lab/>
                <Measures lab/>
                <Objects lab/>
                <SweepPanel lab/>
                <Weights lab/>
            </section>
        </main>
        <div class="drop-hint" class:shown=move || dragging.get() aria-hidden="true">
            <p>"Drop a picture to look at it, or a file of weights to run it. It stays on this device."</p>
        </div>
    }
}

/// Escape ends the running job, unless a dialog is open, whose key it is then.
fn follow_keys(lab: Lab) {
    window_event_listener_untyped("keydown", move |event| {
        let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
        let dialog = || document().query_selector("dialog[open]").ok().flatten().is_some();
        if event.key() == "Escape" && !event.default_prevented() && lab.running.get_untracked() && !dialog() {
            lab.cancel();
        }
    });
}

fn follow_clipboard(lab: Lab) {
    window_event_listener_untyped("paste", move |event| {
        let Ok(event) = event.dyn_into::<ClipboardEvent>() else { return };
        if lab.open_first(event.clipboard_data().and_then(|data| data.files())) {
            event.prevent_default();
        }
    });
}

fn follow_drops(lab: Lab, dragging: RwSignal<bool>) {
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
            lab.open_first(data.files());
        }
    });
}
