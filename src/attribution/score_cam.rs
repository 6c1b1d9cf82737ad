//! To be written.
use super::context::{ChannelMap, Context};
use crate::error::Result;
pub async fn attribute(_: &Context<'_>) -> Result<ChannelMap> { Err(crate::error::Error::Cancelled) }
