//! How the maps are computed: the method with its parameters, the layer it looks at, and the class that is explained.

use leptos::prelude::*;

use super::group::Group;
use super::method::MethodChoice;
use super::settings::Parameters;
use super::target::TargetChoice;
use crate::address::Commit;
use crate::session;
use crate::stores::Stores;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::following::following;
use sweetspot_core::attribution::Method;

/// The explanation.
#[component]
pub fn Explanation(stores: Stores) -> impl IntoView {
    let method = Memo::new(move |_| stores.experiment.with(|experiment| experiment.attribution.method));
    view! {
        <Group title=stores.texts.words("part.explanation") chosen=Signal::derive(move || method.get().info().title.to_string())>
            <MethodChoice stores/>
            <Show when=move || method.get().info().layer><LayerChoice stores/></Show>
            {following(move || Some(method.get()).filter(|method| !method.info().settings.is_empty()).map(|method: Method| view! { <Parameters stores method/> }))}
            <TargetChoice stores/>
        </Group>
    }
}

/// The layer that layer methods look at.
#[component]
fn LayerChoice(stores: Stores) -> impl IntoView {
    let value = Signal::derive(move || stores.experiment.with(|experiment| experiment.attribution.tap.clone()).unwrap_or_default());
    let choose = Callback::new(move |name: String| {
        session::change(stores, Commit::Done("layer"), |experiment| experiment.attribution.tap = (!name.is_empty()).then_some(name));
    });
    let list = Signal::derive(move || {
        let (names, usual) = taps(stores);
        let usual = if usual.is_empty() { "the network's default".into() } else { format!("the network's default ({usual})") };
        [entries([("", usual)]), entries(names.into_iter().map(|name| (name.clone(), name)))].concat()
    });
    view! { <Choice id="layer" label="Layer" options=list value choose/> }
}

/// The layers of the chosen network and its default one: as the engine says, or before that as the card says. Follows the signals.
pub fn taps(stores: Stores) -> (Vec<String>, String) {
    stores
        .answers
        .report()
        .map(|model| (model.taps.clone(), model.default_tap.clone()))
        .or_else(|| stores.catalogue.card().map(|card| (card.taps, card.default_tap)))
        .unwrap_or_default()
}
