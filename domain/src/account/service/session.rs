//! Signing in and signing out.

use super::{Accounts, allow, digest, second_factor::Shown};
use crate::{
    Actor, Error, Result,
    account::{
        AccessToken, AccountRefusal, Client, Credentials, DeviceSession, Revocation, SignedIn,
        draft, policy, store,
        throttle::{Action, Target},
    },
    actor::Guest,
    id::VisitorId,
    job::{self, Job},
};

impl Accounts {
    /// Signs in. An unknown address takes the same work and gets the same answer as a wrong
    /// password; who proves both but has not verified the address is mailed a new link. Tries
    /// that fail make the next ones wait, by account and by where they come from; whoever was
    /// signed in on a device and shows a refresh token of then is counted by that device alone.
    pub async fn sign_in(
        &self,
        _: &Actor,
        client: Client,
        credentials: Credentials,
    ) -> Result<SignedIn, AccountRefusal> {
        let email = draft::email(&credentials.email);
        let name = email.as_deref().unwrap_or_default();
        let read = self.database.read();
        let device = self
            .known_device(&client, |former| former.email == name)
            .await?;
        let target = Target { name, device };
        let attempt = self.admit(read, Action::SignIn, &client, target).await?;
        let person = store::to_sign_in(read, name).await?;
        let hash = person
            .as_ref()
            .and_then(|person| person.password_hash.clone());
        let fits = self.hasher.verify(credentials.password, hash).await?;
        let Some(person) = &person.filter(|_| fits) else {
            self.fail(&attempt).await?;
            return Err(Error::refused(AccountRefusal::CredentialsInvalid));
        };
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
        let code = credentials.second_factor_code.as_deref();
        let (client_of, account) = (&client, &attempt.account);
        let signed_in = self
            .database
            .write(|transaction| async move {
                let shown = self
                    .prove_second_factor(&transaction, client_of, person.id, device, code)
                    .await?;
                if let Shown::Wrong = shown {
                    return Ok(None);
                }
                store::forget_failures(&transaction, account).await?;
                let proven = shown == Shown::Right;
                self.open_session(&transaction, person.id, proven)
                    .await
                    .map(Some)
            })
            .await?
            .ok_or(Error::refused(AccountRefusal::SecondFactorInvalid))?;
        self.throttle.succeed(&client, attempt);
        Ok(signed_in)
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
                let ended = self
                    .database
                    .write(|transaction| async move {
                        let session = store::session_of_token(&transaction, token_hash).await?;
                        if let Some(session) = session {
                            store::end_session(&transaction, session, now).await?;
                        }
                        Ok::<_, Error<AccountRefusal>>(session)
                    })
                    .await?;
                if let Some(session) = ended {
                    self.session_ended(session);
                }
                Ok(())
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
                    .await?;
                self.session_ended(session);
                Ok(())
            }
        }
    }

    /// The actor's open sessions, the last seen first, at most 100; none without an account.
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<DeviceSession>> {
        let Actor::Member(member) = actor else {
            return Ok(Vec::new());
        };
        let now = self.clock.now();
        Ok(store::sessions(self.database.read(), member.id, Some(member.session), now).await?)
    }

    /// A token for a guest of an embed; nothing is kept of it.
    pub(crate) fn admit_guest<R>(&self, guest: Guest) -> Result<AccessToken, R> {
        self.tokens.guest(guest)
    }

    /// A token for a person without an account, good for 30 days; nothing is kept of it.
    pub fn become_visitor(&self, _: &Actor) -> Result<AccessToken> {
        self.tokens.visitor(VisitorId::new(self.clock.now()))
    }
}
