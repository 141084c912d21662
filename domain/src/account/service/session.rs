//! Signing in and signing out.

use uuid::Uuid;

use super::{Accounts, digest, second_factor::Shown};
use crate::{
    Actor, Error, Result,
    account::{
        AccessToken, AccountRefusal, Client, Credentials, DeviceSession, Revocation, SignedIn,
        draft, store,
        throttle::{Action, Target},
    },
    actor::Guest,
    id::{AccountId, RegistrationId, VisitorId},
    job::{self, Job},
};

impl Accounts {
    /// Signs in. An unknown address takes the same work and gets the same answer as a wrong
    /// password; who proves both but has not verified the address is mailed a new link, by the
    /// password of the newest registration. Tries that fail make the next ones wait, by account and
    /// by where they come from; whoever was signed in on a device and shows a refresh token of then
    /// is counted by that device alone.
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
        // Asked for every address, so that none takes more work than another.
        let account = person
            .as_ref()
            .map_or(AccountId(Uuid::nil()), |person| person.id);
        let registration = store::newest_registration(self.database.read(), account).await?;
        let hash = match (&person, &registration) {
            (Some(person), Some(registration)) if !person.email_verified => {
                Some(registration.password_hash.clone())
            }
            (Some(person), _) => person.password_hash.clone(),
            (None, _) => None,
        };
        let fits = self.hasher.verify(credentials.password, hash).await?;
        let Some(person) = &person.filter(|_| fits) else {
            self.fail(&attempt).await?;
            return Err(Error::refused(AccountRefusal::CredentialsInvalid));
        };
        if !person.email_verified {
            return Err(self
                .mail_anew(registration.map(|waiting| waiting.id))
                .await?);
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

    /// Mails the link of a registration once more; gives the refusal that says so.
    async fn mail_anew(
        &self,
        registration: Option<RegistrationId>,
    ) -> Result<Error<AccountRefusal>, AccountRefusal> {
        if let Some(registration) = registration {
            let job = &Job::MailVerification { registration };
            let now = self.clock.now();
            self.database
                .write(|transaction| async move {
                    Ok::<_, Error<AccountRefusal>>(job::push(&transaction, job, now).await?)
                })
                .await?;
            self.jobs.wake();
        }
        Ok(Error::refused(AccountRefusal::EmailNotVerified))
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
                let account = actor.reader().ok_or_else(|| actor.denied())?;
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
        let Some(member) = actor.signed_in() else {
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
    pub fn become_visitor(&self, actor: &Actor) -> Result<AccessToken> {
        actor.unblocked()?;
        self.tokens.visitor(VisitorId::new(self.clock.now()))
    }
}
