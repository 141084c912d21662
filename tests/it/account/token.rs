//! Access tokens as the network brings them: what is not good is refused, never treated as none.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::{
    Services, Settings,
    account::{PasswordCost, SigningKey},
    clock::SharedClock,
    mail::Mailer,
};
use entity::signing_key;
use harness::{DatabaseKind, Persona, SITE, TestApp, on_both_databases};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::{EMAIL, post, post_as, signed_in, text, verified_account};

/// The first key of RFC 8032, section 7.1: a secret to nobody.
const KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
";

async fn assert_refused(app: &TestApp, authorization: &[&str]) {
    let (status, headers, answer) = post(app, authorization, "Viewer", json!({})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "{authorization:?}");
    assert_eq!(
        headers[header::WWW_AUTHENTICATE],
        "Bearer error=\"invalid_token\"",
        "{authorization:?}"
    );
    assert_eq!(answer.code(), "UNAUTHENTICATED", "{authorization:?}");
    assert_eq!(answer.0.get("data"), None);
}

/// The token with other claims, and the signature that it had.
fn forged(token: &str, change: impl FnOnce(&mut Value)) -> String {
    let [header, claims, signature] = split(token);
    let mut claims = json_of(claims);
    change(&mut claims);
    format!("{header}.{}.{signature}", encoded(&claims))
}

fn split(token: &str) -> [&str; 3] {
    let parts: Vec<&str> = token.split('.').collect();
    parts.try_into().expect("three parts")
}

fn json_of(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

async fn services(app: &TestApp, settings: Settings) -> Services {
    let clock: SharedClock = Arc::new(app.clock.clone());
    let settings = Settings {
        password_cost: PasswordCost::LEAST,
        ..settings
    };
    Services::new(&app.database, &clock, settings)
        .await
        .expect("services")
}

on_both_databases! {
    async fn a_token_works_for_fifteen_minutes(app) {
        verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let (status, _, answer) = post(app, &[&format!("{scheme} {access}")], "Viewer", json!({})).await;
            assert_eq!(status, StatusCode::OK);
            assert_eq!(answer.data("/viewer/account/email"), EMAIL);
        }
        app.clock.advance(TimeDelta::minutes(15) - TimeDelta::seconds(1));
        post_as(app, &access, "Viewer", json!({})).await;
        app.clock.advance(TimeDelta::seconds(1));
        assert_refused(app, &[&format!("Bearer {access}")]).await;
    }

    async fn what_is_no_token_of_ours_is_refused(app) {
        verified_account(app, EMAIL).await;
        let (access, refresh) = signed_in(app, EMAIL).await;
        let [header, claims, signature] = split(&access);
        let none = encoded(&json!({ "alg": "none", "typ": "at+jwt", "kid": json_of(header)["kid"] }));
        for token in [
            String::new(),
            refresh,
            "nonsense".to_owned(),
            format!("{none}.{claims}."),
            format!("{none}.{claims}.{signature}"),
            format!("{header}.{claims}."),
            forged(&access, |claims| claims["roles"] = json!(["ADMIN"])),
            forged(&access, |claims| claims["exp"] = json!(9_999_999_999_i64)),
            "a".repeat(4_000),
        ] {
            assert_refused(app, &[&format!("Bearer {token}")]).await;
        }
    }

    async fn a_header_that_holds_no_token_is_refused(app) {
        verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        for header in ["", "Bearer", "Bearer ", &format!("Basic {access}"), &access, "Basic YW46c21pdA=="] {
            assert_refused(app, &[header]).await;
        }
        let good = format!("Bearer {access}");
        assert_refused(app, &[&good, &good]).await;
        assert_refused(app, &[&good, "Bearer nonsense"]).await;
    }

    async fn a_visitor_is_no_member(app) {
        let answer = app.send(Persona::Anonymous, "VisitorCreate", json!({})).await;
        assert_eq!(answer.data("/visitorCreate/accessTokenExpiresAt"), "2026-04-01T12:00:00.000Z");
        let token = text(&answer, "/visitorCreate/accessToken");
        let viewer = post_as(app, &token, "Viewer", json!({})).await;
        assert_eq!(viewer.data("/viewer/account"), &Value::Null);
        let update = json!({ "input": { "displayName": "An Smit" } });
        assert_eq!(post_as(app, &token, "AccountUpdate", update).await.code(), "UNAUTHENTICATED");
        // The claims of a member do not make a member of a visitor.
        let member = forged(&token, |claims| claims["roles"] = json!(["ADMIN"]));
        assert_refused(app, &[&format!("Bearer {member}")]).await;
        app.clock.advance(TimeDelta::days(30));
        assert_refused(app, &[&format!("Bearer {token}")]).await;
    }

    async fn a_token_of_another_site_or_key_is_refused(app) {
        verified_account(app, EMAIL).await;
        let own_key = SigningKey::from_pem(KEY).expect("a key");
        for settings in [
            Settings::new("https://elders.example", Mailer::memory()),
            Settings { issuer: "https://elders.example".to_owned(), ..Settings::new(SITE, Mailer::memory()) },
            Settings { audience: "https://elders.example".to_owned(), ..Settings::new(SITE, Mailer::memory()) },
            Settings { signing_key: Some(own_key), ..Settings::new(SITE, Mailer::memory()) },
        ] {
            let elsewhere = services(app, settings).await;
            let visitor = elsewhere.accounts.become_visitor(app.actor(Persona::Anonymous)).expect("a token");
            assert!(elsewhere.accounts.authenticate(&visitor.token).await.is_ok());
            assert_refused(app, &[&format!("Bearer {}", visitor.token)]).await;
        }
    }

    async fn processes_that_start_at_once_share_one_key(app) {
        let before = signing_key::Entity::find().count(app.database.read()).await.expect("a count");
        assert_eq!(before, 1);
        signing_key::Entity::delete_many().exec(app.database.writer()).await.expect("no key");
        let starting = (0..4).map(|_| services(app, Settings::new(SITE, Mailer::memory())));
        let started = futures_util::future::join_all(starting).await;
        for one in &started {
            let token = one.accounts.become_visitor(app.actor(Persona::Anonymous)).expect("a token");
            for other in &started {
                assert!(other.accounts.authenticate(&token.token).await.is_ok());
            }
        }
        let after = signing_key::Entity::find().count(app.database.read()).await.expect("a count");
        assert_eq!(after, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_set_is_not_kept() {
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let key = || Some(SigningKey::from_pem(KEY).expect("a key"));
    let set = async || {
        let settings = Settings {
            signing_key: key(),
            ..Settings::new(SITE, Mailer::memory())
        };
        services(&app, settings).await
    };
    let (one, other) = (set().await, set().await);
    let token = one
        .accounts
        .become_visitor(app.actor(Persona::Anonymous))
        .expect("a token");
    assert!(other.accounts.authenticate(&token.token).await.is_ok());
    let kept = signing_key::Entity::find()
        .count(app.database.read())
        .await
        .expect("a count");
    assert_eq!(kept, 1, "only the key of the application's own start");
    drop((one, other));
    app.end().await;
}
