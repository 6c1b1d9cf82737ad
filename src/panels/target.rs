//! The class that is explained.

use leptos::prelude::*;

use crate::address::Commit;
use crate::session;
use crate::stores::Stores;
use crate::text;
use crate::widgets::choice::{Choice, Entry, entries};
use crate::widgets::class_search::ClassSearch;
use sweetspot_core::experiment::Target;
use sweetspot_protocol::describe;

/// The target: what networks say, the label, or a class of the reader's choice.
#[component]
pub fn TargetChoice(stores: Stores) -> impl IntoView {
    let target = Memo::new(move |_| stores.experiment.with(|experiment| experiment.target));
    // "A chosen class" is open before a class is chosen.
    let choosing = RwSignal::new(false);
    let value = move || match target.get() {
        Target::Class(_) => "class",
        _ if choosing.get() => "class",
        Target::Predicted => "predicted",
        Target::DensePredicted => "dense",
        Target::Labelled => "label",
    };
    let set = move |target: Target| session::change(stores, Commit::Done("target"), |experiment| experiment.target = target);
    let choose = Callback::new(move |value: String| {
        choosing.set(value == "class");
        match value.as_str() {
            "predicted" => set(Target::Predicted),
            "dense" => set(Target::DensePredicted),
            "label" => set(Target::Labelled),
            _ => {}
        }
    });
    let list = Signal::derive(move || {
        let label = match stores.catalogue.label() {
            Some(index) => {
                let name = format!("{} ({})", describe(Target::Labelled), text::short(&stores.catalogue.class_name(index)));
                entries([("label", name)])
            }
            None => {
                let name = format!("{} (this one has none)", describe(Target::Labelled));
                vec![Entry::off("label", name)]
            }
        };
        let predicted = [("predicted", describe(Target::Predicted)), ("dense", describe(Target::DensePredicted))];
        [entries(predicted), label, entries([("class", describe(Target::Class(0)))])].concat()
    });
    let class = Signal::derive(move || match target.get() {
        Target::Class(index) => Some(index),
        _ => None,
    });
    view! {
        <Choice id="target" label="Class to explain" options=list value=Signal::derive(move || value().into()) choose/>
        <Show when=move || value() == "class">
            <ClassSearch classes=stores.catalogue.classes chosen=class on_choose=Callback::new(move |index| set(Target::Class(index)))/>
        </Show>
    }
}
