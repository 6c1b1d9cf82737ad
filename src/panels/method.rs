//! The menu of methods, and why some are not on it.

use leptos::prelude::*;

use crate::address::Commit;
use crate::session;
use crate::stores::Stores;
use crate::widgets::choice::{Choice, Entry, entries};
use crate::widgets::following::following;
use crate::widgets::why_not::WhyNot;
use sweetspot_core::attribution::method::{Family, Method, Needs};

/// The menu.
#[component]
pub fn MethodChoice(stores: Stores) -> impl IntoView {
    let method = Memo::new(move |_| stores.experiment.with(|experiment| experiment.attribution.method));
    let absent = Memo::new(move |_| {
        let absent = stores.answers.report().map(|model| model.absent.clone()).unwrap_or_default();
        absent.into_iter().map(|(method, reason)| (method.id(), method.info().title, reason)).collect()
    });
    let choose = Callback::new(move |id: String| {
        if let Ok(method) = Method::from_id(&id) {
            session::change(stores, Commit::Done("method"), |experiment| experiment.attribution.choose(method));
        }
    });
    let group = |(family, methods): (Family, Vec<Method>), offered: &[Method]| {
        let own = methods.iter().filter(|method| offered.contains(method)).map(|method| (method.id(), method.info().title));
        let own = entries(own);
        (!own.is_empty()).then_some(Entry::Group(family.title(), own))
    };
    let list = Signal::derive(move || {
        let offered = offered(stores);
        Method::groups().into_iter().filter_map(|family| group(family, &offered)).collect()
    });
    view! {
        <Choice id="method" label="Method" options=list value=Signal::derive(move || method.get().id().into()) choose described="method-says"/>
        <p class="note" id="method-says">{following(move || method.get().info().says)} " (" {following(move || method.get().info().source)} ")"</p>
        <Show when=move || method.get() == Method::SmoothGradIg>
            <p><span class="tag" data-testid="as-in-paper">"as in the paper\u{2019}s code"</span></p>
        </Show>
        <WhyNot kind="method" absent/>
    }
}

/// The methods that can be had on the chosen network, and the chosen one in any case. Before the engine has read the network, those that
/// can be had on every one. Follows the signals.
fn offered(stores: Stores) -> Vec<Method> {
    let chosen = stores.experiment.with(|experiment| experiment.attribution.method);
    let absent = stores.answers.report().map(|model| model.absent.clone());
    let has = |method: Method| match &absent {
        Some(absent) => absent.iter().all(|(one, _)| *one != method),
        None => method.info().needs == Needs::Any,
    };
    Method::all().filter(|method| *method == chosen || has(*method)).collect()
}
