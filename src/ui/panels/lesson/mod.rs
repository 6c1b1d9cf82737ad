//! The lesson that is going on: it stands where the set-up stands otherwise, and the bench beside it is its figure.

mod list;
mod step;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

pub use self::list::LessonList;
use self::step::Pieces;
use crate::ui::state::Lab;

/// The lesson, if one is going on.
#[component]
pub fn LessonReader(lab: Lab) -> impl IntoView {
    let going = Memo::new(move |_| lab.showing.in_lesson());
    move || going.get().then(|| view! { <Reader lab/> }.into_any())
}

#[component]
fn Reader(lab: Lab) -> impl IntoView {
    let showing = lab.showing;
    let heading = NodeRef::<leptos::html::H2>::new();
    // Where the reader is, in a form that changes only with the step and the language.
    let at = Memo::new(move |_| showing.step().map(|(lesson, at)| (lesson.title.clone(), at, lesson.steps.len())));
    let title = move || at.get().map_or_else(|| lab.word("lesson.loading").to_string(), |(title, ..)| title);
    let place = move || {
        let (_, at, steps) = at.get()?;
        Some(lab.phrase("lesson.step", &[("n", &(at + 1).to_string()), ("of", &steps.to_string())]))
    };
    let step_title = move || showing.step().map(|(lesson, at)| lesson.steps[at].title.clone());
    let first = move || at.get().is_none_or(|(_, at, _)| at == 0);
    let last = move || at.get().is_none_or(|(_, at, steps)| at + 1 == steps);
    // After a step the reader went to, the focus is on its heading, from where the text is read on.
    Effect::new(move |before: Option<u32>| {
        let moves = showing.moves.get();
        if before.is_none_or(|before| before == moves) && moves == 0 {
            return moves;
        }
        at.track();
        request_animation_frame(move || {
            if let Some(heading) = heading.get_untracked() {
                let _ = heading.focus();
            }
        });
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
            lab.go_by(steps);
        }
    };
    view! {
        <section class="lesson" aria-labelledby="lesson-title" data-testid="lesson" on:keydown=key>
            <div class="lesson-head">
                <p data-testid="lesson-name">{title}</p>
                <button type="button" class="plain" data-testid="lesson-leave" on:click=move |_| lab.leave_lesson()>{move || lab.word("lesson.leave")}</button>
            </div>
            <p class="lesson-place">
                <progress aria-hidden="true" max=move || at.get().map_or(1, |(.., steps)| steps).to_string()
                    value=move || at.get().map_or(0, |(_, at, _)| at + 1).to_string()></progress>
                <span role="status" aria-live="polite" data-testid="lesson-place">{place}</span>
            </p>
            <h2 id="lesson-title" tabindex="-1" data-testid="lesson-title" node_ref=heading>{step_title}</h2>
            {move || at.get().map(|_| view! { <Pieces lab/> })}
            <div class="lesson-foot">
                <button type="button" data-testid="lesson-back" disabled=first on:click=move |_| lab.go_by(-1)>
                    <span aria-hidden="true">"\u{2190} "</span>{move || lab.word("lesson.back")}
                </button>
                <button type="button" class="primary" data-testid="lesson-next" disabled=last on:click=move |_| lab.go_by(1)>
                    {move || lab.word("lesson.next")}<span aria-hidden="true">" \u{2192}"</span>
                </button>
            </div>
        </section>
    }
}
