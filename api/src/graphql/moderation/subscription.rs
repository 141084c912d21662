//! Watching the queue.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, stream};

use super::ModerationCase;
use crate::graphql::{
    context::{Live, Watched, request},
    error::Failure,
};

/// Watching the queue.
#[derive(Default)]
pub(crate) struct ModerationSubscription;

#[Subscription]
impl ModerationSubscription {
    /// Each case that is opened, reported, claimed, appealed against or decided from now on, as it
    /// is then; what happens to one at once is one. It does not end. Moderators and admins.
    async fn moderation_case_updated(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<impl Stream<Item = ModerationCase>> {
        let request = request(ctx);
        match &request.live {
            Live::Asks(asked) => {
                let watch = request.services.moderation.watch(&request.actor).await;
                asked.put(Watched::Cases(watch.map_err(Failure::from)?))?;
                Ok(stream::iter(None))
            }
            Live::SeesCase(case) => Ok(stream::iter(Some(ModerationCase::from((**case).clone())))),
            Live::Sees(_) => Err(Failure::not_found().into()),
        }
    }
}
