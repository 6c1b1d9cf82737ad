//! A button that copies a link, and says that it did.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::following::following;
use crate::stores::texts::Texts;

#[derive(Clone, PartialEq)]
enum Feedback {
    None,
    Copied,
    ByHand(String),
}

/// The button with its feedback. Without a secure connection there is no clipboard; the link is then shown to be copied by hand.
#[component]
pub fn CopyLink(
    texts: Texts,
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
            {following(move || if copied() { texts.word("share.copied") } else { texts.word("share.copy") })}
        </button>
        <span class="hidden" role="status">{following(move || copied().then(|| texts.word("share.copied")))}</span>
        {following(move || match feedback.get() {
            Feedback::ByHand(link) => Some(view! {
                <label class="by-hand">
                    {texts.word("share.by-hand")} " "
                    <input type="text" readonly prop:value=link on:focus=select_all/>
                </label>
            }),
            _ => None,
        })}
    }
    .into_any()
}
