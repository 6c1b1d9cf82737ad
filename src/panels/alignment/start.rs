//! What the experiment shows: the form to begin one, the pictures it takes.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement, NodeList};

use super::packs::PackChoice;
use super::stage::begin;
use crate::people;
use crate::stores::Stores;
use crate::widgets::following::following;
use crate::widgets::table::{lines, link, note, table, words};
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::condition::Condition;
use sweetspot_core::alignment::plan::{MOST_PRACTICE, MOST_TRIALS, Plan, Timing};
use sweetspot_core::alignment::sitting::Sitting;
use sweetspot_core::alignment::stimuli::Manipulation;

/// The form.
#[component]
pub fn Start(stores: Stores) -> impl IntoView {
    let form = NodeRef::<leptos::html::Div>::new();
    let trouble = RwSignal::new(None::<String>);
    let start = move |_| {
        let Some(form) = form.get_untracked() else { return };
        let plan = plan(stores, &form);
        match untrack(|| plan.tasks(&stores.people.shown())) {
            Ok(tasks) => {
                trouble.set(None);
                let subject = stores.people.free_name(&value(&form, "subject"));
                begin(stores, Sitting::new(subject, js_sys::Date::now().floor(), plan, tasks));
            }
            Err(error) => trouble.set(Some(format!("{error}."))),
        }
    };
    let ready = move || stores.people.pack.with(Option::is_some) || stores.people.plates.with(|plates| !plates.is_empty());
    let shipped = move || stores.people.pack.with(Option::is_none);
    let open =
        move || stores.people.sittings.with(|sittings| sittings.iter().filter(|sitting| !sitting.is_over()).cloned().collect::<Vec<_>>());
    let going_on = move |sitting: Sitting| {
        let (done, all) = sitting.progress();
        let (words, ended) = (format!("{}: {done} of {all} answered", sitting.subject), sitting.clone());
        view! {
            <li>
                <span>{words}</span>
                <button type="button" class="plain" data-testid="go-on" on:click=move |_| begin(stores, sitting.clone())>"Go on"</button>
                <button type="button" class="plain" on:click=move |_| people::end(stores, ended.clone())>"End it here"</button>
            </li>
        }
    };
    view! {
        <section class="experiment" aria-labelledby="experiment-title">
            <h3 id="experiment-title">"Take the experiment"</h3>
            <Show when=move || !open().is_empty()>
                <p class="note">"Begun on this device:"</p>
                <ul class="begun" data-testid="begun">{following(move || open().into_iter().map(going_on).collect_view())}</ul>
            </Show>
            <div class="experiment-form" node_ref=form>
                <div class="experiment-fields">
                    <label class="field"><span>"Your name in the answers"</span>
                        <input type="text" data-field="subject" data-testid="subject" value="participant" maxlength="60" autocomplete="off"/></label>
                    <label class="field"><span>"Trials of each condition, at most"</span>
                        <input type="number" data-field="each" data-testid="each" value="12" min="1" max=MOST_TRIALS.to_string()/></label>
                    <label class="field"><span>"Practice trials"</span>
                        <input type="number" data-field="practice" data-testid="practice" value="6" min="0" max=MOST_PRACTICE.to_string()/></label>
                    <label class="field"><span>"A break every"</span>
                        <input type="number" data-field="pause" data-testid="pause-every" value="40" min="0" max="1000"/></label>
                    <label class="field"><span>"Seed of the order"</span>
                        <input type="number" data-field="seed" data-testid="seed" value="1" min="0"/></label>
                    <label class="field"><span>"Timing"</span>
                        <select data-field="timing" data-testid="timing">
                            {Timing::ALL.map(|timing| view! { <option value=timing.id()>{timing.title()}</option> }).collect_view()}
                        </select></label>
                </div>
                <fieldset class="conditions" hidden=move || !shipped()>
                    <legend class="note">"Conditions: how pictures are changed, and how much"</legend>
                    <div>{conditions()}</div>
                </fieldset>
            </div>
            <div class="ways">
                <button type="button" class="primary" data-testid="take" disabled=move || !ready() on:click=start>"Begin"</button>
            </div>
            <p class="own-failed" role="alert" hidden=move || trouble.with(Option::is_none)>{following(move || trouble.get())}</p>
            <Show when=shipped>{following(move || pictures(stores))}</Show>
            <PackChoice stores/>
        </section>
    }
    .into_any()
}

/// The conditions as check boxes, each with a menu of the published levels.
fn conditions() -> AnyView {
    let condition = |change: Option<Manipulation>| {
        let usual = Condition::usual(change).id();
        let name = change.map_or("As it is", |change| change.info().title);
        let first = change.is_none() || ["silhouette", "edge", "contrast-0.1"].contains(&&*usual);
        let levels = change.and_then(|change| change.info().level).filter(|level| level.published.len() > 1);
        let menu = levels.map(|level| {
            let option = |value: &f64| {
                let id = Condition { change, level: Some(*value) }.id();
                let words = if value.is_infinite() { "none".to_string() } else { value.to_string() };
                view! { <option value=id selected=*value == level.usual>{words}</option> }
            };
            view! { <select aria-label=format!("{name}: {}", level.name)>{level.published.iter().map(option).collect_view()}</select> }
        });
        view! {
            <div class="condition">
                <label class="check"><input type="checkbox" value=usual checked=first/> <span>{name}</span></label>
                {menu}
            </div>
        }
    };
    Condition::OFFERED.into_iter().map(condition).collect_view().into_any()
}

/// The value of a field of the form.
fn value(form: &HtmlElement, field: &str) -> String {
    let found = form.query_selector(&format!("[data-field={field}]")).ok().flatten();
    found.and_then(|found| js_sys::Reflect::get(&found, &"value".into()).ok()).and_then(|value| value.as_string()).unwrap_or_default()
}

/// The plan that the form stands for.
fn plan(stores: Stores, form: &HtmlElement) -> Plan {
    let number = |field: &str, most: usize| value(form, field).parse::<f64>().map_or(0, |number| (number.max(0.0) as usize).min(most));
    let rows = form.query_selector_all(".condition").ok();
    let rows =
        rows.iter().flat_map(|rows: &NodeList| (0..rows.length()).filter_map(|at| rows.item(at)?.dyn_into::<web_sys::Element>().ok()));
    let chosen = |row: web_sys::Element| {
        let tick = row.query_selector("input").ok()??.dyn_into::<HtmlInputElement>().ok()?;
        let menu = row.query_selector("select").ok()?.and_then(|menu| menu.dyn_into::<HtmlSelectElement>().ok());
        tick.checked().then(|| menu.map_or_else(|| tick.value(), |menu| menu.value()))
    };
    Plan {
        conditions: rows.filter_map(chosen).collect(),
        each: number("each", MOST_TRIALS),
        practice: number("practice", MOST_PRACTICE),
        timing: Timing::from_id(&value(form, "timing")).unwrap_or(Timing::Flash),
        seed: number("seed", u32::MAX as usize) as u64,
        pause: number("pause", 1000),
        pack: stores.people.pack.with_untracked(|pack| pack.as_ref().map(|pack| pack.sha256.clone())),
    }
}

/// What the shipped pictures are, category by category. Follows the signals.
fn pictures(stores: Stores) -> AnyView {
    let plates = stores.people.plates.get();
    if plates.is_empty() {
        return note("Loading the list of pictures\u{2026}");
    }
    let row = |category: Category| {
        let of = |kind: &str| plates.iter().filter(|plate| plate.category == category && plate.kind == kind).count();
        let all = plates.iter().filter(|plate| plate.category == category).count();
        let masks = plates.iter().filter(|plate| plate.category == category && plate.mask).count();
        let mut row = vec![category.id().to_string()];
        row.extend([all, of("photo"), of("cutout"), of("drawing"), masks].map(|count| count.to_string()));
        row
    };
    let absent: Vec<&str> =
        Category::ALL.into_iter().filter(|one| plates.iter().all(|plate| plate.category != *one)).map(Category::id).collect();
    let says = format!(
        "{} pictures with free licences, fewer of some categories than of others: what the package registries carry. There is none of: {}. These can be \
         answered and are never shown. A picture under a condition is the same for everybody, so that answers can be compared; the seed decides which ones \
         come and in which order.",
        plates.len(),
        absent.join(", ")
    );
    let heads = ["Category", "Pictures", "Photos", "Composites", "Drawings", "With an outline"];
    let numbers = table("Pictures of the experiment", "plates", &heads, words(Category::ALL.map(row).to_vec()));
    let credit = |plate: &crate::assets::Plate| format!("{}: {} ({})", plate.title, plate.origin.author, plate.origin.licence);
    view! {
        {note(says)}
        <details class="inside">
            <summary>"Pictures a category, and who made them"</summary>
            {numbers}
            <ul class="note">{lines(plates.iter().map(credit))}</ul>
            {link("stimuli/CREDITS.md".into(), "All sources and changes")}
        </details>
    }
    .into_any()
}
