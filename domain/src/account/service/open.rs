//! Opening a session, and giving out its tokens.

use chrono::TimeDelta;

use super::{Accounts, digest};
use crate::{
    Actor, Blocked, Member, Result, Role, Roles,
    account::{
        AccountRefusal, SessionTokens, SignedIn,
        store::{self, NewToken, OpenSession},
    },
    clock::Instant,
    database::Transaction,
    id::{AccountId, SessionId},
    random,
};

/// How long a session lives from its last renewal.
pub(super) const SESSION_LIFE: TimeDelta = TimeDelta::days(30);
/// How long a session lives in which a second factor gives its roles, renewed or not.
const STAFF_SESSION_LIFE: TimeDelta = TimeDelta::hours(8);

/// Whose session to renew, and by which token.
pub(super) struct Renewal<'a> {
    pub(super) id: SessionId,
    pub(super) token_hash: &'a str,
}

impl Accounts {
    /// Opens a session for an account; of a blocked one it gives an [`Actor::Blocked`].
    pub(super) async fn open_session(
        &self,
        transaction: &Transaction,
        account: AccountId,
        second_factor: bool,
    ) -> Result<SignedIn, AccountRefusal> {
        let now = self.clock.now();
        let id = SessionId::new(now);
        let roles = self
            .roles_in_force(transaction, account, second_factor)
            .await?;
        let session = OpenSession {
            account,
            created_at: now,
            expires_at: self.end_of_session(&roles, now, now),
            second_factor,
        };
        store::open_session(transaction, id, session).await?;
        store::note_sight(transaction, account, now).await?;
        let member = Member {
            id: account,
            session: id,
            roles,
        };
        self.issue(transaction, member, None).await
    }

    /// Renews a session; none where it has ended.
    pub(super) async fn renew(
        &self,
        transaction: &Transaction,
        renewal: Renewal<'_>,
    ) -> Result<Option<SignedIn>, AccountRefusal> {
        let now = self.clock.now();
        let Some(session) = store::session(transaction, renewal.id, now).await? else {
            return Ok(None);
        };
        let account = session.account;
        let roles = self
            .roles_in_force(transaction, account, session.second_factor)
            .await?;
        let expires_at = self.end_of_session(&roles, session.created_at, now);
        if expires_at <= now
            || !store::renew_session(transaction, renewal.id, now, expires_at).await?
        {
            return Ok(None);
        }
        store::note_sight(transaction, account, now).await?;
        store::prune_tokens(transaction, renewal.id, now - SESSION_LIFE).await?;
        let member = Member {
            id: account,
            session: renewal.id,
            roles,
        };
        self.issue(transaction, member, Some(renewal.token_hash))
            .await
            .map(Some)
    }

    /// New tokens for a session, in place of the refresh token before.
    async fn issue(
        &self,
        transaction: &Transaction,
        member: Member,
        replaces: Option<&str>,
    ) -> Result<SignedIn, AccountRefusal> {
        let refresh = random::token()?;
        let access_id = random::token()?;
        let token = NewToken {
            hash: &digest(&refresh),
            session: member.session,
            access_id: &access_id,
            replaces,
        };
        store::add_refresh_token(transaction, token, self.clock.now()).await?;
        let access = self.tokens.member(&member, &access_id)?;
        let block = store::blocks(transaction, &[member.id], self.clock.now()).await?;
        let actor = match block.first() {
            None => Actor::Member(member),
            Some(&(_, until)) => Actor::Blocked(Blocked { member, until }),
        };
        Ok(SignedIn {
            tokens: SessionTokens { access, refresh },
            actor,
        })
    }

    /// The account's roles; without those that need a second factor where none was shown.
    async fn roles_in_force(
        &self,
        transaction: &Transaction,
        account: AccountId,
        second_factor: bool,
    ) -> Result<Roles, AccountRefusal> {
        let roles = store::roles(transaction, account).await?;
        if second_factor || !self.second_factor_required {
            return Ok(roles);
        }
        let (withheld, held): (Vec<Role>, Vec<Role>) =
            roles.iter().partition(|role| needs_second_factor(*role));
        Ok(Roles::new(held).withholding(withheld))
    }

    fn end_of_session(&self, roles: &Roles, created_at: Instant, now: Instant) -> Instant {
        if self.second_factor_required && roles.iter().any(needs_second_factor) {
            created_at + STAFF_SESSION_LIFE
        } else {
            now + SESSION_LIFE
        }
    }
}

pub(super) fn needs_second_factor(role: Role) -> bool {
    matches!(role, Role::Moderator | Role::Admin)
}
