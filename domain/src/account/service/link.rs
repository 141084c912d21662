//! Signing in and choosing another password by a mailed link.

use super::{Accounts, digest, second_factor::Shown};
use crate::{
    Actor, Error, Result, Role, Roles,
    account::{
        AccountRefusal, Client, Password, SignedIn, draft, name,
        store::{self, Owner},
        throttle::{Action, Target},
    },
    database::Transaction,
    id::AccountId,
    job::{self, Job, LinkPurpose},
};

impl Accounts {
    /// Asks for a link of this purpose, which is mailed to the address if it has an account. The
    /// answer and the work are the same where it has none.
    pub async fn request_link(
        &self,
        _: &Actor,
        client: Client,
        email: &str,
        purpose: LinkPurpose,
    ) -> Result<(), AccountRefusal> {
        let email = &draft::email(email).ok_or(Error::refused(AccountRefusal::EmailInvalid))?;
        let device = self
            .known_device(&client, |former| former.email == *email)
            .await?;
        let target = Target {
            name: email,
            device,
        };
        // It stays counted: who asks shows nothing yet. The link that is mailed does.
        let _ = self.throttle.admit(Action::MailLink, &client, target)?;
        let now = self.clock.now();
        // For an address without an account: a job that finds nobody.
        let nobody = AccountId::new(now);
        self.database
            .write(|transaction| async move {
                let person = store::to_sign_in(&transaction, email).await?;
                let account = person.map_or(nobody, |person| person.id);
                let job = Job::MailLink { account, purpose };
                Ok::<_, Error<AccountRefusal>>(job::push(&transaction, &job, now).await?)
            })
            .await?;
        self.jobs.wake();
        Ok(())
    }

    /// Signs in who has the link with this token, which is good for once. The link shows that
    /// the address is theirs. Where a second factor is missing or wrong the link stays good;
    /// whoever was signed in on the device and shows a refresh token of then is counted by it.
    pub async fn sign_in_by_link(
        &self,
        _: &Actor,
        client: Client,
        token: &str,
        second_factor_code: Option<&str>,
    ) -> Result<SignedIn, AccountRefusal> {
        let (token_hash, client_of) = (&digest(token), &client);
        let (read, now) = (self.database.read(), self.clock.now());
        let owner = store::linked_account(read, LinkPurpose::SignIn, token_hash, now).await?;
        let device = self
            .known_device(&client, |former| Some(former.account) == owner)
            .await?;
        let signed_in = self
            .database
            .write(|transaction| async move {
                let account = self
                    .owner(&transaction, LinkPurpose::SignIn, token_hash)
                    .await?;
                let shown = self
                    .prove_second_factor(
                        &transaction,
                        client_of,
                        account,
                        device,
                        second_factor_code,
                    )
                    .await?;
                if let Shown::Wrong = shown {
                    return Ok(None);
                }
                take(&transaction, token_hash).await?;
                self.verify_by_mail(&transaction, account, None).await?;
                let proven = shown == Shown::Right;
                self.open_session(&transaction, account, proven)
                    .await
                    .map(Some)
            })
            .await?
            .ok_or(Error::refused(AccountRefusal::SecondFactorInvalid))?;
        self.throttle.earn(&client, &signed_in.name());
        Ok(signed_in)
    }

    /// Whether the link with this token is open; takes nothing.
    pub async fn link_is_open(&self, _: &Actor, token: &str, purpose: LinkPurpose) -> Result<bool> {
        let now = self.clock.now();
        let account =
            store::linked_account(self.database.read(), purpose, &digest(token), now).await?;
        Ok(account.is_some())
    }

    /// Gives the account of the link with this token another password, and ends all its sessions
    /// and links. The second factor stays.
    pub async fn reset_password(
        &self,
        _: &Actor,
        token: &str,
        password: Password,
    ) -> Result<(), AccountRefusal> {
        let password = draft::password(password)?;
        let token_hash = &digest(token);
        let now = self.clock.now();
        // Looked at before the work: who has no link does not make us hash.
        let purpose = LinkPurpose::PasswordReset;
        if store::linked_account(self.database.read(), purpose, token_hash, now)
            .await?
            .is_none()
        {
            return Err(Error::refused(AccountRefusal::LinkTokenInvalid));
        }
        let password_hash = &self.hasher.hash(password).await?;
        let account = self
            .database
            .write(|transaction| async move {
                let account = self.owner(&transaction, purpose, token_hash).await?;
                take(&transaction, token_hash).await?;
                self.verify_by_mail(&transaction, account, Some(password_hash))
                    .await?;
                store::close_mailed_links(&transaction, account).await?;
                store::end_sessions(&transaction, account, now).await?;
                Ok::<_, Error<AccountRefusal>>(account)
            })
            .await?;
        self.access_changed(account);
        Ok(())
    }

    async fn owner(
        &self,
        transaction: &Transaction,
        purpose: LinkPurpose,
        token_hash: &str,
    ) -> Result<AccountId, AccountRefusal> {
        let now = self.clock.now();
        store::linked_account(transaction, purpose, token_hash, now)
            .await?
            .ok_or(Error::refused(AccountRefusal::LinkTokenInvalid))
    }

    /// Notes that the address is the account's own, with the password that its owner chose now.
    /// Passwords and names that were typed before the address was shown to be theirs may be a
    /// stranger's, and go.
    async fn verify_by_mail(
        &self,
        transaction: &Transaction,
        account: AccountId,
        password_hash: Option<&str>,
    ) -> Result<(), AccountRefusal> {
        let now = self.clock.now();
        let person = store::addressee_for_change(transaction, account)
            .await?
            .ok_or(Error::refused(AccountRefusal::LinkTokenInvalid))?;
        if person.email_verified {
            if let Some(hash) = password_hash {
                store::set_password(transaction, account, hash, now).await?;
            }
            return Ok(());
        }
        store::forget_registrations(transaction, account).await?;
        let owner = Owner {
            password_hash: password_hash.unwrap_or_default(),
            display_name: &name::fallback(&Roles::default(), person.locale),
            locale: person.locale,
        };
        store::verify(transaction, account, owner, now).await?;
        Ok(store::grant(transaction, account, Role::Resident, now).await?)
    }
}

async fn take(transaction: &Transaction, token_hash: &str) -> Result<(), AccountRefusal> {
    if store::take_mailed_link(transaction, token_hash).await? {
        Ok(())
    } else {
        Err(Error::refused(AccountRefusal::LinkTokenInvalid))
    }
}
