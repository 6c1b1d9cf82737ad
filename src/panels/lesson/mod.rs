//! The lesson that is going on: it stands where the set-up stands otherwise, and the comparison beside it is its figure.

mod list;
mod step;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

pub use self::list::LessonList;
use self::step::Pieces;
use crate::showing;
use crate::stores::Stores;
use crate::widgets::following::following;

/// The lesson, if one is going on.
#[component]
pub fn LessonReader(stores: Stores) -> impl IntoView {
    let going = Memo::new(move |_| stores.presentation.in_lesson());
    move || going.get().then(|| view! { <Reader stores/> }.into_any())
}

/// What the lesson is called, and how much of it is done. Follows the signals.
fn head(stores: Stores) -> AnyView {
    let Some((lesson, at)) = stores.lessons.step() else { return stores.texts.word("lesson.loading").into_any() };
    let (done, of) = ((at + 1).to_string(), lesson.steps.len().to_string());
    view! { {lesson.title.clone()} <progress aria-hidden="true" max=of value=done></progress> }.into_any()
}

#[component]
fn Reader(stores: Stores) -> impl IntoView {
    let lessons = stores.lessons;
    let heading = NodeRef::<leptos::html::H2>::new();
    // Where the reader is: changes with the step and the language only. Empty while the lesson is being read.
    let at = Memo::new(move |_| lessons.step().map(|(lesson, at)| format!("{}.{at}", lesson.title)).unwrap_or_default());
    let place = move || {
        let (lesson, at) = lessons.step()?;
        Some(stores.texts.phrase("lesson.step", &[("n", &(at + 1).to_string()), ("of", &lesson.steps.len().to_string())]))
    };
    let step_title = move || lessons.step().map(|(lesson, at)| lesson.steps[at].title.clone());
    let first = move || lessons.step().is_none_or(|(_, at)| at == 0);
    let last = move || lessons.step().is_none_or(|(lesson, at)| at + 1 == lesson.steps.len());
    // After a step the reader went to, the focus is on its heading, from where the text is read on.
    Effect::new(move |before: Option<u32>| {
        let (before, moves, there) = (before.unwrap_or(0), lessons.moves.get(), !at.get().is_empty());
        if !there || moves == before {
            return before;
        }
        // Held as it is now: when the frame comes, the reader may have left the lesson, and the reference with it.
        if let Some(heading) = heading.get_untracked() {
            request_animation_frame(move || drop(heading.focus()));
        }
        moves
    });
    let key = move |event: KeyboardEvent| {
        let own = event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|target| {
            // Radio buttons and menus have the arrow keys themselves.
            matches!(&*target.tag_name(), "INPUT" | "SELECT" | "TEXTAREA")
        });
        let steps = match &*event.key() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        if !own && !event.alt_key() && !event.ctrl_key() && !event.meta_key() && !event.default_prevented() {
            event.prevent_default();
            showing::go_by(stores, steps);
        }
    };
    view! {
        <section class="lesson" aria-labelledby="lesson-title" data-testid="lesson" on:keydown=key>
            <div class="lesson-head">
                <div data-testid="lesson-name">{following(move || head(stores))}</div>
                <button type="button" class="plain" data-testid="lesson-leave" on:click=move |_| showing::leave_lesson(stores)>{stores.texts.words("lesson.leave")}</button>
            </div>
            <p class="lesson-place" role="status" aria-live="polite" data-testid="lesson-place">{following(place)}</p>
            <h2 id="lesson-title" tabindex="-1" data-testid="lesson-title" node_ref=heading>{following(step_title)}</h2>
            {following(move || Some(at.get()).filter(|at| !at.is_empty()).map(|_| view! { <Pieces stores/> }))}
            <div class="lesson-foot">
                <button type="button" data-testid="lesson-back" disabled=first on:click=move |_| showing::go_by(stores, -1)>
                    <span aria-hidden="true">"\u{2190} "</span>{stores.texts.words("lesson.back")}
                </button>
                <button type="button" class="primary" data-testid="lesson-next" disabled=last on:click=move |_| showing::go_by(stores, 1)>
                    {stores.texts.words("lesson.next")}<span aria-hidden="true">" \u{2192}"</span>
                </button>
            </div>
        </section>
    }
}
