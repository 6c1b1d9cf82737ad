//! What this device keeps of the page, and the notice of a newer version.

use leptos::prelude::*;

use crate::offline::Wish;
use crate::stores::Stores;
use crate::stores::offline::OfflineCopy;
use crate::text;
use crate::widgets::following::following;

/// How much is kept for use without a network, with the ways to keep all of it or less.
#[component]
pub fn OfflineChoice(stores: Stores) -> impl IntoView {
    let copy = stores.offline.copy;
    let known = move || copy.with(|copy| copy.kept.zip(copy.all));
    let whole = move || known().is_some_and(|(kept, all)| kept >= all);
    let going = move || copy.with(|copy| copy.doing.is_some());
    let words = move || copy.with(words);
    view! {
        <div class="offline" data-testid="offline">
            <p role="status" data-testid="offline-words">{following(words)}</p>
            <progress hidden=move || !going() aria-label="How much is kept" max="1" value=move || copy.with(|copy| copy.doing.unwrap_or(0.0).to_string())></progress>
            <p class="ways" hidden=move || known().is_none()>
                <button type="button" class="plain" data-testid="keep-all" disabled=move || whole() || going() on:click=move |_| Wish::KeepAll.tell()>
                    {following(move || match known() {
                        Some((kept, all)) if kept < all => format!("Keep everything ({} more)", text::bytes(all - kept)),
                        _ => "Everything is kept".into(),
                    })}
                </button>
                <button type="button" class="plain" data-testid="forget-copy" disabled=going on:click=move |_| Wish::Forget.tell()>"Keep only what the page needs"</button>
            </p>
        </div>
    }
}

/// "Works without a network: 8.1 MB of 35 MB are kept on this device. This site uses 9 MB in all."
fn words(copy: &OfflineCopy) -> String {
    let Some((kept, all)) = copy.kept.zip(copy.all) else {
        return "No copy for use without a network yet; some browsers and private windows keep none.".into();
    };
    let part =
        if kept >= all { format!("all {} are", text::bytes(all)) } else { format!("{} of {} are", text::bytes(kept), text::bytes(all)) };
    let rest = if kept >= all { "" } else { "; networks and pictures are kept as you use them" };
    let used = copy.used.map(|used| format!(" This site uses {} on this device in all.", text::bytes(used))).unwrap_or_default();
    let failed = copy.failed.as_ref().map(|reason| format!(" {reason}")).unwrap_or_default();
    format!("Works without a network: {part} kept{rest}.{used}{failed}")
}

/// Says that a newer version waits, which is taken when the reader wants it.
#[component]
pub fn UpdateNotice(stores: Stores) -> impl IntoView {
    let waits = move || stores.offline.copy.with(|copy| copy.update);
    view! {
        <p class="note" role="status" data-testid="update">
            {following(move || waits().then(|| view! {
                "A newer version of this page is here. Your experiment stays. "
                <button type="button" class="plain" data-testid="update-now" on:click=move |_| Wish::Update.tell()>"Reload with it"</button>
            }))}
        </p>
    }
}
