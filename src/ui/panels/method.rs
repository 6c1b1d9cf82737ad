//! The menu of methods, and why some are not on it.

use leptos::prelude::*;

use crate::attribution::method::{Family, Method, Needs};
use crate::ui::address::Commit;
use crate::ui::state::Lab;
use crate::ui::widgets::why_not::WhyNot;

/// The menu.
#[component]
pub fn MethodChoice(lab: Lab) -> impl IntoView {
    let method = Memo::new(move |_| lab.experiment.with(|experiment| experiment.attribution.method));
    let offered = Memo::new(move |_| offered(lab));
    let absent = Memo::new(move |_| {
        let absent = lab.report().map(|model| model.absent.clone()).unwrap_or_default();
        absent.into_iter().map(|(method, reason)| (method.id(), method.info().title, reason)).collect()
    });
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
        <WhyNot kind="method" absent/>
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
