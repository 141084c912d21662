//! Where a person is named.

/// A column that names an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// The table.
    pub table: &'static str,
    /// The column that holds the account's id.
    pub column: &'static str,
    /// Columns that are not shown: secrets, which would let someone act for the person.
    pub withheld: &'static [&'static str],
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

const fn kept(table: &'static str, column: &'static str) -> Holding {
    Holding {
        table,
        column,
        withheld: &[],
        fate: Fate::Kept,
    }
}

const fn removed(table: &'static str, withheld: &'static [&'static str]) -> Holding {
    Holding {
        table,
        column: "account_id",
        withheld,
        fate: Fate::Removed,
    }
}

/// Every column that names an account, but that of `account` itself, in an order in which rows can
/// be removed.
pub const HOLDINGS: [Holding; 30] = [
    removed("account_contribution", &[]),
    removed("account_use", &[]),
    removed("stated_role", &[]),
    removed("account_identity", &[]),
    removed(
        "registration",
        &["password_hash", "token_hash", "visitor_id"],
    ),
    removed("mailed_link", &["token_hash"]),
    removed("recovery_code", &["code_hash"]),
    removed("second_factor", &["secret"]),
    removed("session", &[]),
    removed("account_block", &[]),
    removed("account_role", &[]),
    removed("theme_follow", &[]),
    removed("partner_member", &[]),
    kept("partner", "created_by"),
    kept("embed", "created_by"),
    kept("theme", "created_by"),
    kept("theme_update", "created_by"),
    kept("story", "author_id"),
    kept("story_revision", "edited_by"),
    kept("story_reaction", "account_id"),
    kept("story_series", "created_by"),
    kept("comment", "author_id"),
    kept("comment_support", "account_id"),
    Holding {
        table: "moderation_case",
        column: "author_id",
        withheld: &["claimed_by", "secret"],
        fate: Fate::Kept,
    },
    kept("moderation_case", "claimed_by"),
    Holding {
        table: "content_report",
        column: "account_id",
        withheld: &["reporter_key"],
        fate: Fate::Kept,
    },
    kept("moderation_appeal", "account_id"),
    kept("moderation_actor", "account_id"),
    kept("poll", "created_by"),
    kept("poll_edit", "edited_by"),
];
