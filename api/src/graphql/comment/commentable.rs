//! What can be commented on, and the comments under it.

use async_graphql::{Context, ID, Interface};
use domain::{comment, page::Paging};

use super::{Comment, CommentOrder};
use crate::graphql::{
    connection::{Connection, page},
    context::request,
    error::Failure,
    poll::Poll,
    story::Story,
    theme::Theme,
};

/// What can be commented on.
#[derive(Interface)]
#[expect(
    clippy::duplicated_attributes,
    reason = "two arguments of a field have the same type"
)]
#[graphql(
    field(name = "id", ty = "ID", desc = "Opaque and stable."),
    field(
        name = "comment_count",
        ty = "i64",
        desc = "How many visible comments it has, replies included."
    ),
    field(
        name = "viewer_can_comment",
        ty = "bool",
        desc = "Whether you may comment on it: everyone with an account, while it is public."
    ),
    field(
        name = "comments",
        ty = "Connection<Comment>",
        desc = "The comments that begin a thread; the replies stand under each.",
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "The first so many, 0 to 100; 20 where nothing is asked."
        ),
        arg(
            name = "after",
            ty = "Option<String>",
            desc = "Only comments behind this cursor."
        ),
        arg(
            name = "last",
            ty = "Option<i32>",
            desc = "The last so many, 0 to 100."
        ),
        arg(
            name = "before",
            ty = "Option<String>",
            desc = "Only comments before this cursor."
        ),
        arg(
            name = "order_by",
            ty = "Option<CommentOrder>",
            desc = "Sorted by what; NEWEST where absent."
        )
    )
)]
pub(crate) enum Commentable {
    /// A poll.
    Poll(Poll),
    /// A story.
    Story(Box<Story>),
    /// A theme.
    Theme(Theme),
}

/// A page of the comments that begin a thread under an object.
pub(crate) async fn comments(
    ctx: &Context<'_>,
    subject: comment::Subject,
    paging: &Paging,
    order: Option<CommentOrder>,
) -> Result<Connection<Comment>, Failure> {
    let request = request(ctx);
    let (comments, actor) = (request.services.comments.clone(), request.actor.clone());
    let order = order.map(Into::into).unwrap_or_default();
    let roots = comments.roots(&actor, subject, order, paging).await;
    Ok(Connection::new(page(roots)?, move || {
        let (comments, actor) = (comments.clone(), actor.clone());
        async move { comments.count_roots(&actor, subject).await }
    }))
}

/// Whether the viewer may comment on an object.
pub(crate) fn may_comment(ctx: &Context<'_>, subject: comment::Subject) -> bool {
    comment::may_comment(&request(ctx).actor, &subject)
}
