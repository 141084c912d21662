//! Step-up re-authentication before what a stolen access token must not do.

use super::{Accounts, digest};
use crate::{
    Error, Result,
    account::{
        AccountRefusal, Client, Password, Proof, store,
        throttle::{Action, Target},
    },
    id::AccountId,
    job::LinkPurpose,
};

impl Accounts {
    /// Checks that it is the account's owner who asks, by their password or a link that is mailed
    /// to sign in by. Wrong passwords make the next tries wait; a link is taken.
    pub(crate) async fn reauthenticate(
        &self,
        client: Client,
        id: AccountId,
        proof: Option<Proof>,
    ) -> Result<(), AccountRefusal> {
        match proof {
            None => Err(Error::refused(AccountRefusal::CredentialsInvalid)),
            Some(Proof::Password(password)) => self.check_password(client, id, password).await,
            Some(Proof::Link(token)) => self.take_own_link(id, &token).await,
        }
    }

    async fn check_password(
        &self,
        client: Client,
        id: AccountId,
        password: Password,
    ) -> Result<(), AccountRefusal> {
        let person = store::addressee(self.database.read(), id).await?;
        let person = person.ok_or(Error::NotFound)?;
        let device = self.known_device(&client, |former| former.account == id);
        let name = person.email.unwrap_or_else(|| id.0.to_string());
        let target = Target {
            name: &name,
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

    async fn take_own_link(&self, id: AccountId, token: &str) -> Result<(), AccountRefusal> {
        let now = self.clock.now();
        let token_hash = &digest(token);
        self.database
            .write(|transaction| async move {
                let purpose = LinkPurpose::SignIn;
                let owner = store::linked_account(&transaction, purpose, token_hash, now).await?;
                if owner == Some(id) && store::take_mailed_link(&transaction, token_hash).await? {
                    Ok(())
                } else {
                    Err(Error::refused(AccountRefusal::LinkTokenInvalid))
                }
            })
            .await
    }

    /// Tells everyone that an account's sessions have ended, once that is on disk.
    pub(crate) fn forget(&self, id: AccountId) {
        self.access_changed(id);
    }
}
