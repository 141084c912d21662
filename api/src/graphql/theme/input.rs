//! What clients send about themes.

use async_graphql::{Enum, ID, InputObject};
use domain::theme;

use super::types::ThemeStatus;

/// Which themes to list; every part that is given must hold.
#[derive(InputObject, Clone)]
pub(crate) struct ThemeFilter {
    /// One of these statuses.
    status: Option<Vec<ThemeStatus>>,
    /// Followed by you, or not followed by you. Who is not signed in follows nothing.
    viewer_is_following: Option<bool>,
}

/// What a list of themes is sorted by.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "theme::ThemeOrder")]
pub(crate) enum ThemeOrder {
    /// The youngest first.
    Newest,
    /// The most followers first.
    MostFollowed,
    /// By title, A to Z: by its letters and digits, without accents and capitals.
    Title,
}

/// A new theme.
#[derive(InputObject)]
pub(crate) struct ThemeCreateInput {
    /// One line, 3 to 120 characters.
    title: String,
    /// A few lines, 3 to 240 characters.
    summary: String,
    /// Markdown, at most 10,000 characters.
    #[graphql(default)]
    description: String,
}

/// What changes in a theme; what is absent or null stays.
#[derive(InputObject)]
pub(crate) struct ThemeUpdateInput {
    /// The theme.
    pub(super) theme_id: ID,
    /// One line, 3 to 120 characters.
    title: Option<String>,
    /// A few lines, 3 to 240 characters.
    summary: Option<String>,
    /// Markdown, at most 10,000 characters.
    description: Option<String>,
}

/// A new entry of a theme's follow-up log.
#[derive(InputObject)]
pub(crate) struct ThemeUpdatePostInput {
    /// The theme.
    pub(super) theme_id: ID,
    /// One line, 3 to 120 characters.
    title: String,
    /// Markdown, 1 to 10,000 characters.
    body: String,
    /// The theme's status from here on; it stays as it is where absent or null.
    status: Option<ThemeStatus>,
}

/// Following a theme, or not.
#[derive(InputObject)]
pub(crate) struct ThemeFollowInput {
    /// The theme.
    pub(super) theme_id: ID,
    /// True to follow, false to stop; either twice is the same as once.
    pub(super) following: bool,
}

impl From<ThemeFilter> for theme::ThemeFilter {
    fn from(filter: ThemeFilter) -> Self {
        Self {
            status: filter
                .status
                .map(|status| status.into_iter().map(Into::into).collect()),
            followed: filter.viewer_is_following,
        }
    }
}

impl From<ThemeCreateInput> for theme::ThemeDraft {
    fn from(input: ThemeCreateInput) -> Self {
        Self {
            title: input.title,
            summary: input.summary,
            description: input.description,
        }
    }
}

impl From<ThemeUpdateInput> for theme::ThemeChange {
    fn from(input: ThemeUpdateInput) -> Self {
        Self {
            title: input.title,
            summary: input.summary,
            description: input.description,
        }
    }
}

impl From<ThemeUpdatePostInput> for theme::ThemeUpdateDraft {
    fn from(input: ThemeUpdatePostInput) -> Self {
        Self {
            title: input.title,
            body: input.body,
            status: input.status.map(Into::into),
        }
    }
}
