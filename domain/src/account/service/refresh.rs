//! Staying signed in.

use super::{Accounts, digest, open::Renewal};
use crate::{
    Actor, Error, Result,
    account::{
        AccountRefusal, SignedIn,
        family::{SecondUse, second_use},
        store::{self, KnownToken, RefreshUse},
    },
    database::Transaction,
    id::SessionId,
};

/// How a renewal ended, as a value, so that what a refusal changes is committed.
enum Outcome {
    Renewed(SignedIn),
    Refused(AccountRefusal),
    Ended(SessionId),
}

impl Accounts {
    /// Renews a session: the token is taken and another given. Of several at once one is first;
    /// the others are told so and nothing changes. A client that asks again because the answer
    /// never came gets another, once, as long as nothing in the lost one was used. Any other
    /// second use ends the session, because one of its two users is a thief. A token that was
    /// used over 30 days ago is forgotten, and only refused.
    pub async fn refresh(&self, _: &Actor, token: &str) -> Result<SignedIn, AccountRefusal> {
        let token_hash = &digest(token);
        let outcome = self
            .database
            .write(|transaction| async move { self.use_token(&transaction, token_hash).await })
            .await?;
        match outcome {
            Outcome::Renewed(signed_in) => Ok(signed_in),
            Outcome::Refused(refusal) => Err(Error::refused(refusal)),
            Outcome::Ended(session) => {
                self.session_ended(session);
                Err(Error::refused(AccountRefusal::RefreshTokenReused))
            }
        }
    }

    async fn use_token(
        &self,
        transaction: &Transaction,
        token_hash: &str,
    ) -> Result<Outcome, AccountRefusal> {
        let now = self.clock.now();
        let id = match store::use_refresh_token(transaction, token_hash, now).await? {
            RefreshUse::Unknown => {
                return Ok(Outcome::Refused(AccountRefusal::RefreshTokenInvalid));
            }
            RefreshUse::First(session) => session,
            RefreshUse::Again(token) => match self.judge(transaction, &token).await? {
                SecondUse::Race => {
                    return Ok(Outcome::Refused(AccountRefusal::RefreshTokenRaced));
                }
                SecondUse::LostAnswer => token.session,
                SecondUse::Theft => {
                    store::end_session(transaction, token.session, now).await?;
                    return Ok(Outcome::Ended(token.session));
                }
            },
        };
        let renewed = self.renew(transaction, Renewal { id, token_hash }).await?;
        Ok(renewed.map_or(
            Outcome::Refused(AccountRefusal::RefreshTokenInvalid),
            Outcome::Renewed,
        ))
    }

    /// What a second use is; where it is a lost answer, what was lost is void now.
    async fn judge(
        &self,
        transaction: &Transaction,
        token: &KnownToken,
    ) -> Result<SecondUse, AccountRefusal> {
        // Read after the wait for the first use: that one was before.
        let now = self.clock.now();
        let successor = match &token.replaced_by {
            None => None,
            Some(hash) => store::refresh_token(transaction, hash).await?,
        };
        let judged = second_use(token, successor.as_ref(), now);
        if let (SecondUse::LostAnswer, Some(lost)) = (judged, successor)
            && !store::forgive(transaction, &token.hash, &lost.hash, now).await?
        {
            return Ok(SecondUse::Theft);
        }
        Ok(judged)
    }
}
