//! What the rest of the program sees of moderation.

use chrono::TimeDelta;
use uuid::Uuid;

use super::ModerationRefusal;
use crate::{
    clock::Instant,
    id::{AccountId, CommentId, OptionId, StoryId},
    job::HeldContribution,
    page::{Key, Sort, SortKind},
};

pub use entity::{
    content_report::{Model as Report, Reason},
    moderation_appeal::Model as Appeal,
    moderation_case::{CaseState, Model as Case, SubjectKind},
    moderation_entry::{Action, Model as Entry},
    moderation_template::Model as Template,
};

/// What a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A story.
    Story(StoryId),
    /// A comment.
    Comment(CommentId),
    /// An answer that a voter wrote.
    Answer(OptionId),
    /// How a person shows themselves to others.
    Profile(AccountId),
}

/// An entry of the record, with what it leaves beside the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The entry.
    pub entry: Entry,
    /// What the author was told; none where that was nothing, or went with its author.
    pub statement: Option<String>,
    /// Who made it; none where the platform did, or the reader may not know.
    pub decided_by: Option<AccountId>,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The case, decided unless it is among those that were left alone.
    pub case: Case,
    /// The others that were decided with it.
    pub also: Vec<Case>,
    /// Those that were not decided, as they are.
    pub left_alone: Vec<LeftAlone>,
}

/// A case that was not decided with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// The case as it is.
    pub case: Case,
    /// The refusal that left it undecided.
    pub refusal: ModerationRefusal,
}

/// How long a case may wait for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// What was submitted or held before the public saw it.
    pub held: TimeDelta,
    /// What was reported, and appeals.
    pub reported: TimeDelta,
}

/// What came of checking the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Every entry is as it was made.
    Whole {
        /// How many entries there are.
        entries: i64,
        /// The hash of the last; empty where there is none.
        head: String,
    },
    /// The first entry that is not as it was made, does not follow the one before, or is gone.
    Broken {
        /// Its place in the record, from 1.
        position: i64,
    },
}

/// Which cases a list holds; every part that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// In one of these states.
    pub state: Option<Vec<CaseState>>,
    /// About one of these kinds.
    pub kind: Option<Vec<SubjectKind>>,
    /// Open beyond its deadline, or not.
    pub overdue: Option<bool>,
    /// With an appeal that waits, or without.
    pub appealed: Option<bool>,
    /// Claimed by this moderator now.
    pub claimed_by: Option<AccountId>,
    /// Of at least this priority.
    pub least_priority: Option<i64>,
}

/// What a list of cases is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CaseOrder {
    /// The highest priority first.
    #[default]
    Priority,
    /// The eldest first.
    Oldest,
    /// The youngest first.
    Newest,
    /// The one that is to be decided first comes first.
    Due,
}

/// What is reported or held, as it is now.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) subject: Subject,
    pub(super) text: String,
    pub(super) author: Option<AccountId>,
    pub(super) is_public: bool,
    /// Whether it waits for a moderator before the public sees it.
    pub(super) is_held: bool,
}

/// Whether what an open case is about waits to be read, and for nothing else: no report and no
/// appeal asks for a decision.
pub(super) fn is_unread_alone(case: &Case) -> bool {
    case.priority == 0 && case.account_report_count == 0 && case.appeal_id.is_none()
}

impl CaseFilter {
    /// Whether it asks for states and nothing else.
    #[must_use]
    pub fn is_by_state_alone(&self) -> bool {
        let rest = Self {
            state: None,
            ..self.clone()
        };
        rest == Self::default()
    }
}

impl Default for Deadlines {
    /// Three days for what the public does not see yet, one for what was reported.
    fn default() -> Self {
        Self {
            held: TimeDelta::days(3),
            reported: TimeDelta::days(1),
        }
    }
}

impl Subject {
    /// The subject of a case.
    pub fn of(case: &Case) -> Self {
        Self::from_parts(case.subject_kind, case.subject_id)
    }

    pub(super) fn from_parts(kind: SubjectKind, id: Uuid) -> Self {
        match kind {
            SubjectKind::Story => Self::Story(StoryId(id)),
            SubjectKind::Comment => Self::Comment(CommentId(id)),
            SubjectKind::Answer => Self::Answer(OptionId(id)),
            SubjectKind::Profile => Self::Profile(AccountId(id)),
        }
    }

    pub(super) fn split(self) -> (SubjectKind, Uuid) {
        match self {
            Self::Story(id) => (SubjectKind::Story, id.0),
            Self::Comment(id) => (SubjectKind::Comment, id.0),
            Self::Answer(id) => (SubjectKind::Answer, id.0),
            Self::Profile(id) => (SubjectKind::Profile, id.0),
        }
    }
}

impl From<HeldContribution> for Subject {
    fn from(contribution: HeldContribution) -> Self {
        match contribution {
            HeldContribution::Story(id) => Self::Story(id),
            HeldContribution::Comment(id) => Self::Comment(id),
            HeldContribution::Answer(id) => Self::Answer(id),
        }
    }
}

impl CaseOrder {
    /// The kind of value that a list of this order is sorted by.
    pub(super) fn sorted_by(self) -> SortKind {
        match self {
            Self::Priority => SortKind::Number,
            Self::Oldest | Self::Newest | Self::Due => SortKind::Instant,
        }
    }

    /// The case's place in a list of this order.
    pub(super) fn key(self, case: &Case) -> Key {
        Key {
            sort: match self {
                Self::Priority => Sort::Number(case.priority),
                Self::Oldest | Self::Newest => Sort::Instant(case.created_at),
                Self::Due => Sort::Instant(case.due_at),
            },
            id: case.id.0,
        }
    }
}

/// The entry's place in the record.
pub(super) fn place(entry: &Entry) -> Key {
    Key {
        sort: Sort::Number(entry.position),
        id: entry.id.0,
    }
}

/// Until when a case is someone's at `now`; none where it is nobody's.
pub(super) fn claim(case: &Case, now: Instant) -> Option<(AccountId, Instant)> {
    case.claimed_by
        .zip(case.claimed_until)
        .filter(|(_, until)| *until > now)
}

/// What becomes of a case by an action.
pub(super) fn outcome(action: Action) -> CaseState {
    match action {
        Action::Approve | Action::Restore | Action::Unblock => CaseState::Approved,
        Action::RequestChanges => CaseState::ChangesRequested,
        Action::Reject => CaseState::Rejected,
        Action::Hide => CaseState::Hidden,
        Action::Ignore => CaseState::Ignored,
        Action::Block => CaseState::Blocked,
    }
}

/// Whether an action goes against its author.
pub(super) fn is_adverse(action: Action) -> bool {
    matches!(
        action,
        Action::RequestChanges | Action::Reject | Action::Hide | Action::Block
    )
}

/// Whether an action takes back the one before.
pub(super) fn reverses(before: Action, action: Action) -> bool {
    match before {
        Action::Block => action == Action::Unblock,
        Action::Unblock => action == Action::Block,
        Action::Hide | Action::Reject | Action::RequestChanges => {
            matches!(action, Action::Approve | Action::Restore | Action::Ignore)
        }
        Action::Approve | Action::Restore | Action::Ignore => {
            matches!(action, Action::Hide | Action::Reject)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_back_was_there() {
        assert!(reverses(Action::Hide, Action::Restore));
        assert!(reverses(Action::Approve, Action::Hide));
        assert!(reverses(Action::Block, Action::Unblock));
        assert!(!reverses(Action::Hide, Action::Reject));
        assert!(!reverses(Action::Approve, Action::Ignore));
        assert!(!reverses(Action::Hide, Action::Unblock));
    }
}
