//! A foldable group of controls whose head says what is chosen.

use leptos::prelude::*;

use crate::widgets::following::following;

/// The group. It is open on wide screens and folded on narrow ones, until the reader decides.
#[component]
pub fn Group(
    /// Its heading.
    #[prop(into)]
    title: Signal<&'static str>,
    /// What is chosen in it.
    #[prop(into)]
    chosen: Signal<String>,
    /// The controls.
    children: Children,
) -> impl IntoView {
    let wide = window().match_media("(min-width: 60rem)").ok().flatten().is_none_or(|query| query.matches());
    view! {
        <details class="group" open=wide>
            <summary>
                <h2>{following(move || title.get())}</h2>
                <span class="chosen">{following(move || chosen.get())}</span>
            </summary>
            <div class="group-body">{children()}</div>
        </details>
    }
}

/// Whether a `<details>` element is open after its `toggle` event.
pub fn is_open(event: &web_sys::Event) -> bool {
    js_sys::Reflect::get(&event_target::<web_sys::Element>(event), &"open".into()).is_ok_and(|open| open.is_truthy())
}
