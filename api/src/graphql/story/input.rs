//! What clients send about stories.

use async_graphql::{Enum, ID, InputObject, MaybeUndefined};
use domain::{id::ThemeId, refusal::Path, story};

use super::{
    reaction::ReactionKind,
    types::{StoryKind, StoryLifecycle, StoryModeration, StoryWithdrawalReason},
};
use crate::graphql::{error::Failure, node, scalar::DateTime, screening::FormInput};

/// Which stories to list; every part that is given must hold. Without `lifecycle` and
/// `moderation` a list holds public stories only.
#[derive(InputObject, Clone)]
pub(crate) struct StoryFilter {
    /// One of these kinds.
    kind: Option<Vec<StoryKind>>,
    /// About this theme.
    theme_id: Option<ID>,
    /// About the theme with this slug.
    theme_slug: Option<String>,
    /// About the municipality with this CBS code, such as `GM0193`.
    municipality_code: Option<String>,
    /// Written in this language (BCP 47), such as `nl`.
    language: Option<String>,
    /// As far as one of these. Editors, moderators and admins; FORBIDDEN for everyone else.
    lifecycle: Option<Vec<StoryLifecycle>>,
    /// Judged as one of these. Editors, moderators and admins; FORBIDDEN for everyone else.
    moderation: Option<Vec<StoryModeration>>,
}

/// What a list of stories is sorted by.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "story::StoryOrder")]
pub(crate) enum StoryOrder {
    /// The last published first; the last made first where the filter names a lifecycle or a
    /// moderation.
    Newest,
    /// The most energy first.
    MostEnergy,
    /// The most visible comments first.
    MostCommented,
}

/// A new story.
#[derive(InputObject)]
pub(crate) struct StoryCreateInput {
    /// What kind it is.
    kind: StoryKind,
    /// One line, 10 to 120 characters.
    title: String,
    /// A few lines, 20 to 240 characters.
    summary: String,
    /// Markdown, 140 to 10,000 characters.
    body: String,
    /// The language it is written in (BCP 47): `nl`, `en`, `nds`, `fy`, `de`, `fr`, `pl`, `tr`,
    /// `ar`, `uk`, `ti` or `fa`.
    language: String,
    /// What it is about, at most 5 themes; one given twice counts once.
    #[graphql(default)]
    theme_ids: Vec<ID>,
    /// The CBS code of the municipality it is about, such as `GM0193`.
    municipality_code: Option<String>,
    /// The partner in whose name it is, by who works for that partner, editors and admins; your own
    /// where absent or null. It stays.
    partner_id: Option<ID>,
}

/// What changes in a story; what is absent stays, and so does what is null, save the
/// municipality.
#[derive(InputObject)]
pub(crate) struct StoryUpdateInput {
    /// The story.
    pub(super) story_id: ID,
    /// What kind it is.
    kind: Option<StoryKind>,
    /// One line, 10 to 120 characters.
    title: Option<String>,
    /// A few lines, 20 to 240 characters.
    summary: Option<String>,
    /// Markdown, 140 to 10,000 characters.
    body: Option<String>,
    /// The language it is written in (BCP 47), one of those that `storyCreate` takes.
    language: Option<String>,
    /// What it is about from now on, at most 5 themes.
    theme_ids: Option<Vec<ID>>,
    /// The CBS code of the municipality it is about; null where it is about none any longer.
    municipality_code: MaybeUndefined<String>,
}

/// Offering a story to the moderators.
#[derive(InputObject)]
pub(crate) struct StorySubmitInput {
    /// The story.
    pub(super) story_id: ID,
    /// What the form tells that it was typed in; null is held against nobody.
    pub(super) form: Option<FormInput>,
}

/// Publishing a story, or scheduling it.
#[derive(InputObject)]
pub(crate) struct StoryPublishInput {
    /// The story.
    pub(super) story_id: ID,
    /// From when it is public: an instant to come schedules it, at most a year ahead; one that
    /// has passed dates it back, to 2000 at the earliest. Now where absent or null.
    pub(super) published_at: Option<DateTime>,
}

/// Withdrawing a story.
#[derive(InputObject)]
pub(crate) struct StoryWithdrawInput {
    /// The story.
    pub(super) story_id: ID,
    /// Why.
    reason: StoryWithdrawalReason,
    /// Why, in 3 to 500 characters; required where the reason is OTHER.
    explanation: Option<String>,
}

/// A new series of stories.
#[derive(InputObject)]
pub(crate) struct StorySeriesCreateInput {
    /// One line, 3 to 120 characters.
    title: String,
    /// Markdown, at most 2,000 characters.
    #[graphql(default)]
    intro: String,
}

/// The stories of a series in order.
#[derive(InputObject)]
pub(crate) struct StorySeriesArrangeInput {
    /// The series.
    pub(super) story_series_id: ID,
    /// Exactly the stories that it holds from now on, in their order: at most 100, none twice,
    /// none of another series.
    pub(super) story_ids: Vec<ID>,
}

/// Giving energy, or taking it back.
#[derive(InputObject)]
pub(crate) struct ReactionSetInput {
    /// The story.
    pub(super) subject_id: ID,
    /// Which kind of energy.
    pub(super) kind: ReactionKind,
    /// True to give it, false to take it back; either twice is the same as once.
    pub(super) active: bool,
}

impl TryFrom<StoryFilter> for story::StoryFilter {
    type Error = Failure;

    fn try_from(filter: StoryFilter) -> Result<Self, Failure> {
        let theme = filter
            .theme_id
            .map(|id| node::decode(&id, Path::from("filter").then("themeId")))
            .transpose()?;
        Ok(Self {
            kind: filter
                .kind
                .map(|kinds| kinds.into_iter().map(Into::into).collect()),
            theme,
            theme_slug: filter.theme_slug,
            municipality_code: filter.municipality_code,
            language: filter.language,
            lifecycle: filter
                .lifecycle
                .map(|lifecycles| lifecycles.into_iter().map(Into::into).collect()),
            moderation: filter
                .moderation
                .map(|moderations| moderations.into_iter().map(Into::into).collect()),
        })
    }
}

impl TryFrom<StoryCreateInput> for story::StoryDraft {
    type Error = Failure;

    fn try_from(input: StoryCreateInput) -> Result<Self, Failure> {
        Ok(Self {
            kind: input.kind.into(),
            title: input.title,
            summary: input.summary,
            body: input.body,
            language: input.language,
            themes: themes(&input.theme_ids)?,
            municipality_code: input.municipality_code,
            partner: input
                .partner_id
                .map(|id| node::decode(&id, "partnerId"))
                .transpose()?,
        })
    }
}

impl TryFrom<StoryUpdateInput> for story::StoryChange {
    type Error = Failure;

    fn try_from(input: StoryUpdateInput) -> Result<Self, Failure> {
        Ok(Self {
            kind: input.kind.map(Into::into),
            title: input.title,
            summary: input.summary,
            body: input.body,
            language: input.language,
            themes: input.theme_ids.as_deref().map(themes).transpose()?,
            municipality_code: match input.municipality_code {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(code) => Some(Some(code)),
            },
        })
    }
}

fn themes(ids: &[ID]) -> Result<Vec<ThemeId>, Failure> {
    node::decode_all(ids, "themeIds")
}

impl From<StoryWithdrawInput> for story::WithdrawalDraft {
    fn from(input: StoryWithdrawInput) -> Self {
        Self {
            reason: input.reason.into(),
            explanation: input.explanation,
        }
    }
}

impl From<StorySeriesCreateInput> for story::StorySeriesDraft {
    fn from(input: StorySeriesCreateInput) -> Self {
        Self {
            title: input.title,
            intro: input.intro,
        }
    }
}
