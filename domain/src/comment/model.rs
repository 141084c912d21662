//! What the rest of the program sees of comments.

use crate::{
    account::Profile,
    clock::Instant,
    id::{AccountId, CommentId, PollId, StoryId, ThemeId},
    page::{Key, Sort, SortKind},
    poll::Poll,
    story::Story,
    theme::Theme,
};

pub use entity::comment::CommentState;

/// How deep a thread goes: a comment, a reply, and a reply to that.
pub(super) const MAX_DEPTH: i32 = 3;

/// The id of what can be commented on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubjectId {
    /// A story.
    Story(StoryId),
    /// A theme.
    Theme(ThemeId),
    /// A poll.
    Poll(PollId),
}

/// What comments stand under. Made only from an object that the actor was shown, so who holds
/// one may see the comments under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    pub(super) id: SubjectId,
    pub(super) is_open: bool,
}

/// The replies under a comment. Made only from a comment that the actor was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Thread {
    pub(super) parent: CommentId,
    pub(super) subject: Subject,
}

/// A comment as its reader may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// What it stands under.
    pub subject: Subject,
    /// The comment that it replies to.
    pub parent: Option<CommentId>,
    /// 1 for the first of a thread, 3 at most.
    pub depth: i32,
    /// Markdown; none in a placeholder.
    pub body: Option<String>,
    /// The language it is written in (BCP 47).
    pub language: String,
    /// Who wrote it; none in a placeholder.
    pub author: Option<Profile>,
    /// What of it can be seen.
    pub state: CommentState,
    /// When it was posted.
    pub created_at: Instant,
    /// When its author last changed it.
    pub edited_at: Option<Instant>,
    /// When its author deleted it.
    pub deleted_at: Option<Instant>,
    /// How many visible direct replies it has.
    pub reply_count: i64,
    /// How many accounts support it.
    pub support_count: i64,
    pub(super) root: CommentId,
    pub(crate) author_id: AccountId,
}

/// What the comments that begin a thread are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CommentOrder {
    /// The youngest first.
    #[default]
    Newest,
    /// The eldest first.
    Oldest,
    /// The most supporters first, among equals the youngest.
    MostSupported,
}

impl Subject {
    /// The subject's id.
    pub fn id(&self) -> SubjectId {
        self.id
    }

    /// A story, with whether the public sees it.
    pub(super) fn of_story((id, is_public): (StoryId, bool)) -> Self {
        Self {
            id: SubjectId::Story(id),
            is_open: is_public,
        }
    }

    /// A theme. It takes comments in every status: when it is closed, people tell what came of
    /// it.
    pub(super) fn of_theme(id: ThemeId) -> Self {
        Self {
            id: SubjectId::Theme(id),
            is_open: true,
        }
    }

    /// A poll, with whether the public may know of it.
    pub(super) fn of_poll((id, is_public): (PollId, bool)) -> Self {
        Self {
            id: SubjectId::Poll(id),
            is_open: is_public,
        }
    }
}

impl From<&Story> for Subject {
    fn from(story: &Story) -> Self {
        Self::of_story((story.id, story.is_public()))
    }
}

impl From<&Theme> for Subject {
    fn from(theme: &Theme) -> Self {
        Self::of_theme(theme.id)
    }
}

impl From<&Poll> for Subject {
    fn from(poll: &Poll) -> Self {
        Self::of_poll((poll.id, poll.times.opens_at.is_some()))
    }
}

impl Comment {
    /// The replies under it.
    pub fn thread(&self) -> Thread {
        Thread {
            parent: self.id,
            subject: self.subject,
        }
    }

    /// Whether its author deleted it.
    pub(super) fn is_deleted(&self) -> bool {
        self.state == CommentState::DeletedByAuthor
    }

    /// The comment's place in a list of this order.
    pub(super) fn key(&self, order: CommentOrder) -> Key {
        Key {
            sort: match order {
                CommentOrder::Newest | CommentOrder::Oldest => Sort::Instant(self.created_at),
                CommentOrder::MostSupported => Sort::Number(self.support_count),
            },
            id: self.id.0,
        }
    }
}

impl CommentOrder {
    /// The kind of value that a list of this order is sorted by.
    pub(super) fn sorted_by(self) -> SortKind {
        match self {
            Self::Newest | Self::Oldest => SortKind::Instant,
            Self::MostSupported => SortKind::Number,
        }
    }
}

impl Thread {
    /// The comment that they reply to.
    pub fn parent(&self) -> CommentId {
        self.parent
    }
}
