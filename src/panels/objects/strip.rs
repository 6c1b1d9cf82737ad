//! A strip of small pictures with what both networks find at every layer, or at some sparsities: made when asked for, and to choose from.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlCanvasElement;

use super::controls::choose_layer;
use crate::address::Commit;
use crate::objects::{overlap_words, strip_sparsities};
use crate::session;
use crate::stores::Stores;
use crate::stores::objects::{Following, Spots};
use crate::text;
use crate::widgets::following::following;
use crate::widgets::pixels::{opaque, put, resize};
use sweetspot_core::discovery::Box4;
use sweetspot_core::experiment::Experiment;
use sweetspot_core::pruning::criterion::Kind;
use sweetspot_core::side::Side;
use sweetspot_protocol::{AxisPlace, DiscoveryAt, DiscoveryAxis, DiscoveryView, Stage};

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
    let body = move || {
        let truth = stores.objects.sighting.with(|sighting| sighting.as_ref().map(|sighting| sighting.value.clone()));
        spots.with(|spots| truth.map(|sighting| thumbs(stores, id, strip, spots, &sighting)))
    };
    let photo = Memo::new(move |_| {
        if spots.with(|spots| spots.found.is_empty()) {
            return String::new();
        }
        let address = stores.objects.sighting.with(|sighting| sighting.as_ref().and_then(|sighting| small(&sighting.value)));
        address.map(|address| format!("--photo:url({address})")).unwrap_or_default()
    });
    view! {
        <section class="object-strip" hidden=move || strip == Following::Layers && !looks() aria-label=title data-testid=format!("object-strip-{id}")>
            <div class="panel-head">
                <h3>{title}</h3>
                <button type="button" class="plain" data-testid=format!("follow-{id}") disabled=move || !(going() || ready() && free()) on:click=press>
                    {following(move || if going() { "Cancel" } else { words })}
                </button>
            </div>
            <p class="note" hidden=free>"This criterion has one sparsity only."</p>
            <div class="measuring" hidden=move || !going()>
                <progress aria-hidden="true" max=move || counted().map_or(1, |progress| progress.total).to_string()
                    value=move || counted().map_or(0, |progress| progress.done).to_string()></progress>
                <span role="status" data-testid=format!("following-{id}")>{following(move || going().then(|| match counted() {
                    Some(progress) => format!("{} of {}", progress.done, progress.total),
                    None => "waiting".into(),
                }))}</span>
            </div>
            <div class:stale=stale style=move || photo.get()>{following(body)}</div>
            <p class="note" role="status" hidden=move || !stale()>"This strip is of the settings before."</p>
        </section>
    }
    .into_any()
}

/// What is asked for.
fn wanted(stores: Stores, strip: Following) -> DiscoveryAxis {
    if strip == Following::Layers {
        return DiscoveryAxis::Layers;
    }
    let pruning = stores.experiment.with_untracked(|experiment| experiment.pruning);
    let trained = pruning.criterion.info().kind == Kind::Trained;
    let card = untrack(|| stores.catalogue.card()).filter(|_| trained);
    DiscoveryAxis::Sparsities(strip_sparsities(&card.map(|card| card.stops(pruning.criterion, pruning.seed)).unwrap_or_default()))
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

/// Whether a place is the present experiment's. Follows the signals.
fn is_chosen(stores: Stores, along: &AxisPlace) -> bool {
    match along {
        AxisPlace::Layer(tap) => stores.catalogue.discovery(&stores.experiment.get()).tap.as_ref() == Some(tap),
        AxisPlace::Sparsity(_) => {
            name(along) == text::percent_number(stores.experiment.with(|experiment| experiment.pruning.sparsity.get()))
        }
    }
}

/// Takes a place over into the experiment.
fn choose(stores: Stores, along: &AxisPlace) {
    match along {
        AxisPlace::Layer(tap) => choose_layer(stores, Some(tap.clone())),
        AxisPlace::Sparsity(sparsity) => {
            session::change(stores, Commit::Done("sparsity"), |experiment| experiment.pruning.sparsity = *sparsity)
        }
    }
}

/// A place's name.
fn name(along: &AxisPlace) -> String {
    match along {
        AxisPlace::Layer(tap) => tap.clone(),
        AxisPlace::Sparsity(sparsity) => text::percent_number(sparsity.get()),
    }
}

/// The picture in small, as an address.
fn small(sighting: &DiscoveryView) -> Option<String> {
    let DiscoveryView { width, height, rgb, .. } = sighting;
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
fn thumbs(stores: Stores, id: &'static str, strip: Following, spots: &Spots, sighting: &DiscoveryView) -> Option<AnyView> {
    let truth = &sighting.boxes;
    let places = spots.places();
    let first = *places.first()?;
    let frame = format!("0 0 {} {}", sighting.width, sighting.height);
    let bounds = |class: &'static str, boxes: &[Box4]| {
        let one = |[x0, y0, x1, y1]: &Box4| {
            let [x, y, width, height] = [*x0, *y0, x1 - x0, y1 - y0].map(|v| format!("{v:.1}"));
            view! { <rect class=class x=x y=y width=width height=height></rect> }
        };
        boxes.iter().map(one).collect_view()
    };
    let thumb = |(place, along): (usize, &&AxisPlace)| {
        // At every sparsity the dense network is the same, and told at the first.
        let dense = spots.get(if strip == Following::Layers { along } else { first }, Side::Dense);
        let pruned = spots.get(along, Side::Pruned);
        let boxes = |spot: Option<&DiscoveryAt>| spot.map(|spot| spot.boxes.clone()).unwrap_or_default();
        let words = |spot: Option<&DiscoveryAt>| spot.map_or_else(|| "\u{2026}".into(), |spot| overlap_words(&spot.boxes, truth));
        let (dense_words, pruned_words) = (words(dense), words(pruned));
        let name = name(along);
        let title = if strip == Following::Layers { name.clone() } else { format!("{name}\u{a0}%") };
        let said = format!("{title}: dense {dense_words}, pruned {pruned_words}");
        let numbers = match strip {
            Following::Layers => format!("{dense_words} \u{b7} {pruned_words}"),
            Following::Sparsities => pruned_words,
        };
        let (here, there) = ((*along).clone(), (*along).clone());
        view! {
            <label class="strip-item">
                <input type="radio" name=format!("object-{id}") value=place.to_string() data-along=name data-testid=format!("spot-{id}") aria-label=said
                    prop:checked=move || is_chosen(stores, &here) on:change=move |_| choose(stores, &there)/>
                <svg viewBox=frame.clone() class="spot-picture" aria-hidden="true">
                    {bounds("spot-true", truth)} {bounds("spot-dense", &boxes(dense))} {bounds("spot-pruned", &boxes(pruned))}
                </svg>
                <span class="strip-name">{title}</span>
                <small>{numbers}</small>
            </label>
        }
    };
    let (legend, sets) = match strip {
        Following::Layers => ("Layer; overlaps in the dense and in the pruned network", "the layer"),
        Following::Sparsities => ("Sparsity; overlaps in the pruned network", "the sparsity"),
    };
    let thumbs = places.iter().enumerate().map(thumb).collect_view();
    let key = format!("Solid frame: dense. Dashed frame: pruned. Thin white frame: the true box. Choosing a picture sets {sets}.");
    let strip = view! {
        <fieldset class="strip"><legend class="hidden">{legend}</legend> {thumbs}</fieldset>
        <p class="note">{key}</p>
    };
    Some(strip.into_any())
}
