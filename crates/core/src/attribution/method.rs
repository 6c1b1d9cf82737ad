//! What is said of an attribution method: its name, its formula, what can be set on it and what it asks of a network.

use super::effort::Effort;
use super::setting::{Setting, Settings};
use crate::error::{Error, Result};
use crate::registry::Registered;

/// An attribution method; those that are shipped are constants such as [`Method::GradCam`].
pub type Method = Registered<MethodInfo>;

/// How a network attends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttentionKind {
    /// Not at all: it is made of convolutions and rectifiers.
    None,
    /// Each token to all, a class token among them.
    Global,
    /// Each place to those in a window around it; there is no class token.
    Windowed,
}

/// What a method asks of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing but gradients or answers.
    Any,
    /// Rectifiers, poolings and convolutions, for which it has rules.
    Rectifiers,
    /// Attention.
    Attention,
}

/// What a method works with; menus are grouped by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// The features of a layer, weighted.
    Activation,
    /// Gradients of the score.
    Gradient,
    /// A way back through the network with rules of its own.
    Backpropagation,
    /// Answers to changed images.
    Perturbation,
    /// What the blocks of a transformer attend to.
    Attention,
}

impl Family {
    /// Every family, in the order menus show.
    pub const ALL: [Self; 5] = [Self::Activation, Self::Gradient, Self::Backpropagation, Self::Perturbation, Self::Attention];

    /// The name in menus.
    pub fn title(self) -> &'static str {
        match self {
            Self::Activation => "Class activation maps",
            Self::Gradient => "Gradients",
            Self::Backpropagation => "Modified backpropagation",
            Self::Perturbation => "Perturbation",
            Self::Attention => "Attention",
        }
    }
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
    /// The formula, as it is computed here.
    pub definition: &'static str,
    /// Authors and year.
    pub source: &'static str,
    /// What it works with.
    pub family: Family,
    /// Whether values below zero mean "against the class"; such maps are drawn on a diverging scale.
    pub signed: bool,
    /// Whether its values have no natural zero: such maps are drawn from their smallest value.
    pub floating: bool,
    /// Whether the method looks at a layer, which can then be chosen.
    pub layer: bool,
    /// What can be set on it.
    pub settings: &'static [Setting],
    /// What it asks of a network.
    pub needs: Needs,
    /// The work for one network's map with these parameters, of a network whose input has this side; `None` where it depends on the network's layers.
    pub effort: fn(&Settings, usize) -> Option<Effort>,
}

impl MethodInfo {
    /// What most methods have in common: an unsigned map from one gradient. Names and texts are left open.
    pub const USUAL: Self = Self {
        id: "",
        title: "",
        says: "",
        definition: "",
        source: "",
        family: Family::Gradient,
        signed: false,
        floating: false,
        layer: false,
        settings: &[],
        needs: Needs::Any,
        effort: |_, _| Some(Effort::gradients(1)),
    };
}

impl Method {
    /// The methods as menus show them, family by family.
    pub fn groups() -> Vec<(Family, Vec<Self>)> {
        Family::ALL.into_iter().map(|family| (family, Self::all().filter(|method| method.info().family == family).collect())).collect()
    }

    /// What it works with.
    pub fn family(self) -> Family {
        self.info().family
    }

    /// A map's values as they are drawn.
    pub fn drawn(self, mut values: Vec<f32>) -> Vec<f32> {
        if self.info().floating {
            let least = values.iter().copied().fold(f32::INFINITY, f32::min);
            values.iter_mut().for_each(|value| *value -= least);
        }
        values
    }

    /// Checks that the method can be had on a network that attends like this.
    pub fn check(self, attention: AttentionKind) -> Result<()> {
        match self.absent(attention) {
            Some(reason) => Err(Error::Absent { id: self.info().id.into(), method: self.info().title.into(), reason: reason.into() }),
            None => Ok(()),
        }
    }

    /// Why the method cannot be had on a network that attends like this; `None` where it can.
    pub fn absent(self, attention: AttentionKind) -> Option<&'static str> {
        match (self.info().needs, attention) {
            (Needs::Attention, AttentionKind::None) => Some("this network has no attention"),
            (Needs::Attention, AttentionKind::Windowed) => {
                Some("this network attends within windows, and none of its tokens stands for the whole image")
            }
            (Needs::Rectifiers, AttentionKind::Global | AttentionKind::Windowed) => {
                Some("its rules are made for rectifiers; this network has attention and smooth activations")
            }
            _ => None,
        }
    }
}
