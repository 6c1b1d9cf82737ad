//! A dialog that a button opens, with its title and the button that closes it.

use leptos::html::Dialog;
use leptos::prelude::*;

/// The button and the dialog.
#[component]
pub fn Sheet(
    /// Its name for tests; those of its buttons end in `-open` and `-close`.
    id: &'static str,
    /// What it looks like.
    #[prop(default = "audit")]
    class: &'static str,
    /// What stands on the button that opens it.
    open: Signal<&'static str>,
    /// Its title.
    title: Signal<&'static str>,
    /// What stands on the button that closes it.
    close: Signal<&'static str>,
    /// The dialog, to be closed from inside.
    sheet: NodeRef<Dialog>,
    /// What else opening it does.
    on_open: Callback<()>,
    /// What else closing it does, however that comes.
    #[prop(optional)]
    on_close: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let show = move |_| {
        on_open.run(());
        if let Some(sheet) = sheet.get_untracked() {
            let _ = sheet.show_modal();
        }
    };
    let closed = move |_| {
        if let Some(on_close) = on_close {
            on_close.run(());
        }
    };
    view! {
        <button type="button" class="plain" aria-haspopup="dialog" data-testid=format!("{id}-open") on:click=show>{open}</button>
        <dialog class=class aria-labelledby=format!("{id}-title") data-testid=id node_ref=sheet on:close=closed>
            <div class="panel-head">
                <h2 id=format!("{id}-title")>{title}</h2>
                <button type="button" class="plain" data-testid=format!("{id}-close") on:click=move |_| hide(sheet)>{close}</button>
            </div>
            {children()}
        </dialog>
    }
    .into_any()
}

/// Closes it.
pub fn hide(sheet: NodeRef<Dialog>) {
    if let Some(sheet) = sheet.get_untracked() {
        sheet.close();
    }
}
