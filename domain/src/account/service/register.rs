//! Registering, and showing that an address is one's own.

use super::{Accounts, digest};
use crate::{
    Actor, Error, Result, Role, Roles,
    account::{Account, AccountDraft, AccountRefusal, SignedIn, store},
    database::Transaction,
    id::AccountId,
    job::{self, Job},
};

impl Accounts {
    /// Asks for an account. The answer and the work are the same whether or not the address has
    /// one; only the mail that follows tells, to whoever can read it.
    pub async fn register(&self, _: &Actor, draft: AccountDraft) -> Result<(), AccountRefusal> {
        let draft = draft.check()?;
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
                let job = if store::insert(&transaction, account, password_hash, now).await? {
                    Job::MailVerification {
                        account: account.id,
                    }
                } else {
                    self.register_again(&transaction, account, password_hash)
                        .await?
                };
                job::push(&transaction, &job, now).await?;
                Ok(())
            })
            .await?;
        self.jobs.wake();
        Ok(())
    }

    /// What to mail to an address that has an account.
    async fn register_again(
        &self,
        transaction: &Transaction,
        account: &Account,
        password_hash: &str,
    ) -> Result<Job, AccountRefusal> {
        let known = store::by_email_for_change(transaction, &account.email)
            .await?
            .ok_or(Error::NotFound)?;
        if known.email_verified {
            return Ok(Job::MailAlreadyRegistered { account: known.id });
        }
        // An open link vouches for the password that was typed before it was mailed, not for
        // this one, which may be a stranger's.
        store::close_link(transaction, known.id).await?;
        let now = self.clock.now();
        store::replace_unverified(transaction, known.id, account, password_hash, now).await?;
        Ok(Job::MailVerification { account: known.id })
    }

    /// Verifies the address that the link with this token was mailed to, and signs its owner in.
    pub async fn verify_email(&self, _: &Actor, token: &str) -> Result<SignedIn, AccountRefusal> {
        self.database
            .write(|transaction| async move {
                let account = self.confirm(&transaction, token).await?;
                self.open_session(&transaction, account).await
            })
            .await
    }

    /// As [`Accounts::verify_email`], without signing in: for a page that keeps no tokens.
    pub async fn confirm_email(&self, _: &Actor, token: &str) -> Result<(), AccountRefusal> {
        self.database
            .write(|transaction| async move {
                self.confirm(&transaction, token).await?;
                Ok(())
            })
            .await
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
        Ok(account)
    }
}
