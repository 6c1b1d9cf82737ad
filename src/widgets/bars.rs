//! Bars for shares.

use leptos::prelude::*;

/// A horizontal bar for a share, with a mark at another share where there is one. For the eye only: the number stands beside it.
#[component]
pub fn Bar(
    /// The share, 0 to 1.
    share: f32,
    /// Where to put a mark, 0 to 1.
    #[prop(optional_no_strip)]
    mark: Option<f32>,
) -> impl IntoView {
    let width = |share: f32| format!("{:.2}%", if share.is_finite() { share.clamp(0.0, 1.0) * 100.0 } else { 0.0 });
    view! {
        <span class="bar" aria-hidden="true">
            <span class="bar-fill" style:width=width(share)></span>
            {mark.map(|mark| view! { <span class="bar-mark" style:left=width(mark)></span> })}
        </span>
    }
}
