//! Showing once more that it is they, for what cannot be undone.

use super::{Accounts, digest};
use crate::{
    Error, Result,
    account::{
        AccountRefusal, Client, Password, store,
        throttle::{Action, Target},
    },
    id::AccountId,
    job::LinkPurpose,
};

impl Accounts {
    /// Whether this is the account's password. Tries that fail make the next ones wait.
    pub(crate) async fn prove(
        &self,
        client: Client,
        id: AccountId,
        password: Password,
    ) -> Result<(), AccountRefusal> {
        let person = store::addressee(self.database.read(), id).await?;
        let person = person.ok_or(Error::NotFound)?;
        let device = self.known_device(&client, |former| former.account == id);
        let target = Target {
            name: &person.email,
            device: device.await?,
        };
        let read = self.database.read();
        let attempt = self.admit(read, Action::SignIn, &client, target).await?;
        if !self.hasher.verify(password, person.password_hash).await? {
            self.fail(&attempt).await?;
            return Err(Error::refused(AccountRefusal::CredentialsInvalid));
        }
        self.throttle.succeed(&client, attempt);
        Ok(())
    }

    /// Whether this is the token of an open link to sign in by of this very account.
    pub(crate) async fn prove_by_link(
        &self,
        id: AccountId,
        token: &str,
    ) -> Result<(), AccountRefusal> {
        let now = self.clock.now();
        let read = self.database.read();
        let owner = store::linked_account(read, LinkPurpose::SignIn, &digest(token), now).await?;
        if owner == Some(id) {
            Ok(())
        } else {
            Err(Error::refused(AccountRefusal::LinkTokenInvalid))
        }
    }

    /// Tells everyone that an account's sessions have ended, once that is on disk.
    pub(crate) fn forget(&self, id: AccountId) {
        self.access_changed(id);
    }
}
