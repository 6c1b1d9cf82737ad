//! The link to the experiment.

use leptos::prelude::*;

use super::share_more::ShareMore;
use super::teach::Teach;
use crate::address;
use crate::state::Lab;
use crate::widgets::copy::CopyLink;

/// The button that copies the link, with its feedback, and the form for teachers.
#[component]
pub fn Share(lab: Lab) -> impl IntoView {
    let link = Signal::derive(move || {
        lab.showing.presentation.with(|presentation| lab.experiment.with(|experiment| address::whole(experiment, presentation)))
    });
    view! {
        <div class="share">
            <CopyLink lab link id="copy-link"/>
        </div>
        <ShareMore lab/>
        <Teach lab/>
    }
}
