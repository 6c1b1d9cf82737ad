//! The pruned network's map over the sparsities, as a film: made of ordinary runs, one after the other, and played.

use std::collections::VecDeque;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlInputElement};

use super::selection::Selection;
use crate::address::Commit;
use crate::panels::compare::scales::Both;
use crate::session;
use crate::stores::Stores;
use crate::text;
use crate::widgets::following::following;
use crate::widgets::pixels::{context, resize};
use sweetspot_core::experiment::Experiment;
use sweetspot_core::side::Side;
use sweetspot_core::sparsity::Sparsity;

/// The longer side of a frame, in pixels.
const SIDE: f64 = 160.0;
/// The most frames.
const FRAMES: usize = 16;
/// How long a frame is shown.
const PACE: Duration = Duration::from_millis(700);

/// A frame: the sparsity, and the map as an address.
type Frame = (Sparsity, String);

/// The panel's part.
#[component]
pub fn Film(stores: Stores, selection: Selection) -> impl IntoView {
    let both = Both::new(stores);
    let frames = RwSignal::new(Vec::<Frame>::new());
    let todo = StoredValue::new(VecDeque::<Sparsity>::new());
    // The experiment to go back to while a film is made.
    let making = RwSignal::new(None::<Experiment>);
    let (at, playing) = (RwSignal::new(0_usize), RwSignal::new(false));
    let calm = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|query| query.matches());

    let stop = move || {
        todo.update_value(VecDeque::clear);
        if let Some(before) = making.get_untracked() {
            making.set(None);
            session::change(stores, Commit::Replace, |experiment| experiment.pruning.sparsity = before.pruning.sparsity);
        }
    };
    let next = move || match todo.with_value(|todo| todo.front().copied()) {
        Some(sparsity) => {
            let before = stores.experiment.get_untracked();
            session::change(stores, Commit::Replace, |experiment| experiment.pruning.sparsity = sparsity);
            // What is on the screen already is not computed again.
            if stores.experiment.get_untracked() == before {
                session::ask(stores);
            }
        }
        None => stop(),
    };
    // A frame is taken when its run is answered.
    Effect::new(move |_| {
        let (finished, running) = (stores.answers.finished.get(), stores.engine.running.get());
        let Some(before) = making.get() else { return };
        let present = stores.experiment.get();
        if !(Experiment { pruning: before.pruning, ..present }).eq(&before) {
            // Something else is looked at now.
            todo.update_value(VecDeque::clear);
            return making.set(None);
        }
        if running || finished == 0 {
            return;
        }
        if finished < stores.answers.latest.get_untracked() {
            // The reader has ended it.
            return stop();
        }
        // In a frame of its own: what follows the answers must not change them.
        request_animation_frame(move || {
            let whole = making.with_untracked(Option::is_some) && !stores.engine.running.get_untracked();
            let Some(_) = todo.with_value(|todo| todo.front().copied()).filter(|_| whole) else { return };
            if let Some(address) = taken(stores, both) {
                let sparsity = stores.experiment.with_untracked(|experiment| experiment.pruning.sparsity);
                frames.update(|frames| {
                    if frames.iter().all(|frame| frame.0 != sparsity) {
                        frames.push((sparsity, address));
                    }
                });
            }
            todo.update_value(|todo| {
                todo.pop_front();
            });
            next();
        });
    });
    let press = move |_| {
        if making.with_untracked(Option::is_some) {
            return stop();
        }
        let zoom = stores.sweeps.zoom.get_untracked();
        let all: Vec<Sparsity> =
            selection.shown.with_untracked(|shown| shown.as_ref().map(|shown| shown.summary.sparsities.clone()).unwrap_or_default());
        let all: Vec<Sparsity> = all.into_iter().filter(|s| zoom.is_none_or(|(low, high)| (low..=high).contains(s))).collect();
        let every = all.len().div_ceil(FRAMES).max(1);
        todo.set_value(all.into_iter().step_by(every).collect());
        frames.set(Vec::new());
        playing.set(false);
        at.set(0);
        making.set(Some(stores.experiment.get_untracked()));
        next();
    };
    // The film runs while it is played, and from the start again when it is through.
    let timer = StoredValue::new(None::<IntervalHandle>);
    let play = move |on: bool| {
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
        playing.set(on);
        if on {
            let turn = move || at.update(|at| *at = (*at + 1) % frames.with_untracked(Vec::len).max(1));
            timer.set_value(set_interval_with_handle(turn, PACE).ok());
        }
    };
    let count = move || frames.with(Vec::len);
    let playable = move || count() >= 2;
    let screen = move || frames.with(|frames| frames.get(at.get()).or(frames.last()).map(picture));
    let strip = move || frames.with(|frames| frames.iter().map(picture).collect_view());
    let name = move || frames.with(|frames| frames.get(at.get()).map(|frame| text::sparsity(frame.0)).unwrap_or_default());
    view! {
        <details class="inside" data-testid="sweep-film">
            <summary>"Film of the maps over sparsity"</summary>
            <p class="note">"The pruned network\u{2019}s map of the picture above, computed here at the sparsities of the shown sweep."</p>
            <div class="actions">
                <button type="button" class="plain" data-testid="film-make" disabled=move || stores.answers.finished.get() == 0 on:click=press>
                    {following(move || if making.with(Option::is_some) { "Stop" } else { "Make the film" })}
                </button>
                <button type="button" class="plain" data-testid="film-play" hidden=calm disabled=move || !playable() on:click=move |_| play(!playing.get_untracked())>
                    {following(move || if playing.get() { "Halt" } else { "Play" })}
                </button>
                <span class="note" role="status" data-testid="film-count">{following(move || making.with(Option::is_some).then(|| format!("{} frames", count())))}</span>
            </div>
            <div class="film" hidden=move || count() == 0>
                <div class="film-screen">{following(screen)}</div>
                <label class="field inline">
                    <span>"Frame"</span>
                    <input type="range" min="0" step="1" max=move || count().saturating_sub(1).to_string() data-testid="film-at" aria-valuetext=name
                        prop:value=move || at.get().to_string()
                        on:input=move |event| at.set(event_target::<HtmlInputElement>(&event).value_as_number().max(0.0) as usize)/>
                </label>
                <div class="strip" data-testid="film-strip">{following(strip)}</div>
            </div>
        </details>
    }
    .into_any()
}

fn picture((sparsity, address): &Frame) -> AnyView {
    let name = text::sparsity(*sparsity);
    view! { <figure class="film-frame"><img src=address.clone() alt=format!("Map at {name}")/><figcaption>{name}</figcaption></figure> }
        .into_any()
}

/// The pruned network's map as the comparison shows it, in small.
fn taken(stores: Stores, both: Both) -> Option<String> {
    let canvas = || document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok();
    let (map, small) = (canvas()?, canvas()?);
    untrack(|| both.draw(stores, Side::Pruned, &map));
    let (width, height) = (f64::from(map.width()), f64::from(map.height()));
    let scale = SIDE / width.max(height).max(1.0);
    resize(&small, (width * scale) as u32, (height * scale) as u32);
    context(&small)?
        .draw_image_with_html_canvas_element_and_dw_and_dh(&map, 0.0, 0.0, f64::from(small.width()), f64::from(small.height()))
        .ok()?;
    small.to_data_url().ok()
}
