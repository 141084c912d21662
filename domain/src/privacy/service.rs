//! What a person can do with what is held on them.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Map, Value};

use super::{Fate, HOLDINGS, Holding, Receipt, Terms, store};
use crate::{
    Actor, Error, Result,
    account::{AccountRefusal, Accounts, Client, Proof},
    clock::SharedClock,
    comment::Comments,
    database::Database,
    id::AccountId,
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
    polls: Polls,
    stories: Stories,
}

/// The account itself.
const ACCOUNT: Holding = Holding {
    table: "account",
    column: "id",
    withheld: &["password_hash"],
    fate: Fate::Kept,
};

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

    /// All that is held on the actor as it was at one moment, by table: the rows as they are
    /// stored, without secrets, and their ballots. None without an account.
    pub async fn export(&self, actor: &Actor) -> Result<Option<Value>> {
        let Some(id) = actor.account() else {
            return Ok(None);
        };
        let snapshot = &self.0.database.snapshot().await?;
        let mut tables = Map::new();
        for holding in std::iter::once(&ACCOUNT).chain(&HOLDINGS) {
            let rows = store::rows(snapshot, holding, id).await?;
            tables.insert(holding.table.to_owned(), Value::Array(rows));
        }
        let ballots = self.0.polls.export_ballots(snapshot, id).await?;
        tables.insert("ballot".to_owned(), Value::Array(ballots));
        Ok(Some(Value::Object(tables)))
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
        let id = actor.account().ok_or_else(|| actor.denied())?;
        self.0.accounts.reauthenticate(client, id, proof).await?;
        if !keep_contributions {
            self.take_back(actor, id).await?;
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
    async fn take_back(&self, actor: &Actor, id: AccountId) -> Result<(), AccountRefusal> {
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

/// Passes over what was declined; a fault stops.
fn settled<T, R>(outcome: Result<T, R>) -> Result<(), AccountRefusal> {
    match outcome {
        Ok(_) | Err(Error::Refused(_) | Error::NotFound | Error::Denied) => Ok(()),
        Err(Error::Unauthenticated) => Err(Error::Unauthenticated),
        Err(Error::TooMany(wait)) => Err(Error::TooMany(wait)),
        Err(Error::Unavailable) => Err(Error::Unavailable),
        Err(Error::Internal(fault)) => Err(Error::Internal(fault)),
    }
}
