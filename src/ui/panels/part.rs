//! A frame around a part of the page, which a link or a lesson can hide.

use leptos::prelude::*;

use crate::presentation::Part;
use crate::ui::state::Lab;

/// The frame. What is hidden stays as it is, and comes back as it was.
#[component]
pub fn Shown(
    lab: Lab,
    /// Which part it is.
    part: Part,
    /// The part.
    children: Children,
) -> impl IntoView {
    let shown = Memo::new(move |_| lab.showing.shows(part));
    // Panels are in English, whatever is spoken around them.
    let language = part.is_panel().then_some("en");
    view! { <div class="part" data-part=part.id() lang=language hidden=move || !shown.get()>{children()}</div> }.into_any()
}
