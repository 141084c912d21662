//! Signing in and out.

use chrono::TimeDelta;
use harness::{Persona, on_both_databases};
use serde_json::{Value, json};

use super::{
    EMAIL, PASSWORD, post_as, refresh, register, registration, sign_in, signed_in, verified_account,
};

const NEIGHBOUR: &str = "jan@voorbeeld.example";

on_both_databases! {
    async fn who_knows_address_and_password_is_signed_in(app) {
        verified_account(app, EMAIL).await;
        let answer = sign_in(app, " AN.SMIT@voorbeeld.example ", PASSWORD).await;
        let payload = answer.accepted("sessionCreate");
        assert_eq!(payload["viewer"]["account"]["email"], EMAIL);
        assert_eq!(payload["viewer"]["account"]["roles"], json!(["RESIDENT"]));
        assert_eq!(payload["session"]["accessTokenExpiresAt"], "2026-03-02T12:15:00.000Z");
    }

    async fn an_unknown_address_and_a_wrong_password_get_one_answer(app) {
        verified_account(app, EMAIL).await;
        let wrong = sign_in(app, EMAIL, "een fout wachtwoord").await;
        assert_eq!(wrong.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
        for (email, password) in [
            ("niemand@voorbeeld.example", PASSWORD),
            ("geen adres", PASSWORD),
            ("", ""),
            (EMAIL, ""),
            (EMAIL, &PASSWORD.to_uppercase()),
            (EMAIL, &format!("{PASSWORD} ")),
        ] {
            assert_eq!(sign_in(app, email, password).await, wrong, "{email} {password}");
        }
    }

    async fn who_has_not_verified_is_mailed_a_new_link(app) {
        register(app, registration(EMAIL)).await.accepted("accountRegister");
        app.run_jobs().await;
        let answer = sign_in(app, EMAIL, PASSWORD).await;
        assert_eq!(answer.refusals("sessionCreate"), ["EMAIL_NOT_VERIFIED"]);
        assert_eq!(answer.data("/sessionCreate/session"), &Value::Null);
        assert_eq!(answer.data("/sessionCreate/viewer"), &Value::Null);
        assert_eq!(app.run_jobs().await, 1);
        assert_eq!(app.mails().len(), 2);
        assert_eq!(sign_in(app, EMAIL, "een fout wachtwoord").await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
        assert_eq!(app.run_jobs().await, 0);
    }

    async fn devices_are_listed_and_ended_one_by_one(app) {
        verified_account(app, EMAIL).await;
        let (_, phone) = signed_in(app, EMAIL).await;
        app.clock.advance(TimeDelta::minutes(1));
        let (laptop, _) = signed_in(app, EMAIL).await;
        let viewer = post_as(app, &laptop, "Viewer", json!({})).await;
        let devices = viewer.data("/viewer/sessions").as_array().expect("sessions").clone();
        let current: Vec<&Value> = devices.iter().map(|device| &device["current"]).collect();
        assert_eq!(current, [true, false]);
        assert_eq!(devices[1]["createdAt"], "2026-03-02T12:00:00.000Z");
        let end = json!({ "input": { "sessionId": devices[1]["id"] } });
        for _ in 0..2 {
            post_as(app, &laptop, "SessionRevoke", end.clone()).await.accepted("sessionRevoke");
        }
        assert_eq!(refresh(app, &phone).await.refusals("sessionRefresh"), ["REFRESH_TOKEN_INVALID input.refreshToken"]);
        let left = post_as(app, &laptop, "Viewer", json!({})).await;
        assert_eq!(left.data("/viewer/sessions").as_array().expect("sessions").len(), 1);
    }

    async fn nobody_ends_another_s_session(app) {
        verified_account(app, EMAIL).await;
        verified_account(app, NEIGHBOUR).await;
        let (access, own) = signed_in(app, EMAIL).await;
        let (neighbour, _) = signed_in(app, NEIGHBOUR).await;
        let viewer = post_as(app, &access, "Viewer", json!({})).await;
        let end = json!({ "input": { "sessionId": viewer.data("/viewer/sessions/0/id") } });
        assert_eq!(post_as(app, &neighbour, "SessionRevoke", end.clone()).await.code(), "NOT_FOUND");
        assert_eq!(app.send(Persona::Visitor, "SessionRevoke", end).await.code(), "UNAUTHENTICATED");
        refresh(app, &own).await.accepted("sessionRefresh");
    }

    async fn a_refresh_token_is_proof_enough_to_end_its_session(app) {
        verified_account(app, EMAIL).await;
        let (_, token) = signed_in(app, EMAIL).await;
        for token in [token.as_str(), &token, "unknown"] {
            let variables = json!({ "input": { "refreshToken": token } });
            app.send(Persona::Anonymous, "SessionRevoke", variables).await.accepted("sessionRevoke");
        }
        assert_eq!(refresh(app, &token).await.refusals("sessionRefresh"), ["REFRESH_TOKEN_INVALID input.refreshToken"]);
    }

    async fn exactly_one_session_is_named(app) {
        for input in [json!({}), json!({ "refreshToken": "a", "sessionId": "b" }), json!({ "refreshToken": null }), json!({ "sessionId": "b" })] {
            let answer = app.send(Persona::Resident, "SessionRevoke", json!({ "input": input })).await;
            assert_eq!(answer.code(), "BAD_INPUT", "{input}");
        }
    }

    async fn who_has_not_signed_in_has_no_account(app) {
        for persona in [Persona::Anonymous, Persona::Visitor] {
            let viewer = app.send(persona, "Viewer", json!({})).await;
            assert_eq!(viewer.data("/viewer"), &json!({ "account": null, "sessions": [] }));
        }
    }

    async fn an_account_is_read_by_its_owner_only(app) {
        let own = app.send(Persona::Resident, "Viewer", json!({})).await;
        let id = own.data("/viewer/account/id");
        let document = "query($id: ID!) { node(id: $id) { ... on Account { email } } }";
        let read = async |persona| app.execute(persona, document, json!({ "id": id })).await;
        assert_eq!(read(Persona::Resident).await.data("/node/email"), own.data("/viewer/account/email"));
        for persona in [Persona::Anonymous, Persona::Neighbour, Persona::Admin] {
            assert_eq!(read(persona).await.data("/node"), &Value::Null, "{persona:?}");
        }
    }
}
