//! The list of lessons, from which one is begun.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::assets;
use crate::state::Lab;
use crate::widgets::choice::Raw;
use crate::widgets::markup::Html;
use crate::widgets::sheet::{Sheet, hide};
use sweetspot_core::presentation::Place;

/// The button and the dialog it opens.
#[component]
pub fn LessonList(lab: Lab) -> impl IntoView {
    let sheet = NodeRef::new();
    let on_open = Callback::new(move |()| spawn_local(async move { lab.list_lessons().await }));
    let begin = move |event: web_sys::MouseEvent| {
        let entry = event_target::<web_sys::Element>(&event).closest("[data-id]").ok().flatten();
        if let Some(name) = entry.and_then(|entry| entry.get_attribute("data-id")) {
            hide(sheet);
            lab.go_to(Place::first(&name));
        }
    };
    let list = Signal::derive(move || entries(lab));
    view! {
        <Sheet id="lessons" open=lab.words("lessons.title") title=lab.words("lessons.title") close=lab.words("close") sheet on_open>
            <p>{lab.words("lessons.says")}</p>
            <div on:click=begin><Raw html=list/></div>
        </Sheet>
    }
    .into_any()
}

/// The lessons, as buttons. Follows the signals.
fn entries(lab: Lab) -> Html {
    let language = lab.showing.language.get();
    let entry = |listed: &assets::Listed| {
        let (title, says) = listed.said(language);
        let minutes = language.phrase("lessons.minutes", &[("n", &listed.minutes.to_string())]);
        let said = Html::around("strong", &title).with(Html::around("span", &says)).with(Html::around("small", &minutes));
        let attributes = [("type", "button"), ("class", "lesson-entry"), ("data-testid", "lesson-entry"), ("data-id", &listed.id)];
        Html::tag("li", &[], Html::tag("button", &attributes, said))
    };
    let list = lab.showing.lessons.with(|lessons| lessons.iter().map(entry).collect());
    Html::tag("ul", &[("class", "lesson-list")], Html::all(list))
}
