//! Counting every ballot again.

use super::{
    super::{PollRefusal, Recount, store},
    Polls, allow,
};
use crate::{Actor, Error, Result, database::Database, id::PollId};

impl Polls {
    /// Counts every ballot again, as [`recount_ballots`] does.
    pub async fn recount(
        &self,
        actor: &Actor,
        polls: Option<&[PollId]>,
    ) -> Result<Vec<Recount>, PollRefusal> {
        recount_ballots(&self.database, actor, polls).await
    }
}

/// Counts every ballot of these polls again, of all polls where none is named, and compares the
/// outcome with every sum that is kept. It sees all of them as they are at one moment, also while
/// votes come in, and mends nothing: of a database that may only be read as well. Editors and
/// admins.
pub async fn recount_ballots(
    database: &Database,
    actor: &Actor,
    polls: Option<&[PollId]>,
) -> Result<Vec<Recount>, PollRefusal> {
    allow(actor)?;
    let snapshot = database.snapshot().await?;
    let recounts = store::recount::recount(&snapshot, polls).await?;
    match polls {
        Some(asked) if recounts.len() < asked.len() => Err(Error::NotFound),
        _ => Ok(recounts),
    }
}
