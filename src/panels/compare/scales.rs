//! Both maps, prepared for drawing, and the colour scales they are drawn on.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::HtmlCanvasElement;

use crate::stores::Stores;
use crate::stores::display::Mode;
use crate::stores::pins::Pin;
use crate::widgets::contour::smooth;
use crate::widgets::map_canvas::{Drawing, Paint, draw};
use crate::widgets::strongest::{Strongest, strongest};
use sweetspot_core::colour::limit;
use sweetspot_core::side::Side;

/// A network's map, worked out once for drawing.
#[derive(Clone, Copy)]
pub struct Prepared {
    /// The map, smoothed for lines; empty for other ways to show it.
    pub smooth: Memo<Share<Arc<Vec<f32>>>>,
    /// The end of its own colour scale.
    pub limit: Memo<f32>,
    /// Its strongest part, where only that is shown.
    pub strongest: Memo<Option<Strongest>>,
}

/// What is too large to be compared by value: another one is another one.
#[derive(Clone)]
pub struct Share<T>(pub T);

impl<T> PartialEq for Share<T> {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

impl Prepared {
    fn new(stores: Stores, side: Side) -> Self {
        let map = stores.answers.pane(side).map;
        let look = stores.display;
        let mode = Memo::new(move |_| look.mode.get());
        let smooth = Memo::new(move |_| {
            let values = map.with(|map| Some(smooth(&map.as_ref()?.value.values, map.as_ref()?.value.side_length)));
            Share(Arc::new(values.filter(|_| mode.get() == Mode::Contours).unwrap_or_default()))
        });
        let end = Memo::new(move |_| match mode.get() {
            Mode::Contours => smooth.with(|smooth| limit(&smooth.0)),
            _ => map.with(|map| map.as_ref().map_or(0.0, |map| limit(&map.value.values))),
        });
        let strong = Memo::new(move |_| {
            let wanted = (mode.get() == Mode::Masked).then(|| (look.share.get(), look.of.get()))?;
            map.with(|map| strongest(&map.as_ref()?.value.values, wanted.0, wanted.1))
        });
        Self { smooth, limit: end, strongest: strong }
    }
}

/// Both maps.
#[derive(Clone, Copy)]
pub struct Both {
    /// The dense network's.
    pub dense: Prepared,
    /// The pruned network's.
    pub pruned: Prepared,
    /// Whether both are drawn on one scale: as wished, but never with a map of another method, which counts in other units.
    pub shared: Memo<bool>,
    /// The end of the scale of pinned maps in the same units.
    pub pinned: Memo<f32>,
}

impl Both {
    /// Follows both maps, the pinned ones, and how maps are drawn.
    pub fn new(stores: Stores) -> Self {
        let shared = Memo::new(move |_| {
            let attribution = |side| stores.answers.pane(side).map.with(|map| map.as_ref().map(|map| map.experiment.attribution.clone()));
            let (dense, pruned) = (attribution(Side::Dense), attribution(Side::Pruned));
            stores.display.shared.get() && (dense.is_none() || pruned.is_none() || dense == pruned)
        });
        let pinned = Memo::new(move |_| {
            let present = stores.answers.dense.map.with(|map| map.as_ref().map(|map| map.experiment.attribution.clone()));
            let alike = |pin: &&Pin| present.as_ref() == Some(&pin.experiment.attribution);
            stores.pins.all.with(|pins| pins.iter().filter(alike).map(|pin| limit(&pin.map.values)).fold(0.0, f32::max))
        });
        Self { dense: Prepared::new(stores, Side::Dense), pruned: Prepared::new(stores, Side::Pruned), shared, pinned }
    }

    /// A network's map.
    pub fn of(self, side: Side) -> Prepared {
        match side {
            Side::Dense => self.dense,
            Side::Pruned => self.pruned,
        }
    }

    /// The end of the scale that a network's map is drawn on.
    pub fn limit(self, side: Side) -> f32 {
        let own = self.of(side).limit.get();
        if self.shared.get() && own > 0.0 { self.together() } else { own }
    }

    /// The end of the scale that all maps share.
    pub fn together(self) -> f32 {
        self.dense.limit.get().max(self.pruned.limit.get()).max(self.pinned.get())
    }

    /// Draws a network's map over its view, as the reader wants maps shown. Follows the signals.
    pub fn draw(self, stores: Stores, side: Side, canvas: &HtmlCanvasElement) {
        let (display, own) = (stores.display, self.of(side));
        let (outline, limit) = (display.outline.get(), self.limit(side));
        let smooth = own.smooth.get();
        let paint = match display.mode.get() {
            Mode::Heat => Paint::Heat(display.opacity.get() as f32),
            Mode::Contours => Paint::Contours(&smooth.0),
            Mode::Masked => Paint::Masked(own.strongest.get().map(|strongest| strongest.from)),
        };
        stores.answers.view.with(|view| {
            stores.answers.pane(side).map.with(|map| {
                if let Some(view) = view {
                    draw(canvas, &Drawing { view: &view.value, map: map.as_ref().map(|map| &*map.value), limit, paint, outline });
                }
            });
        });
    }
}
