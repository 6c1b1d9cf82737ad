//! The list of lessons, from which one is begun.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::assets;
use crate::showing;
use crate::stores::Stores;
use crate::widgets::following::following;
use crate::widgets::sheet::{Sheet, hide};
use sweetspot_core::presentation::Place;

/// The button and the dialog it opens.
#[component]
pub fn LessonList(stores: Stores) -> impl IntoView {
    let sheet = NodeRef::new();
    let on_open = Callback::new(move |()| spawn_local(async move { showing::list_lessons(stores).await }));
    let entry = move |listed: assets::Listed| {
        let language = stores.texts.language.get();
        let (title, says) = listed.said(language);
        let minutes = language.phrase("lessons.minutes", &[("n", &listed.minutes.to_string())]);
        let name = listed.id.clone();
        let begin = move |_| {
            hide(sheet);
            showing::go_to(stores, Place::first(&name));
        };
        view! {
            <li>
                <button type="button" class="lesson-entry" data-testid="lesson-entry" data-id=listed.id on:click=begin>
                    <strong>{title}</strong><span>{says}</span><small>{minutes}</small>
                </button>
            </li>
        }
    };
    view! {
        <Sheet id="lessons" open=stores.texts.words("lessons.title") title=stores.texts.words("lessons.title") close=stores.texts.words("close") sheet on_open>
            <p>{stores.texts.words("lessons.says")}</p>
            <ul class="lesson-list">{following(move || stores.lessons.list.get().into_iter().map(entry).collect_view())}</ul>
        </Sheet>
    }
    .into_any()
}
