//! A link for a class: the present experiment, as a teacher wants it shown.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::presentation::{Part, Place, Presentation};
use crate::ui::address;
use crate::ui::assets;
use crate::ui::state::Lab;
use crate::ui::widgets::choice::Choice;
use crate::ui::widgets::copy::CopyLink;
use crate::ui::widgets::markup::{Html, options};
use crate::words::Language;

/// The button and the form it opens.
#[component]
pub fn Teach(lab: Lab) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let wished = RwSignal::new(Presentation::default());
    let open = move |_| {
        // It begins with what is on the screen.
        let language = lab.showing.language.get_untracked();
        let present = lab.showing.presentation.get_untracked();
        wished.set(Presentation { language: (language != Language::English).then_some(language), ..present });
        if let Some(dialog) = dialog.get_untracked() {
            let _ = dialog.show_modal();
        }
        if lab.showing.lessons.with_untracked(Vec::is_empty) {
            spawn_local(async move {
                if let Ok(lessons) = assets::lessons().await {
                    lab.showing.lessons.set(lessons);
                }
            });
        }
    };
    let close = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <button type="button" class="plain" data-testid="teach-open" on:click=open>{move || lab.word("teach.open")}</button>
        <dialog class="audit teach" aria-labelledby="teach-title" data-testid="teach" node_ref=dialog>
            <div class="panel-head">
                <h2 id="teach-title">{move || lab.word("teach.title")}</h2>
                <button type="button" class="plain" data-testid="teach-close" on:click=close>{move || lab.word("close")}</button>
            </div>
            <p>{move || lab.word("teach.says")}</p>
            <Form lab wished/>
        </dialog>
    }
}

#[component]
fn Form(lab: Lab, wished: RwSignal<Presentation>) -> impl IntoView {
    let part = |part: Part| {
        let hide = move |event| {
            let hidden = event_target_checked(&event);
            wished.update(|wished| {
                wished.hidden.retain(|one| *one != part);
                wished.hide(hidden.then_some(part));
            });
        };
        view! {
            <label class="check">
                <input type="checkbox" data-testid=format!("hide-{}", part.id()) prop:checked=move || wished.with(|wished| wished.hidden.contains(&part)) on:change=hide/>
                <span>{move || lab.word(part.word())}</span>
            </label>
        }
    };
    let parts = Part::ALL.map(part).collect_view();
    let lessons = Signal::derive(move || {
        let language = lab.showing.language.get();
        let known: Vec<(String, String)> =
            lab.showing.lessons.with(|lessons| lessons.iter().map(|listed| (listed.id.clone(), listed.said(language).0)).collect());
        let listed: Html = options(known.iter().map(|(id, title)| (id.as_str(), title.as_str())));
        options([("", lab.word("teach.no-lesson"))]).with(listed)
    });
    let lesson = Signal::derive(move || wished.with(|wished| wished.lesson.as_ref().map(|place| place.lesson.clone())).unwrap_or_default());
    let choose_lesson = Callback::new(move |name: String| wished.update(|wished| wished.lesson = Place::read(&name)));
    let languages = Signal::derive(move || options([("", lab.word("teach.any-language"))]).with(options(Language::ALL.map(|one| (one.id(), one.name())))));
    let language = Signal::derive(move || wished.with(|wished| wished.language.map(Language::id)).unwrap_or_default().to_string());
    let choose_language = Callback::new(move |id: String| wished.update(|wished| wished.language = Language::from_id(&id)));
    let link = Signal::derive(move || wished.with(|wished| lab.experiment.with(|experiment| address::whole(experiment, wished))));
    view! {
        <label class="check">
            <input type="checkbox" data-testid="teach-present" prop:checked=move || wished.with(|wished| wished.projector)
                on:change=move |event| wished.update(|wished| wished.projector = event_target_checked(&event))/>
            <span>{move || lab.word("teach.present")}</span>
        </label>
        <fieldset class="teach-parts">
            <legend>{move || lab.word("teach.hide")}</legend>
            {parts}
        </fieldset>
        <div class="teach-menus">
            <Choice id="teach-lesson" label=lab.words("teach.lesson") options=lessons value=lesson choose=choose_lesson/>
            <Choice id="teach-language" label=lab.words("language") options=languages value=language choose=choose_language/>
        </div>
        <label class="field">
            <span>{move || lab.word("teach.link")}</span>
            <input type="text" readonly data-testid="teach-link" prop:value=move || link.get()/>
        </label>
        <CopyLink lab link id="teach-copy"/>
    }
    .into_any()
}
