//! The menu of methods, and why some are not on it.

use leptos::prelude::*;

use crate::attribution::method::{Family, Method, Needs};
use crate::ui::address::Commit;
use crate::ui::state::Lab;

/// The menu.
#[component]
pub fn MethodChoice(lab: Lab) -> impl IntoView {
    let method = Memo::new(move |_| lab.experiment.with(|experiment| experiment.attribution.method));
    let offered = Memo::new(move |_| offered(lab));
    let choose = move |event| {
        if let Ok(method) = Method::from_id(&event_target_value(&event)) {
            lab.change(Commit::Done("method"), |experiment| experiment.attribution.choose(method));
        }
    };
    let groups = move || {
        Family::ALL.into_iter().filter_map(move |family| {
            let methods: Vec<Method> = offered.get().into_iter().filter(|method| method.family() == family).collect();
            let option =
                move |one: Method| view! { <option value=one.id() selected=move || method.get() == one>{one.info().title}</option> };
            (!methods.is_empty())
                .then(|| view! { <optgroup label=family.title()>{methods.into_iter().map(option).collect_view()}</optgroup> })
        })
    };
    view! {
        <label class="field">
            <span>"Method"</span>
            <select data-testid="method" aria-describedby="method-says" prop:value=move || { let _ = offered.get(); method.get().id() } on:change=choose>
                {move || groups().collect_view()}
            </select>
        </label>
        <p class="note" id="method-says">{move || method.get().info().says} " (" {move || method.get().info().source} ")"</p>
        <Show when=move || method.get() == Method::SmoothGradIg>
            <p><span class="tag" data-testid="as-in-paper">"as in the paper\u{2019}s code"</span></p>
        </Show>
        <AbsentMethods lab/>
    }
}

/// The methods that can be had on the chosen network, and the chosen one in any case. Before the engine has read the network, those that
/// can be had on every one. Follows the signals.
fn offered(lab: Lab) -> Vec<Method> {
    let chosen = lab.experiment.with(|experiment| experiment.attribution.method);
    let absent = lab.report().map(|model| model.absent.clone());
    let has = |method: Method| match &absent {
        Some(absent) => absent.iter().all(|(one, _)| *one != method),
        None => method.info().needs == Needs::Any,
    };
    Method::ALL.into_iter().filter(|method| *method == chosen || has(*method)).collect()
}

/// "Not for this network: LRP, …", with the reason on hover, on focus, and for those who hear the page.
#[component]
fn AbsentMethods(lab: Lab) -> impl IntoView {
    let absent = Memo::new(move |_| lab.report().map(|model| model.absent.clone()).unwrap_or_default());
    let shown = RwSignal::new(None::<Method>);
    let reason = move || {
        let shown = shown.get()?;
        absent.with(|absent| {
            absent.iter().find(|(method, _)| *method == shown).map(|(method, reason)| format!("{}: {reason}.", method.info().title))
        })
    };
    let name = move |(method, reason): (Method, String)| {
        let id = format!("why-not-{}", method.id());
        view! {
            <li>
                <button type="button" class="why" aria-describedby=id.clone() data-testid="absent-method"
                    on:mouseenter=move |_| shown.set(Some(method)) on:mouseleave=move |_| shown.set(None)
                    on:focus=move |_| shown.set(Some(method)) on:blur=move |_| shown.set(None)
                    on:click=move |_| shown.set(Some(method))>{method.info().title}</button>
                <span class="hidden" id=id>{reason}</span>
            </li>
        }
    };
    view! {
        <Show when=move || absent.with(|absent| !absent.is_empty())>
            <div class="note absent" data-testid="absent-methods">
                <span id="absent-title">"Not for this network:"</span> " "
                <ul aria-labelledby="absent-title">{move || absent.get().into_iter().map(name).collect_view()}</ul>
                <p class="reason" aria-hidden="true">{reason}</p>
            </div>
        </Show>
    }
}
