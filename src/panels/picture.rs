//! The choice of a picture: the gallery, a file, or the camera.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlFieldSetElement, HtmlInputElement};

use super::camera::Camera;
use super::credits::Credits;
use super::group::Group;
use crate::address::Commit;
use crate::pictures;
use crate::session;
use crate::stores::Stores;
use crate::widgets::choice::{Choice, entries};
use crate::widgets::following::following;
use sweetspot_core::experiment::ImageRef;

/// Which pictures of the gallery are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    All,
    Photos,
    Composites,
}

impl Filter {
    const ALL: [(Self, &'static str); 3] = [(Self::All, "All"), (Self::Photos, "Photos"), (Self::Composites, "Composites")];

    fn lets(self, kind: &str) -> bool {
        match self {
            Self::All => true,
            Self::Photos => kind == "photo",
            Self::Composites => kind == "cutout",
        }
    }
}

/// A picture in the list.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Thumbnail {
    image: ImageRef,
    title: String,
    /// Its file; empty for a scene.
    address: String,
    /// Where a scene is in the picture that holds them all.
    style: String,
}

/// The picture.
#[component]
pub fn PictureChoice(stores: Stores) -> impl IntoView {
    let filter = RwSignal::new(Filter::All);
    let camera = RwSignal::new(false);
    let chosen = Memo::new(move |_| stores.experiment.with(|experiment| experiment.image.clone()));
    let scenes = Memo::new(move |_| stores.catalogue.card().is_some_and(|card| card.pack.is_some()));
    let class = RwSignal::new(String::new());
    let list = Memo::new(move |_| thumbnails(stores, scenes.get(), filter.get(), class.get().parse().ok()));
    let garments = Signal::derive(move || {
        let names = stores.catalogue.pack.get().map(|pack| pack.classes.clone()).unwrap_or_default();
        let names = entries(names.into_iter().enumerate().map(|(index, name)| (index.to_string(), name)));
        [entries([("", "any garment")]), names].concat()
    });
    let title = Signal::derive(move || match chosen.get() {
        ImageRef::Gallery(_) => stores.catalogue.photo().map(|photo| photo.title).unwrap_or_default(),
        ImageRef::Own(_) => "Your own picture".into(),
        ImageRef::Scene(index) => stores.catalogue.scene_title(index),
    });
    let kinds = move || {
        let both = |kind| stores.catalogue.gallery.with(|gallery| gallery.iter().any(|photo| Filter::lets(kind, &photo.kind)));
        both(Filter::Photos) && both(Filter::Composites)
    };
    let gallery = NodeRef::<leptos::html::Fieldset>::new();
    Effect::new(move |_| {
        let chosen = chosen.get();
        let listed = list.with(|list| list.iter().any(|item| item.image == chosen)).then(|| id(&chosen));
        if let Some(gallery) = gallery.get() {
            request_animation_frame(move || show_chosen(&gallery, listed.as_deref()));
        }
    });
    let choose = move |event| {
        let wished = event_target::<HtmlInputElement>(&event).value();
        let item = list.with_untracked(|list| list.iter().find(|item| id(&item.image) == wished).cloned());
        if let Some(item) = item {
            session::change(stores, Commit::Done("picture"), |experiment| experiment.image = item.image);
        }
    };
    let file = NodeRef::<leptos::html::Input>::new();
    let picked = move |event| {
        let input: HtmlInputElement = event_target(&event);
        pictures::open_first(stores, input.files());
        // The same file can be picked again.
        input.set_value("");
    };
    let browse = move |_| {
        if let Some(file) = file.get_untracked() {
            file.click();
        }
    };
    view! {
        <Group title=stores.texts.words("part.picture") chosen=title>
            <div hidden=move || !scenes.get()>
                <Choice id="scene-class" label="Scenes with" inline=true options=garments value=class.into() choose=Callback::new(move |name| class.set(name))/>
            </div>
                <fieldset class="filter" hidden=move || scenes.get() || !kinds()>
                    <legend class="hidden">"Which pictures are listed"</legend>
                    {Filter::ALL.map(|(value, name)| view! {
                        <label>
                            <input type="radio" name="filter" checked=value == Filter::All on:change=move |_| filter.set(value)/>
                            <span>{name}</span>
                        </label>
                    }).collect_view()}
                </fieldset>
            <fieldset class="gallery" data-testid="gallery" style=("--tiles", move || tiles(stores)) node_ref=gallery on:change=choose>
                <legend class="hidden">"Picture"</legend>
                {following(move || list.get().into_iter().map(item).collect_view())}
            </fieldset>
            <div class="ways">
                <input type="file" class="hidden" tabindex="-1" aria-hidden="true" data-testid="file"
                    accept="image/jpeg,image/png,image/webp,image/gif,image/bmp" node_ref=file on:change=picked/>
                <button type="button" data-testid="browse" on:click=browse>"Open a file\u{2026}"</button>
                <button type="button" data-testid="camera" on:click=move |_| camera.set(true)>"Camera\u{2026}"</button>
            </div>
            <p class="note">"Or drop a picture anywhere on this page, or paste one."</p>
            <Camera stores open=camera/>
        </Group>
        <Credits stores/>
    }
}

/// Checks the chosen picture in the list, and scrolls the list, and nothing else, to it.
fn show_chosen(gallery: &HtmlFieldSetElement, id: Option<&str>) {
    let find = |what: &str| gallery.query_selector(what).ok().flatten()?.dyn_into::<HtmlInputElement>().ok();
    let Some(input) = id.and_then(|id| find(&format!("input[value=\"{id}\"]"))) else {
        if let Some(checked) = find("input:checked") {
            checked.set_checked(false);
        }
        return;
    };
    input.set_checked(true);
    let Some(chosen) = input.parent_element().and_then(|label| label.dyn_into::<HtmlElement>().ok()) else { return };
    let (top, bottom) = (chosen.offset_top(), chosen.offset_top() + chosen.offset_height());
    if top < gallery.scroll_top() || bottom > gallery.scroll_top() + gallery.client_height() {
        gallery.set_scroll_top(top - (gallery.client_height() - chosen.offset_height()) / 2);
    }
}

/// The picture that holds all scenes, as a style.
fn tiles(stores: Stores) -> String {
    stores.catalogue.pack.with(|pack| pack.as_ref().map_or_else(|| "none".into(), |pack| format!("url(\"{}\")", pack.picture())))
}

/// A picture's name in the list.
fn id(image: &ImageRef) -> String {
    match image {
        ImageRef::Gallery(id) => id.clone(),
        ImageRef::Own(hash) => format!("own-{hash}"),
        ImageRef::Scene(index) => format!("scene-{index}"),
    }
}

/// A picture, as a radio button. It follows no signal and hears no event of its own: there are hundreds of them, and what a list once followed stays in
/// the memory of the signal.
fn item(thumbnail: Thumbnail) -> AnyView {
    let Thumbnail { image, title, address, style } = thumbnail;
    let id = id(&image);
    let seen = match style.is_empty() {
        true => view! { <img src=address alt=title.clone() width="64" height="64" loading="lazy" decoding="async"/> }.into_any(),
        false => view! { <span class="tile" role="img" aria-label=title.clone() style=style></span> }.into_any(),
    };
    view! {
        <label class="thumb" title=title data-testid="gallery-item" data-id=id.clone()>
            <input type="radio" name="picture" value=id.clone()/>
            {seen}
        </label>
    }
    .into_any()
}

/// The reader's own pictures, then the gallery's or the scenes.
fn thumbnails(stores: Stores, scenes: bool, filter: Filter, class: Option<usize>) -> Vec<Thumbnail> {
    let shown = |image: ImageRef, title: &str, address: String| Thumbnail { image, title: title.into(), address, style: String::new() };
    let mut list: Vec<Thumbnail> = stores
        .own_pictures
        .all
        .with(|own| own.iter().map(|picture| shown(ImageRef::Own(picture.hash.clone()), &picture.name, picture.address.clone())).collect());
    if !scenes {
        stores.catalogue.gallery.with(|gallery| {
            let fitting = gallery.iter().filter(|photo| filter.lets(&photo.kind));
            list.extend(fitting.map(|photo| shown(ImageRef::Gallery(photo.id.clone()), &photo.title, format!("gallery/{}", photo.file))));
        });
        return list;
    }
    stores.catalogue.pack.with(|pack| {
        let Some(pack) = pack else { return };
        let (columns, rows) = (pack.columns.max(1), pack.rows());
        let place = |at: usize, of: usize| 100.0 * at as f64 / of.saturating_sub(1).max(1) as f64;
        let fitting = pack.images.iter().enumerate().filter(|(_, tile)| class.is_none_or(|class| tile.label == class));
        list.extend(fitting.map(|(index, _)| Thumbnail {
            image: ImageRef::Scene(index as u32),
            title: pack.title(index),
            address: String::new(),
            style: format!(
                "background-size:{}% {}%;background-position:{:.4}% {:.4}%",
                100 * columns,
                100 * rows,
                place(index % columns, columns),
                place(index / columns, rows)
            ),
        }));
    });
    list
}
