//! A button that copies a link, and says that it did.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::state::Lab;

#[derive(Clone, PartialEq)]
enum Feedback {
    None,
    Copied,
    ByHand(String),
}

/// The button with its feedback. Without a secure connection there is no clipboard; the link is then shown to be copied by hand.
#[component]
pub fn CopyLink(
    lab: Lab,
    /// The link.
    link: Signal<String>,
    /// The button's name for tests.
    id: &'static str,
) -> impl IntoView {
    let feedback = RwSignal::new(Feedback::None);
    let copy = move |_| {
        let link = link.get_untracked();
        spawn_local(async move {
            let clipboard = js_sys::Reflect::has(&window().navigator(), &"clipboard".into()) == Ok(true) && window().is_secure_context();
            let copied = clipboard && JsFuture::from(window().navigator().clipboard().write_text(&link)).await.is_ok();
            feedback.set(if copied { Feedback::Copied } else { Feedback::ByHand(link) });
            if copied {
                set_timeout(move || feedback.set(Feedback::None), Duration::from_secs(4));
            }
        });
    };
    let select_all = |event: web_sys::FocusEvent| event_target::<web_sys::HtmlInputElement>(&event).select();
    let copied = move || feedback.get() == Feedback::Copied;
    view! {
        <button type="button" class="plain" data-testid=id on:click=copy>
            {move || if copied() { lab.word("share.copied") } else { lab.word("share.copy") }}
        </button>
        <span class="hidden" role="status">{move || copied().then(|| lab.word("share.copied"))}</span>
        {move || match feedback.get() {
            Feedback::ByHand(link) => Some(view! {
                <label class="by-hand">
                    {lab.word("share.by-hand")} " "
                    <input type="text" readonly prop:value=link on:focus=select_all/>
                </label>
            }),
            _ => None,
        }}
    }
    .into_any()
}
