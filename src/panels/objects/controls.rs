//! How objects are looked for: method, layer, what of it, input size, and the method's parameters.

use leptos::prelude::*;

use crate::address::Commit;
use crate::panels::explanation::taps;
use crate::panels::settings::Fields;
use crate::session;
use crate::stores::Stores;
use crate::text;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::following::following;
use sweetspot_core::attribution::setting::Settings;
use sweetspot_core::card::{Discovered, Located};
use sweetspot_core::discovery::{Facet, InputSize, Method};
use sweetspot_protocol::is_layer;

/// How the queries of a block are called among the taps; its keys and values likewise.
const PARTS: &str = ".attn.";

/// The layers whose tokens can be compared, without the parts of a transformer's block. Follows the signals.
pub fn layers(stores: Stores) -> Vec<String> {
    taps(stores).0.into_iter().filter(|tap| is_layer(tap)).collect()
}

/// Whether the network has queries, keys and values. Follows the signals.
fn attends(stores: Stores) -> bool {
    taps(stores).0.iter().any(|tap| tap.contains(PARTS))
}

/// The controls.
#[component]
pub fn Controls(stores: Stores) -> impl IntoView {
    let how = Memo::new(move |_| stores.experiment.with(|experiment| experiment.discovery.clone()));
    let method = Memo::new(move |_| how.with(|how| how.method));
    let looks = move || method.get().info().looks;
    let methods = Signal::stored(entries(Method::all().map(|method| (method.id(), method.info().title))));
    let choose_method = Callback::new(move |id: String| {
        if let Ok(method) = Method::from_id(&id) {
            session::change(stores, Commit::Done("object-method"), |experiment| experiment.discovery.choose(method));
        }
    });
    let taps = Signal::derive(move || {
        let names = layers(stores);
        let usual = usual(stores);
        let usual =
            if usual.is_empty() { "the network\u{2019}s default".into() } else { format!("the network\u{2019}s default ({usual})") };
        [entries([("", usual)]), entries(names.into_iter().map(|name| (name.clone(), name)))].concat()
    });
    let choose_tap = Callback::new(move |name: String| {
        choose_layer(stores, (!name.is_empty()).then_some(name));
    });
    let facets =
        Signal::stored([entries([("", "as usual (keys)")]), entries(Facet::ALL.iter().map(|facet| (facet.id(), facet.title())))].concat());
    let choose_facet = Callback::new(move |id: String| {
        session::change(stores, Commit::Done("object-facet"), |experiment| experiment.discovery.facet = Facet::from_id(&id).ok());
    });
    let sizes = Signal::stored(entries(InputSize::ALL.iter().map(|size| (size.id(), size.title()))));
    let choose_size = Callback::new(move |id: String| {
        if let Ok(size) = InputSize::from_id(&id) {
            session::change(stores, Commit::Done("object-size"), |experiment| experiment.discovery.size = size);
        }
    });
    let values = Memo::new(move |_| stores.catalogue.discovery(&stores.experiment.get()).settings);
    let set = Callback::new(move |(id, wished): (&'static str, String)| {
        let looks = untrack(|| stores.catalogue.discovery(&stores.experiment.get()));
        session::change(stores, Commit::Done(id), |experiment| {
            // The layer is named from here on, so that usual parameters are not taken for the card's.
            (experiment.discovery.tap, experiment.discovery.settings) = (looks.tap, looks.settings);
            // What is out of range was clamped before; what is no number leaves the value as it was.
            let _ = experiment.discovery.set(id, &wished);
        });
    });
    let untouched = move || how.with(|how| how.tap.is_none() && how.settings == Settings::default());
    let reset = move |_| {
        session::change(stores, Commit::Done("object-settings"), |experiment| {
            (experiment.discovery.tap, experiment.discovery.settings) = Default::default();
        });
    };
    let card_says = move || {
        let card = stores.catalogue.card()?;
        card.discovery.iter().find(|known| known.method == method.get().id()).map(chosen_so)
    };
    let value = move |of: fn(&sweetspot_core::discovery::Discovery) -> String| Signal::derive(move || how.with(of));
    view! {
        <div class="object-controls">
            <Choice id="object-method" label="Method" options=methods value=value(|how| how.method.id().into()) choose=choose_method
                described="object-method-says"/>
            <Show when=looks>
                <Choice id="object-layer" label="Layer" options=taps value=value(|how| how.tap.clone().unwrap_or_default()) choose=choose_tap/>
                <Show when=move || attends(stores)>
                    <Choice id="object-facet" label="What of it" options=facets
                        value=value(|how| how.facet.map(Facet::id).unwrap_or_default().into()) choose=choose_facet/>
                </Show>
            </Show>
            <Choice id="object-size" label="Input" options=sizes value=value(|how| how.size.id().into()) choose=choose_size/>
        </div>
        <p class="note" id="object-method-says">{following(move || method.get().info().says)} " (" {following(move || method.get().info().source)} ")"</p>
        <p class="note" data-testid="object-card">{following(card_says)}</p>
        {following(move || Some(method.get().info().settings).filter(|taken| !taken.is_empty()).map(|taken| view! {
            <details class="inside">
                <summary>"Parameters"</summary>
                <div class="settings" data-testid="object-settings">
                    <Fields taken prefix="object-" values set/>
                    <div class="settings-foot">
                        <button type="button" class="plain" data-testid="object-settings-reset"
                            disabled=untouched on:click=reset>"Reset to this network\u{2019}s usual"</button>
                    </div>
                </div>
            </details>
        }))}
    }
}

/// The layer whose tokens are compared unless told otherwise; empty before it is known. Follows the signals.
fn usual(stores: Stores) -> String {
    let untold = stores.experiment.with(|experiment| {
        let mut experiment = experiment.clone();
        experiment.discovery.tap = None;
        experiment
    });
    stores.catalogue.discovery(&untold).tap.unwrap_or_else(|| taps(stores).1)
}

/// Takes a layer, or the network's usual one; parameters stay.
pub fn choose_layer(stores: Stores, tap: Option<String>) {
    let looks = untrack(|| stores.catalogue.discovery(&stores.experiment.get()));
    session::change(stores, Commit::Done("object-layer"), |experiment| {
        if tap.is_some() {
            experiment.discovery.settings = looks.settings;
        }
        experiment.discovery.tap = tap;
    });
}

/// "Chosen on composites, where it finds the object in 20 of 29; on photos it finds it in 23 of 52."
fn chosen_so(known: &Discovered) -> String {
    let found = |located: &Located| {
        let Located { on, corloc } = located;
        format!("{on}: {} of {} found", text::count(corloc.right), text::count(corloc.of))
    };
    let (chosen, measured) = (found(&known.chosen), found(&known.measured));
    format!("Layer and parameters of this network\u{2019}s card: {}. Chosen on {chosen}. Measured on {measured}.", known.tap)
}
