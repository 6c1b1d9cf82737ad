//! Maps from attention: which patches the class token looks at. An attention's row is a token's own; it says which share each token gets.
//!
//! Maps have a value a patch, without the class token's own, and are enlarged bilinearly. They are neither clipped nor scaled.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;

use super::context::Context;
use super::entry::Entry;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::{Error, Result};
use sweetspot_nn::device::values;
use sweetspot_nn::image::upsample;

pub(crate) const ATTENTION: Entry = Entry { of: Method::Attention, compute: |context| Box::pin(attention(context)) };
pub(crate) const ATTENTION_ROLLOUT: Entry = Entry { of: Method::AttentionRollout, compute: |context| Box::pin(attention_rollout(context)) };
pub(crate) const TRANSFORMER_ATTRIBUTION: Entry =
    Entry { of: Method::TransformerAttribution, compute: |context| Box::pin(transformer_attribution(context)) };

/// The class token's row in the last block, summed over heads, as in the paper's code (after Caron et al., 2021, who show heads apart). The
/// paper enlarges before it sums, which is the same.
pub async fn attention(context: &Context<'_>) -> Result<ChannelMap> {
    context.job.step(0, 1).await?;
    let last = context.network.record(context.input.clone()).attentions().pop();
    map(context, last.ok_or_else(|| without(Method::Attention))?.sum_dim(1)).await
}

/// The class token's row of attention rolled out (Abnar and Zuidema, 2020): see [`rollout`]. It is the same for every class.
pub(crate) async fn attention_rollout(context: &Context<'_>) -> Result<ChannelMap> {
    context.job.step(0, 1).await?;
    let attentions = context.network.record(context.input.clone()).attentions();
    map(context, rollout(attentions).ok_or_else(|| without(Method::AttentionRollout))?).await
}

/// The class token's row of relevance: see [`relevance`].
pub(crate) async fn transformer_attribution(context: &Context<'_>) -> Result<ChannelMap> {
    context.job.step(0, 1).await?;
    let attentions = context.network.record(context.input.clone()).attentions_with_gradients(context.target);
    map(context, relevance(attentions).ok_or_else(|| without(Method::TransformerAttribution))?).await
}

/// What each token at the end has of each at the start, [n, 1, tokens, tokens]: `A_L ... A_2 A_1`, where a block's `A` is the mean attention of
/// its heads plus the identity for the path around it, and its rows are divided by their sums. `None` without attentions.
pub fn rollout(attentions: Vec<Tensor<4>>) -> Option<Tensor<4>> {
    product(attentions.into_iter().map(|attention| {
        let mixed = with_path(attention.mean_dim(1));
        mixed.clone() / mixed.sum_dim(3)
    }))
}

/// Relevance of each token at the start for each at the end, [n, 1, tokens, tokens], from attentions and the class score's gradients by them:
/// `(C_L + 1) ... (C_1 + 1)`, where a block's `C` is the mean over heads of `relu(dS/dA * A)`; rows are not normalised.
///
/// This is the generic method for self-attention of Chefer, Gur and Wolf, "Generic Attention-model Explainability" (ICCV 2021, equations 5 and 6).
/// In "Transformer Interpretability Beyond Attention Visualization" (CVPR 2021) the same authors put relevance propagated through every layer
/// (LRP) in the place of `A`; that is not what is computed here.
pub fn relevance(attentions: Vec<(Tensor<4>, Tensor<4>)>) -> Option<Tensor<4>> {
    product(attentions.into_iter().map(|(attention, gradient)| with_path(relu(gradient * attention).mean_dim(1))))
}

/// Matrices [n, 1, t, t] with the identity added.
fn with_path(x: Tensor<4>) -> Tensor<4> {
    let tokens = x.dims()[3];
    x.clone() + Tensor::<2>::eye(tokens, &x.device()).reshape([1, 1, tokens, tokens])
}

/// Each matrix times what comes before it.
fn product(matrices: impl Iterator<Item = Tensor<4>>) -> Option<Tensor<4>> {
    matrices.reduce(|before, matrix| matrix.matmul(before))
}

/// The first row of matrices [1, 1, t, t] without its first value, enlarged from the grid of patches to the input's size.
async fn map(context: &Context<'_>, matrix: Tensor<4>) -> Result<ChannelMap> {
    let [_, _, height, width] = context.input.dims();
    let grid = context.network.grid(matrix.narrow(2, 0, 1).swap_dims(2, 3));
    let [_, _, rows, columns] = grid.dims();
    let values = upsample(&values(grid).await?, (rows, columns), (height, width));
    Ok(ChannelMap { channels: 1, height, width, values, signed: false, total: None })
}

/// The error of a method on a network that does not attend.
fn without(method: Method) -> Error {
    Error::bad_value("method", method.id(), "a method that needs no attention: this network has none")
}
