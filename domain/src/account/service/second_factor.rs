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
        throttle::{Action, Target},
    },
    database::Transaction,
    id::{AccountId, SessionId},
};

/// The outcome of asking for a second factor, as a value, so that a failure is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// The account has none.
    Unset,
    /// The code was right, and is used up.
    Right,
    /// The code was wrong or used before.
    Wrong,
}

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
        let Actor::Member(member) = actor else {
            return Err(actor.denied());
        };
        let account = member.id;
        let client = client.in_session(member.session);
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
                Ok(person.email.unwrap_or_default())
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
            return Err(actor.denied());
        };
        let name = member.id.0.to_string();
        let target = Target {
            name: &name,
            device: Some(member.session),
        };
        let read = self.database.read();
        let attempt = self
            .admit(read, Action::SecondFactor, &client, target)
            .await?;
        let codes = recovery_codes()?;
        let hashes: &Vec<String> = &codes.iter().map(|code| recovery_hash(code)).collect();
        let now = self.clock.now();
        let tried = &attempt;
        let is_right = self
            .database
            .write(|transaction| async move {
                let factor = store::factor(&transaction, member.id)
                    .await?
                    .ok_or(Error::refused(AccountRefusal::SecondFactorNotEnrolled))?;
                if factor.confirmed {
                    return Err(Error::refused(AccountRefusal::SecondFactorSet));
                }
                if !take_code(&transaction, member.id, &factor.secret, code, now).await? {
                    self.note_failure(&transaction, tried).await?;
                    return Ok(false);
                }
                store::confirm(&transaction, member.id, hashes, now).await?;
                store::note_second_factor(&transaction, member.session).await?;
                Ok(true)
            })
            .await?;
        if !is_right {
            return Err(Error::refused(AccountRefusal::SecondFactorInvalid));
        }
        self.throttle.succeed(&client, attempt);
        Ok(codes)
    }

    /// Asks for the account's second factor, if it has one. A code is taken and good for once; one
    /// that is missing is refused. A wrong one is counted in this transaction, which is to commit.
    pub(super) async fn prove_second_factor(
        &self,
        transaction: &Transaction,
        client: &Client,
        account: AccountId,
        device: Option<SessionId>,
        code: Option<&str>,
    ) -> Result<Shown, AccountRefusal> {
        let factor = store::factor(transaction, account).await?;
        let Some(factor) = factor.filter(|factor| factor.confirmed) else {
            return Ok(Shown::Unset);
        };
        let code = code.ok_or(Error::refused(AccountRefusal::SecondFactorRequired))?;
        let name = account.0.to_string();
        let target = Target {
            name: &name,
            device,
        };
        let attempt = self
            .admit(transaction, Action::SecondFactor, client, target)
            .await?;
        let now = self.clock.now();
        let shown = if is_one_time(code) {
            take_code(transaction, account, &factor.secret, code, now).await?
        } else {
            store::take_recovery_code(transaction, account, &recovery_hash(code)).await?
        };
        if !shown {
            self.note_failure(transaction, &attempt).await?;
            return Ok(Shown::Wrong);
        }
        store::forget_failures(transaction, &attempt.account).await?;
        self.throttle.succeed(client, attempt);
        Ok(Shown::Right)
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
