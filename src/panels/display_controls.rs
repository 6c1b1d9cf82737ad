//! How the maps are drawn: the way to show them, its controls, and the legend that belongs to it.

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::stores::Stores;
use crate::stores::display::{Display, Mode};
use crate::text;
use crate::widgets::colour_bar::{ColourBar, Levels};
use crate::widgets::contour::reach;
use crate::widgets::following::following;
use crate::widgets::segments::Segments;
use crate::widgets::strongest::Of;
use sweetspot_core::colour::Scale;

/// What colours or lines mean; nothing where the picture itself is shown.
#[component]
pub fn Legend(stores: Stores, scale: Signal<Scale>, #[prop(into)] limit: Signal<f32>) -> impl IntoView {
    move || match stores.display.mode.get() {
        Mode::Heat => Some(view! { <ColourBar scale limit/> }.into_any()),
        Mode::Contours => Some(view! { <Levels scale limit/> }.into_any()),
        Mode::Masked => None,
    }
}

/// How the maps are drawn.
#[component]
pub fn DisplayControls(stores: Stores) -> impl IntoView {
    let display = stores.display;
    let modes = [(Mode::Heat, "heat", "Heat"), (Mode::Contours, "contours", "Contours"), (Mode::Masked, "masked", "Masked image")];
    let says = move || match display.mode.get() {
        Mode::Heat => "The strongest 2\u{a0}% of the pixels share the end colour. Under a map the picture is drawn in grey.".to_string(),
        Mode::Contours => {
            let side = stores.answers.dense.map.with(|map| map.as_ref().map_or(224, |map| map.value.side_length));
            let pixels = 2 * reach(side) + 1;
            format!(
                "Lines of equal value, at shares of the scale\u{2019}s end, of the map averaged twice over {pixels}\u{a0}\u{d7}\u{a0}{pixels} pixels."
            )
        }
        Mode::Masked => "The picture where the map speaks for the class most; the rest is darkened.".to_string(),
    };
    view! {
        <div class="look">
            <Segments legend="Show the map as" name="mode" options=modes.to_vec() chosen=display.mode/>
            {following(move || match display.mode.get() {
                Mode::Heat => Some(view! { <Opacity display/> }.into_any()),
                Mode::Masked => Some(view! { <Share display/> }.into_any()),
                Mode::Contours => None,
            })}
            <label class="check">
                <input type="checkbox" data-testid="outline" prop:checked=move || display.outline.get() on:change=move |event| display.outline.set(event_target_checked(&event))/>
                <span>"Object outline"</span>
            </label>
            <Show when=move || display.mode.get() != Mode::Masked>
                <label class="check">
                    <input type="checkbox" data-testid="shared-scale" prop:checked=move || display.shared.get() on:change=move |event| display.shared.set(event_target_checked(&event))/>
                    <span>"One scale for both"</span>
                </label>
            </Show>
            <label class="check">
                <input type="checkbox" data-testid="show-difference" prop:checked=move || display.difference.get() on:change=move |event| display.difference.set(event_target_checked(&event))/>
                <span>"Difference map"</span>
            </label>
        </div>
        <p class="note" data-testid="mode-says">{following(says)}</p>
    }
}

/// A number from 0 to 1, set in percent.
fn percent_of(event: &web_sys::Event) -> f64 {
    event_target::<HtmlInputElement>(event).value_as_number().clamp(0.0, 100.0) / 100.0
}

#[component]
fn Opacity(display: Display) -> impl IntoView {
    view! {
        <label class="field inline">
            <span>"Map opacity"</span>
            <input type="range" min="0" max="100" step="5" data-testid="opacity" aria-valuetext=move || text::percent(display.opacity.get())
                prop:value=move || (display.opacity.get() * 100.0).round().to_string() on:input=move |event| display.opacity.set(percent_of(&event))/>
        </label>
    }
}

#[component]
fn Share(display: Display) -> impl IntoView {
    let of = move || if display.of.get() == Of::Pixels { "of the pixels" } else { "of the mass" };
    let says = move || format!("The strongest {} {}", text::percent(display.share.get()), of());
    view! {
        <label class="field inline">
            <span>{following(move || format!("Strongest {}", text::percent(display.share.get())))}</span>
            <input type="range" min="1" max="100" step="1" data-testid="share" aria-valuetext=says
                prop:value=move || (display.share.get() * 100.0).round().to_string() on:input=move |event| display.share.set(percent_of(&event).max(0.01))/>
        </label>
        <Segments legend="A share of what" name="of" options=vec![(Of::Pixels, "pixels", "of the pixels"), (Of::Mass, "mass", "of the mass")] chosen=display.of/>
    }
}
