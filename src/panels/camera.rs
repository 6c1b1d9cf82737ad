//! A picture from the camera. The camera is on only while the dialog is open.

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, MediaStream, MediaStreamConstraints, MediaStreamTrack};

use crate::pictures;
use crate::stores::Stores;
use crate::widgets::following::following;

/// The dialog, shown while `open` is set.
#[component]
pub fn Camera(stores: Stores, open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let video = NodeRef::<leptos::html::Video>::new();
    let stream = StoredValue::new_local(None::<MediaStream>);
    let trouble = RwSignal::new(None::<&'static str>);
    let live = RwSignal::new(false);

    let stop = move || {
        live.set(false);
        stream.update_value(|stream| stream.take().iter().for_each(end));
        if let Some(video) = video.get_untracked() {
            video.set_src_object(None);
        }
    };
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            trouble.set(None);
            let _ = dialog.show_modal();
            spawn_local(async move {
                match start().await {
                    // The dialog may have been closed while the browser asked for permission.
                    Ok(started) if open.get_untracked() => {
                        if let Some(video) = video.get_untracked() {
                            video.set_src_object(Some(&started));
                        }
                        stream.set_value(Some(started));
                        live.set(true);
                    }
                    Ok(started) => end(&started),
                    Err(sentence) => trouble.set(Some(sentence)),
                }
            });
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let shoot = move |_| {
        if let Some(video) = video.get_untracked() {
            take(stores, &video);
        }
        open.set(false);
    };

    view! {
        <dialog class="camera" aria-label="Camera" node_ref=dialog data-testid="camera-dialog" on:close=move |_| { stop(); open.set(false); }>
            {following(move || trouble.get().map(|sentence| view! { <p role="alert" data-testid="camera-trouble">{sentence}</p> }))}
            <video autoplay playsinline muted=true class:live=move || live.get() node_ref=video></video>
            <p class="note">"The picture stays on this device. The camera is off as soon as this is closed."</p>
            <div class="ways">
                <button type="button" class="primary" data-testid="shutter" disabled=move || !live.get() on:click=shoot>"Take the picture"</button>
                <button type="button" on:click=move |_| open.set(false)>"Close"</button>
            </div>
        </dialog>
    }
}

/// Asks for the camera.
async fn start() -> Result<MediaStream, &'static str> {
    const ABSENT: &str =
        "This browser offers no camera here. A camera needs a page that is served securely (https, or this computer itself).";
    let navigator = window().navigator();
    // Without a secure connection `mediaDevices` is not there at all.
    let devices = js_sys::Reflect::get(&navigator, &"mediaDevices".into()).ok().filter(|devices| !devices.is_undefined()).ok_or(ABSENT)?;
    let devices: web_sys::MediaDevices = devices.dyn_into().map_err(|_| ABSENT)?;
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&JsValue::TRUE);
    let promise = devices.get_user_media_with_constraints(&constraints).map_err(|_| ABSENT)?;
    let stream = JsFuture::from(promise).await.map_err(|error| {
        let name = js_sys::Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
        match name.as_str() {
            "NotAllowedError" | "SecurityError" => {
                "The camera was not allowed. Allow it in the browser's settings for this page, or open a file instead."
            }
            "NotFoundError" | "OverconstrainedError" => "No camera was found. Open a file instead.",
            _ => "The camera cannot be used; another program may be using it. Open a file instead.",
        }
    })?;
    stream.dyn_into().map_err(|_| ABSENT)
}

/// Switches the camera off.
fn end(stream: &MediaStream) {
    for track in stream.get_tracks().iter() {
        if let Ok(track) = track.dyn_into::<MediaStreamTrack>() {
            track.stop();
        }
    }
}

/// Opens the present frame as a picture.
fn take(stores: Stores, video: &HtmlVideoElement) {
    let file = draw(video).and_then(|canvas| {
        let done = Closure::once_into_js(move |blob: Option<Blob>| match blob {
            Some(blob) => pictures::open_blob(stores, blob, "camera picture".into()),
            None => stores.messages.say("the camera's picture cannot be read"),
        });
        canvas.to_blob_with_type(done.unchecked_ref(), "image/png").ok()
    });
    if file.is_none() {
        stores.messages.say("the camera's picture cannot be read");
    }
}

fn draw(video: &HtmlVideoElement) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(video.video_width());
    canvas.set_height(video.video_height());
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_html_video_element(video, 0.0, 0.0).ok()?;
    Some(canvas)
}
