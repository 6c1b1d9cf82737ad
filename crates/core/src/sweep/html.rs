//! A report of a sweep: one HTML file that needs nothing else, runs no script and asks no other origin.

use super::cells::State;
use super::chart::{Across, escape};
use super::figures;
use super::shipped::Made;
use super::summary::Summary;
use super::sweep_measure::{Axis, SweepMeasure};
use super::table;
use crate::link;
use crate::sparsity::Sparsity;

/// What a report says besides the sweep's own values.
pub struct Report<'a> {
    /// The network's name.
    pub network: &'a str,
    /// The cells.
    pub state: &'a State,
    /// What they say.
    pub summary: &'a Summary,
    /// How they were made, if that is known.
    pub made: Option<&'a Made>,
    /// The measures that are shown, in order.
    pub gauges: &'a [SweepMeasure],
    /// How sparsity is laid out.
    pub across: Across,
    /// The address of the page, in front of the link's `#`; empty where none is known.
    pub page: &'a str,
    /// Further sentences.
    pub notes: &'a [String],
}

/// The look of a report. Charts bring their own.
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1rem;color:#14191f;background:#fff}\
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem}table{border-collapse:collapse;font-size:.875rem}\
th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #d5dae0}.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1rem}\
svg{width:100%;height:auto}dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}.scroll{overflow-x:auto}\
@media(prefers-color-scheme:dark){body{color:#e8ebef;background:#0f1317}th,td{border-color:#39424d}a{color:#85bdf0}}";

/// What comes first in the file: nothing may be fetched or run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

impl Report<'_> {
    /// The file's text.
    pub fn write(&self) -> String {
        let title = escape(&format!("Sweep of {}: {}", self.network, what(self.state)));
        let spots = self.list(&self.summary.verdicts);
        let notes: Vec<String> = self.summary.notes.iter().chain(self.notes).cloned().collect();
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>{STYLE}</style></head><body>\
             <h1>{title}</h1>{}<h2>Sweet spots</h2>{spots}<h2>Charts</h2>{}<h2>How to read this</h2>{}<h2>Numbers</h2>{}</body></html>\n",
            self.facts(),
            self.charts(),
            self.list(&notes),
            self.table(),
        )
    }

    /// What the sweep was computed from, on and by.
    fn facts(&self) -> String {
        let source = &self.state.source;
        let fragment = link::write(&self.state.sweep.experiment);
        let address = if self.page.is_empty() { String::new() } else { format!("{}#{fragment}", self.page) };
        let linked = match address.starts_with("https://") || address.starts_with("http://") {
            true => format!("<a rel=\"noreferrer\" href=\"{0}\">{0}</a>", escape(&address)),
            false => escape(&fragment),
        };
        let seeds: Vec<String> = self.state.sweep.seeds.iter().map(u64::to_string).collect();
        let mut facts = vec![
            ("Experiment", linked),
            ("Pictures", escape(&format!("{} of {}, {} labelled", source.pictures.len(), self.state.sweep.set.what(), source.labelled))),
            ("Seeds", seeds.join(", ")),
            ("Device", escape(&source.device)),
            ("Version", escape(&source.version)),
            ("sha256 of the dense weights", escape(&source.model_sha256)),
            ("sha256 of the set of pictures", escape(&source.set_sha256)),
            ("Sweep", self.state.sweep.id()),
        ];
        if let Some(made) = self.made {
            facts.push(("Command", format!("<code>{}</code>", escape(&made.command))));
            facts.push(("Date", escape(&made.date)));
        }
        let facts: String = facts.into_iter().map(|(name, said)| format!("<dt>{name}</dt><dd>{said}</dd>")).collect();
        format!("<dl>{facts}</dl>")
    }

    fn charts(&self) -> String {
        let row = |axis: Axis| {
            let of: Vec<String> = self
                .gauges
                .iter()
                .filter(|gauge| gauge.info().axis == axis)
                .map(|gauge| figures::chart(self.summary, *gauge, self.across).svg())
                .collect();
            match of.is_empty() {
                true => String::new(),
                false => format!("<h3>{}</h3><div class=\"charts\">{}</div>", axis.title(), of.concat()),
            }
        };
        Axis::ALL.into_iter().map(row).collect()
    }

    fn table(&self) -> String {
        let heads = ["Measure", "Sparsity", "Value", "95 % interval", "From dense", "p (Holm)", ""];
        let head: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
        let spot = |gauge: SweepMeasure, sparsity: Sparsity| {
            self.summary.spots.iter().any(|spot| (spot.measure, spot.sparsity) == (gauge, sparsity))
        };
        let row = |line: &super::summary::Line| {
            let [value, interval, difference, p] = table::words(line);
            let mark = if spot(line.measure, line.sparsity) { "sweet spot" } else { "" };
            let sparsity = line.sparsity.percent();
            let cells = [sparsity, value, interval, difference, p, mark.into()].map(|cell| format!("<td>{}</td>", escape(&cell))).concat();
            format!("<tr><th scope=\"row\">{}</th>{cells}</tr>", escape(line.measure.info().title))
        };
        let rows: String = self.summary.lines.iter().filter(|line| self.gauges.contains(&line.measure)).map(row).collect();
        format!("<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>")
    }

    fn list(&self, sentences: &[String]) -> String {
        let items: String = sentences.iter().map(|sentence| format!("<li>{}</li>", escape(sentence))).collect();
        format!("<ul>{items}</ul>")
    }
}

/// Criterion, scope and method of a sweep in a few words.
pub fn what(state: &State) -> String {
    let experiment = &state.sweep.experiment;
    let pruning = &experiment.pruning;
    format!(
        "{}, {}, {} pictures of {}",
        pruning.criterion.info().title,
        experiment.attribution.method.info().title,
        state.source.pictures.len(),
        state.sweep.set.what()
    )
}
