//! Accounts and sessions as their owners see them.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::{Actor, account, moderation::Subject};

use crate::graphql::{
    connection::{Connection, paging},
    context::request,
    error::{Failure, nullable},
    moderation::{AccountBlock, ModerationDecision, last_decision},
    node,
    scalar::{DateTime, Json},
    story::{Story, stories_by_author},
};

/// A role on the platform.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::Role")]
pub(crate) enum Role {
    /// Takes part: stories, comments, votes.
    Resident,
    /// Writes for the province: themes, publication, polls.
    Editor,
    /// Judges what others submit.
    Moderator,
    /// Everything the other roles may, and the platform itself.
    Admin,
}

/// A language in which people are addressed.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "domain::Locale")]
pub(crate) enum Locale {
    /// Dutch.
    Nl,
    /// English.
    En,
}

/// Your own account. Others see of it only its display name, beside what you wrote.
pub(crate) struct Account(account::Account);

/// Your own account. Others see of it only its display name, beside what you wrote.
#[Object]
impl Account {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// How others see you: 2 to 60 characters on one line.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// Your address, in lower case, its domain in ASCII; only you see it. Null where you come in by
    /// your employer's identity provider, which stated the same address of somebody else before.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Whether you showed that the address is yours.
    async fn email_verified(&self) -> bool {
        self.0.email_verified && self.0.email.is_some()
    }

    /// The language in which mail is written to you.
    async fn locale(&self) -> Locale {
        self.0.locale.into()
    }

    /// What you may do beyond what everyone may. An access token has the roles of when it was
    /// made; it catches up within 15 minutes.
    async fn roles(&self) -> Vec<Role> {
        self.0.roles.iter().map(Role::from).collect()
    }

    /// The last decision of the moderators on your name or your account, such as a block, for
    /// `moderationDecisionAppeal`; null where that was nothing.
    async fn moderation_decision(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<ModerationDecision>> {
        Ok(last_decision(ctx, Subject::Profile(self.0.id)).await?)
    }

    /// What you wrote, public or not, the last made first.
    async fn stories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only stories behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only stories before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<Story>> {
        let paging = paging(first, after, last, before);
        Ok(stories_by_author(ctx, self.0.id, &paging).await?)
    }
}

/// Who asks.
pub(crate) struct Viewer(Actor);

/// Who asks.
#[Object]
impl Viewer {
    /// Your account; null for who has not signed in.
    async fn account(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        nullable(async {
            let accounts = &request(ctx).services.accounts;
            let own = accounts.own(&self.0).await.map_err(Failure::from)?;
            Ok(own.map(Account::from))
        })
        .await
    }

    /// All that is held on you, as it is at this moment: an object with a list for each table, of
    /// the rows that name you as they are stored, without secrets, the ids and words of others, and
    /// what would tell who reported or how many did; under `ballot` your ballots in every poll and
    /// run, with their marks. Only for yourself; null for who has not signed in.
    async fn data_export(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Json>> {
        nullable(async {
            let privacy = &request(ctx).services.privacy;
            let held = privacy.export(&self.0).await.map_err(Failure::from)?;
            Ok(held.map(Json))
        })
        .await
    }

    /// True if your account has a second factor; every sign-in asks for it then.
    async fn has_second_factor(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let accounts = &request(ctx).services.accounts;
        Ok(accounts
            .has_second_factor(&self.0)
            .await
            .map_err(Failure::from)?)
    }

    /// True if a role of yours counts only after a second factor: without one, what it is needed
    /// for is refused with SECOND_FACTOR_MISSING.
    async fn needs_second_factor(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let accounts = &request(ctx).services.accounts;
        Ok(accounts
            .needs_second_factor(&self.0)
            .await
            .map_err(Failure::from)?)
    }

    /// The block of your account; null where it is not blocked. While it is, you may read, appeal
    /// (`moderationDecisionAppeal`), export (`dataExport`) and erase yourself (`accountErase`);
    /// everything else is ACCOUNT_BLOCKED.
    async fn block(&self) -> Option<AccountBlock> {
        match &self.0 {
            Actor::Blocked(blocked) => Some(AccountBlock {
                until: blocked.until.map(DateTime),
            }),
            _ => None,
        }
    }

    /// The devices on which you are signed in, the last seen first, at most 100; empty for who
    /// has not signed in.
    async fn sessions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<DeviceSession>> {
        let accounts = &request(ctx).services.accounts;
        let sessions = accounts.sessions(&self.0).await.map_err(Failure::from)?;
        Ok(sessions.into_iter().map(DeviceSession::from).collect())
    }
}

/// A device on which you are signed in.
#[derive(SimpleObject)]
pub(crate) struct DeviceSession {
    /// Opaque and stable; good for `sessionRevoke`.
    id: ID,
    /// When you signed in there.
    created_at: DateTime,
    /// When its tokens were last renewed: at most 15 minutes before it was last used.
    last_seen_at: DateTime,
    /// Whether it is the device that asks.
    current: bool,
}

/// What a device needs to act for you. Nothing of it can be read again later.
#[derive(SimpleObject)]
pub(crate) struct Session {
    /// A JWT for the header `Authorization: Bearer …`, good for 15 minutes.
    access_token: String,
    /// When the access token stops working.
    access_token_expires_at: DateTime,
    /// Good for one `sessionRefresh` within 30 days. Keep it as you would a password.
    refresh_token: String,
}

impl From<account::Account> for Account {
    fn from(account: account::Account) -> Self {
        Self(account)
    }
}

impl From<Actor> for Viewer {
    fn from(actor: Actor) -> Self {
        Self(actor)
    }
}

impl From<account::DeviceSession> for DeviceSession {
    fn from(session: account::DeviceSession) -> Self {
        Self {
            id: node::encode(&session.id),
            created_at: DateTime(session.created_at),
            last_seen_at: DateTime(session.last_seen_at),
            current: session.current,
        }
    }
}

impl From<account::SessionTokens> for Session {
    fn from(tokens: account::SessionTokens) -> Self {
        Self {
            access_token: tokens.access.token,
            access_token_expires_at: DateTime(tokens.access.expires_at),
            refresh_token: tokens.refresh,
        }
    }
}
