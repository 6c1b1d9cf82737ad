//! What is said of networks beside people, in words and rows of words.

use super::text;
use sweetspot_core::alignment::accuracy::{Confusion, Share};
use sweetspot_core::alignment::categories::Category;
use sweetspot_core::alignment::condition::title;
use sweetspot_core::alignment::consistency::Estimate;
use sweetspot_core::alignment::references::{DATA_SETS, DataSet, HUMAN_SHAPE_BIAS};
use sweetspot_core::alignment::shape_bias::ShapeBias;
use sweetspot_core::alignment::summary::{Alignment, InCondition};
use sweetspot_core::few;
use sweetspot_core::sweep::chart::{Across, Chart, Point, Series};
use sweetspot_protocol::{Aligned, AlignmentAtSparsity};

/// How many shades heat tables have.
const SHADES: f64 = 8.0;

/// The rows of a table whose cells are shaded: names, and cells with a share for their shade and their words.
pub type HeatRows = Vec<(String, Vec<(f64, String)>)>;

/// A condition as the dense and the pruned network did in it.
pub type Pair<'a> = (&'a InCondition, Option<&'a InCondition>);

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
pub fn facts(found: &Aligned) -> Vec<Vec<String>> {
    let both = [&found.dense, &found.pruned];
    let cells = |name: &str, of: &dyn Fn(&Alignment) -> String, people: String| {
        let mut row = vec![name.to_string()];
        row.extend(both.iter().map(|one| of(one)));
        row.push(people);
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
    rows
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

/// The conditions, as both networks did in them.
pub fn conditions(found: &Aligned) -> Vec<Pair<'_>> {
    let pruned = |dense: &InCondition| found.pruned.conditions.iter().find(|pruned| pruned.condition == dense.condition);
    found.dense.conditions.iter().map(|dense| (dense, pruned(dense))).collect()
}

/// Right answers and error consistency by condition.
pub fn by_condition(found: &Aligned) -> Vec<Vec<String>> {
    let cells = |(dense, pruned): Pair<'_>| {
        vec![
            title(&dense.condition),
            share(&dense.accuracy),
            some_share(pruned.map(|pruned| &pruned.accuracy)),
            some_share(dense.human_accuracy.as_ref()),
            estimate(dense.error_consistency.as_ref()),
            estimate(pruned.and_then(|pruned| pruned.error_consistency.as_ref())),
            estimate(dense.ceiling.as_ref()),
        ]
    };
    conditions(found).into_iter().map(cells).collect()
}

/// The shade of a value between 0 and 1, as a class.
pub fn shade(value: f64) -> String {
    format!("shade-{:.0}", (value.clamp(0.0, 1.0) * SHADES).round())
}

/// Error consistency of each with each.
pub fn matrix(found: &Aligned) -> HeatRows {
    let cell = |value: &Option<f64>| value.map_or((0.0, "\u{2013}".to_string()), |value| (value, kappa(value)));
    found.names.iter().zip(&found.matrix).map(|(name, row)| (name.clone(), row.iter().map(cell).collect())).collect()
}

/// What is taken for what, row by row in shares of what was shown.
pub fn confusion(counts: &Confusion) -> HeatRows {
    let row = |(category, row): (Category, &Vec<usize>)| {
        let all = row.iter().sum::<usize>();
        let cell = |count: &usize| match count {
            0 => (0.0, String::new()),
            count => (*count as f64 / all as f64, count.to_string()),
        };
        (format!("{category} ({all})"), row.iter().map(cell).collect())
    };
    Category::ALL.into_iter().zip(&counts.counts).map(row).collect()
}

/// A chart of what is measured along sparsity, for the page, which has the look of charts.
pub fn along(points: &[AlignmentAtSparsity], id: &str, kappas: bool, people: (Option<f64>, Option<f64>)) -> String {
    let point = |at: &AlignmentAtSparsity| match kappas {
        true => {
            let estimate = at.error_consistency.as_ref();
            let band = estimate.map(|estimate| (estimate.interval[0], estimate.interval[1]));
            Point { sparsity: at.sparsity.get(), value: estimate.map(|estimate| estimate.value), band, seeds: None }
        }
        false => {
            let [low, high] = at.accuracy.interval;
            Point { sparsity: at.sparsity.get(), value: Some(at.accuracy.value), band: Some((low, high)), seeds: None }
        }
    };
    let mut points: Vec<Point> = points.iter().map(point).collect();
    few::sort_by(&mut points, |a, b| a.sparsity.total_cmp(&b.sparsity));
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

/// The same in words.
pub fn along_rows(points: &[AlignmentAtSparsity]) -> Vec<Vec<String>> {
    let mut points: Vec<&AlignmentAtSparsity> = points.iter().collect();
    few::sort_by(&mut points, |a, b| a.sparsity.cmp(&b.sparsity));
    let row = |at: &&AlignmentAtSparsity| vec![text::sparsity(at.sparsity), share(&at.accuracy), estimate(at.error_consistency.as_ref())];
    points.iter().map(row).collect()
}

/// What is known of the published experiments: all of them, or the one that a pack is.
pub fn references(of: Option<&str>) -> Vec<Vec<String>> {
    let wanted = of.and_then(DataSet::of);
    let row = |set: &DataSet| {
        vec![
            set.id.to_string(),
            text::score(set.human_accuracy),
            format!("{:.5}", set.ceiling),
            text::score(set.resnet50_accuracy),
            format!("{:.5}", set.resnet50_consistency),
        ]
    };
    DATA_SETS.iter().filter(|set| wanted.is_none_or(|wanted| wanted.id == set.id)).map(row).collect()
}

/// What they are.
pub fn references_say() -> String {
    format!(
        "Published facts to read these numbers beside: the experiments of Geirhos et al., 2021 (bethgelab/model-vs-human), computed anew from their trials, \
         and ResNet-50 as brain-score/vision states it. Their pictures are others than these. People\u{2019}s shape bias there: {}.",
        text::score(HUMAN_SHAPE_BIAS)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use sweetspot_core::alignment::consistency::{Table, matrix as kappas};
    use sweetspot_core::alignment::observers::{Answer, Observer};
    use sweetspot_core::alignment::summary::align;
    use sweetspot_core::report::Report;
    use sweetspot_core::sparsity::Sparsity;
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
    fn numbers_stand_in_rows() {
        let found = aligned(&[observer("ada", &[0, 1]), observer("bob", &[0])]);
        assert_eq!(facts(&found)[0][1], "85.0\u{a0}% (64.0 to 94.8\u{a0}%)");
        assert!(verdict(&found).contains("People agree with each other at"));
        let matrix = matrix(&found);
        assert_eq!(matrix.iter().map(|(_, cells)| cells.len()).sum::<usize>(), 16);
        assert_eq!(matrix[2], ("ada".into(), matrix[2].1.clone()));
        assert_eq!(matrix[2].1[2], (1.0, "1.000".into()));
        assert_eq!(shade(1.0), "shade-8");
        assert_eq!(by_condition(&found)[0][0], "As it is");
        assert_eq!(conditions(&found).len(), 1);
        let dogs = confusion(&found.dense.confusion).into_iter().find(|(name, _)| name == "dog (20)");
        assert!(dogs.is_some_and(|(_, cells)| cells.contains(&(0.85, "17".into()))));
    }

    #[test]
    fn what_little_can_tell_is_said() {
        let alone = verdict(&aligned(&[observer("ada", &[0])]));
        assert!(alone.contains("1 person") && alone.contains("at least two people"), "{alone}");
        assert!(alone.contains("overlap: so few pictures show neither a benefit nor a loss"), "{alone}");
        let nobody = aligned(&[]);
        assert!(facts(&nobody)[0][3] == "\u{2013}" && verdict(&nobody).contains("0 people"));
    }

    #[test]
    fn curves_have_their_table() {
        let at = |sparsity, right| AlignmentAtSparsity { sparsity, accuracy: Share::new(right, 20).unwrap(), error_consistency: None };
        let points = [at(Sparsity::new(0.9).unwrap(), 3), at(Sparsity::ZERO, 17)];
        let svg = along(&points, "a", false, (Some(0.9), None));
        assert!(svg.contains("from 0.850 to 0.150") && svg.contains(">people<"), "{svg}");
        let rows = along_rows(&points);
        assert_eq!([&rows[0][0], &rows[1][0]], ["0\u{a0}%", "90\u{a0}%"]);
        assert!(references(Some("edge"))[0].contains(&"0.31844".into()));
        assert_eq!(references(None).len(), 17);
    }
}
