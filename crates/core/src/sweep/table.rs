//! What a sweep found as text: a CSV file, and rows for tables.

use super::summary::{Line, Summary};

/// The heads of the CSV file.
const HEADS: &str = "measure,sparsity,reached,value,n,undefined,low,high,seeds_low,seeds_high,difference,difference_low,difference_high,pairs,\
                     lost,p,p_holm,sweet_spot";

/// Every line as CSV (RFC 4180), one a row; what is not known is empty. No field needs quotes.
pub fn csv(summary: &Summary) -> String {
    let mut text = format!("{HEADS}\r\n");
    for line in &summary.lines {
        text.push_str(&row(summary, line).join(","));
        text.push_str("\r\n");
    }
    text
}

fn row(summary: &Summary, line: &Line) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    let difference = line.difference;
    let spot = summary.spots.iter().any(|spot| (spot.measure, spot.sparsity) == (line.measure, line.sparsity));
    vec![
        line.measure.id().into(),
        line.sparsity.to_string(),
        line.reached.to_string(),
        number(line.value),
        line.n.to_string(),
        line.undefined.to_string(),
        number(line.low),
        number(line.high),
        number(line.seeds.map(|(low, _)| low)),
        number(line.seeds.map(|(_, high)| high)),
        number(difference.map(|d| d.mean)),
        number(difference.and_then(|d| d.low)),
        number(difference.and_then(|d| d.high)),
        difference.map_or(String::new(), |d| d.pairs.to_string()),
        difference.map_or(String::new(), |d| d.lost.to_string()),
        number(difference.map(|d| d.p)),
        number(difference.map(|d| d.adjusted)),
        if line.measure.can_gain() { u8::from(spot).to_string() } else { String::new() },
    ]
}

/// A line for a reader: value, interval, distance from dense, probability by chance.
pub fn words(line: &Line) -> [String; 4] {
    let unit = line.measure.info().unit;
    let write = |value: Option<f64>| value.map_or("not defined".into(), |value| unit.write(value));
    let interval = match (line.low, line.high) {
        (Some(low), Some(high)) => format!("{} to {}", unit.write(low), unit.write(high)),
        _ => String::new(),
    };
    let difference = line.difference.map_or(String::new(), |d| unit.write_difference(d.mean));
    let p = line.difference.filter(|_| line.measure.can_gain()).map_or(String::new(), |d| super::spots::probability(d.adjusted));
    [write(line.value), interval, difference, p]
}
