//! Two curves over the same axis, as a small drawing with a description.

use leptos::prelude::*;

use sweetspot_protocol::Point;

/// The drawing's size and the room around the plot, in its own units.
const WIDTH: f32 = 360.0;
const HEIGHT: f32 = 180.0;
const LEFT: f32 = 52.0;
const RIGHT: f32 = 8.0;
const TOP: f32 = 8.0;
const BOTTOM: f32 = 34.0;

/// The most points that are marked one by one.
const FEW: usize = 12;

/// The curves of the dense and the pruned network.
#[component]
pub fn Curve(
    /// What is drawn.
    title: &'static str,
    /// What the horizontal axis is.
    across: &'static str,
    /// Dense and pruned.
    curves: [Vec<Point>; 2],
    /// The point that is marked.
    at: RwSignal<usize>,
    /// How a value is written.
    write: Callback<f32, String>,
) -> impl IntoView {
    let values = || curves.iter().flatten().map(|point| point.value).filter(|value| value.is_finite());
    let (mut low, mut high) = values().fold((0.0_f32, 0.0_f32), |(low, high), value| (low.min(value), high.max(value)));
    if high - low <= 0.0 {
        (low, high) = (low, low + 1.0);
    }
    let x = |at: f32| LEFT + at.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT);
    let y = move |value: f32| TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM);
    let path = |curve: &[Point]| {
        let points = curve.iter().filter(|point| point.value.is_finite());
        points.map(|point| format!("{:.1},{:.1}", x(point.at), y(point.value))).collect::<Vec<_>>().join(" ")
    };
    let dots = |curve: &[Point], class: &'static str| {
        // Where points are few each counts, and a line of one point is none.
        let few = curve.len() <= FEW;
        let dot = |point: &Point| {
            view! { <circle class=class cx=x(point.at) cy=y(point.value) r="3.5"></circle> }
        };
        curve.iter().filter(|point| few && point.value.is_finite()).map(dot).collect_view()
    };
    let ends = |name: &str, curve: &[Point]| match (curve.first(), curve.last()) {
        (Some(first), Some(last)) => {
            format!("{name} from {} to {}", write.run(first.value), write.run(last.value))
        }
        _ => format!("{name}: none"),
    };
    let description = format!(
        "{title}, dense and pruned, by {across}: {}; {}. The numbers are in the table below.",
        ends("Dense", &curves[0]),
        ends("pruned", &curves[1])
    );
    let rules = [high, (low + high) / 2.0, low];
    let places: Vec<f32> = curves[0].iter().map(|point| point.at).collect();
    let marked = move || places.get(at.get()).copied().map_or(LEFT, x);
    let named = curves[0].iter().any(|point| !point.label.is_empty());
    let horizontal = if named {
        let name = |point: Option<&Point>| point.map(|point| point.label.clone()).unwrap_or_default();
        vec![(name(curves[0].first()), 0.0, "start"), (name(curves[0].last()), 1.0, "end")]
    } else {
        vec![("0".into(), 0.0, "middle"), ("50\u{a0}%".into(), 0.5, "middle"), ("100\u{a0}%".into(), 1.0, "end")]
    };
    let rules = rules.map(|value| {
        let rule = format!("M{LEFT} {y:.1}H{}", WIDTH - RIGHT, y = y(value));
        view! { <path class="rule" d=rule></path> {label(write.run(value), LEFT - 6.0, y(value) + 4.0, "end")} }
    });
    let horizontal = horizontal.into_iter().map(|(words, at, anchor)| label(words, x(at), HEIGHT - BOTTOM + 14.0, anchor));
    let lines = curves.iter().zip([["dense", "dense-dot"], ["pruned", "pruned-dot"]]);
    let lines = lines.map(|(curve, [line, dot])| view! { <polyline class=line points=path(curve)></polyline> {dots(curve, dot)} });
    view! {
        <svg class="curve" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=description data-testid="curve">
            {rules.collect_view()}
            {horizontal.collect_view()}
            {label(across.into(), (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 4.0, "middle")}
            {lines.collect_view()}
            <line class="marker" x1=marked.clone() x2=marked y1=TOP y2=HEIGHT - BOTTOM></line>
        </svg>
    }
}

/// Words in a drawing.
pub fn label(words: String, x: f32, y: f32, anchor: &'static str) -> AnyView {
    view! { <text class="tick-text" x=x y=y text-anchor=anchor>{words}</text> }.into_any()
}
