//! Parts of a view that follow signals.

use leptos::prelude::*;
use leptos::reactive::graph::{Observer, Subscriber};

/// A part that is drawn anew when what it reads changes. To leptos every closure is a type of its own with code of its own; through here all are of one,
/// which makes the page's program smaller.
pub fn following<V: IntoAny>(mut view: impl FnMut() -> V + Send + 'static) -> AnyView {
    erased(Box::new(move || view().into_any()))
}

fn erased(mut view: Box<dyn FnMut() -> AnyView + Send>) -> AnyView {
    (move || {
        // A part that is gone would stay in the lists of signals that never change, and take memory for good.
        if let Some(part) = Observer::get() {
            on_cleanup(move || part.clear_sources(&part));
        }
        view()
    })
    .into_any()
}
