//! What the rest of the program sees of embeds.

use super::{Accent, origin, subject::SubjectKey};
use crate::{
    Locale,
    clock::Instant,
    id::{EmbedId, PartnerId, PollId},
    page::{Key, Sort},
};

pub use entity::embed_load::LoadKind;

/// A poll on the pages of a partner, as who runs it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    /// Its id.
    pub id: EmbedId,
    /// The poll.
    pub poll: PollId,
    /// On whose pages.
    pub partner: PartnerId,
    /// Where it may stand: scheme, host and port, A to Z.
    pub origins: Vec<String>,
    /// In which language.
    pub locale: Locale,
    /// The partner's colour.
    pub accent: Option<Accent>,
    /// The key by which the partner vouches for its visitors.
    pub(crate) subject_key: Option<SubjectKey>,
    /// How often it was changed.
    pub revision: i64,
    /// When it was made.
    pub created_at: Instant,
    /// Since when it is shown nowhere.
    pub revoked_at: Option<Instant>,
}

/// What a page needs to show an embed. The same for everyone until its revision is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The embed.
    pub id: EmbedId,
    /// Its poll.
    pub poll: PollId,
    /// The poll's address.
    pub poll_slug: String,
    /// On whose pages.
    pub partner: PartnerId,
    /// Where it may stand: scheme, host and port, as browsers write them; A to Z, never none.
    pub origins: Vec<String>,
    /// In which language.
    pub locale: Locale,
    /// The partner's colour: white text on it, and text of it on white, can be read.
    pub accent: Option<Accent>,
    /// Grows with every change of the embed; the poll has revisions of its own.
    pub revision: i64,
    /// The key by which the partner vouches for its visitors.
    pub(crate) subject_key: Option<SubjectKey>,
}

/// How often an embed was shown, or refused, on the pages of one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// Scheme, host and port; none for those that are not known, or beyond the first hundred.
    pub origin: Option<String>,
    /// What came of it.
    pub kind: LoadKind,
    /// How often.
    pub count: i64,
    /// When last.
    pub last_seen_at: Instant,
}

/// What came of an embed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Use {
    /// How many ballots came by it that stand, one a voter and question, over all runs.
    pub ballots: i64,
    /// Where it was shown and refused, the most often first.
    pub loads: Vec<Load>,
}

impl Embed {
    /// The key by which the partner vouches for its visitors, in base64url.
    pub fn subject_key(&self) -> Option<String> {
        self.subject_key.as_ref().map(SubjectKey::text)
    }

    /// The embed's place in the list, youngest first.
    pub(super) fn key(&self) -> Key {
        Key {
            sort: Sort::Instant(self.created_at),
            id: self.id.0,
        }
    }
}

impl Shown {
    /// Whether it may stand on pages of this origin, as browsers write it.
    pub fn may_stand_on(&self, origin: &str) -> bool {
        self.origins.iter().any(|allowed| allowed == origin)
    }

    /// Whether it may stand on the page at this address.
    pub fn may_stand_at(&self, address: &str) -> bool {
        origin::seen(address).is_some_and(|origin| self.may_stand_on(&origin))
    }

    /// Whether the partner vouches for its visitors.
    pub fn vouches(&self) -> bool {
        self.subject_key.is_some()
    }
}
