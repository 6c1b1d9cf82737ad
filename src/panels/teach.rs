//! A link for a class: the present experiment, as a teacher wants it shown.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use crate::address;
use crate::showing;
use crate::stores::Stores;
use crate::widgets::choice::{Choice, Raw};
use crate::widgets::copy::CopyLink;
use crate::widgets::markup::{Html, options};
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
    let boxes = Signal::derive(move || boxes(stores, &wished.get()));
    let tick = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let (name, ticked) = (input.value(), input.checked());
        wished.update(|wished| match Part::from_id(&name) {
            None => wished.projector = ticked,
            Some(part) => {
                wished.hidden.retain(|one| *one != part);
                wished.hide(ticked.then_some(part));
            }
        });
        // The boxes were drawn anew; the focus goes on where it was.
        request_animation_frame(move || {
            let drawn = document().query_selector(&format!(".teach input[value=\"{name}\"]")).ok().flatten();
            if let Some(drawn) = drawn.and_then(|drawn| drawn.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                let _ = drawn.focus();
            }
        });
    };
    let lessons = Signal::derive(move || {
        let language = stores.texts.language.get();
        let known: Vec<(String, String)> =
            stores.lessons.list.with(|lessons| lessons.iter().map(|listed| (listed.id.clone(), listed.said(language).0)).collect());
        let listed: Html = options(known.iter().map(|(id, title)| (id.as_str(), title.as_str())));
        options([("", stores.texts.word("teach.no-lesson"))]).with(listed)
    });
    let lesson = Signal::derive(move || wished.with(|wished| wished.lesson.as_ref().map(|place| place.lesson.clone())).unwrap_or_default());
    let choose_lesson = Callback::new(move |name: String| wished.update(|wished| wished.lesson = Place::read(&name)));
    let languages = Signal::derive(move || {
        options([("", stores.texts.word("teach.any-language"))]).with(options(Language::ALL.map(|one| (one.id(), one.name()))))
    });
    let language = Signal::derive(move || wished.with(|wished| wished.language.map(Language::id)).unwrap_or_default().to_string());
    let choose_language = Callback::new(move |id: String| wished.update(|wished| wished.language = Language::from_id(&id)));
    let link = Signal::derive(move || wished.with(|wished| stores.experiment.with(|experiment| address::whole(experiment, wished))));
    view! {
        <div on:change=tick><Raw html=boxes/></div>
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

/// What is ticked: the projector, and the parts that are left out. Follows the language.
fn boxes(stores: Stores, wished: &Presentation) -> Html {
    let ticked = |id: &str, value: &str, ticked: bool, name: &str| {
        let mut attributes = vec![("type", "checkbox"), ("value", value), ("data-testid", id)];
        attributes.extend(ticked.then_some(("checked", "")));
        Html::tag("label", &[("class", "check")], Html::alone("input", &attributes).with(Html::around("span", name)))
    };
    let part =
        |part: Part| ticked(&format!("hide-{}", part.id()), part.id(), wished.hidden.contains(&part), stores.texts.word(part.word()));
    let parts = Html::around("legend", stores.texts.word("teach.hide")).with(Html::all(Part::ALL.into_iter().map(part).collect()));
    ticked("teach-present", "present", wished.projector, stores.texts.word("teach.present")).with(Html::tag(
        "fieldset",
        &[("class", "teach-parts")],
        parts,
    ))
}
