//! What a provider's token states.

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Provider, Vouched};
use crate::{Locale, Roles, account::TokenRefusal, clock::Instant};

/// How far a provider's clock may be from ours.
const SKEW: TimeDelta = TimeDelta::seconds(60);
/// The longest name of a person at a provider, in characters (OpenID Connect Core, section 2).
const SUBJECT: usize = 255;
/// Claims of an ID token that no access token has (OpenID Connect Core, sections 2 and 3.3.2.11).
const OF_ID_TOKENS: [&str; 4] = ["nonce", "at_hash", "c_hash", "s_hash"];
/// Kinds of tokens that some providers state in a claim `typ`, such as Keycloak.
const OTHER_KINDS: [&str; 5] = ["ID", "Refresh", "Offline", "Logout", "id_token"];

/// Who is said to have made a token.
#[derive(Deserialize)]
pub(super) struct Stated {
    pub(super) iss: String,
}

/// The claims (RFC 7519, OpenID Connect Core section 5.1), as providers really send them: a text
/// where a list should be, a list where a text should be, and truth as a text. What says who it is
/// (`iss`, `sub`) and until when is taken as it should be, or not at all.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    /// Returns true if these are the claims of an ID token or of another that is for no API.
    pub(super) fn is_id_token(&self) -> bool {
        let kind = self.0.get("typ").and_then(Value::as_str);
        OF_ID_TOKENS.iter().any(|claim| self.0.contains_key(*claim))
            || kind.is_some_and(|kind| {
                OTHER_KINDS
                    .iter()
                    .any(|other| kind.eq_ignore_ascii_case(other))
            })
    }

    /// Returns true if the token is good only with a proof of possession (`cnf`, RFC 7800).
    pub(super) fn is_bound(&self) -> bool {
        self.0.contains_key("cnf")
    }

    /// Returns the person whom the provider, which made the token as `issuer`, vouches for at `now`.
    pub(super) fn vouch(
        &self,
        provider: &Provider,
        issuer: &str,
        now: Instant,
    ) -> Result<Vouched, TokenRefusal> {
        let refuse = |reason: String| Err(TokenRefusal::Invalid(reason));
        if self.0.get("iss").and_then(Value::as_str) != Some(issuer) {
            return refuse("it was made by another provider (iss)".to_owned());
        }
        if !texts(self.0.get("aud")).contains(&provider.audience.as_str()) {
            return refuse(format!(
                "it is not for the audience {:?} that is set for {issuer} (aud)",
                provider.audience
            ));
        }
        let expires_at = self.date("exp")?.ok_or_else(|| missing("exp"))? + SKEW;
        let issued_at = self.date("iat")?.ok_or_else(|| missing("iat"))?;
        let from = self.date("nbf")?.map_or(issued_at, |at| at.max(issued_at));
        if now >= expires_at {
            return refuse(format!(
                "it expired {} seconds ago (exp)",
                seconds(now - expires_at + SKEW)
            ));
        }
        if now < from - SKEW {
            return refuse(format!(
                "it works in {} seconds only: do both clocks go right? (nbf, iat)",
                seconds(from - now)
            ));
        }
        let subject = match self.0.get("sub") {
            Some(Value::String(subject)) => subject.clone(),
            None => return Err(missing("sub")),
            Some(_) => return refuse("its subject is no text (sub)".to_owned()),
        };
        if subject.is_empty() || subject.chars().count() > SUBJECT {
            return refuse("its subject is empty or longer than 255 characters (sub)".to_owned());
        }
        Ok(Vouched {
            roles: self.roles(provider)?,
            issuer: provider.issuer.clone(),
            subject,
            email: self.verified_address(provider),
            known_address: provider.known_address,
            name: self.text("name"),
            locale: match self.text("locale") {
                Some(locale) if locale.starts_with("en") => Locale::En,
                _ => Locale::Nl,
            },
            issued_at,
            expires_at,
        })
    }

    /// The roles that the person's groups give. Groups that were left out give none, which nobody
    /// would understand: such a token is refused.
    fn roles(&self, provider: &Provider) -> Result<Roles, TokenRefusal> {
        let claim = provider.roles_claim.as_str();
        let value = self.at(claim);
        if value.is_none() && !provider.roles.is_empty() && self.leaves_out(claim) {
            return Err(TokenRefusal::GroupsLeftOut {
                issuer: provider.issuer.clone(),
            });
        }
        let groups = texts(value);
        let roles = provider.roles.iter();
        let roles = roles
            .filter(|(group, _)| groups.contains(&group.as_str()))
            .map(|(_, role)| *role);
        Ok(Roles::new(roles.chain([crate::Role::Resident])))
    }

    /// Returns true if the token says that a claim is elsewhere (OpenID Connect Core, section
    /// 5.6.2), as Microsoft's does of more than 200 groups.
    fn leaves_out(&self, claim: &str) -> bool {
        let first = claim.split('.').next().unwrap_or(claim);
        let named = self.0.get("_claim_names").and_then(Value::as_object);
        let is_named =
            named.is_some_and(|names| [claim, first].iter().any(|name| names.contains_key(*name)));
        let is_marked = first == "groups"
            && (truth(self.0.get("hasgroups")) == Some(true)
                || self.0.keys().any(|key| key.starts_with("groups:src")));
        is_named || is_marked
    }

    /// The address, if the provider says that it was verified, or says nothing of it and is trusted
    /// in that.
    fn verified_address(&self, provider: &Provider) -> Option<String> {
        let is_verified = match self.0.get("email_verified") {
            None | Some(Value::Null) => provider.trusts_addresses,
            stated => truth(stated) == Some(true),
        };
        self.text("email").filter(|_| is_verified)
    }

    /// A claim that holds a text, or a list that begins with one.
    fn text(&self, claim: &str) -> Option<String> {
        texts(self.0.get(claim))
            .first()
            .map(|text| (*text).to_owned())
    }

    /// A claim that holds an instant: seconds since 1970, of which there may be parts (RFC 7519,
    /// section 2, "NumericDate"). A number that is a text is none.
    fn date(&self, claim: &str) -> Result<Option<Instant>, TokenRefusal> {
        let value = match self.0.get(claim) {
            None | Some(Value::Null) => return Ok(None),
            Some(value) => value,
        };
        let whole = value.as_i64().and_then(|at| Instant::from_timestamp(at, 0));
        whole
            .or_else(|| instant(value.as_f64()?))
            .map(Some)
            .ok_or_else(|| TokenRefusal::Invalid(format!("its {claim} is no instant in seconds")))
    }

    /// The claim at a path. A name with dots in it, such as an address, is looked for whole before
    /// it is taken apart.
    fn at(&self, path: &str) -> Option<&Value> {
        self.0.get(path).or_else(|| {
            let mut steps = path.split('.');
            let first = self.0.get(steps.next()?)?;
            steps.try_fold(first, |value, step| value.get(step))
        })
    }
}

fn missing(claim: &str) -> TokenRefusal {
    TokenRefusal::Invalid(format!("a claim is missing ({claim})"))
}

/// Whole seconds, rounded up.
fn seconds(time: TimeDelta) -> i64 {
    time.num_seconds() + i64::from(time.subsec_nanos() > 0)
}

/// The texts that a claim holds: one, or those of a list.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Reads a truth: as it should be, as a text, or as the first of a list.
fn truth(value: Option<&Value>) -> Option<bool> {
    match value? {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        Value::Array(many) => truth(many.first()),
        _ => None,
    }
}

/// The instant of these seconds since 1970, to the millisecond.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a number beyond the range of instants becomes one at its end, which is none"
)]
fn instant(seconds: f64) -> Option<Instant> {
    Instant::from_timestamp_millis((seconds * 1_000.0).round() as i64)
}

#[cfg(test)]
mod tests;
