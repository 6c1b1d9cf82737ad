//! How much of which layer went, as columns to choose a layer from, and as a table.

use super::words::{describe, share, size};
use crate::text;
use crate::widgets::markup::{Html, table};
use sweetspot_protocol::{LayerSparsity, SparsityReport};

/// A column for each layer: above the line the pruned share, below it the layer's size. Columns are radio buttons, so that the arrow keys go
/// from layer to layer; their values are the layers' places.
pub fn chart(report: &SparsityReport, chosen: &str) -> Html {
    let largest = report.layers.iter().map(|layer| layer.total).max().unwrap_or(1).max(1);
    let of = |layer: &LayerSparsity| share(layer.pruned, layer.total);
    let words =
        |layer: Option<&LayerSparsity>| layer.map(|layer| format!("{} {}", layer.name, text::percent(of(layer)))).unwrap_or_default();
    let order = |a: &&LayerSparsity, b: &&LayerSparsity| of(a).total_cmp(&of(b));
    let (least, most) = (words(report.layers.iter().min_by(order)), words(report.layers.iter().max_by(order)));
    let legend = format!("Pruned share of {} layers from input to output; least {least}, most {most}", report.layers.len());
    let bar = |class: &str, part: f64| {
        let bar = Html::tag("span", &[("style", &format!("height:{:.2}%", part * 100.0))], Html::default());
        Html::tag("span", &[("class", class)], bar)
    };
    let column = |(at, layer): (usize, &LayerSparsity)| {
        let (title, at) = (describe(layer), at.to_string());
        let mut input =
            vec![("type", "radio"), ("name", "weights-layer"), ("value", &*at), ("aria-label", &*title), ("data-testid", "layer-column")];
        if layer.name == chosen {
            input.push(("checked", ""));
        }
        let bars = bar("column-share", of(layer)).with(bar("column-size", share(layer.total, largest)));
        Html::tag("label", &[("class", "column"), ("title", &title)], Html::alone("input", &input).with(bars))
    };
    let line = format!("bottom:{:.2}%", share(report.pruned, report.prunable) * 100.0);
    let line = Html::tag("span", &[("style", &line)], Html::default());
    let columns = Html::tag("legend", &[("class", "hidden")], Html::text(&legend))
        .with(Html::all(report.layers.iter().enumerate().map(column).collect()))
        .with(Html::tag("div", &[("class", "overall"), ("aria-hidden", "true")], line));
    let axis = ["100\u{a0}%", "50\u{a0}%", "0"].map(|mark| Html::around("span", mark));
    let axis = Html::tag("div", &[("class", "axis"), ("aria-hidden", "true")], Html::all(axis.into()));
    let chart = axis.with(Html::tag("fieldset", &[("class", "columns")], columns));
    let foot =
        format!("up: pruned share, dashed line: the whole network \u{b7} down: weights in the layer, up to {}", text::count(largest));
    let foot = ["input", &foot, "output"].map(|words| Html::around("span", words));
    Html::tag("div", &[("class", "chart"), ("data-testid", "layers-chart")], chart).with(Html::tag(
        "div",
        &[("class", "chart-foot"), ("aria-hidden", "true")],
        Html::all(foot.into()),
    ))
}

/// The same in numbers.
pub fn numbers(report: &SparsityReport) -> Html {
    let row = |layer: &LayerSparsity| {
        let share = text::percent(share(layer.pruned, layer.total));
        let cells = [layer.name.clone(), size(&layer.shape), text::count(layer.pruned), text::count(layer.total), share];
        cells.map(|cell| Html::text(&cell)).into()
    };
    let rows = report.layers.iter().map(row).collect();
    table("Pruned weights by layer", "layers-table", &["Layer", "Shape", "Pruned", "Weights", "Share"], rows)
}
