//! People whom another provider vouches for.

use sha2::{Digest, Sha256};

use super::Accounts;
use crate::{
    Actor, Error, Member, Result, Roles,
    account::{
        Account, draft, name,
        provider::Vouched,
        store::{self, OpenSession},
        verified::Known,
    },
    clock::Instant,
    database::Transaction,
    id::{AccountId, SessionId},
};

impl Accounts {
    /// The actor behind a token of another provider, who gets an account when first met.
    ///
    /// Each of its tokens is a session of its own, which ends with the token: the person sees it
    /// in their list and may end it, and a block ends it as it does every other.
    pub(super) async fn meet(&self, vouched: Vouched, token: &str, now: Instant) -> Result<Known> {
        let session = session_of(token);
        let known = store::account_of(self.database.read(), &vouched).await?;
        let opened = match known {
            Some(account) => {
                let open = store::any_session(self.database.read(), session).await?;
                open.then_some(account)
            }
            None => None,
        };
        let account = match opened {
            Some(account) => account,
            None => self.open_vouched(&vouched, session, now).await?,
        };
        Ok(Known {
            actor: Actor::Member(Member {
                id: account,
                session,
                roles: vouched.roles,
            }),
            expires_at: vouched.expires_at,
            looked_at: now,
        })
    }

    async fn open_vouched(
        &self,
        vouched: &Vouched,
        session: SessionId,
        now: Instant,
    ) -> Result<AccountId> {
        self.database
            .write(|transaction| async move {
                let known = store::account_of(&transaction, vouched).await?;
                let account = match known {
                    Some(account) => account,
                    None => self.first_sight(&transaction, vouched, now).await?,
                };
                if store::is_blocked(&transaction, account, now).await? {
                    return Err(Error::Unauthenticated);
                }
                store::prune_sessions(&transaction, account, now).await?;
                let open = OpenSession {
                    account,
                    created_at: now,
                    expires_at: vouched.expires_at,
                    second_factor: false,
                };
                store::open_session_once(&transaction, session, open).await?;
                store::note_sight(&transaction, account, now).await?;
                Ok(account)
            })
            .await
    }

    /// An account for someone who was never here. Who has one with the address that the provider
    /// verified keeps it; what a stranger may have typed for it before counts no more.
    async fn first_sight(
        &self,
        transaction: &Transaction,
        vouched: &Vouched,
        now: Instant,
    ) -> Result<AccountId> {
        let Some(email) = vouched.email.as_deref().and_then(draft::email) else {
            tracing::warn!(
                issuer = vouched.issuer,
                "a token was refused: its provider states no verified address (email, email_verified)"
            );
            return Err(Error::Unauthenticated);
        };
        let account = Account {
            id: AccountId::new(now),
            email_verified: true,
            display_name: self.name_of(transaction, vouched).await?,
            locale: vouched.locale,
            roles: Roles::default(),
            email,
        };
        store::insert(transaction, &account, "", now).await?;
        let known = store::by_email_for_change(transaction, &account.email)
            .await?
            .ok_or_else(|| Error::internal("an account is gone that was there"))?;
        if !known.email_verified {
            store::close_link(transaction, known.id).await?;
            store::replace_unverified(transaction, known.id, &account, "", now).await?;
            store::set_verified(transaction, known.id, now).await?;
        }
        store::grant(transaction, known.id, crate::Role::Resident, now).await?;
        let account = store::bind(transaction, vouched, known.id, now).await?;
        tracing::info!(
            issuer = vouched.issuer,
            "a person came in through a provider"
        );
        Ok(account)
    }

    /// Returns what a person goes by whom a provider vouches for: their name there where the rule
    /// for names lets it pass, else one that is nobody's.
    async fn name_of(&self, transaction: &Transaction, vouched: &Vouched) -> Result<String> {
        let name = vouched.name.as_deref();
        let name = name.and_then(|name| draft::display_name(name, &self.names));
        if let Some(name) = name
            && !store::is_reserved_name(transaction, &name).await?
        {
            return Ok(name);
        }
        Ok(name::fallback(&vouched.roles, vouched.locale))
    }
}

/// The session that a token stands for: made from its hash, so that it is the same at each sight.
fn session_of(token: &str) -> SessionId {
    let hash = Sha256::digest(token);
    let mut bytes = [0; 16];
    for (byte, of_hash) in bytes.iter_mut().zip(hash) {
        *byte = of_hash;
    }
    SessionId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
