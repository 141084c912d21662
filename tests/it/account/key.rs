//! The keys that sign tokens.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::Actor;
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{EMAIL, post, post_as, signed_in, text, verified_account};

async fn key_set(app: &TestApp) -> Vec<Value> {
    let request = Request::get("/.well-known/jwks.json")
        .body(Body::empty())
        .expect("a request");
    let (head, body) = app.http(request).await.into_parts();
    assert_eq!(
        head.headers[header::CONTENT_TYPE],
        "application/jwk-set+json"
    );
    let bytes = to_bytes(body, 1 << 20).await.expect("a body");
    let set: Value = serde_json::from_slice(&bytes).expect("JSON");
    set["keys"].as_array().expect("keys").clone()
}

fn kid(token: &str) -> Value {
    let header = token.split('.').next().expect("a header");
    let header = URL_SAFE_NO_PAD.decode(header).expect("base64");
    serde_json::from_slice::<Value>(&header).expect("JSON")["kid"].clone()
}

on_both_databases! {
    async fn the_public_key_verifies_what_is_signed(app) {
        verified_account(app, EMAIL).await;
        let (access, _) = signed_in(app, EMAIL).await;
        let keys = key_set(app).await;
        assert_eq!(keys.len(), 1);
        assert_eq!(keys[0]["kid"], kid(&access));
        assert_eq!(keys[0].get("d"), None, "the private half stays here");
        let x = keys[0]["x"].as_str().expect("a key");
        let key = jsonwebtoken::DecodingKey::from_ed_components(x).expect("a key");
        let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
        validation.validate_exp = false;
        validation.validate_aud = false;
        assert!(jsonwebtoken::decode::<Value>(&access, &key, &validation).is_ok());
    }

    async fn a_key_is_rotated_and_the_one_before_lives_as_long_as_its_tokens(app) {
        verified_account(app, EMAIL).await;
        let visitor = app.send(Persona::Anonymous, "VisitorCreate", json!({})).await;
        let visitor = text(&visitor, "/visitorCreate/accessToken");
        let first = kid(&visitor);
        let new = app.services.accounts.rotate_key(&Actor::System).await.expect("a key");
        assert_eq!(key_set(app).await.len(), 2, "known before it signs");
        let (access, _) = signed_in(app, EMAIL).await;
        assert_eq!(kid(&access), first);
        app.clock.advance(TimeDelta::minutes(2));
        let (access, _) = signed_in(app, EMAIL).await;
        assert_eq!(kid(&access), json!(new.kid));
        post_as(app, &access, "Viewer", json!({})).await;
        post_as(app, &visitor, "Viewer", json!({})).await;
        app.clock.advance(TimeDelta::days(30));
        let keys = key_set(app).await;
        assert!(keys.len() == 1 && keys[0]["kid"] == json!(new.kid), "{keys:?}");
        let (status, _, _) = post(app, &[&format!("Bearer {visitor}")], "Viewer", json!({})).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        app.services.accounts.rotate_key(&Actor::System).await.expect("a key");
        assert_eq!(key_set(app).await.len(), 2);
    }
}
