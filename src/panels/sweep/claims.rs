//! What all sweeps that come with the page say together of the paper's three claims.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::assets::sweeps::claims;
use crate::panels::group::is_open;
use crate::widgets::following::following;
use crate::widgets::table::{drawing, lines, scrolled, table, words};
use sweetspot_core::sweep::findings::study::Claim;

/// The three claims, fetched when they are asked for.
#[component]
pub fn Claims() -> impl IntoView {
    let found = RwSignal::new(None::<Result<Vec<Claim>, String>>);
    let open = move |event: web_sys::Event| {
        if is_open(&event) && found.with_untracked(Option::is_none) {
            spawn_local(async move { found.set(Some(claims().await.map_err(|error| error.to_string()))) });
        }
    };
    let body = move || match found.get() {
        None => "\u{2026}".into_any(),
        Some(Err(error)) => view! { <p>{error}</p> }.into_any(),
        Some(Ok(claims)) => claims.iter().map(claim).collect_view().into_any(),
    };
    view! {
        <details class="inside sweep-claims" data-testid="sweep-claims" on:toggle=open>
            <summary>"What these networks say of the paper\u{2019}s three claims"</summary>
            <p class="note">
                "Reckoned from all sweeps that come with the page. The networks, pictures and trainings are not the paper\u{2019}s, and few."
            </p>
            <div>{following(body)}</div>
        </details>
    }
    .into_any()
}

fn claim(claim: &Claim) -> AnyView {
    let heads: Vec<&str> = claim.heads.iter().map(String::as_str).collect();
    let figure = drawing(without_style(&claim.figure));
    view! {
        <h3>{format!("{} {}", claim.claim, capitalised(claim.verdict.title()))}</h3>
        <ul>{lines(claim.because.iter().cloned())}</ul>
        {scrolled(&format!("Figure: {}", claim.claim), "table-scroll sweep-figure", figure)}
        <details class="inside numbers">
            <summary>"The numbers behind it"</summary>
            {table(&claim.claim, "", &heads, words(claim.rows.clone()))}
        </details>
    }
    .into_any()
}

/// "Borne out by these networks."
fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str())).unwrap_or_default()
}

/// A drawing without the look of its own: the page has it.
fn without_style(svg: &str) -> String {
    match (svg.find("<style>"), svg.find("</style>")) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &svg[..from], &svg[to + "</style>".len()..]),
        _ => svg.into(),
    }
}
