//! Setting a second factor.

use async_graphql::{Context, Object, SimpleObject};

use super::input::{SecondFactorConfirmInput, SecondFactorEnrollInput, proof};
use crate::graphql::{
    context::request,
    once::once,
    user_error::{UserError, outcome},
};

/// What `secondFactorEnroll` gives.
#[derive(SimpleObject)]
pub(crate) struct SecondFactorEnrollPayload {
    /// What your authenticator reads as a QR code (`otpauth://totp/…`); it holds the secret, and
    /// nobody can read it again. Null where it was declined.
    otpauth_uri: Option<String>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// What `secondFactorConfirm` gives.
#[derive(SimpleObject)]
pub(crate) struct SecondFactorConfirmPayload {
    /// Ten codes for when your authenticator is lost, each good for one sign-in; nobody can read
    /// them again. Null where it was declined.
    recovery_codes: Option<Vec<String>>,
    /// Why it was declined; empty where it was not.
    user_errors: Vec<UserError>,
}

/// Setting a second factor.
#[derive(Default)]
pub(crate) struct SecondFactorMutation;

#[Object]
impl SecondFactorMutation {
    /// Makes a secret for your authenticator (TOTP, RFC 6238: SHA-1, six figures, 30 seconds).
    /// It is asked for at a sign-in once you confirmed it; asking again before that gives
    /// another. Without a proof that it is you: CREDENTIALS_INVALID. After five wrong passwords in
    /// a row the next ones wait: RATE_LIMITED. Everyone with an account.
    #[graphql(directive = once::apply())]
    async fn second_factor_enroll(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proof that it is you: your password, or the token of a link.")]
        input: Option<SecondFactorEnrollInput>,
    ) -> async_graphql::Result<SecondFactorEnrollPayload> {
        let request = request(ctx);
        let proof = input.and_then(|input| proof(input.password, input.token));
        let enrolled = request
            .services
            .accounts
            .enrol_second_factor(&request.actor, request.client(), proof)
            .await;
        let (otpauth_uri, user_errors) = outcome(ctx, enrolled)?;
        Ok(SecondFactorEnrollPayload {
            otpauth_uri,
            user_errors,
        })
    }

    /// Sets the second factor: from now on every sign-in asks for it. Roles that need one come
    /// with the next `sessionRefresh`. Everyone with an account.
    #[graphql(directive = once::apply())]
    async fn second_factor_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be done.")] input: SecondFactorConfirmInput,
    ) -> async_graphql::Result<SecondFactorConfirmPayload> {
        let request = request(ctx);
        let confirmed = request
            .services
            .accounts
            .confirm_second_factor(&request.actor, request.client(), &input.code)
            .await;
        let (recovery_codes, user_errors) = outcome(ctx, confirmed)?;
        Ok(SecondFactorConfirmPayload {
            recovery_codes,
            user_errors,
        })
    }
}
