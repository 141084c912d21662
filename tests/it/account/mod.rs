//! Accounts, sessions and visitors through the API.

pub(crate) mod access;
mod blocked;
mod claim;
mod forged;
mod issued;
mod jobs;
mod key;
pub(crate) mod link;
mod mail_tls;
mod name;
mod operator;
mod page;
mod provider;
mod refresh;
mod register;
mod rivals;
mod second_factor;
mod session;
mod throttle;
mod token;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use domain::{
    Actor, Locale, Role, Roles,
    account::{Account, AccountDraft},
    id::AccountId,
    moderation::{Block, BlockDraft, Reason},
};
use harness::{Answer, Persona, SITE, TestApp, operation};
use serde_json::{Value, json};

pub(crate) const EMAIL: &str = "an.smit@voorbeeld.example";
pub(crate) const PASSWORD: &str = "een lang wachtwoord";

fn registration(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD, "displayName": "An Smit", "locale": "NL" })
}

async fn register(app: &TestApp, input: Value) -> Answer {
    app.send(
        Persona::Anonymous,
        "AccountRegister",
        json!({ "input": input }),
    )
    .await
}

async fn verify(app: &TestApp, token: &str) -> Answer {
    let variables = json!({ "input": { "token": token } });
    app.send(Persona::Anonymous, "AccountVerifyEmail", variables)
        .await
}

/// Blocks an account as the operators do, or lifts its block.
async fn block(app: &TestApp, account: AccountId, block: Block) {
    let draft = BlockDraft {
        account,
        block,
        reason: Some(Reason::Other),
        statement: Some("Dit account is overgenomen.".to_owned()),
    };
    let blocked = app.services.moderation.block(&Actor::System, draft).await;
    blocked.expect("operators may");
}

pub(crate) async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let variables = json!({ "input": { "email": email, "password": password } });
    app.send(Persona::Anonymous, "SessionCreate", variables)
        .await
}

pub(crate) async fn refresh(app: &TestApp, token: &str) -> Answer {
    let variables = json!({ "input": { "refreshToken": token } });
    app.send(Persona::Anonymous, "SessionRefresh", variables)
        .await
}

/// The text behind a path of an answer without errors.
pub(crate) fn text(answer: &Answer, path: &str) -> String {
    answer.data(path).as_str().expect("text").to_owned()
}

/// The token in the newest mail, after the jobs that are due.
async fn mailed_token(app: &TestApp) -> String {
    app.run_jobs().await;
    let mail = app.mails().pop().expect("a mail");
    assert!(mail.text.contains(SITE), "a link to the site");
    let (_, rest) = mail.text.split_once("?token=").expect("a link");
    rest.split_whitespace().next().expect("a token").to_owned()
}

/// A verified account with [`PASSWORD`].
pub(crate) async fn verified_account(app: &TestApp, email: &str) -> Account {
    let draft = AccountDraft {
        email: email.to_owned(),
        password: PASSWORD.into(),
        display_name: "An Smit".to_owned(),
        locale: Locale::Nl,
    };
    let roles = Roles::new([Role::Resident]);
    app.services
        .accounts
        .create(&Actor::System, draft, roles)
        .await
        .expect("an account")
}

/// The access and the refresh token of a new session of a verified account.
pub(crate) async fn signed_in(app: &TestApp, email: &str) -> (String, String) {
    let answer = sign_in(app, email, PASSWORD).await;
    answer.accepted("sessionCreate");
    (
        text(&answer, "/sessionCreate/session/accessToken"),
        text(&answer, "/sessionCreate/session/refreshToken"),
    )
}

/// What the server answers to an operation of the contract with these values for the header.
async fn post(
    app: &TestApp,
    authorization: &[&str],
    name: &str,
    variables: Value,
) -> (StatusCode, HeaderMap, Answer) {
    post_document(app, authorization, &operation(name).document, variables).await
}

/// What the server answers to any document.
async fn post_document(
    app: &TestApp,
    authorization: &[&str],
    document: &str,
    variables: Value,
) -> (StatusCode, HeaderMap, Answer) {
    let body = json!({ "query": document, "variables": variables });
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    for value in authorization {
        request = request.header(header::AUTHORIZATION, *value);
    }
    let request = request
        .body(Body::from(body.to_string()))
        .expect("a request");
    let (head, body) = app.http(request).await.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.expect("a body");
    let answer = serde_json::from_slice(&bytes).expect("an answer in JSON");
    (head.status, head.headers, Answer(answer))
}

/// What the server answers to who sends this access token.
async fn post_as(app: &TestApp, token: &str, name: &str, variables: Value) -> Answer {
    let (status, _, answer) = post(app, &[&format!("Bearer {token}")], name, variables).await;
    assert_eq!(status, StatusCode::OK, "{:#}", answer.0);
    answer
}
