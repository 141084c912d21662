//! Ids of rows: one newtype a table, each a UUID of version 7 (RFC 9562), so that new rows land
//! at the end of their index.

use chrono::{DateTime, Utc};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Timestamp, Uuid};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            DeriveValueType,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id that sorts by `at`, in milliseconds.
            #[must_use]
            pub fn new(at: DateTime<Utc>) -> Self {
                Self(version_7(at))
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

ids! {
    /// An account: a person who signs in.
    AccountId;
    /// A visitor: a person without an account, known only by the token they hold.
    VisitorId;
    /// A request for an account.
    RegistrationId;
    /// A receipt of a person who was erased.
    ErasureId;
    /// A session: one device's sign-in, the family of its refresh tokens.
    SessionId;
    /// A partner.
    PartnerId;
    /// An embed: a poll on the pages of a partner.
    EmbedId;
    /// Someone whom a partner vouches for, as one poll knows them.
    SubjectId;
    /// A theme.
    ThemeId;
    /// An entry of a theme's follow-up log.
    ThemeUpdateId;
    /// A story.
    StoryId;
    /// What a story said before an edit.
    StoryRevisionId;
    /// A series of stories.
    StorySeriesId;
    /// A poll.
    PollId;
    /// A question of a poll.
    QuestionId;
    /// An option of a question.
    OptionId;
    /// A rewording of a poll.
    PollEditId;
    /// A voter's ballot for one question in one run.
    BallotId;
    /// A running process of the platform.
    InstanceId;
    /// A comment.
    CommentId;
    /// A case of moderation.
    ModerationCaseId;
    /// A report on what someone published.
    ContentReportId;
    /// An entry of the record of moderation.
    ModerationEntryId;
    /// An appeal against a decision of a moderator.
    ModerationAppealId;
    /// A template of a moderator's statement.
    ModerationTemplateId;
    /// The end of the record of moderation.
    ModerationChainId;
    /// A job in the queue.
    JobId;
}

fn version_7(at: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(at.timestamp()).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(
        NoContext,
        seconds,
        at.timestamp_subsec_nanos(),
    ))
}
