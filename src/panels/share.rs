//! The link to the experiment.

use leptos::prelude::*;

use super::share_more::ShareMore;
use super::teach::Teach;
use crate::address;
use crate::stores::Stores;
use crate::widgets::copy::CopyLink;

/// The button that copies the link, with its feedback, and the form for teachers.
#[component]
pub fn Share(stores: Stores) -> impl IntoView {
    let link = Signal::derive(move || {
        stores.presentation.asked.with(|presentation| stores.experiment.with(|experiment| address::whole(experiment, presentation)))
    });
    view! {
        <div class="share">
            <CopyLink texts=stores.texts link id="copy-link"/>
        </div>
        <ShareMore stores/>
        <Teach stores/>
    }
}
