//! Who the site is to its people and their programs.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};
use domain::{Settings, account::SigningKey, mail::Mailer};

use super::{
    SettingError, SettingWarning,
    secret::{self, Given, Names, Secret},
};
use crate::http::Origin;

/// Who the site is to its people and their programs.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Site")]
pub struct SiteSettings {
    /// Where people reach the site: links in mails start with it, and access tokens name it
    /// [default: http:// and where it listens]
    #[arg(long, env = "JIJ_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    public_url: Option<String>,

    /// Seconds for which browsers are told to use TLS only for this host
    /// (Strict-Transport-Security); 0 takes it back. Needs a public URL with https
    /// [default: they are not told]
    #[arg(
        long,
        env = "JIJ_HSTS_MAX_AGE",
        value_name = "SECONDS",
        value_parser = clap::value_parser!(u32).range(0..=63_072_000)
    )]
    hsts_max_age: Option<u32>,

    /// The Ed25519 key that signs access tokens, PKCS #8 as PEM, as
    /// `openssl genpkey -algorithm ed25519` writes it [default: one made at first start and kept
    /// in the database]
    #[arg(
        long,
        env = "JIJ_SIGNING_KEY",
        hide_env_values = true,
        value_name = "PEM"
    )]
    signing_key: Option<Secret>,

    /// A file that holds the key
    #[arg(
        long,
        env = "JIJ_SIGNING_KEY_FILE",
        value_name = "FILE",
        conflicts_with = "signing_key"
    )]
    signing_key_file: Option<PathBuf>,

    /// Whether moderators and admins act as such only after a second factor
    #[arg(
        long,
        env = "JIJ_SECOND_FACTOR",
        value_enum,
        default_value = "required"
    )]
    second_factor: SecondFactor,

    /// Let people register with addresses at special-use domains (RFC 6761), such as `.example` and
    /// `.test`, which no mail reaches: for trials
    #[arg(long, env = "JIJ_SPECIAL_USE_DOMAINS")]
    special_use_domains: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SecondFactor {
    /// They are residents until they set one and show it, and sign in again every 8 hours
    Required,
    /// Who set one is asked for it
    Optional,
}

/// The names of the settings that hold the signing key.
const KEY: Names = Names {
    value: "--signing-key (JIJ_SIGNING_KEY)",
    file: "--signing-key-file (JIJ_SIGNING_KEY_FILE)",
};
const PUBLIC_URL: &str = "--public-url (JIJ_PUBLIC_URL)";

impl SiteSettings {
    /// What the services need to know, of a server that listens at `address`.
    pub fn services(&self, address: SocketAddr, mailer: Mailer) -> Result<Settings, SettingError> {
        Ok(Settings {
            signing_key: self.signing_key()?.map(|(_, key)| key),
            second_factor_required: self.second_factor == SecondFactor::Required,
            special_use_domains: self.special_use_domains,
            ..Settings::new(&self.public_url(address), mailer)
        })
    }

    /// The key that signs access tokens, and the name of the setting that it came from.
    pub fn signing_key(&self) -> Result<Option<(&'static str, SigningKey)>, SettingError> {
        let pem = secret::whole(
            KEY,
            self.signing_key.as_ref(),
            self.signing_key_file.as_deref(),
        )?;
        let Some(Given { name, text }) = pem else {
            return Ok(None);
        };
        let key = SigningKey::from_pem(&text).map_err(|_| SettingError {
            name,
            problem: match &self.signing_key_file {
                Some(file) => format!("{} holds no private Ed25519 key", file.display()),
                None => "it is no private Ed25519 key".to_owned(),
            },
            hint: "an Ed25519 key in PKCS #8 as PEM: openssl genpkey -algorithm ed25519",
        })?;
        Ok(Some((name, key)))
    }

    /// Returns the public URL of a server that listens at `address`.
    pub fn public_url(&self, address: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.clone(),
            None => format!("http://{address}"),
        }
    }

    /// Returns true if people reach the site from other machines, as far as the settings tell.
    pub fn is_public(&self) -> bool {
        let origin = self.public_url.as_deref().map(Origin::of);
        matches!(origin, Some(Ok(origin)) if !origin.is_loopback())
    }

    /// Returns what is probably not meant so, of a server that listens at `address`.
    pub fn warnings(&self, address: SocketAddr) -> Vec<SettingWarning> {
        let mut warnings = Vec::new();
        let url = self.public_url(address);
        let origin = Origin::of(&url);
        if origin.as_ref().is_ok_and(Origin::is_unspecified) {
            warnings.push(SettingWarning::new(
                PUBLIC_URL,
                format!("links in mails lead to {url}, which is nobody's address"),
                "set it to the address by which people reach the site, such as \
                 https://jij.example.org",
            ));
        } else if self.is_public() && origin.is_ok_and(|origin| !origin.is_secure()) {
            warnings.push(SettingWarning::new(
                PUBLIC_URL,
                "people reach the site without TLS, and send passwords and tokens in the clear",
                "set it to an address with https, of a proxy that ends TLS",
            ));
        }
        if self.special_use_domains && self.is_public() {
            warnings.push(SettingWarning::new(
                "--special-use-domains (JIJ_SPECIAL_USE_DOMAINS)",
                "people may register with addresses that no mail reaches",
                "leave it out where the site is no trial",
            ));
        }
        warnings
    }
}

impl SiteSettings {
    /// Returns the seconds for which browsers of a site at `public_url` are told to use TLS only.
    pub fn hsts_max_age(&self, public_url: &str) -> Result<Option<u32>, SettingError> {
        let is_secure = Origin::of(public_url).is_ok_and(|origin| origin.is_secure());
        if self.hsts_max_age.is_some() && !is_secure {
            return Err(SettingError {
                name: "--hsts-max-age (JIJ_HSTS_MAX_AGE)",
                problem: "browsers would be told to use TLS for a site that has none".to_owned(),
                hint: "set --public-url to the address with https",
            });
        }
        Ok(self.hsts_max_age)
    }
}

fn public_url(raw: &str) -> Result<String, &'static str> {
    let wanted = "an address such as https://jij.example.org";
    let url = url::Url::parse(raw).map_err(|_| wanted)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("an address without ? and #, such as https://jij.example.org");
    }
    if Origin::of(raw).is_err() {
        return Err("an address with http or https and no user, such as https://jij.example.org");
    }
    Ok(raw.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_a_site_are_taken() {
        for good in [
            "https://jij.example.org",
            "http://127.0.0.1:8000/",
            "https://example.org/jij",
        ] {
            assert!(public_url(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "jij.example.org",
            "ftp://example.org",
            "https://",
            "https://example.org/?a=b",
            "https://example.org/#a",
            "https://jij@example.org",
            "https://jij.example.org ",
        ] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }
}
