//! Do networks err as people do? The recognition experiment to take, everybody's answers, and both networks beside them.

mod answers;
mod conditions;
mod importance;
mod interlude;
mod odd;
mod packs;
mod results;
mod ring;
mod stage;
mod start;
mod tables;
mod trial;

use leptos::prelude::*;

use self::answers::Answers;
use self::importance::Importance;
use self::odd::OddOneOut;
use self::results::Results;
use self::stage::Stage;
use self::start::Start;
use super::group::is_open;
use crate::people;
use crate::stores::Stores;

/// The panel. Nothing is loaded before it is opened.
#[component]
pub fn HumanAlignment(stores: Stores) -> impl IntoView {
    let frame = NodeRef::<leptos::html::Details>::new();
    // Answers or a pack that were dropped anywhere open it.
    Effect::new(move |_| {
        if stores.people.open.get()
            && let Some(frame) = frame.get()
        {
            let _ = frame.set_attribute("open", "");
        }
    });
    view! {
        <details class="panel folded alignment" data-testid="alignment" node_ref=frame on:toggle=move |event| people::meet_people(stores, is_open(&event))>
            <summary><h2>"Human alignment"</h2></summary>
            <Show when=move || stores.people.open.get()>
                <p class="note">
                    "Sort pictures into 16 categories, as people did in the published experiments, and let both networks sort the same ones. Not only how often \
                    each is right is compared, but whether they are wrong on the same pictures: error consistency (Cohen\u{2019}s \u{3ba}; 0 is chance, 1 the same \
                    errors). Answers stay on this device until you delete them. Nothing is sent."
                </p>
                <Start stores/>
                <Answers stores/>
                <Results stores/>
                <Importance stores/>
                <OddOneOut stores/>
            </Show>
        </details>
        <Stage stores/>
    }
    .into_any()
}
