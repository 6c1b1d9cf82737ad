//! The experiment: a small value that everything shown is a function of.
//!
//! The page builds one from its controls, a link is its text form ([`crate::link`]), the command line builds one from flags, and the
//! engine turns one into findings.

use serde::{Deserialize, Serialize};

pub use crate::target::Target;

use crate::attribution::Method;
use crate::attribution::effort::Effort;
use crate::attribution::setting::Settings;
use crate::discovery;
use crate::discovery::Discovery;
use crate::error::Result;
use crate::pruning::criterion::Kind;
use crate::pruning::{Criterion, Scope};
use crate::sparsity::Sparsity;

/// What the names of networks made of somebody's own weights begin with; a part of the file's hash follows.
pub const OWN: &str = "own-";

/// Which weights are taken away, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pruning {
    /// What ranks the weights.
    pub criterion: Criterion,
    /// Whether the weights of all layers compete, or each layer loses the same share.
    pub scope: Scope,
    /// The share of the prunable weights that is set to zero.
    pub sparsity: Sparsity,
    /// Seed of criteria that draw.
    pub seed: u64,
    /// Whether means and variances of batch normalisations are taken anew from the calibration pictures afterwards.
    pub re_estimate: bool,
}

impl Pruning {
    /// No weight taken away.
    pub const DENSE: Self =
        Self { criterion: Criterion::Magnitude, scope: Scope::Global, sparsity: Sparsity::ZERO, seed: 0, re_estimate: false };

    /// Checks the sparsity's range, and that the criterion has the scope.
    pub fn check(&self) -> Result<()> {
        Sparsity::new(self.sparsity.get())?;
        self.criterion.check_scope(self.scope)
    }

    /// Whether the network stays the dense one. Sparsity 0 of weights that were trained otherwise is another network.
    pub fn is_dense(&self) -> bool {
        self.sparsity.is_zero() && self.criterion.info().kind != Kind::Trained
    }

    /// Another criterion, with the scope as it is if the criterion has it, and its usual one otherwise.
    pub fn choose(&mut self, criterion: Criterion) {
        self.criterion = criterion;
        if criterion.check_scope(self.scope).is_err() {
            self.scope = criterion.usual_scope();
        }
    }
}

/// The image an experiment looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ImageRef {
    /// A picture of the shipped gallery, by its id.
    Gallery(String),
    /// A picture of the user's own, by the sha256 of its bytes (hexadecimal). It never leaves the device.
    Own(String),
    /// A scene of the shipped pack, by its number.
    Scene(u32),
}

/// How a map is computed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Attribution {
    /// The method.
    pub method: Method,
    /// The layer that layer methods look at, by its tap's name; `None` is the network's default.
    pub tap: Option<String>,
    /// The method's parameters that are not as usual.
    pub settings: Settings,
}

impl Attribution {
    /// A method with its usual parameters.
    pub fn new(method: Method) -> Self {
        Self { method, tap: None, settings: Settings::default() }
    }

    /// Another method, with those parameters that it takes too.
    pub fn choose(&mut self, method: Method) {
        self.method = method;
        self.settings = self.settings.fitting(method.info().settings);
    }

    /// Sets a parameter of the method.
    pub fn set(&mut self, id: &str, text: &str) -> Result<()> {
        self.settings.set(self.method.info().settings, id, text)
    }

    /// The work for one network's map, of a network whose input has this side; `None` where it depends on the network's layers.
    pub fn effort(&self, side: usize) -> Option<Effort> {
        (self.method.info().effort)(&self.settings, side)
    }
}

/// Which device computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceChoice {
    /// WebGPU if the browser has a real adapter that passes the self-test, the CPU otherwise.
    Auto,
    /// The CPU.
    Cpu,
    /// WebGPU, even on an adapter that only emulates a GPU.
    Gpu,
}

/// One experiment. Everything the page shows follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// The network, by its card's id.
    pub model: String,
    /// The image.
    pub image: ImageRef,
    /// The pruning of the right-hand network; the left-hand one is dense.
    pub pruning: Pruning,
    /// The attribution method and its parameters.
    pub attribution: Attribution,
    /// The class that is explained.
    pub target: Target,
    /// How objects are looked for.
    pub discovery: Discovery,
    /// Where it is computed.
    pub device: DeviceChoice,
}

impl Default for Experiment {
    fn default() -> Self {
        Self {
            model: "squeezenet1_1".into(),
            image: ImageRef::Gallery("polar-bear".into()),
            // Round 4 of the paper's grid, 1 - 0.8^4: the change shows, and both networks still see the bear.
            pruning: Pruning { sparsity: Sparsity::of_round(4), ..Pruning::DENSE },
            attribution: Attribution::new(Method::GradCam),
            target: Target::Predicted,
            discovery: Discovery::new(discovery::Method::Lost),
            device: DeviceChoice::Auto,
        }
    }
}

impl Experiment {
    /// Checks every value's range; names are checked where their registries are (models in the engine).
    pub fn check(&self) -> Result<()> {
        self.pruning.check()?;
        self.attribution.settings.check(self.attribution.method.info().settings)?;
        self.discovery.check()
    }

    /// Whether another experiment asks for the same predictions and maps: all is the same but how objects are looked for, which has an answer of
    /// its own.
    pub fn same_maps(&self, other: &Self) -> bool {
        (&self.model, &self.image, &self.pruning) == (&other.model, &other.image, &other.pruning)
            && (&self.attribution, self.target, self.device) == (&other.attribution, other.target, other.device)
    }

    /// Whether another experiment looks for objects in the same picture with the same two networks in the same way.
    pub fn same_objects(&self, other: &Self) -> bool {
        self.same_networks(other) && self.discovery == other.discovery
    }

    /// Whether another experiment has the same two networks, looked at in the same layer.
    pub fn same_features(&self, other: &Self) -> bool {
        self.same_weights(other) && self.attribution.tap == other.attribution.tap
    }

    /// Whether another experiment has the same two networks.
    pub fn same_weights(&self, other: &Self) -> bool {
        self.model == other.model && self.pruning == other.pruning
    }

    /// Whether another experiment looks at the same picture with the same two networks.
    pub fn same_networks(&self, other: &Self) -> bool {
        self.same_weights(other) && self.image == other.image
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_follow_the_parameters() {
        let mut attribution = Attribution::new(Method::IntegratedGradients);
        let passes = |attribution: &Attribution| attribution.effort(224).map(|effort| effort.passes);
        assert_eq!(passes(&attribution), Some(50));
        attribution.set("steps", "20").unwrap();
        assert_eq!(passes(&attribution), Some(20));
        assert_eq!(passes(&Attribution::new(Method::SmoothGradIg)), Some(100));
        assert_eq!(passes(&Attribution::new(Method::GradCam)), Some(1));
        // 32 pixels wide, moved by 16: 13 places a side.
        assert_eq!(passes(&Attribution::new(Method::Occlusion)), Some(169));
        assert_eq!(passes(&Attribution::new(Method::ScoreCam)), None);
    }
}
