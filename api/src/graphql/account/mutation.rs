//! Registering, signing in and out, and changing one's own account.

use async_graphql::{Context, Object, SimpleObject};
use domain::account::{AccountRefusal, SignedIn};

use super::{
    Account,
    input::{
        AccountRegisterInput, AccountUpdateInput, AccountVerifyEmailInput, SessionCreateInput,
        SessionRefreshInput, SessionRevokeInput,
    },
    types::{Session, Viewer},
};
use crate::graphql::{
    context::request,
    error::Failure,
    once::once,
    scalar::DateTime,
    user_error::{UserError, outcome},
};

/// What `accountRegister` gives: the same whether or not the address has an account.
#[derive(SimpleObject)]
pub(crate) struct AccountRegisterPayload {
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `accountVerifyEmail` gives.
#[derive(SimpleObject)]
pub(crate) struct AccountVerifyEmailPayload {
    /// A new session; null where the link was declined.
    session: Option<Session>,
    /// Who is signed in now; null where the link was declined.
    viewer: Option<Viewer>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `sessionCreate` gives.
#[derive(SimpleObject)]
pub(crate) struct SessionCreatePayload {
    /// The new session; null where signing in was declined.
    session: Option<Session>,
    /// Who is signed in now; null where signing in was declined.
    viewer: Option<Viewer>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `sessionRefresh` gives.
#[derive(SimpleObject)]
pub(crate) struct SessionRefreshPayload {
    /// The session's new tokens; null where the renewal was declined.
    session: Option<Session>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `sessionRevoke` gives.
#[derive(SimpleObject)]
pub(crate) struct SessionRevokePayload {
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `visitorCreate` gives.
#[derive(SimpleObject)]
pub(crate) struct VisitorCreatePayload {
    /// A JWT for the header `Authorization: Bearer …`, good for 30 days. It cannot be renewed.
    access_token: String,
    /// When the token stops working.
    access_token_expires_at: DateTime,
}

/// What `accountUpdate` gives.
#[derive(SimpleObject)]
pub(crate) struct AccountUpdatePayload {
    /// The changed account; null where the change was declined.
    account: Option<Account>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Registering, signing in and out, and changing one's own account.
#[derive(Default)]
pub(crate) struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Asks for an account. The answer says nothing about whether the address has one: the mail
    /// that follows does. Everyone.
    #[graphql(directive = once::apply())]
    async fn account_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: AccountRegisterInput,
    ) -> async_graphql::Result<AccountRegisterPayload> {
        let request = request(ctx);
        let visitor_token = input.visitor_token.clone();
        let registered = request
            .services
            .accounts
            .register(
                &request.actor,
                request.client(),
                input.draft(request.locale),
                visitor_token.as_deref(),
            )
            .await;
        let (_, user_errors) = outcome(ctx, registered)?;
        Ok(AccountRegisterPayload { user_errors })
    }

    /// Shows that an address is yours, and signs you in. Everyone.
    #[graphql(directive = once::apply())]
    async fn account_verify_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: AccountVerifyEmailInput,
    ) -> async_graphql::Result<AccountVerifyEmailPayload> {
        let request = request(ctx);
        let verified = request
            .services
            .accounts
            .verify_email(&request.actor, request.client(), &input.token)
            .await;
        let (session, viewer, user_errors) = signed_in(ctx, verified)?;
        Ok(AccountVerifyEmailPayload {
            session,
            viewer,
            user_errors,
        })
    }

    /// Signs in. An address without an account and a wrong password are both
    /// CREDENTIALS_INVALID; with EMAIL_NOT_VERIFIED a new link is mailed; with
    /// SECOND_FACTOR_REQUIRED all else was right. After five tries that fail the next ones wait:
    /// RATE_LIMITED; a device that shows `formerRefreshToken` has five of its own. Everyone.
    #[graphql(directive = once::apply())]
    async fn session_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: SessionCreateInput,
    ) -> async_graphql::Result<SessionCreatePayload> {
        let request = request(ctx);
        let former_refresh_token = input.former_refresh_token.clone();
        let client = request.client().with_former_session(former_refresh_token);
        let created = request
            .services
            .accounts
            .sign_in(&request.actor, client, input.into())
            .await;
        let (session, viewer, user_errors) = signed_in(ctx, created)?;
        Ok(SessionCreatePayload {
            session,
            viewer,
            user_errors,
        })
    }

    /// Renews a session: the refresh token is taken and a new one given. Of several at once one
    /// is first, and the others get REFRESH_TOKEN_RACED. Who asks again because the answer never
    /// came gets another, once and within 30 seconds, while nothing in the lost one was used. Any
    /// other second use of a token ends its session, whoever sends it: REFRESH_TOKEN_REUSED.
    /// Everyone.
    #[graphql(directive = once::apply())]
    async fn session_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: SessionRefreshInput,
    ) -> async_graphql::Result<SessionRefreshPayload> {
        let request = request(ctx);
        let refreshed = request
            .services
            .accounts
            .refresh(&request.actor, &input.refresh_token)
            .await;
        let (session, _, user_errors) = signed_in(ctx, refreshed)?;
        Ok(SessionRefreshPayload {
            session,
            user_errors,
        })
    }

    /// Ends a session: it cannot be renewed any more, and its access token stops working within
    /// five seconds. Everyone, of their own sessions.
    async fn session_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: SessionRevokeInput,
    ) -> async_graphql::Result<SessionRevokePayload> {
        let request = request(ctx);
        let revoked = request
            .services
            .accounts
            .revoke(&request.actor, input.try_into()?)
            .await;
        let (_, user_errors) = outcome(ctx, revoked)?;
        Ok(SessionRevokePayload { user_errors })
    }

    /// A token for a person without an account, who may vote where a poll allows it. Nothing is
    /// kept of it. Everyone.
    #[expect(clippy::unused_async, reason = "the library takes async fields only")]
    #[graphql(directive = once::apply())]
    async fn visitor_create(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<VisitorCreatePayload> {
        let request = request(ctx);
        let access = request
            .services
            .accounts
            .become_visitor(&request.actor)
            .map_err(Failure::from)?;
        Ok(VisitorCreatePayload {
            access_token: access.token,
            access_token_expires_at: DateTime(access.expires_at),
        })
    }

    /// Changes your own account. Everyone with an account.
    async fn account_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: AccountUpdateInput,
    ) -> async_graphql::Result<AccountUpdatePayload> {
        let request = request(ctx);
        let updated = request
            .services
            .accounts
            .update(&request.actor, input.into())
            .await;
        let (account, user_errors) = outcome(ctx, updated)?;
        Ok(AccountUpdatePayload {
            account: account.map(Account::from),
            user_errors,
        })
    }
}

pub(super) type SignedInParts = (Option<Session>, Option<Viewer>, Vec<UserError>);

pub(super) fn signed_in(
    ctx: &Context<'_>,
    signed_in: Result<SignedIn, domain::Error<AccountRefusal>>,
) -> async_graphql::Result<SignedInParts> {
    let (signed_in, user_errors) = outcome(ctx, signed_in)?;
    Ok(match signed_in {
        None => (None, None, user_errors),
        Some(SignedIn { tokens, actor }) => (Some(tokens.into()), Some(actor.into()), user_errors),
    })
}
