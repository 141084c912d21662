use std::sync::{Arc, Mutex};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::DateTime;
use serde_json::{Value, json};

use super::*;
use crate::{Role, clock::Clock, id::SessionId};

struct Still(Mutex<Instant>);

impl Clock for Still {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }
}

impl Still {
    fn pass(&self, time: TimeDelta) {
        *self.0.lock().unwrap() += time;
    }
}

struct Fixture {
    clock: Arc<Still>,
    tokens: Tokens,
    key: SigningKey,
}

fn key() -> SigningKey {
    SigningKey::from_der(&SigningKey::generate().unwrap()).unwrap()
}

fn fixture() -> Fixture {
    let clock = Arc::new(Still(Mutex::new(
        DateTime::from_timestamp_micros(1_800_000_000_500_000).unwrap(),
    )));
    let key = key();
    Fixture {
        tokens: Tokens::new(
            clock.clone(),
            "iss".to_owned(),
            "aud".to_owned(),
            vec![key.clone()],
        ),
        clock,
        key,
    }
}

fn member() -> Member {
    Member {
        id: AccountId(Uuid::from_u128(1)),
        session: SessionId(Uuid::from_u128(2)),
        roles: Roles::new([Role::Resident, Role::Editor]),
    }
}

impl Fixture {
    fn member(&self) -> AccessToken {
        let id = random::token().unwrap();
        self.tokens.member::<()>(&member(), &id).unwrap()
    }

    /// The member's token with other parts, signed by the platform's own key.
    fn signed(&self, header: impl FnOnce(&mut Header), claims: impl FnOnce(&mut Value)) -> String {
        let (mut head, mut body) = parts(&self.member().token);
        header(&mut head);
        claims(&mut body);
        self.key.signed(&head, &body).unwrap()
    }

    fn refused(&self, token: &str) -> bool {
        self.tokens.authenticate(token).is_err()
    }
}

fn admitted(
    fixture: &Fixture,
    access: &AccessToken,
) -> std::result::Result<(Actor, Instant), TokenRefusal> {
    let admitted = fixture.tokens.authenticate(&access.token)?;
    Ok((admitted.actor, admitted.expires_at))
}

fn parts(token: &str) -> (Header, Value) {
    let decoded = jsonwebtoken::dangerous::insecure_decode::<Value>(token).unwrap();
    (decoded.header, decoded.claims)
}

#[test]
fn a_member_is_known_by_their_token() {
    let fixture = fixture();
    let access = fixture.member();
    assert_eq!(
        admitted(&fixture, &access),
        Ok((Actor::Member(member()), access.expires_at))
    );
    let (header, claims) = parts(&access.token);
    assert_eq!(header.alg, Algorithm::EdDSA);
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
    assert_eq!(claims["exp"], access.expires_at.timestamp());
    assert_eq!(claims["roles"], json!(["RESIDENT", "EDITOR"]));
    assert!(access.token.len() * 2 < MOST_BYTES);
}

#[test]
fn a_visitor_is_known_by_their_token() {
    let fixture = fixture();
    let id = VisitorId(Uuid::from_u128(3));
    let access = fixture.tokens.visitor::<()>(id).unwrap();
    assert_eq!(
        admitted(&fixture, &access),
        Ok((Actor::Visitor(Some(id)), access.expires_at))
    );
    let (_, claims) = parts(&access.token);
    assert_eq!(claims.get("roles"), None);
    assert_eq!(claims.get("sid"), None);
}

#[test]
fn no_two_tokens_are_equal() {
    let fixture = fixture();
    assert_ne!(fixture.member().token, fixture.member().token);
}

#[test]
fn a_token_works_until_the_second_it_expires() {
    let fixture = fixture();
    let access = fixture.member();
    fixture.clock.pass(TimeDelta::seconds(899));
    assert!(!fixture.refused(&access.token));
    fixture.clock.pass(TimeDelta::milliseconds(500));
    assert_eq!(fixture.clock.now(), access.expires_at);
    assert!(fixture.refused(&access.token));
}

#[test]
fn a_visitors_token_works_thirty_days() {
    let fixture = fixture();
    let access = fixture
        .tokens
        .visitor::<()>(VisitorId(Uuid::nil()))
        .unwrap();
    fixture
        .clock
        .pass(TimeDelta::days(30) - TimeDelta::seconds(1));
    assert!(!fixture.refused(&access.token));
    fixture.clock.pass(TimeDelta::seconds(1));
    assert!(fixture.refused(&access.token));
}

#[test]
fn a_token_from_a_clock_that_is_far_ahead_is_refused() {
    let fixture = fixture();
    for claim in ["nbf", "iat"] {
        let ahead = |seconds: i64| {
            fixture.signed(
                |_| (),
                |claims| claims[claim] = json!(1_800_000_000 + seconds),
            )
        };
        assert!(!fixture.refused(&ahead(5)), "{claim}");
        assert!(fixture.refused(&ahead(6)), "{claim}");
    }
}

#[test]
fn every_claim_must_be_there_and_right() {
    let fixture = fixture();
    for claim in [
        "iss", "aud", "exp", "nbf", "iat", "sub", "jti", "sid", "roles",
    ] {
        let without = fixture.signed(
            |_| (),
            |claims| {
                claims.as_object_mut().unwrap().remove(claim);
            },
        );
        assert!(fixture.refused(&without), "{claim}");
        let wrong = fixture.signed(|_| (), |claims| claims[claim] = json!("other"));
        assert!(fixture.refused(&wrong) || claim == "jti", "{claim}");
        let list = fixture.signed(|_| (), |claims| claims[claim] = json!(["aud", "other"]));
        assert!(fixture.refused(&list), "{claim}");
    }
}

#[test]
fn a_token_of_another_type_is_refused() {
    let fixture = fixture();
    for kind in [None, Some("JWT"), Some("AT+JWT"), Some("visitor+jwt")] {
        let token = fixture.signed(|header| header.typ = kind.map(str::to_owned), |_| ());
        assert!(fixture.refused(&token), "{kind:?}");
    }
    let visitor = fixture
        .tokens
        .visitor::<()>(VisitorId(Uuid::nil()))
        .unwrap();
    let (mut header, claims) = parts(&visitor.token);
    header.typ = Some(MEMBER_TYPE.to_owned());
    let token = fixture.key.signed(&header, &claims).unwrap();
    assert!(fixture.refused(&token));
}

#[test]
fn a_token_of_another_key_is_refused() {
    let fixture = fixture();
    let other = key();
    let (header, claims) = parts(&fixture.member().token);
    let forged = other.signed(&header, &claims).unwrap();
    assert!(fixture.refused(&forged), "under our key's name");
    for kid in [None, Some(other.kid().to_owned())] {
        let header = Header {
            kid,
            ..header.clone()
        };
        let forged = other.signed(&header, &claims).unwrap();
        assert!(fixture.refused(&forged), "under its own name");
    }
}

#[test]
fn an_earlier_key_is_still_accepted() {
    let fixture = fixture();
    let access = fixture.member();
    let newer = key().signing_from(fixture.clock.now() + TimeDelta::minutes(2));
    fixture
        .tokens
        .change_keys(vec![fixture.key.clone(), newer.clone()]);
    assert!(!fixture.refused(&access.token));
    assert_eq!(
        parts(&fixture.member().token).0.kid,
        parts(&access.token).0.kid
    );
    fixture.clock.pass(TimeDelta::minutes(2));
    let signed = fixture.member();
    assert_eq!(parts(&signed.token).0.kid.as_deref(), Some(newer.kid()));
    assert!(!fixture.refused(&signed.token) && !fixture.refused(&access.token));
    fixture.tokens.change_keys(vec![newer]);
    assert!(fixture.refused(&access.token) && !fixture.refused(&signed.token));
}

#[test]
fn the_key_set_holds_public_halves_only() {
    let fixture = fixture();
    let set: Value = serde_json::from_str(&fixture.tokens.key_set()).unwrap();
    let key = set["keys"][0].as_object().unwrap();
    let members: Vec<&str> = key.keys().map(String::as_str).collect();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"]);
    assert_eq!(key["kid"], fixture.key.kid());
}

#[test]
fn a_token_of_another_algorithm_is_refused() {
    let fixture = fixture();
    let (header, claims) = parts(&fixture.member().token);
    let kid = header.kid.clone().unwrap();
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    for algorithm in ["none", "None", "NONE"] {
        let head = json!({ "alg": algorithm, "typ": MEMBER_TYPE, "kid": kid });
        let token = format!("{}.{}.", encode(&head), encode(&claims));
        assert!(fixture.refused(&token), "{algorithm}");
    }
    // The public key as the secret of a HMAC: the classic confusion.
    let public = fixture.key.verifying();
    let secret = jsonwebtoken::EncodingKey::from_secret(public.try_get_as_bytes().unwrap());
    let header = Header {
        alg: Algorithm::HS256,
        ..header
    };
    let token = jsonwebtoken::encode(&header, &claims, &secret).unwrap();
    assert!(fixture.refused(&token));
}

#[test]
fn a_damaged_token_is_refused() {
    let fixture = fixture();
    let token = fixture.member().token;
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = head.split_once('.').unwrap();
    let claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"00000000-0000-0000-0000-000000000009"}"#);
    for damaged in [
        String::new(),
        "Bearer".to_owned(),
        "..".to_owned(),
        head.to_owned(),
        format!("{head}."),
        format!("{head}.{}", "A".repeat(signature.len())),
        format!("{header}.{claims}.{signature}"),
        format!("{token}.{signature}"),
        format!("{token} "),
        "é".repeat(50),
        "a".repeat(MOST_BYTES + 1),
        "a.b.".repeat(500),
    ] {
        assert!(fixture.refused(&damaged), "{damaged}");
    }
}

#[test]
fn a_token_that_is_remembered_expires_all_the_same() {
    let fixture = fixture();
    let access = fixture.member();
    for _ in 0..2 {
        assert!(fixture.tokens.authenticate(&access.token).is_ok());
    }
    let mut forged = access.token.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'E' } else { 'A' });
    assert!(fixture.refused(&forged), "another token is checked anew");
    fixture.clock.pass(MEMBER_LIFE);
    assert!(fixture.refused(&access.token));
}
