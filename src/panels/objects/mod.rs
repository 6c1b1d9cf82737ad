//! Where the object is, found without labels: what each network sets apart from the rest of the picture, along layers and sparsities, and how often
//! that is right.

mod controls;
mod figure;
mod located;
mod strip;

use leptos::prelude::*;

use self::controls::Controls;
use self::figure::Figures;
use self::located::HowOften;
use self::strip::StripOf;
use super::group::is_open;
use crate::session;
use crate::stores::Stores;
use crate::stores::objects::Following;
use crate::widgets::following::following;

/// The panel. Nothing is looked for before it is opened.
#[component]
pub fn Objects(stores: Stores) -> impl IntoView {
    view! {
        <details class="panel folded objects" data-testid="objects" on:toggle=move |event| session::discover(stores, is_open(&event))>
            <summary><h2>"Object discovery"</h2></summary>
            <Show when=move || stores.objects.wanted.get()>
                <p class="note">
                    "Which part of the picture the networks\u{2019} features set apart from the rest; no label is used. A box is right if it covers a true \
                    one with an intersection over union (IoU) of at least one half."
                </p>
                <Controls stores/>
                <State stores/>
                <Figures stores/>
                <StripOf stores strip=Following::Layers/>
                <StripOf stores strip=Following::Sparsities/>
                <HowOften stores/>
            </Show>
        </details>
    }
}

/// Why the object is not (yet) looked for, where it is not.
#[component]
fn State(stores: Stores) -> impl IntoView {
    let why = move || {
        let present = stores.experiment.get();
        stores
            .objects
            .not_sought
            .with(|not| not.as_ref().filter(|(old, _)| old.same_objects(&present)).map(|(_, why)| format!("Not looked for: {why}.")))
    };
    let waits = move || !stores.objects.is_present() && why().is_none();
    let stopped = move || {
        waits()
            && !stores.engine.running.get()
            && stores.answers.finished.get() >= stores.answers.latest.get()
            && stores.answers.finished.get() > 0
    };
    view! {
        <p class="note" role="status" data-testid="objects-state">
            {following(move || why().filter(|_| !stores.objects.is_present()))}
            {following(move || (waits() && !stopped()).then_some("The object is looked for when what is running is done."))}
            {following(move || stopped().then(|| view! {
                "The search was stopped. "
                <button type="button" class="plain" on:click=move |_| session::discover(stores, true)>"Search again"</button>
            }))}
        </p>
    }
}
