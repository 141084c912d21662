//! What is held on one person in all polls.

use serde_json::{Value, json};

use super::{
    super::{store, voter::Voter},
    Polls,
};
use crate::{
    Result,
    database::{self, Transaction},
    id::AccountId,
};

impl Polls {
    /// The person's ballots in every poll and run, retracted ones as well, as JSON. A ballot names
    /// nobody: each poll's secret says under which key theirs would be. Anonymised ones are nobody's.
    pub(crate) async fn export_ballots(
        &self,
        snapshot: &Transaction,
        id: AccountId,
    ) -> Result<Vec<Value>> {
        let secrets = store::held::secrets(snapshot).await?;
        let keys: Vec<_> = secrets
            .into_iter()
            .map(|(poll, secret)| (poll, secret.key(Voter::Account(id))))
            .collect();
        database::find_by_key(snapshot).await?;
        let held = store::held::ballots(snapshot, &keys).await?;
        Ok(held
            .into_iter()
            .map(|held| {
                let marks: Vec<Value> = held
                    .marks
                    .iter()
                    .map(|(option, value)| json!({ "option_id": option, "value": value }))
                    .collect();
                json!({
                    "id": held.row.id,
                    "poll_id": held.poll,
                    "question_id": held.row.question_id,
                    "run": held.row.run,
                    "cast_at": held.row.cast_at,
                    "changed_at": held.row.changed_at,
                    "retracted_at": held.row.retracted_at,
                    "skipped": held.row.skipped,
                    "other_text": held.row.other_text,
                    "marks": marks,
                })
            })
            .collect())
    }
}
