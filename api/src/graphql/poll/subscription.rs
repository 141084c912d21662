//! Watching polls.

use async_graphql::{Context, ID, Subscription};
use domain::poll::Following;
use futures_util::{Stream, stream};

use super::Poll;
use crate::graphql::{
    context::{Live, Watched, request},
    error::Failure,
    node,
};

/// Watching polls.
#[derive(Default)]
pub(crate) struct PollSubscription;

#[Subscription]
impl PollSubscription {
    /// The poll as it is now, and again whenever it changes: at most four times a second, the
    /// last state always among them, and no `revision` below one that was sent. Results are in it
    /// as soon as you may see them, by the poll's `resultsVisibility`. It ends when the poll is
    /// closed and nothing will change any more. NOT_FOUND where you may not know of it.
    async fn poll_updated(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The poll.")] poll_id: ID,
        #[graphql(
            desc = "Whether a big screen or its remote control follows: it is not counted in `participantCount` and `participantPeak`.",
            default = false
        )]
        as_screen: bool,
    ) -> async_graphql::Result<impl Stream<Item = Poll>> {
        let request = request(ctx);
        // Asked once, then executed again and again for a state: see `subscription`.
        match &request.live {
            Live::Asks(asked) => {
                let id = node::decode(&poll_id, "pollId")?;
                let following = Following {
                    connection: request.connection,
                    as_screen,
                };
                let watch = request
                    .services
                    .polls
                    .watch(&request.actor, id, following)
                    .await
                    .map_err(Failure::from)?;
                asked.put(Watched::Poll(watch))?;
                Ok(stream::iter(None))
            }
            Live::Sees(view) if view.is_seen() => {
                Ok(stream::iter(Some(Poll::from(view.poll().clone()))))
            }
            Live::Sees(_) | Live::SeesCase(_) => Err(Failure::not_found().into()),
        }
    }
}
