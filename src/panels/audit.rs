//! About the numbers: where each method, measure and search for objects comes from, and what it was checked against.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::assets;
use crate::assets::{Audit, Check, Entry};
use crate::text;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::following::following;
use crate::widgets::sheet::Sheet;
use crate::widgets::table::note;
use sweetspot_core::attribution::Method;
use sweetspot_core::discovery::Method as Search;
use sweetspot_core::error::Error;
use sweetspot_core::few;
use sweetspot_core::metrics::Measure;

/// The most comparisons that stand open.
const MANY: usize = 3;

/// A method, a measure or a search with what is known of its checks.
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
        let search = |search: Search| {
            let info = search.info();
            let entry = audit.and_then(|audit| audit.searches.get(info.id).cloned());
            Self {
                id: info.id,
                kind: "Search for objects",
                title: info.title,
                says: info.says,
                definition: info.definition,
                source: info.source,
                entry,
            }
        };
        let methods = Method::all().map(method);
        methods.chain(Measure::all().map(measure)).chain(Search::all().map(search)).collect()
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

/// The button and the dialog it opens. The address stays the experiment's.
#[component]
pub fn AboutNumbers() -> impl IntoView {
    let audit = RwSignal::new(None::<Result<Arc<Audit>, Error>>);
    let on_open = Callback::new(move |()| {
        if !matches!(audit.get_untracked(), Some(Ok(_))) {
            spawn_local(async move { audit.set(Some(assets::audit().await.map(Arc::new))) });
        }
    });
    let title = Signal::stored("About the numbers");
    view! {
        <Sheet id="audit" open=title title close=Signal::stored("Close") sheet=NodeRef::new() on_open>
            <p>
                "Every method and measure on this page is written anew for it. What another implementation computes on the same weights and
                pictures is kept beside the code; this is how far the two are apart, and how far they may be before the tests fail."
            </p>
            <p class="alert" role="alert" data-testid="audit-missing" hidden=move || !matches!(audit.get(), Some(Err(_)))>
                {following(move || audit.get().and_then(Result::err).map(|error| {
                    format!("The record of checks is missing: {error}. Below is what the page knows without it.")
                }))}
            </p>
            <Show when=move || audit.with(Option::is_some)><Subjects audit/></Show>
        </Sheet>
    }
}

/// The list with what narrows it.
#[component]
fn Subjects(audit: RwSignal<Option<Result<Arc<Audit>, Error>>>) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let which = RwSignal::new("all".to_string());
    let record = move || audit.get().and_then(Result::ok);
    let all = Signal::derive(move || Subject::all(record().as_deref()));
    let listed = Signal::derive(move || {
        let (words, which) = (words.get(), which.get());
        let right = |subject: &Subject| which == "all" || subject.checks().is_empty() == (which == "unchecked");
        all.get().into_iter().filter(|subject| right(subject) && subject.matches(&words)).collect::<Vec<_>>()
    });
    let choices = Signal::stored(entries([("all", "all"), ("checked", "checked against others"), ("unchecked", "not checked")]));
    view! {
        <div class="audit-find">
            <label class="field">
                <span>"Find"</span>
                <input type="text" inputmode="search" data-testid="audit-search" prop:value=move || words.get()
                    on:input=move |event| words.set(event_target_value(&event))/>
            </label>
            <div hidden=move || record().is_none()>
                <Choice id="audit-which" label="Show" options=choices value=which.into() choose=Callback::new(move |wished| which.set(wished))/>
            </div>
            <p class="note" role="status" data-testid="audit-count">{following(move || format!("{} of {}", listed.with(Vec::len), all.with(Vec::len)))}</p>
        </div>
        <table role="table" data-testid="audit-table">
            <thead role="rowgroup">
                <tr role="row">
                    <th scope="col" role="columnheader">"What"</th>
                    <th scope="col" role="columnheader">"Checked against"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For each=move || listed.get() key=move |subject| (subject.kind, subject.id, record().is_some()) let(subject)>
                    {row(&subject, untrack(record).is_some())}
                </For>
            </tbody>
        </table>
    }
    .into_any()
}

/// A method or a measure with its checks.
fn row(subject: &Subject, recorded: bool) -> AnyView {
    let checks = match (subject.checks(), recorded) {
        ([], true) => note("Not checked against another implementation."),
        ([], false) => note("No record here."),
        (checks, _) => comparisons(checks),
    };
    let tested = subject.entry.as_ref().filter(|entry| !entry.properties.is_empty());
    let tested = tested.map(|entry| note(format!("Tested: {}.", entry.properties.join("; "))));
    view! {
        <tr role="row" data-testid="audit-row" data-id=subject.id>
            <th scope="row" role="rowheader">
                <span>{subject.title}</span> " " <span class="tag">{subject.kind}</span>
                <small>{subject.says}</small>
                <small>"Computed: " {subject.definition}</small>
                <small>"Source: " {subject.source}</small>
            </th>
            <td role="cell">{checks} {tested}</td>
        </tr>
    }
    .into_any()
}

/// The comparisons; folded where there are many.
fn comparisons(checks: &[Check]) -> AnyView {
    let list = view! { <ul class="checks">{checks.iter().map(comparison).collect_view()}</ul> };
    if checks.len() <= MANY {
        return list.into_any();
    }
    let mut others: Vec<&str> = Vec::new();
    for other in checks.iter().map(|check| check.against.as_str()) {
        if !others.contains(&other) {
            others.push(other);
        }
    }
    few::sort(&mut others);
    view! {
        <details>
            <summary>{format!("{} comparisons: {}", checks.len(), others.join("; "))}</summary>
            {list}
        </details>
    }
    .into_any()
}

/// "captum 0.9.0 LayerGradCam, on 8 cases: largest difference 1.2 × 10^-4, allowed 0.01".
fn comparison(check: &Check) -> AnyView {
    let number = |value: f64| if check.kind == "correlation" { text::correlation(value) } else { text::value(value) };
    let on = if check.on.is_empty() { String::new() } else { format!(", on {}", check.on) };
    let allowed = if check.kind == "correlation" { "at least" } else { "at most" };
    let bound = check.bound.map(|bound| format!(" ({allowed} {})", number(bound))).unwrap_or_default();
    let value = check.value.map_or("not recorded".into(), number);
    let files: Vec<&str> = [&*check.script, &*check.file].into_iter().filter(|file| !file.is_empty()).collect();
    let files = (!files.is_empty()).then(|| view! { <small><code>{files.join(", ")}</code></small> });
    view! { <li><strong>{check.against.clone()}</strong> {format!("{on}: {} {value}{bound}.", check.kind)} {files}</li> }.into_any()
}
