//! Networks beside people in tables; those of one kind of number are shaded.

use leptos::prelude::*;

use super::conditions::drawing;
use crate::alignment;
use crate::alignment::{HeatRows, shade};
use crate::widgets::table::{note, scrolled, table, words};
use sweetspot_core::alignment::accuracy::Confusion;
use sweetspot_core::alignment::categories::Category;
use sweetspot_protocol::{Aligned, AlignmentAtSparsity};

/// The answers in few numbers: dense, pruned, people.
pub fn facts(found: &Aligned) -> AnyView {
    let rows = words(alignment::facts(found));
    view! {
        {table("Networks beside people", "align-facts", &["", "Dense", "Pruned", "People"], rows)}
        <p class="note" data-testid="align-verdict">{alignment::verdict(found)}</p>
    }
    .into_any()
}

/// Right answers by condition with their intervals: a drawing, and the numbers with error consistency in a table.
pub fn by_condition(found: &Aligned) -> AnyView {
    let heads = ["Condition", "Dense right", "Pruned right", "People right", "\u{3ba} dense", "\u{3ba} pruned", "\u{3ba} among people"];
    view! {
        {drawing(&alignment::conditions(found))}
        {table("By condition", "align-conditions", &heads, words(alignment::by_condition(found)))}
    }
    .into_any()
}

/// Error consistency of each with each.
pub fn matrix(found: &Aligned) -> AnyView {
    let mut heads = vec![""];
    heads.extend(found.names.iter().map(String::as_str));
    heat("Error consistency of each with each", "align-matrix", &heads, alignment::matrix(found))
}

/// What is taken for what.
pub fn confusion(whose: &str, id: &'static str, counts: &Confusion) -> AnyView {
    let mut heads = vec!["shown"];
    heads.extend(Category::ALL.map(Category::id));
    heads.push("none");
    let title = format!("What {whose} took for what");
    view! {
        <h4>{format!("{title} ({} of {} right)", counts.right(), counts.total())}</h4>
        {heat(&title, id, &heads, alignment::confusion(counts))}
    }
    .into_any()
}

/// Networks of some sparsities beside people.
pub fn along(points: &[AlignmentAtSparsity]) -> AnyView {
    table("Along sparsity", "align-along", &["Pruned", "Right answers", "\u{3ba} with people"], words(alignment::along_rows(points)))
}

/// The published experiments: all of them, or the one that a pack is.
pub fn references(of: Option<&str>) -> AnyView {
    let heads = ["Data set", "People right", "\u{3ba} among people", "ResNet-50 right", "\u{3ba} of ResNet-50"];
    view! {
        {note(alignment::references_say())}
        {table("Published facts", "align-references", &heads, words(alignment::references(of)))}
    }
    .into_any()
}

/// A table whose cells are shaded by their values.
fn heat(label: &str, id: &'static str, heads: &[&str], rows: HeatRows) -> AnyView {
    let heads = heads.iter().map(|head| view! { <th scope="col">{head.to_string()}</th> }).collect_view();
    let cell = |(value, words): (f64, String)| view! { <td class=shade(value)>{words}</td> };
    let row = |(name, cells): (String, Vec<(f64, String)>)| {
        view! { <tr><th scope="row">{name}</th> {cells.into_iter().map(cell).collect_view()}</tr> }
    };
    let rows = rows.into_iter().map(row).collect_view();
    let table = view! {
        <table class="heat" data-testid=id>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    };
    scrolled(label, "table-scroll", table.into_any())
}
