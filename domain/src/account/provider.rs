//! Bearer tokens of other identity providers: how the province's staff sign in.
//!
//! A provider is an `OpenID` Connect issuer that an operator named. Its access tokens are taken as
//! they are (RFC 9068 says what a token states, RFC 9700 what to look at): the signature by one of
//! its published keys, with an algorithm of [`ALGORITHMS`] and no other; `iss`, `aud`, `exp`,
//! `nbf`, `iat` and `sub`. An ID token is not an access token, nor is one that is bound to a key
//! (RFC 8705, RFC 9449), which this server does not ask proof of. A session has the roles of its
//! token, for as long as that lives, so that whoever loses a role there has lost it here. The
//! roles that a provider stated last are remembered for [`STATED_ROLES_LIFE`], for others to know
//! who is staff; they let nobody do anything.

mod claims;
mod keys;

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, Validation};

use self::{
    claims::Claims,
    keys::{Found, Keys},
};
use super::TokenRefusal;
use crate::{Error, Locale, Result, Role, Roles, clock::Instant};

pub use keys::{Fetch, FetchError, HttpFetch};

/// The algorithms of signatures that are accepted (RFC 7518).
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256];
/// The time that a person counts as staff from the last token that said so.
pub(super) const STATED_ROLES_LIFE: TimeDelta = TimeDelta::days(30);
/// The longest token that is looked at, in bytes: one that names 450 groups by UUID has 24 KiB.
const MOST_BYTES: usize = 64 * 1_024;

/// A provider whose tokens are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its name (`iss`), exactly as its tokens state it; `/.well-known/openid-configuration` is
    /// below it.
    pub issuer: String,
    /// What its tokens state as `aud`, among others.
    pub audience: String,
    /// The claim that holds a person's groups: a text, or a list of texts. A path with dots leads
    /// into objects, such as `realm_access.roles`.
    pub roles_claim: String,
    /// Which group gives which role; other groups give none.
    pub roles: Vec<(String, Role)>,
    /// The type that tells its access tokens from its other tokens.
    pub access_tokens: AccessTokenType,
    /// True if an address of which it does not say that it was verified (`email_verified`) counts
    /// as verified; of one that it says was not, it never does.
    pub trusts_addresses: bool,
    /// The fate of a person whose address it stated of somebody else before.
    pub known_address: KnownAddress,
}

/// The fate of a person whose address their provider stated of somebody else before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KnownAddress {
    /// They get an account of their own, without an address.
    #[default]
    NewAccount,
    /// Their tokens are refused.
    Refuse,
}

/// The type (`typ`) that a provider gives its access tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AccessTokenType {
    /// `at+jwt`, as RFC 9068 asks; every other token is refused.
    AtJwt,
    /// `JWT`, `at+jwt` or none; a token with the claims of an ID token is refused.
    #[default]
    Jwt,
}

impl Provider {
    /// Whether what it publishes cannot be changed on the way: at https, or on this machine.
    pub fn is_safe(&self) -> bool {
        keys::is_safe(&self.issuer)
    }
}

/// Fetches the keys of a provider by its discovery, and counts those that can be used. For
/// operators who set a provider up.
pub async fn count_keys(
    provider: &Provider,
    fetch: Arc<dyn Fetch>,
) -> std::result::Result<usize, FetchError> {
    let keys = Keys::new(&provider.issuer, fetch);
    let publication = keys.fetch_publication().await?;
    Ok(publication.keys.len())
}

/// A person whom a provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vouched {
    /// The provider.
    pub(super) issuer: String,
    /// The person's name at the provider, which never changes.
    pub(super) subject: String,
    /// Their address, if the provider has verified it.
    pub(super) email: Option<String>,
    /// Their fate if it was somebody else's before.
    pub(super) known_address: KnownAddress,
    /// What they are called, if the provider says so.
    pub(super) name: Option<String>,
    /// The language in which they are addressed.
    pub(super) locale: Locale,
    /// What they may do.
    pub(super) roles: Roles,
    /// Since when the provider says so.
    pub(super) issued_at: Instant,
    /// Until when.
    pub(super) expires_at: Instant,
}

impl Vouched {
    /// Returns what names the person among those of all providers; no issuer has a line break.
    pub(super) fn key(&self) -> String {
        format!("{}\n{}", self.issuer, self.subject)
    }
}

/// The providers, with the keys that they published.
#[derive(Clone, Default)]
pub(crate) struct Providers(Arc<Vec<(Provider, Keys)>>);

impl Providers {
    pub(crate) fn new(providers: Vec<Provider>, fetch: &Arc<dyn Fetch>) -> Self {
        let known = providers.into_iter().map(|provider| {
            let keys = Keys::new(&provider.issuer, Arc::clone(fetch));
            (provider, keys)
        });
        Self(Arc::new(known.collect()))
    }

    /// Returns the person of this token; none if we made it (`own`), or no known provider did.
    ///
    /// A [`TokenRefusal`] if it is not good, [`Error::Unavailable`] if that cannot be told because
    /// the provider does not answer.
    pub(super) async fn read(
        &self,
        token: &str,
        own: &str,
        now: Instant,
    ) -> Result<Option<Vouched>, TokenRefusal> {
        let invalid = |reason: &str| Error::refused(TokenRefusal::invalid(reason));
        let Some(issuer) = stated_issuer(token).filter(|issuer| issuer != own) else {
            return Ok(None);
        };
        let Some((provider, keys)) = self.provider_of(&issuer, now).await? else {
            return Ok(None);
        };
        if token.len() > MOST_BYTES {
            return Err(invalid("it is longer than 64 KiB"));
        }
        let header =
            jsonwebtoken::decode_header(token).map_err(|_| invalid("its header cannot be read"))?;
        let kid = header.kid.as_deref();
        let kid = kid.ok_or_else(|| invalid("it names no key (kid)"))?;
        let is_typed = is_typed(header.typ.as_deref());
        if !ALGORITHMS.contains(&header.alg) {
            return Err(invalid("it is not signed by RS256, PS256 or ES256 (alg)"));
        }
        if !(is_typed
            || provider.access_tokens == AccessTokenType::Jwt && is_untyped(header.typ.as_deref()))
        {
            return Err(invalid("it is not an access token (typ)"));
        }
        let key = match keys.find(kid, header.alg, now).await {
            Found::Key(key) => key,
            Found::None => {
                return Err(invalid(
                    "its provider publishes no such key for it (kid, alg)",
                ));
            }
            Found::Unknown => return Err(Error::Unavailable),
        };
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &signature_of(header.alg))
            .map_err(|error| {
                Error::refused(TokenRefusal::Invalid(format!(
                    "its provider did not sign it as it stands: {error}"
                )))
            })?
            .claims;
        if claims.is_bound() {
            return Err(invalid("it is good only with a proof of its key (cnf)"));
        }
        if !is_typed && claims.is_id_token() {
            return Err(invalid("it is an ID token, or another that is for no API"));
        }
        let vouched = claims.vouch(provider, &issuer, now);
        vouched.map(Some).map_err(Error::refused)
    }

    /// The provider that states this issuer in its tokens: its own name, or another for its access
    /// tokens. A token that names one is not believed yet.
    async fn provider_of(
        &self,
        issuer: &str,
        now: Instant,
    ) -> Result<Option<&(Provider, Keys)>, TokenRefusal> {
        let named = self.0.iter().find(|(known, _)| known.issuer == issuer);
        if named.is_some() {
            return Ok(named);
        }
        let mut is_unknown = false;
        for provider in self.0.iter() {
            match provider.1.makes_tokens_as(issuer, now).await {
                Some(true) => return Ok(Some(provider)),
                Some(false) => {}
                None => is_unknown = true,
            }
        }
        if is_unknown {
            return Err(Error::Unavailable);
        }
        Ok(None)
    }
}

/// The issuer that a token names.
fn stated_issuer(token: &str) -> Option<String> {
    let payload = token.split('.').nth(1)?;
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
    let stated: claims::Stated = serde_json::from_slice(&payload).ok()?;
    Some(stated.iss)
}

/// Returns true for the type of access tokens of RFC 9068.
fn is_typed(kind: Option<&str>) -> bool {
    kind.is_some_and(|kind| {
        kind.eq_ignore_ascii_case("at+jwt") || kind.eq_ignore_ascii_case("application/at+jwt")
    })
}

/// Returns true for a type that does not say which kind of token it is.
fn is_untyped(kind: Option<&str>) -> bool {
    kind.is_none_or(|kind| kind.eq_ignore_ascii_case("jwt"))
}

/// Only the signature and its algorithm: the library reads the machine's clock, so the claims are
/// compared by [`Claims::vouch`].
fn signature_of(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
