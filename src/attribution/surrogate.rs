//! To be written.
use super::context::{ChannelMap, Context};
use crate::error::Result;
pub async fn lime(_: &Context<'_>) -> Result<ChannelMap> { Err(crate::error::Error::Cancelled) }
pub async fn kernel_shap(_: &Context<'_>) -> Result<ChannelMap> { Err(crate::error::Error::Cancelled) }
