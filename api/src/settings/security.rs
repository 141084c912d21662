//! Where to report a weakness.

use chrono::TimeDelta;
use clap::Args;
use domain::clock::Instant;

use super::{SettingError, SettingWarning};
use crate::http::SecurityContact;

const EXPIRES: &str = "--security-expires (JIJ_SECURITY_EXPIRES)";
const TIME: &str = "a time within a year, such as 2027-06-30T00:00:00Z";
/// The longest time that a contact should hold (RFC 9116, section 2.5.5).
const LONGEST: TimeDelta = TimeDelta::days(366);

/// Where to report a weakness: /.well-known/security.txt (RFC 9116).
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Security contact")]
pub struct SecuritySettings {
    /// Where to report a weakness, the best way first, with commas between them:
    /// mailto:security@example.org, tel:+31… or https://…; without, there is no security.txt
    #[arg(
        long = "security-contact",
        env = "JIJ_SECURITY_CONTACT",
        value_name = "URIS",
        value_delimiter = ',',
        value_parser = contact
    )]
    contacts: Vec<String>,

    /// Until when this holds, at most a year ahead, such as 2027-06-30T00:00:00Z; needed with a
    /// contact
    #[arg(
        long = "security-expires",
        env = "JIJ_SECURITY_EXPIRES",
        value_name = "TIME",
        value_parser = time
    )]
    expires: Option<Instant>,

    /// Where the policy on reports stands
    #[arg(long = "security-policy", env = "JIJ_SECURITY_POLICY", value_name = "URL", value_parser = page)]
    policy: Option<String>,
}

impl SecuritySettings {
    /// What security.txt says, of a site at `public_url`; none where nothing is set.
    pub fn contact(&self, public_url: &str) -> Result<Option<SecurityContact>, SettingError> {
        if self.contacts.is_empty() {
            return Ok(None);
        }
        let expires_at = self.expires.ok_or(SettingError {
            name: EXPIRES,
            problem: "a security contact needs a time until when it holds".to_owned(),
            hint: TIME,
        })?;
        Ok(Some(SecurityContact {
            contacts: self.contacts.clone(),
            expires_at,
            policy: self.policy.clone(),
            canonical: format!("{public_url}/.well-known/security.txt"),
        }))
    }

    /// Returns what is probably not meant so at `now`.
    pub fn warnings(&self, now: Instant) -> Vec<SettingWarning> {
        let warning = |problem: &'static str, hint: &'static str| {
            vec![SettingWarning::new(EXPIRES, problem, hint)]
        };
        match self.expires {
            _ if self.contacts.is_empty() && (self.expires.is_some() || self.policy.is_some()) => {
                vec![SettingWarning::new(
                    "--security-contact (JIJ_SECURITY_CONTACT)",
                    "without a contact there is no security.txt",
                    "such as mailto:security@example.org",
                )]
            }
            Some(expires) if expires <= now => {
                warning("security.txt has expired, and is not believed", TIME)
            }
            Some(expires) if expires > now + LONGEST => {
                warning("security.txt holds for more than a year", TIME)
            }
            _ => Vec::new(),
        }
    }
}

fn time(raw: &str) -> Result<Instant, &'static str> {
    raw.parse().map_err(|_| TIME)
}

fn contact(raw: &str) -> Result<String, &'static str> {
    let raw = raw.trim();
    let known = ["mailto:", "tel:", "https://"];
    let fits = known
        .iter()
        .any(|scheme| raw.len() > scheme.len() && raw.starts_with(scheme));
    if fits && is_one_line(raw) {
        Ok(raw.to_owned())
    } else {
        Err("an address with mailto:, tel: or https:// such as mailto:security@example.org")
    }
}

fn page(raw: &str) -> Result<String, &'static str> {
    if raw.len() > "https://".len() && raw.starts_with("https://") && is_one_line(raw) {
        Ok(raw.to_owned())
    } else {
        Err("an address such as https://example.org/security")
    }
}

fn is_one_line(raw: &str) -> bool {
    raw.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_addresses_on_one_line() {
        assert!(contact("mailto:security@example.org").is_ok());
        assert!(contact("tel:+31381234567").is_ok());
        assert!(contact("https://example.org/report").is_ok());
        for bad in [
            "security@example.org",
            "mailto:",
            "http://example.org",
            "mailto:a@example.org\nExpires: never",
        ] {
            assert!(contact(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_contact_needs_its_end() {
        let settings = SecuritySettings {
            contacts: vec!["mailto:security@example.org".to_owned()],
            expires: None,
            policy: None,
        };
        assert!(settings.contact("https://jij.example").is_err());
    }
}
