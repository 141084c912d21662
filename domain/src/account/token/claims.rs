//! What a token states.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Role,
    actor::{Guest, Identity},
    clock::Instant,
    id::{EmbedId, PollId, SessionId, SubjectId, VisitorId},
};

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
    /// Where they got it; a guest's only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) embed: Option<Embedded>,
}

/// Where a guest got their token, and what it says of them.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Embedded {
    id: EmbedId,
    poll: PollId,
    by: By,
}

/// What tells a guest from others.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum By {
    Passing,
    Device,
    Subject,
}

impl Claims {
    /// The claims as those of a guest.
    pub(super) fn of_guest(self, guest: Guest) -> Self {
        let (sub, by) = match guest.identity {
            Identity::Passing(visitor) => (visitor.0, By::Passing),
            Identity::Device(visitor) => (visitor.0, By::Device),
            Identity::Subject(subject) => (subject.0, By::Subject),
        };
        let embed = Embedded {
            id: guest.embed,
            poll: guest.poll,
            by,
        };
        Self {
            sub,
            embed: Some(embed),
            ..self
        }
    }

    /// The guest whose claims they are.
    pub(super) fn guest(&self) -> Option<Guest> {
        let Embedded { id, poll, by } = self.embed?;
        Some(Guest {
            embed: id,
            poll,
            identity: match by {
                By::Passing => Identity::Passing(VisitorId(self.sub)),
                By::Device => Identity::Device(VisitorId(self.sub)),
                By::Subject => Identity::Subject(SubjectId(self.sub)),
            },
        })
    }

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
