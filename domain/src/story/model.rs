//! What the rest of the program sees of stories.

use crate::{
    account::Profile,
    clock::Instant,
    id::{PartnerId, StoryId, StorySeriesId, ThemeId},
    page::{Key, Sort, SortKind},
    partner::Municipality,
};

pub use entity::story::{Moderation, StoryKind, WithdrawalReason};
pub use entity::story_reaction::ReactionKind;

/// A story, an initiative or an example of good governance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Its id.
    pub id: StoryId,
    /// Its address, unique and for ever.
    pub slug: String,
    /// What kind it is.
    pub kind: StoryKind,
    /// One line.
    pub title: String,
    /// A few lines.
    pub summary: String,
    /// Markdown; absent where the story was read as part of a list.
    pub body: Option<String>,
    /// The language it is written in (BCP 47), one of [`super::LANGUAGES`].
    pub language: String,
    /// Who wrote it.
    pub author: Profile,
    /// The partner in whose name it is, with what it is called.
    pub partner: Option<(PartnerId, String)>,
    /// The municipality it is about, if it is about one.
    pub municipality: Option<Municipality>,
    /// Where it stands in which series, if it stands in one.
    pub series: Option<SeriesPlace>,
    /// How far it has come, at the instant it was read.
    pub lifecycle: Lifecycle,
    /// When its author last offered it.
    pub submitted_at: Option<Instant>,
    /// From when it may be seen.
    pub published_at: Option<Instant>,
    /// When and why it was withdrawn.
    pub withdrawal: Option<Withdrawal>,
    /// What the moderators make of it.
    pub moderation: Moderation,
    /// What the moderators told its author.
    pub moderation_statement: Option<String>,
    /// When its text last changed after it was first offered.
    pub edited_at: Option<Instant>,
    /// Which version of its text this is, from 1.
    pub version: i64,
    /// How many visible comments it has.
    pub comment_count: i64,
    /// How many reactions of kind LOVE it has.
    pub love_count: i64,
    /// How many reactions of kind JOIN it has.
    pub join_count: i64,
    /// How many reactions of kind SHARE it has.
    pub share_count: i64,
    /// The number of its reactions, plus the number of people but its author with a visible comment.
    pub energy: i64,
    /// When it was made.
    pub created_at: Instant,
    /// When anything but its counts last changed.
    pub updated_at: Instant,
}

/// Where a story stands in a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesPlace {
    /// The series.
    pub series: StorySeries,
    /// The story's place in it, from 1.
    pub position: i64,
}

/// How far a story has come; read off its instants and the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lifecycle {
    /// Its author is at work on it.
    Draft,
    /// Its author offered it.
    Submitted,
    /// It appears at an instant to come.
    Scheduled,
    /// Its instant has come.
    Published,
    /// It was withdrawn.
    Withdrawn,
    /// It was put away.
    Archived,
}

/// When and why a story was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// When.
    pub at: Instant,
    /// Why.
    pub reason: WithdrawalReason,
    /// Why, in words; always there where the reason is OTHER.
    pub explanation: Option<String>,
}

/// A series of stories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorySeries {
    /// Its id.
    pub id: StorySeriesId,
    /// Its address, unique and for ever.
    pub slug: String,
    /// One line.
    pub title: String,
    /// Markdown.
    pub intro: String,
    /// When it was made.
    pub created_at: Instant,
    /// When its text or its order last changed.
    pub updated_at: Instant,
}

/// Which stories a list holds; every part that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoryFilter {
    /// One of these kinds.
    pub kind: Option<Vec<StoryKind>>,
    /// About this theme.
    pub theme: Option<ThemeId>,
    /// About the theme with this slug.
    pub theme_slug: Option<String>,
    /// About the municipality with this CBS code.
    pub municipality_code: Option<String>,
    /// Written in this language.
    pub language: Option<String>,
    /// As far as one of these; for staff only. Without this and `moderation` a list holds what
    /// the public sees.
    pub lifecycle: Option<Vec<Lifecycle>>,
    /// Judged as one of these; for staff only.
    pub moderation: Option<Vec<Moderation>>,
}

/// What a list of stories is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StoryOrder {
    /// The last published first; where unpublished stories are listed, the last made first.
    #[default]
    Newest,
    /// The most energy first.
    MostEnergy,
    /// The most visible comments first.
    MostCommented,
}

/// What a list of stories is sorted by in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rank {
    Published,
    Made,
    Energy,
    Comments,
}

impl Rank {
    /// The kind of value that a list of this rank is sorted by.
    pub(super) fn sorted_by(self) -> SortKind {
        match self {
            Self::Published | Self::Made => SortKind::Instant,
            Self::Energy | Self::Comments => SortKind::Number,
        }
    }
}

impl Story {
    /// Whether the public sees it.
    pub fn is_public(&self) -> bool {
        self.lifecycle == Lifecycle::Published
            && matches!(self.moderation, Moderation::None | Moderation::Approved)
    }

    /// Whether it was withdrawn or put away, for good.
    pub fn has_ended(&self) -> bool {
        matches!(self.lifecycle, Lifecycle::Withdrawn | Lifecycle::Archived)
    }

    /// Whether anyone but its author was meant to read it, so that what it said is kept.
    pub(super) fn was_offered(&self) -> bool {
        self.submitted_at.is_some() || self.published_at.is_some()
    }

    /// How many reactions of this kind it has.
    pub fn reaction_count(&self, kind: ReactionKind) -> i64 {
        match kind {
            ReactionKind::Love => self.love_count,
            ReactionKind::Join => self.join_count,
            ReactionKind::Share => self.share_count,
        }
    }

    /// The story's place in a list of this rank.
    pub(super) fn key(&self, rank: Rank) -> Key {
        Key {
            sort: match rank {
                Rank::Published => Sort::Instant(self.published_at.unwrap_or(self.created_at)),
                Rank::Made => Sort::Instant(self.created_at),
                Rank::Energy => Sort::Number(self.energy),
                Rank::Comments => Sort::Number(self.comment_count),
            },
            id: self.id.0,
        }
    }

    /// The story's place in its series.
    pub(super) fn series_key(&self) -> Key {
        Key {
            sort: Sort::Number(self.series.as_ref().map_or(0, |place| place.position)),
            id: self.id.0,
        }
    }
}

impl Lifecycle {
    /// How far a story has come at `now`, by when it was submitted, published, withdrawn and put
    /// away.
    pub(super) fn at(
        now: Instant,
        submitted: Option<Instant>,
        published: Option<Instant>,
        withdrawn: Option<Instant>,
        archived: Option<Instant>,
    ) -> Self {
        match (archived, withdrawn, published, submitted) {
            (Some(_), ..) => Self::Archived,
            (_, Some(_), ..) => Self::Withdrawn,
            (_, _, Some(published), _) if published <= now => Self::Published,
            (_, _, Some(_), _) => Self::Scheduled,
            (.., Some(_)) => Self::Submitted,
            _ => Self::Draft,
        }
    }
}

impl StoryFilter {
    /// Whether it asks for more than the public sees.
    pub(super) fn is_for_staff(&self) -> bool {
        self.lifecycle.is_some() || self.moderation.is_some()
    }

    /// What a list with this filter and `order` is sorted by.
    pub(super) fn rank(&self, order: StoryOrder) -> Rank {
        match order {
            StoryOrder::Newest if self.is_for_staff() => Rank::Made,
            StoryOrder::Newest => Rank::Published,
            StoryOrder::MostEnergy => Rank::Energy,
            StoryOrder::MostCommented => Rank::Comments,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lifecycle_follows_the_instants_and_the_clock() {
        let at = |seconds| Instant::from_timestamp(seconds, 0);
        let now = at(100).unwrap();
        for (submitted, published, withdrawn, archived, expected) in [
            (None, None, None, None, Lifecycle::Draft),
            (at(1), None, None, None, Lifecycle::Submitted),
            (at(1), at(101), None, None, Lifecycle::Scheduled),
            (at(1), at(100), None, None, Lifecycle::Published),
            (None, at(99), None, None, Lifecycle::Published),
            (at(1), at(99), at(100), None, Lifecycle::Withdrawn),
            (at(1), at(101), at(100), None, Lifecycle::Withdrawn),
            (None, None, at(100), None, Lifecycle::Withdrawn),
            (at(1), at(99), None, at(100), Lifecycle::Archived),
            (at(1), at(99), at(100), at(100), Lifecycle::Archived),
        ] {
            assert_eq!(
                Lifecycle::at(now, submitted, published, withdrawn, archived),
                expected
            );
        }
    }
}
