//! Gradients that rectifiers let through by another rule: guided backpropagation (Springenberg et al., 2015), deconvolution (Zeiler and
//! Fergus, 2014) and Guided Grad-CAM (Selvaraju et al., 2017).
//!
//! A ReLU6 is taken as a rectifier with a lid: the rule is the rectifier's, and where the lid is reached nothing comes through, as in the
//! chain rule. Captum leaves ReLU6 to the chain rule altogether.

use super::context::map_of;
use burn::tensor::Tensor;
use burn::tensor::activation::relu;

use super::cam::grad_cam;
use super::context::Context;
use super::entry::Entry;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::Result;
use sweetspot_nn::tape::{Kept, Node, Operation, Rule};

pub(crate) const GUIDED_BACKPROP: Entry = Entry { of: Method::GuidedBackprop, compute: |context| Box::pin(guided_backprop(context)) };
pub(crate) const GUIDED_GRAD_CAM: Entry = Entry { of: Method::GuidedGradCam, compute: |context| Box::pin(guided_grad_cam(context)) };
pub(crate) const DECONVOLUTION: Entry = Entry { of: Method::Deconvolution, compute: |context| Box::pin(deconvolution(context)) };

/// `g * 1[x > 0] * 1[g > 0]` at each rectifier, a value a channel.
pub(crate) async fn guided_backprop(context: &Context<'_>) -> Result<ChannelMap> {
    context.job.step(0, 1).await?;
    map_of(context.network.record(context.input.clone()).back(context.target, &Guided), true).await
}

/// `g * 1[g > 0]` at each rectifier, a value a channel.
pub(crate) async fn deconvolution(context: &Context<'_>) -> Result<ChannelMap> {
    context.job.step(0, 1).await?;
    map_of(context.network.record(context.input.clone()).back(context.target, &Deconvolved), true).await
}

/// Guided backpropagation times Grad-CAM, a value a channel. Grad-CAM is enlarged bilinearly (captum: by nearest neighbour).
pub(crate) async fn guided_grad_cam(context: &Context<'_>) -> Result<ChannelMap> {
    let cam = grad_cam(context).await?;
    let mut map = guided_backprop(context).await?;
    map.values.iter_mut().zip(cam.values.iter().cycle()).for_each(|(g, c)| *g *= c);
    Ok(map)
}

struct Guided;

impl Rule for Guided {
    fn back(&self, operation: &Operation<'_>, _: Option<&Kept>, part: Tensor<4>) -> Vec<(Node, Tensor<4>)> {
        match operation {
            Operation::Rectify { .. } | Operation::RectifyTo6 { .. } => operation.back(relu(part)),
            _ => operation.back(part),
        }
    }
}

struct Deconvolved;

impl Rule for Deconvolved {
    fn back(&self, operation: &Operation<'_>, _: Option<&Kept>, part: Tensor<4>) -> Vec<(Node, Tensor<4>)> {
        match operation {
            Operation::Rectify { from, .. } => vec![(*from, relu(part))],
            Operation::RectifyTo6 { from, output } => vec![(*from, relu(part) * output.clone().lower_elem(6.0).float())],
            _ => operation.back(part),
        }
    }
}
