//! What there is to choose from: networks with their classes, the gallery, and packs of scenes.

use std::sync::Arc;

use leptos::prelude::*;

use crate::assets::{Pack, Photo};
use sweetspot_core::card::{Card, IMAGENET};
use sweetspot_core::discovery::Discovery;
use sweetspot_core::error::Error;
use sweetspot_core::experiment::{Experiment, ImageRef};
use sweetspot_protocol::meant;

/// What there is to choose from, and what of it the experiment has chosen.
#[derive(Clone, Copy)]
pub struct Catalogue {
    experiment: RwSignal<Experiment>,
    /// The gallery, once it is there.
    pub gallery: RwSignal<Vec<Photo>>,
    /// The networks' cards, in the order of the index.
    pub networks: RwSignal<Vec<Card>>,
    /// The class names of the experiment's network.
    pub classes: RwSignal<Arc<Vec<String>>>,
    /// The scenes, once a network needs them.
    pub pack: RwSignal<Option<Arc<Pack>>>,
}

impl Catalogue {
    /// Nothing is there yet.
    pub fn new(experiment: RwSignal<Experiment>) -> Self {
        Self {
            experiment,
            gallery: RwSignal::new(Vec::new()),
            networks: RwSignal::new(Vec::new()),
            classes: RwSignal::new(Arc::new(Vec::new())),
            pack: RwSignal::new(None),
        }
    }

    /// The photo of the gallery the experiment looks at. Follows the signals.
    pub fn photo(self) -> Option<Photo> {
        let image = self.experiment.with(|experiment| experiment.image.clone());
        let ImageRef::Gallery(id) = image else { return None };
        self.gallery.with(|gallery| gallery.iter().find(|photo| photo.id == id).cloned())
    }

    /// The card of the experiment's network. Follows the signals.
    pub fn card(self) -> Option<Card> {
        self.card_of(&self.experiment.with(|experiment| experiment.model.clone()))
    }

    /// The card of a network. Follows the signals.
    pub fn card_of(self, id: &str) -> Option<Card> {
        self.networks.with(|cards| cards.iter().find(|card| card.id == id).cloned())
    }

    /// How an experiment looks for objects, with what its network's card says where it says nothing. Follows the signals.
    pub fn discovery(self, experiment: &Experiment) -> Discovery {
        let how = &experiment.discovery;
        let card = self.card_of(&experiment.model);
        let (tap, settings) = card.map_or_else(Default::default, |card| {
            let known = card.discovery(how.method);
            (known.tap.or_else(|| Some(card.default_tap).filter(|tap| !tap.is_empty())), known.settings)
        });
        meant(how, tap, settings)
    }

    /// The label of the experiment's picture, as an index of the network's classes. Follows the signals.
    pub fn label(self) -> Option<usize> {
        self.label_of(&self.experiment.get())
    }

    /// The label of an experiment's picture, if it is one of its network's classes. Follows the signals.
    pub fn label_of(self, experiment: &Experiment) -> Option<usize> {
        let card = self.card_of(&experiment.model);
        let scenes = card.as_ref().is_some_and(|card| card.pack.is_some());
        let classes = card.map_or(IMAGENET, |card| card.classes);
        match &experiment.image {
            ImageRef::Gallery(id) if !scenes && classes == IMAGENET => {
                self.gallery.with(|gallery| gallery.iter().find(|photo| photo.id == *id).and_then(|photo| photo.label))
            }
            ImageRef::Scene(index) if scenes => {
                self.pack.with(|pack| pack.as_ref().and_then(|pack| pack.images.get(*index as usize)).map(|tile| tile.label))
            }
            _ => None,
        }
    }

    /// The name of an answer of the experiment's network. Follows the signals.
    pub fn class_name(self, index: usize) -> String {
        self.classes.with(|classes| classes.get(index).cloned()).unwrap_or_else(|| {
            let features = self.card().is_some_and(|card| card.classes == 0);
            format!("{} {index}", if features { "feature" } else { "class" })
        })
    }

    /// What to call a scene. Follows the signals.
    pub fn scene_title(self, index: u32) -> String {
        self.pack.with(|pack| pack.as_ref().map_or_else(|| format!("Scene {index}"), |pack| pack.title(index as usize)))
    }

    /// The default experiment, on a picture that is there.
    pub fn default_experiment(self) -> Experiment {
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
}

/// What is said of a picture that the gallery does not have.
pub fn not_in_gallery(id: &str) -> Error {
    let id: String = id.chars().take(60).collect();
    Error::Missing { what: format!("the picture '{id}'"), reason: "it is not in the gallery".into() }
}
