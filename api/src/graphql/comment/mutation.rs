//! Writing, changing, deleting and supporting comments.

use async_graphql::{Context, Object, SimpleObject};
use domain::{comment, refusal::Path, screening::Screened};

use super::{
    Comment,
    input::{CommentAddInput, CommentDeleteInput, CommentEditInput, CommentSupportInput},
};
use crate::graphql::{
    context::request,
    node,
    screening::{ContributionWarning, form, warnings},
    user_error::{UserError, outcome},
};

/// What `commentAdd` gives.
#[derive(SimpleObject)]
pub(crate) struct CommentAddPayload {
    /// The new comment; null where it was declined.
    comment: Option<Comment>,
    /// What its author is told, most of it why it waits for a moderator; empty where it was
    /// declined.
    warnings: Vec<ContributionWarning>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `commentEdit` gives.
#[derive(SimpleObject)]
pub(crate) struct CommentEditPayload {
    /// The changed comment; null where the change was declined.
    comment: Option<Comment>,
    /// What its author is told, most of it why it waits for a moderator; empty where it was
    /// declined.
    warnings: Vec<ContributionWarning>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `commentDelete` gives.
#[derive(SimpleObject)]
pub(crate) struct CommentDeletePayload {
    /// The placeholder that stays; null where the request was declined.
    comment: Option<Comment>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `commentSupport` gives.
#[derive(SimpleObject)]
pub(crate) struct CommentSupportPayload {
    /// The comment; null where the request was declined.
    comment: Option<Comment>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Writing, changing, deleting and supporting comments.
#[derive(Default)]
pub(crate) struct CommentMutation;

#[Object]
impl CommentMutation {
    /// Posts a comment, or a reply to one; who comments on a theme follows it from then on. It is
    /// PENDING where screening holds it for a moderator. Everyone with an account.
    async fn comment_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: CommentAddInput,
    ) -> async_graphql::Result<CommentAddPayload> {
        let request = request(ctx);
        let added = request
            .services
            .comments
            .add(&request.actor, input.draft()?)
            .await;
        let (added, user_errors) = outcome(ctx, added)?;
        let (comment, warnings) = told(ctx, added);
        Ok(CommentAddPayload {
            comment,
            warnings,
            user_errors,
        })
    }

    /// Changes a comment's body, until 15 minutes after it was posted; it becomes PENDING where
    /// screening holds what it says now. Its author.
    async fn comment_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: CommentEditInput,
    ) -> async_graphql::Result<CommentEditPayload> {
        let request = request(ctx);
        let id = node::decode(&input.comment_id, "commentId")?;
        let edited = request
            .services
            .comments
            .edit(&request.actor, id, &input.body, &form(input.form))
            .await;
        let (edited, user_errors) = outcome(ctx, edited)?;
        let (comment, warnings) = told(ctx, edited);
        Ok(CommentEditPayload {
            comment,
            warnings,
            user_errors,
        })
    }

    /// Deletes a comment for everyone and for good; a placeholder stays, and so do its replies.
    /// Twice is the same as once. Its author.
    async fn comment_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: CommentDeleteInput,
    ) -> async_graphql::Result<CommentDeletePayload> {
        let request = request(ctx);
        let id = node::decode(&input.comment_id, "commentId")?;
        let deleted = request.services.comments.delete(&request.actor, id).await;
        let (comment, user_errors) = outcome(ctx, deleted)?;
        Ok(CommentDeletePayload {
            comment: comment.map(Comment::from),
            user_errors,
        })
    }

    /// Supports a comment or stops supporting it. Everyone with an account but its author, whose
    /// support is in the writing.
    async fn comment_support(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: CommentSupportInput,
    ) -> async_graphql::Result<CommentSupportPayload> {
        let request = request(ctx);
        let id = node::decode(&input.comment_id, "commentId")?;
        let supported = request
            .services
            .comments
            .support(&request.actor, id, input.supporting)
            .await;
        let (comment, user_errors) = outcome(ctx, supported)?;
        Ok(CommentSupportPayload {
            comment: comment.map(Comment::from),
            user_errors,
        })
    }
}

/// A comment that was written, and what its author is told.
fn told(
    ctx: &Context<'_>,
    written: Option<Screened<comment::Comment>>,
) -> (Option<Comment>, Vec<ContributionWarning>) {
    let Some(Screened { kept, screening }) = written else {
        return (None, Vec::new());
    };
    let body = Path::from("input").then("body");
    let warnings = warnings(ctx, &screening, |_| body.clone());
    (Some(kept.into()), warnings)
}
