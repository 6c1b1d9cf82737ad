//! What is said between the trials of a sitting, and what can be done there.

use leptos::prelude::*;

use super::trial::TrialRunner;
use crate::stores::people::{Phase, Writing};
use crate::widgets::following::following;
use sweetspot_core::alignment::plan::Timing;

/// The words. Follows the signals.
fn words(runner: TrialRunner, phase: Phase) -> String {
    let people = runner.stores.people;
    let timing = people.current.with_untracked(|sitting| sitting.as_ref().map(|sitting| sitting.plan.timing));
    let kept = || match people.writing.get() {
        Writing::Going(_) => "Your answers are being written to this device\u{2026}".to_string(),
        Writing::Kept => "Your answers are kept on this device.".into(),
        Writing::Failed(reason) => {
            format!("Your answers are not kept on this device: {reason}. Export them before you close this page.")
        }
    };
    match phase {
        Phase::Closed | Phase::Showing | Phase::Answering => String::new(),
        Phase::Preparing => "Making the next picture\u{2026}".into(),
        Phase::Ready => {
            let how = match timing {
                Some(Timing::Untimed) => "A picture stays until you have answered.",
                Some(Timing::Published) => {
                    "After a square in the middle a picture appears for a fifth of a second. Answer within a second and a half."
                }
                _ => "After a square in the middle a picture appears for a fifth of a second. Then take your time.",
            };
            format!(
                "{how} Choose what it showed: with the mouse, by touch, with the letter beside each icon, or with the arrow keys and Enter. If you are not \
                 sure, guess. Escape pauses."
            )
        }
        Phase::Feedback => match runner.practised.get_untracked() {
            Some((shown, Some(answer))) if shown == answer => format!("Right: {shown}."),
            Some((shown, Some(answer))) => format!("It was a picture of: {shown}. You answered: {answer}."),
            Some((shown, None)) => format!("It was a picture of: {shown}. No answer came in time."),
            None => String::new(),
        },
        Phase::Practised => "That was practice. From now on answers count, and you are not told whether they are right.".into(),
        Phase::Break => "Time for a break. Go on when you like.".into(),
        Phase::Paused if people.writing.with(|writing| *writing == Writing::Kept) => {
            format!("Paused. {} You can go on now or another day.", kept())
        }
        Phase::Paused => format!("Paused. {}", kept()),
        Phase::Over => format!("Done. Thank you. {} Both networks answer the same pictures now.", kept()),
    }
}

/// What is said between trials, with what can be done.
pub(super) fn interlude(runner: TrialRunner, phase: Phase) -> AnyView {
    if matches!(phase, Phase::Closed | Phase::Showing | Phase::Answering) {
        return ().into_any();
    }
    let people = runner.stores.people;
    let go = match phase {
        Phase::Preparing => None,
        Phase::Ready => Some("Begin"),
        Phase::Feedback => Some("Next"),
        Phase::Over => Some("See the comparison"),
        _ => Some("Go on"),
    };
    let press = move |_| match phase {
        Phase::Over => runner.finish(),
        Phase::Feedback => runner.after_practice(),
        _ => runner.show(),
    };
    let stops = matches!(phase, Phase::Ready | Phase::Break | Phase::Paused | Phase::Practised | Phase::Preparing);
    let stop = move |_| people.phase.set(Phase::Closed);
    let trouble = runner.trouble.get();
    view! {
        <p role="status" data-testid="interlude">{following(move || words(runner, phase))}</p>
        {trouble.map(|trouble| view! { <p class="own-failed" role="alert">{trouble}</p> })}
        <div class="ways">
            {go.map(|words| view! { <button type="button" class="primary" data-testid="go" on:click=press>{words}</button> })}
            {stops.then(|| view! { <button type="button" data-testid="stop" on:click=stop>"Leave for now"</button> })}
        </div>
    }
    .into_any()
}
