//! Attribution: which pixels the network's answer rests on. A method a file, registered in [`Method`].
//!
//! What a method is called, what it says and what it takes is known to the page too, which has no mathematics; what it computes is
//! compiled with the feature `compute`.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

#[cfg(feature = "compute")]
pub mod context;
#[cfg(feature = "compute")]
pub mod grad_cam;
#[cfg(feature = "compute")]
pub mod input_x_gradient;
#[cfg(feature = "compute")]
pub mod integrated_gradients;
#[cfg(feature = "compute")]
pub mod quadrature;
#[cfg(feature = "compute")]
pub mod saliency;

/// An attribution method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Method {
    /// Absolute gradient of the class score (Simonyan et al., 2014).
    Saliency,
    /// Input times gradient (Shrikumar et al., 2016).
    InputXGradient,
    /// Gradients accumulated from a baseline to the image (Sundararajan et al., 2017).
    IntegratedGradients,
    /// A layer's maps weighted by their mean gradients (Selvaraju et al., 2017).
    GradCam,
}

/// What menus, links and help texts say of a method.
#[derive(Debug, Clone, Copy)]
pub struct MethodInfo {
    /// The name in links and on the command line, in kebab case.
    pub id: &'static str,
    /// The name in menus.
    pub title: &'static str,
    /// One plain sentence.
    pub says: &'static str,
    /// Authors and year.
    pub source: &'static str,
    /// Whether values below zero mean "against the class"; such maps are drawn on a diverging scale.
    pub signed: bool,
    /// Whether the method looks at a layer, which can then be chosen.
    pub layer: bool,
    /// Whether the method takes a number of steps.
    pub steps: bool,
}

impl Method {
    /// Every method, in the order menus show.
    pub const ALL: [Self; 4] = [Self::GradCam, Self::Saliency, Self::InputXGradient, Self::IntegratedGradients];

    /// What is known of the method.
    pub fn info(self) -> MethodInfo {
        match self {
            Self::Saliency => MethodInfo {
                id: "saliency",
                title: "Saliency",
                says: "How strongly the class score reacts to a small change of each pixel.",
                source: "Simonyan, Vedaldi and Zisserman, 2014",
                signed: false,
                layer: false,
                steps: false,
            },
            Self::InputXGradient => MethodInfo {
                id: "input-x-gradient",
                title: "Input \u{d7} gradient",
                says: "Each pixel's value times the score's gradient there: a first-order share of the score.",
                source: "Shrikumar, Greenside, Shcherbina and Kundaje, 2016",
                signed: true,
                layer: false,
                steps: false,
            },
            Self::IntegratedGradients => MethodInfo {
                id: "integrated-gradients",
                title: "Integrated gradients",
                says: "Gradients gathered while the image fades in from the mean colour; the shares add up to the change of the score.",
                source: "Sundararajan, Taly and Yan, 2017",
                signed: true,
                layer: false,
                steps: true,
            },
            Self::GradCam => MethodInfo {
                id: "grad-cam",
                title: "Grad-CAM",
                says: "Where a layer's features that raise the class score are active.",
                source: "Selvaraju, Cogswell, Das, Vedantam, Parikh and Batra, 2017",
                signed: false,
                layer: true,
                steps: false,
            },
        }
    }

    /// The name in links and on the command line.
    pub fn id(self) -> &'static str {
        self.info().id
    }

    /// The method of a name.
    pub fn from_id(id: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|m| m.id() == id).ok_or_else(|| Error::unknown("method", id, Self::ALL.map(Self::id)))
    }

    /// Computes the method's map.
    #[cfg(feature = "compute")]
    pub async fn attribute(self, context: &context::Context<'_>) -> Result<context::ChannelMap> {
        match self {
            Self::Saliency => saliency::attribute(context).await,
            Self::InputXGradient => input_x_gradient::attribute(context).await,
            Self::IntegratedGradients => integrated_gradients::attribute(context).await,
            Self::GradCam => grad_cam::attribute(context).await,
        }
    }
}
