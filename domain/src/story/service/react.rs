//! Giving stories energy.

use super::{Stories, existing, signed_in};
use crate::{
    Actor, Result,
    id::StoryId,
    story::{ReactionKind, Story, StoryRefusal, policy, store},
};

impl Stories {
    /// Makes the actor react to a story in this way or stop; either twice is the same as once.
    pub async fn react(
        &self,
        actor: &Actor,
        id: StoryId,
        kind: ReactionKind,
        active: bool,
    ) -> Result<Story, StoryRefusal> {
        signed_in(actor)?;
        let account = actor.account().ok_or_else(|| actor.denied())?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let story = existing(&transaction, actor, id, now).await?;
                policy::react(actor, &story)?;
                if active {
                    store::add_reaction(&transaction, id, account, kind, now).await?;
                } else {
                    store::remove_reaction(&transaction, id, account, kind).await?;
                }
                existing(&transaction, actor, id, now).await
            })
            .await
    }
}
