//! The choice of the language.

use leptos::prelude::*;

use crate::presenting;
use crate::stores::Stores;
use crate::widgets::choice::{Choice, entries};
use sweetspot_core::words::Language;

/// The menu. The page tells the browser which language it is in.
#[component]
pub fn LanguageChoice(stores: Stores) -> impl IntoView {
    let language = stores.texts.language;
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", language.get().id());
        }
    });
    let list = Signal::stored(entries(Language::ALL.map(|one| (one.id(), one.name()))));
    let value = Signal::derive(move || language.get().id().to_string());
    let choose = Callback::new(move |id: String| {
        if let Some(language) = Language::from_id(&id) {
            presenting::speak(stores, language);
        }
    });
    view! { <div class="language"><Choice id="language" label=stores.texts.words("language") hidden=true options=list value choose/></div> }
}
