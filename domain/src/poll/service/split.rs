//! Reading results split by how ballots came in and by how sure it is who cast them.

use std::collections::HashMap;

use super::{
    super::{Split, split::split, store},
    Polls,
};
use crate::{Actor, Error, Result, id::QuestionId};

/// Splits that are counted at once: each reads every ballot of its question, and the database is
/// there for others as well.
pub(super) const AT_ONCE: usize = 2;

impl Polls {
    /// The split results of those questions whose results the actor may see, in the present run.
    /// They are counted from the ballots themselves. Staff sees every group; others none of
    /// fewer than five ballots, nor what such a group could be worked out from.
    pub async fn split_results(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Split>> {
        let seen = self
            .from_views(actor, questions, true, |view, id| {
                let revision = view.results(id)?.revision;
                Some((
                    view.question(id)?,
                    view.poll().run,
                    view.options(id)?,
                    revision,
                ))
            })
            .await?;
        if seen.is_empty() {
            return Ok(HashMap::new());
        }
        let asked: Vec<(QuestionId, i32)> =
            seen.iter().map(|(id, (_, run, ..))| (*id, *run)).collect();
        let turn = self.splits.acquire().await.map_err(Error::internal)?;
        let parts = store::split::parts(self.database.read(), &asked).await?;
        drop(turn);
        Ok(seen
            .into_iter()
            .map(|(id, (question, _, options, revision))| {
                let parts = parts.get(&id).map_or(&[][..], Vec::as_slice);
                let split = split(&question, revision, &options, parts, actor.is_staff());
                (id, split)
            })
            .collect())
    }
}
