//! A link for a class: the present experiment, as a teacher wants it shown.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::address;
use crate::showing;
use crate::stores::Stores;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::copy::CopyLink;
use crate::widgets::sheet::Sheet;
use sweetspot_core::presentation::{Part, Place, Presentation};
use sweetspot_core::words::Language;

/// The button and the form it opens.
#[component]
pub fn Teach(stores: Stores) -> impl IntoView {
    let wished = RwSignal::new(Presentation::default());
    let on_open = Callback::new(move |()| {
        // It begins with what is on the screen.
        let language = stores.texts.language.get_untracked();
        let present = stores.presentation.asked.get_untracked();
        wished.set(Presentation { language: (language != Language::English).then_some(language), ..present });
        spawn_local(async move { showing::list_lessons(stores).await });
    });
    view! {
        <Sheet id="teach" class="audit teach" open=stores.texts.words("teach.open") title=stores.texts.words("teach.title") close=stores.texts.words("close") sheet=NodeRef::new() on_open>
            <p>{stores.texts.words("teach.says")}</p>
            <Form stores wished/>
        </Sheet>
    }
    .into_any()
}

#[component]
fn Form(stores: Stores, wished: RwSignal<Presentation>) -> impl IntoView {
    let hide = move |part: Part| {
        let hidden = Signal::derive(move || wished.with(|wished| wished.hidden.contains(&part)));
        let tick = Callback::new(move |ticked: bool| {
            wished.update(|wished| {
                wished.hidden.retain(|one| *one != part);
                wished.hide(ticked.then_some(part));
            });
        });
        box_to_tick(format!("hide-{}", part.id()), part.id(), hidden, tick, stores.texts.words(part.word()))
    };
    let projector = Signal::derive(move || wished.with(|wished| wished.projector));
    let project = Callback::new(move |ticked| wished.update(|wished| wished.projector = ticked));
    let lessons = Signal::derive(move || {
        let language = stores.texts.language.get();
        let listed = stores.lessons.list.with(|lessons| entries(lessons.iter().map(|listed| (listed.id.clone(), listed.said(language).0))));
        [entries([("", stores.texts.word("teach.no-lesson"))]), listed].concat()
    });
    let lesson = Signal::derive(move || wished.with(|wished| wished.lesson.as_ref().map(|place| place.lesson.clone())).unwrap_or_default());
    let choose_lesson = Callback::new(move |name: String| wished.update(|wished| wished.lesson = Place::read(&name)));
    let languages = Signal::derive(move || {
        [entries([("", stores.texts.word("teach.any-language"))]), entries(Language::ALL.map(|one| (one.id(), one.name())))].concat()
    });
    let language = Signal::derive(move || wished.with(|wished| wished.language.map(Language::id)).unwrap_or_default().to_string());
    let choose_language = Callback::new(move |id: String| wished.update(|wished| wished.language = Language::from_id(&id)));
    let link = Signal::derive(move || wished.with(|wished| stores.experiment.with(|experiment| address::whole(experiment, wished))));
    view! {
        {box_to_tick("teach-present".into(), "present", projector, project, stores.texts.words("teach.present"))}
        <fieldset class="teach-parts">
            <legend>{stores.texts.words("teach.hide")}</legend>
            {Part::ALL.map(hide).collect_view()}
        </fieldset>
        <div class="teach-menus">
            <Choice id="teach-lesson" label=stores.texts.words("teach.lesson") options=lessons value=lesson choose=choose_lesson/>
            <Choice id="teach-language" label=stores.texts.words("language") options=languages value=language choose=choose_language/>
        </div>
        <label class="field">
            <span>{stores.texts.words("teach.link")}</span>
            <input type="text" readonly data-testid="teach-link" prop:value=link/>
        </label>
        <CopyLink texts=stores.texts link id="teach-copy"/>
    }
    .into_any()
}

fn box_to_tick(id: String, value: &'static str, on: Signal<bool>, ticked: Callback<bool>, words: Signal<&'static str>) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" value=value data-testid=id prop:checked=on on:change=move |event| ticked.run(event_target_checked(&event))/>
            <span>{words}</span>
        </label>
    }
    .into_any()
}
