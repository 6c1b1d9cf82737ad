//! A link for a class: the present experiment, as a teacher wants it shown.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;

use crate::address;
use crate::state::Lab;
use crate::widgets::choice::{Choice, Raw};
use crate::widgets::copy::CopyLink;
use crate::widgets::markup::{Html, options};
use crate::widgets::sheet::Sheet;
use sweetspot_core::presentation::{Part, Place, Presentation};
use sweetspot_core::words::Language;

/// The button and the form it opens.
#[component]
pub fn Teach(lab: Lab) -> impl IntoView {
    let wished = RwSignal::new(Presentation::default());
    let on_open = Callback::new(move |()| {
        // It begins with what is on the screen.
        let language = lab.showing.language.get_untracked();
        let present = lab.showing.presentation.get_untracked();
        wished.set(Presentation { language: (language != Language::English).then_some(language), ..present });
        spawn_local(async move { lab.list_lessons().await });
    });
    view! {
        <Sheet id="teach" class="audit teach" open=lab.words("teach.open") title=lab.words("teach.title") close=lab.words("close") sheet=NodeRef::new() on_open>
            <p>{lab.words("teach.says")}</p>
            <Form lab wished/>
        </Sheet>
    }
    .into_any()
}

#[component]
fn Form(lab: Lab, wished: RwSignal<Presentation>) -> impl IntoView {
    let boxes = Signal::derive(move || boxes(lab, &wished.get()));
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
        let language = lab.showing.language.get();
        let known: Vec<(String, String)> =
            lab.showing.lessons.with(|lessons| lessons.iter().map(|listed| (listed.id.clone(), listed.said(language).0)).collect());
        let listed: Html = options(known.iter().map(|(id, title)| (id.as_str(), title.as_str())));
        options([("", lab.word("teach.no-lesson"))]).with(listed)
    });
    let lesson = Signal::derive(move || wished.with(|wished| wished.lesson.as_ref().map(|place| place.lesson.clone())).unwrap_or_default());
    let choose_lesson = Callback::new(move |name: String| wished.update(|wished| wished.lesson = Place::read(&name)));
    let languages = Signal::derive(move || {
        options([("", lab.word("teach.any-language"))]).with(options(Language::ALL.map(|one| (one.id(), one.name()))))
    });
    let language = Signal::derive(move || wished.with(|wished| wished.language.map(Language::id)).unwrap_or_default().to_string());
    let choose_language = Callback::new(move |id: String| wished.update(|wished| wished.language = Language::from_id(&id)));
    let link = Signal::derive(move || wished.with(|wished| lab.experiment.with(|experiment| address::whole(experiment, wished))));
    view! {
        <div on:change=tick><Raw html=boxes/></div>
        <div class="teach-menus">
            <Choice id="teach-lesson" label=lab.words("teach.lesson") options=lessons value=lesson choose=choose_lesson/>
            <Choice id="teach-language" label=lab.words("language") options=languages value=language choose=choose_language/>
        </div>
        <label class="field">
            <span>{lab.words("teach.link")}</span>
            <input type="text" readonly data-testid="teach-link" prop:value=link/>
        </label>
        <CopyLink lab link id="teach-copy"/>
    }
    .into_any()
}

/// What is ticked: the projector, and the parts that are left out. Follows the language.
fn boxes(lab: Lab, wished: &Presentation) -> Html {
    let ticked = |id: &str, value: &str, ticked: bool, name: &str| {
        let mut attributes = vec![("type", "checkbox"), ("value", value), ("data-testid", id)];
        attributes.extend(ticked.then_some(("checked", "")));
        Html::tag("label", &[("class", "check")], Html::alone("input", &attributes).with(Html::around("span", name)))
    };
    let part = |part: Part| ticked(&format!("hide-{}", part.id()), part.id(), wished.hidden.contains(&part), lab.word(part.word()));
    let parts = Html::around("legend", lab.word("teach.hide")).with(Html::all(Part::ALL.into_iter().map(part).collect()));
    ticked("teach-present", "present", wished.projector, lab.word("teach.present")).with(Html::tag(
        "fieldset",
        &[("class", "teach-parts")],
        parts,
    ))
}
