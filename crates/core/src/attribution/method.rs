//! Every attribution method: what it is called, what it says, what can be set on it.

use serde::{Deserialize, Serialize};

use super::setting::Setting;
use crate::error::{Error, Result};

/// An attribution method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Method {
    /// Grad-CAM.
    GradCam,
    /// Grad-CAM++.
    GradCamPlusPlus,
    /// HiResCAM.
    HiResCam,
    /// Layer-CAM.
    LayerCam,
    /// Score-CAM.
    ScoreCam,
    /// Saliency.
    Saliency,
    /// Input x gradient.
    InputXGradient,
    /// Integrated gradients.
    IntegratedGradients,
    /// SmoothGrad.
    SmoothGrad,
    /// SmoothGrad squared.
    SmoothGradSquared,
    /// VarGrad.
    VarGrad,
    /// SmoothGrad-IG (the paper's).
    SmoothGradIg,
    /// Guided backpropagation.
    GuidedBackprop,
    /// Guided Grad-CAM.
    GuidedGradCam,
    /// Deconvolution.
    Deconvolution,
    /// LRP.
    Lrp,
    /// DeepLIFT (rescale).
    DeepLift,
    /// Occlusion.
    Occlusion,
    /// RISE.
    Rise,
    /// LIME.
    Lime,
    /// KernelSHAP.
    KernelShap,
    /// Attention of the last block.
    Attention,
    /// Attention rollout.
    AttentionRollout,
    /// Transformer attribution.
    TransformerAttribution,
}

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
}

/// Nodes of the rule that integrates along a path (captum's default number).
pub const STEPS: Setting = Setting::whole("steps", "Steps", "Points on the path from the baseline to the image.", [1, 50, 500]);

/// What a path starts from, or what covered and hidden pixels show.
pub const BASELINE: Setting = Setting::choice(
    "baseline",
    "Baseline",
    "What stands for \u{201c}nothing there\u{201d}.",
    &[
        ("zero", "Zero (the recipe's mean colour)"),
        ("mean", "This picture's mean colour"),
        ("blur", "The picture, blurred"),
        ("noise", "Uniform noise"),
        ("black", "Black"),
    ],
);

/// Seed of everything a method draws.
pub const SEED: Setting = Setting::whole("seed", "Seed", "Another seed draws other numbers.", [0, 0, u32::MAX]);

/// Noisy copies.
pub const SAMPLES: Setting = Setting::whole("samples", "Samples", "Noisy copies of the image.", [1, 50, 1000]);

/// Strength of the noise, relative to the range of the input's values (Smilkov et al.: 10 to 20 %).
pub const NOISE: Setting =
    Setting::real("noise", "Noise", "Standard deviation of the noise, as a share of the range of the input's values.", [0.0, 0.15, 2.0]);

/// The paper's two noisy copies.
pub const FEW_SAMPLES: Setting = Setting::whole("samples", "Samples", "Noisy copies of the image; the paper's code has two.", [1, 2, 100]);

/// The paper's noise, in units of the normalisation's standard deviation.
pub const STRONG_NOISE: Setting = Setting::real(
    "deviation",
    "Noise",
    "Standard deviation of the noise in units of the training images' own (the paper's code has 1: very strong).",
    [0.0, 1.0, 5.0],
);

/// Channels of Score-CAM.
pub const CHANNELS: Setting = Setting::whole(
    "channels",
    "Channels",
    "How many of the layer's channels are tried, the most active first; 0 tries all, which takes a pass each.",
    [0, 0, 4096],
);

/// The rules of layer-wise relevance propagation.
pub const RULE: Setting = Setting::choice(
    "rule",
    "Rules",
    "How a layer hands its share down.",
    &[
        ("epsilon-plus", "z+ for convolutions, \u{3b5} for linear layers"),
        ("epsilon-plus-flat", "z+ and \u{3b5}, flat at the first layer"),
        ("epsilon-gamma-box", "\u{3b3} and \u{3b5}, box at the first layer"),
        ("epsilon-alpha2-beta1", "\u{3b1}2\u{3b2}1 and \u{3b5}"),
        ("epsilon", "\u{3b5} everywhere"),
        ("gamma", "\u{3b3} everywhere"),
        ("alpha1-beta0", "\u{3b1}1\u{3b2}0 everywhere"),
    ],
);

/// What becomes of the share of biases.
pub const BIAS: Setting = Setting::choice(
    "bias",
    "Biases",
    "Biases, those of folded normalisations above all, can take most of the score.",
    &[("keep", "keep their share"), ("share", "leave it to the inputs")],
);

/// The stabiliser of the epsilon rule.
pub const EPSILON: Setting = Setting::real("epsilon", "\u{3b5}", "Keeps small sums from blowing shares up.", [1e-12, 1e-6, 10.0]);

/// How far the gamma rule favours positive weights.
pub const GAMMA: Setting = Setting::real("gamma", "\u{3b3}", "How far positive weights are favoured.", [0.0, 0.25, 100.0]);

/// Side of the square that covers.
pub const WINDOW: Setting = Setting::whole("window", "Window", "Side of the covering square in pixels.", [1, 32, 1024]);

/// Step of the square that covers.
pub const STRIDE: Setting =
    Setting::whole("stride", "Stride", "How far the square moves, in pixels; not further than its side.", [1, 16, 1024]);

/// Random masks of RISE.
pub const MASKS: Setting = Setting::whole("masks", "Masks", "Random masks; each takes a pass.", [1, 1000, 20_000]);

/// Cells a side of RISE's coarse grids.
pub const CELLS: Setting = Setting::whole("cells", "Cells", "Cells a side of a mask before it is enlarged.", [1, 7, 32]);

/// Share of RISE's cells that stay visible.
pub const SHARE: Setting = Setting::real("share", "Visible", "The probability of a cell to stay visible.", [0.01, 0.5, 0.99]);

/// Superpixels asked for.
pub const SEGMENTS: Setting = Setting::whole("segments", "Superpixels", "How many superpixels are asked for.", [2, 50, 400]);

/// Subsets of superpixels that are shown.
pub const COALITIONS: Setting =
    Setting::whole("coalitions", "Subsets", "Random subsets of superpixels that are shown; each takes a pass.", [4, 500, 20_000]);

impl Method {
    /// Every method, in the order menus show.
    pub const ALL: [Self; 24] = [
        Self::GradCam,
        Self::GradCamPlusPlus,
        Self::HiResCam,
        Self::LayerCam,
        Self::ScoreCam,
        Self::Saliency,
        Self::InputXGradient,
        Self::IntegratedGradients,
        Self::SmoothGrad,
        Self::SmoothGradSquared,
        Self::VarGrad,
        Self::SmoothGradIg,
        Self::GuidedBackprop,
        Self::GuidedGradCam,
        Self::Deconvolution,
        Self::Lrp,
        Self::DeepLift,
        Self::Occlusion,
        Self::Rise,
        Self::Lime,
        Self::KernelShap,
        Self::Attention,
        Self::AttentionRollout,
        Self::TransformerAttribution,
    ];

    /// What is known of the method.
    pub fn info(self) -> MethodInfo {
        match self {
            Self::GradCam => MethodInfo {
                id: "grad-cam",
                title: "Grad-CAM",
                says: "Where a layer's features that raise the class score are active.",
                definition: "relu(\u{3a3}\u{2096} mean(g\u{2096}) A\u{2096}) with g\u{2096} the gradient of the class logit by the layer\u{2019}s channel A\u{2096}; enlarged bilinearly.",
                source: "Selvaraju, Cogswell, Das, Vedantam, Parikh and Batra, 2017",
                signed: false,
                floating: false,
                layer: true,
                settings: &[],
                needs: Needs::Any,
            },
            Self::GradCamPlusPlus => MethodInfo {
                id: "grad-cam-plus-plus",
                title: "Grad-CAM++",
                says: "Grad-CAM with weights that count each place's own positive influence, so that several objects show.",
                definition: "relu(\u{3a3}\u{2096} w\u{2096} A\u{2096}), w\u{2096} = \u{3a3} relu(g\u{2096}) g\u{2096}\u{b2} / (2 g\u{2096}\u{b2} + g\u{2096}\u{b3} \u{3a3}A\u{2096} + 10\u{207b}\u{2076}); enlarged bilinearly.",
                source: "Chattopadhay, Sarkar, Howlader and Balasubramanian, 2018",
                signed: false,
                floating: false,
                layer: true,
                settings: &[],
                needs: Needs::Any,
            },
            Self::HiResCam => MethodInfo {
                id: "hires-cam",
                title: "HiResCAM",
                says: "A layer's features times their gradients, place by place, without averaging first.",
                definition: "relu(\u{3a3}\u{2096} g\u{2096} A\u{2096}), place by place; enlarged bilinearly.",
                source: "Draelos and Carin, 2020",
                signed: false,
                floating: false,
                layer: true,
                settings: &[],
                needs: Needs::Any,
            },
            Self::LayerCam => MethodInfo {
                id: "layer-cam",
                title: "Layer-CAM",
                says: "A layer's features times their positive gradients, place by place; sharp at early layers too.",
                definition: "relu(\u{3a3}\u{2096} relu(g\u{2096}) A\u{2096}), place by place; enlarged bilinearly.",
                source: "Jiang, Zhang, Hou, Cheng and Wei, 2021",
                signed: false,
                floating: false,
                layer: true,
                settings: &[],
                needs: Needs::Any,
            },
            Self::ScoreCam => MethodInfo {
                id: "score-cam",
                title: "Score-CAM",
                says: "A layer's features, each weighted by the score the image keeps when only what it sees is shown.",
                definition: "relu(\u{3a3}\u{2096} w\u{2096} A\u{2096}), w = softmax over channels of the class logit of x \u{b7} u(A\u{2096}), u enlarging A\u{2096} bilinearly and scaling it to 0\u{2026}1.",
                source: "Wang, Wang, Du, Yang, Zhang, Ding, Mardziel and Hu, 2020",
                signed: false,
                floating: false,
                layer: true,
                settings: &[CHANNELS],
                needs: Needs::Any,
            },
            Self::Saliency => MethodInfo {
                id: "saliency",
                title: "Saliency",
                says: "How strongly the class score reacts to a small change of each pixel.",
                definition: "|\u{2202}S/\u{2202}x|, over colours the largest; S is the class logit.",
                source: "Simonyan, Vedaldi and Zisserman, 2014",
                signed: false,
                floating: false,
                layer: false,
                settings: &[],
                needs: Needs::Any,
            },
            Self::InputXGradient => MethodInfo {
                id: "input-x-gradient",
                title: "Input \u{d7} gradient",
                says: "Each pixel's value times the score's gradient there: a first-order share of the score.",
                definition: "x \u{b7} \u{2202}S/\u{2202}x, summed over colours, x in normalised units.",
                source: "Shrikumar, Greenside, Shcherbina and Kundaje, 2016",
                signed: true,
                floating: false,
                layer: false,
                settings: &[],
                needs: Needs::Any,
            },
            Self::IntegratedGradients => MethodInfo {
                id: "integrated-gradients",
                title: "Integrated gradients",
                says: "Gradients gathered while the image fades in from a baseline; the shares add up to the change of the score.",
                definition: "(x \u{2212} x\u{2032}) \u{b7} \u{3a3}\u{2096} w\u{2096} \u{2202}S/\u{2202}x at x\u{2032} + a\u{2096}(x \u{2212} x\u{2032}), Gauss\u{2013}Legendre nodes a\u{2096} and weights w\u{2096}; summed over colours.",
                source: "Sundararajan, Taly and Yan, 2017",
                signed: true,
                floating: false,
                layer: false,
                settings: &[STEPS, BASELINE, SEED],
                needs: Needs::Any,
            },
            Self::SmoothGrad => MethodInfo {
                id: "smoothgrad",
                title: "SmoothGrad",
                says: "The mean saliency of several copies of the image with noise added.",
                definition: "Mean of |\u{2202}S/\u{2202}x| over copies x + noise, over colours the largest; noise normal with a deviation of a share of the input\u{2019}s range.",
                source: "Smilkov, Thorat, Kim, Vi\u{e9}gas and Wattenberg, 2017",
                signed: false,
                floating: false,
                layer: false,
                settings: &[SAMPLES, NOISE, SEED],
                needs: Needs::Any,
            },
            Self::SmoothGradSquared => MethodInfo {
                id: "smoothgrad-squared",
                title: "SmoothGrad squared",
                says: "The mean squared gradient of several copies of the image with noise added.",
                definition: "Mean of (\u{2202}S/\u{2202}x)\u{b2} over copies x + noise, over colours the largest.",
                source: "Hooker, Erhan, Kindermans and Kim, 2019",
                signed: false,
                floating: false,
                layer: false,
                settings: &[SAMPLES, NOISE, SEED],
                needs: Needs::Any,
            },
            Self::VarGrad => MethodInfo {
                id: "vargrad",
                title: "VarGrad",
                says: "How much the gradient varies between copies of the image with noise added.",
                definition: "Variance of \u{2202}S/\u{2202}x over copies x + noise, over colours the largest.",
                source: "Adebayo, Gilmer, Goodfellow and Kim, 2018",
                signed: false,
                floating: false,
                layer: false,
                settings: &[SAMPLES, NOISE, SEED],
                needs: Needs::Any,
            },
            Self::SmoothGradIg => MethodInfo {
                id: "smoothgrad-ig",
                title: "SmoothGrad-IG (the paper's)",
                says: "Integrated gradients of two very noisy copies of the image, averaged: what the paper's code calls IG.",
                definition: "Mean of integrated gradients (zero baseline) of copies x + noise, each path ending at the noisy copy; 2 copies, deviation 1 in units of the training images\u{2019} own.",
                source: "Cassano, Renzulli, Bragagnolo and Grangetto, 2025 (released code)",
                signed: true,
                floating: false,
                layer: false,
                settings: &[FEW_SAMPLES, STRONG_NOISE, STEPS, SEED],
                needs: Needs::Any,
            },
            Self::GuidedBackprop => MethodInfo {
                id: "guided-backprop",
                title: "Guided backpropagation",
                says: "Gradients that pass each rectifier only where both the signal and the gradient are positive.",
                definition: "The gradient of the class logit, set to zero at each rectifier where its input or the gradient is negative; summed over colours.",
                source: "Springenberg, Dosovitskiy, Brox and Riedmiller, 2015",
                signed: true,
                floating: false,
                layer: false,
                settings: &[],
                needs: Needs::Rectifiers,
            },
            Self::GuidedGradCam => MethodInfo {
                id: "guided-grad-cam",
                title: "Guided Grad-CAM",
                says: "Guided backpropagation, kept where Grad-CAM is strong.",
                definition: "Guided backpropagation times Grad-CAM enlarged bilinearly; summed over colours.",
                source: "Selvaraju, Cogswell, Das, Vedantam, Parikh and Batra, 2017",
                signed: true,
                floating: false,
                layer: true,
                settings: &[],
                needs: Needs::Rectifiers,
            },
            Self::Deconvolution => MethodInfo {
                id: "deconvolution",
                title: "Deconvolution",
                says: "Gradients that pass each rectifier only where the gradient itself is positive.",
                definition: "The gradient of the class logit, set to zero at each rectifier where the gradient is negative, whatever its input; summed over colours.",
                source: "Zeiler and Fergus, 2014",
                signed: true,
                floating: false,
                layer: false,
                settings: &[],
                needs: Needs::Rectifiers,
            },
            Self::Lrp => MethodInfo {
                id: "lrp",
                title: "LRP",
                says: "The class score handed down layer by layer, each value's share going to the values that made it.",
                definition: "R\u{1d62} = \u{3a3}\u{2c7c} (share of input i in output j) R\u{2c7c} from the class logit down, shares by the chosen rules; batch norm folded into convolutions; summed over colours.",
                source: "Bach, Binder, Montavon, Klauschen, M\u{fc}ller and Samek, 2015",
                signed: true,
                floating: false,
                layer: false,
                settings: &[RULE, EPSILON, GAMMA, BIAS],
                needs: Needs::Rectifiers,
            },
            Self::DeepLift => MethodInfo {
                id: "deeplift",
                title: "DeepLIFT (rescale)",
                says: "How each pixel's difference from a baseline makes up the difference of the score.",
                definition: "(x \u{2212} x\u{2032}) \u{b7} m, m the gradient with each nonlinearity\u{2019}s slope replaced by \u{394}output / \u{394}input between image and baseline; summed over colours.",
                source: "Shrikumar, Greenside and Kundaje, 2017",
                signed: true,
                floating: false,
                layer: false,
                settings: &[BASELINE, SEED],
                needs: Needs::Rectifiers,
            },
            Self::Occlusion => MethodInfo {
                id: "occlusion",
                title: "Occlusion",
                says: "How much the score falls when a square of the image is covered.",
                definition: "Mean of S(x) \u{2212} S(x with a square covered) over the squares that cover a pixel.",
                source: "Zeiler and Fergus, 2014",
                signed: true,
                floating: false,
                layer: false,
                settings: &[WINDOW, STRIDE, BASELINE, SEED],
                needs: Needs::Any,
            },
            Self::Rise => MethodInfo {
                id: "rise",
                title: "RISE",
                says: "The average of many random masks, each weighted by the probability the masked image keeps; drawn from its smallest value.",
                definition: "1/(N p) \u{3a3}\u{1d62} P(x \u{b7} m\u{1d62}) m\u{1d62} over random soft masks m\u{1d62}, P the class probability, p a cell\u{2019}s chance to be visible.",
                source: "Petsiuk, Das and Saenko, 2018",
                signed: false,
                floating: true,
                layer: false,
                settings: &[MASKS, CELLS, SHARE, SEED],
                needs: Needs::Any,
            },
            Self::Lime => MethodInfo {
                id: "lime",
                title: "LIME",
                says: "A linear model of the score over superpixels that are shown or hidden at random.",
                definition: "Ridge regression of S on which superpixels (SLIC) are shown, subsets weighted by \u{221a}exp(\u{2212}d\u{b2}/0.25\u{b2}), d their cosine distance to the whole image.",
                source: "Ribeiro, Singh and Guestrin, 2016",
                signed: true,
                floating: false,
                layer: false,
                settings: &[SEGMENTS, COALITIONS, SEED],
                needs: Needs::Any,
            },
            Self::KernelShap => MethodInfo {
                id: "kernel-shap",
                title: "KernelSHAP",
                says: "Shapley values of superpixels, from random subsets of them.",
                definition: "Least squares of S on which superpixels (SLIC) are shown, weighted by Shapley\u{2019}s kernel, with the values summing to S(x) \u{2212} S(nothing).",
                source: "Lundberg and Lee, 2017",
                signed: true,
                floating: false,
                layer: false,
                settings: &[SEGMENTS, COALITIONS, SEED],
                needs: Needs::Any,
            },
            Self::Attention => MethodInfo {
                id: "attention",
                title: "Attention of the last block",
                says: "Which patches the class token looks at in the last block, summed over heads.",
                definition: "Last block: attention from the class token to each patch, enlarged bilinearly, summed over heads.",
                source: "Caron, Touvron, Misra, J\u{e9}gou, Mairal, Bojanowski and Joulin, 2021",
                signed: false,
                floating: false,
                layer: false,
                settings: &[],
                needs: Needs::Attention,
            },
            Self::AttentionRollout => MethodInfo {
                id: "attention-rollout",
                title: "Attention rollout",
                says: "The attention of all blocks multiplied together, residual paths included.",
                definition: "Row of the class token in the product over blocks of (mean over heads of A + I), rows scaled to sum 1.",
                source: "Abnar and Zuidema, 2020",
                signed: false,
                floating: false,
                layer: false,
                settings: &[],
                needs: Needs::Attention,
            },
            Self::TransformerAttribution => MethodInfo {
                id: "transformer-attribution",
                title: "Transformer attribution",
                says: "Attention of all blocks weighted by its gradient towards the class, rolled out.",
                definition: "Row of the class token in the product over blocks of (mean over heads of relu(A \u{b7} \u{2202}S/\u{2202}A) + I).",
                source: "Chefer, Gur and Wolf, 2021",
                signed: false,
                floating: false,
                layer: false,
                settings: &[],
                needs: Needs::Attention,
            },
        }
    }

    /// What it works with.
    pub fn family(self) -> Family {
        match self {
            Self::GradCam | Self::GradCamPlusPlus | Self::HiResCam | Self::LayerCam | Self::ScoreCam => Family::Activation,
            Self::Saliency
            | Self::InputXGradient
            | Self::IntegratedGradients
            | Self::SmoothGrad
            | Self::SmoothGradSquared
            | Self::VarGrad
            | Self::SmoothGradIg => Family::Gradient,
            Self::GuidedBackprop | Self::GuidedGradCam | Self::Deconvolution | Self::Lrp | Self::DeepLift => Family::Backpropagation,
            Self::Occlusion | Self::Rise | Self::Lime | Self::KernelShap => Family::Perturbation,
            Self::Attention | Self::AttentionRollout | Self::TransformerAttribution => Family::Attention,
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
