//! Those whom a partner vouches for: a JWT (RFC 7519) that the partner signs with the key that it
//! registered for the embed, by EdDSA (RFC 8037) and nothing else.

use aws_lc_rs::signature::{ED25519, ParsedPublicKey};
use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use crate::clock::Instant;

/// The longest that a partner vouches at once.
const LIFE: TimeDelta = TimeDelta::minutes(5);
/// How far the partner's clock may be from ours.
const SKEW: TimeDelta = TimeDelta::seconds(30);
/// The longest token that is looked at, in bytes.
const MOST_BYTES: usize = 2_048;
/// The longest subject, in bytes.
const SUBJECT_BYTES: usize = 255;
/// The longest key that is looked at, in bytes.
const KEY_BYTES: usize = 500;
/// What stands before an Ed25519 key in a `SubjectPublicKeyInfo` (RFC 8410).
const SPKI: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// A partner's public key, 32 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SubjectKey(Vec<u8>);

/// Why what a partner signed is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubjectProblem {
    /// The embed has no key to check a signature by.
    NoKey,
    /// It is not a JWT that the embed's key signed by EdDSA.
    Signature,
    /// It lacks `sub`, `aud`, `iat` or `exp`, or one of them is of another kind or too long.
    Claims,
    /// It is for another embed.
    Audience,
    /// It is no longer good, or not yet.
    Time,
    /// It is good for more than five minutes.
    Life,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    aud: Audience,
    iat: i64,
    exp: i64,
    nbf: Option<i64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl SubjectKey {
    /// The key that is written like this: PEM as `openssl pkey -pubout` writes it, or its 32 bytes
    /// in base64url, as in the `x` of a JWK.
    pub(super) fn read(raw: &str) -> Option<Self> {
        let raw = raw.trim();
        if raw.len() > KEY_BYTES {
            return None;
        }
        let key = match raw.strip_prefix("-----BEGIN PUBLIC KEY-----") {
            Some(rest) => {
                let body = rest.strip_suffix("-----END PUBLIC KEY-----")?;
                let body: String = body.split_ascii_whitespace().collect();
                STANDARD.decode(body).ok()?.strip_prefix(&SPKI)?.to_vec()
            }
            None => lenient().decode(raw).ok()?,
        };
        let is_key = key.len() == 32 && ParsedPublicKey::new(&ED25519, &key).is_ok();
        is_key.then_some(Self(key))
    }

    /// The key as it is stored.
    pub(super) fn stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The key to store.
    pub(super) fn to_stored(&self) -> Vec<u8> {
        self.0.clone()
    }

    /// The key in base64url, as in the `x` of a JWK.
    pub(super) fn text(&self) -> String {
        lenient().encode(&self.0)
    }

    /// Whom the partner vouches for with this token at `now`, for one of these audiences.
    pub(super) fn vouched(
        &self,
        token: &str,
        audiences: &[&str],
        now: Instant,
    ) -> Result<String, SubjectProblem> {
        if token.len() > MOST_BYTES {
            return Err(SubjectProblem::Signature);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| SubjectProblem::Signature)?;
        // What a token says must be understood (RFC 7515, 4.1.11) is not understood here.
        if header.crit.is_some() {
            return Err(SubjectProblem::Signature);
        }
        let key = DecodingKey::from_ed_der(&self.0);
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation())
            .map_err(|fault| match fault.kind() {
                jsonwebtoken::errors::ErrorKind::Json(_) => SubjectProblem::Claims,
                _ => SubjectProblem::Signature,
            })?
            .claims;
        claims.hold(audiences, now)?;
        Ok(claims.sub)
    }
}

impl Claims {
    fn hold(&self, audiences: &[&str], now: Instant) -> Result<(), SubjectProblem> {
        if self.sub.is_empty() || self.sub.len() > SUBJECT_BYTES {
            return Err(SubjectProblem::Claims);
        }
        let ours = |audience: &String| audiences.contains(&audience.as_str());
        let is_for_us = match &self.aud {
            Audience::One(audience) => ours(audience),
            Audience::Many(all) => all.iter().any(ours),
        };
        if !is_for_us {
            return Err(SubjectProblem::Audience);
        }
        let life = self.exp.checked_sub(self.iat).ok_or(SubjectProblem::Life)?;
        if life > LIFE.num_seconds() {
            return Err(SubjectProblem::Life);
        }
        let ahead = (now + SKEW).timestamp();
        let begun = self.iat <= ahead && self.nbf.is_none_or(|nbf| nbf <= ahead);
        if begun && now.timestamp() < self.exp {
            Ok(())
        } else {
            Err(SubjectProblem::Time)
        }
    }
}

/// Only the signature and its algorithm: the library reads the machine's clock, so the claims are
/// compared here.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

/// Base64url with or without padding.
fn lenient() -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&URL_SAFE, config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_both_forms_and_written_in_one() {
        let text = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
        for raw in [text, &format!(" {text}= "), pem, &pem.replace('\n', "\r\n")] {
            assert_eq!(SubjectKey::read(raw).unwrap().text(), text, "{raw}");
        }
        let other_curve = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----";
        for raw in ["", &text[1..], other_curve, "-----BEGIN PUBLIC KEY-----"] {
            assert_eq!(SubjectKey::read(raw), None, "{raw}");
        }
    }
}
