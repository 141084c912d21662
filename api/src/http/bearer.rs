//! Who sends a request: the token of its `Authorization` header (RFC 6750).

use axum::http::{HeaderMap, StatusCode, header};
use domain::{Actor, Error, Services, access::Access, clock::Instant};

use super::problem::Problem;

/// Expired, forged, of another kind, or no token at all: which of these is nobody's business.
const INVALID_TOKEN: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "UNAUTHENTICATED",
    "The access token is invalid or has expired.",
);

/// Who sends a request.
#[derive(Debug, Clone)]
pub(super) struct Sender {
    pub(super) actor: Actor,
    /// From when on their token no longer says so; none where they sent none.
    pub(super) expires_at: Option<Instant>,
}

impl Sender {
    /// Whether their token has expired at `now`.
    pub(super) fn has_expired(&self, now: Instant) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

/// Who asks; a header that does not hold one good token is refused, never treated as none.
pub(super) async fn sender(services: &Services, headers: &HeaderMap) -> Result<Sender, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(Sender {
            actor: Actor::Visitor(None),
            expires_at: None,
        });
    };
    let value = value
        .to_str()
        .ok()
        .filter(|_| values.next().is_none())
        .ok_or(INVALID_TOKEN)?;
    bearer(services, value).await
}

/// Who sends this value of an `Authorization` header.
pub(super) async fn bearer(services: &Services, value: &str) -> Result<Sender, Problem> {
    let (scheme, token) = value.split_once(' ').ok_or(INVALID_TOKEN)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(INVALID_TOKEN);
    }
    match holder(services, token.trim()).await {
        Ok((actor, expires_at)) => Ok(Sender {
            actor,
            expires_at: Some(expires_at),
        }),
        Err(Error::Internal(fault)) => {
            tracing::error!(fault, "a token could not be looked up");
            Err(Problem::UNAVAILABLE)
        }
        // Nothing is known of the token: who sent it should keep it.
        Err(Error::TooMany(_) | Error::Unavailable) => Err(Problem::UNAVAILABLE),
        Err(_) => Err(INVALID_TOKEN),
    }
}

/// Looks after the sender's access for a connection that stays open; refused if it has ended.
pub(super) async fn hold(services: &Services, sender: &Sender) -> Result<Access, Problem> {
    let access = services.accesses.hold(&sender.actor);
    match access.check().await {
        Ok(()) => Ok(access),
        Err(Error::Unauthenticated) => Err(INVALID_TOKEN),
        Err(_) => Err(Problem::UNAVAILABLE),
    }
}

/// Who holds this token, and from when on it no longer says so. A guest's is good while their embed
/// is shown, which was looked up for the page and so costs next to nothing.
pub(super) async fn holder(services: &Services, token: &str) -> domain::Result<(Actor, Instant)> {
    let (actor, expires_at) = services.accounts.authenticate_until(token).await?;
    if let Actor::Guest(guest) = &actor
        && services.embeds.shown(&actor, guest.embed).await?.is_none()
    {
        return Err(Error::Unauthenticated);
    }
    Ok((actor, expires_at))
}
