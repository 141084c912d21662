//! Whose tokens are taken beside our own.

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use domain::{
    Role,
    account::{AccessTokenType, KnownAddress, Provider},
};
use serde::Deserialize;

use super::SettingError;

const HINT: &str = r#"such as [{"issuer": "https://login.example.org", "audience": "jij", "rolesClaim": "groups", "roles": {"moderators": "MODERATOR"}}]"#;

/// Identity providers whose tokens are taken beside our own.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Identity providers")]
pub struct ProviderSettings {
    /// A file that lists OpenID Connect providers whose access tokens are taken, as JSON: a list
    /// of objects with issuer, audience, rolesClaim (the claim that holds a person's groups, a
    /// path such as realm_access.roles), roles (which group gives which of EDITOR, MODERATOR
    /// and ADMIN) and accessTokenType (at+jwt where the provider marks its access tokens so, as
    /// RFC 9068 asks: all others are refused then; JWT where absent), unmarkedAddresses (VERIFIED
    /// where an address counts of which a token does not say email_verified; UNVERIFIED where
    /// absent) and knownAddress (NEW_ACCOUNT, or REFUSE where nobody may come in with an address
    /// that the provider stated of somebody else before). At first sight a person gets an account
    /// of their own, for which the token states email and email_verified; only issuer and subject
    /// say who they are. Keys, and the issuer of access tokens where that is another
    /// (access_token_issuer, AD FS), are found by the provider's discovery, which must be at https
    #[arg(long, env = "JIJ_IDENTITY_PROVIDERS", value_name = "FILE")]
    identity_providers: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Listed {
    issuer: String,
    audience: String,
    roles_claim: String,
    roles: BTreeMap<String, Granted>,
    #[serde(default)]
    access_token_type: TokenType,
    #[serde(default)]
    unmarked_addresses: Unmarked,
    #[serde(default)]
    known_address: Known,
}

/// The standing of an address of which a token does not say if it was verified.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Unmarked {
    #[default]
    Unverified,
    Verified,
}

/// The fate of a person whose address was stated of somebody else before.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Known {
    #[default]
    NewAccount,
    Refuse,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
enum TokenType {
    #[serde(rename = "at+jwt")]
    AtJwt,
    #[default]
    #[serde(rename = "JWT")]
    Jwt,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Granted {
    Editor,
    Moderator,
    Admin,
}

impl ProviderSettings {
    /// The providers.
    pub fn providers(&self) -> Result<Vec<Provider>, SettingError> {
        let Some(file) = &self.identity_providers else {
            return Ok(Vec::new());
        };
        let wrong = |problem: String| SettingError {
            name: "--identity-providers (JIJ_IDENTITY_PROVIDERS)",
            problem: format!("{}: {problem}", file.display()),
            hint: HINT,
        };
        let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
        read(&text).map_err(wrong)
    }
}

fn read(text: &str) -> Result<Vec<Provider>, String> {
    let listed: Vec<Listed> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let providers: Vec<Provider> = listed.into_iter().map(Provider::from).collect();
    for (place, provider) in providers.iter().enumerate() {
        if !provider.is_safe() {
            return Err(format!("{} is not an https address", provider.issuer));
        }
        if provider.audience.is_empty() || provider.roles_claim.is_empty() {
            return Err(format!(
                "{}: audience and rolesClaim are needed",
                provider.issuer
            ));
        }
        if providers[..place]
            .iter()
            .any(|other| other.issuer == provider.issuer)
        {
            return Err(format!("{} is there twice", provider.issuer));
        }
    }
    Ok(providers)
}

impl From<Listed> for Provider {
    fn from(listed: Listed) -> Self {
        let roles = listed.roles.into_iter().map(|(group, role)| {
            let role = match role {
                Granted::Editor => Role::Editor,
                Granted::Moderator => Role::Moderator,
                Granted::Admin => Role::Admin,
            };
            (group, role)
        });
        Self {
            issuer: listed.issuer,
            audience: listed.audience,
            roles_claim: listed.roles_claim,
            roles: roles.collect(),
            access_tokens: match listed.access_token_type {
                TokenType::AtJwt => AccessTokenType::AtJwt,
                TokenType::Jwt => AccessTokenType::Jwt,
            },
            trusts_addresses: listed.unmarked_addresses == Unmarked::Verified,
            known_address: match listed.known_address {
                Known::NewAccount => KnownAddress::NewAccount,
                Known::Refuse => KnownAddress::Refuse,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_providers_is_read() {
        let one = r#"[{"issuer": "https://login.example.org", "audience": "jij",
            "rolesClaim": "groups", "roles": {"a": "MODERATOR", "b": "ADMIN"}}]"#;
        let providers = read(one).expect("it is right");
        assert_eq!(providers.len(), 1);
        assert_eq!(
            providers[0].roles,
            [
                ("a".to_owned(), Role::Moderator),
                ("b".to_owned(), Role::Admin)
            ]
        );
    }

    #[test]
    fn a_provider_may_mark_its_access_tokens() {
        let of = |kind: &str| {
            read(&format!(
                r#"[{{"issuer": "https://login.example.org", "audience": "jij",
                    "rolesClaim": "groups", "roles": {{}}, "accessTokenType": "{kind}"}}]"#
            ))
            .map(|providers| providers[0].access_tokens)
        };
        assert_eq!(of("at+jwt"), Ok(AccessTokenType::AtJwt));
        assert_eq!(of("JWT"), Ok(AccessTokenType::Jwt));
        assert!(of("id_token+jwt").is_err());
    }

    #[test]
    fn addresses_are_trusted_and_successors_refused_only_where_that_is_set() {
        let of = |more: &str| {
            let text = format!(
                r#"[{{"issuer": "https://login.example.org", "audience": "jij",
                    "rolesClaim": "groups", "roles": {{}}{more}}}]"#
            );
            read(&text).map(|of| (of[0].trusts_addresses, of[0].known_address))
        };
        assert_eq!(of(""), Ok((false, KnownAddress::NewAccount)));
        let set = r#", "unmarkedAddresses": "VERIFIED", "knownAddress": "REFUSE""#;
        assert_eq!(of(set), Ok((true, KnownAddress::Refuse)));
        assert!(of(r#", "knownAddress": "refuse""#).is_err());
        assert!(of(r#", "unmarkedAddresses": true"#).is_err());
    }

    #[test]
    fn what_is_not_right_is_said() {
        let with = |issuer: &str, role: &str| {
            format!(
                r#"[{{"issuer": "{issuer}", "audience": "jij", "rolesClaim": "groups", "roles": {{"a": "{role}"}}}}]"#
            )
        };
        assert!(read(&with("http://127.0.0.1:1", "EDITOR")).is_ok());
        for wrong in [
            with("http://login.example.org", "EDITOR"),
            with("login.example.org", "EDITOR"),
            with("https://login.example.org", "RESIDENT"),
            with("https://login.example.org", "editor"),
            "{}".to_owned(),
            r#"[{"issuer": "https://a.example", "key": 1}]"#.to_owned(),
        ] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }
}
