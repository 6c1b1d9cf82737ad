//! What is said of networks beside people: charts, heat tables and sentences. Everything that is drawn stands in a table, too.

use super::text;
use super::widgets::markup::{Html, scrolled, table};
use sweetspot_core::alignment::accuracy::{Confusion, Share};
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::condition::title;
use sweetspot_core::alignment::consistency::Estimate;
use sweetspot_core::alignment::references::{DATA_SETS, DataSet, HUMAN_SHAPE_BIAS};
use sweetspot_core::alignment::shape_bias::ShapeBias;
use sweetspot_core::alignment::summary::{Alignment, InCondition};
use sweetspot_core::sweep::chart::{Across, Chart, Point, Series};
use sweetspot_protocol::{Aligned, AlignedAt};

/// How many shades heat tables have.
const SHADES: f64 = 8.0;
/// The chart's size and its room for names, in its own units.
const WIDTH: f64 = 560.0;
const NAMES: f64 = 150.0;
const ROW: f64 = 46.0;

/// "71.2 % (58.9 to 81.0 %)".
fn share(share: &Share) -> String {
    let [low, high] = share.interval.map(|end| format!("{:.1}", end * 100.0));
    format!("{} ({low} to {high}\u{a0}%)", text::score(share.value))
}

/// A share that may not be there.
fn some_share(value: Option<&Share>) -> String {
    value.map_or_else(|| "\u{2013}".into(), share)
}

/// "0.213 (0.105 to 0.330)".
pub fn estimate(estimate: Option<&Estimate>) -> String {
    let Some(Estimate { value, interval: [low, high], .. }) = estimate else { return "\u{2013}".into() };
    format!("{} ({} to {})", kappa(*value), kappa(*low), kappa(*high))
}

/// A kappa with three decimals and a true minus.
fn kappa(value: f64) -> String {
    format!("{value:.3}").replace('-', "\u{2212}")
}

/// The answers in few numbers: dense, pruned, people.
pub fn facts(found: &Aligned) -> Html {
    let both = [&found.dense, &found.pruned];
    let cells = |name: &str, of: &dyn Fn(&Alignment) -> String, people: String| {
        let mut row = vec![Html::text(name)];
        row.extend(both.iter().map(|one| Html::text(&of(one))));
        row.push(Html::text(&people));
        row
    };
    let ceiling = found.dense.ceiling.as_ref();
    let mut rows = vec![
        cells("Right answers", &|one| share(&one.accuracy), some_share(found.dense.human_accuracy.as_ref())),
        cells("Error consistency with people (\u{3ba})", &|one| estimate(one.error_consistency.as_ref()), estimate(ceiling)),
    ];
    if found.dense.shape_bias.is_some() || found.dense.human_shape_bias.is_some() {
        rows.push(cells("Shape bias", &|one| bias(one.shape_bias.as_ref()), bias(found.dense.human_shape_bias.as_ref())));
    }
    let heads = ["", "Dense", "Pruned", "People"];
    table("Networks beside people", "align-facts", &heads, rows).with(Html::tag(
        "p",
        &[("class", "note"), ("data-testid", "align-verdict")],
        Html::text(&verdict(found)),
    ))
}

fn bias(bias: Option<&ShapeBias>) -> String {
    let Some(ShapeBias { value, interval: [low, high], shape, texture, .. }) = bias else { return "\u{2013}".into() };
    format!("{} ({:.1} to {:.1}\u{a0}%, {} decided)", text::score(*value), low * 100.0, high * 100.0, shape + texture)
}

/// What the numbers rest on, and whether both networks differ by more than noise.
pub fn verdict(found: &Aligned) -> String {
    let people = found.names.len() - 2;
    let of =
        |count: usize, one: &str, more: &str| if count == 1 { format!("{count} {one}") } else { format!("{} {more}", text::count(count)) };
    let rests = format!(
        "{} in {} and {}. Intervals: Wilson\u{2019}s for shares; for \u{3ba} the middle 95\u{a0}% of draws of pictures, people staying the same.",
        of(found.dense.accuracy.of, "picture", "pictures"),
        of(found.dense.conditions.len(), "condition", "conditions"),
        of(people, "person", "people"),
    );
    let ceiling = match (&found.dense.ceiling, people) {
        (Some(ceiling), _) => format!(" People agree with each other at \u{3ba} = {}: more cannot be hoped for.", kappa(ceiling.value)),
        (None, 0 | 1) => " A ceiling needs at least two people who saw the same pictures.".into(),
        (None, _) => " No two people saw the same pictures, so there is no ceiling.".into(),
    };
    let apart = match (&found.dense.error_consistency, &found.pruned.error_consistency) {
        _ if found.networks[0].answers == found.networks[1].answers => " Both networks answer alike.".to_string(),
        (Some(dense), Some(pruned)) => {
            let overlap = dense.interval[0] <= pruned.interval[1] && pruned.interval[0] <= dense.interval[1];
            match overlap {
                true => {
                    " The intervals of both networks\u{2019} \u{3ba} overlap: so few pictures show neither a benefit nor a loss.".into()
                }
                false if pruned.value > dense.value => {
                    " On these pictures the pruned network\u{2019}s errors are more like people\u{2019}s than the dense one\u{2019}s."
                        .into()
                }
                false => " On these pictures the pruned network\u{2019}s errors are less like people\u{2019}s than the dense one\u{2019}s."
                    .into(),
            }
        }
        _ => String::new(),
    };
    let excluded = match found.dense.excluded.is_empty() {
        true => String::new(),
        false => format!(" Left out, as in the published means: {}.", found.dense.excluded.join(", ")),
    };
    format!("{rests}{ceiling}{apart}{excluded}")
}

/// Right answers by condition with their intervals: a drawing, and the numbers with error consistency in a table.
pub fn by_condition(found: &Aligned) -> Html {
    let rows: Vec<(&InCondition, Option<&InCondition>)> = found
        .dense
        .conditions
        .iter()
        .map(|dense| (dense, found.pruned.conditions.iter().find(|pruned| pruned.condition == dense.condition)))
        .collect();
    let cells = |(dense, pruned): &(&InCondition, Option<&InCondition>)| {
        let words = [
            title(&dense.condition),
            share(&dense.accuracy),
            some_share(pruned.map(|pruned| &pruned.accuracy)),
            some_share(dense.human_accuracy.as_ref()),
            estimate(dense.error_consistency.as_ref()),
            estimate(pruned.and_then(|pruned| pruned.error_consistency.as_ref())),
            estimate(dense.ceiling.as_ref()),
        ];
        words.iter().map(|word| Html::text(word)).collect::<Vec<_>>()
    };
    let heads = ["Condition", "Dense right", "Pruned right", "People right", "\u{3ba} dense", "\u{3ba} pruned", "\u{3ba} among people"];
    let numbers = table("By condition", "align-conditions", &heads, rows.iter().map(cells).collect());
    drawing(&rows).with(numbers)
}

/// Marks with whiskers, a row a condition.
fn drawing(rows: &[(&InCondition, Option<&InCondition>)]) -> Html {
    let height = 24.0 + ROW * rows.len() as f64 + 18.0;
    let x = |share: f64| NAMES + share * (WIDTH - NAMES - 16.0);
    let number = |value: f64| format!("{value:.1}");
    let label = |words: &str, at: f64, y: f64, anchor: &str| {
        let place = [("class", "tick-text"), ("x", &*number(at)), ("y", &*number(y)), ("text-anchor", anchor)];
        Html::tag("text", &place, Html::text(words))
    };
    let path = |class: &str, d: String| Html::tag("path", &[("class", class), ("d", &d)], Html::default());
    let mut parts = Vec::new();
    for at in [0.0, 0.25, 0.5, 0.75, 1.0] {
        parts.push(path("rule", format!("M{:.1} 20V{:.1}", x(at), height - 18.0)));
        parts.push(label(&format!("{:.0}\u{a0}%", at * 100.0), x(at), height - 4.0, "middle"));
    }
    // What guessing among the categories would come to.
    parts.push(path("guess", format!("M{:.1} 20V{:.1}", x(1.0 / 16.0), height - 18.0)));
    for (at, (name, class)) in [("dense", "of-dense"), ("pruned", "of-pruned"), ("people", "of-people")].iter().enumerate() {
        let left = NAMES + 110.0 * at as f64;
        parts.push(mark(class, left, 8.0));
        parts.push(label(name, left + 12.0, 12.0, "start"));
    }
    for (row, (dense, pruned)) in rows.iter().enumerate() {
        let top = 24.0 + ROW * row as f64;
        parts.push(label(&title(&dense.condition), NAMES - 8.0, top + ROW / 2.0, "end"));
        let shares = [Some(&dense.accuracy), pruned.map(|pruned| &pruned.accuracy), dense.human_accuracy.as_ref()];
        for (place, (share, class)) in shares.into_iter().zip(["of-dense", "of-pruned", "of-people"]).enumerate() {
            let Some(share) = share else { continue };
            let y = top + 10.0 + 12.0 * place as f64;
            let [low, high] = share.interval.map(x);
            parts.push(path(
                &format!("whisker {class}"),
                format!("M{low:.1} {y:.1}H{high:.1}M{low:.1} {:.1}v6M{high:.1} {:.1}v6", y - 3.0, y - 3.0),
            ));
            parts.push(mark(class, x(share.value), y));
        }
    }
    let words = "Right answers by condition with 95 % intervals, dense, pruned and people; the dashed line is guessing. The numbers are in the table below.";
    let view = format!("0 0 {WIDTH} {height:.0}");
    Html::tag("svg", &[("class", "align-chart"), ("viewBox", &view), ("role", "img"), ("aria-label", words)], Html::all(parts))
}

/// A mark whose form, too, says whose it is.
fn mark(class: &str, x: f64, y: f64) -> Html {
    let d = match class {
        "of-dense" => format!("M{:.1} {y:.1}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", x - 4.5),
        "of-pruned" => format!("M{:.1} {:.1}h8v8h-8z", x - 4.0, y - 4.0),
        _ => format!("M{x:.1} {:.1}l5 9h-10z", y - 5.0),
    };
    Html::tag("path", &[("class", &format!("mark {class}")), ("d", &d)], Html::default())
}

/// The shade of a value between 0 and 1; none for nothing.
fn shade(value: f64) -> String {
    format!("shade-{:.0}", (value.clamp(0.0, 1.0) * SHADES).round())
}

/// A heat table: row names, column heads, and cells with a share for their shade and their words.
fn heat(label: &str, id: &str, heads: &[&str], rows: Vec<(String, Vec<(f64, String)>)>) -> Html {
    let head = heads.iter().map(|head| Html::tag("th", &[("scope", "col")], Html::text(head))).collect();
    let row = |(name, cells): (String, Vec<(f64, String)>)| {
        let cells = cells.iter().map(|(value, words)| Html::tag("td", &[("class", &shade(*value))], Html::text(words))).collect();
        Html::tag("tr", &[], Html::tag("th", &[("scope", "row")], Html::text(&name)).with(Html::all(cells)))
    };
    let body = Html::tag("tbody", &[], Html::all(rows.into_iter().map(row).collect()));
    let table = Html::tag(
        "table",
        &[("class", "heat"), ("data-testid", id)],
        Html::tag("thead", &[], Html::tag("tr", &[], Html::all(head))).with(body),
    );
    scrolled(label, "", table)
}

/// Error consistency of each with each.
pub fn matrix(found: &Aligned) -> Html {
    let mut heads = vec![""];
    heads.extend(found.names.iter().map(String::as_str));
    let cell = |value: &Option<f64>| value.map_or((0.0, "\u{2013}".to_string()), |value| (value, kappa(value)));
    let rows = found.names.iter().zip(&found.matrix).map(|(name, row)| (name.clone(), row.iter().map(cell).collect())).collect();
    heat("Error consistency of each with each", "align-matrix", &heads, rows)
}

/// What is taken for what, row by row in shares of what was shown.
pub fn confusion(whose: &str, id: &str, counts: &Confusion) -> Html {
    let mut heads = vec!["shown"];
    heads.extend(Category::ALL.map(Category::id));
    heads.push("none");
    let row = |(category, row): (Category, &Vec<usize>)| {
        let all = row.iter().sum::<usize>();
        let cell = |count: &usize| match count {
            0 => (0.0, String::new()),
            count => (*count as f64 / all as f64, count.to_string()),
        };
        (format!("{category} ({all})"), row.iter().map(cell).collect())
    };
    let rows = Category::ALL.into_iter().zip(&counts.counts).map(row).collect();
    let title = format!("What {whose} took for what");
    Html::around("h4", &format!("{title} ({} of {} right)", counts.right(), counts.total())).with(heat(&title, id, &heads, rows))
}

/// A chart of what is measured along sparsity, for the page, which has the look of charts.
pub fn along(points: &[AlignedAt], id: &str, kappas: bool, people: (Option<f64>, Option<f64>)) -> String {
    let point = |at: &AlignedAt| match kappas {
        true => {
            let estimate = at.error_consistency.as_ref();
            let band = estimate.map(|estimate| (estimate.interval[0], estimate.interval[1]));
            Point { sparsity: at.sparsity, value: estimate.map(|estimate| estimate.value), band, seeds: None }
        }
        false => {
            let [low, high] = at.accuracy.interval;
            Point { sparsity: at.sparsity, value: Some(at.accuracy.value), band: Some((low, high)), seeds: None }
        }
    };
    let mut points: Vec<Point> = points.iter().map(point).collect();
    points.sort_by(|a, b| a.sparsity.total_cmp(&b.sparsity));
    let dense = points.iter().find(|point| point.sparsity == 0.0).and_then(|point| point.value);
    let (left, reference) = if kappas { ("error consistency", people.1) } else { ("share right", people.0) };
    let line = |value: f64| points.iter().map(|point| Point { sparsity: point.sparsity, value: Some(value), ..Point::default() }).collect();
    let mut series = vec![Series { name: "network".into(), right: false, points: points.clone(), spots: Vec::new() }];
    if let Some(value) = reference {
        let name = if kappas { "people with each other (ceiling)" } else { "people" };
        series.push(Series { name: name.into(), right: false, points: line(value), spots: Vec::new() });
    }
    let told = |point: Option<&Point>| point.and_then(|point| point.value).map_or("nothing".into(), |value| format!("{value:.3}"));
    let says = format!("from {} to {}; the numbers are in the table below", told(points.first()), told(points.last()));
    let title = if kappas { "Error consistency with people" } else { "Right answers" };
    let chart = Chart {
        id: id.into(),
        title: title.into(),
        says,
        across: Across::LogDensity,
        from: 0.0,
        left: left.into(),
        right: String::new(),
        dense,
        series,
    };
    chart.inline()
}

/// The same as a table.
pub fn along_table(points: &[AlignedAt]) -> Html {
    let mut points: Vec<&AlignedAt> = points.iter().collect();
    points.sort_by(|a, b| a.sparsity.total_cmp(&b.sparsity));
    let row = |at: &&AlignedAt| {
        let words = [text::percent(at.sparsity), share(&at.accuracy), estimate(at.error_consistency.as_ref())];
        words.iter().map(|word| Html::text(word)).collect()
    };
    table("Along sparsity", "align-along", &["Pruned", "Right answers", "\u{3ba} with people"], points.iter().map(row).collect())
}

/// What is known of the published experiments: all of them, or the one that a pack is.
pub fn references(of: Option<&str>) -> Html {
    let wanted = of.and_then(DataSet::of);
    let row = |set: &DataSet| {
        let words = [
            set.id.to_string(),
            text::score(set.human_accuracy),
            format!("{:.5}", set.ceiling),
            text::score(set.resnet50_accuracy),
            format!("{:.5}", set.resnet50_consistency),
        ];
        words.iter().map(|word| Html::text(word)).collect::<Vec<_>>()
    };
    let rows = DATA_SETS.iter().filter(|set| wanted.is_none_or(|wanted| wanted.id == set.id)).map(row).collect();
    let heads = ["Data set", "People right", "\u{3ba} among people", "ResNet-50 right", "\u{3ba} of ResNet-50"];
    let says = format!(
        "Published facts to read these numbers beside: the experiments of Geirhos et al., 2021 (bethgelab/model-vs-human), computed anew from their trials, \
         and ResNet-50 as brain-score/vision states it. Their pictures are others than these. People\u{2019}s shape bias there: {}.",
        text::score(HUMAN_SHAPE_BIAS)
    );
    Html::tag("p", &[("class", "note")], Html::text(&says)).with(table("Published facts", "align-references", &heads, rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sweetspot_core::alignment::consistency::{Table, matrix as kappas};
    use sweetspot_core::alignment::observers::{Answer, Observer};
    use sweetspot_core::alignment::summary::align;
    use sweetspot_core::report::Report;
    use sweetspot_protocol::Source;

    fn observer(name: &str, wrong: &[usize]) -> Observer {
        let mut observer = Observer::new(name);
        for at in 0..20 {
            let response = Some(if wrong.contains(&at) { Category::Oven } else { Category::Dog });
            observer.add("natural", &format!("p{at}"), Answer { category: Category::Dog, response });
        }
        observer
    }

    fn aligned(people: &[Observer]) -> Aligned {
        let networks = [observer("dense network", &[0, 1, 2]), observer("pruned network", &[5, 6, 7, 8])];
        let everybody: Vec<&Observer> = networks.iter().chain(people).collect();
        let tables = [Table::new(everybody.iter().copied(), "natural")];
        Aligned {
            source: Source::Shipped,
            data_set: None,
            dense: align(&networks[0], people, |_| false, 0).unwrap(),
            pruned: align(&networks[1], people, |_| false, 0).unwrap(),
            names: everybody.iter().map(|one| one.name.clone()).collect(),
            matrix: kappas(&tables, everybody.len()),
            people: Confusion::of(people.iter().flat_map(Observer::all).map(|(.., answer)| answer)),
            networks,
            report: Report::default(),
        }
    }

    #[test]
    fn numbers_stand_in_tables_and_names_do_not_break_out() {
        let found = aligned(&[observer("<b>ada</b>", &[0, 1]), observer("bob", &[0])]);
        let facts = facts(&found).into_string();
        assert!(facts.contains("85.0\u{a0}% (64.0 to 94.8\u{a0}%)"), "{facts}");
        assert!(facts.contains("People agree with each other at"), "{facts}");
        let matrix = matrix(&found).into_string();
        assert!(!matrix.contains("<b>") && matrix.contains("&lt;b&gt;ada"), "{matrix}");
        assert_eq!(matrix.matches("<td").count(), 16);
        assert!(matrix.contains("shade-8\">1.000"), "{matrix}");
        let by = by_condition(&found).into_string();
        assert!(by.contains("As it is") && by.matches("class=\"whisker").count() == 3, "{by}");
        let confusion = confusion("the dense network", "c", &found.dense.confusion).into_string();
        assert!(confusion.contains("(17 of 20 right)") && confusion.contains("dog (20)"), "{confusion}");
    }

    #[test]
    fn what_little_can_tell_is_said() {
        let alone = verdict(&aligned(&[observer("ada", &[0])]));
        assert!(alone.contains("1 person") && alone.contains("at least two people"), "{alone}");
        assert!(alone.contains("overlap: so few pictures show neither a benefit nor a loss"), "{alone}");
        let nobody = facts(&aligned(&[])).into_string();
        assert!(nobody.contains('\u{2013}') && nobody.contains("0 people"), "{nobody}");
    }

    #[test]
    fn curves_have_their_table() {
        let at = |sparsity, right| AlignedAt { sparsity, accuracy: Share::new(right, 20).unwrap(), error_consistency: None };
        let points = [at(0.9, 3), at(0.0, 17)];
        let svg = along(&points, "a", false, (Some(0.9), None));
        assert!(svg.contains("from 0.850 to 0.150") && svg.contains(">people<"), "{svg}");
        let table = along_table(&points).into_string();
        assert!(table.find("0\u{a0}%").unwrap() < table.find("90\u{a0}%").unwrap(), "{table}");
        assert!(references(Some("edge")).into_string().contains("0.31844"));
        assert_eq!(references(None).into_string().matches("<tr>").count(), 18);
    }
}
