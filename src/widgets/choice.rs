//! A menu, and a frame for HTML that comes as text: each compiled once, however many the page has.

use leptos::prelude::*;

use super::markup::Html;

/// A labelled menu.
#[component]
pub fn Choice(
    /// Its name for tests.
    id: &'static str,
    /// What is chosen.
    #[prop(into)]
    label: Signal<&'static str>,
    /// Its options.
    options: Signal<Html>,
    /// The chosen one.
    value: Signal<String>,
    /// What to do with a choice.
    choose: Callback<String>,
    /// Whether label and menu share a line.
    #[prop(optional)]
    inline: bool,
    /// Whether the label is only heard.
    #[prop(optional)]
    hidden: bool,
    /// The id of what says more of it.
    #[prop(optional)]
    described: &'static str,
) -> impl IntoView {
    let select = NodeRef::<leptos::html::Select>::new();
    Effect::new(move |before: Option<Option<Html>>| {
        let (options, value) = (options.get(), value.get());
        let select = select.get()?;
        if before.flatten().as_ref() != Some(&options) {
            select.set_inner_html(&options.clone().into_string());
        }
        select.set_value(&value);
        Some(options)
    });
    view! {
        <label class="field" class:inline=inline>
            <span class:hidden=hidden>{move || label.get()}</span>
            <select data-testid=id aria-describedby=(!described.is_empty()).then_some(described) node_ref=select
                on:change=move |event| choose.run(event_target_value(&event))></select>
        </label>
    }
    .into_any()
}

/// A frame around HTML.
#[component]
pub fn Raw(
    /// The HTML.
    html: Signal<Html>,
    /// The frame's class.
    #[prop(optional)]
    class: &'static str,
    /// The frame's name for tests.
    #[prop(optional)]
    id: &'static str,
) -> impl IntoView {
    view! { <div class=class data-testid=id inner_html=move || html.get().into_string()></div> }.into_any()
}
