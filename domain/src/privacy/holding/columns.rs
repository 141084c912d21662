//! Lists of columns that are long.

/// Of a story.
pub(super) const STORY: &[&str] = &[
    "id",
    "slug",
    "kind",
    "title",
    "summary",
    "body",
    "language",
    "author_id",
    "partner_id",
    "municipality_code",
    "submitted_at",
    "published_at",
    "withdrawn_at",
    "withdrawal_reason",
    "withdrawal_explanation",
    "archived_at",
    "moderation",
    "moderation_statement",
    "edited_at",
    "version",
    "comment_count",
    "love_count",
    "join_count",
    "share_count",
    "energy",
    "created_at",
    "updated_at",
];
/// Of an earlier version of a story, what its author gets.
pub(super) const REVISION_OF_AUTHOR: &[&str] = &[
    "id",
    "story_id",
    "number",
    "title",
    "summary",
    "body",
    "edited_at",
];
/// Of a comment.
pub(super) const COMMENT: &[&str] = &[
    "id",
    "subject_kind",
    "subject_id",
    "parent_id",
    "root_id",
    "depth",
    "body",
    "language",
    "author_id",
    "state",
    "created_at",
    "edited_at",
    "deleted_at",
    "reply_count",
    "support_count",
];
/// Of a poll: all but the secret that leads from its ballots to people.
pub(super) const POLL: &[&str] = &[
    "id",
    "slug",
    "title",
    "description",
    "pace",
    "active_question_id",
    "opens_at",
    "closes_at",
    "closed_early_at",
    "paused_at",
    "cancelled_at",
    "results_published_at",
    "archived_at",
    "results_visibility",
    "vote_change",
    "eligibility",
    "run",
    "comment_count",
    "partner_id",
    "created_by",
    "created_at",
    "updated_at",
];
/// Of a case, what its author does not learn: the times and numbers change with each report.
pub(super) const COUNTS_AND_REPORTERS: &[&str] = &[
    "secret",
    "priority",
    "version",
    "report_count",
    "account_report_count",
    "findings",
    "appeal_id",
    "created_at",
    "opened_at",
    "changed_at",
    "due_at",
    "claimed_by",
    "claimed_until",
];
/// Of a case, what a moderator who claimed it does not get: it is another's.
pub(super) const OF_AUTHOR: &[&str] = &[
    "subject_id",
    "secret",
    "snapshot",
    "author_id",
    "state",
    "priority",
    "version",
    "report_count",
    "account_report_count",
    "findings",
    "appeal_id",
    "created_at",
    "opened_at",
    "changed_at",
    "due_at",
];
/// Of a decision on what a person wrote, what they learn.
pub(super) const ENTRY: &[&str] = &[
    "id",
    "case_id",
    "subject_kind",
    "action",
    "reason_code",
    "is_reversal",
    "created_at",
];
/// Of a decision, what is the record's: its place among all, its hashes, and the decision on
/// another's item that it was made with.
pub(super) const RECORD: &[&str] = &[
    "position",
    "statement_hash",
    "parent_id",
    "opened_at",
    "previous_hash",
    "hash",
];
