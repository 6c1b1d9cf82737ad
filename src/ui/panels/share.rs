//! The link to the experiment.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::ui::address;
use crate::ui::state::Lab;

#[derive(Clone, PartialEq)]
enum Feedback {
    None,
    Copied,
    ByHand(String),
}

/// The button that copies the link, with its feedback.
#[component]
pub fn Share(lab: Lab) -> impl IntoView {
    let feedback = RwSignal::new(Feedback::None);
    let copy = move |_| {
        let link = lab.experiment.with_untracked(address::whole);
        spawn_local(async move {
            // Without a secure connection there is no clipboard; the link is then shown to be copied by hand.
            let clipboard = js_sys::Reflect::has(&window().navigator(), &"clipboard".into()) == Ok(true) && window().is_secure_context();
            let copied = clipboard && JsFuture::from(window().navigator().clipboard().write_text(&link)).await.is_ok();
            feedback.set(if copied { Feedback::Copied } else { Feedback::ByHand(link) });
            if copied {
                set_timeout(move || feedback.set(Feedback::None), Duration::from_secs(4));
            }
        });
    };
    let select_all = |event: web_sys::FocusEvent| event_target::<web_sys::HtmlInputElement>(&event).select();
    view! {
        <div class="share">
            <button type="button" class="plain" data-testid="copy-link" on:click=copy>
                {move || if feedback.get() == Feedback::Copied { "Link copied" } else { "Copy link" }}
            </button>
            <span class="hidden" role="status">{move || (feedback.get() == Feedback::Copied).then_some("Link copied")}</span>
            {move || match feedback.get() {
                Feedback::ByHand(link) => Some(view! {
                    <label class="by-hand">
                        "Copy this link: "
                        <input type="text" readonly prop:value=link on:focus=select_all/>
                    </label>
                }),
                _ => None,
            }}
        </div>
    }
}
