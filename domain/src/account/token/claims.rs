//! What a token states.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Role, clock::Instant, id::SessionId};

/// The claims of a token; times in seconds since 1970.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claims {
    /// Who made it.
    pub(super) iss: String,
    /// Whom it is for.
    pub(super) aud: String,
    /// From when on it does not work.
    pub(super) exp: i64,
    /// Before when it does not work yet.
    pub(super) nbf: i64,
    /// When it was made.
    pub(super) iat: i64,
    /// Whose it is.
    pub(super) sub: Uuid,
    /// Its own name.
    pub(super) jti: String,
    /// The session; a member's only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<SessionId>,
    /// The roles; a member's only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) roles: Option<Vec<Role>>,
}

impl Claims {
    /// Whether the token works at `now`; it may come from a clock that is `skew` ahead.
    pub(super) fn hold_at(&self, now: Instant, skew: TimeDelta) -> bool {
        let ahead = (now + skew).timestamp();
        !self.jti.is_empty()
            && now.timestamp() < self.exp
            && self.nbf <= ahead
            && self.iat <= ahead
            && self.iat <= self.exp
    }
}
