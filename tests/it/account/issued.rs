//! Tokens of providers as they really come: made here, by keys of the test's own.

use std::sync::Arc;

use api::http::Limits;
use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    Role,
    account::{AccessTokenType, Fetch, FetchError, KnownAddress, Provider},
    clock::Clock,
};
use entity::{account, session};
use harness::{Answer, Persona, TestApp, on_both_databases};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::{post, post_as, signed_in, verified_account};

const ISSUER: &str = "https://login.example";
/// The issuer of AD FS's access tokens.
const OTHER_ISSUER: &str = "http://login.example/adfs/services/trust";
const ADDRESS: &str = "jan.bos@overijssel.example";

/// The provider's documents.
struct Published {
    keys: Value,
}

#[async_trait::async_trait]
impl Fetch for Published {
    async fn get(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let document = if url.ends_with("/keys") {
            self.keys.clone()
        } else {
            json!({
                "issuer": ISSUER, "jwks_uri": format!("{ISSUER}/keys"),
                "access_token_issuer": OTHER_ISSUER,
            })
        };
        Ok(document.to_string().into_bytes())
    }
}

/// A provider, and an application that takes its tokens.
struct Issuing {
    key: EncodingKey,
    app: TestApp,
}

impl Issuing {
    async fn start(app: &TestApp, change: impl FnOnce(&mut Provider)) -> Self {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
        let public = pair.der_bytes().to_vec();
        let half = |range: std::ops::Range<usize>| BASE64_URL_SAFE_NO_PAD.encode(&public[range]);
        let keys = json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "x": half(1..33), "y": half(33..65),
        }] });
        let mut provider = Provider {
            issuer: ISSUER.to_owned(),
            audience: "jij".to_owned(),
            roles_claim: "groups".to_owned(),
            roles: vec![("moderatie".to_owned(), Role::Moderator)],
            access_tokens: AccessTokenType::Jwt,
            trusts_addresses: false,
            known_address: KnownAddress::NewAccount,
        };
        change(&mut provider);
        let fetch = Arc::new(Published { keys });
        let app = app
            .configured(|settings| {
                settings.providers = vec![provider];
                settings.fetch = Some(fetch);
            })
            .await;
        Self {
            key: EncodingKey::from_ec_der(&pair.serialize_der()),
            app,
        }
    }

    /// A token of Jan's with these claims in place of his; null takes one away.
    fn token(&self, change: &Value) -> String {
        let now = self.app.clock.now().timestamp();
        let mut claims = json!({
            "iss": ISSUER, "sub": "AAAA", "aud": "jij", "iat": now, "exp": now + 600,
            "email": ADDRESS, "email_verified": true, "name": "Jan Bos", "groups": ["moderatie"],
        });
        for (name, value) in change.as_object().expect("claims") {
            if value.is_null() {
                claims.as_object_mut().expect("claims").remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        let header = Header {
            kid: Some("one".to_owned()),
            ..Header::new(Algorithm::ES256)
        };
        jsonwebtoken::encode(&header, &claims, &self.key).expect("a token")
    }

    async fn viewer(&self, change: &Value) -> (StatusCode, Answer) {
        let authorization = format!("Bearer {}", self.token(change));
        let (status, _, answer) = post(&self.app, &[&authorization], "Viewer", json!({})).await;
        (status, answer)
    }

    async fn account(&self, change: &Value) -> Value {
        let (status, answer) = self.viewer(change).await;
        assert_eq!(status, StatusCode::OK, "{change}: {:#}", answer.0);
        answer.data("/viewer/account").clone()
    }

    /// The code by which a token is refused.
    async fn refused(&self, change: &Value) -> String {
        let (status, answer) = self.viewer(change).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{change}: {:#}", answer.0);
        answer.code().to_owned()
    }
}

/// The id of a group, as long as Microsoft's.
fn group(number: u128) -> String {
    uuid::Uuid::from_u128(u128::MAX - number).to_string()
}

async fn count(app: &TestApp) -> u64 {
    let all = account::Entity::find();
    all.count(app.database.read()).await.expect("a count")
}

on_both_databases! {
    async fn a_successor_with_the_same_address_is_another_person(app) {
        let issuing = Issuing::start(app, |_| {}).await;
        let first = issuing.account(&json!({ "sub": "AAAA" })).await;
        assert_eq!((&first["email"], &first["emailVerified"]), (&json!(ADDRESS), &json!(true)));
        let second = issuing.account(&json!({ "sub": "BBBB", "email": "JAN.BOS@overijssel.example" })).await;
        assert_ne!(first["id"], second["id"], "only issuer and subject say who it is");
        assert_eq!((&second["email"], &second["emailVerified"]), (&Value::Null, &json!(false)));
        let again = issuing.account(&json!({ "sub": "AAAA", "jti": "again" })).await;
        assert_eq!(again, first, "the first keeps what was theirs");
        // Nor does mail to the address lead into either account: it reaches the successor.
        let variables = json!({ "input": { "email": ADDRESS } });
        for ask in ["SessionLinkRequest", "AccountPasswordResetRequest"] {
            issuing.app.send(Persona::Anonymous, ask, variables.clone()).await;
        }
        issuing.app.run_jobs().await;
        assert_eq!(issuing.app.mails().len(), 0);
        issuing.app.end().await;
    }

    async fn a_successor_is_refused_by_a_code_where_that_is_set(app) {
        let issuing = Issuing::start(app, |provider| provider.known_address = KnownAddress::Refuse).await;
        let first = issuing.account(&json!({ "sub": "AAAA" })).await;
        let before = count(app).await;
        assert_eq!(issuing.refused(&json!({ "sub": "BBBB" })).await, "TOKEN_ADDRESS_KNOWN");
        assert_eq!(count(app).await, before);
        assert_eq!(issuing.account(&json!({ "jti": "again" })).await, first);
        let other = issuing.account(&json!({ "sub": "BBBB", "email": "els@overijssel.example" })).await;
        assert_ne!(other["id"], first["id"]);
        issuing.app.end().await;
    }

    async fn many_successors_at_once_each_get_one_account(app) {
        let issuing = Issuing::start(app, |_| {}).await;
        issuing.account(&json!({ "sub": "AAAA" })).await;
        let before = count(app).await;
        let token = json!({ "sub": "BBBB" });
        let all = futures_util::future::join_all((0..8).map(|_| issuing.account(&token))).await;
        assert!(all.iter().all(|account| account["id"] == all[0]["id"]));
        assert_eq!(count(app).await, before + 1);
        issuing.app.end().await;
    }

    async fn an_address_known_from_here_is_not_taken_over(app) {
        verified_account(app, ADDRESS).await;
        let issuing = Issuing::start(app, |provider| provider.known_address = KnownAddress::Refuse).await;
        // The setting is about the provider's own people: this one is the first with the address.
        let person = issuing.account(&json!({})).await;
        assert_eq!(person["email"], ADDRESS);
        let (access, _) = signed_in(&issuing.app, ADDRESS).await;
        let local = post_as(&issuing.app, &access, "Viewer", json!({})).await;
        assert_ne!(local.data("/viewer/account/id"), &person["id"]);
        assert_eq!(local.data("/viewer/account/roles"), &json!(["RESIDENT"]));
        issuing.app.end().await;
    }

    async fn claims_are_taken_as_providers_send_them(app) {
        let issuing = Issuing::start(app, |_| {}).await;
        let now = app.clock.now().timestamp();
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are exact")]
        let at = |seconds: f64| json!(now as f64 + seconds);
        let many: Vec<String> = (0..449).map(group).collect();
        let many = [many, vec!["moderatie".to_owned()]].concat();
        let moderator = json!(["RESIDENT", "MODERATOR"]);
        for (number, right) in [
            json!({ "exp": at(600.5), "iat": at(-0.25), "nbf": at(-0.75) }),
            json!({ "exp": at(-59.0) }),
            json!({ "iat": at(60.0), "nbf": at(60.0) }),
            json!({ "email_verified": "true" }),
            json!({ "email": [ADDRESS], "name": ["Jan Bos"], "locale": ["nl"], "aud": ["a", "jij"] }),
            json!({ "groups": "moderatie" }),
            json!({ "groups": many }),
            json!({ "iss": OTHER_ISSUER }),
        ].into_iter().enumerate() {
            let mut right = right;
            right["jti"] = json!(number);
            let account = issuing.account(&right).await;
            assert_eq!(account["roles"], moderator, "{number}");
            assert_eq!(account["displayName"], "Jan Bos");
        }
        assert_eq!(count(app).await, count_of_personas() + 1, "one person");
        for wrong in [
            json!({ "exp": at(-60.0) }),
            json!({ "exp": format!("{}", now + 600) }),
            json!({ "iat": at(61.0), "nbf": at(61.0) }),
            json!({ "sub": ["AAAA"] }),
            json!({ "sub": 7 }),
            json!({ "aud": "other" }),
            json!({ "iss": "https://other.example" }),
        ] {
            assert_eq!(issuing.refused(&wrong).await, "UNAUTHENTICATED", "{wrong}");
        }
        issuing.app.end().await;
    }

    async fn an_address_without_a_mark_counts_only_where_that_is_set(app) {
        let unmarked = json!({ "email_verified": null });
        let issuing = Issuing::start(app, |_| {}).await;
        assert_eq!(issuing.refused(&unmarked).await, "TOKEN_ADDRESS_MISSING");
        assert_eq!(issuing.refused(&json!({ "email": null })).await, "TOKEN_ADDRESS_MISSING");
        let trusting = Issuing::start(app, |provider| provider.trusts_addresses = true).await;
        assert_eq!(trusting.account(&unmarked).await["email"], ADDRESS);
        for no in [json!(false), json!("false")] {
            let denied = json!({ "sub": "CCCC", "email_verified": no });
            assert_eq!(trusting.refused(&denied).await, "TOKEN_ADDRESS_MISSING");
        }
        issuing.app.end().await;
        trusting.app.end().await;
    }

    async fn groups_that_a_provider_left_out_are_refused_by_a_code(app) {
        let issuing = Issuing::start(app, |_| {}).await;
        for overage in [
            json!({ "groups": null, "_claim_names": { "groups": "src1" }, "_claim_sources": { "src1": { "endpoint": "https://graph.example" } } }),
            json!({ "groups": null, "hasgroups": true }),
        ] {
            assert_eq!(issuing.refused(&overage).await, "TOKEN_GROUPS_LEFT_OUT", "{overage}");
        }
        assert_eq!(issuing.account(&json!({ "groups": null })).await["roles"], json!(["RESIDENT"]));
        issuing.app.end().await;
    }

    async fn a_token_of_450_groups_passes_the_listener(app) {
        let issuing = Issuing::start(app, |_| {}).await;
        let many: Vec<String> = (0..450).map(group).collect();
        let token = issuing.token(&json!({ "groups": many }));
        assert!(token.len() > 20_000);
        let served = issuing.app.serve(Limits::default()).await;
        let mut wire = harness::Wire::connect(served.address).await.expect("a connection");
        let body = json!({ "query": "{ viewer { account { email } } }" }).to_string();
        let answer = wire.post("/graphql", Some(&token), &body).await.expect("an answer");
        let answer: Value = serde_json::from_slice(&answer).expect("JSON");
        assert_eq!(answer["data"]["viewer"]["account"]["email"], ADDRESS);
        drop(wire);
        served.end().await;
        assert_eq!(session::Entity::find().count(app.database.read()).await.expect("a count"), 1);
        issuing.app.end().await;
    }
}

fn count_of_personas() -> u64 {
    let named = Persona::ALL
        .into_iter()
        .filter(|persona| persona.display_name().is_some());
    named.count() as u64
}
