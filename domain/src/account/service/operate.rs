//! What operators do with accounts, from the command line.

use super::{Accounts, allow};
use crate::{
    Actor, Error, Result, Role, Roles,
    account::{
        Account, AccountDraft, AccountRefusal, DeviceSession, Password, draft, policy,
        store::{self, Person},
    },
    database::Transaction,
    id::{AccountId, SessionId},
};

impl Accounts {
    /// Makes a verified account; it is a resident, whatever else it is. Operators name whom they
    /// know: reserved names are for them to give.
    pub async fn create(
        &self,
        actor: &Actor,
        draft: AccountDraft,
        roles: Roles,
    ) -> Result<Account, AccountRefusal> {
        allow(actor, policy::may_operate)?;
        let draft = draft.check(None, true)?;
        let password_hash = &self.hasher.hash(draft.password).await?;
        let now = self.clock.now();
        let account = &Account {
            id: AccountId::new(now),
            email: Some(draft.email),
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
        let email = &address(email)?;
        let password_hash = &self.hasher.hash(draft::password(password)?).await?;
        let now = self.clock.now();
        let account = self
            .database
            .write(|transaction| async move {
                let person = person(&transaction, email).await?;
                store::set_password(&transaction, person.id, password_hash, now).await?;
                store::end_sessions(&transaction, person.id, now).await?;
                account(&transaction, person.id).await
            })
            .await?;
        self.access_changed(account.id);
        Ok(account)
    }

    /// The account with this address.
    pub async fn by_email(&self, actor: &Actor, email: &str) -> Result<Account, AccountRefusal> {
        allow(actor, policy::may_operate)?;
        let email = &address(email)?;
        self.database
            .write(|transaction| async move {
                let person = person(&transaction, email).await?;
                account(&transaction, person.id).await
            })
            .await
    }

    /// Removes the second factor of the account with this address and its recovery codes, for
    /// who lost both, and ends all its sessions.
    pub async fn reset_second_factor(
        &self,
        actor: &Actor,
        email: &str,
    ) -> Result<Account, AccountRefusal> {
        allow(actor, policy::may_operate)?;
        let email = &address(email)?;
        let now = self.clock.now();
        let account = self
            .database
            .write(|transaction| async move {
                let person = person(&transaction, email).await?;
                store::remove_factor(&transaction, person.id).await?;
                store::end_sessions(&transaction, person.id, now).await?;
                account(&transaction, person.id).await
            })
            .await?;
        self.access_changed(account.id);
        Ok(account)
    }

    /// The open sessions of the account with this address, the last seen first, at most 100.
    pub async fn sessions_of(
        &self,
        actor: &Actor,
        email: &str,
    ) -> Result<Vec<DeviceSession>, AccountRefusal> {
        allow(actor, policy::may_operate)?;
        let person = self.by_email(actor, email).await?;
        let now = self.clock.now();
        Ok(store::sessions(self.database.read(), person.id, None, now).await?)
    }

    /// Ends one session of the account with this address, or all of them.
    pub async fn end_sessions(
        &self,
        actor: &Actor,
        email: &str,
        session: Option<SessionId>,
    ) -> Result<Account, AccountRefusal> {
        allow(actor, policy::may_operate)?;
        let email = &address(email)?;
        let now = self.clock.now();
        let account = self
            .database
            .write(|transaction| async move {
                let person = person(&transaction, email).await?;
                match session {
                    None => store::end_sessions(&transaction, person.id, now).await?,
                    Some(session) => {
                        if !store::end_own_session(&transaction, person.id, session, now).await? {
                            return Err(Error::NotFound);
                        }
                    }
                }
                account(&transaction, person.id).await
            })
            .await?;
        self.access_changed(account.id);
        Ok(account)
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

    /// Takes a role from the account with this address; access tokens that state it stop working,
    /// and the next renewal gives one without it.
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
        let email = &address(email)?;
        let now = self.clock.now();
        let account = self
            .database
            .write(|transaction| async move {
                let person = person(&transaction, email).await?;
                if held {
                    store::grant(&transaction, person.id, role, now).await?;
                } else {
                    store::withdraw(&transaction, person.id, role).await?;
                }
                account(&transaction, person.id).await
            })
            .await?;
        self.access_changed(account.id);
        Ok(account)
    }
}

fn address(email: &str) -> Result<String, AccountRefusal> {
    draft::email(email).ok_or(Error::refused(AccountRefusal::EmailInvalid))
}

/// The account that goes by this address, else the only person of a provider who has it.
async fn person(transaction: &Transaction, email: &str) -> Result<Person, AccountRefusal> {
    let person = match store::by_email_for_change(transaction, email).await? {
        None => store::by_provider_email(transaction, email).await?,
        person => person,
    };
    person.ok_or(Error::NotFound)
}

async fn account(transaction: &Transaction, id: AccountId) -> Result<Account, AccountRefusal> {
    store::by_id(transaction, id).await?.ok_or(Error::NotFound)
}
