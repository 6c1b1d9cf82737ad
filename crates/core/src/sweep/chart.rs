//! Charts over sparsity as SVG text: lines with bands, a second axis, a line for dense, marks for sweet spots.
//!
//! The text stands for itself in a file, and in a page: its colours are custom properties with fallbacks for light and dark, and every series has a
//! dash and a marker of its own besides its colour (Okabe and Ito's, darkened or lightened until they can be read).

use std::fmt::Write;

/// A drawing's width in its own units.
pub const WIDTH: f64 = 640.0;
/// Its height.
pub const HEIGHT: f64 = 400.0;

const LEFT: f64 = 72.0;
const RIGHT: f64 = 72.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 52.0;
/// Height of a row of the legend.
const LEGEND: f64 = 18.0;

/// How sparsity is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Across {
    /// By the share of weights that are gone.
    Sparsity,
    /// By the logarithm of the share that is left, so that each round of the paper's pruning is as wide as any other.
    LogDensity,
}

/// A point of a series.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    /// The sparsity, 0 up to but not 1.
    pub sparsity: f64,
    /// The value; a point without one interrupts the line.
    pub value: Option<f64>,
    /// The ends of the band, where there is one.
    pub band: Option<(f64, f64)>,
    /// The smallest and the largest of several seeds, drawn as a bar.
    pub seeds: Option<(f64, f64)>,
}

/// A line of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// Whether it is read on the axis to the right.
    pub right: bool,
    /// Its points by ascending sparsity.
    pub points: Vec<Point>,
    /// The sparsities that are marked as sweet spots.
    pub spots: Vec<f64>,
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What identifiers in the drawing begin with: letters, digits and hyphens only, and no other chart's on the same page.
    pub id: String,
    /// The title.
    pub title: String,
    /// The whole in words, for those who do not see it.
    pub says: String,
    /// How sparsity is laid out.
    pub across: Across,
    /// What the axis to the left measures.
    pub left: String,
    /// What the axis to the right measures; empty for none.
    pub right: String,
    /// The value of dense, drawn as a line across.
    pub dense: Option<f64>,
    /// The sparsity at the left edge: 0, or where a closer look begins.
    pub from: f64,
    /// The lines.
    pub series: Vec<Series>,
}

/// The look of everything that is drawn. Colours can be overridden by the page's own properties.
const STYLE: &str = "\
.sweep{--sp:var(--surface,#fff);--si:var(--ink,#14191f);--sm:var(--muted,#525c67);--sr:var(--rule,#d5dae0);\
--s0:#0072b2;--s1:#b34700;--s2:#00724f;--s3:#9b3d78;--s4:#7a5c00;--s5:#14191f;font:13px system-ui,sans-serif}\
@media(prefers-color-scheme:dark){.sweep{--sp:var(--surface,#171c22);--si:var(--ink,#e8ebef);--sm:var(--muted,#a9b2bd);--sr:var(--rule,#39424d);\
--s0:#56b4e9;--s1:#f5853f;--s2:#2fc996;--s3:#e29bc4;--s4:#e6b325;--s5:#e8ebef}}\
.sweep text{fill:var(--si)}.sweep .minor{fill:var(--sm)}.sweep .grid{stroke:var(--sr);fill:none}.sweep .axis{stroke:var(--sm);fill:none}\
.sweep .dense{stroke:var(--si);stroke-width:1.5;stroke-dasharray:2 4;fill:none}.sweep .band{opacity:.18;stroke:none}\
.sweep .line{fill:none;stroke-width:2}.sweep .seeds{fill:none;stroke-width:1.2}\
.sweep .spot{fill:none;stroke:var(--si);stroke-width:2}.sweep .sheet{fill:var(--sp)}";

/// Dashes of the series, in turn.
const DASHES: [&str; 6] = ["", "7 4", "2 3", "9 3 2 3", "12 4", "4 2 1 2"];

impl Chart {
    /// The chart as a whole SVG file.
    pub fn svg(&self) -> String {
        let height = self.height();
        sheet(&self.id, &self.title, &self.says, [WIDTH, height], &self.draw(), true)
    }

    /// The chart as a piece of a page that has the look in its own style sheet.
    pub fn inline(&self) -> String {
        sheet(&self.id, &self.title, &self.says, [WIDTH, self.height()], &self.draw(), false)
    }

    /// A closer look at what lies between two sparsities. The line for dense and the words stay.
    pub fn between(mut self, from: f64, to: f64) -> Self {
        let inside = |sparsity: f64| (from..=to).contains(&sparsity);
        for series in &mut self.series {
            series.points.retain(|point| inside(point.sparsity));
            series.spots.retain(|spot| inside(*spot));
        }
        self.from = from;
        self
    }

    /// Where a sparsity lies across, as a share of the drawing's width.
    pub fn place_of(&self, sparsity: f64) -> f64 {
        Frame::of(self).x(sparsity) / WIDTH
    }

    /// The sparsity of a place across, of those the chart has a point at: the nearest one.
    pub fn nearest(&self, share: f64) -> Option<f64> {
        let frame = Frame::of(self);
        let distance = |sparsity: f64| (frame.x(sparsity) / WIDTH - share).abs();
        let all = self.series.iter().flat_map(|series| &series.points).map(|point| point.sparsity);
        all.min_by(|a, b| distance(*a).total_cmp(&distance(*b)))
    }

    /// Its height with the legend.
    fn height(&self) -> f64 {
        HEIGHT + LEGEND * self.legend().len().div_ceil(self.columns()) as f64
    }

    /// Columns of the legend: one where a name is long.
    fn columns(&self) -> usize {
        if self.series.iter().any(|series| series.name.chars().count() > 26) { 1 } else { 2 }
    }

    /// What is drawn.
    fn draw(&self) -> String {
        let mut text = String::new();
        let frame = Frame::of(self);
        put(
            &mut text,
            format_args!("<text x=\"{}\" y=\"20\" text-anchor=\"middle\" font-size=\"15\">{}</text>", WIDTH / 2.0, escape(&self.title)),
        );
        frame.axes(&mut text, self);
        if let Some(dense) = self.dense.and_then(|dense| frame.y(dense, false)) {
            put(&mut text, format_args!("<path class=\"dense\" d=\"M{LEFT} {dense:.1}H{}\"/>", WIDTH - RIGHT));
        }
        for (at, series) in self.series.iter().enumerate() {
            frame.series(&mut text, at, series);
        }
        for (place, (mark, name)) in self.legend().into_iter().enumerate() {
            let columns = self.columns();
            let (x, y) = (LEFT + (place % columns) as f64 * 260.0, HEIGHT + LEGEND * (place / columns) as f64);
            put(
                &mut text,
                format_args!("<g transform=\"translate({x:.1} {y:.1})\">{mark}<text x=\"40\" y=\"4\">{}</text></g>", escape(&name)),
            );
        }
        text
    }

    /// Marks and names.
    fn legend(&self) -> Vec<(String, String)> {
        let mut entries: Vec<(String, String)> = Vec::new();
        for (at, series) in self.series.iter().enumerate() {
            let side = if series.right { " (right)" } else { "" };
            entries.push((format!("{}{}", line(at, "M0 0H32"), marker(at, 16.0, 0.0)), format!("{}{side}", series.name)));
        }
        if self.dense.is_some() {
            entries.push(("<path class=\"dense\" d=\"M0 0H32\"/>".into(), "dense".into()));
        }
        if self.series.iter().flat_map(|series| &series.points).any(|point| point.seeds.is_some()) {
            entries.push((bar(0, 16.0, -6.0, 6.0), "from seed to seed".into()));
        }
        if self.series.iter().any(|series| !series.spots.is_empty()) {
            entries.push((ring(16.0, 0.0), "sweet spot".into()));
        }
        entries
    }
}

/// Charts side by side in rows, each row under its own title, as one SVG file.
pub fn small_multiples(id: &str, title: &str, rows: &[(String, Vec<Chart>)]) -> String {
    const SCALE: f64 = 0.6;
    const HEAD: f64 = 30.0;
    let columns = rows.iter().map(|(_, charts)| charts.len()).max().unwrap_or(0).max(1);
    let (mut body, mut says, mut y) = (String::new(), String::new(), 34.0);
    for (name, charts) in rows {
        put(&mut body, format_args!("<text x=\"16\" y=\"{:.1}\" font-size=\"16\">{}</text>", y + 18.0, escape(name)));
        y += HEAD;
        for (column, chart) in charts.iter().enumerate() {
            let x = column as f64 * WIDTH * SCALE;
            put(&mut body, format_args!("<g transform=\"translate({x:.1} {y:.1}) scale({SCALE})\">{}</g>", chart.draw()));
            says = format!("{says}{name}, {}: {} ", chart.title, chart.says);
        }
        y += charts.iter().map(Chart::height).fold(0.0, f64::max) * SCALE;
    }
    let head = format!("<text x=\"16\" y=\"24\" font-size=\"18\">{}</text>", escape(title));
    sheet(id, title, says.trim_end(), [columns as f64 * WIDTH * SCALE, y + 8.0], &format!("{head}{body}"), true)
}

/// A whole drawing around what is drawn: with its look for a file, without for a page that has it.
pub fn sheet(id: &str, title: &str, says: &str, [width, height]: [f64; 2], body: &str, styled: bool) -> String {
    let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    // A drawing in a file needs a size of its own, or some programs show it as a speck.
    let (look, size) = match styled {
        true => (format!("<style>{STYLE}</style>"), format!(" width=\"{width:.0}\" height=\"{height:.0}\"")),
        false => Default::default(),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sweep\" role=\"img\"{size} viewBox=\"0 0 {width:.0} {height:.0}\" \
         aria-labelledby=\"{id}-title {id}-says\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-says\">{}</desc>{look}\
         <rect class=\"sheet\" width=\"{width:.0}\" height=\"{height:.0}\"/>{body}</svg>\n",
        escape(title),
        escape(says),
    )
}

/// Where values lie in a drawing.
struct Frame {
    across: Across,
    /// The place of the left edge on the axis.
    least: f64,
    /// The largest sparsity's place on the axis.
    most: f64,
    left: Ticks,
    right: Option<Ticks>,
}

impl Frame {
    fn of(chart: &Chart) -> Self {
        let most =
            chart.series.iter().flat_map(|series| &series.points).map(|point| place(chart.across, point.sparsity)).fold(0.0, f64::max);
        let values = |right: bool| {
            let points = chart.series.iter().filter(move |series| series.right == right).flat_map(|series| &series.points);
            let ends = |ends: Option<(f64, f64)>| [ends.map(|ends| ends.0), ends.map(|ends| ends.1)];
            points
                .flat_map(move |p| [p.value].into_iter().chain(ends(p.band)).chain(ends(p.seeds)))
                .flatten()
                .chain(chart.dense.filter(|_| !right))
        };
        let right = chart.series.iter().any(|series| series.right).then(|| Ticks::of(values(true)));
        let least = place(chart.across, chart.from).min(most);
        Self { across: chart.across, least, most: if most > least { most } else { least + 1.0 }, left: Ticks::of(values(false)), right }
    }

    fn x(&self, sparsity: f64) -> f64 {
        LEFT + (place(self.across, sparsity) - self.least) / (self.most - self.least) * (WIDTH - LEFT - RIGHT)
    }

    /// A value's height; none for what is not finite.
    fn y(&self, value: f64, right: bool) -> Option<f64> {
        let ticks = if right { self.right.as_ref()? } else { &self.left };
        value.is_finite().then(|| TOP + (ticks.high - value) / (ticks.high - ticks.low) * (HEIGHT - TOP - BOTTOM))
    }

    fn axes(&self, text: &mut String, chart: &Chart) {
        let (end, floor) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for (value, words) in self.left.labels() {
            let Some(y) = self.y(value, false) else { continue };
            put(text, format_args!("<path class=\"grid\" d=\"M{LEFT} {y:.1}H{end}\"/>"));
            put(text, format_args!("<text class=\"minor\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{words}</text>", LEFT - 6.0, y + 4.0));
        }
        for (value, words) in self.right.iter().flat_map(Ticks::labels) {
            let Some(y) = self.y(value, true) else { continue };
            put(text, format_args!("<text class=\"minor\" x=\"{}\" y=\"{:.1}\">{words}</text>", end + 6.0, y + 4.0));
        }
        let (name, labels) = self.across_labels();
        for (sparsity, words) in labels {
            let x = self.x(sparsity);
            put(text, format_args!("<path class=\"axis\" d=\"M{x:.1} {floor}v4\"/>"));
            put(text, format_args!("<text class=\"minor\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{words}</text>", floor + 18.0));
        }
        put(text, format_args!("<path class=\"axis\" d=\"M{LEFT} {TOP}V{floor}H{end}\"/>"));
        put(text, format_args!("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{name}</text>", (LEFT + end) / 2.0, floor + 36.0));
        let middle = (TOP + floor) / 2.0;
        let mut aside = |x: f64, words: &str| {
            let place = format!("x=\"{x}\" y=\"{middle}\" transform=\"rotate(-90 {x} {middle})\"");
            put(text, format_args!("<text {place} text-anchor=\"middle\">{}</text>", escape(words)));
        };
        aside(16.0, &chart.left);
        if self.right.is_some() {
            aside(WIDTH - 10.0, &chart.right);
        }
    }

    /// The name of the axis across, and where it is labelled.
    fn across_labels(&self) -> (&'static str, Vec<(f64, String)>) {
        let fits = |sparsity: &f64| (self.least * 0.9999..=self.most * 1.0001).contains(&place(self.across, *sparsity));
        match self.across {
            Across::Sparsity => {
                let step = [0.2, 0.1, 0.05, 0.02].into_iter().find(|step| (self.most - self.least) / step > 2.5).unwrap_or(0.01);
                let label = |at: usize| (at as f64 * step, format!("{:.0} %", at as f64 * step * 100.0));
                ("Weights pruned", (0..=100).map(label).filter(|(s, _)| *s < 1.0 && fits(s)).collect())
            }
            Across::LogDensity => {
                let kept = [1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
                let label = |kept: f64| (1.0 - kept, format!("{} %", (kept * 1e6).round() / 1e4));
                ("Weights left (logarithmic)", kept.map(label).into_iter().filter(|(s, _)| fits(s)).collect())
            }
        }
    }

    fn series(&self, text: &mut String, at: usize, series: &Series) {
        let place = |point: &Point| Some((self.x(point.sparsity), self.y(point.value?, series.right)?));
        for run in series.points.split(|point| place(point).is_none()) {
            let ends = |point: &Point| {
                let (low, high) = point.band?;
                Some((self.x(point.sparsity), self.y(low, series.right)?, self.y(high, series.right)?))
            };
            let band: Vec<(f64, f64, f64)> = run.iter().filter_map(ends).collect();
            if band.len() > 1 {
                let there = band.iter().map(|(x, _, high)| format!("{x:.1} {high:.1}"));
                let back = band.iter().rev().map(|(x, low, _)| format!("{x:.1} {low:.1}"));
                let path = there.chain(back).collect::<Vec<_>>().join("L");
                put(text, format_args!("<path class=\"band\" fill=\"var(--s{})\" d=\"M{path}Z\"/>", at % DASHES.len()));
            }
            let path: Vec<String> = run.iter().filter_map(place).map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
            if path.len() > 1 {
                text.push_str(&line(at, &format!("M{}", path.join("L"))));
            }
        }
        for (point, (x, y)) in series.points.iter().filter_map(|point| Some((point, place(point)?))) {
            text.push_str(&marker(at, x, y));
            if let Some((low, high)) = point.seeds.and_then(|(low, high)| Some((self.y(low, series.right)?, self.y(high, series.right)?))) {
                text.push_str(&bar(at, x, high, low));
            }
            if series.spots.contains(&point.sparsity) {
                text.push_str(&ring(x, y));
            }
        }
    }
}

/// The ends of an axis, and how far its labels are apart.
pub struct Ticks {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// How far labels are apart.
    pub step: f64,
}

impl Ticks {
    /// An axis for these values: it ends at labels, which are 1, 2 or 5 times a power of ten apart.
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values.filter(|v| v.is_finite()).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let (low, high) = match high - low {
            // Nothing to show, or one value: room around it.
            spread if !spread.is_finite() => (0.0, 1.0),
            spread if spread <= 1e-9 * high.abs() => (low - 0.05 * low.abs().max(0.1), high + 0.05 * high.abs().max(0.1)),
            _ => (low, high),
        };
        let rough = (high - low) / 5.0;
        let power = 10.0_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= rough * 0.999).unwrap_or(10.0 * power);
        Self { low: (low / step + 1e-6).floor() * step, high: (high / step - 1e-6).ceil() * step, step }
    }

    /// Where it is labelled.
    pub fn labels(&self) -> Vec<(f64, String)> {
        let count = ((self.high - self.low) / self.step).round().min(20.0) as usize;
        (0..=count).map(|at| self.low + at as f64 * self.step).map(|value| (value, self.write(value))).collect()
    }

    /// A value with as many digits as tell labels apart.
    fn write(&self, value: f64) -> String {
        let (value, step, unit) = match self.high.abs().max(self.low.abs()) {
            size if size >= 1e9 => (value / 1e9, self.step / 1e9, "\u{a0}G"),
            size if size >= 1e6 => (value / 1e6, self.step / 1e6, "\u{a0}M"),
            size if size >= 1e4 => (value / 1e3, self.step / 1e3, "\u{a0}k"),
            _ => (value, self.step, ""),
        };
        let digits = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
        // No minus before a zero that rounding left.
        let value = if value.abs() < step / 2.0 { 0.0 } else { value };
        format!("{value:.digits$}{unit}")
    }
}

/// Where a sparsity lies on the axis across, from 0 on.
fn place(across: Across, sparsity: f64) -> f64 {
    let sparsity = sparsity.clamp(0.0, 0.9999);
    match across {
        Across::Sparsity => sparsity,
        Across::LogDensity => -(1.0 - sparsity).ln(),
    }
}

/// The line of a series, by the series' place.
pub fn line(at: usize, path: &str) -> String {
    let at = at % DASHES.len();
    format!("<path class=\"line\" stroke=\"var(--s{at})\" stroke-dasharray=\"{}\" d=\"{path}\"/>", DASHES[at])
        .replace(" stroke-dasharray=\"\"", "")
}

/// A bar from one height to another, with ends.
fn bar(at: usize, x: f64, high: f64, low: f64) -> String {
    let left = x - 3.0;
    format!(
        "<path class=\"seeds\" stroke=\"var(--s{})\" d=\"M{left:.1} {high:.1}h6M{left:.1} {low:.1}h6M{x:.1} {high:.1}V{low:.1}\"/>",
        at % DASHES.len()
    )
}

/// A series' marker: circle, square, triangle, diamond, cross, ring.
pub fn marker(at: usize, x: f64, y: f64) -> String {
    let colour = at % DASHES.len();
    let path = match colour {
        0 => format!("M{:.1} {y:.1}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0Z", x - 3.5),
        1 => format!("M{:.1} {:.1}h6v6h-6Z", x - 3.0, y - 3.0),
        2 => format!("M{x:.1} {:.1}l4 7h-8Z", y - 4.0),
        3 => format!("M{x:.1} {:.1}l4 4l-4 4l-4 -4Z", y - 4.0),
        4 => format!("M{:.1} {:.1}h8v2h-8ZM{:.1} {:.1}h2v8h-2Z", x - 4.0, y - 1.0, x - 1.0, y - 4.0),
        _ => format!("M{x:.1} {:.1}l4 -7h-8Z", y + 4.0),
    };
    format!("<path fill=\"var(--s{colour})\" d=\"{path}\"/>")
}

/// The ring around a sweet spot.
pub fn ring(x: f64, y: f64) -> String {
    format!("<circle class=\"spot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"8\"/>")
}

/// Writes behind a text.
pub fn put(text: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(words);
}

/// Text as XML.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // XML has no control characters but these.
            c if c.is_control() && !['\n', '\t'].contains(&c) => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_round_and_hold_all_values() {
        for (values, low, high, step) in [
            ([0.31, 0.58], 0.3, 0.6, 0.1),
            ([0.0, 1.0], 0.0, 1.0, 0.2),
            ([-3.0, 12.0], -5.0, 15.0, 5.0),
            ([0.0, 350_000.0], 0.0, 400_000.0, 1e5),
        ] {
            let ticks = Ticks::of(values.into_iter());
            let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * b.abs().max(1.0);
            assert!(
                near(ticks.low, low) && near(ticks.high, high) && near(ticks.step, step),
                "{} {} {}",
                ticks.low,
                ticks.high,
                ticks.step
            );
        }
        let single = Ticks::of([0.5].into_iter());
        assert!(single.low < 0.5 && single.high > 0.5);
        let none = Ticks::of(std::iter::empty());
        assert_eq!((none.low, none.high), (0.0, 1.0));
    }
}
