//! Stories as clients see them.

use async_graphql::{Context, Enum, ID, Object};
use domain::{
    moderation::{Subject, story_text},
    story,
};

use super::{
    Author, StorySeries,
    loader::{Body, Themes},
    reaction::Reaction,
};
use crate::graphql::{
    budget::{charge_text, charged_html},
    comment::{Comment, CommentOrder, comments, may_comment},
    connection::{Connection, paging},
    context::request,
    error::Failure,
    moderation::{ModerationDecision, last_decision},
    node,
    partner::{Municipality, Partner},
    scalar::DateTime,
    theme::Theme,
};

/// A story as the API shows it.
pub(crate) struct Story(story::Story);

/// What kind of story it is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "story::StoryKind")]
pub(crate) enum StoryKind {
    /// What somebody lived through or thinks (verhaal).
    Story,
    /// What somebody started or wants to start (initiatief).
    Initiative,
    /// An example of good governance (voorbeeld van goed bestuur).
    Example,
}

/// How far a story has come; read off its instants and the clock.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "story::Lifecycle")]
pub(crate) enum StoryLifecycle {
    /// Its author is at work on it.
    Draft,
    /// Its author offered it.
    Submitted,
    /// It appears at `publishedAt`, an instant to come.
    Scheduled,
    /// `publishedAt` has come.
    Published,
    /// It was withdrawn, for good.
    Withdrawn,
    /// It was put away, for good.
    Archived,
}

/// What the moderators make of a story.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "story::Moderation")]
pub(crate) enum StoryModeration {
    /// Nobody has to judge it.
    None,
    /// It waits for a judgement.
    Pending,
    /// Its author is asked to change it.
    ChangesRequested,
    /// It may be seen.
    Approved,
    /// It may not be published.
    Rejected,
    /// It was taken out of sight.
    Hidden,
}

/// Why a story was withdrawn.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "story::WithdrawalReason")]
pub(crate) enum StoryWithdrawalReason {
    /// The same is told elsewhere.
    Duplicated,
    /// What it asks for has begun.
    Started,
    /// It cannot be done.
    Unfeasible,
    /// What it asks for is done.
    Done,
    /// For a reason in words.
    Other,
}

/// A story (verhaal), an initiative or an example of good governance. Public while its lifecycle
/// is PUBLISHED and its moderation NONE or APPROVED; otherwise only its author, editors,
/// moderators and admins see it.
#[Object]
impl Story {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// The story's address, unique; it stays when the title changes.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// What kind it is.
    async fn kind(&self) -> StoryKind {
        self.0.kind.into()
    }

    /// One line, 10 to 120 characters.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// A few lines, 20 to 240 characters.
    async fn summary(&self) -> &str {
        &self.0.summary
    }

    /// Markdown, 140 to 10,000 characters.
    async fn body(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        let text = self.text(ctx).await?;
        charge_text(ctx, &text).await?;
        Ok(text)
    }

    /// The body as sanitised HTML: headings from `h3`, links with `rel="nofollow ugc noopener"`.
    async fn body_html(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(charged_html(ctx, &self.text(ctx).await?).await?)
    }

    /// The language it is written in (BCP 47), such as `nl`.
    async fn language(&self) -> &str {
        &self.0.language
    }

    /// Who wrote it; the partner, where it is in a partner's name.
    async fn author(&self) -> Author {
        match &self.0.partner {
            Some((partner, name)) => Author::of_partner(*partner, name.clone()),
            None => self.0.author.clone().into(),
        }
    }

    /// The partner in whose name it is; null where it is its author's own.
    async fn partner(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Partner>> {
        let (partner, _) = self.0.partner.as_ref()?;
        let found = request(ctx).loader.load_one(*partner).await;
        found
            .map(|partner| partner.map(Partner::from))
            .map_err(|error| Failure::from(error).into())
            .transpose()
    }

    /// The municipality it is about; null where it is about none in particular.
    async fn municipality(&self) -> Option<Municipality> {
        self.0.municipality.clone().map(Municipality::from)
    }

    /// What it is about, at most 5 themes, by slug.
    async fn themes(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Theme>> {
        let themes = request(ctx)
            .loader
            .load_one(Themes(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(themes
            .unwrap_or_default()
            .into_iter()
            .map(Theme::from)
            .collect())
    }

    /// The series it stands in; null where it stands alone.
    async fn series(&self) -> Option<StorySeries> {
        let place = self.0.series.clone()?;
        Some(StorySeries::from(place.series))
    }

    /// Its place in the series, from 1; null where it stands alone. Places before it may belong
    /// to stories that you may not see.
    async fn series_position(&self) -> Option<i64> {
        Some(self.0.series.as_ref()?.position)
    }

    /// How far it has come. The public only ever sees PUBLISHED.
    async fn lifecycle(&self) -> StoryLifecycle {
        self.0.lifecycle.into()
    }

    /// What the moderators make of it. The public only ever sees NONE and APPROVED.
    async fn moderation(&self) -> StoryModeration {
        self.0.moderation.into()
    }

    /// What the moderators last told its author, at most 1,000 characters; null where they said
    /// nothing, and for everyone but its author, editors, moderators and admins.
    async fn moderation_statement(&self, ctx: &Context<'_>) -> Option<&str> {
        self.record(ctx)?.moderation_statement.as_deref()
    }

    /// What the moderators last decided on it, for `moderationDecisionAppeal`; null where that was
    /// nothing, and for everyone but its author, moderators and admins.
    async fn moderation_decision(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<ModerationDecision>> {
        Ok(last_decision(ctx, Subject::Story(self.0.id)).await?)
    }

    /// When it was last submitted; null where it never was, and for everyone but its author,
    /// editors, moderators and admins.
    async fn submitted_at(&self, ctx: &Context<'_>) -> Option<DateTime> {
        self.record(ctx)?.submitted_at.map(DateTime)
    }

    /// From when it is public, as far as its moderation allows; null where nobody published it.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.published_at.map(DateTime)
    }

    /// When it was withdrawn; null where it was not.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        Some(DateTime(self.0.withdrawal.as_ref()?.at))
    }

    /// Why it was withdrawn; null where it was not.
    async fn withdrawal_reason(&self) -> Option<StoryWithdrawalReason> {
        Some(self.0.withdrawal.as_ref()?.reason.into())
    }

    /// Why it was withdrawn, in at most 500 characters; null where it was not, or without words.
    async fn withdrawal_explanation(&self) -> Option<&str> {
        self.0.withdrawal.as_ref()?.explanation.as_deref()
    }

    /// When its text last changed after it was first submitted or published; null where it never
    /// did.
    async fn edited_at(&self) -> Option<DateTime> {
        self.0.edited_at.map(DateTime)
    }

    /// Which version of its text this is, from 1; each change after it was first submitted or
    /// published makes a new one.
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// How many visible comments it has, replies included.
    pub(crate) async fn comment_count(&self) -> i64 {
        self.0.comment_count
    }

    /// The comments that begin a thread; the replies stand under each.
    pub(crate) async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only comments behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only comments before this cursor.")] before: Option<String>,
        #[graphql(desc = "Sorted by what; NEWEST where absent.")] order_by: Option<CommentOrder>,
    ) -> async_graphql::Result<Connection<Comment>> {
        let paging = paging(first, after, last, before);
        Ok(comments(ctx, (&self.0).into(), &paging, order_by).await?)
    }

    /// The energy that people gave it: the number of its reactions of all kinds, plus the number of
    /// people who have a visible comment under it, without its author and erased accounts.
    async fn energy(&self) -> i64 {
        self.0.energy
    }

    /// Its energy by kind, every kind once, in the order LOVE, JOIN, SHARE.
    async fn reactions(&self) -> Vec<Reaction> {
        Reaction::of(&self.0)
    }

    /// Whether you may change it: its author until it is published or where the moderators ask
    /// for it, editors from the first submission on.
    async fn viewer_can_edit(&self, ctx: &Context<'_>) -> bool {
        story::may_edit(&request(ctx).actor, &self.0)
    }

    /// Whether you may comment on it: everyone with an account, while it is public.
    pub(crate) async fn viewer_can_comment(&self, ctx: &Context<'_>) -> bool {
        may_comment(ctx, (&self.0).into())
    }

    /// Whether you may report it to the moderators: everyone with an account or a visitor's token
    /// but its author, while it is public.
    async fn viewer_can_report(&self, ctx: &Context<'_>) -> bool {
        story::may_report(&request(ctx).actor, &self.0)
    }
}

impl Story {
    /// The body, which a story that came in a list does not carry.
    async fn text(&self, ctx: &Context<'_>) -> Result<String, Failure> {
        if let Some(body) = &self.0.body {
            return Ok(body.clone());
        }
        let body = request(ctx).loader.load_one(Body(self.0.id)).await?;
        Ok(body.unwrap_or_default())
    }

    /// Title, summary and body, as a case of moderation keeps them.
    pub(crate) async fn whole_text(&self, ctx: &Context<'_>) -> Result<String, Failure> {
        let body = self.text(ctx).await?;
        Ok(story_text(&self.0.title, &self.0.summary, &body))
    }

    /// The story for those who may see how it was judged.
    fn record(&self, ctx: &Context<'_>) -> Option<&story::Story> {
        story::may_see_judgement(&request(ctx).actor, &self.0).then_some(&self.0)
    }
}

impl From<story::Story> for Story {
    fn from(story: story::Story) -> Self {
        Self(story)
    }
}
