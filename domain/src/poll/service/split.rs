//! Reading results split by how ballots came in and by how sure it is who cast them.

use std::collections::HashMap;

use super::{super::Split, Polls};
use crate::{Actor, Result, id::QuestionId};

impl Polls {
    /// Returns the split results of those questions whose results the actor may see, in the
    /// present run, counted from the ballots themselves. Staff sees every group; others none of
    /// fewer than five ballots, nor what such a group could be worked out from. Where too many
    /// wait for a count, it asks to come back in a second.
    pub async fn split_results(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Split>> {
        let seen = self
            .in_views(
                actor,
                questions,
                |_| true,
                |view, id| {
                    let revision = view.results(id)?.revision;
                    Some((view.readable(id)?, view.poll().run, revision))
                },
            )
            .await?;
        let wanted: Vec<(QuestionId, i32, i64)> = seen
            .iter()
            .map(|(id, (_, run, revision))| (*id, *run, *revision))
            .collect();
        let counts = self.splits.counts(&wanted).await?;
        Ok(seen
            .into_iter()
            .filter_map(|(id, ((question, options, revealed), ..))| {
                let count = counts.get(&id)?;
                let split = count.read(&question, revealed, &options, actor.is_staff());
                Some((id, split))
            })
            .collect())
    }
}
