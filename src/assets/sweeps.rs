//! Sweeps that come with the page, and what they say together.

use super::bytes;
use sweetspot_core::error::{Error, Result};
use sweetspot_core::sweep::findings::study::Claim;
use sweetspot_core::sweep::shipped::{Entry, Index, Shipped};

/// The list of sweeps.
pub async fn sweeps() -> Result<Vec<Entry>> {
    let address = "sweeps/index.json";
    let index: Index = serde_json::from_slice(&bytes(address).await?).map_err(|e| unreadable(address, &e))?;
    Ok(index.sweeps)
}

/// One of them.
pub async fn sweep(file: &str) -> Result<Shipped> {
    Shipped::read(file, &bytes(&format!("sweeps/{file}")).await?)
}

/// What they say together of the paper's claims.
pub async fn claims() -> Result<Vec<Claim>> {
    let address = "sweeps/findings.json";
    serde_json::from_slice(&bytes(address).await?).map_err(|e| unreadable(address, &e))
}

fn unreadable(address: &str, error: &serde_json::Error) -> Error {
    Error::Unreadable { what: address.into(), reason: error.to_string() }
}
