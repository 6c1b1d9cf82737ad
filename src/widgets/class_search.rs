//! A search box over class names with a list of what fits: a combobox as the ARIA practices describe it.

use std::sync::Arc;

use js_sys::{Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, KeyboardEvent};

use super::following::following;
use crate::{search, text};

/// How many fitting classes are listed.
const LISTED: usize = 40;

/// The box. Up and down move through the list, Enter takes a class, Escape closes the list.
#[component]
pub fn ClassSearch(
    /// The names.
    classes: RwSignal<Arc<Vec<String>>>,
    /// The class that is chosen now.
    chosen: Signal<Option<usize>>,
    /// What to do with a choice.
    on_choose: Callback<usize>,
) -> impl IntoView {
    let name = move |index: usize| classes.with(|classes| classes.get(index).cloned()).unwrap_or_else(|| format!("class {index}"));
    let query = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let active = RwSignal::new(0_usize);
    let found = Memo::new(move |_| classes.with(|classes| search::classes(classes, &query.get(), LISTED)));
    // The chosen class stands in the box whenever it is not being searched in.
    Effect::new(move |_| {
        if let Some(index) = chosen.get() {
            query.set(text::short(&name(index)).to_string());
        }
    });
    let showing = move || open.get() && !query.with(|query| query.trim().is_empty());
    let take = move |index: usize| {
        query.set(text::short(&name(index)).to_string());
        open.set(false);
        on_choose.run(index);
    };
    let typed = move |event| {
        query.set(event_target_value(&event));
        active.set(0);
        open.set(true);
        scroll_to_active();
    };
    let key = move |event: KeyboardEvent| {
        let count = found.with(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => {
                active.update(|active| *active = if open.get_untracked() { (*active + 1) % count } else { 0 });
                open.set(true);
            }
            "ArrowUp" if count > 0 => {
                active.update(|active| *active = (*active + count - 1) % count);
                open.set(true);
            }
            "Enter" if showing() => {
                if let Some(index) = found.with(|found| found.get(active.get_untracked()).copied()) {
                    take(index);
                }
            }
            "Escape" if showing() => open.set(false),
            _ => return,
        }
        event.prevent_default();
        scroll_to_active();
    };
    let active_id = move || (showing() && found.with(|found| !found.is_empty())).then(|| format!("class-option-{}", active.get()));
    let count = move || match found.with(Vec::len) {
        _ if !showing() => String::new(),
        0 => "No class fits.".into(),
        LISTED => format!("The first {LISTED} classes that fit."),
        1 => "1 class fits.".into(),
        count => format!("{count} classes fit."),
    };
    view! {
        <div class="class-search">
            <label class="field">
                <span>"Search a class"</span>
                <input type="text" role="combobox" autocomplete="off" spellcheck="false" aria-autocomplete="list" aria-controls="class-list"
                    aria-expanded=move || showing().to_string() aria-activedescendant=active_id placeholder="such as tabby or 281"
                    data-testid="class-search" prop:value=move || query.get() on:input=typed on:keydown=key
                    on:focus=select_all
                    on:blur=move |_| open.set(false)/>
            </label>
            <ul id="class-list" role="listbox" aria-label="Classes that fit" hidden=move || !showing() data-testid="class-list">
                {following(move || found.get().into_iter().enumerate().map(|(place, index)| {
                    // The box keeps the focus, so that its list stays open until the click arrives.
                    view! {
                        <li id=format!("class-option-{place}") role="option" aria-selected=move || (active.get() == place).to_string()
                            data-testid="class-option" data-index=index.to_string()
                            on:mousedown=|event| event.prevent_default() on:click=move |_| take(index)>
                            {name(index)}
                        </li>
                    }
                }).collect_view())}
            </ul>
            <p class="note" role="status">{following(count)}</p>
        </div>
    }
}

/// Marks what stands in the box, so that typing replaces it.
fn select_all(event: web_sys::FocusEvent) {
    event_target::<HtmlInputElement>(&event).select();
}

/// Keeps the active option in sight, scrolling no further than needed.
fn scroll_to_active() {
    request_animation_frame(|| {
        let Ok(Some(option)) = document().query_selector("#class-list [aria-selected='true']") else { return };
        let scroll = Reflect::get(&option, &"scrollIntoView".into()).ok().and_then(|scroll| scroll.dyn_into::<Function>().ok());
        let nearest = Object::new();
        let _ = Reflect::set(&nearest, &"block".into(), &"nearest".into());
        if let Some(scroll) = scroll {
            let _ = scroll.call1(&option, &nearest);
        }
    });
}
