//! Who the site is to its people and their programs.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};
use domain::{Settings, account::SigningKey, mail::Mailer};

use super::{SettingError, secret};
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
    signing_key: Option<String>,

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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SecondFactor {
    /// They are residents until they set one and show it, and sign in again every 8 hours
    Required,
    /// Who set one is asked for it
    Optional,
}

impl SiteSettings {
    /// What the services need to know, of a server that listens at `address`.
    pub fn services(&self, address: SocketAddr, mailer: Mailer) -> Result<Settings, SettingError> {
        let name = "--signing-key (JIJ_SIGNING_KEY)";
        let pem = secret::whole(
            name,
            self.signing_key.as_deref(),
            self.signing_key_file.as_deref(),
        )?;
        let signing_key = pem
            .map(|pem| SigningKey::from_pem(&pem))
            .transpose()
            .map_err(|_| SettingError {
                name,
                problem: "the key cannot be read".to_owned(),
                hint: "an Ed25519 key in PKCS #8 as PEM: openssl genpkey -algorithm ed25519",
            })?;
        let url = match &self.public_url {
            Some(url) => url.clone(),
            None => format!("http://{address}"),
        };
        Ok(Settings {
            signing_key,
            second_factor_required: self.second_factor == SecondFactor::Required,
            ..Settings::new(&url, mailer)
        })
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
    let uri: axum::http::Uri = raw.parse().map_err(|_| WANTED)?;
    let web = matches!(uri.scheme_str(), Some("http" | "https"));
    if web && uri.query().is_none() {
        Ok(raw.to_owned())
    } else {
        Err(WANTED)
    }
}

const WANTED: &str = "an address such as https://jij.example.org";

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
        ] {
            assert!(public_url(bad).is_err(), "{bad}");
        }
    }
}
