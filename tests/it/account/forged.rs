//! Forged tokens, every one of them refused with 401.

use axum::http::StatusCode;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD},
};
use entity::signing_key;
use harness::{Persona, TestApp, on_both_databases};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{EMAIL, post, signed_in, text, verified_account};

/// The first key of RFC 8032, section 7.1: a secret to nobody.
const THIEFS_KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
";
/// Its public half.
const THIEFS_PUBLIC_KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

struct Forger {
    good: String,
    refresh: String,
    visitor: String,
    key: EncodingKey,
    thiefs: EncodingKey,
    public: Vec<u8>,
}

impl Forger {
    async fn of(app: &TestApp) -> Self {
        verified_account(app, EMAIL).await;
        let (good, refresh) = signed_in(app, EMAIL).await;
        let visitor = app
            .send(Persona::Anonymous, "VisitorCreate", json!({}))
            .await;
        let kept = signing_key::Entity::find()
            .one(app.database.read())
            .await
            .expect("a read");
        let der = kept.expect("a key").private_key;
        let set: Value =
            serde_json::from_str(&app.services.accounts.key_set().await.expect("keys"))
                .expect("JSON");
        let public = set["keys"][0]["x"].as_str().expect("a key");
        Self {
            good,
            refresh,
            visitor: text(&visitor, "/visitorCreate/accessToken"),
            key: EncodingKey::from_ed_der(&der),
            thiefs: EncodingKey::from_ed_pem(THIEFS_KEY.as_bytes()).expect("a key"),
            public: URL_SAFE_NO_PAD.decode(public).expect("base64"),
        }
    }

    fn parts(&self) -> [&str; 3] {
        let parts: Vec<&str> = self.good.split('.').collect();
        parts.try_into().expect("three parts")
    }

    /// The good token with another header and other claims, signed with this key over exactly
    /// what stands there.
    fn signed(
        &self,
        key: &EncodingKey,
        header: impl FnOnce(&mut Value),
        claims: impl FnOnce(&mut Value),
    ) -> String {
        let [head, body, _] = self.parts();
        let (mut head, mut body) = (decoded(head), decoded(body));
        header(&mut head);
        claims(&mut body);
        let message = format!("{}.{}", encoded(&head), encoded(&body));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, Algorithm::EdDSA)
            .expect("a signature");
        format!("{message}.{signature}")
    }

    fn ours(&self, header: impl FnOnce(&mut Value), claims: impl FnOnce(&mut Value)) -> String {
        self.signed(&self.key, header, claims)
    }

    fn with_claim(&self, name: &str, value: &Value) -> String {
        self.ours(|_| (), |claims| claims[name] = value.clone())
    }

    fn without(&self, name: &str) -> String {
        self.ours(
            |_| (),
            |claims| {
                claims.as_object_mut().expect("claims").remove(name);
            },
        )
    }

    /// Under a header that says HMAC, with the public key in this form as its secret.
    fn confused(&self, algorithm: Algorithm, secret: &[u8]) -> String {
        let [head, body, _] = self.parts();
        let kid = decoded(head)["kid"].as_str().map(str::to_owned);
        let header = Header {
            typ: Some("at+jwt".to_owned()),
            kid,
            ..Header::new(algorithm)
        };
        jsonwebtoken::encode(&header, &decoded(body), &EncodingKey::from_secret(secret))
            .expect("a token")
    }

    fn tokens(&self) -> Vec<(String, String)> {
        [
            self.other_algorithms(),
            self.other_keys(),
            self.other_claims(),
            self.other_forms(),
        ]
        .concat()
    }

    fn other_algorithms(&self) -> Vec<(String, String)> {
        let [head, body, signature] = self.parts();
        let mut all = Vec::new();
        let mut add = |what: &str, token: String| all.push((what.to_owned(), token));
        for algorithm in ["none", "None", "NONE", "nOnE", ""] {
            let mut header = decoded(head);
            header["alg"] = json!(algorithm);
            add(
                "no algorithm, no signature",
                format!("{}.{body}.", encoded(&header)),
            );
            add(
                "no algorithm, the old signature",
                format!("{}.{body}.{signature}", encoded(&header)),
            );
        }
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            add(
                "the public key as a secret",
                self.confused(algorithm, &self.public),
            );
        }
        let base64 = STANDARD.encode(&self.public);
        add(
            "its base64 as a secret",
            self.confused(Algorithm::HS256, base64.as_bytes()),
        );
        let pem = format!(
            "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA{base64}\n-----END PUBLIC KEY-----\n"
        );
        add(
            "its PEM as a secret",
            self.confused(Algorithm::HS256, pem.as_bytes()),
        );
        add("nothing as a secret", self.confused(Algorithm::HS256, b""));
        for algorithm in ["RS256", "ES256", "PS256", "EdDSA ", "eddsa", "Ed448"] {
            add(
                "another algorithm",
                self.ours(|header| header["alg"] = json!(algorithm), |_| ()),
            );
        }
        all
    }

    fn other_keys(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        let mut add = |what: &str, token: String| all.push((what.to_owned(), token));
        add(
            "another's key under our name",
            self.signed(&self.thiefs, |_| (), |_| ()),
        );
        for kid in [
            json!("unknown"),
            json!(""),
            json!("../../dev/null"),
            json!(1),
            Value::Null,
        ] {
            add(
                "a swapped kid",
                self.ours(|header| header["kid"] = kid.clone(), |_| ()),
            );
        }
        add(
            "no kid",
            self.ours(
                |header| {
                    header.as_object_mut().expect("a header").remove("kid");
                },
                |_| (),
            ),
        );
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": THIEFS_PUBLIC_KEY });
        add(
            "a key in the header",
            self.signed(&self.thiefs, |header| header["jwk"] = jwk.clone(), |_| ()),
        );
        add(
            "a key in the header, unnamed",
            self.signed(
                &self.thiefs,
                |header| {
                    header["jwk"] = jwk.clone();
                    header["kid"] = json!("thief");
                },
                |_| (),
            ),
        );
        for name in ["jku", "x5u"] {
            add(
                "a key elsewhere",
                self.signed(
                    &self.thiefs,
                    |header| header[name] = json!("https://thief.example/keys"),
                    |_| (),
                ),
            );
        }
        for kind in [
            json!("JWT"),
            json!("visitor+jwt"),
            json!("AT+JWT"),
            json!(""),
            Value::Null,
        ] {
            add(
                "another type",
                self.ours(|header| header["typ"] = kind.clone(), |_| ()),
            );
        }
        all
    }

    fn other_claims(&self) -> Vec<(String, String)> {
        let [_, body, _] = self.parts();
        let claims = decoded(body);
        let now = claims["iat"].as_i64().expect("seconds");
        let mut all = Vec::new();
        let mut add = |what: &str, token: String| all.push((what.to_owned(), token));
        add("expired", self.with_claim("exp", &json!(now)));
        add("expired long ago", self.with_claim("exp", &json!(0)));
        add("not yet valid", self.with_claim("nbf", &json!(now + 60)));
        add(
            "made in the future",
            self.with_claim("iat", &json!(now + 60)),
        );
        add(
            "another audience",
            self.with_claim("aud", &json!("https://thief.example")),
        );
        add(
            "two audiences",
            self.with_claim("aud", &json!([claims["aud"], "https://thief.example"])),
        );
        add(
            "a visitor's audience",
            self.with_claim(
                "aud",
                &json!(format!("{}#visitor", claims["aud"].as_str().expect("text"))),
            ),
        );
        add(
            "another issuer",
            self.with_claim("iss", &json!("https://thief.example")),
        );
        for value in [
            json!("9999999999"),
            json!(true),
            json!(1e300),
            json!([9_999_999_999_i64]),
            Value::Null,
        ] {
            add("an end that is no time", self.with_claim("exp", &value));
        }
        for name in [
            "exp", "nbf", "iat", "iss", "aud", "sub", "jti", "sid", "roles",
        ] {
            add(&format!("no {name}"), self.without(name));
        }
        add(
            "another's session",
            self.with_claim("sid", &json!("018f0000-0000-7000-8000-000000000000")),
        );
        add(
            "another's account",
            self.with_claim("sub", &json!("018f0000-0000-7000-8000-000000000000")),
        );
        add(
            "a name that was never given",
            self.with_claim("jti", &json!("made-up")),
        );
        add(
            "an unknown role",
            self.with_claim("roles", &json!(["EMPEROR"])),
        );
        add("refresh as access", self.refresh.clone());
        add("roles for a visitor", {
            let visitor: Vec<&str> = self.visitor.split('.').collect();
            let mut claims = decoded(visitor[1]);
            claims["roles"] = json!(["ADMIN"]);
            format!("{}.{}.{}", visitor[0], encoded(&claims), visitor[2])
        });
        all
    }

    fn other_forms(&self) -> Vec<(String, String)> {
        let [head, body, signature] = self.parts();
        let claims = decoded(body);
        let mut all = Vec::new();
        let mut add = |what: &str, token: String| all.push((what.to_owned(), token));
        let mut admin = decoded(body);
        admin["roles"] = json!(["ADMIN"]);
        add(
            "more roles, the old signature",
            format!("{head}.{}.{signature}", encoded(&admin)),
        );
        add("no signature", format!("{head}.{body}."));
        add("no third part", format!("{head}.{body}"));
        add(
            "an empty signature",
            format!("{head}.{body}.{}", "A".repeat(signature.len())),
        );
        add("trailing data", format!("{}.{}", self.good, "x"));
        add("a trailing letter", format!("{}A", self.good));
        add("padding", format!("{head}.{body}.{signature}=="));
        add(
            "padded claims",
            format!("{head}.{}.{signature}", URL_SAFE.encode(claims.to_string())),
        );
        add(
            "the other base64",
            format!(
                "{head}.{body}.{}",
                STANDARD.encode(URL_SAFE_NO_PAD.decode(signature).expect("base64"))
            ),
        );
        add(
            "a letter of no base64",
            format!("{head}.{body}.*{}", &signature[1..]),
        );
        add(
            "claims that are no object",
            format!("{head}.{}.{signature}", encoded(&json!([1]))),
        );
        add(
            "a header that is no object",
            format!("{}.{body}.{signature}", encoded(&json!("EdDSA"))),
        );
        add(
            "an encrypted form",
            format!("{head}.{body}.{signature}.{signature}.{signature}"),
        );
        add("too long", format!("{}{}", self.good, "A".repeat(4_000)));
        all
    }
}

on_both_databases! {
    async fn forged_tokens_are_refused(app) {
        let forger = Forger::of(app).await;
        let same = forger.ours(|_| (), |_| ());
        for good in [&forger.good, &same] {
            let (status, _, _) = post(app, &[&format!("Bearer {good}")], "Viewer", json!({})).await;
            assert_eq!(status, StatusCode::OK, "the forger's tools work");
        }
        let tokens = forger.tokens();
        assert!(tokens.len() >= 40, "{}", tokens.len());
        for (what, token) in tokens {
            let (status, _, answer) = post(app, &[&format!("Bearer {token}")], "Viewer", json!({})).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}: {token}");
            assert_eq!(answer.code(), "UNAUTHENTICATED", "{what}");
        }
    }
}
