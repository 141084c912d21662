//! Registering, and showing that an address is one's own.

use super::{Accounts, digest};
use crate::{
    Actor, Error, Result, Role, Roles,
    account::{
        Account, AccountDraft, AccountRefusal, Client, SignedIn, store,
        throttle::{Action, Target},
    },
    database::Transaction,
    id::{AccountId, VisitorId},
    job::{self, Job},
};

impl Accounts {
    /// Asks for an account. The answer and the work, statement by statement, are the same whether
    /// or not the address has one; only the mail that follows tells, to whoever can read it.
    /// What was done with the visitor's token becomes the account's once the address is verified.
    pub async fn register(
        &self,
        _: &Actor,
        client: Client,
        draft: AccountDraft,
        visitor_token: Option<&str>,
    ) -> Result<(), AccountRefusal> {
        let draft = draft.check(Some(&self.names))?;
        // Before the try is counted: with a token that is not good nothing is tried.
        let visitor = match visitor_token {
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
        let password_hash = &self.hasher.hash(draft.password).await?;
        let now = self.clock.now();
        let account = &Account {
            id: AccountId::new(now),
            email: draft.email,
            email_verified: false,
            display_name: draft.display_name,
            locale: draft.locale,
            roles: Roles::default(),
        };
        self.database
            .write(|transaction| async move {
                store::insert(&transaction, account, password_hash, now).await?;
                let known = store::by_email_for_change(&transaction, &account.email)
                    .await?
                    .ok_or(Error::NotFound)?;
                // An open link vouches for the password that was typed before it was mailed, not
                // for this one, which may be a stranger's. Of a verified account neither of these
                // changes anything.
                store::close_link(&transaction, known.id).await?;
                store::replace_unverified(&transaction, known.id, account, password_hash, now)
                    .await?;
                store::note_claim(&transaction, known.id, visitor, now).await?;
                let job = if known.email_verified {
                    Job::MailAlreadyRegistered { account: known.id }
                } else {
                    Job::MailVerification { account: known.id }
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
            Ok(_) | Err(Error::Unauthenticated) => {
                Err(Error::refused(AccountRefusal::VisitorTokenInvalid))
            }
            Err(Error::TooMany(wait)) => Err(Error::TooMany(wait)),
            Err(Error::Unavailable) => Err(Error::Unavailable),
            Err(Error::Internal(fault)) => Err(Error::Internal(fault)),
            Err(Error::Refused(_) | Error::NotFound | Error::Denied) => {
                Err(Error::internal("a token cannot be declined"))
            }
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
        self.throttle
            .earn(&client, &signed_in.member.id.0.to_string());
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

    async fn confirm(
        &self,
        transaction: &Transaction,
        token: &str,
    ) -> Result<AccountId, AccountRefusal> {
        let now = self.clock.now();
        let account = store::take_link(transaction, &digest(token), now)
            .await?
            .ok_or(Error::refused(AccountRefusal::VerificationTokenInvalid))?;
        store::set_verified(transaction, account, now).await?;
        store::grant(transaction, account, Role::Resident, now).await?;
        if let Some(visitor) = store::take_claim(transaction, account).await? {
            job::push(transaction, &Job::ClaimBallots { account, visitor }, now).await?;
        }
        Ok(account)
    }
}
