//! A sweep out of the page and into it: tables, cells, drawings, a report; and files of `sweetspot sweep`.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlInputElement;

use super::charts::drawn;
use super::selection::{Selection, Shown};
use crate::address;
use crate::download;
use crate::download::{save_png, save_text};
use crate::session;
use crate::stores::Stores;
use crate::widgets::choice::{Choice, entries};
use sweetspot_core::error::{Error, Result};
use sweetspot_core::sweep::cells::MAX_FILE;
use sweetspot_core::sweep::html::Report;
use sweetspot_core::sweep::{SweepMeasure, figures, table};

/// The panel's part.
#[component]
pub fn Files(stores: Stores, selection: Selection) -> impl IntoView {
    let sweeps = stores.sweeps;
    let which = RwSignal::new(String::new());
    let menu = Signal::derive(move || {
        let gauges = sweeps.shown.get();
        let all = SweepMeasure::all().filter(|gauge| gauges.contains(gauge)).map(|gauge| (gauge.id(), gauge.info().title));
        entries([("", "the shown measures at a glance")].into_iter().chain(all))
    });
    let value = Signal::derive(move || which.get());
    let stem = move |shown: &Shown| {
        let experiment = &shown.kept.state.sweep.experiment;
        format!("sweep-{}-{}", experiment.model, experiment.pruning.criterion.id())
    };
    // The drawing that is asked for, with the name of its file.
    let drawing = move || -> Option<(String, String)> {
        let shown = selection.shown.get_untracked()?;
        let (gauges, across) = (sweeps.shown.get_untracked(), sweeps.across.get_untracked());
        let (name, svg) = match SweepMeasure::from_id(&which.get_untracked()) {
            Ok(gauge) => {
                let charts = drawn(stores, &shown, &selection.beside.get_untracked(), &[gauge], across, sweeps.zoom.get_untracked());
                (gauge.id().to_string(), charts.first()?.1.svg())
            }
            Err(_) => ("overview".into(), figures::overview(&shown.summary, &gauges, across)),
        };
        Some((format!("{}-{name}", stem(&shown)), svg))
    };
    let text = move |what: &'static str| {
        move |_| {
            let Some(shown) = selection.shown.get_untracked() else { return };
            if let Err(error) = write(stores, selection, &shown, &stem(&shown), what) {
                stores.messages.say(error.to_string());
            }
        }
    };
    let svg = move |_| {
        if let Some((name, svg)) = drawing() {
            download::offer_text(stores.messages, &format!("{name}.svg"), "image/svg+xml", &svg);
        }
    };
    let png = move |_| {
        let Some((name, svg)) = drawing() else { return };
        spawn_local(async move {
            if let Err(error) = save_png(&format!("{name}.png"), &svg).await {
                stores.messages.say(error.to_string());
            }
        });
    };
    let bring = move |event: web_sys::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        input.set_value("");
        spawn_local(async move {
            let name = file.name();
            match read(&file, &name).await {
                Ok(bytes) => session::import_sweep(stores, &name, &bytes),
                Err(error) => stores.messages.say(error.to_string()),
            }
        });
    };
    let none = move || selection.shown.with(Option::is_none);
    view! {
        <details class="inside" data-testid="sweep-files">
            <summary>"Files"</summary>
            <div class="actions" hidden=none>
                <button type="button" class="plain" data-testid="sweep-csv" on:click=text("csv")>"Table (CSV)"</button>
                <button type="button" class="plain" data-testid="sweep-json" on:click=text("json")>"Everything (JSON)"</button>
                <button type="button" class="plain" data-testid="sweep-report" on:click=text("html")>"Report (HTML)"</button>
            </div>
            <div class="sweep-controls" hidden=none>
                <Choice id="sweep-drawing" label="Drawing" options=menu value choose=Callback::new(move |id| which.set(id)) inline=true/>
                <button type="button" class="plain" data-testid="sweep-svg" on:click=svg>"SVG"</button>
                <button type="button" class="plain" data-testid="sweep-png" on:click=png>"PNG"</button>
            </div>
            <label class="field">
                <span>"Bring a sweep: cells.json or results.json of \u{2018}sweetspot sweep\u{2019}, or a JSON from here"</span>
                <input type="file" accept=".json,application/json" data-testid="sweep-import" on:change=bring/>
            </label>
        </details>
    }
    .into_any()
}

/// Makes a file of a sweep and hands it over.
fn write(stores: Stores, selection: Selection, shown: &Shown, stem: &str, what: &str) -> Result<()> {
    let (state, summary) = (&shown.kept.state, &shown.summary);
    match what {
        "csv" => save_text(&format!("{stem}.csv"), "text/csv", &table::csv(summary)),
        "json" => {
            let bytes = state.write()?;
            save_text(&format!("{stem}.json"), "application/json", &String::from_utf8_lossy(&bytes))
        }
        _ => {
            let network = untrack(|| stores.catalogue.card_of(&state.sweep.experiment.model))
                .map_or_else(|| state.sweep.experiment.model.clone(), |card| card.name());
            let beside = selection.beside.get_untracked().len();
            let notes = match beside {
                0 => Vec::new(),
                _ => vec![format!("{beside} other sweeps were laid over this one in the page; they are not in this report.")],
            };
            let report = Report {
                network: &network,
                state,
                summary,
                made: shown.kept.made.as_ref(),
                gauges: &state.sweep.measures,
                across: stores.sweeps.across.get_untracked(),
                page: &address::folder(),
                notes: &notes,
            };
            save_text(&format!("{stem}.html"), "text/html", &report.write())
        }
    }
}

/// The bytes of a file, if they are not too many.
async fn read(file: &web_sys::File, name: &str) -> Result<Vec<u8>> {
    let unreadable = |reason: &str| Error::Unreadable { what: name.chars().take(80).collect(), reason: reason.into() };
    if file.size() > MAX_FILE as f64 {
        return Err(unreadable("it is larger than any file of a sweep"));
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| unreadable("the browser cannot read it"))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
