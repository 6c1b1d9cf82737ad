//! Input x gradient (Shrikumar et al., 2016): the normalised input times the gradient of the class score; over channels, the sum.

use super::context::Context;
use super::context::map_of;
use super::entry::Entry;
use sweetspot_core::attribution::Method;
use sweetspot_core::attribution::map::ChannelMap;
use sweetspot_core::error::Result;

pub(crate) const ENTRY: Entry = Entry { of: Method::InputXGradient, compute: |context| Box::pin(attribute(context)) };

/// `x * dS_c / dx`, a value a channel.
pub(crate) async fn attribute(context: &Context<'_>) -> Result<ChannelMap> {
    context.job.step(0, 1).await?;
    let gradient = context.gradients(context.input.clone());
    map_of(gradient * context.input.clone(), true).await
}
