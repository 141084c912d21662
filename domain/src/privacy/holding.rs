//! The columns that name a person, and the columns of those rows that they get to see.

mod columns;

use columns::{
    COMMENT, COUNTS_AND_REPORTERS, ENTRY, OF_AUTHOR, POLL, RECORD, REVISION_OF_AUTHOR, STORY,
};

/// Rows that are held on a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// The table.
    pub table: &'static str,
    /// The column that leads to the account.
    pub column: &'static str,
    /// The tables in between, with the column of each that leads on; none where `column` itself
    /// holds the account's id.
    pub through: &'static [(&'static str, &'static str)],
    /// The columns that leave in the person's export. Whatever is not listed stays: a column that
    /// is added later leaves nobody's data by itself.
    pub leaves: &'static [&'static str],
    /// The columns that never leave: secrets, hashes, keys, ids and words of others, and what would
    /// tell who reported or how many did. A test compares both lists with the tables.
    pub stays: &'static [&'static str],
    /// What becomes of the rows when the person is erased.
    pub fate: Fate,
}

/// What becomes of rows when a person is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They stay, and name an account that is nobody's.
    Kept,
    /// They go.
    Removed,
}

const fn kept(
    table: &'static str,
    column: &'static str,
    leaves: &'static [&'static str],
    stays: &'static [&'static str],
) -> Holding {
    Holding {
        table,
        column,
        through: &[],
        leaves,
        stays,
        fate: Fate::Kept,
    }
}

const fn removed(
    table: &'static str,
    leaves: &'static [&'static str],
    stays: &'static [&'static str],
) -> Holding {
    Holding {
        fate: Fate::Removed,
        ..kept(table, "account_id", leaves, stays)
    }
}

/// The account itself.
pub const ACCOUNT: Holding = kept(
    "account",
    "id",
    &[
        "id",
        "email",
        "provider_email",
        "display_name",
        "locale",
        "email_verified_at",
        "created_at",
        "updated_at",
    ],
    &["password_hash"],
);

/// Every column that names an account, but that of `account` itself, in an order in which rows can
/// be removed; and the tables whose rows belong to a person through another table.
pub const HOLDINGS: [Holding; 34] = [
    removed(
        "account_contribution",
        &["account_id", "contributions"],
        &[],
    ),
    removed(
        "account_use",
        &["account_id", "seen_at", "warned_at", "erasable_at"],
        &[],
    ),
    removed(
        "stated_role",
        &["issuer", "subject", "role", "account_id", "stated_at"],
        &[],
    ),
    removed(
        "account_identity",
        &["issuer", "subject", "account_id", "created_at"],
        &[],
    ),
    // Until the address is verified a registration may be someone else's, who typed it.
    removed(
        "registration",
        &["id", "account_id", "locale", "expires_at", "created_at"],
        &["password_hash", "display_name", "visitor_id", "token_hash"],
    ),
    removed(
        "mailed_link",
        &["account_id", "purpose", "expires_at"],
        &["token_hash"],
    ),
    removed("recovery_code", &["account_id"], &["code_hash"]),
    removed(
        "second_factor",
        &["account_id", "enrolled_at", "confirmed_at"],
        &["secret", "last_step"],
    ),
    removed(
        "session",
        &[
            "id",
            "account_id",
            "created_at",
            "last_seen_at",
            "expires_at",
            "revoked_at",
            "second_factor",
        ],
        &[],
    ),
    removed(
        "account_block",
        &["account_id", "blocked_at", "blocked_until"],
        &[],
    ),
    removed("account_role", &["account_id", "role", "granted_at"], &[]),
    removed("hidden_name", &["account_id", "created_at"], &["name_key"]),
    removed(
        "theme_follow",
        &["theme_id", "account_id", "created_at"],
        &[],
    ),
    removed(
        "partner_member",
        &["partner_id", "account_id", "role", "created_at"],
        &[],
    ),
    kept(
        "partner",
        "created_by",
        &[
            "id",
            "slug",
            "name",
            "kind",
            "website",
            "municipality_code",
            "created_by",
            "created_at",
        ],
        &["name_key"],
    ),
    kept(
        "embed",
        "created_by",
        &[
            "id",
            "poll_id",
            "partner_id",
            "locale",
            "accent_color",
            "revision",
            "created_by",
            "created_at",
            "revoked_at",
        ],
        &["subject_key"],
    ),
    kept(
        "theme",
        "created_by",
        &[
            "id",
            "slug",
            "title",
            "summary",
            "description",
            "status",
            "follower_count",
            "comment_count",
            "created_by",
            "created_at",
            "updated_at",
        ],
        &["title_key"],
    ),
    kept(
        "theme_update",
        "created_by",
        &[
            "id",
            "theme_id",
            "title",
            "body",
            "status_before",
            "status_after",
            "created_by",
            "created_at",
        ],
        &[],
    ),
    kept("story", "author_id", STORY, &[]),
    Holding {
        through: &[("story", "author_id")],
        ..kept(
            "story_revision",
            "story_id",
            REVISION_OF_AUTHOR,
            &["edited_by"],
        )
    },
    // Who edits what another wrote leaves that other's words behind.
    kept(
        "story_revision",
        "edited_by",
        &["id", "story_id", "number", "edited_at", "edited_by"],
        &["title", "summary", "body"],
    ),
    kept(
        "story_reaction",
        "account_id",
        &["story_id", "account_id", "kind", "created_at"],
        &[],
    ),
    kept(
        "story_series",
        "created_by",
        &[
            "id",
            "slug",
            "title",
            "intro",
            "created_by",
            "created_at",
            "updated_at",
        ],
        &[],
    ),
    kept("comment", "author_id", COMMENT, &[]),
    kept(
        "comment_support",
        "account_id",
        &["comment_id", "account_id", "created_at"],
        &[],
    ),
    kept(
        "moderation_case",
        "author_id",
        &[
            "id",
            "subject_kind",
            "subject_id",
            "snapshot",
            "author_id",
            "state",
        ],
        COUNTS_AND_REPORTERS,
    ),
    // A moderator's claim; what the case is about, and whose it is, is another's.
    kept(
        "moderation_case",
        "claimed_by",
        &["id", "subject_kind", "claimed_by", "claimed_until"],
        OF_AUTHOR,
    ),
    Holding {
        through: &[("moderation_case", "author_id")],
        ..kept("moderation_entry", "case_id", ENTRY, RECORD)
    },
    Holding {
        through: &[
            ("moderation_entry", "case_id"),
            ("moderation_case", "author_id"),
        ],
        ..kept(
            "moderation_statement",
            "entry_id",
            &["entry_id", "text"],
            &["salt"],
        )
    },
    kept(
        "content_report",
        "account_id",
        &[
            "id",
            "case_id",
            "account_id",
            "reason",
            "explanation",
            "upheld",
            "created_at",
        ],
        &["reporter_key"],
    ),
    kept(
        "moderation_appeal",
        "account_id",
        &[
            "id",
            "entry_id",
            "case_id",
            "account_id",
            "statement",
            "outcome_id",
            "created_at",
        ],
        &[],
    ),
    kept(
        "moderation_actor",
        "account_id",
        &["entry_id", "account_id"],
        &[],
    ),
    kept("poll", "created_by", POLL, &["voter_secret", "title_key"]),
    // What stood there before may be another's words.
    kept(
        "poll_edit",
        "edited_by",
        &[
            "id",
            "poll_id",
            "question_id",
            "option_id",
            "field",
            "after",
            "edited_by",
            "edited_at",
        ],
        &["before"],
    ),
];
