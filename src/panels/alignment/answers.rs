//! Everybody's answers: how many there are of whom, import and export, and a button that forgets them all.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::download;
use crate::people;
use crate::pictures::listed;
use crate::stores::Stores;
use crate::stores::people::Imported;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::table::{lines, note, table, words};
use sweetspot_core::alignment::accuracy::Share;
use sweetspot_core::alignment::{trials, trials_json};
use sweetspot_core::report::Report;

/// The part of the panel.
#[component]
pub fn Answers(stores: Stores) -> impl IntoView {
    let people = stores.people;
    let file = NodeRef::<leptos::html::Input>::new();
    let sure = RwSignal::new(false);
    let picked = move |event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(files) = input.files() {
            people::import_answers(stores, listed(&files));
        }
        input.set_value("");
    };
    let browse = move |_| {
        if let Some(file) = file.get_untracked() {
            file.click();
        }
    };
    let csv = move |_| {
        download::offer_text(stores.messages, "answers.csv", "text/csv", &trials::write(&untrack(|| people.answers()).0));
    };
    let json = move |_| {
        if let Ok(text) = trials_json::write(&untrack(|| people.answers()).0) {
            download::offer_text(stores.messages, "answers.json", "application/json", &text);
        }
    };
    let imported = move |file: Imported| {
        let (name, words) = (file.name.clone(), format!("{}, {} answers", file.name, text::count(file.trials.len())));
        view! {
            <li>
                <span>{words}</span>
                <button type="button" class="plain" aria-label=format!("Remove {name}") data-testid="remove-import" on:click=move |_| people::forget_import(stores, name.clone())>"Remove"</button>
            </li>
        }
    };
    let nothing = move || people.sittings.with(Vec::is_empty) && people.imported.with(Vec::is_empty);
    let said = move || people.report.get().map(|report| report_of(&report));
    view! {
        <section class="experiment" aria-labelledby="answers-title" data-testid="answers">
            <h3 id="answers-title">"Answers"</h3>
            <p class="own-failed" role="alert" hidden=move || people.trouble.with(Option::is_none)>{following(move || people.trouble.get())}</p>
            <div>{following(move || observers(stores))}</div>
            <ul class="begun" data-testid="imported">{following(move || people.imported.get().into_iter().map(imported).collect_view())}</ul>
            <div class="ways">
                <input type="file" class="hidden" tabindex="-1" aria-hidden="true" multiple data-testid="answers-file" accept=".csv,.tsv,.json,.txt"
                    node_ref=file on:change=picked/>
                <button type="button" data-testid="import" on:click=browse>"Import answers\u{2026}"</button>
                <button type="button" data-testid="export-csv" disabled=nothing on:click=csv>"Export as CSV"</button>
                <button type="button" data-testid="export-json" disabled=nothing on:click=json>"Export as JSON"</button>
                <button type="button" data-testid="forget" disabled=nothing hidden=move || sure.get() on:click=move |_| sure.set(true)>"Delete everything"</button>
            </div>
            <div class="ways" role="group" aria-label="Delete everything?" hidden=move || !sure.get()>
                <span>"Delete all answers from this device?"</span>
                <button type="button" data-testid="forget-really" on:click=move |_| { sure.set(false); people::forget_people(stores); }>"Delete"</button>
                <button type="button" on:click=move |_| sure.set(false)>"Keep"</button>
            </div>
            <div role="status" data-testid="import-report">{following(said)}</div>
        </section>
    }
    .into_any()
}

/// Who answered how many pictures, and how many rightly. Follows the signals.
fn observers(stores: Stores) -> AnyView {
    let (trials, report) = stores.people.answers();
    if trials.is_empty() && report.refused.is_empty() {
        let words =
            "None yet. A class: everybody takes the experiment with the same seed and exports a CSV; drop all the files here at once.";
        return note(words);
    }
    let row = |observer: &sweetspot_core::alignment::observers::Observer| {
        let share = Share::of(observer.all().map(|(.., answer)| answer));
        let right = share.map_or_else(String::new, |share| {
            let [low, high] = share.interval.map(|end| format!("{:.0}", end * 100.0));
            format!("{} ({low} to {high}\u{a0}%)", text::score(share.value))
        });
        vec![observer.name.clone(), text::count(observer.all().count()), observer.answers.len().to_string(), right]
    };
    let rows = words(sweetspot_core::alignment::observers::observers(&trials).iter().map(row).collect());
    let seen = stores.people.sittings.with(|sittings| sittings.last().and_then(sweetspot_core::alignment::sitting::Sitting::shown));
    let timing = seen.map(|(median, longest)| {
        note(format!(
            "In the last experiment here pictures were there for {median:.0}\u{a0}ms in the median, {longest:.0}\u{a0}ms at most."
        ))
    });
    view! {
        {table("Who answered", "observers", &["Who", "Answers", "Conditions", "Right"], rows)}
        {timing}
        <ul class="note" data-testid="settled">{lines(report.lines())}</ul>
    }
    .into_any()
}

/// What of imported files was used, and what was refused and why.
fn report_of(report: &Report) -> AnyView {
    view! {
        {note(format!("{} answers imported, {} refused.", text::count(report.used), text::count(report.refusals())))}
        <ul class="note">{lines(report.lines())}</ul>
    }
    .into_any()
}
