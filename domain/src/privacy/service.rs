//! What a person can do with what is held on them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde_json::{Map, Value};

use super::{ACCOUNT, HOLDINGS, Receipt, Terms, store};
use crate::{
    Actor, Error, Member, Result,
    account::{AccountRefusal, Accounts, Client, Proof},
    clock::SharedClock,
    comment::Comments,
    database::Database,
    poll::Polls,
    story::{Stories, WithdrawalDraft, WithdrawalReason},
};

/// The use-cases of a person's rights. Cheap to clone.
#[derive(Clone)]
pub struct Privacy(pub(super) Arc<Services>);

/// What they are made of.
pub(super) struct Services {
    pub(super) database: Database,
    pub(super) clock: SharedClock,
    pub(super) terms: Terms,
    pub(super) accounts: Accounts,
    comments: Comments,
    pub(super) polls: Polls,
    stories: Stories,
}

impl Privacy {
    pub(crate) fn new(
        database: Database,
        clock: SharedClock,
        terms: Terms,
        accounts: Accounts,
        comments: Comments,
        polls: Polls,
        stories: Stories,
    ) -> Self {
        Self(Arc::new(Services {
            database,
            clock,
            terms,
            accounts,
            comments,
            polls,
            stories,
        }))
    }

    /// Returns all that is held on the actor as it was at one moment, by table: of each row the
    /// columns that are theirs to see, and their ballots. None without an account.
    pub async fn export(&self, actor: &Actor) -> Result<Option<Value>> {
        let Some(id) = actor.reader() else {
            return Ok(None);
        };
        let snapshot = &self.0.database.snapshot().await?;
        let mut tables: BTreeMap<&str, Vec<Map<String, Value>>> = BTreeMap::new();
        for holding in std::iter::once(&ACCOUNT).chain(&HOLDINGS) {
            let rows = store::rows(snapshot, holding, id).await?;
            merge(tables.entry(holding.table).or_default(), rows);
        }
        let mut export: Map<String, Value> = tables
            .into_iter()
            .map(|(table, rows)| (table.to_owned(), Value::from(rows)))
            .collect();
        let ballots = self.0.polls.export_ballots(snapshot, id).await?;
        export.insert("ballot".to_owned(), Value::Array(ballots));
        Ok(Some(Value::Object(export)))
    }

    /// Erases the actor, who shows that it is they. What they wrote stays under nobody's name, or
    /// goes as well. All their sessions end.
    pub async fn erase(
        &self,
        actor: &Actor,
        client: Client,
        proof: Option<Proof>,
        keep_contributions: bool,
    ) -> Result<Receipt, AccountRefusal> {
        let member = actor.signed_in().ok_or_else(|| actor.denied())?;
        let id = member.id;
        let client = client.in_session(member.session);
        self.0.accounts.reauthenticate(client, id, proof).await?;
        if !keep_contributions {
            self.take_back(member).await?;
        }
        let now = self.0.clock.now();
        let receipt = self
            .0
            .database
            .write(|transaction| async move {
                let mut tables = BTreeMap::new();
                if !keep_contributions {
                    store::blank(&transaction, id, &mut tables).await?;
                }
                let tables = store::erase(&transaction, id, now, tables)
                    .await?
                    .ok_or(Error::NotFound)?;
                let receipt = Receipt {
                    erased_at: now,
                    kept_contributions: keep_contributions,
                    tables,
                };
                store::keep(&transaction, id, &receipt).await?;
                Ok::<_, Error<AccountRefusal>>(receipt)
            })
            .await?;
        self.0.accounts.forget(id);
        tracing::info!(tables = ?receipt.tables, "an account was erased");
        Ok(receipt)
    }

    /// Takes back what the actor wrote, each piece as they would by themselves. What cannot be
    /// taken back is blanked all the same.
    ///
    /// Erasing is the right of a blocked account too, and so is what belongs to it.
    async fn take_back(&self, member: &Member) -> Result<(), AccountRefusal> {
        let (actor, id) = (&Actor::Member(member.clone()), member.id);
        for comment in store::comments(self.0.database.read(), id).await? {
            settled(self.0.comments.delete(actor, comment).await)?;
        }
        for story in store::stories(self.0.database.read(), id).await? {
            let draft = WithdrawalDraft {
                reason: WithdrawalReason::Other,
                explanation: Some("Het account is verwijderd.".to_owned()),
            };
            settled(self.0.stories.withdraw(actor, story, draft).await)?;
        }
        Ok(())
    }
}

/// Adds rows of a table to those that another of its columns led to; a row that both lead to is
/// one, with what each of them shows.
fn merge(found: &mut Vec<Map<String, Value>>, more: Vec<Map<String, Value>>) {
    let mut places: HashMap<String, usize> = found
        .iter()
        .enumerate()
        .filter_map(|(place, row)| Some((row.get("id")?.to_string(), place)))
        .collect();
    for row in more {
        let id = row.get("id").map(ToString::to_string);
        let known = id.as_ref().and_then(|id| places.get(id));
        if let Some(known) = known.and_then(|place| found.get_mut(*place)) {
            known.extend(row);
        } else {
            places.extend(id.map(|id| (id, found.len())));
            found.push(row);
        }
    }
}

/// Passes over what was declined; a fault stops.
fn settled<T, R>(outcome: Result<T, R>) -> Result<(), AccountRefusal> {
    match outcome {
        Ok(_)
        | Err(
            Error::Refused(_)
            | Error::NotFound
            | Error::Denied
            | Error::SecondFactorMissing
            | Error::Blocked(_),
        ) => Ok(()),
        Err(Error::Unauthenticated) => Err(Error::Unauthenticated),
        Err(Error::TooMany(wait)) => Err(Error::TooMany(wait)),
        Err(Error::Unavailable) => Err(Error::Unavailable),
        Err(Error::Internal(fault)) => Err(Error::Internal(fault)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(row) => row,
            _ => Map::new(),
        }
    }

    #[test]
    fn rows_of_one_table_are_added_and_the_same_row_is_merged() {
        let mut found = vec![row(json!({ "id": 1, "title": "a" }))];
        merge(
            &mut found,
            vec![
                row(json!({ "id": 1, "edited_by": "me" })),
                row(json!({ "id": 2 })),
                row(json!({ "theme_id": 3 })),
                row(json!({ "theme_id": 3 })),
            ],
        );
        assert_eq!(
            serde_json::to_value(found).unwrap(),
            json!([
                { "id": 1, "title": "a", "edited_by": "me" },
                { "id": 2 },
                { "theme_id": 3 },
                { "theme_id": 3 },
            ])
        );
    }
}
