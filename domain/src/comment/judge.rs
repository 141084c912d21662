//! What moderators do to comments.

use super::{Comment, CommentState, Comments, store};
use crate::{Actor, Result, clock::Instant, database::Transaction, id::CommentId};

impl Comments {
    /// Shows a comment or removes it, within the moderators' transaction; none where that changes
    /// nothing: what its author deleted stays deleted.
    pub(crate) async fn judge<R>(
        transaction: &Transaction,
        id: CommentId,
        shown: bool,
        now: Instant,
    ) -> Result<Option<Comment>, R> {
        let found = store::by_id_for_change(transaction, &Actor::System, id, now).await?;
        let state = if shown {
            CommentState::Visible
        } else {
            CommentState::Hidden
        };
        let Some(comment) = found.filter(|found| !found.is_deleted() && found.state != state)
        else {
            return Ok(None);
        };
        store::set_state(transaction, id, state).await?;
        if shown || comment.state == CommentState::Visible {
            let change = if shown { 1 } else { -1 };
            store::add_visible(transaction, &comment, change).await?;
        }
        Ok(Some(comment))
    }
}
