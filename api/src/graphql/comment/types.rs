//! Comments as clients see them.

use async_graphql::{Context, Enum, ID, Object};
use domain::{
    comment::{self, SubjectId},
    moderation::Subject,
};

use super::{
    Commentable,
    loader::{FirstReplies, ReplyTotal, Supporting},
};
use crate::graphql::{
    budget::{charge_text, charged_html},
    connection::{Connection, page, paging},
    context::request,
    error::{Failure, nullable},
    moderation::{ModerationDecision, last_decision},
    node,
    scalar::DateTime,
    story::Author,
};

/// A comment as the API shows it.
pub(crate) struct Comment(pub(crate) comment::Comment);

/// What of a comment can be seen.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "comment::CommentState")]
pub(crate) enum CommentState {
    /// All of it, by everyone who may see what it is about.
    Visible,
    /// It awaits a moderator; only its author, moderators and admins see it.
    Pending,
    /// A moderator removed it; only its author, moderators and admins see its body and author.
    Hidden,
    /// Its author deleted it; nobody sees its body and author.
    DeletedByAuthor,
}

/// A comment on a story, a theme or a poll, or a reply to one; threads are three levels deep.
/// Who may see what it is about may see it. A comment that was deleted or removed stays as a
/// placeholder without body and author, and its replies stay.
#[Object]
impl Comment {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// What it is about.
    async fn subject(&self, ctx: &Context<'_>) -> async_graphql::Result<Commentable> {
        let loader = &request(ctx).loader;
        let subject = match self.0.subject.id() {
            SubjectId::Story(id) => loader
                .load_one(id)
                .await
                .map_err(Failure::from)?
                .map(|story| Commentable::Story(Box::new(story.into()))),
            SubjectId::Theme(id) => loader
                .load_one(id)
                .await
                .map_err(Failure::from)?
                .map(|theme| Commentable::Theme(theme.into())),
            SubjectId::Poll(id) => loader
                .load_one(id)
                .await
                .map_err(Failure::from)?
                .map(|poll| Commentable::Poll(poll.into())),
        };
        Ok(subject.ok_or_else(Failure::not_found)?)
    }

    /// The comment that it replies to; null where it begins a thread, or where you may no longer
    /// see that one.
    async fn parent(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Comment>> {
        nullable(async {
            let Some(parent) = self.0.parent else {
                return Ok(None);
            };
            let parent = request(ctx)
                .loader
                .load_one(parent)
                .await
                .map_err(Failure::from)?;
            Ok(parent.map(Comment::from))
        })
        .await
    }

    /// 1 where it begins a thread, 2 for a reply, 3 for a reply to that.
    async fn depth(&self) -> i32 {
        self.0.depth
    }

    /// Markdown, 2 to 1,000 characters; null in a placeholder.
    async fn body(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<&str>> {
        let body = self.0.body.as_deref()?;
        Some(charge_text(ctx, body).await.map_err(Into::into))
    }

    /// The body as sanitised HTML: headings from `h3`, links with `rel="nofollow ugc noopener"`;
    /// null in a placeholder.
    async fn body_html(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<String>> {
        let body = self.0.body.as_deref()?;
        Some(charged_html(ctx, body).await.map_err(Into::into))
    }

    /// The language it is written in (BCP 47), such as `nl`.
    async fn language(&self) -> &str {
        &self.0.language
    }

    /// Who wrote it; null in a placeholder.
    async fn author(&self) -> Option<Author> {
        self.0.author.clone().map(Author::from)
    }

    /// What of it can be seen.
    async fn state(&self) -> CommentState {
        self.0.state.into()
    }

    /// What the moderators last decided on it, for `moderationDecisionAppeal`; null where that was
    /// nothing, and for everyone but its author, moderators and admins.
    async fn moderation_decision(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<ModerationDecision>> {
        Ok(last_decision(ctx, Subject::Comment(self.0.id)).await?)
    }

    /// When it was posted.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When its author last changed it; null where they never did.
    async fn edited_at(&self) -> Option<DateTime> {
        self.0.edited_at.map(DateTime)
    }

    /// When its author deleted it; null where they did not.
    async fn deleted_at(&self) -> Option<DateTime> {
        self.0.deleted_at.map(DateTime)
    }

    /// How many visible direct replies it has.
    async fn reply_count(&self) -> i64 {
        self.0.reply_count
    }

    /// How many people support it, its author aside.
    async fn support_count(&self) -> i64 {
        self.0.support_count
    }

    /// Whether you support it; false for who is not signed in.
    async fn viewer_has_supported(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let supporting = request(ctx)
            .loader
            .load_one(Supporting(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(supporting.unwrap_or(false))
    }

    /// Whether you may change its body now: its author, until 15 minutes after posting it.
    async fn viewer_can_edit(&self, ctx: &Context<'_>) -> bool {
        let request = request(ctx);
        request.services.comments.may_edit(&request.actor, &self.0)
    }

    /// Whether you may delete it: its author.
    async fn viewer_can_delete(&self, ctx: &Context<'_>) -> bool {
        comment::may_delete(&request(ctx).actor, &self.0)
    }

    /// Whether you may reply to it: everyone with an account, while it is visible, at depth 1 or
    /// 2, and what it is about open for comments.
    async fn viewer_can_reply(&self, ctx: &Context<'_>) -> bool {
        comment::may_reply(&request(ctx).actor, &self.0)
    }

    /// Whether you may support it or stop: everyone with an account but its author, while it is
    /// visible and what it is about open for comments.
    async fn viewer_can_support(&self, ctx: &Context<'_>) -> bool {
        comment::may_support(&request(ctx).actor, &self.0)
    }

    /// The direct replies, the eldest first, placeholders included.
    async fn replies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only replies behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only replies before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<Comment>> {
        let request = request(ctx);
        let paging = paging(first, after, last, before);
        let to = self.0.thread();
        let replies = if let Some(limit) = paging.beginning() {
            // Many comments of a page are asked for their first replies at once.
            let replies = request
                .loader
                .load_one(FirstReplies { to, limit })
                .await
                .map_err(Failure::from)?;
            replies.ok_or_else(Failure::not_found)?
        } else {
            let comments = &request.services.comments;
            page(comments.replies(&request.actor, to, &paging).await)?
        };
        let total = if ctx.look_ahead().field("totalCount").exists() {
            let total = request.loader.load_one(ReplyTotal(to)).await;
            total.map_err(Failure::from)?.unwrap_or(0)
        } else {
            0
        };
        Ok(Connection::new(replies, move || async move { Ok(total) }))
    }
}

impl From<comment::Comment> for Comment {
    fn from(comment: comment::Comment) -> Self {
        Self(comment)
    }
}
