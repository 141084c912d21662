//! Registering, and showing that an address is one's own.

use super::{Accounts, digest};
use crate::{
    Actor, Error, Result, Role, Roles,
    account::{
        Account, AccountDraft, AccountRefusal, Client, SignedIn, name,
        store::{self, Owner, Registration},
        throttle::{Action, Target},
    },
    database::Transaction,
    id::{AccountId, RegistrationId, VisitorId},
    job::{self, Job},
};

impl Accounts {
    /// Asks for an account. The answer and the work, statement by statement, are the same whether
    /// or not the address has one; only the mail that follows tells, to whoever can read it.
    /// Several registrations of one address may wait, each with its own link, password and name.
    /// What was done with the visitor's token becomes the account's once that link is opened.
    pub async fn register(
        &self,
        actor: &Actor,
        client: Client,
        draft: AccountDraft,
        visitor_token: Option<&str>,
    ) -> Result<(), AccountRefusal> {
        actor.unblocked()?;
        let draft = draft.check(Some(&self.names), self.special_use_domains)?;
        // Before the try is counted: with a token that is not good nothing is tried.
        let visitor_id = match visitor_token {
            Some(token) => Some(self.visitor(token).await?),
            None => None,
        };
        let target = Target {
            name: &draft.email,
            device: None,
        };
        // It stays counted: who asks shows nothing yet. The link that is mailed does.
        let _ = self.throttle.admit(Action::Register, &client, target)?;
        if store::is_reserved_name(self.database.read(), &draft.display_name).await? {
            return Err(Error::refused(AccountRefusal::NameReserved));
        }
        let password_hash = self.hasher.hash(draft.password).await?;
        let now = self.clock.now();
        // Nothing that was typed: of several registrations, only the one that is confirmed gives
        // the account its password and name.
        let account = &Account {
            id: AccountId::new(now),
            email: Some(draft.email.clone()),
            email_verified: false,
            display_name: name::fallback(&Roles::default(), draft.locale),
            locale: draft.locale,
            roles: Roles::default(),
        };
        let email = &draft.email;
        let registration = &Registration {
            id: RegistrationId::new(now),
            account_id: account.id,
            password_hash,
            display_name: draft.display_name,
            locale: draft.locale,
            visitor_id,
            token_hash: None,
            expires_at: now,
            created_at: now,
        };
        self.database
            .write(|transaction| async move {
                store::insert(&transaction, account, "", now).await?;
                let known = store::by_email_for_change(&transaction, email)
                    .await?
                    .ok_or(Error::NotFound)?;
                let registration = Registration {
                    account_id: known.id,
                    ..registration.clone()
                };
                store::add_registration(&transaction, &registration).await?;
                let job = if known.email_verified {
                    Job::MailAlreadyRegistered { account: known.id }
                } else {
                    Job::MailVerification {
                        registration: registration.id,
                    }
                };
                Ok::<_, Error<AccountRefusal>>(job::push(&transaction, &job, now).await?)
            })
            .await?;
        self.jobs.wake();
        Ok(())
    }

    /// Who holds this visitor's token.
    async fn visitor(&self, token: &str) -> Result<VisitorId, AccountRefusal> {
        match self.authenticate(token).await {
            Ok(Actor::Visitor(Some(visitor))) => Ok(visitor),
            Ok(_) | Err(Error::Refused(_)) => {
                Err(Error::refused(AccountRefusal::VisitorTokenInvalid))
            }
            Err(Error::TooMany(wait)) => Err(Error::TooMany(wait)),
            Err(Error::Unavailable) => Err(Error::Unavailable),
            Err(error) => Err(Error::internal(format!("a token: {error:?}"))),
        }
    }

    /// Verifies the address that the link with this token was mailed to, and signs its owner in.
    pub async fn verify_email(
        &self,
        _: &Actor,
        client: Client,
        token: &str,
    ) -> Result<SignedIn, AccountRefusal> {
        let signed_in = self
            .database
            .write(|transaction| async move {
                let account = self.confirm(&transaction, token).await?;
                self.open_session(&transaction, account, false).await
            })
            .await?;
        self.throttle.earn(&client, &signed_in.name());
        self.jobs.wake();
        Ok(signed_in)
    }

    /// As [`Accounts::verify_email`], without signing in: for a page that keeps no tokens.
    pub async fn confirm_email(
        &self,
        _: &Actor,
        client: Client,
        token: &str,
    ) -> Result<(), AccountRefusal> {
        let account = self
            .database
            .write(|transaction| async move { self.confirm(&transaction, token).await })
            .await?;
        self.throttle.earn(&client, &account.0.to_string());
        self.jobs.wake();
        Ok(())
    }

    /// Gives the account the password and name of the registration whose link this is; all other
    /// registrations of the address are void, so that the first that is confirmed wins.
    async fn confirm(
        &self,
        transaction: &Transaction,
        token: &str,
    ) -> Result<AccountId, AccountRefusal> {
        let now = self.clock.now();
        let invalid = || Error::refused(AccountRefusal::VerificationTokenInvalid);
        let registration = store::registration_of_link(transaction, &digest(token), now)
            .await?
            .ok_or_else(invalid)?;
        let account = registration.account_id;
        // Locks the account before its registrations, as registering does, to avoid deadlocks.
        store::addressee_for_change(transaction, account)
            .await?
            .ok_or_else(invalid)?;
        if !store::forget_registrations(transaction, account).await? {
            return Err(invalid());
        }
        let owner = Owner {
            password_hash: &registration.password_hash,
            display_name: &registration.display_name,
            locale: registration.locale,
        };
        store::verify(transaction, account, owner, now).await?;
        store::grant(transaction, account, Role::Resident, now).await?;
        if let Some(visitor) = registration.visitor_id {
            job::push(transaction, &Job::ClaimBallots { account, visitor }, now).await?;
        }
        Ok(account)
    }
}
