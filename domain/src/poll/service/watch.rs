//! Watching polls.

use std::sync::Arc;

use super::{
    super::{Watch, standing::Counted},
    Polls,
};
use crate::{Actor, Result, event::Event, id::PollId};

impl Polls {
    /// Watches a poll: its state now, then the newest one at most four times a second, the last
    /// one always. It ends when the poll is over and its results are as they will be. Not found
    /// where the actor may not know of it.
    pub async fn watch(&self, actor: &Actor, id: PollId) -> Result<Watch> {
        self.watchers.watch(actor, id).await
    }

    /// Tells who watches that a batch was counted, once its transaction is committed, and brings
    /// on what is kept in memory.
    pub(super) fn counted(&self, counted: Counted) {
        let Some((poll, _, _)) = counted.of else {
            return;
        };
        let counted = Arc::new(counted);
        self.standings.bring_on(&counted);
        self.watchers.hear(&counted);
        self.events.wake(Event::PollChanged(poll));
    }
}
