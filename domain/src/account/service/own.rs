//! What people see and change of their own account, and see of others'.

use super::{Accounts, allow, open::needs_second_factor};
use crate::{
    Actor, Error, Result, Roles,
    account::{Account, AccountChange, AccountRefusal, Profile, policy, store},
    id::AccountId,
};

impl Accounts {
    /// The actor's own account, with the roles that their token gives beside those that are kept;
    /// none without one.
    pub async fn own(&self, actor: &Actor) -> Result<Option<Account>> {
        let Some(member) = actor.signed_in() else {
            return Ok(None);
        };
        let account = store::by_id(self.database.read(), member.id).await?;
        Ok(account.map(|account| with_roles(account, &member.roles)))
    }

    /// Returns true if the actor's account has a second factor.
    pub async fn has_second_factor(&self, actor: &Actor) -> Result<bool> {
        let Some(account) = actor.reader() else {
            return Ok(false);
        };
        let factor = store::factor(self.database.read(), account).await?;
        Ok(factor.is_some_and(|factor| factor.confirmed))
    }

    /// Returns true if a role of the actor's account counts only after a second factor.
    pub async fn needs_second_factor(&self, actor: &Actor) -> Result<bool> {
        let Some(account) = actor.reader().filter(|_| self.second_factor_required) else {
            return Ok(false);
        };
        let roles = store::roles(self.database.read(), account).await?;
        Ok(roles.iter().any(needs_second_factor))
    }

    /// Those of the accounts that exist, as everyone sees them, in no order.
    pub async fn by_ids(&self, _: &Actor, ids: &[AccountId]) -> Result<Vec<Profile>> {
        Ok(store::profiles(self.database.read(), ids).await?)
    }

    /// Changes the actor's own account. A new name passes the rule for names, and is none of theirs
    /// that moderators hid.
    pub async fn update(
        &self,
        actor: &Actor,
        change: AccountChange,
    ) -> Result<Account, AccountRefusal> {
        allow(actor, policy::may_update)?;
        let id = actor.account().ok_or_else(|| actor.denied())?;
        let change = &change.check()?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let before = store::by_id(&transaction, id)
                    .await?
                    .ok_or(Error::NotFound)?;
                let name = change.display_name.as_ref();
                if let Some(name) = name.filter(|name| **name != before.display_name) {
                    if let Some(refusal) = self.names.refusal(name) {
                        return Err(Error::refused(refusal));
                    }
                    if store::is_reserved_name(&transaction, name).await? {
                        return Err(Error::refused(AccountRefusal::NameReserved));
                    }
                    if store::is_hidden_name(&transaction, id, name).await? {
                        return Err(Error::refused(AccountRefusal::NameHidden));
                    }
                }
                if !store::update(&transaction, id, change.clone(), now).await? {
                    return Err(Error::NotFound);
                }
                store::by_id(&transaction, id).await?.ok_or(Error::NotFound)
            })
            .await
    }
}

fn with_roles(account: Account, given: &Roles) -> Account {
    Account {
        roles: Roles::new(account.roles.iter().chain(given.iter())),
        ..account
    }
}
