//! What the access matrix tries on accounts and sessions.

use serde_json::json;

use super::{EMAIL, PASSWORD, mailed_token, register, registration, signed_in, verified_account};
use crate::access::{Row, row};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            "AccountRegister",
            "an account",
            async |_| json!({ "input": registration(EMAIL) }),
        ),
        row("AccountVerifyEmail", "who has the link", async |app| {
            register(app, registration(EMAIL)).await;
            json!({ "input": { "token": mailed_token(app).await } })
        }),
        row("SessionCreate", "who knows the password", async |app| {
            verified_account(app, EMAIL).await;
            json!({ "input": { "email": EMAIL, "password": PASSWORD } })
        }),
        row("SessionRefresh", "who has the token", async |app| {
            verified_account(app, EMAIL).await;
            json!({ "input": { "refreshToken": signed_in(app, EMAIL).await.1 } })
        }),
        row("SessionRevoke", "who has the token", async |app| {
            verified_account(app, EMAIL).await;
            json!({ "input": { "refreshToken": signed_in(app, EMAIL).await.1 } })
        }),
        row("SessionRevoke", "another's session", async |app| {
            verified_account(app, EMAIL).await;
            let (access, _) = signed_in(app, EMAIL).await;
            let viewer = super::post_as(app, &access, "Viewer", json!({})).await;
            json!({ "input": { "sessionId": viewer.data("/viewer/sessions/0/id") } })
        }),
        row(
            "SessionLinkRequest",
            "a link",
            async |_| json!({ "input": { "email": EMAIL } }),
        ),
        row("SessionCreateFromLink", "who has the link", async |app| {
            verified_account(app, EMAIL).await;
            let token = super::link::asked(app, "SessionLinkRequest", EMAIL).await;
            json!({ "input": { "token": token } })
        }),
        row(
            "AccountPasswordResetRequest",
            "a link",
            async |_| json!({ "input": { "email": EMAIL } }),
        ),
        row("AccountPasswordReset", "who has the link", async |app| {
            verified_account(app, EMAIL).await;
            let token = super::link::asked(app, "AccountPasswordResetRequest", EMAIL).await;
            json!({ "input": { "token": token, "password": "een ander wachtwoord" } })
        }),
        row(
            "SecondFactorEnroll",
            "one's own account, without a proof",
            async |_| json!({}),
        ),
        row(
            "SecondFactorConfirm",
            "an account without one",
            async |_| json!({ "input": { "code": "000000" } }),
        ),
        row(
            "AccountErase",
            "one's own account, by a wrong password",
            async |_| json!({ "input": { "password": PASSWORD } }),
        ),
        row("VisitorCreate", "a visitor", async |_| json!({})),
        row(
            "AccountUpdate",
            "one's own account",
            async |_| json!({ "input": { "displayName": "Een andere naam" } }),
        ),
    ]
}
