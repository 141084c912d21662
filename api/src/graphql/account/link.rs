//! Signing in and choosing another password by mailed links.

use async_graphql::{Context, Object, SimpleObject};
use domain::{account::Password, job::LinkPurpose};

use super::{
    input::{
        AccountPasswordResetInput, AccountPasswordResetRequestInput, SessionCreateFromLinkInput,
        SessionLinkRequestInput,
    },
    mutation::signed_in,
    types::{Session, Viewer},
};
use crate::graphql::{
    context::request,
    once::once,
    user_error::{UserError, outcome},
};

/// What `sessionLinkRequest` gives: the same whether or not the address has an account.
#[derive(SimpleObject)]
pub(crate) struct SessionLinkRequestPayload {
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `sessionCreateFromLink` gives.
#[derive(SimpleObject)]
pub(crate) struct SessionCreateFromLinkPayload {
    /// The new session; null where signing in was declined.
    session: Option<Session>,
    /// Who is signed in now; null where signing in was declined.
    viewer: Option<Viewer>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `accountPasswordResetRequest` gives: the same whether or not the address has an account.
#[derive(SimpleObject)]
pub(crate) struct AccountPasswordResetRequestPayload {
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `accountPasswordReset` gives.
#[derive(SimpleObject)]
pub(crate) struct AccountPasswordResetPayload {
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Signing in and choosing another password by mailed links.
#[derive(Default)]
pub(crate) struct LinkMutation;

#[Object]
impl LinkMutation {
    /// Mails a link that signs its reader in, good for once within 15 minutes; a newer one
    /// replaces it. The answer says nothing about whether the address has an account. After five
    /// in a row the next ones wait: RATE_LIMITED. Everyone.
    #[graphql(directive = once::apply())]
    async fn session_link_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: SessionLinkRequestInput,
    ) -> async_graphql::Result<SessionLinkRequestPayload> {
        let user_errors = ask(
            ctx,
            &input.email,
            input.former_refresh_token,
            LinkPurpose::SignIn,
        )
        .await?;
        Ok(SessionLinkRequestPayload { user_errors })
    }

    /// Signs in who has the link. It shows that the address is theirs as well. Everyone.
    #[graphql(directive = once::apply())]
    async fn session_create_from_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: SessionCreateFromLinkInput,
    ) -> async_graphql::Result<SessionCreateFromLinkPayload> {
        let request = request(ctx);
        let client = request
            .client()
            .with_former_session(input.former_refresh_token);
        let created = request
            .services
            .accounts
            .sign_in_by_link(
                &request.actor,
                client,
                &input.token,
                input.second_factor_code.as_deref(),
            )
            .await;
        let (session, viewer, user_errors) = signed_in(ctx, created)?;
        Ok(SessionCreateFromLinkPayload {
            session,
            viewer,
            user_errors,
        })
    }

    /// Mails a link by which its reader chooses another password, good for once within 15
    /// minutes; a newer one replaces it. The answer says nothing about whether the address has an
    /// account. After five in a row the next ones wait: RATE_LIMITED. Everyone.
    #[graphql(directive = once::apply())]
    async fn account_password_reset_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: AccountPasswordResetRequestInput,
    ) -> async_graphql::Result<AccountPasswordResetRequestPayload> {
        let user_errors = ask(
            ctx,
            &input.email,
            input.former_refresh_token,
            LinkPurpose::PasswordReset,
        )
        .await?;
        Ok(AccountPasswordResetRequestPayload { user_errors })
    }

    /// Gives the account of the link another password, and ends all its sessions; its second
    /// factor stays. Everyone who has the link.
    #[graphql(directive = once::apply())]
    async fn account_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: AccountPasswordResetInput,
    ) -> async_graphql::Result<AccountPasswordResetPayload> {
        let request = request(ctx);
        let reset = request
            .services
            .accounts
            .reset_password(
                &request.actor,
                &input.token,
                Password::from(input.password.as_str()),
            )
            .await;
        let (_, user_errors) = outcome(ctx, reset)?;
        Ok(AccountPasswordResetPayload { user_errors })
    }
}

async fn ask(
    ctx: &Context<'_>,
    email: &str,
    former_refresh_token: Option<String>,
    purpose: LinkPurpose,
) -> async_graphql::Result<Vec<UserError>> {
    let request = request(ctx);
    let client = request.client().with_former_session(former_refresh_token);
    let asked = request
        .services
        .accounts
        .request_link(&request.actor, client, email, purpose)
        .await;
    Ok(outcome(ctx, asked)?.1)
}
