//! A choice between a few things that all stay in sight.

use leptos::prelude::*;

/// The choice, as radio buttons that look like one control.
#[component]
pub fn Segments<T: Copy + PartialEq + Send + Sync + 'static>(
    /// What is chosen, for those who hear it.
    legend: &'static str,
    /// The name of the group, which must be its own on the page.
    name: &'static str,
    /// The values with their names for tests and for readers.
    options: Vec<(T, &'static str, &'static str)>,
    /// The chosen one.
    chosen: RwSignal<T>,
) -> impl IntoView {
    let option = move |(value, id, title): (T, &'static str, &'static str)| {
        view! {
            <label>
                <input type="radio" name=name value=id data-testid=format!("{name}-{id}") prop:checked=move || chosen.get() == value
                    on:change=move |_| chosen.set(value)/>
                <span>{title}</span>
            </label>
        }
    };
    view! {
        <fieldset class="segments">
            <legend class="hidden">{legend}</legend>
            {options.into_iter().map(option).collect_view()}
        </fieldset>
    }
}
