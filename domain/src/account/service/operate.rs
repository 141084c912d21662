//! What operators do with accounts, from the command line.

use super::{Accounts, allow};
use crate::{
    Actor, Error, Result, Role, Roles,
    account::{Account, AccountDraft, AccountRefusal, Password, draft, policy, store},
    id::AccountId,
};

impl Accounts {
    /// Makes a verified account; it is a resident, whatever else it is.
    pub async fn create(
        &self,
        actor: &Actor,
        draft: AccountDraft,
        roles: Roles,
    ) -> Result<Account, AccountRefusal> {
        allow(actor, policy::may_operate)?;
        let draft = draft.check()?;
        let password_hash = &self.hasher.hash(draft.password).await?;
        let now = self.clock.now();
        let account = &Account {
            id: AccountId::new(now),
            email: draft.email,
            email_verified: true,
            display_name: draft.display_name,
            locale: draft.locale,
            roles: Roles::new(roles.iter().chain([Role::Resident])),
        };
        self.database
            .write(|transaction| async move {
                if !store::insert(&transaction, account, password_hash, now).await? {
                    return Err(Error::refused(AccountRefusal::EmailTaken));
                }
                for role in account.roles.iter() {
                    store::grant(&transaction, account.id, role, now).await?;
                }
                Ok(account.clone())
            })
            .await
    }

    /// Gives the account with this address another password and ends all its sessions; whoever
    /// knew the old one is out.
    pub async fn set_password(
        &self,
        actor: &Actor,
        email: &str,
        password: Password,
    ) -> Result<Account, AccountRefusal> {
        allow(actor, policy::may_operate)?;
        let email = &draft::email(email).ok_or(Error::refused(AccountRefusal::EmailInvalid))?;
        let password_hash = &self.hasher.hash(draft::password(password)?).await?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let person = store::by_email_for_change(&transaction, email)
                    .await?
                    .ok_or(Error::NotFound)?;
                store::set_password(&transaction, person.id, password_hash, now).await?;
                store::end_sessions(&transaction, person.id, now).await?;
                store::by_id(&transaction, person.id)
                    .await?
                    .ok_or(Error::NotFound)
            })
            .await
    }

    /// Gives the account with this address a role; giving it twice is the same as once.
    pub async fn grant(
        &self,
        actor: &Actor,
        email: &str,
        role: Role,
    ) -> Result<Account, AccountRefusal> {
        self.set_role(actor, email, role, true).await
    }

    /// Takes a role from the account with this address; its access token loses it at the next
    /// renewal, within 15 minutes.
    pub async fn withdraw(
        &self,
        actor: &Actor,
        email: &str,
        role: Role,
    ) -> Result<Account, AccountRefusal> {
        self.set_role(actor, email, role, false).await
    }

    async fn set_role(
        &self,
        actor: &Actor,
        email: &str,
        role: Role,
        held: bool,
    ) -> Result<Account, AccountRefusal> {
        allow(actor, policy::may_operate)?;
        let email = &draft::email(email).ok_or(Error::refused(AccountRefusal::EmailInvalid))?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let person = store::by_email_for_change(&transaction, email)
                    .await?
                    .ok_or(Error::NotFound)?;
                if held {
                    store::grant(&transaction, person.id, role, now).await?;
                } else {
                    store::withdraw(&transaction, person.id, role).await?;
                }
                store::by_id(&transaction, person.id)
                    .await?
                    .ok_or(Error::NotFound)
            })
            .await
    }
}
