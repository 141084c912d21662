//! The keys that sign tokens.

use std::{fmt, sync::Arc};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{DecodingKey, EncodingKey, Header};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{clock::Instant, random};

/// A key that signs tokens, and its public half.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    public: Vec<u8>,
    signs_from: Instant,
    pair: Arc<Ed25519KeyPair>,
    verifying: DecodingKey,
}

/// The key cannot be read; its text is a secret and is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the signing key is an Ed25519 key in PKCS #8, as `openssl genpkey -algorithm ed25519` writes it"
)]
pub struct InvalidKey;

impl SigningKey {
    /// The key in PKCS #8 as PEM, as `openssl genpkey -algorithm ed25519` writes it.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidKey> {
        let key = EncodingKey::from_ed_pem(pem.as_bytes()).map_err(|_| InvalidKey)?;
        Self::from_der(key.as_bytes())
    }

    /// The key in PKCS #8 as DER.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, InvalidKey> {
        let pair = Ed25519KeyPair::from_pkcs8(der).map_err(|_| InvalidKey)?;
        let public = pair.public_key().as_ref().to_vec();
        Ok(Self {
            kid: thumbprint(&public),
            verifying: DecodingKey::from_ed_der(&public),
            public,
            signs_from: Instant::MIN_UTC,
            pair: Arc::new(pair),
        })
    }

    /// A new key in PKCS #8 as DER.
    pub(crate) fn generate() -> Result<Vec<u8>, crate::error::Fault> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&random::bytes::<32>()?)?;
        Ok(pair.to_pkcs8v1()?.as_ref().to_vec())
    }

    /// The key, to sign with from this instant on.
    #[must_use]
    pub(crate) fn signing_from(self, signs_from: Instant) -> Self {
        Self { signs_from, ..self }
    }

    /// The key's name: the thumbprint of its public half.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// From when on it signs.
    pub(super) fn signs_from(&self) -> Instant {
        self.signs_from
    }

    /// The public half as a JWK.
    pub(super) fn public_jwk(&self) -> serde_json::Value {
        serde_json::json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "x": URL_SAFE_NO_PAD.encode(&self.public),
            "kid": self.kid,
            "use": "sig",
            "alg": "EdDSA",
        })
    }

    /// A token of these parts (RFC 7515, section 3.1). Put together here because the pair is kept:
    /// to make it of the key's bytes each time takes as long as to sign, and a page that many load
    /// has a token for each.
    pub(super) fn signed(
        &self,
        header: &Header,
        claims: &impl Serialize,
    ) -> Result<String, crate::error::Fault> {
        let header = URL_SAFE_NO_PAD.encode(serde_json::to_vec(header)?);
        let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims)?);
        let message = [header, claims].join(".");
        let signature = self.pair.try_sign(message.as_bytes())?;
        Ok([message, URL_SAFE_NO_PAD.encode(signature)].join("."))
    }

    /// The half that verifies.
    pub(super) fn verifying(&self) -> &DecodingKey {
        &self.verifying
    }
}

/// The JWK thumbprint (RFC 7638) of an Ed25519 public key.
fn thumbprint(public: &[u8]) -> String {
    let x = URL_SAFE_NO_PAD.encode(public);
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(jwk))
}

/// Only the name: the key itself belongs in no log.
impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_thumbprint_of_rfc_8037() {
        let public = URL_SAFE_NO_PAD
            .decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
            .unwrap();
        assert_eq!(
            thumbprint(&public),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn a_made_key_is_read_as_it_was_written() {
        let der = SigningKey::generate().unwrap();
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            base64::engine::general_purpose::STANDARD.encode(&der)
        );
        let read = SigningKey::from_pem(&pem).unwrap();
        assert_eq!(read.kid(), SigningKey::from_der(&der).unwrap().kid());
        assert!(SigningKey::from_pem("nonsense").is_err());
        assert!(SigningKey::from_der(&[]).is_err());
    }
}
