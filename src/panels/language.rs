//! The choice of the language.

use leptos::prelude::*;

use crate::state::Lab;
use crate::widgets::choice::Choice;
use crate::widgets::markup::options;
use sweetspot_core::words::Language;

/// The menu. The page tells the browser which language it is in.
#[component]
pub fn LanguageChoice(lab: Lab) -> impl IntoView {
    let language = lab.showing.language;
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", language.get().id());
        }
    });
    let list = Signal::stored(options(Language::ALL.map(|one| (one.id(), one.name()))));
    let value = Signal::derive(move || language.get().id().to_string());
    let choose = Callback::new(move |id: String| {
        if let Some(language) = Language::from_id(&id) {
            lab.speak(language);
        }
    });
    view! { <div class="language"><Choice id="language" label=lab.words("language") hidden=true options=list value choose/></div> }
}
