//! What the rest of the program sees of moderation.

use uuid::Uuid;

use crate::{
    id::{AccountId, CommentId, OptionId, StoryId},
    page::{Key, Sort},
};

pub use entity::{
    content_report::{Model as Report, Reason},
    moderation_case::{CaseState, Model as Case, SubjectKind},
    moderation_entry::{Action, Model as Entry},
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
}

/// An entry of the record, with who made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The entry.
    pub entry: Entry,
    /// Who made it; none where the platform did.
    pub decided_by: Option<AccountId>,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The case.
    pub case: Case,
    /// The others that were decided with it.
    pub also: Vec<Case>,
}

/// Which cases a list holds; every part that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// In one of these states.
    pub state: Option<Vec<CaseState>>,
    /// About one of these kinds.
    pub kind: Option<Vec<SubjectKind>>,
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
}

/// What is reported, as it is now.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) subject: Subject,
    pub(super) text: String,
    pub(super) author: Option<AccountId>,
    pub(super) is_public: bool,
}

impl Subject {
    /// The subject of a case.
    pub fn of(case: &Case) -> Self {
        match case.subject_kind {
            SubjectKind::Story => Self::Story(StoryId(case.subject_id)),
            SubjectKind::Comment => Self::Comment(CommentId(case.subject_id)),
            SubjectKind::Answer => Self::Answer(OptionId(case.subject_id)),
        }
    }

    pub(super) fn split(self) -> (SubjectKind, Uuid) {
        match self {
            Self::Story(id) => (SubjectKind::Story, id.0),
            Self::Comment(id) => (SubjectKind::Comment, id.0),
            Self::Answer(id) => (SubjectKind::Answer, id.0),
        }
    }
}

impl CaseOrder {
    /// The case's place in a list of this order.
    pub(super) fn key(self, case: &Case) -> Key {
        Key {
            sort: match self {
                Self::Priority => Sort::Number(case.priority),
                Self::Oldest | Self::Newest => Sort::Instant(case.created_at),
            },
            id: case.id.0,
        }
    }
}

/// What becomes of a case by an action.
pub(super) fn outcome(action: Action) -> CaseState {
    match action {
        Action::Approve | Action::Restore => CaseState::Approved,
        Action::RequestChanges => CaseState::ChangesRequested,
        Action::Reject => CaseState::Rejected,
        Action::Hide => CaseState::Hidden,
        Action::Ignore => CaseState::Ignored,
    }
}

/// Whether an action takes back what became of a case before.
pub(super) fn reverses(before: CaseState, action: Action) -> bool {
    matches!(
        (before, action),
        (
            CaseState::Hidden | CaseState::Rejected,
            Action::Approve | Action::Restore
        ) | (CaseState::Approved, Action::Hide | Action::Reject)
    )
}
