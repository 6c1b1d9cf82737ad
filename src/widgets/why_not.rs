//! What the chosen network does not offer, each with its reason.

use leptos::prelude::*;

use super::following::following;

/// Something that cannot be had: its id, its name, and why.
pub type Absent = (&'static str, &'static str, String);

/// "Not for this network: LRP, …", with the reason on hover, on focus, and for those who hear the page.
#[component]
pub fn WhyNot(
    /// What kind of thing it is, for ids.
    kind: &'static str,
    /// What cannot be had.
    absent: Memo<Vec<Absent>>,
) -> impl IntoView {
    let shown = RwSignal::new("");
    let reason = move || {
        let shown = shown.get();
        absent.with(|absent| absent.iter().find(|(id, ..)| *id == shown).map(|(_, title, reason)| format!("{title}: {reason}.")))
    };
    let name = move |(id, title, reason): Absent| {
        let described = format!("why-not-{id}");
        view! {
            <li>
                <button type="button" class="why" aria-describedby=described.clone() data-testid=format!("absent-{kind}")
                    on:mouseenter=move |_| shown.set(id) on:mouseleave=move |_| shown.set("")
                    on:focus=move |_| shown.set(id) on:blur=move |_| shown.set("") on:click=move |_| shown.set(id)>{title}</button>
                <span class="hidden" id=described>{reason}</span>
            </li>
        }
    };
    let heading = format!("absent-{kind}-title");
    move || {
        absent.with(|absent| !absent.is_empty()).then(|| {
            view! {
                <div class="note absent" data-testid=format!("absent-{kind}s")>
                    <span id=heading.clone()>"Not for this network:"</span> " "
                    <ul aria-labelledby=heading.clone()>{absent.get().into_iter().map(name).collect_view()}</ul>
                    <p class="reason" aria-hidden="true">{following(reason)}</p>
                </div>
            }
        })
    }
}
