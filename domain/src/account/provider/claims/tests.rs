//! Claims as providers send them, and as they should not.

use serde_json::json;

use super::{
    super::{AccessTokenType, KnownAddress},
    *,
};
use crate::Role;

const ISSUER: &str = "https://id.example";

fn provider() -> Provider {
    Provider {
        issuer: ISSUER.to_owned(),
        audience: "jij".to_owned(),
        roles_claim: "realm.roles".to_owned(),
        roles: vec![
            ("moderatie".to_owned(), Role::Moderator),
            ("redactie".to_owned(), Role::Editor),
        ],
        access_tokens: AccessTokenType::Jwt,
        trusts_addresses: false,
        known_address: KnownAddress::NewAccount,
    }
}

/// Jan's claims at 500 seconds, with these in place of those.
fn vouch_by(provider: &Provider, change: &Value) -> Result<Vouched, TokenRefusal> {
    let mut claims = json!({
        "iss": ISSUER, "sub": "jan", "aud": ["other", "jij"],
        "exp": 1_000, "iat": 100, "realm": { "roles": ["moderatie", "gasten"] },
    });
    for (name, value) in change.as_object().expect("claims") {
        if value.is_null() {
            claims.as_object_mut().expect("claims").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    let claims: Claims = serde_json::from_value(claims).expect("claims");
    let now = Instant::from_timestamp(500, 0).expect("an instant");
    claims.vouch(provider, ISSUER, now)
}

fn vouch(change: &Value) -> Result<Vouched, TokenRefusal> {
    vouch_by(&provider(), change)
}

#[test]
fn groups_give_the_roles_that_are_set_and_no_others() {
    let roles = |change: &Value| vouch(change).map(|person| person.roles);
    let resident_and = |role| Ok(Roles::new([Role::Resident, role]));
    assert_eq!(roles(&json!({})), resident_and(Role::Moderator));
    for groups in [
        json!("redactie"),
        json!(["redactie"]),
        json!([7, "redactie", null]),
    ] {
        let change = json!({ "realm": { "roles": groups } });
        assert_eq!(roles(&change), resident_and(Role::Editor), "{change}");
    }
    let many: Vec<String> = (0..449).map(|number| format!("groep-{number}")).collect();
    let many = [many, vec!["redactie".to_owned()]].concat();
    assert_eq!(
        roles(&json!({ "realm": { "roles": many } })),
        resident_and(Role::Editor)
    );
    for none in [json!(7), json!({}), json!([]), Value::Null] {
        assert_eq!(
            roles(&json!({ "realm": none })),
            Ok(Roles::new([Role::Resident]))
        );
    }
}

#[test]
fn groups_that_were_left_out_are_refused_and_not_taken_for_none() {
    let provider = Provider {
        roles_claim: "groups".to_owned(),
        ..provider()
    };
    let sources = json!({ "src1": { "endpoint": "https://graph.example/getMemberObjects" } });
    for overage in [
        json!({ "_claim_names": { "groups": "src1" }, "_claim_sources": sources }),
        json!({ "hasgroups": true }),
        json!({ "hasgroups": "true" }),
        json!({ "groups:src1": "https://graph.example/getMemberObjects" }),
    ] {
        let refused = vouch_by(&provider, &overage);
        assert!(
            matches!(refused, Err(TokenRefusal::GroupsLeftOut { .. })),
            "{overage}"
        );
    }
    let other = json!({ "_claim_names": { "photo": "src1" }, "groups": ["redactie"] });
    assert!(vouch_by(&provider, &other).is_ok());
    let nested = json!({ "realm": null, "_claim_names": { "realm": "src1" } });
    assert!(matches!(
        vouch(&nested),
        Err(TokenRefusal::GroupsLeftOut { .. })
    ));
}

#[test]
fn only_a_verified_address_counts() {
    let email = |trusts_addresses: bool, change: Value| {
        let provider = Provider {
            trusts_addresses,
            ..provider()
        };
        let mut claims = json!({ "email": "a@b.nl" });
        claims
            .as_object_mut()
            .expect("claims")
            .extend(change.as_object().expect("claims").clone());
        vouch_by(&provider, &claims).expect("vouched for").email
    };
    for yes in [
        json!(true),
        json!("true"),
        json!("True"),
        json!([true]),
        json!(["true"]),
    ] {
        let change = json!({ "email_verified": yes });
        assert_eq!(email(false, change).as_deref(), Some("a@b.nl"), "{yes}");
    }
    for no in [
        json!(false),
        json!("false"),
        json!("yes"),
        json!(1),
        json!([]),
        json!({}),
    ] {
        for trusted in [false, true] {
            assert_eq!(
                email(trusted, json!({ "email_verified": no })),
                None,
                "{no}"
            );
        }
    }
    assert_eq!(email(false, json!({})), None);
    assert_eq!(email(true, json!({})).as_deref(), Some("a@b.nl"));
    assert_eq!(
        email(true, json!({ "email": ["c@d.nl", "e@f.nl"] })).as_deref(),
        Some("c@d.nl")
    );
}

#[test]
fn times_have_decimals_and_clocks_differ_by_a_minute() {
    for right in [
        json!({ "exp": 1_000.5, "iat": 100.25, "nbf": 100.75 }),
        json!({ "exp": 1e3, "iat": 1.0e2 }),
        json!({ "exp": 441 }),
        json!({ "exp": 440.001 }),
        json!({ "iat": 560, "nbf": 560 }),
        json!({ "nbf": 559.999 }),
        json!({ "name": ["Jan"], "locale": ["en-GB"], "aud": "jij" }),
        json!({ "name": 7, "locale": { "nl": 1 }, "email": { "a": 1 } }),
    ] {
        assert!(vouch(&right).is_ok(), "{right}: {:?}", vouch(&right));
    }
    let vouched = vouch(&json!({ "exp": 1_000.5, "name": ["Jan"], "locale": ["en-GB"] }));
    let vouched = vouched.expect("vouched for");
    assert_eq!(vouched.expires_at.timestamp_millis(), 1_060_500);
    assert_eq!(
        (vouched.name.as_deref(), vouched.locale),
        (Some("Jan"), Locale::En)
    );
}

#[test]
fn what_is_not_right_is_not_vouched_for() {
    for (wrong, reason) in [
        (json!({ "iss": "https://id.example/" }), "iss"),
        (json!({ "iss": [ISSUER] }), "iss"),
        (json!({ "aud": "other" }), "aud"),
        (json!({ "aud": [] }), "aud"),
        (json!({ "aud": null }), "aud"),
        (json!({ "exp": 440 }), "expired 60 seconds ago"),
        (json!({ "exp": 439.5 }), "expired 61 seconds ago"),
        (json!({ "exp": "1000" }), "exp"),
        (json!({ "exp": [1_000] }), "exp"),
        (json!({ "exp": 1e300 }), "exp"),
        (json!({ "exp": null }), "exp"),
        (json!({ "iat": null }), "iat"),
        (json!({ "iat": 561 }), "61 seconds"),
        (json!({ "nbf": 560.5 }), "nbf"),
        (json!({ "sub": "" }), "sub"),
        (json!({ "sub": "x".repeat(256) }), "sub"),
        (json!({ "sub": 7 }), "sub"),
        (json!({ "sub": ["jan"] }), "sub"),
        (json!({ "sub": null }), "sub"),
    ] {
        let refused = vouch(&wrong).expect_err("not vouched for").to_string();
        assert!(refused.contains(reason), "{wrong}: {refused}");
        assert!(!refused.contains("jan") && refused.len() < 200, "{refused}");
    }
}
