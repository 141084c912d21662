//! People whom another provider vouches for.

use sha2::{Digest, Sha256};

use super::{Accounts, digest};
use crate::{
    Actor, Error, Member, Result, Roles,
    account::{
        Account, TokenRefusal, draft, name,
        provider::{KnownAddress, Vouched},
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
    /// in their list and may end it, and a block limits it as it does every other.
    pub(super) async fn meet(
        &self,
        vouched: Vouched,
        token: &str,
        now: Instant,
    ) -> Result<Known, TokenRefusal> {
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
        let actor = Actor::Member(Member {
            id: account,
            session,
            roles: vouched.roles,
        });
        Ok(Known::new(actor, vouched.expires_at, now))
    }

    async fn open_vouched(
        &self,
        vouched: &Vouched,
        session: SessionId,
        now: Instant,
    ) -> Result<AccountId, TokenRefusal> {
        self.database
            .write(|transaction| async move {
                let known = store::account_of(&transaction, vouched).await?;
                let account = match known {
                    Some(account) => account,
                    None => self.provision_account(&transaction, vouched, now).await?,
                };
                store::prune_sessions(&transaction, account, now).await?;
                let open = OpenSession {
                    account,
                    created_at: now,
                    expires_at: vouched.expires_at,
                    second_factor: false,
                };
                store::open_session_once(&transaction, session, open).await?;
                store::note_sight(&transaction, account, now).await?;
                store::note_stated_roles(&transaction, vouched, account).await?;
                Ok(account)
            })
            .await
    }

    /// Provisions an account for a person who was never here.
    ///
    /// Only issuer and subject say who they are (OpenID Connect Core, section 5.7): whoever else
    /// has or had the address keeps their account, and neither lends the other roles, data or a
    /// name. An address that the provider stated of another person before, it gave to a successor:
    /// mail to it may reach either, so the account goes without, or is refused.
    async fn provision_account(
        &self,
        transaction: &Transaction,
        vouched: &Vouched,
        now: Instant,
    ) -> Result<AccountId, TokenRefusal> {
        let issuer = vouched.issuer.clone();
        let Some(email) = vouched.email.as_deref().and_then(draft::email) else {
            return Err(Error::refused(TokenRefusal::AddressMissing { issuer }));
        };
        let is_known = store::is_known_address(transaction, &issuer, &email).await?;
        if is_known && vouched.known_address == KnownAddress::Refuse {
            return Err(Error::refused(TokenRefusal::AddressKnown { issuer }));
        }
        let account = Account {
            id: AccountId::new(now),
            email_verified: true,
            display_name: self.name_of(transaction, vouched).await?,
            locale: vouched.locale,
            roles: Roles::default(),
            email: Some(email).filter(|_| !is_known),
        };
        // The same name for many at once, so that they make one account.
        let name = digest(&vouched.key());
        let id = store::insert_of_provider(transaction, &account, &name, now)
            .await?
            .ok_or_else(|| Error::internal("an account is gone that was there"))?;
        store::grant(transaction, id, crate::Role::Resident, now).await?;
        let account = store::bind(transaction, vouched, id, now).await?;
        tracing::info!(
            issuer,
            with_address = !is_known,
            "a person came in through a provider"
        );
        Ok(account)
    }

    /// Returns what a person goes by whom a provider vouches for: their name there where the rule
    /// for names lets it pass, else one that is nobody's.
    async fn name_of(
        &self,
        transaction: &Transaction,
        vouched: &Vouched,
    ) -> Result<String, TokenRefusal> {
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

/// Returns the session that a token stands for: made from the hash of its header and claims, so
/// that it is the same at each sight. Not of its signature: of one by ES256, (r, s), anyone makes
/// another that is good, (r, n − s).
fn session_of(token: &str) -> SessionId {
    let signed = token.rsplit_once('.').map_or(token, |(signed, _)| signed);
    let hash = Sha256::digest(signed);
    let mut bytes = [0; 16];
    for (byte, of_hash) in bytes.iter_mut().zip(hash) {
        *byte = of_hash;
    }
    SessionId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
