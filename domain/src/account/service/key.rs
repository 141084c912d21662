//! The keys that sign tokens: made at the first start, rotated by command, followed by every
//! process.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;

use super::{Accounts, allow};
use crate::{
    Actor, Error, Result,
    account::{
        AccountRefusal, InvalidKey, SigningKey, policy,
        store::{self, KeptKey},
        token::VISITOR_LIFE,
    },
    clock::{Instant, SharedClock},
    database::Database,
};

/// How long a new key is known before it signs, so that every process has seen it by then.
const AHEAD: TimeDelta = TimeDelta::minutes(2);
/// How often a process looks for new keys.
const LOOK: TimeDelta = TimeDelta::minutes(1);
/// How soon it looks again for the key of a token that it cannot read.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(5);

/// When the keys were last read; none where the one key is a setting.
pub(super) type LastLook = Option<Mutex<Instant>>;

/// A key that was made to sign from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Its name (`kid`).
    pub kid: String,
    /// From when on it signs.
    pub signs_from: Instant,
    /// Until when tokens of the key before are accepted.
    pub accepted_until: Instant,
}

impl Accounts {
    /// The public halves of the keys in force, as a JWK set.
    pub async fn key_set(&self) -> Result<String> {
        self.follow_keys(LOOK).await?;
        Ok(self.tokens.key_set())
    }

    /// Makes a new key, which signs from two minutes on; the one before is accepted until its
    /// last token has expired, 30 days later. Keys that no token needs any more are removed.
    pub async fn rotate_key(&self, actor: &Actor) -> Result<NewKey, AccountRefusal> {
        allow(actor, policy::may_operate)?;
        let der = &SigningKey::generate().map_err(Error::Internal)?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let kept = store::signing_keys(&transaction).await?;
                let number = kept.last().map_or(1, |key| key.number + 1);
                store::add_signing_key(&transaction, number, der.clone(), now).await?;
                let first = in_force(&kept, now).first().map(|key| key.number);
                if let Some(first) = first {
                    store::remove_signing_keys(&transaction, first - 1).await?;
                }
                Ok(())
            })
            .await?;
        let key = SigningKey::from_der(der).map_err(Error::internal)?;
        self.follow_keys::<AccountRefusal>(TimeDelta::zero())
            .await?;
        Ok(NewKey {
            kid: key.kid().to_owned(),
            signs_from: now + AHEAD,
            accepted_until: now + AHEAD + VISITOR_LIFE,
        })
    }

    /// Reads the keys again if that was not done for `pause`; gives whether it was.
    async fn follow_keys<R>(&self, pause: TimeDelta) -> Result<bool, R> {
        let Some(last) = self.last_look.as_ref() else {
            return Ok(false);
        };
        let now = self.clock.now();
        {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            if now - *last < pause {
                return Ok(false);
            }
            *last = now;
        }
        let kept = store::signing_keys(self.database.read()).await?;
        self.tokens.change_keys(readable(in_force(&kept, now))?);
        Ok(true)
    }

    /// Follows the keys from time to time.
    pub(super) async fn follow_keys_at_leisure<R>(&self) -> Result<(), R> {
        self.follow_keys(LOOK).await?;
        Ok(())
    }

    /// Looks for the key of a token that cannot be read; gives whether there may be one.
    pub(super) async fn look_for_key<R>(&self) -> Result<bool, R> {
        self.follow_keys(LOOK_AGAIN).await
    }
}

/// The keys in the database; makes the first one where there is none.
pub(crate) async fn signing_keys(
    database: &Database,
    clock: &SharedClock,
) -> Result<Vec<SigningKey>> {
    let mut kept = store::signing_keys(database.read()).await?;
    let now = clock.now();
    if kept.is_empty() {
        let der = &SigningKey::generate().map_err(Error::Internal)?;
        kept = database
            .write(|transaction| async move {
                store::add_signing_key(&transaction, 1, der.clone(), now).await?;
                // Read back: another process may have been first.
                Ok(store::signing_keys(&transaction).await?)
            })
            .await?;
    }
    readable(in_force(&kept, now))
}

/// The keys of which a token may still be good: the newest, and each before it for as long as
/// the longest token lives after the next one began to sign.
fn in_force(kept: &[KeptKey], now: Instant) -> &[KeptKey] {
    let gone = kept
        .windows(2)
        .take_while(|pair| pair[1].created_at + AHEAD + VISITOR_LIFE <= now)
        .count();
    &kept[gone..]
}

fn readable<R>(kept: &[KeptKey]) -> Result<Vec<SigningKey>, R> {
    let keys = kept.iter().enumerate().map(|(place, kept)| {
        let key = SigningKey::from_der(&kept.der)?;
        Ok(match place {
            0 => key,
            _ => key.signing_from(kept.created_at + AHEAD),
        })
    });
    keys.collect::<std::result::Result<_, InvalidKey>>()
        .map_err(Error::internal)
}
