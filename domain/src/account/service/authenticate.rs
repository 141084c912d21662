//! Who sends a request.

use super::Accounts;
use crate::{
    Actor, Error, Result,
    account::{
        TokenRefusal, store,
        verified::{Known, LOOK, Verified},
    },
    clock::Instant,
};

impl Accounts {
    /// Returns the sender of this access token; a [`TokenRefusal`] if it is not good.
    pub async fn authenticate(&self, token: &str) -> Result<Actor, TokenRefusal> {
        Ok(self.authenticate_until(token).await?.0)
    }

    /// As [`Accounts::authenticate`], with the instant from which on the token no longer works.
    ///
    /// A token whose session has ended, or that states a role which was taken since, stops working
    /// at once where this process did it, and within five seconds where another did. Of a blocked
    /// account it makes an [`Actor::Blocked`] for as long as the block holds.
    pub async fn authenticate_until(&self, token: &str) -> Result<(Actor, Instant), TokenRefusal> {
        let now = self.clock.now();
        let name = Verified::name(token);
        let known = match self.verified.get(&name, now) {
            Some(known) if now - known.looked_at < LOOK && now < known.good_until => {
                return Ok((known.actor, known.good_until));
            }
            Some(known) => known,
            None => self.read_token(token, now).await?,
        };
        let (actor, good_until) = match known.actor.signed_in() {
            None => (known.actor, known.expires_at),
            Some(member) => {
                let opened = self.open(member, now).await;
                let (actor, until) = opened.inspect_err(|_| self.verified.forget(&name))?;
                (actor, until.min(known.expires_at))
            }
        };
        let known = Known {
            actor: actor.clone(),
            expires_at: known.expires_at,
            good_until,
            looked_at: now,
        };
        self.verified.keep(name, known, now);
        Ok((actor, good_until))
    }

    /// A token that was not seen lately.
    async fn read_token(&self, token: &str, now: Instant) -> Result<Known, TokenRefusal> {
        if let Some(vouched) = self
            .providers
            .read(token, self.tokens.issuer(), now)
            .await?
        {
            return self.meet(vouched, token, now).await;
        }
        self.follow_keys_at_leisure().await?;
        let admitted = match self.tokens.authenticate(token) {
            Ok(admitted) => admitted,
            // Another process may sign with a key that this one has not seen yet.
            Err(_) if self.look_for_key().await? => {
                self.tokens.authenticate(token).map_err(Error::refused)?
            }
            Err(refusal) => return Err(Error::refused(refusal)),
        };
        if matches!(admitted.actor, Actor::Member(_)) {
            self.note_use(&admitted.id).await?;
        }
        Ok(Known::new(admitted.actor, admitted.expires_at, now))
    }

    /// Notes that an access token is used: the answer that held it has arrived.
    async fn note_use(&self, id: &str) -> Result<(), TokenRefusal> {
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
            Err(Error::refused(TokenRefusal::invalid(
                "it was replaced by a renewal",
            )))
        }
    }
}
