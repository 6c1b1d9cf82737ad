//! From addresses and names to experiments that can be run: the start of the page, and going back and forward.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::address::{self, Commit};
use super::assets;
use super::state::Lab;
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

impl Lab {
    /// Starts the engine, fetches what the page shows, and follows the address.
    pub fn begin(self) {
        self.start_engine(self.experiment.with_untracked(|experiment| experiment.device));
        spawn_local(async move { self.load_assets().await });
        spawn_local(async move { self.show_beforehand().await });
        self.open_sweeps();
        self.follow_names();
        self.follow_pack();
        self.follow_copy();
        self.keep_look();
        self.follow_lessons();
        for event in ["popstate", "hashchange"] {
            window_event_listener_untyped(event, move |_| self.follow_address());
        }
    }

    /// The default experiment, on a picture that is there.
    pub(super) fn default_experiment(self) -> Experiment {
        let mut experiment = Experiment::default();
        self.gallery.with_untracked(|gallery| {
            if let (Some(first), ImageRef::Gallery(id)) = (gallery.first(), &experiment.image)
                && !gallery.iter().any(|photo| photo.id == *id)
            {
                experiment.image = ImageRef::Gallery(first.id.clone());
            }
        });
        experiment
    }

    async fn load_assets(self) {
        match assets::gallery().await {
            Ok(gallery) => self.gallery.set(gallery),
            Err(error) => self.say(error.to_string()),
        }
        match assets::network_ids().await {
            Ok(ids) => {
                for id in ids {
                    match assets::card(&id).await {
                        Ok(card) => self.networks.update(|cards| cards.push(card)),
                        Err(error) => self.say(error.to_string()),
                    }
                }
            }
            Err(error) => self.say(error.to_string()),
        }
        let opening = self.experiment.get_untracked();
        if let Err(error) = self.check(&opening) {
            // The default picture needs no message when the gallery has none of that name.
            if opening.image != Experiment::default().image || opening.model != Experiment::default().model {
                self.say(error.to_string());
            }
            self.await_weights(&opening);
            let device = opening.device;
            self.experiment.set(self.substitute(opening, Experiment { device, ..self.default_experiment() }));
        }
        let experiment = self.fitted(self.experiment.get_untracked());
        self.experiment.set(experiment.clone());
        self.session.update_value(|session| {
            session.assets = true;
            session.address.show(&experiment, Commit::Replace);
        });
        self.settle();
        self.flush();
    }

    /// Shows what was computed beforehand of the usual experiment, until the engine has an answer of its own.
    async fn show_beforehand(self) {
        let experiment = self.experiment.get_untracked();
        if experiment != Experiment::default() {
            return;
        }
        // Without it the page waits for the engine, as it does for any other experiment.
        let Ok(findings) = assets::opening(&experiment).await else { return };
        if self.view.with_untracked(Option::is_none) && self.experiment.get_untracked() == experiment {
            self.found_beforehand(&Arc::new(experiment), findings);
        }
    }

    /// Keeps the class names those of the experiment's network.
    fn follow_names(self) {
        let file = Memo::new(move |_| self.card().map(|card| card.names().map(String::from)));
        Effect::new(move |_| {
            let Some(name) = file.get() else { return };
            self.classes.set(Arc::default());
            let Some(name) = name else { return };
            spawn_local(async move {
                let names = assets::class_names(&name).await;
                if file.get_untracked().flatten() != Some(name) {
                    return;
                }
                match names {
                    Ok(names) => self.classes.set(Arc::new(names)),
                    Err(error) => self.say(error.to_string()),
                }
            });
        });
    }

    /// Fetches the pack of scenes when a network or a picture first needs it.
    fn follow_pack(self) {
        let needed = Memo::new(move |_| {
            let scene = self.experiment.with(|experiment| matches!(experiment.image, ImageRef::Scene(_)));
            let any = || self.networks.with(|cards| cards.iter().find_map(|card| card.pack.clone()));
            self.card().and_then(|card| card.pack).or_else(|| if scene { any() } else { None })
        });
        Effect::new(move |_| {
            let Some(id) = needed.get() else { return };
            if self.pack.with_untracked(|pack| pack.as_ref().is_some_and(|pack| pack.id == id)) {
                return;
            }
            spawn_local(async move {
                match assets::pack(&id).await {
                    Ok(pack) => self.pack.set(Some(Arc::new(pack))),
                    Err(error) => self.say(error.to_string()),
                }
            });
        });
    }

    /// Whether the names in an experiment are known here.
    pub(super) fn check(self, experiment: &Experiment) -> Result<()> {
        self.networks.with_untracked(|cards| {
            if cards.is_empty() || cards.iter().any(|card| card.id == experiment.model) {
                return Ok(());
            }
            if experiment.model.starts_with(OWN) {
                return Err(somebody_elses_weights());
            }
            Err(Error::unknown("model", &experiment.model, cards.iter().map(|card| card.id.as_str())))
        })?;
        match &experiment.image {
            ImageRef::Gallery(id) => self
                .gallery
                .with_untracked(|gallery| if gallery.iter().any(|photo| photo.id == *id) { Ok(()) } else { Err(not_in_gallery(id)) }),
            ImageRef::Own(hash) => self.own_picture(hash).map(|_| ()).ok_or_else(somebody_elses),
            // The engine knows how many there are.
            ImageRef::Scene(_) => Ok(()),
        }
    }

    /// An experiment that fails [`Self::check`] with what is known put in place of what is not: only the picture, if only that is missing.
    fn substitute(self, wrong: Experiment, known: Experiment) -> Experiment {
        let with_picture = Experiment { image: known.image.clone(), ..wrong };
        if self.check(&with_picture).is_ok() { with_picture } else { known }
    }

    /// Takes up the experiment of the address, after going back or forward or after the reader has edited it.
    fn follow_address(self) {
        let present = self.experiment.get_untracked();
        let fragment = address::fragment();
        if fragment == self.showing.presentation.with_untracked(|presentation| presentation.link(&present)) {
            return;
        }
        let place = |lab: Self| lab.showing.presentation.with_untracked(|presentation| presentation.lesson.clone());
        let before = place(self);
        self.take_presentation(&fragment);
        if place(self).is_some() && place(self) != before {
            self.showing.moves.update(|moves| *moves += 1);
        }
        if self.awaits_figure() {
            // The step brings its own experiment.
            return self.session.update_value(|session| session.address.show(&present, Commit::Replace));
        }
        let wished = link::read(&fragment).map(|experiment| self.fitted(experiment)).and_then(|experiment| match self.check(&experiment) {
            Err(error) if matches!(experiment.image, ImageRef::Own(_)) => {
                self.say(error.to_string());
                Ok(self.substitute(experiment, present.clone()))
            }
            checked => checked.map(|()| experiment),
        });
        match wished {
            Ok(experiment) => {
                self.session.update_value(|session| session.address.show(&experiment, Commit::Replace));
                self.adopt(experiment);
            }
            Err(error) => {
                self.say(error.to_string());
                if let Ok(experiment) = link::read(&fragment) {
                    self.await_weights(&experiment);
                }
                self.session.update_value(|session| session.address.show(&present, Commit::Replace));
            }
        }
    }
}

/// What is said of a picture that the gallery does not have.
pub(super) fn not_in_gallery(id: &str) -> Error {
    let id: String = id.chars().take(60).collect();
    Error::Missing { what: format!("the picture '{id}'"), reason: "it is not in the gallery".into() }
}

/// What is said of a network that only its owner has.
fn somebody_elses_weights() -> Error {
    Error::Missing {
        what: "the network".into(),
        reason: "this link looks at a weights file of somebody's own, which never leaves their device; open the same file to see it here"
            .into(),
    }
}

/// What is said of a picture that only its owner has.
pub(super) fn somebody_elses() -> Error {
    Error::Missing {
        what: "the picture".into(),
        reason: "this link looks at a file of somebody's own, which never leaves their device; open the same file to see it here".into(),
    }
}
