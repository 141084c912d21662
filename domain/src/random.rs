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

/// Six digits, each such number from 100000 as likely as another: no zero in front gets lost.
pub fn join_code() -> Result<String, Unavailable> {
    const CODES: u32 = 900_000;
    const FIRST: u32 = 100_000;
    loop {
        let drawn = u32::from_be_bytes(bytes()?);
        // What lies beyond the last whole round of codes would favour the low ones.
        if drawn < u32::MAX - u32::MAX % CODES {
            return Ok((FIRST + drawn % CODES).to_string());
        }
    }
}

/// Six characters that tell two equal slugs apart, without glyphs that are easily confused.
pub fn slug_suffix() -> Result<String, Unavailable> {
    const GLYPHS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
    Ok(bytes::<6>()?
        .iter()
        .map(|byte| char::from(GLYPHS[usize::from(byte % 31)]))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_join_code_has_six_digits_and_no_zero_in_front() {
        for _ in 0..2_000 {
            let code = join_code().unwrap();
            assert_eq!(code.len(), 6);
            assert!(code.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(!code.starts_with('0'));
        }
    }
}
