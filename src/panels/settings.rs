//! Parameters of methods: a field each, with what it means and what it may be; and what those of the attribution method cost.

use leptos::prelude::*;

use crate::address::Commit;
use crate::session;
use crate::stores::Stores;
use crate::text;
use crate::widgets::following::following;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::effort::SLOW;
use sweetspot_core::attribution::setting::{Kind, Setting, Settings};

/// The side of the networks' input before the first view says it.
const USUAL_SIDE: usize = 224;

/// The parameters.
#[component]
pub fn Parameters(stores: Stores, method: Method) -> impl IntoView {
    let values = Memo::new(move |_| stores.experiment.with(|experiment| experiment.attribution.settings.clone()));
    let set = Callback::new(move |(id, wished): (&'static str, String)| {
        session::change(stores, Commit::Done(id), |experiment| {
            // What is out of range was clamped before; what is no number leaves the value as it was.
            let _ = experiment.attribution.set(id, &wished);
        });
    });
    let changed = Memo::new(move |_| values.with(|values| *values != Settings::default()));
    let reset =
        move |_| session::change(stores, Commit::Done("settings"), |experiment| experiment.attribution.settings = Settings::default());
    view! {
        <fieldset class="settings" data-testid="settings">
            <legend>"Parameters"</legend>
            <Fields taken=method.info().settings prefix="" values set/>
            <div class="settings-foot">
                <Cost stores/>
                <button type="button" class="plain" data-testid="settings-reset" disabled=move || !changed.get() on:click=reset>"Reset to usual"</button>
            </div>
        </fieldset>
    }
}

/// "50 passes for each network, about 6.3 s in all."
#[component]
fn Cost(stores: Stores) -> impl IntoView {
    let words = move || {
        let side = stores.answers.view.with(|view| view.as_ref().map_or(USUAL_SIDE, |view| view.value.side));
        let Some(effort) = stores.experiment.with(|experiment| experiment.attribution.effort(side)) else {
            return Some("A pass of each network for every channel of the layer.".into());
        };
        let gradients = if effort.gradients { "passes with gradients" } else { "passes" };
        (effort.passes >= SLOW).then(|| match stores.engine.pace.get() {
            Some(pace) => format!(
                "{} {gradients} for each network, about {} in all.",
                text::count(effort.passes),
                text::duration(2.0 * effort.millis(pace))
            ),
            None => format!("{} {gradients} for each network.", text::count(effort.passes)),
        })
    };
    view! { <p class="note" data-testid="cost">{following(words)}</p> }
}

/// A field for each parameter.
#[component]
pub fn Fields(
    /// The parameters.
    taken: &'static [Setting],
    /// What their names for tests begin with.
    prefix: &'static str,
    /// Their values.
    values: Memo<Settings>,
    /// What to do with a new value, by the parameter's name.
    set: Callback<(&'static str, String)>,
) -> impl IntoView {
    taken.iter().map(|setting| view! { <Parameter setting prefix values set/> }).collect_view().into_any()
}

/// A parameter.
#[component]
fn Parameter(
    setting: &'static Setting,
    prefix: &'static str,
    values: Memo<Settings>,
    set: Callback<(&'static str, String)>,
) -> impl IntoView {
    let text = move || values.with(|values| values.text(setting));
    let change = move |wished: &str| set.run((setting.id, wished.into()));
    let number = move |event, least: f64, most: f64, whole: bool| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let wished = input.value_as_number();
        if wished.is_finite() {
            let wished = wished.clamp(least, most);
            change(&if whole { wished.round() } else { wished }.to_string());
        }
        input.set_value(&text());
    };
    let id = format!("{prefix}{}", setting.id);
    let (input, help) = (format!("setting-{id}"), format!("setting-{id}-help"));
    let field = |least: String, most: String, step: &'static str, on_change: Box<dyn Fn(web_sys::Event)>| {
        view! {
            <input type="number" id=input.clone() min=least max=most step=step aria-describedby=help.clone() data-testid=id.clone()
                prop:value=text on:change=on_change/>
        }
        .into_any()
    };
    let control = match setting.kind {
        Kind::Whole { least, most, .. } => {
            field(least.to_string(), most.to_string(), "1", Box::new(move |event| number(event, least.into(), most.into(), true)))
        }
        Kind::Real { least, most, .. } => {
            field(least.to_string(), most.to_string(), "any", Box::new(move |event| number(event, least, most, false)))
        }
        Kind::Choice(choices) => view! {
            <select id=input.clone() aria-describedby=help.clone() data-testid=id.clone()
                on:change=move |event| change(&event_target_value(&event))>
                {choices.iter().map(|(id, name)| view! { <option value=*id prop:selected=move || text() == *id>{*name}</option> }).collect_view()}
            </select>
        }
        .into_any(),
    };
    view! {
        <div class="setting" class:wide=matches!(setting.kind, Kind::Choice(_))>
            <label for=input.clone()>{setting.title}</label>
            <span class="setting-value">{control} {unit(setting).map(|unit| view! { <span>{unit}</span> })}</span>
            <p class="note" id=help.clone()>{setting.says} {bounds(setting)}</p>
        </div>
    }
}

/// What stands behind a number, where it counts something that has a unit.
fn unit(setting: &Setting) -> Option<&'static str> {
    matches!(setting.id, "window" | "stride").then_some("px")
}

/// " 1 to 500, usually 50."
fn bounds(setting: &Setting) -> Option<String> {
    match setting.kind {
        // Any seed will do.
        Kind::Whole { most: u32::MAX, .. } | Kind::Choice(_) => None,
        Kind::Whole { least, most, usual } => {
            let [least, most, usual] = [least, most, usual].map(|number| text::count(number as usize));
            Some(format!(" {least} to {most}, usually {usual}."))
        }
        Kind::Real { least, most, usual } => {
            let [least, most, usual] = [least, most, usual].map(text::value);
            Some(format!(" {least} to {most}, usually {usual}."))
        }
    }
}
