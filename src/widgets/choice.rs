//! A menu.

use leptos::prelude::*;

use super::following::following;

/// An entry of a menu, or several under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// What can be chosen.
    One {
        /// What it stands for.
        value: String,
        /// What it is called.
        name: String,
        /// Whether it is there only to be read.
        off: bool,
    },
    /// Entries under a heading.
    Group(&'static str, Vec<Entry>),
}

impl Entry {
    /// An entry that cannot be chosen.
    pub fn off(value: impl Into<String>, name: impl Into<String>) -> Self {
        Self::One { value: value.into(), name: name.into(), off: true }
    }

    /// Whether it is, or holds, the entry of a value.
    fn holds(&self, wanted: &str) -> bool {
        match self {
            Self::One { value, .. } => value == wanted,
            Self::Group(_, entries) => entries.iter().any(|entry| entry.holds(wanted)),
        }
    }

    fn view(&self, chosen: &str) -> AnyView {
        match self {
            Self::One { value, name, off } => {
                view! { <option value=value.clone() disabled=*off prop:selected=value == chosen>{name.clone()}</option> }.into_any()
            }
            Self::Group(title, entries) => {
                let entries = entries.iter().map(|entry| entry.view(chosen)).collect_view();
                view! { <optgroup label=*title>{entries}</optgroup> }.into_any()
            }
        }
    }
}

/// Entries: values with their names.
pub fn entries<V: Into<String>, N: Into<String>>(pairs: impl IntoIterator<Item = (V, N)>) -> Vec<Entry> {
    pairs.into_iter().map(|(value, name)| Entry::One { value: value.into(), name: name.into(), off: false }).collect()
}

/// A labelled menu.
#[component]
pub fn Choice(
    /// Its name for tests.
    id: &'static str,
    /// What is chosen.
    #[prop(into)]
    label: Signal<&'static str>,
    /// Its entries.
    options: Signal<Vec<Entry>>,
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
    let list = move || {
        let value = value.get();
        options.with(|entries| {
            // What is not on the menu is shown as nothing, not as the first entry.
            let unknown = entries.iter().all(|entry| !entry.holds(&value));
            let nothing = unknown.then(|| view! { <option hidden value=value.clone() prop:selected=true></option> });
            let entries = entries.iter().map(|entry| entry.view(&value)).collect_view();
            view! { {nothing} {entries} }
        })
    };
    view! {
        <label class="field" class:inline=inline>
            <span class:hidden=hidden>{following(move || label.get())}</span>
            <select data-testid=id aria-describedby=(!described.is_empty()).then_some(described) on:change=move |event| choose.run(event_target_value(&event))>
                {following(list)}
            </select>
        </label>
    }
    .into_any()
}
