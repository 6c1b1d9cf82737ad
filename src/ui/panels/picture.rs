//! The choice of a picture: the gallery, a file, or the camera.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlFieldSetElement, HtmlInputElement};

use super::camera::Camera;
use super::credits::Credits;
use super::group::Group;
use crate::experiment::ImageRef;
use crate::ui::address::Commit;
use crate::ui::state::Lab;

/// Which pictures of the gallery are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    All,
    Photos,
    Cutouts,
}

impl Filter {
    const ALL: [(Self, &'static str); 3] = [(Self::All, "All"), (Self::Photos, "Photos"), (Self::Cutouts, "Cut-outs")];

    fn lets(self, kind: &str) -> bool {
        match self {
            Self::All => true,
            Self::Photos => kind == "photo",
            Self::Cutouts => kind == "cutout",
        }
    }
}

/// A picture in the list.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Thumbnail {
    image: ImageRef,
    title: String,
    address: String,
}

/// The picture.
#[component]
pub fn PictureChoice(lab: Lab) -> impl IntoView {
    let filter = RwSignal::new(Filter::All);
    let camera = RwSignal::new(false);
    let chosen = Memo::new(move |_| lab.experiment.with(|experiment| experiment.image.clone()));
    let list = Memo::new(move |_| thumbnails(lab, filter.get()));
    let title = Signal::derive(move || lab.photo().map_or_else(|| "Your own picture".into(), |photo| photo.title));
    let kinds = move || {
        let both = |kind| lab.gallery.with(|gallery| gallery.iter().any(|photo| Filter::lets(kind, &photo.kind)));
        both(Filter::Photos) && both(Filter::Cutouts)
    };
    let gallery = NodeRef::<leptos::html::Fieldset>::new();
    Effect::new(move |_| {
        let _ = (chosen.get(), list.with(Vec::len));
        if let Some(gallery) = gallery.get() {
            request_animation_frame(move || show_chosen(&gallery));
        }
    });
    let file = NodeRef::<leptos::html::Input>::new();
    let picked = move |event| {
        let input: HtmlInputElement = event_target(&event);
        lab.open_first(input.files());
        // The same file can be picked again.
        input.set_value("");
    };
    let browse = move |_| {
        if let Some(file) = file.get_untracked() {
            file.click();
        }
    };
    view! {
        <Group title="Picture" chosen=title>
            <Show when=kinds>
                <fieldset class="filter">
                    <legend class="hidden">"Which pictures are listed"</legend>
                    {Filter::ALL.map(|(value, name)| view! {
                        <label>
                            <input type="radio" name="filter" checked=value == Filter::All on:change=move |_| filter.set(value)/>
                            <span>{name}</span>
                        </label>
                    }).collect_view()}
                </fieldset>
            </Show>
            <fieldset class="gallery" data-testid="gallery" node_ref=gallery>
                <legend class="hidden">"Picture"</legend>
                <For each=move || list.get() key=|item| item.image.clone() let(item)>
                    <Item lab chosen item/>
                </For>
            </fieldset>
            <div class="ways">
                <input type="file" class="hidden" tabindex="-1" aria-hidden="true" data-testid="file"
                    accept="image/jpeg,image/png,image/webp,image/gif,image/bmp" node_ref=file on:change=picked/>
                <button type="button" data-testid="browse" on:click=browse>"Open a file\u{2026}"</button>
                <button type="button" data-testid="camera" on:click=move |_| camera.set(true)>"Camera\u{2026}"</button>
            </div>
            <p class="note">"Or drop a picture anywhere on this page, or paste one."</p>
            <Camera lab open=camera/>
        </Group>
        <Credits lab/>
    }
}

/// Scrolls the list, and nothing else, to the chosen picture.
fn show_chosen(gallery: &HtmlFieldSetElement) {
    let chosen = gallery.query_selector("label:has(:checked)").ok().flatten().and_then(|label| label.dyn_into::<HtmlElement>().ok());
    let Some(chosen) = chosen else { return };
    let (top, bottom) = (chosen.offset_top(), chosen.offset_top() + chosen.offset_height());
    if top < gallery.scroll_top() || bottom > gallery.scroll_top() + gallery.client_height() {
        gallery.set_scroll_top(top - (gallery.client_height() - chosen.offset_height()) / 2);
    }
}

#[component]
fn Item(lab: Lab, chosen: Memo<ImageRef>, item: Thumbnail) -> impl IntoView {
    let Thumbnail { image, title, address } = item;
    let (tip, checked_image) = (title.clone(), image.clone());
    let checked = move || chosen.get() == checked_image;
    let name = match &image {
        ImageRef::Gallery(id) => id.clone(),
        ImageRef::Own(hash) => format!("own-{hash}"),
    };
    let id = name.clone();
    let choose = move |_| lab.change(Commit::Done("picture"), |experiment| experiment.image = image.clone());
    view! {
        <label class="thumb" title=tip data-testid="gallery-item" data-id=id>
            <input type="radio" name="picture" value=name prop:checked=checked on:change=choose/>
            <img src=address alt=title width="64" height="64" loading="lazy" decoding="async"/>
        </label>
    }
}

/// The reader's own pictures, then the gallery's.
fn thumbnails(lab: Lab, filter: Filter) -> Vec<Thumbnail> {
    let own = lab.own.with(|own| {
        let thumbnail = |picture: &crate::ui::pictures::OwnPicture| Thumbnail {
            image: ImageRef::Own(picture.hash.clone()),
            title: picture.name.clone(),
            address: picture.address.clone(),
        };
        own.iter().map(thumbnail).collect::<Vec<_>>()
    });
    lab.gallery.with(|gallery| {
        let gallery = gallery.iter().filter(|photo| filter.lets(&photo.kind)).map(|photo| Thumbnail {
            image: ImageRef::Gallery(photo.id.clone()),
            title: photo.title.clone(),
            address: format!("gallery/{}", photo.file),
        });
        own.into_iter().chain(gallery).collect()
    })
}
