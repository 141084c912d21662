//! Who sends a request: the token of its `Authorization` header (RFC 6750).

use std::fmt::Display;

use axum::http::{HeaderMap, StatusCode, header};
use domain::{
    Actor, Error, Services, access::Access, account::TokenRefusal, clock::Instant, id::EmbedId,
};

use super::problem::Problem;

/// Expired, forged, of another kind, or no token at all: which of these is for the log.
const INVALID_TOKEN: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "UNAUTHENTICATED",
    "The access token is invalid or has expired.",
);
const GROUPS_LEFT_OUT: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "TOKEN_GROUPS_LEFT_OUT",
    "The access token leaves your groups out, because there are too many: ask whoever runs the \
     identity provider.",
);
const ADDRESS_MISSING: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "TOKEN_ADDRESS_MISSING",
    "The access token states no verified e-mail address: ask whoever runs the identity provider.",
);
const ADDRESS_KNOWN: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "TOKEN_ADDRESS_KNOWN",
    "The e-mail address of the access token is known as somebody else's: ask whoever runs this \
     platform.",
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
    let value = value.to_str().ok().filter(|_| values.next().is_none());
    let value = value.ok_or_else(|| refused("there are several tokens, or none in ASCII"))?;
    bearer(services, value).await
}

/// Who sends this value of an `Authorization` header.
pub(super) async fn bearer(services: &Services, value: &str) -> Result<Sender, Problem> {
    let bearer = value.split_once(' ');
    let bearer = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let (_, token) = bearer.ok_or_else(|| refused("it is no bearer token"))?;
    match holder(services, token.trim()).await {
        Ok((actor, expires_at)) => Ok(Sender {
            actor,
            expires_at: Some(expires_at),
        }),
        Err(Error::Internal(fault)) => {
            tracing::error!(fault, "a token could not be looked up");
            Err(Problem::UNAVAILABLE)
        }
        Err(Error::Refused(reasons)) => Err(match reasons.first() {
            Some(reason) => problem(reason),
            None => refused("no reason was given"),
        }),
        // Nothing is known of the token: who sent it should keep it.
        Err(_) => Err(Problem::UNAVAILABLE),
    }
}

/// Tells the operator why a token is refused, and nothing of the token.
fn refused(reason: impl Display) -> Problem {
    tracing::info!(%reason, "an access token was refused");
    INVALID_TOKEN
}

/// Returns the problem that the sender of a refused token is told of: most is for the log alone.
fn problem(reason: &TokenRefusal) -> Problem {
    let invalid = refused(reason);
    match reason {
        TokenRefusal::Invalid(_) => invalid,
        TokenRefusal::AddressMissing { .. } => ADDRESS_MISSING,
        TokenRefusal::AddressKnown { .. } => ADDRESS_KNOWN,
        TokenRefusal::GroupsLeftOut { .. } => GROUPS_LEFT_OUT,
    }
}

/// Looks after the sender's access for a connection that stays open; refused if it has ended.
pub(super) async fn hold(services: &Services, sender: &Sender) -> Result<Access, Problem> {
    let access = services.accesses.hold(&sender.actor);
    match access.check().await {
        Ok(()) => Ok(access),
        Err(Error::Unauthenticated) => Err(refused("its session, role or embed has ended")),
        Err(_) => Err(Problem::UNAVAILABLE),
    }
}

/// Who holds this token, and from when on it no longer says so. A guest's is good while their embed
/// is shown, which was looked up for the page and so costs next to nothing.
pub(super) async fn holder(
    services: &Services,
    token: &str,
) -> Result<(Actor, Instant), Error<TokenRefusal>> {
    let (actor, expires_at) = services.accounts.authenticate_until(token).await?;
    if let Actor::Guest(guest) = &actor
        && !is_shown(services, &actor, guest.embed).await?
    {
        let reason = "its embed is shown no more".to_owned();
        return Err(Error::refused(TokenRefusal::Invalid(reason)));
    }
    Ok((actor, expires_at))
}

/// As [`holder`], for pages, whose reader is told no more than that it has expired.
pub(super) async fn identify(services: &Services, token: &str) -> domain::Result<(Actor, Instant)> {
    holder(services, token).await.map_err(|error| match error {
        Error::Refused(reasons) => {
            if let Some(reason) = reasons.first() {
                refused(reason);
            }
            Error::Unauthenticated
        }
        Error::Internal(fault) => Error::Internal(fault),
        _ => Error::Unavailable,
    })
}

async fn is_shown(
    services: &Services,
    actor: &Actor,
    embed: EmbedId,
) -> Result<bool, Error<TokenRefusal>> {
    let shown = services.embeds.shown(actor, embed).await;
    shown
        .map(|shown| shown.is_some())
        .map_err(|error| match error {
            Error::Internal(fault) => Error::Internal(fault),
            _ => Error::Unavailable,
        })
}
