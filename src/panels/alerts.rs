//! Messages about what went wrong, until they are dismissed.

use leptos::prelude::*;

use crate::stores::Stores;

/// The messages.
#[component]
pub fn Alerts(stores: Stores) -> impl IntoView {
    let dismiss = move |id: u32| stores.messages.alerts.update(|alerts| alerts.retain(|alert| alert.id != id));
    view! {
        <div class="alerts" aria-live="assertive" data-testid="alerts">
            <For each=move || stores.messages.alerts.get() key=|alert| alert.id let(alert)>
                <div class="alert" role="alert" data-testid="alert">
                    <p>{alert.text.clone()}</p>
                    <button type="button" aria-label="Dismiss this message" data-testid="dismiss" on:click=move |_| dismiss(alert.id)>
                        "Dismiss"
                    </button>
                </div>
            </For>
        </div>
    }
}
