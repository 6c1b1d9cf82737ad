//! How the maps are computed: the method, the layer it looks at, its steps, and the class that is explained.

use leptos::prelude::*;

use super::group::Group;
use super::target::TargetChoice;
use crate::attribution::Method;
use crate::attribution::setting::{Kind, Setting};
use crate::ui::address::Commit;
use crate::ui::assets::words;
use crate::ui::state::Lab;

/// The explanation.
#[component]
pub fn Explanation(lab: Lab) -> impl IntoView {
    let method = Memo::new(move |_| lab.experiment.with(|experiment| experiment.attribution.method));
    let choose = move |event| {
        if let Ok(method) = Method::from_id(&event_target_value(&event)) {
            lab.change(Commit::Done("method"), |experiment| experiment.attribution.choose(method));
        }
    };
    view! {
        <Group title="Map" chosen=Signal::derive(move || method.get().info().title.to_string())>
            <label class="field">
                <span>"Method"</span>
                <select data-testid="method" prop:value=move || method.get().id() on:change=choose>
                    {Method::ALL.map(|one| view! {
                        <option value=one.id() selected=move || method.get() == one>{one.info().title}</option>
                    }).collect_view()}
                </select>
            </label>
            <p class="note">{move || method.get().info().says} " (" {move || method.get().info().source} ")"</p>
            <Show when=move || method.get().info().layer><LayerChoice lab/></Show>
            {move || method.get().info().settings.iter().map(|setting| view! { <SettingChoice lab setting/> }).collect_view()}
            <TargetChoice lab/>
        </Group>
    }
}

/// The layer that layer methods look at.
#[component]
fn LayerChoice(lab: Lab) -> impl IntoView {
    let chosen = Memo::new(move |_| lab.experiment.with(|experiment| experiment.attribution.tap.clone()).unwrap_or_default());
    let taps = Memo::new(move |_| taps(lab));
    let choose = move |event| {
        let name = event_target_value(&event);
        lab.change(Commit::Done("layer"), |experiment| experiment.attribution.tap = (!name.is_empty()).then_some(name));
    };
    view! {
        <label class="field">
            <span>"Layer"</span>
            <select data-testid="layer" prop:value=move || { let _ = taps.get(); chosen.get() } on:change=choose>
                {move || {
                    let (names, usual) = taps.get();
                    let usual = if usual.is_empty() { "the network's default".into() } else { format!("the network's default ({usual})") };
                    let names = names.into_iter().map(|name| {
                        let (this, value) = (name.clone(), name.clone());
                        view! { <option value=value selected=move || chosen.get() == this>{name}</option> }
                    });
                    view! { <option value="">{usual}</option> {names.collect_view()} }
                }}
            </select>
        </label>
    }
}

/// The layers of the chosen network and its default one: as the engine says, or before that as the card says.
fn taps(lab: Lab) -> (Vec<String>, String) {
    let id = lab.experiment.with(|experiment| experiment.model.clone());
    let reported = lab.model.with(|model| {
        let model = model.as_ref().filter(|model| model.value.id == id)?;
        Some((model.value.taps.clone(), model.value.default_tap.clone()))
    });
    reported
        .or_else(|| lab.card().map(|card| (card.taps.iter().map(words).collect(), card.default_tap.unwrap_or_default())))
        .unwrap_or_default()
}

/// A parameter of the method.
#[component]
fn SettingChoice(lab: Lab, setting: &'static Setting) -> impl IntoView {
    let text = move || lab.experiment.with(|experiment| experiment.attribution.settings.text(setting));
    let change = move |wished: &str| {
        lab.change(Commit::Done(setting.id), |experiment| {
            // What is out of range was clamped before; what is no number leaves the value as it was.
            let _ = experiment.attribution.set(setting.id, wished);
        });
    };
    let number = move |event, least: f64, most: f64, whole: bool| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let wished = input.value_as_number();
        if wished.is_finite() {
            let wished = wished.clamp(least, most);
            change(&if whole { wished.round() } else { wished }.to_string());
        }
        input.set_value(&text());
    };
    let control = match setting.kind {
        Kind::Whole { least, most, .. } => view! {
            <input type="number" min=least.to_string() max=most.to_string() step="1" data-testid=setting.id prop:value=text
                on:change=move |event| number(event, least.into(), most.into(), true)/>
        }
        .into_any(),
        Kind::Real { least, most, .. } => view! {
            <input type="number" min=least.to_string() max=most.to_string() step="any" data-testid=setting.id prop:value=text
                on:change=move |event| number(event, least, most, false)/>
        }
        .into_any(),
        Kind::Choice(options) => view! {
            <select data-testid=setting.id prop:value=text on:change=move |event| change(&event_target_value(&event))>
                {options.iter().map(|(id, title)| view! { <option value=*id selected=move || text() == *id>{*title}</option> }).collect_view()}
            </select>
        }
        .into_any(),
    };
    view! { <label class="field" title=setting.says><span>{setting.title}</span>{control}</label> }
}
