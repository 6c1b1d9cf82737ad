//! A strip of small pictures with what both networks find at every layer, or at some sparsities: made when asked for, and to choose from.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlInputElement};

use super::controls::choose_layer;
use crate::address::Commit;
use crate::objects::{overlap_words, strip_sparsities};
use crate::session;
use crate::stores::Stores;
use crate::stores::objects::{Following, Spots};
use crate::text;
use crate::widgets::choice::Raw;
use crate::widgets::markup::Html;
use crate::widgets::pixels::{opaque, put, resize};
use sweetspot_core::discovery::Box4;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_core::side::Side;
use sweetspot_protocol::{Along, Sighting, Spot, Stage, Strip};

/// The longer side of a small picture, in pixels.
const SMALL: f64 = 160.0;

/// A strip.
#[component]
pub fn StripOf(stores: Stores, strip: Following) -> impl IntoView {
    let (id, title, words) = match strip {
        Following::Layers => ("layers", "At every layer", "Search at every layer"),
        Following::Sparsities => ("sparsities", "At other sparsities", "Search at other sparsities"),
    };
    let spots = stores.objects.spots(strip);
    let going = move || stores.objects.following.get() == Some(strip);
    let ready = move || {
        stores.answers.finished.get() > 0
            && stores.answers.finished.get() >= stores.answers.latest.get()
            && stores.objects.following.get().is_none()
    };
    let looks = move || stores.experiment.with(|experiment| experiment.discovery.method.info().looks);
    // A pattern has one sparsity.
    let free =
        move || strip == Following::Layers || stores.experiment.with(|experiment| experiment.pruning.criterion.info().fixed.is_none());
    let press = move |_| match stores.objects.following.get_untracked() == Some(strip) {
        true => session::cancel(stores),
        false => session::follow(stores, wanted(stores, strip)),
    };
    let counted =
        move || stores.engine.progress.get().filter(|progress| going() && progress.stage == Stage::Following && progress.total > 0);
    let stale = move || {
        let present = stores.experiment.get();
        spots.with(|spots| spots.experiment.as_ref().is_some_and(|old| !like(stores, old, &present, strip)))
    };
    let body = Signal::derive(move || {
        let truth = stores.objects.sighting.with(|sighting| sighting.as_ref().map(|sighting| sighting.value.clone()));
        spots.with(|spots| truth.map(|sighting| thumbs(id, strip, spots, &sighting)).unwrap_or_default())
    });
    let photo = Memo::new(move |_| {
        if spots.with(|spots| spots.found.is_empty()) {
            return String::new();
        }
        let address = stores.objects.sighting.with(|sighting| sighting.as_ref().and_then(|sighting| small(&sighting.value)));
        address.map(|address| format!("--photo:url({address})")).unwrap_or_default()
    });
    let frame = NodeRef::<leptos::html::Div>::new();
    // The chosen place follows the experiment without drawing the strip anew, or the focus would be lost.
    Effect::new(move |_| {
        let (_, chosen) = (body.get(), chosen(stores, strip));
        let Some(frame) = frame.get() else { return };
        if let Ok(Some(input)) = frame.query_selector(&format!("input[data-along=\"{}\"]", chosen.replace(['"', '\\'], "")))
            && let Ok(input) = input.dyn_into::<HtmlInputElement>()
        {
            input.set_checked(true);
        }
    });
    let choose = move |event: web_sys::Event| {
        let Ok(input) = event_target::<web_sys::Element>(&event).dyn_into::<HtmlInputElement>() else { return };
        let place = input.value().parse::<usize>().ok();
        let along = place.and_then(|place| spots.with_untracked(|spots| spots.places().get(place).map(|along| (*along).clone())));
        match along {
            Some(Along::Layer(tap)) => choose_layer(stores, Some(tap)),
            Some(Along::Sparsity(sparsity)) => {
                session::change(stores, Commit::Done("sparsity"), |experiment| experiment.pruning.sparsity = sparsity)
            }
            None => {}
        }
    };
    view! {
        <section class="object-strip" hidden=move || strip == Following::Layers && !looks() aria-label=title data-testid=format!("object-strip-{id}")>
            <div class="panel-head">
                <h3>{title}</h3>
                <button type="button" class="plain" data-testid=format!("follow-{id}") disabled=move || !(going() || ready() && free()) on:click=press>
                    {move || if going() { "Cancel" } else { words }}
                </button>
            </div>
            <p class="note" hidden=free>"This criterion has one sparsity only."</p>
            <div class="measuring" hidden=move || !going()>
                <progress aria-hidden="true" max=move || counted().map_or(1, |progress| progress.total).to_string()
                    value=move || counted().map_or(0, |progress| progress.done).to_string()></progress>
                <span role="status" data-testid=format!("following-{id}")>{move || going().then(|| match counted() {
                    Some(progress) => format!("{} of {}", progress.done, progress.total),
                    None => "waiting".into(),
                })}</span>
            </div>
            <div class:stale=stale style=move || photo.get() node_ref=frame on:change=choose><Raw html=body/></div>
            <p class="note" role="status" hidden=move || !stale()>"This strip is of the settings before."</p>
        </section>
    }
    .into_any()
}

/// What is asked for.
fn wanted(stores: Stores, strip: Following) -> Strip {
    if strip == Following::Layers {
        return Strip::Layers;
    }
    let pruning = stores.experiment.with_untracked(|experiment| experiment.pruning);
    let trained = pruning.criterion.info().kind == Kind::Trained;
    let card = untrack(|| stores.catalogue.card()).filter(|_| trained);
    Strip::Sparsities(strip_sparsities(&card.map(|card| card.stops(pruning.criterion, pruning.seed)).unwrap_or_default()))
}

/// Whether a strip of an experiment is one of another, wherever on it the two are. Follows the signals.
fn like(stores: Stores, one: &Experiment, other: &Experiment, strip: Following) -> bool {
    let [mut one, other] =
        [one, other].map(|experiment| Experiment { discovery: stores.catalogue.discovery(experiment), ..experiment.clone() });
    match strip {
        Following::Layers => one.discovery.tap.clone_from(&other.discovery.tap),
        Following::Sparsities => one.pruning.sparsity = other.pruning.sparsity,
    }
    one.same_objects(&other)
}

/// The place of the present experiment, as its thumb is called. Follows the signals.
fn chosen(stores: Stores, strip: Following) -> String {
    match strip {
        Following::Layers => stores.catalogue.discovery(&stores.experiment.get()).tap.unwrap_or_default(),
        Following::Sparsities => text::percent_number(stores.experiment.with(|experiment| experiment.pruning.sparsity)),
    }
}

/// A place's name.
fn name(along: &Along) -> String {
    match along {
        Along::Layer(tap) => tap.clone(),
        Along::Sparsity(sparsity) => text::percent_number(*sparsity),
    }
}

/// The picture in small, as an address.
fn small(sighting: &Sighting) -> Option<String> {
    let Sighting { width, height, rgb, .. } = sighting;
    let canvas = || document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok();
    let (whole, small) = (canvas()?, canvas()?);
    put(&whole, &opaque(rgb), *width, *height)?;
    let scale = SMALL / (*width).max(*height).max(1) as f64;
    let (wide, high) = (*width as f64 * scale, *height as f64 * scale);
    resize(&small, wide as u32, high as u32);
    crate::widgets::pixels::context(&small)?
        .draw_image_with_html_canvas_element_and_dw_and_dh(&whole, 0.0, 0.0, wide.floor(), high.floor())
        .ok()?;
    small.to_data_url().ok()
}

/// The small pictures, as radio buttons: boxes and their overlaps with the true one, dense and pruned.
fn thumbs(id: &str, strip: Following, spots: &Spots, sighting: &Sighting) -> Html {
    let truth = &sighting.boxes;
    let places = spots.places();
    if places.is_empty() {
        return Html::default();
    }
    let (width, height) = (sighting.width.to_string(), sighting.height.to_string());
    let frame = format!("0 0 {width} {height}");
    let bounds = |class: &str, boxes: &[Box4]| {
        let one = |[x0, y0, x1, y1]: &Box4| {
            let [x, y, width, height] = [*x0, *y0, x1 - x0, y1 - y0].map(|v| format!("{v:.1}"));
            Html::tag("rect", &[("class", class), ("x", &x), ("y", &y), ("width", &width), ("height", &height)], Html::default())
        };
        Html::all(boxes.iter().map(one).collect())
    };
    let thumb = |(place, along): (usize, &&Along)| {
        // At every sparsity the dense network is the same, and told at the first.
        let dense = spots.get(if strip == Following::Layers { along } else { places[0] }, Side::Dense);
        let pruned = spots.get(along, Side::Pruned);
        let boxes = |spot: Option<&Spot>| spot.map(|spot| spot.boxes.clone()).unwrap_or_default();
        let words = |spot: Option<&Spot>| spot.map_or_else(|| "\u{2026}".into(), |spot| overlap_words(&spot.boxes, truth));
        let (dense_words, pruned_words) = (words(dense), words(pruned));
        let name = name(along);
        let title = if strip == Following::Layers { name.clone() } else { format!("{name}\u{a0}%") };
        let said = format!("{title}: dense {dense_words}, pruned {pruned_words}");
        let at = place.to_string();
        let input = Html::alone(
            "input",
            &[
                ("type", "radio"),
                ("name", &format!("object-{id}")),
                ("value", &at),
                ("data-along", &name),
                ("data-testid", &format!("spot-{id}")),
                ("aria-label", &said),
            ],
        );
        let marks = bounds("spot-true", truth).with(bounds("spot-dense", &boxes(dense))).with(bounds("spot-pruned", &boxes(pruned)));
        let picture = Html::tag("svg", &[("viewBox", &frame), ("class", "spot-picture"), ("aria-hidden", "true")], marks);
        let numbers = match strip {
            Following::Layers => format!("{dense_words} \u{b7} {pruned_words}"),
            Following::Sparsities => pruned_words,
        };
        Html::tag(
            "label",
            &[("class", "sight")],
            input
                .with(picture)
                .with(Html::tag("span", &[("class", "sight-name")], Html::text(&title)))
                .with(Html::around("small", &numbers)),
        )
    };
    let (legend, sets) = match strip {
        Following::Layers => ("Layer; overlaps in the dense and in the pruned network", "the layer"),
        Following::Sparsities => ("Sparsity; overlaps in the pruned network", "the sparsity"),
    };
    let key = format!("Solid frame: dense. Dashed frame: pruned. Thin white frame: the true box. Choosing a picture sets {sets}.");
    let list =
        Html::tag("legend", &[("class", "hidden")], Html::text(legend)).with(Html::all(places.iter().enumerate().map(thumb).collect()));
    let key = Html::tag("p", &[("class", "note")], Html::text(&key));
    Html::tag("fieldset", &[("class", "strip")], list).with(key)
}
