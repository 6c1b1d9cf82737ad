//! The list of lessons, from which one is begun.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::presentation::Place;
use crate::ui::assets::{self, Listed};
use crate::ui::state::Lab;

/// The button and the dialog it opens.
#[component]
pub fn LessonList(lab: Lab) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let failed = RwSignal::new(None::<String>);
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
        if lab.showing.lessons.with_untracked(Vec::is_empty) {
            spawn_local(async move {
                match assets::lessons().await {
                    Ok(lessons) => lab.showing.lessons.set(lessons),
                    Err(error) => failed.set(Some(error.to_string())),
                }
            });
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let begin = Callback::new(move |name: String| {
        close();
        lab.go_to(Place::first(&name));
    });
    view! {
        <button type="button" class="plain" data-testid="lessons-open" on:click=open>{move || lab.word("lessons.title")}</button>
        <dialog class="audit" aria-labelledby="lessons-title" data-testid="lessons" node_ref=dialog>
            <div class="panel-head">
                <h2 id="lessons-title">{move || lab.word("lessons.title")}</h2>
                <button type="button" class="plain" data-testid="lessons-close" on:click=move |_| close()>{move || lab.word("close")}</button>
            </div>
            <p>{move || lab.word("lessons.says")}</p>
            <p class="alert" role="alert" hidden=move || failed.with(Option::is_none)>{move || failed.get()}</p>
            <ul class="lesson-list">
                <For each=move || lab.showing.lessons.get() key=|listed| listed.id.clone() let(listed)><Entry lab listed begin/></For>
            </ul>
        </dialog>
    }
}

#[component]
fn Entry(lab: Lab, listed: Listed, begin: Callback<String>) -> impl IntoView {
    let (id, minutes) = (listed.id.clone(), listed.minutes.to_string());
    let said = Memo::new(move |_| listed.said(lab.showing.language.get()));
    view! {
        <li>
            <button type="button" class="lesson-entry" data-testid="lesson-entry" data-id=id.clone() on:click=move |_| begin.run(id.clone())>
                <strong>{move || said.get().0}</strong>
                <span>{move || said.get().1}</span>
                <small>{move || lab.phrase("lessons.minutes", &[("n", &minutes)])}</small>
            </button>
        </li>
    }
}
