//! The class that is explained.

use leptos::prelude::*;

use crate::engine::protocol::describe;
use crate::experiment::Target;
use crate::ui::address::Commit;
use crate::ui::state::Lab;
use crate::ui::text;
use crate::ui::widgets::class_search::ClassSearch;

/// The target: what networks say, the label, or a class of the reader's choice.
#[component]
pub fn TargetChoice(lab: Lab) -> impl IntoView {
    let target = Memo::new(move |_| lab.experiment.with(|experiment| experiment.target));
    // "A chosen class" is open before a class is chosen.
    let choosing = RwSignal::new(false);
    let value = move || match target.get() {
        Target::Class(_) => "class",
        _ if choosing.get() => "class",
        Target::Predicted => "predicted",
        Target::DensePredicted => "dense",
        Target::Labelled => "label",
    };
    let set = move |target: Target| lab.change(Commit::Done("target"), |experiment| experiment.target = target);
    let choose = move |event| {
        let value = event_target_value(&event);
        choosing.set(value == "class");
        match value.as_str() {
            "predicted" => set(Target::Predicted),
            "dense" => set(Target::DensePredicted),
            "label" => set(Target::Labelled),
            _ => {}
        }
    };
    let label = move || match lab.label() {
        Some(index) => format!("{} ({})", describe(Target::Labelled), text::short(&lab.class_name(index))),
        None => format!("{} (this one has none)", describe(Target::Labelled)),
    };
    let option = move |name: &'static str, target: Target| {
        view! { <option value=name selected=move || value() == name>{describe(target)}</option> }
    };
    let class = Signal::derive(move || match target.get() {
        Target::Class(index) => Some(index),
        _ => None,
    });
    view! {
        <label class="field">
            <span>"Class to explain"</span>
            <select data-testid="target" prop:value=value on:change=choose>
                {option("predicted", Target::Predicted)}
                {option("dense", Target::DensePredicted)}
                <option value="label" disabled=move || lab.label().is_none() selected=move || value() == "label">{label}</option>
                {option("class", Target::Class(0))}
            </select>
        </label>
        <Show when=move || value() == "class">
            <ClassSearch classes=lab.classes chosen=class on_choose=Callback::new(move |index| set(Target::Class(index)))/>
        </Show>
    }
}
