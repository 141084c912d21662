//! Setting a second factor, and showing it.

use super::{Accounts, allow};
use crate::{
    Actor, Error, Result,
    account::{
        AccountRefusal, Client, Proof, policy,
        second_factor::{
            is_one_time, new_secret, otpauth_uri, recovery_codes, recovery_hash, step_of,
        },
        store,
        throttle::Action,
    },
    database::Transaction,
    id::AccountId,
};

/// Who an authenticator says that its codes are for.
const ISSUER: &str = "JIJ&Overijssel";

impl Accounts {
    /// Makes a secret for the actor's authenticator and gives its address (`otpauth://`); it is
    /// asked for once it was confirmed. Asking again before that gives another. The actor proves
    /// that it is they: with a stolen token alone nobody locks an owner out by a factor of theirs.
    pub async fn enrol_second_factor(
        &self,
        actor: &Actor,
        client: Client,
        proof: Option<Proof>,
    ) -> Result<String, AccountRefusal> {
        allow(actor, policy::may_update)?;
        let account = actor.account().ok_or(Error::Denied)?;
        self.reauthenticate(client, account, proof).await?;
        let secret = &new_secret()?;
        let now = self.clock.now();
        let email = self
            .database
            .write(|transaction| async move {
                let person = store::addressee_for_change(&transaction, account)
                    .await?
                    .ok_or(Error::NotFound)?;
                let factor = store::factor(&transaction, account).await?;
                if factor.is_some_and(|factor| factor.confirmed) {
                    return Err(Error::refused(AccountRefusal::SecondFactorSet));
                }
                store::enrol(&transaction, account, secret.clone(), now).await?;
                Ok(person.email)
            })
            .await?;
        Ok(otpauth_uri(secret, ISSUER, &email))
    }

    /// Sets the second factor of the actor, who shows by a code to have it; gives the recovery
    /// codes, which nobody can read again. Its roles come with the session's next renewal.
    pub async fn confirm_second_factor(
        &self,
        actor: &Actor,
        client: Client,
        code: &str,
    ) -> Result<Vec<String>, AccountRefusal> {
        allow(actor, policy::may_update)?;
        let Actor::Member(member) = actor else {
            return Err(Error::Denied);
        };
        let name = member.id.0.to_string();
        self.throttle.admit(Action::SecondFactor, client, &name)?;
        let codes = recovery_codes()?;
        let hashes: &Vec<String> = &codes.iter().map(|code| recovery_hash(code)).collect();
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let factor = store::factor(&transaction, member.id)
                    .await?
                    .ok_or(Error::refused(AccountRefusal::SecondFactorNotEnrolled))?;
                if factor.confirmed {
                    return Err(Error::refused(AccountRefusal::SecondFactorSet));
                }
                if !take_code(&transaction, member.id, &factor.secret, code, now).await? {
                    return Err(Error::refused(AccountRefusal::SecondFactorInvalid));
                }
                store::confirm(&transaction, member.id, hashes, now).await?;
                store::note_second_factor(&transaction, member.session).await?;
                Ok(())
            })
            .await?;
        self.throttle.forgive(Action::SecondFactor, client, &name);
        Ok(codes)
    }

    /// Whether the account's second factor was shown: `false` where it has none. A code is taken
    /// and good for once; one that is missing or wrong is refused.
    pub(super) async fn prove_second_factor(
        &self,
        transaction: &Transaction,
        client: Client,
        account: AccountId,
        code: Option<&str>,
    ) -> Result<bool, AccountRefusal> {
        let factor = store::factor(transaction, account).await?;
        let Some(factor) = factor.filter(|factor| factor.confirmed) else {
            return Ok(false);
        };
        let code = code.ok_or(Error::refused(AccountRefusal::SecondFactorRequired))?;
        let name = account.0.to_string();
        self.throttle.admit(Action::SecondFactor, client, &name)?;
        let now = self.clock.now();
        let shown = if is_one_time(code) {
            take_code(transaction, account, &factor.secret, code, now).await?
        } else {
            store::take_recovery_code(transaction, account, &recovery_hash(code)).await?
        };
        if !shown {
            return Err(Error::refused(AccountRefusal::SecondFactorInvalid));
        }
        self.throttle.forgive(Action::SecondFactor, client, &name);
        Ok(true)
    }
}

async fn take_code(
    transaction: &Transaction,
    account: AccountId,
    secret: &[u8],
    code: &str,
    now: crate::clock::Instant,
) -> Result<bool, AccountRefusal> {
    match step_of(secret, code, now).map_err(Error::Internal)? {
        None => Ok(false),
        Some(step) => Ok(store::take_step(transaction, account, step).await?),
    }
}
