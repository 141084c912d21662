//! Where embeds are shown.

use std::time::Duration;

use super::{Embeds, LoadKind, Shown, store};
use crate::{
    Result,
    embed::{loads, origin},
    id::EmbedId,
};

/// How often what was counted is written.
const PAUSE: Duration = Duration::from_secs(5);

impl Embeds {
    /// Counts that the embed was shown, or refused, on a page. `said` is what the browser says of
    /// the page, its `Origin` or `Referer`, of which only scheme, host and port are kept. No
    /// request waits for the database: the counts are written every few seconds.
    pub fn observe(&self, shown: &Shown, said: Option<&str>, kind: LoadKind) {
        let origin = said.and_then(origin::seen);
        let is_allowed = origin
            .as_deref()
            .is_some_and(|origin| shown.may_stand_on(origin));
        self.loads
            .add(shown.id, origin, is_allowed, kind, self.clock.now());
    }

    /// Writes what was counted every few seconds until `end`, and once more then.
    pub async fn keep_count(&self, end: impl Future<Output = ()>) {
        let mut end = std::pin::pin!(end);
        loop {
            let is_over = tokio::select! {
                biased;
                () = &mut end => true,
                () = tokio::time::sleep(PAUSE) => false,
            };
            if let Err(fault) = self.write_loads().await {
                tracing::warn!(
                    ?fault,
                    "where embeds were shown cannot be written; it is tried again"
                );
            }
            if is_over {
                return;
            }
        }
    }

    /// Writes what was counted since the last time; what cannot be written is kept for the next.
    pub async fn write_loads(&self) -> Result<()> {
        let taken = &self.loads.take();
        if taken.is_empty() {
            return Ok(());
        }
        let written = self
            .database
            .write(|transaction| async move {
                let ids: Vec<EmbedId> = taken.keys().copied().collect();
                let found = store::lock_for_loads(&transaction, &ids).await?;
                for (id, (allowed, known)) in found {
                    if let Some(its) = taken.get(&id) {
                        let kept = loads::bounded(its.clone(), &allowed, &known);
                        store::add_loads(&transaction, id, &kept).await?;
                    }
                }
                Ok(())
            })
            .await;
        if written.is_err() {
            for (id, its) in taken {
                self.loads.give_back(*id, its);
            }
        }
        written
    }
}
