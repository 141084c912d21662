//! Who sends a request: the token of its `Authorization` header (RFC 6750).

use axum::http::{HeaderMap, StatusCode, header};
use domain::{Actor, Services};

use super::problem::Problem;

/// Expired, forged, of another kind, or no token at all: which of these is nobody's business.
const INVALID_TOKEN: Problem = Problem {
    status: StatusCode::UNAUTHORIZED,
    code: "UNAUTHENTICATED",
    message: "The access token is invalid or has expired.",
};

/// Who asks; a header that does not hold one good token is refused, never treated as none.
pub(super) fn actor(services: &Services, headers: &HeaderMap) -> Result<Actor, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(Actor::Visitor(None));
    };
    let token = value
        .to_str()
        .ok()
        .filter(|_| values.next().is_none())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or(INVALID_TOKEN)?;
    services
        .accounts
        .authenticate(token)
        .map_err(|_| INVALID_TOKEN)
}
