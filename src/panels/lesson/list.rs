//! The list of lessons, from which one is begun.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::assets;
use crate::showing;
use crate::stores::Stores;
use crate::widgets::choice::Raw;
use crate::widgets::markup::Html;
use crate::widgets::sheet::{Sheet, hide};
use sweetspot_core::presentation::Place;

/// The button and the dialog it opens.
#[component]
pub fn LessonList(stores: Stores) -> impl IntoView {
    let sheet = NodeRef::new();
    let on_open = Callback::new(move |()| spawn_local(async move { showing::list_lessons(stores).await }));
    let begin = move |event: web_sys::MouseEvent| {
        let entry = event_target::<web_sys::Element>(&event).closest("[data-id]").ok().flatten();
        if let Some(name) = entry.and_then(|entry| entry.get_attribute("data-id")) {
            hide(sheet);
            showing::go_to(stores, Place::first(&name));
        }
    };
    let list = Signal::derive(move || entries(stores));
    view! {
        <Sheet id="lessons" open=stores.texts.words("lessons.title") title=stores.texts.words("lessons.title") close=stores.texts.words("close") sheet on_open>
            <p>{stores.texts.words("lessons.says")}</p>
            <div on:click=begin><Raw html=list/></div>
        </Sheet>
    }
    .into_any()
}

/// The lessons, as buttons. Follows the signals.
fn entries(stores: Stores) -> Html {
    let language = stores.texts.language.get();
    let entry = |listed: &assets::Listed| {
        let (title, says) = listed.said(language);
        let minutes = language.phrase("lessons.minutes", &[("n", &listed.minutes.to_string())]);
        let said = Html::around("strong", &title).with(Html::around("span", &says)).with(Html::around("small", &minutes));
        let attributes = [("type", "button"), ("class", "lesson-entry"), ("data-testid", "lesson-entry"), ("data-id", &listed.id)];
        Html::tag("li", &[], Html::tag("button", &attributes, said))
    };
    let list = stores.lessons.list.with(|lessons| lessons.iter().map(entry).collect());
    Html::tag("ul", &[("class", "lesson-list")], Html::all(list))
}
