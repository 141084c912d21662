//! Whoever tries too often waits, the longer the more often.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use chrono::TimeDelta;
use harness::{Persona, TestApp, on_both_databases, operation};
use serde_json::json;

use super::{EMAIL, PASSWORD, post, registration, sign_in, signed_in, verified_account};

const WRONG: &str = "een fout wachtwoord";

/// The code and the header `Retry-After` of a sign-in that comes from this address.
async fn from(app: &TestApp, address: &str, email: &str) -> (String, Option<String>) {
    let document = &operation("SessionCreate").document;
    let input = json!({ "input": { "email": email, "password": WRONG } });
    let body = json!({ "query": document, "variables": input });
    let peer: SocketAddr = format!("{address}:4711").parse().expect("an address");
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .extension(ConnectInfo(peer))
        .body(Body::from(body.to_string()))
        .expect("a request");
    let (head, body) = app.http(request).await.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let answer: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    let code = answer["errors"][0]["extensions"]["code"].as_str();
    let wait = head.headers.get(header::RETRY_AFTER);
    (
        code.unwrap_or_default().to_owned(),
        wait.map(|value| value.to_str().expect("text").to_owned()),
    )
}

on_both_databases! {
    async fn five_wrong_passwords_make_the_sixth_wait_known_or_not(app) {
        verified_account(app, EMAIL).await;
        for email in [EMAIL, "niemand@voorbeeld.example"] {
            for _ in 0..5 {
                assert_eq!(sign_in(app, email, WRONG).await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
            }
            assert_eq!(sign_in(app, email, PASSWORD).await.code(), "RATE_LIMITED", "the right one waits too");
            let mut waits = Vec::new();
            for _ in 0..5 {
                let input = json!({ "input": { "email": email, "password": WRONG } });
                let (_, headers, answer) = post(app, &[], "SessionCreate", input).await;
                assert_eq!(answer.code(), "RATE_LIMITED", "{email}");
                let wait = answer.0["errors"][0]["extensions"]["retryAfter"].as_i64().expect("seconds");
                assert_eq!(headers[header::RETRY_AFTER], wait.to_string());
                waits.push(wait);
                app.clock.advance(TimeDelta::seconds(wait));
                assert_eq!(sign_in(app, email, WRONG).await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
            }
            assert_eq!(waits, [60, 120, 240, 480, 900], "{email}");
        }
        for _ in 0..10 {
            signed_in(app, EMAIL).await;
        }
    }

    async fn one_place_that_tries_many_accounts_waits(app) {
        for number in 0..20 {
            let email = format!("an{number}@voorbeeld.example");
            assert_eq!(from(app, "192.0.2.1", &email).await, (String::new(), None));
        }
        let waits = ("RATE_LIMITED".to_owned(), Some("60".to_owned()));
        assert_eq!(from(app, "192.0.2.1", EMAIL).await, waits);
        assert_eq!(from(app, "192.0.2.2", EMAIL).await, (String::new(), None));
    }

    async fn asking_for_links_and_accounts_is_bounded(app) {
        let ask = async |operation: &str, input| app.send(Persona::Anonymous, operation, json!({ "input": input })).await;
        for operation in ["SessionLinkRequest", "AccountRegister"] {
            let input = registration(EMAIL);
            let input = match operation {
                "AccountRegister" => input,
                _ => json!({ "email": EMAIL }),
            };
            for _ in 0..5 {
                assert_eq!(ask(operation, input.clone()).await.code(), "");
            }
            assert_eq!(ask(operation, input).await.code(), "RATE_LIMITED", "{operation}");
        }
        // A link of either kind fills the same mailbox.
        assert_eq!(ask("AccountPasswordResetRequest", json!({ "email": EMAIL })).await.code(), "RATE_LIMITED");
    }
}
