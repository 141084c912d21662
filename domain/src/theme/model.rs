//! What the rest of the program sees of themes.

use crate::{
    clock::Instant,
    id::{ThemeId, ThemeUpdateId},
    page::{Key, Sort, SortKind},
    text,
};

pub use entity::theme::ThemeStatus;

/// A theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Its id.
    pub id: ThemeId,
    /// Its address, unique and for ever.
    pub slug: String,
    /// One line.
    pub title: String,
    /// A few lines.
    pub summary: String,
    /// Markdown.
    pub description: String,
    /// Where it stands.
    pub status: ThemeStatus,
    /// How many accounts follow it.
    pub follower_count: i64,
    /// How many visible comments it has.
    pub comment_count: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When its text or status last changed.
    pub updated_at: Instant,
}

/// An entry of a theme's follow-up log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeUpdate {
    /// Its id.
    pub id: ThemeUpdateId,
    /// One line.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// The theme's status before this entry.
    pub status_before: ThemeStatus,
    /// The theme's status from this entry on.
    pub status_after: ThemeStatus,
    /// When it was posted.
    pub created_at: Instant,
}

/// Which themes a list holds; every part that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThemeFilter {
    /// One of these statuses.
    pub status: Option<Vec<ThemeStatus>>,
    /// Followed by the actor, or not.
    pub followed: Option<bool>,
}

/// What a list of themes is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ThemeOrder {
    /// The youngest first.
    #[default]
    Newest,
    /// The most followers first.
    MostFollowed,
    /// By title, A to Z.
    Title,
}

impl ThemeOrder {
    /// The kind of value that a list of this order is sorted by.
    pub(super) fn sorted_by(self) -> SortKind {
        match self {
            Self::Newest => SortKind::Instant,
            Self::MostFollowed => SortKind::Number,
            Self::Title => SortKind::Text,
        }
    }
}

impl Theme {
    /// The theme's place in a list of this order.
    pub(super) fn key(&self, order: ThemeOrder) -> Key {
        Key {
            sort: match order {
                ThemeOrder::Newest => Sort::Instant(self.created_at),
                ThemeOrder::MostFollowed => Sort::Number(self.follower_count),
                ThemeOrder::Title => Sort::Text(text::sort_key(&self.title)),
            },
            id: self.id.0,
        }
    }
}

impl ThemeUpdate {
    /// The entry's place in the log.
    pub(super) fn key(&self) -> Key {
        Key {
            sort: Sort::Instant(self.created_at),
            id: self.id.0,
        }
    }
}
