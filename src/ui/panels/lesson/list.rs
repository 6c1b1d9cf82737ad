//! The list of lessons, from which one is begun.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::presentation::Place;
use crate::ui::assets;
use crate::ui::state::Lab;
use crate::ui::widgets::choice::Raw;
use crate::ui::widgets::markup::Html;

/// The button and the dialog it opens.
#[component]
pub fn LessonList(lab: Lab) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
        spawn_local(async move { lab.list_lessons().await });
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let begin = move |event: web_sys::MouseEvent| {
        let entry = event_target::<web_sys::Element>(&event).closest("[data-id]").ok().flatten();
        if let Some(name) = entry.and_then(|entry| entry.get_attribute("data-id")) {
            close();
            lab.go_to(Place::first(&name));
        }
    };
    let list = Signal::derive(move || entries(lab));
    view! {
        <button type="button" class="plain" data-testid="lessons-open" on:click=open>{lab.words("lessons.title")}</button>
        <dialog class="audit" aria-labelledby="lessons-title" data-testid="lessons" node_ref=dialog>
            <div class="panel-head">
                <h2 id="lessons-title">{lab.words("lessons.title")}</h2>
                <button type="button" class="plain" data-testid="lessons-close" on:click=move |_| close()>{lab.words("close")}</button>
            </div>
            <p>{lab.words("lessons.says")}</p>
            <div on:click=begin><Raw html=list/></div>
        </dialog>
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
