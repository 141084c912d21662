//! Checking the record.

use super::{
    super::{Verified, chain, store},
    Moderation,
};
use crate::{Actor, Result, account, database::Database};

/// How many entries are checked at a time.
const STRETCH: u64 = 1_000;

impl Moderation {
    /// Checks the record, as [`verify_record`] does.
    pub async fn verify(
        &self,
        actor: &Actor,
        expected: Option<&(i64, String)>,
    ) -> Result<(Verified, bool)> {
        verify_record(&self.0.database, actor, expected).await
    }
}

/// Checks every entry of the record against its hash, the one before and the words beside it, its
/// end against what was counted, and whether the entry at an `expected` place has the hash that it
/// had; of a database that may only be read as well. The operator's command.
pub async fn verify_record(
    database: &Database,
    actor: &Actor,
    expected: Option<&(i64, String)>,
) -> Result<(Verified, bool)> {
    if !account::may_operate(actor) {
        return Err(actor.denied());
    }
    // Of one moment: an entry that is added meanwhile is no difference.
    let snapshot = &database.snapshot().await?;
    let mut last = chain::Checkpoint::default();
    let mut is_met = expected.is_none();
    loop {
        let entries = store::entries(snapshot, last.position, STRETCH).await?;
        if entries.is_empty() {
            break;
        }
        if let Some(broken) = chain::first_broken(&mut last, &entries) {
            let position = broken.position;
            return Ok((Verified::Broken { position }, is_met));
        }
        let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
        let told = store::statements(snapshot, &ids).await?;
        for entry in &entries {
            let holds = told.get(&entry.id).is_none_or(|told| {
                let hash = chain::statement_hash(&told.salt, &told.text);
                entry.statement_hash.as_ref() == Some(&hash)
            });
            if !holds {
                let position = entry.position;
                return Ok((Verified::Broken { position }, is_met));
            }
            is_met |= expected
                .is_some_and(|(position, hash)| (*position, hash) == (entry.position, &entry.hash));
        }
    }
    let (entries, head) = store::end(snapshot).await?;
    let verified = if (entries, &head) == (last.position, &last.hash) {
        Verified::Whole { entries, head }
    } else {
        // What was cut off at the end.
        let position = last.position + 1;
        Verified::Broken { position }
    };
    Ok((verified, is_met))
}
