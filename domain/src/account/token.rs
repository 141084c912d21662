//! Access tokens: JWTs (RFC 7519) in the profile of RFC 9068, signed with Ed25519 (RFC 8037).
//!
//! A visitor's token has a type and an audience of its own, and so has a guest's, so that no kind
//! passes for another. Times are compared with the injected clock.

mod claims;
mod key;

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{SubsecRound, TimeDelta};
use jsonwebtoken::{Algorithm, Header, Validation};
use uuid::Uuid;

use self::claims::Claims;
use super::{AccessToken, TokenRefusal};
use crate::{
    Actor, Member, Result, Roles,
    actor::{Guest, Identity},
    clock::{Instant, SharedClock},
    id::{AccountId, VisitorId},
    random,
};

pub use key::{InvalidKey, SigningKey};

/// How long a member's token works.
const MEMBER_LIFE: TimeDelta = TimeDelta::minutes(15);
/// How long a visitor's token works: there is nothing to renew it with.
pub(super) const VISITOR_LIFE: TimeDelta = TimeDelta::days(30);
/// How long a guest's token works that its page does not keep, or that a partner vouches for.
const GUEST_LIFE: TimeDelta = TimeDelta::hours(12);
/// How far another process' clock may be ahead of ours.
const SKEW: TimeDelta = TimeDelta::seconds(5);
/// The longest token that is looked at, in bytes; ours are well under half of it.
const MOST_BYTES: usize = 2_048;
const MEMBER_TYPE: &str = "at+jwt";
const VISITOR_TYPE: &str = "visitor+jwt";
const GUEST_TYPE: &str = "guest+jwt";

/// Makes and reads access tokens.
#[derive(Clone)]
pub(crate) struct Tokens {
    clock: SharedClock,
    issuer: String,
    audience: String,
    /// The last one whose time has come signs, all are accepted.
    keys: Arc<RwLock<Vec<SigningKey>>>,
}

/// A token that was found good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// Who sends it.
    pub(crate) actor: Actor,
    /// From when on it no longer says so.
    pub(crate) expires_at: Instant,
    /// Its own name.
    pub(crate) id: String,
}

impl Tokens {
    pub(crate) fn new(
        clock: SharedClock,
        issuer: String,
        audience: String,
        keys: Vec<SigningKey>,
    ) -> Self {
        Self {
            clock,
            issuer,
            audience,
            keys: Arc::new(RwLock::new(keys)),
        }
    }

    /// Returns the name of the maker of our tokens (`iss`).
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Goes on with these keys.
    pub(super) fn change_keys(&self, keys: Vec<SigningKey>) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    /// The public halves of the keys that are accepted, as a JWK set (RFC 7517, RFC 8037).
    pub(super) fn key_set(&self) -> String {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let keys: Vec<serde_json::Value> = keys.iter().rev().map(SigningKey::public_jwk).collect();
        serde_json::json!({ "keys": keys }).to_string()
    }

    /// Who sends this token, if its signature and what it states are right; whether its session
    /// is open is not looked up here.
    pub(crate) fn authenticate(&self, token: &str) -> std::result::Result<Admitted, TokenRefusal> {
        let invalid = |reason: &str| TokenRefusal::invalid(reason);
        if token.len() > MOST_BYTES {
            return Err(invalid("it is longer than a token of ours"));
        }
        let header =
            jsonwebtoken::decode_header(token).map_err(|_| invalid("it cannot be read"))?;
        let kid = header.kid.ok_or_else(|| invalid("it names no key (kid)"))?;
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.iter().find(|key| key.kid() == kid);
        let key = key.ok_or_else(|| invalid("it names a key that is not ours (kid)"))?;
        let claims = jsonwebtoken::decode::<Claims>(token, key.verifying(), &validation())
            .map_err(|error| {
                TokenRefusal::Invalid(format!("it was not signed by us as it stands: {error}"))
            })?
            .claims;
        if claims.iss != self.issuer {
            return Err(invalid("it was made for another address of ours (iss)"));
        }
        if !claims.hold_at(self.clock.now(), SKEW) {
            return Err(invalid("it has expired, or does not work yet"));
        }
        let expires_at = Instant::from_timestamp(claims.exp, 0)
            .ok_or_else(|| invalid("its end cannot be read (exp)"))?;
        let incomplete = || invalid("a claim is missing");
        let actor = match header.typ.as_deref() {
            Some(MEMBER_TYPE) if claims.aud == self.audience => Actor::Member(Member {
                id: AccountId(claims.sub),
                session: claims.sid.ok_or_else(incomplete)?,
                roles: Roles::new(claims.roles.ok_or_else(incomplete)?),
            }),
            Some(VISITOR_TYPE) if claims.aud == self.visitor_audience() => {
                Actor::Visitor(Some(VisitorId(claims.sub)))
            }
            Some(GUEST_TYPE) if claims.aud == self.guest_audience() => {
                Actor::Guest(claims.guest().ok_or_else(incomplete)?)
            }
            _ => return Err(invalid("it is of another kind, or for others (typ, aud)")),
        };
        Ok(Admitted {
            actor,
            expires_at,
            id: claims.jti,
        })
    }

    /// A token named `id` for a member, good for 15 minutes.
    pub(super) fn member<R>(&self, member: &Member, id: &str) -> Result<AccessToken, R> {
        self.sign(MEMBER_TYPE, MEMBER_LIFE, |claims| Claims {
            jti: id.to_owned(),
            aud: self.audience.clone(),
            sub: member.id.0,
            sid: Some(member.session),
            roles: Some(member.roles.iter().collect()),
            ..claims
        })
    }

    /// A token for a visitor, good for 30 days.
    pub(super) fn visitor<R>(&self, visitor: VisitorId) -> Result<AccessToken, R> {
        self.sign(VISITOR_TYPE, VISITOR_LIFE, |claims| Claims {
            aud: self.visitor_audience(),
            sub: visitor.0,
            ..claims
        })
    }

    /// A token for a guest: good for 30 days where its page keeps it, for 12 hours otherwise.
    pub(super) fn guest<R>(&self, guest: Guest) -> Result<AccessToken, R> {
        let life = match guest.identity {
            Identity::Device(_) => VISITOR_LIFE,
            Identity::Passing(_) | Identity::Subject(_) => GUEST_LIFE,
        };
        self.sign(GUEST_TYPE, life, |claims| {
            Claims {
                aud: self.guest_audience(),
                ..claims
            }
            .of_guest(guest)
        })
    }

    fn guest_audience(&self) -> String {
        format!("{}#guest", self.audience)
    }

    fn visitor_audience(&self) -> String {
        format!("{}#visitor", self.audience)
    }

    fn sign<R>(
        &self,
        kind: &str,
        life: TimeDelta,
        complete: impl FnOnce(Claims) -> Claims,
    ) -> Result<AccessToken, R> {
        let moment = self.clock.now();
        let now = moment.trunc_subsecs(0);
        let expires_at: Instant = now + life;
        let claims = complete(Claims {
            iss: self.issuer.clone(),
            aud: String::new(),
            exp: expires_at.timestamp(),
            nbf: now.timestamp(),
            iat: now.timestamp(),
            sub: Uuid::nil(),
            jti: random::token()?,
            sid: None,
            roles: None,
            embed: None,
        });
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys
            .iter()
            .rev()
            .find(|key| key.signs_from() <= moment)
            .or(keys.first())
            .ok_or_else(|| crate::Error::internal("there is no key to sign with"))?;
        let header = Header {
            typ: Some(kind.to_owned()),
            kid: Some(key.kid().to_owned()),
            ..Header::new(Algorithm::EdDSA)
        };
        let token = key
            .signed(&header, &claims)
            .map_err(crate::Error::internal)?;
        Ok(AccessToken { token, expires_at })
    }
}

/// Only the signature and its algorithm: the library reads the machine's clock, so the claims
/// are compared here.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

#[cfg(test)]
mod tests;
