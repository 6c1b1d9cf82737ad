//! Where a person says that the object is recognisable from, painted on the picture in view, beside both networks' maps.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlCanvasElement, KeyboardEvent, PointerEvent};

use crate::storage::Shelf;
use crate::stores::Stores;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::pixels::{opaque, put};
use crate::widgets::table::{note, table, words};
use sweetspot_core::alignment::importance::{Likeness, Painting, Stroke, likeness};
use sweetspot_core::experiment::ImageRef;
use sweetspot_core::side::Side;

/// What names of kept paintings begin with.
const KEPT: &str = "importance ";
/// The brush's radius as a share of the view's side, and a step of the keyboard's cursor.
const BRUSH: f32 = 0.06;
const STEP: f32 = 0.02;

/// The picture's name in paintings. Follows the signals.
fn image(stores: Stores) -> String {
    match stores.experiment.with(|experiment| experiment.image.clone()) {
        ImageRef::Gallery(id) => id,
        ImageRef::Own(hash) => format!("own {hash}"),
        ImageRef::Scene(index) => format!("scene {index}"),
    }
}

/// The part of the panel.
#[component]
pub fn Importance(stores: Stores) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    let open = RwSignal::new(false);
    let subject = RwSignal::new(String::from("participant"));
    let painted = RwSignal::new(None::<Painting>);
    let others = RwSignal::new(Vec::<Painting>::new());
    let trouble = RwSignal::new(None::<String>);
    let cursor = RwSignal::new([0.5_f32, 0.5]);
    let drawing = StoredValue::new(false);
    // The painting as it was when a stroke ended: comparing takes too long for every move of a hand.
    let settled = RwSignal::new(None::<Painting>);
    // How many strokes are laid already, and what they come to.
    let laid = StoredValue::new((0_usize, Vec::<f32>::new()));
    // Another picture or another name is another painting.
    let key = Memo::new(move |_| open.get().then(|| (image(stores), subject.get())));
    Effect::new(move |_| {
        let Some((image, subject)) = key.get() else { return };
        painted.set(None);
        settled.set(None);
        laid.set_value((0, Vec::new()));
        spawn_local(async move {
            let kept = kept(&image).await;
            if key.get_untracked() != Some((image, subject.clone())) {
                return;
            }
            let (own, rest): (Vec<Painting>, Vec<Painting>) = kept.into_iter().partition(|one| one.subject == subject);
            others.set(rest);
            if painted.with_untracked(Option::is_none) {
                let own = own.into_iter().next();
                settled.set(own.clone());
                painted.set(own);
            }
        });
    });
    Effect::new(move |_| {
        let (Some(canvas), Some(view)) = (canvas.get(), stores.answers.view.get()) else { return };
        let side = view.value.side;
        let mut rgba = opaque(&view.value.rgb);
        if let Some(painting) = painted.get().filter(|painting| painting.side == side) {
            let map = laid.try_update_value(|(count, map)| shown(&painting, count, map)).unwrap_or_default();
            rgba.as_chunks_mut::<4>().0.iter_mut().zip(map).for_each(|(pixel, value)| {
                let strength = value.min(1.0) * 0.6;
                let mix = |byte: u8, colour: f32| (f32::from(byte) * (1.0 - strength) + colour * strength) as u8;
                (pixel[0], pixel[1], pixel[2]) = (mix(pixel[0], 255.0), mix(pixel[1], 200.0), mix(pixel[2], 0.0));
            });
        }
        mark(&mut rgba, side, cursor.get());
        put(&canvas, &rgba, side, side);
    });
    let edit = move |change: &dyn Fn(&mut Painting)| {
        let Some(side) = stores.answers.view.with_untracked(|view| view.as_ref().map(|view| view.value.side)) else { return };
        painted.update(|painting| {
            let fresh = || Painting::new(subject.get_untracked(), untrack(|| image(stores)), side);
            change(painting.get_or_insert_with(fresh));
        });
    };
    let keep = move || {
        let Some(painting) = painted.get_untracked() else { return };
        settled.set(Some(painting.clone()));
        spawn_local(async move {
            let stored = match painting.write() {
                Ok(text) => Shelf::Trials.put(&format!("{KEPT}{} {}", painting.image, painting.subject), &JsValue::from_str(&text)).await,
                Err(error) => Err(error),
            };
            trouble.set(stored.err().map(|error| format!("The painting is not kept: {error}.")));
        });
    };
    let dab = move |new: bool| {
        let [x, y] = cursor.get_untracked();
        edit(&|painting: &mut Painting| {
            let side = painting.side as f32;
            let point = [x * side, y * side];
            let room = painting.has_room();
            match painting.strokes.last_mut() {
                Some(stroke) if !new && stroke.points.len() < 2000 => stroke.points.push(point),
                _ if room => painting.strokes.push(Stroke { radius: BRUSH * side, points: vec![point] }),
                _ => {}
            }
        });
    };
    let at = move |event: &PointerEvent| {
        let target: HtmlCanvasElement = event_target(event);
        let size = (f64::from(target.client_width().max(1)), f64::from(target.client_height().max(1)));
        cursor.set([
            (f64::from(event.offset_x()) / size.0).clamp(0.0, 1.0) as f32,
            (f64::from(event.offset_y()) / size.1).clamp(0.0, 1.0) as f32,
        ]);
    };
    let down = move |event: PointerEvent| {
        event.prevent_default();
        let target: HtmlCanvasElement = event_target(&event);
        let _ = target.focus();
        let _ = target.set_pointer_capture(event.pointer_id());
        drawing.set_value(true);
        at(&event);
        dab(true);
    };
    let moved = move |event: PointerEvent| {
        if drawing.get_value() {
            at(&event);
            dab(false);
        }
    };
    let up = move |_: PointerEvent| {
        if drawing.get_value() {
            drawing.set_value(false);
            keep();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let [x, y] = cursor.get_untracked();
        let to = match event.key().as_str() {
            "ArrowLeft" => [x - STEP, y],
            "ArrowRight" => [x + STEP, y],
            "ArrowUp" => [x, y - STEP],
            "ArrowDown" => [x, y + STEP],
            " " => {
                event.prevent_default();
                dab(true);
                return keep();
            }
            "Backspace" => {
                event.prevent_default();
                edit(&|painting: &mut Painting| drop(painting.strokes.pop()));
                return keep();
            }
            _ => return,
        };
        event.prevent_default();
        cursor.set(to.map(|place| place.clamp(0.0, 1.0)));
    };
    let nothing = move || painted.with(|painting| painting.as_ref().is_none_or(|painting| painting.strokes.is_empty()));
    let compared =
        move || settled.with(|painting| painting.as_ref().filter(|_| open.get()).and_then(|one| compared(stores, one, &others.get())));
    view! {
        <details class="inside" data-testid="importance" on:toggle=move |event| open.set(crate::panels::group::is_open(&event))>
            <summary>"Where do you recognise it from? Paint, and compare with the maps"</summary>
            <Show when=move || open.get()>
                <p class="note" id="brush-says">
                    "Paint over what tells you what the picture in view shows; paint twice what matters most. With the keyboard: arrow keys move the cross, space \
                    paints, backspace takes back. The painting is compared with the maps that are on the page now."
                </p>
                <div class="painting">
                    <canvas class="brush" tabindex="0" role="img" aria-label="The picture in view, to paint on" aria-describedby="brush-says" data-testid="brush"
                        node_ref=canvas on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointercancel=up on:keydown=on_key></canvas>
                    <div class="painting-side">
                        <label class="field"><span>"Painted by"</span>
                            <input type="text" maxlength="60" prop:value=move || subject.get() data-testid="painter"
                                on:change=move |event| subject.set(event_target_value(&event).trim().to_string())/></label>
                        <div class="ways">
                            <button type="button" disabled=nothing data-testid="undo" on:click=move |_| {
                                edit(&|painting: &mut Painting| drop(painting.strokes.pop()));
                                keep();
                            }>"Take back"</button>
                            <button type="button" disabled=nothing on:click=move |_| {
                                edit(&|painting: &mut Painting| painting.strokes.clear());
                                keep();
                            }>"Clear"</button>
                        </div>
                        <p class="own-failed" role="alert" hidden=move || trouble.with(Option::is_none)>{following(move || trouble.get())}</p>
                        <div role="status"><div data-testid="likeness">{following(compared)}</div></div>
                    </div>
                </div>
            </Show>
        </details>
    }
    .into_any()
}

/// Paintings of a picture that are kept on the device.
async fn kept(image: &str) -> Vec<Painting> {
    let mut found = Vec::new();
    for name in Shelf::Trials.names().await.unwrap_or_default() {
        if !name.starts_with(&format!("{KEPT}{image} ")) {
            continue;
        }
        if let Ok(Some(text)) = Shelf::Trials.text(&name).await {
            found.extend(Painting::read(&text).ok().filter(|painting| painting.image == image));
        }
    }
    found
}

/// The map of a painting whose first strokes are laid already; only the last one changes while it is drawn.
fn shown(painting: &Painting, count: &mut usize, map: &mut Vec<f32>) -> Vec<f32> {
    let done = painting.strokes.len().saturating_sub(1);
    if *count > done || map.len() != painting.side * painting.side {
        (*count, *map) = (0, vec![0.0; painting.side * painting.side]);
    }
    painting.strokes[*count..done].iter().for_each(|stroke| stroke.lay(painting.side, map));
    *count = done;
    let mut all = map.clone();
    painting.strokes[done..].iter().for_each(|stroke| stroke.lay(painting.side, &mut all));
    all
}

/// Draws the cursor's cross.
fn mark(rgba: &mut [u8], side: usize, [x, y]: [f32; 2]) {
    let (column, row) = ((x * (side - 1) as f32) as usize, (y * (side - 1) as f32) as usize);
    let arm = side / 40 + 1;
    let across = (column.saturating_sub(arm)..=(column + arm).min(side - 1)).map(|at| (at, row));
    let down = (row.saturating_sub(arm)..=(row + arm).min(side - 1)).map(|at| (column, at));
    for (column, row) in across.chain(down) {
        let at = 4 * (row * side + column);
        // The opposite of what is there can be seen on anything but mid grey.
        rgba[at..at + 3].iter_mut().for_each(|byte| *byte = if *byte > 127 { 0 } else { 255 });
    }
}

/// The painting beside both maps and beside other people's paintings. Follows the signals.
fn compared(stores: Stores, painting: &Painting, others: &[Painting]) -> Option<AnyView> {
    if painting.strokes.is_empty() {
        return None;
    }
    let map = painting.map();
    let row = |name: &str, likeness: Option<Likeness>| {
        let [spearman, top] = match likeness {
            Some(Likeness { spearman, top }) => [spearman.map_or("\u{2013}".into(), text::correlation), text::score(top)],
            None => ["\u{2013}".to_string(), "\u{2013}".to_string()],
        };
        vec![name.to_string(), spearman, top]
    };
    let mut rows: Vec<Vec<String>> = [(Side::Dense, "Dense network\u{2019}s map"), (Side::Pruned, "Pruned network\u{2019}s map")]
        .into_iter()
        .map(|(side, name)| {
            let scored = stores.answers.pane(side).scored;
            row(name, scored.with(|found| found.as_ref().and_then(|found| likeness(&map, &found.value.values))))
        })
        .collect();
    rows.extend(
        others
            .iter()
            .filter(|other| other.side == painting.side)
            .map(|other| row(&format!("{}\u{2019}s painting", other.subject), likeness(&map, &other.map()))),
    );
    let method = stores.experiment.with(|experiment| experiment.attribution.method.info().title);
    let says = match others.is_empty() {
        true => format!(
            "{method}. One picture and one painting: no more than an impression. Other people\u{2019}s paintings of it would be the ceiling."
        ),
        false => format!("{method}. How alike people\u{2019}s paintings are is the ceiling; one picture is no more than an impression."),
    };
    let table = table("The painting beside", "likeness-table", &["Beside", "Spearman", "Top 10\u{a0}% shared (IoU)"], words(rows));
    Some(view! { {table} {note(says)} }.into_any())
}
