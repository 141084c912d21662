//! Watching polls.

use async_graphql::{Context, ID, Subscription};
use futures_util::{Stream, StreamExt};

use super::Poll;
use crate::graphql::{context::request, error::Failure, node};

/// Watching polls.
#[derive(Default)]
pub(crate) struct PollSubscription;

#[Subscription]
impl PollSubscription {
    /// The poll as it is now, and again whenever it changes: at most four times a second, the
    /// last state always among them. NOT_FOUND where you may not know of it.
    async fn poll_updated(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The poll.")] poll_id: ID,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<Poll>>> {
        let request = request(ctx);
        let id = node::decode(&poll_id, "pollId")?;
        let states = request
            .services
            .polls
            .watch(&request.actor, id)
            .await
            .map_err(Failure::from)?;
        Ok(states.map(|state| {
            state
                .map(Poll::from)
                .map_err(|error| Failure::from(error).into())
        }))
    }
}
