//! Embeds through the API and over HTTP.

pub(crate) mod access;
mod forged;
mod links;
mod load;
mod script;
pub(crate) mod session;
mod shown;
mod write;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use domain::{Actor, embed::Shown, id::EmbedId};
use harness::{Persona, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{partner::partner_of, poll};

/// The first key of RFC 8032, section 7.1, which is the partner's here.
const KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
";
/// Its public half, as in a JWK.
pub(crate) const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
/// Its public half as `openssl pkey -pubout` writes it.
const PUBLIC_PEM: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
-----END PUBLIC KEY-----
";

pub(crate) const SITE: &str = "https://www.raalte.example";

/// What `EmbedCreate` is sent for a poll on the pages of a partner; `changes` replace its parts.
pub(crate) fn draft(partner: &Value, poll: &Value, changes: &Value) -> Value {
    let mut draft = json!({
        "partnerId": partner["id"],
        "pollId": poll["id"],
        "allowedOrigins": [SITE],
        "locale": "NL",
    });
    for (name, value) in changes.as_object().expect("changes are an object") {
        draft[name] = value.clone();
    }
    draft
}

/// A poll of the province on the pages of a partner that Fatma is the editor of; the embed, its
/// poll and its partner.
pub(crate) async fn embed(app: &TestApp, changes: Value) -> (Value, Value, Value) {
    let partner = partner_of(app, "Raalte", &[(Persona::Resident, "EDITOR")]).await;
    let made = poll::poll(app, json!({ "voteChange": "UNTIL_CLOSE" })).await;
    let input = draft(&partner, &made, &changes);
    let answer = app
        .send(Persona::Resident, "EmbedCreate", json!({ "input": input }))
        .await;
    let embed = answer.accepted("embedCreate")["embed"].clone();
    (embed, made, partner)
}

/// The id that stands in the embed's address.
fn id_of(embed: &Value) -> EmbedId {
    let url = embed["url"].as_str().expect("an address");
    let id = url.rsplit('/').next().expect("a last part");
    EmbedId(Uuid::parse_str(id).expect("an id"))
}

/// What a page is told of the embed; none where it is not shown.
async fn shown(app: &TestApp, embed: &Value) -> Option<std::sync::Arc<Shown>> {
    let embeds = &app.services.embeds;
    let shown = embeds.shown(&Actor::Visitor(None), id_of(embed)).await;
    shown.expect("an embed can be looked up")
}

/// Sends an answer's body as JSON with its status.
async fn http(app: &TestApp, request: Request<Body>) -> (StatusCode, Value) {
    let response = app.http(request).await;
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

/// Begins to vote in the embed.
async fn open(app: &TestApp, embed: &Value, body: &Value) -> (StatusCode, Value) {
    let request = Request::post(format!("/embed/{}/session", id_of(embed).0))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .expect("a request");
    http(app, request).await
}

/// The token of someone who began to vote in the embed.
pub(crate) async fn token(app: &TestApp, embed: &Value, body: &Value) -> String {
    let (status, answer) = open(app, embed, body).await;
    assert_eq!(status, StatusCode::OK, "{answer:#}");
    answer["token"].as_str().expect("a token").to_owned()
}

/// Sends an operation of the contract over HTTP with this token.
async fn send(app: &TestApp, token: &str, name: &str, variables: &Value) -> (StatusCode, Value) {
    let body = json!({ "query": harness::operation(name).document, "variables": variables });
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(body.to_string()))
        .expect("a request");
    http(app, request).await
}

/// Votes for the first option with this token; the code of what was refused, empty where nothing
/// was.
async fn vote(app: &TestApp, token: &str, poll: &Value) -> String {
    let input = json!({ "input": poll::choice(poll, 0, &[0]) });
    let (_, answer) = send(app, token, "BallotCast", &input).await;
    let refusal = answer.pointer("/data/ballotCast/userErrors/0/code");
    let error = answer.pointer("/errors/0/extensions/code");
    let code = refusal.or(error).and_then(Value::as_str);
    code.unwrap_or_default().to_owned()
}
