//! Who sends a request.

use super::Accounts;
use crate::{
    Actor, Error, Result,
    account::{
        store,
        verified::{Known, LOOK, Verified},
    },
    clock::Instant,
};

impl Accounts {
    /// Who sends this access token; [`Error::Unauthenticated`] where it is not good.
    pub async fn authenticate(&self, token: &str) -> Result<Actor> {
        Ok(self.authenticate_until(token).await?.0)
    }

    /// As [`Accounts::authenticate`], with the instant from which on the token no longer works.
    ///
    /// A token whose session has ended, or that states a role which was taken since, stops working
    /// at once where this process did it, and within five seconds where another did.
    pub async fn authenticate_until(&self, token: &str) -> Result<(Actor, Instant)> {
        let now = self.clock.now();
        let name = Verified::name(token);
        let known = match self.verified.get(&name, now) {
            Some(known) if now - known.looked_at < LOOK => {
                return Ok((known.actor, known.expires_at));
            }
            Some(known) => known,
            None => self.read_token(token, now).await?,
        };
        let Actor::Member(member) = &known.actor else {
            let answer = (known.actor.clone(), known.expires_at);
            self.verified.keep(
                name,
                Known {
                    looked_at: now,
                    ..known
                },
                now,
            );
            return Ok(answer);
        };
        let Some(session) = self.open(member, now).await? else {
            self.verified.forget(&name);
            return Err(Error::Unauthenticated);
        };
        let known = Known {
            expires_at: known.expires_at.min(session.expires_at),
            looked_at: now,
            ..known
        };
        let answer = (known.actor.clone(), known.expires_at);
        self.verified.keep(name, known, now);
        Ok(answer)
    }

    /// A token that was not seen lately.
    async fn read_token(&self, token: &str, now: Instant) -> Result<Known> {
        if let Some(vouched) = self.providers.read(token, now).await? {
            return self.meet(vouched, token, now).await;
        }
        self.follow_keys_at_leisure().await?;
        let admitted = match self.tokens.authenticate(token) {
            Ok(admitted) => admitted,
            // Another process may sign with a key that this one has not seen yet.
            Err(_) if self.look_for_key().await? => self
                .tokens
                .authenticate(token)
                .map_err(|_| Error::Unauthenticated)?,
            Err(_) => return Err(Error::Unauthenticated),
        };
        if matches!(admitted.actor, Actor::Member(_)) {
            self.note_use(&admitted.id).await?;
        }
        Ok(Known {
            actor: admitted.actor,
            expires_at: admitted.expires_at,
            looked_at: now,
        })
    }

    /// Notes that an access token is used: the answer that held it has arrived.
    async fn note_use(&self, id: &str) -> Result<()> {
        let works = match store::access_used(self.database.read(), id).await? {
            None => false,
            Some(true) => true,
            Some(false) => {
                let now = self.clock.now();
                self.database
                    .write(|transaction| async move {
                        Ok(store::note_access_use(&transaction, id, now).await?)
                    })
                    .await?
            }
        };
        if works {
            Ok(())
        } else {
            Err(Error::Unauthenticated)
        }
    }
}
