//! About the numbers: where each method and measure comes from, and what it was checked against.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::attribution::Method;
use crate::error::Error;
use crate::metrics::Measure;
use crate::ui::assets::{self, Audit, Check, Entry};
use crate::ui::text;

/// The most comparisons that stand open.
const MANY: usize = 3;

/// A method or a measure with what is known of its checks.
#[derive(Clone)]
struct Subject {
    id: &'static str,
    kind: &'static str,
    title: &'static str,
    says: &'static str,
    definition: &'static str,
    source: &'static str,
    entry: Option<Entry>,
}

impl Subject {
    fn all(audit: Option<&Audit>) -> Vec<Self> {
        let method = |method: Method| {
            let info = method.info();
            let entry = audit.and_then(|audit| audit.methods.get(info.id).cloned());
            Self {
                id: info.id,
                kind: "Method",
                title: info.title,
                says: info.says,
                definition: info.definition,
                source: info.source,
                entry,
            }
        };
        let measure = |measure: Measure| {
            let info = measure.info();
            // Hyphens stand for underscores.
            let entry =
                audit.and_then(|audit| audit.measures.get(info.id).or_else(|| audit.measures.get(&info.id.replace('_', "-"))).cloned());
            Self {
                id: info.id,
                kind: "Measure",
                title: info.title,
                says: info.says,
                definition: info.definition,
                source: info.source,
                entry,
            }
        };
        Method::ALL.into_iter().map(method).chain(Measure::ALL.into_iter().map(measure)).collect()
    }

    fn checks(&self) -> &[Check] {
        self.entry.as_ref().map_or(&[], |entry| &entry.checks)
    }

    /// Whether every word stands somewhere in what is shown of it.
    fn matches(&self, words: &str) -> bool {
        let mut text = [self.id, self.kind, self.title, self.says, self.definition, self.source].join(" ");
        for check in self.checks() {
            text.extend([" ", &check.against, " ", &check.on, " ", &check.script]);
        }
        let text = text.to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// Which subjects are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    Checked,
    Unchecked,
}

/// The button and the dialog it opens. The address stays the experiment's.
#[component]
pub fn AboutNumbers() -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let audit = RwSignal::new(None::<Result<Arc<Audit>, Error>>);
    let open = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
        if !matches!(audit.get_untracked(), Some(Ok(_))) {
            spawn_local(async move { audit.set(Some(assets::audit().await.map(Arc::new))) });
        }
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <button type="button" class="plain" data-testid="audit-open" on:click=open>"About the numbers"</button>
        <dialog class="audit" aria-labelledby="audit-title" data-testid="audit" node_ref=dialog>
            <div class="panel-head">
                <h2 id="audit-title">"About the numbers"</h2>
                <button type="button" class="plain" data-testid="audit-close" on:click=close>"Close"</button>
            </div>
            <p>
                "Every method and measure on this page is written anew for it. What another implementation computes on the same weights and
                pictures is kept beside the code; this is how far the two are apart, and how far they may be before the tests fail."
            </p>
            {move || audit.get().map(|audit| match audit {
                Ok(audit) => view! { <Subjects audit=Some(audit)/> }.into_any(),
                Err(error) => view! {
                    <p class="alert" role="alert" data-testid="audit-missing">{format!("The record of checks is missing: {error}. Below is what the page knows without it.")}</p>
                    <Subjects audit=None/>
                }.into_any(),
            })}
        </dialog>
    }
}

#[component]
fn Subjects(audit: Option<Arc<Audit>>) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let which = RwSignal::new(Which::All);
    let recorded = audit.is_some();
    let subjects = StoredValue::new(Subject::all(audit.as_deref()));
    let listed = Memo::new(move |_| {
        let (words, which) = (words.get(), which.get());
        let right = |subject: &Subject| match which {
            Which::All => true,
            Which::Checked => !subject.checks().is_empty(),
            Which::Unchecked => subject.checks().is_empty(),
        };
        subjects.with_value(|all| (0..all.len()).filter(|&at| right(&all[at]) && all[at].matches(&words)).collect::<Vec<_>>())
    });
    let total = subjects.with_value(Vec::len);
    view! {
        <div class="audit-find">
            <label class="field">
                <span>"Find"</span>
                <input type="text" inputmode="search" data-testid="audit-search" prop:value=move || words.get()
                    on:input=move |event| words.set(event_target_value(&event))/>
            </label>
            {recorded.then(|| view! {
                <label class="field">
                    <span>"Show"</span>
                    <select data-testid="audit-which" on:change=move |event| which.set(match event_target_value(&event).as_str() {
                        "checked" => Which::Checked,
                        "unchecked" => Which::Unchecked,
                        _ => Which::All,
                    })>
                        <option value="all">"all"</option>
                        <option value="checked">"checked against others"</option>
                        <option value="unchecked">"not checked"</option>
                    </select>
                </label>
            })}
            <p class="note" role="status" data-testid="audit-count">{move || format!("{} of {total}", listed.with(Vec::len))}</p>
        </div>
        <table role="table" data-testid="audit-table">
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col" role="columnheader">"What"</th>
                    <th scope="col" role="columnheader">"Checked against"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For each=move || listed.get() key=|at| *at let(at)>
                    {subjects.with_value(|all| all.get(at).cloned()).map(|subject| view! { <SubjectRow subject recorded/> })}
                </For>
            </tbody>
        </table>
    }
}

#[component]
fn SubjectRow(subject: Subject, recorded: bool) -> impl IntoView {
    let checks = subject.checks().to_vec();
    let unchecked = checks.is_empty().then(|| {
        let words = if recorded { "Not checked against another implementation." } else { "No record here." };
        view! { <p class="note">{words}</p> }
    });
    let properties = subject.entry.map(|entry| entry.properties).unwrap_or_default();
    view! {
        <tr role="row" data-testid="audit-row" data-id=subject.id>
            <th scope="row" role="rowheader">
                <span>{subject.title}</span> " " <span class="tag">{subject.kind}</span>
                <small>{subject.says}</small>
                <small>"Computed: " {subject.definition}</small>
                <small>"Source: " {subject.source}</small>
            </th>
            <td role="cell">
                {unchecked}
                <Checks checks/>
                {(!properties.is_empty()).then(|| view! { <p class="note">{format!("Tested: {}.", properties.join("; "))}</p> })}
            </td>
        </tr>
    }
}

/// The comparisons; folded where there are many.
#[component]
fn Checks(checks: Vec<Check>) -> impl IntoView {
    let count = checks.len();
    let mut others: Vec<String> = checks.iter().map(|check| check.against.clone()).collect();
    others.sort();
    others.dedup();
    let list = view! { <ul class="checks">{checks.into_iter().map(|check| view! { <CheckItem check/> }).collect_view()}</ul> };
    if count <= MANY {
        return list.into_any();
    }
    view! { <details><summary>{format!("{count} comparisons: {}", others.join("; "))}</summary>{list}</details> }.into_any()
}

/// "captum 0.9.0 LayerGradCam, on 8 cases: largest difference 1.2 × 10^-4, allowed 0.01".
#[component]
fn CheckItem(check: Check) -> impl IntoView {
    let correlation = check.kind == "correlation";
    let number = move |value: f64| if correlation { text::correlation(value) } else { text::value(value) };
    let on = if check.on.is_empty() { String::new() } else { format!(", on {}", check.on) };
    let (allowed, files) = (if correlation { "at least" } else { "at most" }, [check.script, check.file]);
    let files: Vec<String> = files.into_iter().filter(|file| !file.is_empty()).collect();
    view! {
        <li>
            <strong>{check.against}</strong> {on} ": " {check.kind.clone()} " " {check.value.map_or("not recorded".into(), number)}
            {check.bound.map(|bound| format!(" ({allowed} {})", number(bound)))} "."
            {(!files.is_empty()).then(|| view! { <small><code>{files.join(", ")}</code></small> })}
        </li>
    }
}
