//! Themes as clients see them.

use async_graphql::{ComplexObject, Context, Enum, ID, Object, SimpleObject};
use domain::{id::ThemeUpdateId, theme};

use crate::graphql::{
    budget::{charge_text, charged_html},
    comment::{Comment, CommentOrder, comments, may_comment},
    connection::{Connection, page, paging},
    context::request,
    error::Failure,
    loader::Following,
    node,
    poll::{self, Poll, PollCountOf},
    scalar::DateTime,
    story::{Story, StoryCount, stories_by_theme},
};

/// A theme as the API shows it.
pub(crate) struct Theme(theme::Theme);

/// Where a theme stands on its way from talk to action.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "theme::ThemeStatus")]
pub(crate) enum ThemeStatus {
    /// People brought it up.
    Raised,
    /// It is being looked into.
    Exploring,
    /// It is on the agenda of the province or a partner.
    Agenda,
    /// A decision was taken.
    Decided,
    /// The decision is being carried out.
    InExecution,
    /// It is finished.
    Closed,
}

/// An entry of a theme's follow-up log. Never edited; a correction is a new entry.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct ThemeUpdate {
    #[graphql(skip)]
    key: ThemeUpdateId,
    /// One line, 3 to 120 characters.
    title: String,
    /// Markdown, at most 10,000 characters.
    body: String,
    /// The theme's status before this entry.
    status_before: ThemeStatus,
    /// The theme's status from this entry on.
    status_after: ThemeStatus,
    /// When it was posted.
    created_at: DateTime,
}

#[ComplexObject]
impl ThemeUpdate {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.key)
    }

    /// The body as sanitised HTML: headings from `h3`, links with
    /// `rel="nofollow ugc noopener"`.
    async fn body_html(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(charged_html(ctx, &self.body).await?)
    }
}

/// A theme (thema): what people talk about, and what is done with it. Everyone may see every
/// theme.
#[Object]
impl Theme {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// The theme's address, unique; it stays when the title changes.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// One line, 3 to 120 characters.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// A few lines, 3 to 240 characters.
    async fn summary(&self) -> &str {
        &self.0.summary
    }

    /// Markdown, at most 10,000 characters; may be empty.
    async fn description(&self, ctx: &Context<'_>) -> async_graphql::Result<&str> {
        Ok(charge_text(ctx, &self.0.description).await?)
    }

    /// The description as sanitised HTML: headings from `h3`, links with
    /// `rel="nofollow ugc noopener"`.
    async fn description_html(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(charged_html(ctx, &self.0.description).await?)
    }

    /// Where it stands; changed by an entry of the follow-up log.
    async fn status(&self) -> ThemeStatus {
        self.0.status.into()
    }

    /// How many accounts follow it.
    async fn follower_count(&self) -> i64 {
        self.0.follower_count
    }

    /// How many public stories are about it.
    async fn story_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i64> {
        let count = request(ctx)
            .loader
            .load_one(StoryCount(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(count.unwrap_or(0))
    }

    /// The public stories about it, the last published first.
    async fn stories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only stories behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only stories before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<Story>> {
        let paging = paging(first, after, last, before);
        Ok(stories_by_theme(ctx, self.0.id, &paging).await?)
    }

    /// How many polls about it you may know of.
    async fn poll_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i64> {
        let count = request(ctx)
            .loader
            .load_one(PollCountOf(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(count.unwrap_or(0))
    }

    /// The polls about it that you may know of, youngest first.
    async fn polls(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only polls behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only polls before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<Poll>> {
        poll::of_theme(ctx, self.0.id, &paging(first, after, last, before)).await
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

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When its text or status last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Whether you follow it; false for who is not signed in.
    async fn viewer_is_following(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let following = request(ctx)
            .loader
            .load_one(Following(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(following.unwrap_or(false))
    }

    /// Whether you may change it and post to its log.
    async fn viewer_can_edit(&self, ctx: &Context<'_>) -> bool {
        theme::may_edit(&request(ctx).actor)
    }

    /// Whether you may comment on it: everyone with an account, in every status.
    pub(crate) async fn viewer_can_comment(&self, ctx: &Context<'_>) -> bool {
        may_comment(ctx, (&self.0).into())
    }

    /// The follow-up log, newest first; only ever added to.
    async fn updates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only entries behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only entries before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<ThemeUpdate>> {
        let request = request(ctx);
        let (themes, actor, id) = (
            request.services.themes.clone(),
            request.actor.clone(),
            self.0.id,
        );
        let updates = themes
            .updates(&actor, id, &paging(first, after, last, before))
            .await;
        Ok(Connection::new(page(updates)?, move || {
            let (themes, actor) = (themes.clone(), actor.clone());
            async move { themes.count_updates(&actor, id).await }
        }))
    }
}

impl From<theme::Theme> for Theme {
    fn from(theme: theme::Theme) -> Self {
        Self(theme)
    }
}

impl From<theme::ThemeUpdate> for ThemeUpdate {
    fn from(update: theme::ThemeUpdate) -> Self {
        Self {
            key: update.id,
            title: update.title,
            body: update.body,
            status_before: update.status_before.into(),
            status_after: update.status_after.into(),
            created_at: DateTime(update.created_at),
        }
    }
}
