//! Watching a poll.

use futures_util::{Stream, stream};
use tokio::sync::broadcast::error::RecvError;

use super::{super::Poll, Polls};
use crate::{Actor, Error, Result, event::Event, id::PollId};

impl Polls {
    /// The poll as it is now, and again whenever it changes.
    pub async fn watch(
        &self,
        actor: &Actor,
        id: PollId,
    ) -> Result<impl Stream<Item = Result<Poll>> + Send + use<>> {
        // Listening comes before looking: what changes in between is heard.
        let events = self.events.subscribe();
        let now = self.one(actor, id).await?;
        let (polls, actor) = (self.clone(), actor.clone());
        let later = stream::unfold(events, move |mut events| {
            let (polls, actor) = (polls.clone(), actor.clone());
            async move {
                loop {
                    match events.recv().await {
                        Ok(Event::PollChanged(changed)) if changed != id => {}
                        Ok(Event::PollChanged(_)) | Err(RecvError::Lagged(_)) => {
                            return Some((polls.one(&actor, id).await, events));
                        }
                        Err(RecvError::Closed) => return None,
                    }
                }
            }
        });
        Ok(stream::StreamExt::chain(
            stream::once(async { Ok(now) }),
            later,
        ))
    }

    async fn one(&self, actor: &Actor, id: PollId) -> Result<Poll> {
        let found = self.by_ids(actor, &[id]).await?;
        found.into_iter().next().ok_or(Error::NotFound)
    }
}
