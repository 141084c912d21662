//! What a provider's token states.

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Provider, Vouched};
use crate::{Locale, Roles, clock::Instant};

/// How far a provider's clock may be from ours.
const SKEW: TimeDelta = TimeDelta::seconds(30);
/// The longest name of a person at a provider, in characters (OpenID Connect Core, section 2).
const SUBJECT: usize = 255;

/// Who is said to have made a token.
#[derive(Deserialize)]
pub(super) struct Stated {
    pub(super) iss: String,
}

/// The claims (RFC 7519, OpenID Connect Core section 5.1). Numbers that are texts do not pass.
#[derive(Deserialize)]
pub(super) struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    email: Option<String>,
    email_verified: Option<bool>,
    name: Option<String>,
    locale: Option<String>,
    #[serde(flatten)]
    other: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn has(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Many(many) => many.iter().any(|one| one == audience),
        }
    }
}

/// Claims of an ID token that no access token has (OpenID Connect Core, sections 2 and 3.3.2.11).
const OF_ID_TOKENS: [&str; 4] = ["nonce", "at_hash", "c_hash", "s_hash"];
/// Kinds of tokens that some providers state in a claim `typ`, such as Keycloak.
const OTHER_KINDS: [&str; 5] = ["ID", "Refresh", "Offline", "Logout", "id_token"];

impl Claims {
    /// Returns true if these are the claims of an ID token or of another that is for no API.
    pub(super) fn is_id_token(&self) -> bool {
        let kind = self.other.get("typ").and_then(Value::as_str);
        OF_ID_TOKENS
            .iter()
            .any(|claim| self.other.contains_key(*claim))
            || kind.is_some_and(|kind| {
                OTHER_KINDS
                    .iter()
                    .any(|other| kind.eq_ignore_ascii_case(other))
            })
    }

    /// Returns true if the token is good only with a proof of possession (`cnf`, RFC 7800).
    pub(super) fn is_bound(&self) -> bool {
        self.other.contains_key("cnf")
    }

    /// Whom the provider vouches for at `now`; none where it does not.
    pub(super) fn vouch(self, provider: &Provider, now: Instant) -> Option<Vouched> {
        let at = |seconds| Instant::from_timestamp(seconds, 0);
        let expires_at = at(self.exp)?;
        let issued_at = at(self.iat)?;
        let from = at(self.nbf.unwrap_or(self.iat))?.max(issued_at);
        let is_named = !self.sub.is_empty() && self.sub.chars().count() <= SUBJECT;
        if self.iss != provider.issuer
            || !self.aud.has(&provider.audience)
            || !is_named
            || now >= expires_at
            || now < from - SKEW
        {
            return None;
        }
        let groups = groups(&self.other, &provider.roles_claim);
        let roles = provider
            .roles
            .iter()
            .filter(|(group, _)| groups.contains(&group.as_str()))
            .map(|(_, role)| *role);
        Some(Vouched {
            roles: Roles::new(roles.chain([crate::Role::Resident])),
            issuer: self.iss,
            subject: self.sub,
            email: self.email.filter(|_| self.email_verified == Some(true)),
            name: self.name,
            locale: match self.locale {
                Some(locale) if locale.starts_with("en") => Locale::En,
                _ => Locale::Nl,
            },
            issued_at,
            expires_at,
        })
    }
}

/// The groups that a claim holds, by its path.
fn groups<'a>(claims: &'a Map<String, Value>, path: &str) -> Vec<&'a str> {
    // A name with dots in it, such as an address, is looked for whole before it is taken apart.
    let value = claims.get(path).or_else(|| {
        let mut steps = path.split('.');
        let first = claims.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    });
    match value {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::AccessTokenType, *};
    use crate::Role;

    fn provider() -> Provider {
        Provider {
            issuer: "https://id.example".to_owned(),
            audience: "jij".to_owned(),
            roles_claim: "realm.roles".to_owned(),
            roles: vec![
                ("moderatie".to_owned(), Role::Moderator),
                ("redactie".to_owned(), Role::Editor),
            ],
            access_tokens: AccessTokenType::Jwt,
        }
    }

    fn vouch(change: &Value) -> Option<Vouched> {
        let mut claims = json!({
            "iss": "https://id.example", "sub": "jan", "aud": ["other", "jij"],
            "exp": 1_000, "iat": 100, "realm": { "roles": ["moderatie", "gasten"] },
        });
        for (name, value) in change.as_object()? {
            claims[name] = value.clone();
        }
        let claims: Claims = serde_json::from_value(claims).ok()?;
        claims.vouch(&provider(), Instant::from_timestamp(500, 0)?)
    }

    #[test]
    fn groups_give_the_roles_that_are_set_and_no_others() {
        let roles = |change: &Value| vouch(change).map(|person| person.roles);
        assert_eq!(
            roles(&json!({})),
            Some(Roles::new([Role::Resident, Role::Moderator]))
        );
        assert_eq!(
            roles(&json!({ "realm": { "roles": "redactie" } })),
            Some(Roles::new([Role::Resident, Role::Editor]))
        );
        assert_eq!(
            roles(&json!({ "realm": 7 })),
            Some(Roles::new([Role::Resident]))
        );
    }

    #[test]
    fn only_a_verified_address_counts() {
        let email = |verified: Value| {
            vouch(&json!({ "email": "a@b.nl", "email_verified": verified }))
                .and_then(|person| person.email)
        };
        assert_eq!(email(json!(true)).as_deref(), Some("a@b.nl"));
        assert_eq!(email(json!(false)), None);
        assert_eq!(email(Value::Null), None);
    }

    #[test]
    fn what_is_not_right_is_not_vouched_for() {
        for wrong in [
            json!({ "iss": "https://id.example/" }),
            json!({ "aud": "other" }),
            json!({ "aud": [] }),
            json!({ "exp": 500 }),
            json!({ "exp": "1000" }),
            json!({ "iat": 531 }),
            json!({ "nbf": 531 }),
            json!({ "sub": "" }),
            json!({ "sub": "x".repeat(256) }),
            json!({ "sub": 7 }),
        ] {
            assert_eq!(vouch(&wrong), None, "{wrong}");
        }
        assert!(vouch(&json!({ "nbf": 530, "iat": 530 })).is_some());
    }
}
