//! The sixteen categories on a circle, each with an icon, a letter and its name.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use sweetspot_core::alignment::categories::Category;

/// The letter of a category: a for the first, p for the last.
pub fn letter(category: Category) -> char {
    char::from(b'a' + category.index() as u8)
}

/// The category of a letter.
pub fn of_letter(key: &str) -> Option<Category> {
    let mut letters = key.chars();
    let letter = letters.next()?.to_ascii_lowercase();
    Category::ALL.into_iter().find(|category| self::letter(*category) == letter && letters.as_str().is_empty())
}

/// The buttons, clockwise from the top in the alphabet's order.
pub fn buttons(answer: Callback<Category>) -> AnyView {
    let button = |category: Category| {
        let id = category.id();
        let key = letter(category).to_string();
        view! {
            <button type="button" class="spoke" data-category=id aria-label=id aria-keyshortcuts=key.clone() on:click=move |_| answer.run(category)>
                <svg aria-hidden="true" width="40" height="40"><use href=format!("icons16.svg#{id}")></use></svg>
                <span class="spoke-key" aria-hidden="true">{key.clone()}</span>
                <span class="spoke-name">{id}</span>
            </button>
        }
    };
    Category::ALL.map(button).collect_view().into_any()
}

/// Moves the focus along the circle: to the next or the one before, from the top if it is on none.
pub fn turn(ring: &HtmlElement, forwards: bool) -> Option<()> {
    let buttons = ring.query_selector_all(".spoke").ok()?;
    let count = buttons.length();
    let focused = ring.owner_document()?.active_element();
    let at = (0..count)
        .find(|at| buttons.item(*at).as_ref().map(AsRef::as_ref) == focused.as_ref().map(|element| element.as_ref() as &web_sys::Node));
    let next = match (at, forwards) {
        (None, _) => 0,
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
    };
    buttons.item(next)?.dyn_into::<HtmlElement>().ok()?.focus().ok()
}
