//! Tables, lists of terms, boxes to tick and links, each compiled once, however many the page has.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

/// Rows of words, as `table` takes them.
pub fn words(rows: Vec<Vec<String>>) -> Vec<Vec<AnyView>> {
    rows.into_iter().map(|row| row.into_iter().map(IntoAny::into_any).collect()).collect()
}

/// Numbers or words in columns, the first of which names the row. `label` says what the table shows; `id` is its name for tests, if it has any.
pub fn table(label: &str, id: &'static str, heads: &[&str], rows: Vec<Vec<AnyView>>) -> AnyView {
    let heads = heads.iter().map(|head| view! { <th scope="col">{head.to_string()}</th> }).collect_view();
    let row = |row: Vec<AnyView>| {
        let mut cells = row.into_iter();
        let name = cells.next().map(|name| view! { <th scope="row">{name}</th> });
        view! { <tr>{name} {cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr> }
    };
    let rows = rows.into_iter().map(row).collect_view();
    let table = view! {
        <table data-testid=(!id.is_empty()).then_some(id)>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scrolled(label, "table-scroll", table.into_any())
}

/// A frame around what may be wider than the screen, which is then scrolled, by keyboard too.
pub fn scrolled(label: &str, class: &'static str, inner: AnyView) -> AnyView {
    view! { <div class=class tabindex="0" role="region" aria-label=label.to_string()>{inner}</div> }.into_any()
}

/// Names and what is said of them, for a `dl`; those of which nothing is said are left out.
pub fn terms(terms: Vec<(&'static str, Option<AnyView>)>) -> AnyView {
    let said = terms.into_iter().filter_map(|(name, said)| said.map(|said| view! { <dt>{name}</dt> <dd>{said}</dd> }));
    said.collect_view().into_any()
}

/// What `terms` takes for words: nothing for none.
pub fn said(words: impl Into<String>) -> Option<AnyView> {
    let words = words.into();
    (!words.is_empty()).then(|| words.into_any())
}

/// Lines of a list.
pub fn lines(lines: impl IntoIterator<Item = String>) -> AnyView {
    lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view().into_any()
}

/// A small paragraph.
pub fn note(words: impl Into<String>) -> AnyView {
    view! { <p class="note">{words.into()}</p> }.into_any()
}

/// A link that opens beside this page.
pub fn link(address: String, words: impl Into<String>) -> AnyView {
    view! { <a href=address target="_blank" rel="noopener noreferrer">{words.into()}</a> }.into_any()
}

/// A box to tick.
pub fn tick(value: String, words: String, on: Signal<bool>, ticked: Callback<bool>) -> AnyView {
    let changed = move |event| ticked.run(event_target::<HtmlInputElement>(&event).checked());
    view! { <label class="box"><input type="checkbox" value=value prop:checked=on on:change=changed/> " " {words}</label> }.into_any()
}

/// A drawing made by this program as text, which has escaped the words in it.
pub fn drawing(svg: String) -> AnyView {
    view! { <div class="drawing" inner_html=svg></div> }.into_any()
}
