//! One-time codes by time (RFC 6238) and the codes that stand in for a lost authenticator.

use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};

use crate::{
    clock::Instant,
    error::Fault,
    random::{self, Unavailable},
};

/// How many recovery codes an account gets.
const RECOVERY_CODES: usize = 10;
/// Without letters and figures that are easily confused.
const GLYPHS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A new secret: 160 bits, as RFC 4226 recommends.
pub(super) fn new_secret() -> Result<Vec<u8>, Unavailable> {
    Ok(random::bytes::<20>()?.to_vec())
}

/// What an authenticator reads as a QR code. Every one of them knows SHA-1, six figures and 30
/// seconds, and not all know anything else.
pub(super) fn otpauth_uri(secret: &[u8], issuer: &str, email: &str) -> String {
    let secret = Secret::from(secret).to_base32();
    let issuer = percent_encoded(issuer);
    let email = percent_encoded(email);
    format!(
        "otpauth://totp/{issuer}:{email}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    )
}

/// The step of 30 seconds that a code belongs to: the present one, or its neighbour on either
/// side, for clocks that differ and people who type; none where the code is wrong.
pub(super) fn step_of(secret: &[u8], code: &str, now: Instant) -> Result<Option<i64>, Fault> {
    let totp: Totp = Builder::new().with_secret(secret.to_vec()).build()?;
    let Ok(seconds) = u64::try_from(now.timestamp()) else {
        return Ok(None);
    };
    Ok(totp
        .check(&plain(code), seconds)
        .and_then(|step| i64::try_from(step).ok()))
}

/// Whether this may be a code of an authenticator rather than a recovery code.
pub(super) fn is_one_time(code: &str) -> bool {
    let code = plain(code);
    code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// New recovery codes: four groups of four, 80 bits of chance each.
pub(super) fn recovery_codes() -> Result<Vec<String>, Unavailable> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let glyphs: Vec<u8> = random::bytes::<16>()?
                .iter()
                .map(|byte| GLYPHS[usize::from(byte % 32)])
                .collect();
            let groups: Vec<&str> = glyphs
                .chunks(4)
                .filter_map(|group| std::str::from_utf8(group).ok())
                .collect();
            Ok(groups.join("-"))
        })
        .collect()
}

/// What is kept of a recovery code, however it was typed.
pub(super) fn recovery_hash(code: &str) -> String {
    format!("{:x}", Sha256::digest(plain(code)))
}

fn plain(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .flat_map(char::to_lowercase)
        .collect()
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret and times of RFC 6238, appendix B, cut to six figures.
    const SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64) -> Instant {
        Instant::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let step = step_of(SECRET, code, at(seconds)).unwrap();
            assert_eq!(step, Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_neighbouring_step_is_taken_and_none_further() {
        let step = |seconds| step_of(SECRET, "287 082", at(seconds)).unwrap();
        assert_eq!(step(30 + 59), Some(1));
        assert_eq!(step(0), Some(1));
        assert_eq!(step(30 + 60), None);
        for wrong in ["287083", "28708", "2870820", "", "abcdef"] {
            assert_eq!(step_of(SECRET, wrong, at(59)).unwrap(), None, "{wrong}");
        }
    }

    #[test]
    fn recovery_codes_differ_and_are_read_as_typed() {
        let codes = recovery_codes().unwrap();
        assert_eq!(codes.len(), 10);
        let hashes: std::collections::BTreeSet<String> =
            codes.iter().map(|code| recovery_hash(code)).collect();
        assert_eq!(hashes.len(), 10);
        let code = &codes[0];
        assert_eq!(code.len(), 19);
        assert_eq!(
            recovery_hash(code),
            recovery_hash(&code.to_uppercase().replace('-', " "))
        );
        assert!(!is_one_time(code) && is_one_time("123 456"));
    }

    #[test]
    fn the_address_for_an_authenticator_is_escaped() {
        let uri = otpauth_uri(SECRET, "JIJ&Overijssel", "an+jij@example.org");
        assert_eq!(
            uri,
            "otpauth://totp/JIJ%26Overijssel:an%2Bjij%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=JIJ%26Overijssel&algorithm=SHA1&digits=6&period=30"
        );
    }
}
