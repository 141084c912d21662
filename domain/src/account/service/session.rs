//! Signing in, staying signed in, and signing out.

use super::{Accounts, SESSION_LIFE, allow, digest};
use crate::{
    Actor, Error, Result,
    account::{
        AccessToken, AccountRefusal, Credentials, DeviceSession, Revocation, SignedIn, draft,
        policy, store, store::RefreshUse,
    },
    id::VisitorId,
    job::{self, Job},
};

impl Accounts {
    /// Signs in. An unknown address takes the same work and gets the same answer as a wrong
    /// password; who proves both but has not verified the address is mailed a new link.
    pub async fn sign_in(
        &self,
        _: &Actor,
        credentials: Credentials,
    ) -> Result<SignedIn, AccountRefusal> {
        let person = match draft::email(&credentials.email) {
            Some(email) => store::to_sign_in(self.database.read(), &email).await?,
            None => None,
        };
        let hash = person.as_ref().map(|person| person.password_hash.clone());
        let fits = self.hasher.verify(credentials.password, hash).await?;
        let person = &person
            .filter(|_| fits)
            .ok_or(Error::refused(AccountRefusal::CredentialsInvalid))?;
        if !person.email_verified {
            let job = &Job::MailVerification { account: person.id };
            let now = self.clock.now();
            self.database
                .write(|transaction| async move {
                    Ok::<_, Error<AccountRefusal>>(job::push(&transaction, job, now).await?)
                })
                .await?;
            self.jobs.wake();
            return Err(Error::refused(AccountRefusal::EmailNotVerified));
        }
        self.database
            .write(|transaction| async move { self.open_session(&transaction, person.id).await })
            .await
    }

    /// Renews a session: the token is taken and another given. A token that was used before ends
    /// its session, because one of its two users is a thief. A token that was used over 30 days
    /// ago is forgotten, and only refused.
    pub async fn refresh(&self, _: &Actor, token: &str) -> Result<SignedIn, AccountRefusal> {
        let token_hash = &digest(token);
        let now = self.clock.now();
        // A refusal is given as a value, so that what it ends is committed.
        let outcome = self
            .database
            .write(|transaction| async move {
                let session = match store::use_refresh_token(&transaction, token_hash, now).await? {
                    RefreshUse::Unknown => return Ok(Err(AccountRefusal::RefreshTokenInvalid)),
                    RefreshUse::Again(session) => {
                        store::end_session(&transaction, session, now).await?;
                        return Ok(Err(AccountRefusal::RefreshTokenReused));
                    }
                    RefreshUse::First(session) => session,
                };
                let renewed =
                    store::renew_session(&transaction, session, now, now + SESSION_LIFE).await?;
                let Some(account) = renewed else {
                    return Ok(Err(AccountRefusal::RefreshTokenInvalid));
                };
                store::prune_tokens(&transaction, session, now - SESSION_LIFE).await?;
                self.issue(&transaction, account, session).await.map(Ok)
            })
            .await?;
        outcome.map_err(Error::refused)
    }

    /// Ends a session; a refresh token that is not known needs no ending (RFC 7009).
    pub async fn revoke(
        &self,
        actor: &Actor,
        revocation: Revocation,
    ) -> Result<(), AccountRefusal> {
        let now = self.clock.now();
        match revocation {
            Revocation::RefreshToken(token) => {
                let token_hash = &digest(&token);
                self.database
                    .write(|transaction| async move {
                        if let Some(session) =
                            store::session_of_token(&transaction, token_hash).await?
                        {
                            store::end_session(&transaction, session, now).await?;
                        }
                        Ok(())
                    })
                    .await
            }
            Revocation::Session(session) => {
                allow(actor, policy::may_update)?;
                let account = actor.account().ok_or(Error::Denied)?;
                self.database
                    .write(|transaction| async move {
                        if store::end_own_session(&transaction, account, session, now).await? {
                            Ok(())
                        } else {
                            Err(Error::NotFound)
                        }
                    })
                    .await
            }
        }
    }

    /// The actor's open sessions, the last seen first, at most 100; none without an account.
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<DeviceSession>> {
        let Actor::Member(member) = actor else {
            return Ok(Vec::new());
        };
        let now = self.clock.now();
        Ok(store::sessions(self.database.read(), member.id, member.session, now).await?)
    }

    /// A token for a person without an account, good for 30 days; nothing is kept of it.
    pub fn become_visitor(&self, _: &Actor) -> Result<AccessToken> {
        self.tokens.visitor(VisitorId::new(self.clock.now()))
    }
}
