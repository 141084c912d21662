//! What can be done with accounts.

mod operate;
mod own;
mod register;
mod session;

use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use super::{
    AccountRefusal, Hasher, InvalidKey, SessionTokens, SignedIn, SigningKey, TokenError, Tokens,
    store,
};
use crate::{
    Actor, Error, Member, Result,
    clock::{Instant, SharedClock},
    database::{Database, Transaction},
    id::{AccountId, SessionId},
    job::Jobs,
    mail::Mailer,
    random,
};

/// How long a session lives from its last renewal.
const SESSION_LIFE: TimeDelta = TimeDelta::days(30);

/// The use-cases of accounts.
#[derive(Clone)]
pub struct Accounts {
    pub(super) database: Database,
    pub(super) clock: SharedClock,
    pub(super) mailer: Mailer,
    /// Where people reach the site, without a slash at the end.
    pub(super) public_url: String,
    jobs: Jobs,
    hasher: Hasher,
    tokens: Tokens,
}

impl Accounts {
    pub(crate) fn new(
        database: Database,
        clock: SharedClock,
        jobs: Jobs,
        mailer: Mailer,
        hasher: Hasher,
        tokens: Tokens,
        public_url: String,
    ) -> Self {
        Self {
            database,
            clock,
            mailer,
            public_url,
            jobs,
            hasher,
            tokens,
        }
    }

    /// Who sends this access token; it is not looked up, so it stays good until it expires.
    pub fn authenticate(&self, token: &str) -> std::result::Result<Actor, TokenError> {
        self.tokens.authenticate(token).map(|(actor, _)| actor)
    }

    /// Who sends this access token, and the instant from which on it no longer says so.
    pub fn authenticate_until(
        &self,
        token: &str,
    ) -> std::result::Result<(Actor, Instant), TokenError> {
        self.tokens.authenticate(token)
    }

    /// Opens a session for a verified account.
    async fn open_session(
        &self,
        transaction: &Transaction,
        account: AccountId,
    ) -> Result<SignedIn, AccountRefusal> {
        let now = self.clock.now();
        let session = SessionId::new(now);
        store::prune_sessions(transaction, account, now).await?;
        store::open_session(transaction, session, account, now, now + SESSION_LIFE).await?;
        self.issue(transaction, account, session).await
    }

    /// New tokens for a session.
    async fn issue(
        &self,
        transaction: &Transaction,
        account: AccountId,
        session: SessionId,
    ) -> Result<SignedIn, AccountRefusal> {
        let refresh = random::token()?;
        let now = self.clock.now();
        store::add_refresh_token(transaction, &digest(&refresh), session, now).await?;
        let member = Member {
            id: account,
            session,
            roles: store::roles(transaction, account).await?,
        };
        let access = self.tokens.member(&member)?;
        Ok(SignedIn {
            tokens: SessionTokens { access, refresh },
            member,
        })
    }
}

/// The keys in the database; makes the first one where there is none.
pub(crate) async fn signing_keys(
    database: &Database,
    clock: &SharedClock,
) -> Result<Vec<SigningKey>> {
    let mut keys = store::signing_keys(database.read()).await?;
    if keys.is_empty() {
        let der = &SigningKey::generate().map_err(Error::Internal)?;
        let now = clock.now();
        keys = database
            .write(|transaction| async move {
                store::add_signing_key(&transaction, 1, der.clone(), now).await?;
                // Read back: another process may have been first.
                Ok(store::signing_keys(&transaction).await?)
            })
            .await?;
    }
    keys.iter()
        .map(|der| SigningKey::from_der(der))
        .collect::<std::result::Result<_, InvalidKey>>()
        .map_err(Error::internal)
}

/// What is kept of a token: its SHA-256 in hexadecimal. It has 256 bits of chance, so there is
/// nothing to guess that a slow hash or a salt would protect.
pub(super) fn digest(token: &str) -> String {
    format!("{:x}", Sha256::digest(token))
}

fn allow(actor: &Actor, policy: impl Fn(&Actor) -> bool) -> Result<(), AccountRefusal> {
    if policy(actor) {
        Ok(())
    } else {
        Err(actor.denied())
    }
}
