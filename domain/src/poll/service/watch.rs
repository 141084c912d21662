//! Watching polls.

use super::{
    super::{Following, Watch, presence::Participant, voter::Voter},
    Polls,
};
use crate::{Actor, Result, id::PollId};

impl Polls {
    /// Watches a poll: its state now, then the newest one at most four times a second, the last
    /// one always. It ends when the poll is over and its results are as they will be. Not found
    /// where the actor may not know of it. Who watches a room is one of its participants, except
    /// for staff, who lead it, and screens.
    pub async fn watch(&self, actor: &Actor, id: PollId, following: Following) -> Result<Watch> {
        let watch = self.watchers.watch(actor, id).await?;
        if actor.is_staff() || following.as_screen {
            return Ok(watch);
        }
        let participant = Participant::of(Voter::of(actor), following.connection);
        Ok(watch.in_room(|poll| self.rooms.enter(poll, participant)))
    }
}
