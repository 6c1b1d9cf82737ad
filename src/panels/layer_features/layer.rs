//! What a layer computes.

use std::sync::Arc;

use leptos::prelude::*;

use crate::stores::Stores;
use crate::text;
use sweetspot_core::side::Side;
use sweetspot_protocol::LayerView;

/// A layer's features, compared by address.
#[derive(Clone)]
pub struct Features(pub Arc<LayerView>);

impl PartialEq for Features {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A layer's features in one of the networks.
pub fn features(stores: Stores, side: Side, tap: String) -> Memo<Option<Features>> {
    Memo::new(move |_| stores.layers.views.with(|layers| layers.get(side, &tap).map(|(_, view)| Features(view))))
}

/// "64×55×55": channels, rows, columns.
pub fn size(view: &LayerView) -> String {
    format!("{}\u{d7}{}\u{d7}{}", text::count(view.channels), view.rows, view.columns)
}
