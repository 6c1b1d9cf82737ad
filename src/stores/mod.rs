//! What the page knows: a small store of signals for each feature. A store knows the experiment and values, and no other feature.

pub mod address;
pub mod agreement;
pub mod answers;
pub mod catalogue;
pub mod display;
pub mod engine_status;
pub mod layer_features;
pub mod lens;
pub mod lessons;
pub mod measures;
pub mod messages;
pub mod objects;
pub mod offline;
pub mod own_weights;
pub mod people;
pub mod pictures;
pub mod pins;
pub mod presentation;
pub mod stamped;
pub mod sweeps;
pub mod texts;
pub mod weights;

use leptos::prelude::*;

use self::address::AddressBar;
use self::agreement::Agreement;
use self::answers::Answers;
use self::catalogue::Catalogue;
use self::display::Display;
use self::engine_status::EngineStatus;
use self::layer_features::LayerFeatures;
use self::lens::Lens;
use self::lessons::Lessons;
use self::measures::Measures;
use self::messages::Messages;
use self::objects::ObjectDiscovery;
use self::offline::Offline;
use self::own_weights::OwnWeights;
use self::people::People;
use self::pictures::OwnPictures;
use self::pins::Pinned;
use self::presentation::Presenting;
use self::sweeps::Sweeps;
use self::texts::Texts;
use self::weights::WeightStatistics;
use crate::session::queue::Session;
use sweetspot_core::experiment::Experiment;

/// All stores. Views read them; what the reader does and what the engine answers is written by functions above them.
#[derive(Clone, Copy)]
pub struct Stores {
    /// What the controls stand for.
    pub experiment: RwSignal<Experiment>,
    /// What the address shows.
    pub address: AddressBar,
    /// Messages.
    pub messages: Messages,
    /// The page's own texts.
    pub texts: Texts,
    /// What there is to choose from.
    pub catalogue: Catalogue,
    /// Pictures of the reader's own.
    pub own_pictures: OwnPictures,
    /// Weights of the reader's own.
    pub own_weights: OwnWeights,
    /// How the engine is.
    pub engine: EngineStatus,
    /// What runs came to.
    pub answers: Answers,
    /// Layer features.
    pub layers: LayerFeatures,
    /// Attribution measures that need the network.
    pub measures: Measures,
    /// Statistics of the weights.
    pub weights: WeightStatistics,
    /// How far both networks agree.
    pub agreement: Agreement,
    /// Object discovery.
    pub objects: ObjectDiscovery,
    /// Sweeps over sparsity.
    pub sweeps: Sweeps,
    /// People, and networks beside them.
    pub people: People,
    /// How maps are drawn.
    pub display: Display,
    /// What of them is seen, and where they are read.
    pub lens: Lens,
    /// Results that are kept in sight.
    pub pins: Pinned,
    /// How the page shows it all.
    pub presentation: Presenting,
    /// The lessons, and the way through one.
    pub lessons: Lessons,
    /// The copy of the page that this device keeps.
    pub offline: Offline,
    /// The engine's other end and what is in flight; only the session can read it.
    pub session: StoredValue<Session, LocalStorage>,
}

impl Stores {
    /// Stores with an experiment and no answers yet.
    pub fn new(experiment: Experiment) -> Self {
        let experiment = RwSignal::new(experiment);
        let presentation = Presenting::new();
        Self {
            experiment,
            address: AddressBar::new(),
            messages: Messages::new(),
            texts: Texts::new(),
            catalogue: Catalogue::new(experiment),
            own_pictures: OwnPictures::new(),
            own_weights: OwnWeights::new(),
            engine: EngineStatus::new(),
            answers: Answers::new(experiment),
            layers: LayerFeatures::new(),
            measures: Measures::new(),
            weights: WeightStatistics::new(),
            agreement: Agreement::new(),
            objects: ObjectDiscovery::new(experiment),
            sweeps: Sweeps::new(),
            people: People::new(),
            display: Display::new(),
            lens: Lens::new(),
            pins: Pinned::new(),
            presentation,
            lessons: Lessons::new(presentation),
            offline: Offline::new(),
            session: StoredValue::new_local(Session::default()),
        }
    }
}
