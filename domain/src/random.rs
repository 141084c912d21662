//! Chance: one home, always from the operating system's generator.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{TryRngCore, rngs::OsRng};

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct Unavailable;

/// `N` unguessable bytes.
pub fn bytes<const N: usize>() -> Result<[u8; N], Unavailable> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).map_err(|_| Unavailable)?;
    Ok(bytes)
}

/// An unguessable token of 256 bits, as 43 characters that need no escaping in an address.
pub fn token() -> Result<String, Unavailable> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}

/// Six characters that tell two equal slugs apart, without glyphs that are easily confused.
pub fn slug_suffix() -> Result<String, Unavailable> {
    const GLYPHS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
    Ok(bytes::<6>()?
        .iter()
        .map(|byte| char::from(GLYPHS[usize::from(byte % 31)]))
        .collect())
}
