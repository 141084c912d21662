//! Signing in and choosing another password by mailed links.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use entity::mailed_link;
use harness::{Answer, Persona, TestApp, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{
    EMAIL, PASSWORD, mailed_token, post, post_as, refresh, register, registration, sign_in,
    signed_in, text, verified_account, verify,
};

const INVALID: [&str; 1] = ["LINK_TOKEN_INVALID input.token"];

async fn ask(app: &TestApp, operation: &str, email: &str) -> Answer {
    let variables = json!({ "input": { "email": email } });
    app.send(Persona::Anonymous, operation, variables).await
}

/// The token of the link that was asked for.
pub(crate) async fn asked(app: &TestApp, operation: &str, email: &str) -> String {
    let answer = ask(app, operation, email).await;
    assert_eq!(answer.0.get("errors"), None, "{:#}", answer.0);
    mailed_token(app).await
}

async fn open(app: &TestApp, token: &str) -> Answer {
    let variables = json!({ "input": { "token": token } });
    app.send(Persona::Anonymous, "SessionCreateFromLink", variables)
        .await
}

pub(crate) async fn reset(app: &TestApp, token: &str, password: &str) -> Answer {
    let variables = json!({ "input": { "token": token, "password": password } });
    app.send(Persona::Anonymous, "AccountPasswordReset", variables)
        .await
}

async fn page(app: &TestApp, request: Request<Body>) -> (StatusCode, String) {
    let response = app.http(request).await;
    let status = response.status();
    assert_eq!(
        response.headers()[header::CACHE_CONTROL],
        "private, no-store"
    );
    assert_eq!(response.headers()[header::REFERRER_POLICY], "no-referrer");
    let bytes = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    (status, String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

async fn look(app: &TestApp, address: &str) -> (StatusCode, String) {
    let request = Request::get(address)
        .body(Body::empty())
        .expect("a request");
    page(app, request).await
}

async fn press(app: &TestApp, address: &str, form: String) -> (StatusCode, String) {
    let request = Request::post(address)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .expect("a request");
    page(app, request).await
}

on_both_databases! {
    async fn a_mailed_link_signs_in_once(app) {
        verified_account(app, EMAIL).await;
        let token = asked(app, "SessionLinkRequest", "An.Smit@Voorbeeld.example").await;
        assert_eq!(app.mails()[0].subject, "Uw link om u aan te melden");
        let answer = open(app, &token).await;
        answer.accepted("sessionCreateFromLink");
        let access = text(&answer, "/sessionCreateFromLink/session/accessToken");
        let viewer = post_as(app, &access, "Viewer", json!({})).await;
        assert_eq!(viewer.data("/viewer/account/email"), EMAIL);
        assert_eq!(open(app, &token).await.refusals("sessionCreateFromLink"), INVALID);
    }

    async fn a_link_works_a_quarter_of_an_hour_and_a_newer_one_replaces_it(app) {
        verified_account(app, EMAIL).await;
        let first = asked(app, "SessionLinkRequest", EMAIL).await;
        let second = asked(app, "SessionLinkRequest", EMAIL).await;
        assert_eq!(open(app, &first).await.refusals("sessionCreateFromLink"), INVALID);
        app.clock.advance(TimeDelta::minutes(15) - TimeDelta::seconds(1));
        open(app, &second).await.accepted("sessionCreateFromLink");
        let late = asked(app, "SessionLinkRequest", EMAIL).await;
        app.clock.advance(TimeDelta::minutes(15));
        for token in [late.as_str(), "", "nonsense"] {
            let answer = open(app, token).await;
            assert_eq!(answer.refusals("sessionCreateFromLink"), INVALID);
            assert_eq!(answer.data("/sessionCreateFromLink/session"), &Value::Null);
        }
    }

    async fn of_many_at_once_one_is_signed_in_by_a_link(app) {
        verified_account(app, EMAIL).await;
        let token = asked(app, "SessionLinkRequest", EMAIL).await;
        let answers = futures_util::future::join_all((0..8).map(|_| open(app, &token))).await;
        let opened = answers.iter().filter(|answer| answer.refusals("sessionCreateFromLink").is_empty());
        assert_eq!(opened.count(), 1);
    }

    async fn an_address_without_an_account_gets_the_same_answer_for_the_same_work_and_no_mail(app) {
        verified_account(app, EMAIL).await;
        for operation in ["SessionLinkRequest", "AccountPasswordResetRequest"] {
            let (known, work) = app.statements_of(ask(app, operation, EMAIL)).await;
            let (unknown, other_work) = app.statements_of(ask(app, operation, "niemand@voorbeeld.example")).await;
            assert_eq!(known, unknown);
            assert_eq!(work, other_work);
            assert!(!work.join("\n").contains("voorbeeld"));
        }
        assert_eq!(app.run_jobs().await, 4);
        let mails = app.mails();
        assert!(mails.len() == 2 && mails.iter().all(|mail| mail.to == EMAIL), "{mails:?}");
        let refused = ask(app, "SessionLinkRequest", "geen adres").await;
        assert_eq!(refused.refusals("sessionLinkRequest"), ["EMAIL_INVALID input.email"]);
    }

    async fn a_link_shows_the_address_and_drops_a_stranger_s_password(app) {
        register(app, registration(EMAIL)).await.accepted("accountRegister");
        let strangers = mailed_token(app).await;
        let token = asked(app, "SessionLinkRequest", EMAIL).await;
        let answer = open(app, &token).await;
        answer.accepted("sessionCreateFromLink");
        let access = text(&answer, "/sessionCreateFromLink/session/accessToken");
        let viewer = post_as(app, &access, "Viewer", json!({})).await;
        assert_eq!(viewer.data("/viewer/account/emailVerified"), true);
        assert_eq!(viewer.data("/viewer/account/roles"), &json!(["RESIDENT"]));
        assert_eq!(sign_in(app, EMAIL, PASSWORD).await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
        assert_eq!(verify(app, &strangers).await.refusals("accountVerifyEmail"), ["VERIFICATION_TOKEN_INVALID input.token"]);
    }

    async fn only_a_hash_of_a_link_is_kept(app) {
        verified_account(app, EMAIL).await;
        let token = asked(app, "SessionLinkRequest", EMAIL).await;
        assert_eq!(token.len(), 43);
        let rows = mailed_link::Entity::find().all(app.database.read()).await.expect("links");
        assert_eq!(rows.len(), 1);
        assert!(rows[0].token_hash.len() == 64 && !format!("{rows:?}").contains(&token));
    }

    async fn a_reset_changes_the_password_and_ends_every_session(app) {
        verified_account(app, EMAIL).await;
        let (access, renewal) = signed_in(app, EMAIL).await;
        post_as(app, &access, "Viewer", json!({})).await;
        let sign_in_link = asked(app, "SessionLinkRequest", EMAIL).await;
        let token = asked(app, "AccountPasswordResetRequest", EMAIL).await;
        assert_eq!(open(app, &token).await.refusals("sessionCreateFromLink"), INVALID, "of another kind");
        assert_eq!(reset(app, &sign_in_link, PASSWORD).await.refusals("accountPasswordReset"), INVALID);
        assert_eq!(reset(app, &token, "kort").await.refusals("accountPasswordReset"), ["TOO_SHORT input.password"]);
        reset(app, &token, "een ander wachtwoord").await.accepted("accountPasswordReset");
        assert_eq!(reset(app, &token, "nog een ander wachtwoord").await.refusals("accountPasswordReset"), INVALID);
        let (status, _, _) = post(app, &[&format!("Bearer {access}")], "Viewer", json!({})).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(refresh(app, &renewal).await.refusals("sessionRefresh"), ["REFRESH_TOKEN_INVALID input.refreshToken"]);
        assert_eq!(open(app, &sign_in_link).await.refusals("sessionCreateFromLink"), INVALID);
        assert_eq!(sign_in(app, EMAIL, PASSWORD).await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
        sign_in(app, EMAIL, "een ander wachtwoord").await.accepted("sessionCreate");
    }

    async fn opening_the_sign_in_page_changes_nothing_and_its_button_signs_in(app) {
        verified_account(app, EMAIL).await;
        let token = asked(app, "SessionLinkRequest", EMAIL).await;
        for _ in 0..2 {
            let (status, html) = look(app, &format!("/sign-in?token={token}")).await;
            assert_eq!(status, StatusCode::OK);
            assert!(html.contains("Aanmelden</button>") && html.contains(&token) && !html.contains('{'), "{html}");
        }
        let (status, html) = press(app, "/sign-in", format!("token={token}")).await;
        assert_eq!(status, StatusCode::OK);
        let (_, rest) = html.split_once("id=\"access\" rows=\"6\" readonly>").expect("a token");
        let access = rest.split('<').next().expect("a token");
        let viewer = post_as(app, access, "Viewer", json!({})).await;
        assert_eq!(viewer.data("/viewer/account/email"), EMAIL);
        assert_eq!(press(app, "/sign-in", format!("token={token}")).await.0, StatusCode::GONE);
        assert_eq!(look(app, "/sign-in?token=%3Cscript%3E").await.0, StatusCode::NOT_FOUND);
    }

    async fn a_password_that_is_too_long_is_refused_and_never_cut(app) {
        verified_account(app, EMAIL).await;
        let token = asked(app, "AccountPasswordResetRequest", EMAIL).await;
        let (_, html) = look(app, &format!("/reset-password?token={token}")).await;
        assert!(!html.contains("maxlength"), "a browser would cut what is pasted: {html}");
        let pasted = "a".repeat(150);
        for long in [pasted.clone(), "%F0%9F%8C%B3".repeat(129), "a".repeat(5_000), "%F0%9F%8C%B3".repeat(2_000)] {
            let (status, html) = press(app, "/reset-password", format!("token={token}&password={long}")).await;
            assert!(status == StatusCode::OK && html.contains("Kies een ander wachtwoord"), "{html}");
        }
        assert_eq!(reset(app, &token, &pasted).await.refusals("accountPasswordReset"), ["TOO_LONG input.password"]);
        sign_in(app, EMAIL, PASSWORD).await.accepted("sessionCreate");
        let trees = "🌳".repeat(128);
        let (_, html) = press(app, "/reset-password", format!("token={token}&password={}", "%F0%9F%8C%B3".repeat(128))).await;
        assert!(html.contains("Uw wachtwoord is gewijzigd"), "{html}");
        sign_in(app, EMAIL, &trees).await.accepted("sessionCreate");
        assert_eq!(sign_in(app, EMAIL, &"🌳".repeat(127)).await.refusals("sessionCreate"), ["CREDENTIALS_INVALID"]);
    }

    async fn the_reset_page_takes_another_password(app) {
        verified_account(app, EMAIL).await;
        let token = asked(app, "AccountPasswordResetRequest", EMAIL).await;
        let (status, html) = look(app, &format!("/reset-password?token={token}")).await;
        assert!(status == StatusCode::OK && html.contains("type=\"password\"") && !html.contains('{'), "{html}");
        let (status, html) = press(app, "/reset-password", format!("token={token}&password=kort")).await;
        assert!(status == StatusCode::OK && html.contains("Kies een ander wachtwoord"), "{html}");
        let (status, _) = press(app, "/reset-password", format!("token={token}&password=een+ander+wachtwoord")).await;
        assert_eq!(status, StatusCode::OK);
        sign_in(app, EMAIL, "een ander wachtwoord").await.accepted("sessionCreate");
        assert_eq!(press(app, "/reset-password", format!("token={token}&password=nog+een+wachtwoord")).await.0, StatusCode::GONE);
    }
}
