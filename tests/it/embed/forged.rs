//! What a partner did not sign, or not for this embed, or too long ago.

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::clock::Clock;
use harness::{TestApp, on_both_databases};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::{KEY, PUBLIC, PUBLIC_PEM, embed, id_of, open, session::signed, token};

/// The second key of RFC 8032, section 7.1: another partner's.
const OTHER: [u8; 32] = [
    0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e, 0x0f,
    0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab, 0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb,
];
/// What stands before a secret key in PKCS #8 (RFC 8410).
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

fn partners() -> EncodingKey {
    EncodingKey::from_ed_pem(KEY.as_bytes()).expect("a key")
}

fn others() -> EncodingKey {
    EncodingKey::from_ed_der(&[PKCS8.as_slice(), &OTHER].concat())
}

fn good(app: &TestApp, embed: &Value) -> Value {
    let now = app.clock.now().timestamp();
    json!({ "sub": "piet", "aud": embed["url"], "iat": now, "exp": now + 300 })
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

fn without(claims: &Value, name: &str) -> Value {
    let mut claims = claims.clone();
    claims.as_object_mut().expect("claims").remove(name);
    claims
}

fn by(key: &EncodingKey, claims: &Value) -> String {
    jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), claims, key).expect("a token")
}

/// A token with this header over these claims, signed by the partner over exactly that.
fn under(header: &Value, claims: &Value) -> String {
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &partners(), Algorithm::EdDSA);
    format!("{message}.{}", signature.expect("a signature"))
}

fn hmac(algorithm: Algorithm, secret: &[u8], claims: &Value) -> String {
    let key = EncodingKey::from_secret(secret);
    jsonwebtoken::encode(&Header::new(algorithm), claims, &key).expect("a token")
}

on_both_databases! {
    async fn what_the_partner_did_not_sign_is_refused(app) {
        let (made, _, _) = embed(app, json!({ "subjectKey": PUBLIC })).await;
        let claims = good(app, &made);
        token(app, &made, &json!({ "subject": by(&partners(), &claims) })).await;
        let public = URL_SAFE_NO_PAD.decode(PUBLIC).expect("base64");
        let [head, body, signature] = {
            let token = by(&partners(), &claims);
            let parts: Vec<String> = token.split('.').map(str::to_owned).collect();
            <[String; 3]>::try_from(parts).expect("three parts")
        };
        let forged: Vec<(&str, String)> = vec![
            ("alg none", format!("{}.{body}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#))),
            ("alg none, signed", under(&json!({ "alg": "none", "typ": "JWT" }), &claims)),
            ("no signature", format!("{head}.{body}.")),
            ("HS256 by the public key", hmac(Algorithm::HS256, &public, &claims)),
            ("HS256 by its text", hmac(Algorithm::HS256, PUBLIC.as_bytes(), &claims)),
            ("HS256 by its PEM", hmac(Algorithm::HS256, PUBLIC_PEM.as_bytes(), &claims)),
            ("HS512 by the public key", hmac(Algorithm::HS512, &public, &claims)),
            ("another header", under(&json!({ "alg": "HS256" }), &claims)),
            ("what must be understood", under(&json!({ "alg": "EdDSA", "crit": ["b64"], "b64": false }), &claims)),
            ("another partner's key", by(&others(), &claims)),
            ("its key in the header", {
                let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": PUBLIC });
                let header = json!({ "alg": "EdDSA", "jwk": jwk });
                let message = format!("{}.{body}", URL_SAFE_NO_PAD.encode(header.to_string()));
                let by_other = jsonwebtoken::crypto::sign(message.as_bytes(), &others(), Algorithm::EdDSA);
                format!("{message}.{}", by_other.expect("a signature"))
            }),
            ("other claims", {
                let other = with(&claims, "sub", json!("jan")).to_string();
                format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(other))
            }),
            ("another embed by id", by(&partners(), &with(&claims, "aud", json!("00000000-0000-0000-0000-000000000000")))),
            ("the site itself", by(&partners(), &with(&claims, "aud", json!("https://jij.example")))),
            ("nobody in particular", by(&partners(), &without(&claims, "aud"))),
            ("for nobody", by(&partners(), &with(&claims, "aud", json!([])))),
            ("nobody", by(&partners(), &with(&claims, "sub", json!("")))),
            ("a number", by(&partners(), &with(&claims, "sub", json!(7)))),
            ("no subject", by(&partners(), &without(&claims, "sub"))),
            ("a long name", by(&partners(), &with(&claims, "sub", json!("a".repeat(256))))),
            ("no end", by(&partners(), &without(&claims, "exp"))),
            ("no beginning", by(&partners(), &without(&claims, "iat"))),
            ("too long", by(&partners(), &with(&claims, "exp", json!(app.clock.now().timestamp() + 301)))),
            ("for ever", by(&partners(), &with(&claims, "exp", json!(i64::MAX)))),
            ("from the beginning of time", by(&partners(), &with(&claims, "iat", json!(i64::MIN)))),
            ("from tomorrow", {
                let later = app.clock.now().timestamp() + 86_400;
                by(&partners(), &with(&with(&claims, "iat", json!(later)), "exp", json!(later + 300)))
            }),
            ("not yet", by(&partners(), &with(&claims, "nbf", json!(app.clock.now().timestamp() + 200)))),
            ("over", {
                let earlier = app.clock.now().timestamp() - 300;
                by(&partners(), &with(&with(&claims, "iat", json!(earlier)), "exp", json!(earlier + 300)))
            }),
            ("nothing", String::new()),
            ("dots", "..".to_owned()),
            ("very long", "a".repeat(3_000)),
        ];
        for (what, subject) in forged {
            let (status, answer) = open(app, &made, &json!({ "subject": subject })).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {answer}");
            assert_eq!(answer.pointer("/errors/0/extensions/code"), Some(&json!("SUBJECT_INVALID")));
            assert!(answer.get("token").is_none(), "{what}");
        }
    }

    async fn what_was_signed_ends(app) {
        let (made, _, _) = embed(app, json!({ "subjectKey": PUBLIC })).await;
        let subject = signed(app, &made, "piet");
        app.clock.advance(TimeDelta::seconds(299));
        token(app, &made, &subject).await;
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(open(app, &made, &subject).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn one_embed_is_not_another(app) {
        let (made, _, _) = embed(app, json!({ "subjectKey": PUBLIC })).await;
        let (other, _, _) = embed(app, json!({ "subjectKey": PUBLIC })).await;
        let (keyless, _, _) = embed(app, json!({})).await;
        token(app, &made, &signed(app, &made, "piet")).await;
        for embed in [&other, &keyless] {
            let (status, _) = open(app, embed, &signed(app, &made, "piet")).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let (status, _) = open(app, &keyless, &signed(app, &keyless, "piet")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "it has no key");
    }

    async fn a_token_may_be_for_the_embed_by_its_id_and_for_others_too(app) {
        let (made, _, _) = embed(app, json!({ "subjectKey": PUBLIC })).await;
        let id = id_of(&made).0.to_string();
        for audience in [json!(id), json!(["https://elders.example", id])] {
            let claims = with(&good(app, &made), "aud", audience);
            token(app, &made, &json!({ "subject": by(&partners(), &claims) })).await;
        }
    }
}
