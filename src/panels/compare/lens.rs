//! Looking closer: all maps are enlarged, moved and probed together, by pointer, touch and keyboard.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent, WheelEvent};

use crate::stores::Stores;
use crate::widgets::following::following;
use crate::widgets::window::Window;

/// A frame around a map's canvas: what is enlarged, and what the pointer and the keys do.
#[component]
pub fn LensFrame(stores: Stores, #[prop(into)] name: Signal<String>, children: Children) -> impl IntoView {
    let lens = stores.lens;
    let frame = NodeRef::<leptos::html::Div>::new();
    // Where the hand is while it moves the picture.
    let held = StoredValue::new(None::<[f64; 2]>);
    let inside = move |x: i32, y: i32| {
        let [left, top, width, height] = area(&frame.get_untracked()?.into())?;
        Some([(f64::from(x) - left) / width.max(1.0), (f64::from(y) - top) / height.max(1.0)])
    };
    let follow = move |event: PointerEvent| {
        let Some(now) = inside(event.client_x(), event.client_y()) else { return };
        if let Some(before) = held.get_value() {
            lens.window.update(|window| *window = window.moved([now[0] - before[0], now[1] - before[1]]));
            held.set_value(Some(now));
        }
        lens.probe.set(Some(lens.window.get_untracked().place(now)));
    };
    let press = move |event: PointerEvent| {
        let now = inside(event.client_x(), event.client_y());
        // At full size a finger scrolls the page; there is nothing to move.
        if lens.window.get_untracked().zoom > 1.0 && event.button() == 0 {
            held.set_value(now);
            if let Some(frame) = frame.get_untracked() {
                let _ = frame.set_pointer_capture(event.pointer_id());
            }
        }
        lens.probe.set(now.map(|now| lens.window.get_untracked().place(now)));
    };
    let leave = move |event: PointerEvent| {
        held.set_value(None);
        // A finger that leaves has chosen its place.
        if event.pointer_type() == "mouse" {
            lens.probe.set(None);
        }
    };
    let wheel = move |event: WheelEvent| {
        // Two fingers on a touchpad come as a wheel with Ctrl; a plain wheel scrolls the page.
        if !event.ctrl_key() {
            return;
        }
        event.prevent_default();
        if let Some(now) = inside(event.client_x(), event.client_y()) {
            let factor = (-event.delta_y() * 0.01).clamp(-0.5, 0.5).exp();
            lens.window.update(|window| *window = window.enlarged(factor, window.place(now)));
        }
    };
    let key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let side = stores.answers.view.with_untracked(|view| view.as_ref().map_or(224, |view| view.value.side));
        let far = if event.shift_key() { 10.0 } else { 1.0 };
        match &*event.key() {
            "ArrowLeft" => lens.step([-far, 0.0], side),
            "ArrowRight" => lens.step([far, 0.0], side),
            "ArrowUp" => lens.step([0.0, -far], side),
            "ArrowDown" => lens.step([0.0, far], side),
            "+" | "=" => lens.enlarge(1.5),
            "-" => lens.enlarge(1.0 / 1.5),
            "0" => lens.window.set(Window::WHOLE),
            "Escape" if lens.probe.get_untracked().is_some() => lens.probe.set(None),
            _ => return,
        }
        event.prevent_default();
    };
    let place = move || {
        let window = lens.window.get();
        let [x, y] = window.corner.map(|corner| -corner * 100.0);
        if window == Window::WHOLE { "none".into() } else { format!("scale({:.4}) translate({x:.4}%, {y:.4}%)", window.zoom) }
    };
    let cross = move || {
        let inside = lens.window.get().inside(lens.probe.get()?);
        inside.iter().all(|share| (0.0..=1.0).contains(share)).then_some(inside)
    };
    let percent = move |axis: usize| cross().map_or_else(|| "0".into(), |inside| format!("{:.3}%", inside[axis] * 100.0));
    let label = move || format!("{}: arrow keys read it at one pixel, plus and minus enlarge", name.get());
    view! {
        <div class="lens" class:enlarged=move || { lens.window.get().zoom > 1.0 } tabindex="0" role="group" aria-label=label data-testid="lens" node_ref=frame
            on:pointermove=follow on:pointerdown=press on:pointerup=move |_| held.set_value(None) on:pointercancel=leave on:pointerleave=leave
            on:wheel=wheel on:keydown=key>
            <div class="lens-picture" style:transform=place>{children()}</div>
            <span class="cross" aria-hidden="true" hidden=move || cross().is_none() style:left=move || percent(0) style:top=move || percent(1)></span>
        </div>
    }
    .into_any()
}

/// Where an element is on the screen: left, top, width and height. By name: web-sys has it behind a feature of its own, which every dependency
/// would be built anew for.
fn area(element: &Element) -> Option<[f64; 4]> {
    let measure = Reflect::get(element, &"getBoundingClientRect".into()).ok()?.dyn_into::<Function>().ok()?;
    let area = measure.call0(element).ok()?;
    let number = |name: &str| Reflect::get(&area, &name.into()).ok()?.as_f64();
    Some([number("left")?, number("top")?, number("width")?, number("height")?])
}

/// Buttons that enlarge.
#[component]
pub fn ZoomControls(stores: Stores) -> impl IntoView {
    let lens = stores.lens;
    let zoom = move || lens.window.get().zoom;
    view! {
        <div class="zoom" role="group" aria-label="Enlarge all maps">
            <button type="button" class="plain" aria-label="Smaller" data-testid="zoom-out" disabled=move || { zoom() <= 1.0 } on:click=move |_| lens.enlarge(1.0 / 1.5)>"\u{2212}"</button>
            <span role="status" data-testid="zoom">{following(move || format!("{:.0}\u{a0}%", zoom() * 100.0))}</span>
            <button type="button" class="plain" aria-label="Larger" data-testid="zoom-in" disabled=move || { zoom() >= crate::widgets::window::MOST } on:click=move |_| lens.enlarge(1.5)>"+"</button>
            <button type="button" class="plain" data-testid="zoom-reset" hidden=move || { zoom() <= 1.0 } on:click=move |_| lens.window.set(Window::WHOLE)>"Whole picture"</button>
        </div>
    }
    .into_any()
}
