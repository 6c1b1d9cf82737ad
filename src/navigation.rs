//! From addresses and names to experiments that can be run: the start of the page, and going back and forward.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::address::{self, Commit};
use super::assets;
use crate::display_preferences;
use crate::session;
use crate::showing;
use crate::stores::Stores;
use crate::stores::catalogue::not_in_gallery;
use crate::stores::pictures::somebody_elses;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::experiment::{Experiment, ImageRef, OWN};
use sweetspot_core::link;

/// The experiment the page opens with, and a message if the link cannot be read.
pub fn opening_experiment() -> (Experiment, Option<String>) {
    let fragment = address::fragment();
    if fragment.is_empty() {
        return (address::last().and_then(|last| link::read(&last).ok()).unwrap_or_default(), None);
    }
    match link::read(&fragment) {
        Ok(experiment) => (experiment, None),
        Err(error) => (Experiment::default(), Some(error.to_string())),
    }
}

/// Starts the engine, fetches what the page shows, and follows the address.
pub fn begin(stores: Stores) {
    session::begin(stores);
    spawn_local(async move { load_assets(stores).await });
    spawn_local(async move { show_beforehand(stores).await });
    session::open_sweeps(stores);
    follow_names(stores);
    follow_pack(stores);
    stores.offline.follow();
    display_preferences::keep(stores.display);
    showing::follow_lessons(stores);
    for event in ["popstate", "hashchange"] {
        window_event_listener_untyped(event, move |_| follow_address(stores));
    }
}

async fn load_assets(stores: Stores) {
    match assets::gallery().await {
        Ok(gallery) => stores.catalogue.gallery.set(gallery),
        Err(error) => stores.messages.say(error.to_string()),
    }
    match assets::network_ids().await {
        Ok(ids) => {
            for id in ids {
                match assets::card(&id).await {
                    Ok(card) => stores.catalogue.networks.update(|cards| cards.push(card)),
                    Err(error) => stores.messages.say(error.to_string()),
                }
            }
        }
        Err(error) => stores.messages.say(error.to_string()),
    }
    let opening = stores.experiment.get_untracked();
    if let Err(error) = check(stores, &opening) {
        // The default picture needs no message when the gallery has none of that name.
        if opening.image != Experiment::default().image || opening.model != Experiment::default().model {
            stores.messages.say(error.to_string());
        }
        session::await_weights(stores, &opening);
        let device = opening.device;
        stores.experiment.set(substitute(stores, opening, Experiment { device, ..stores.catalogue.default_experiment() }));
    }
    let experiment = session::fitted(stores, stores.experiment.get_untracked());
    stores.experiment.set(experiment.clone());
    stores.address.show(&experiment, Commit::Replace);
    // Names can be looked up from now on, so figures of lessons can be shown.
    stores.lessons.settled.set(true);
    session::assets_came(stores);
}

/// Shows what was computed beforehand of the usual experiment, until the engine has an answer of its own.
async fn show_beforehand(stores: Stores) {
    let experiment = stores.experiment.get_untracked();
    if experiment != Experiment::default() {
        return;
    }
    // Without it the page waits for the engine, as it does for any other experiment.
    let Ok(findings) = assets::opening(&experiment).await else { return };
    if stores.answers.view.with_untracked(Option::is_none) && stores.experiment.get_untracked() == experiment {
        session::found_beforehand(stores, &Arc::new(experiment), findings);
    }
}

/// Keeps the class names those of the experiment's network.
fn follow_names(stores: Stores) {
    let file = Memo::new(move |_| stores.catalogue.card().map(|card| card.names().map(String::from)));
    Effect::new(move |_| {
        let Some(name) = file.get() else { return };
        stores.catalogue.classes.set(Arc::default());
        let Some(name) = name else { return };
        spawn_local(async move {
            let names = assets::class_names(&name).await;
            if file.get_untracked().flatten() != Some(name) {
                return;
            }
            match names {
                Ok(names) => stores.catalogue.classes.set(Arc::new(names)),
                Err(error) => stores.messages.say(error.to_string()),
            }
        });
    });
}

/// Fetches the pack of scenes when a network or a picture first needs it.
fn follow_pack(stores: Stores) {
    let needed = Memo::new(move |_| {
        let scene = stores.experiment.with(|experiment| matches!(experiment.image, ImageRef::Scene(_)));
        let any = || stores.catalogue.networks.with(|cards| cards.iter().find_map(|card| card.pack.clone()));
        stores.catalogue.card().and_then(|card| card.pack).or_else(|| if scene { any() } else { None })
    });
    Effect::new(move |_| {
        let Some(id) = needed.get() else { return };
        if stores.catalogue.pack.with_untracked(|pack| pack.as_ref().is_some_and(|pack| pack.id == id)) {
            return;
        }
        spawn_local(async move {
            match assets::pack(&id).await {
                Ok(pack) => stores.catalogue.pack.set(Some(Arc::new(pack))),
                Err(error) => stores.messages.say(error.to_string()),
            }
        });
    });
}

/// Whether the names in an experiment are known here.
pub(super) fn check(stores: Stores, experiment: &Experiment) -> Result<()> {
    stores.catalogue.networks.with_untracked(|cards| {
        if cards.is_empty() || cards.iter().any(|card| card.id == experiment.model) {
            return Ok(());
        }
        if experiment.model.starts_with(OWN) {
            return Err(somebody_elses_weights());
        }
        Err(Error::unknown("model", &experiment.model, cards.iter().map(|card| card.id.as_str())))
    })?;
    match &experiment.image {
        ImageRef::Gallery(id) => stores
            .catalogue
            .gallery
            .with_untracked(|gallery| if gallery.iter().any(|photo| photo.id == *id) { Ok(()) } else { Err(not_in_gallery(id)) }),
        ImageRef::Own(hash) => stores.own_pictures.get(hash).map(|_| ()).ok_or_else(somebody_elses),
        // The engine knows how many there are.
        ImageRef::Scene(_) => Ok(()),
    }
}

/// An experiment that fails [`check`] with what is known put in place of what is not: only the picture, if only that is missing.
fn substitute(stores: Stores, wrong: Experiment, known: Experiment) -> Experiment {
    let with_picture = Experiment { image: known.image.clone(), ..wrong };
    if check(stores, &with_picture).is_ok() { with_picture } else { known }
}

/// Takes up the experiment of the address, after going back or forward or after the reader has edited it.
fn follow_address(stores: Stores) {
    let present = stores.experiment.get_untracked();
    let fragment = address::fragment();
    if fragment == stores.presentation.asked.with_untracked(|presentation| presentation.link(&present)) {
        return;
    }
    let place = || stores.presentation.asked.with_untracked(|presentation| presentation.lesson.clone());
    let before = place();
    showing::take_presentation(stores, &fragment);
    if place().is_some() && place() != before {
        stores.lessons.moves.update(|moves| *moves += 1);
    }
    if stores.lessons.due.get_untracked() {
        // The step brings its own experiment.
        return stores.address.show(&present, Commit::Replace);
    }
    let wished = link::read(&fragment).map(|experiment| session::fitted(stores, experiment)).and_then(|experiment| {
        match check(stores, &experiment) {
            Err(error) if matches!(experiment.image, ImageRef::Own(_)) => {
                stores.messages.say(error.to_string());
                Ok(substitute(stores, experiment, present.clone()))
            }
            checked => checked.map(|()| experiment),
        }
    });
    match wished {
        Ok(experiment) => {
            stores.address.show(&experiment, Commit::Replace);
            session::adopt(stores, experiment);
        }
        Err(error) => {
            stores.messages.say(error.to_string());
            if let Ok(experiment) = link::read(&fragment) {
                session::await_weights(stores, &experiment);
            }
            stores.address.show(&present, Commit::Replace);
        }
    }
}

/// What is said of a network that only its owner has.
fn somebody_elses_weights() -> Error {
    Error::Missing {
        what: "the network".into(),
        reason: "this link looks at a weights file of somebody's own, which never leaves their device; open the same file to see it here"
            .into(),
    }
}
