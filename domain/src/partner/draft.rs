//! From what people typed to what is stored: every problem at once, no database.

use super::{PartnerKind, PartnerRefusal, PartnerRole};
use crate::{Error, Result, account, refusal::Checks, text::Limits};

const NAME: Limits = Limits::new(2, 120);
const WEBSITE_BYTES: usize = 500;

/// A partner as typed.
#[derive(Debug, Clone)]
pub struct PartnerDraft {
    /// 2 to 120 characters on one line.
    pub name: String,
    /// What kind of organisation it is.
    pub kind: PartnerKind,
    /// An https address of at most 500 bytes.
    pub website: Option<String>,
    /// The code of the municipality that it is, or is of.
    pub municipality: Option<String>,
}

/// Someone's role at a partner as typed.
#[derive(Debug, Clone)]
pub struct MemberDraft {
    /// The address of their account.
    pub email: String,
    /// What they may do; none takes them from the partner.
    pub role: Option<PartnerRole>,
}

impl PartnerDraft {
    pub(super) fn check(self) -> Result<Self, PartnerRefusal> {
        let mut checks = Checks::default();
        let website = self.website.map(|raw| raw.trim().to_owned());
        if website.as_deref().is_some_and(|url| !is_site(url)) {
            checks.refuse(PartnerRefusal::Website);
        }
        let checked = Self {
            name: checks.line("name", &self.name, NAME),
            kind: self.kind,
            website,
            municipality: self.municipality,
        };
        checks.finish(checked)
    }
}

impl MemberDraft {
    pub(super) fn check(self) -> Result<Self, PartnerRefusal> {
        let email = account::address(&self.email).ok_or(Error::refused(PartnerRefusal::Email))?;
        Ok(Self { email, ..self })
    }
}

/// Whether this is an https address with a host, and nothing in it that could break out of a
/// link.
fn is_site(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '<' | '>' | '\\');
    url.len() <= WEBSITE_BYTES
        && url.chars().all(plain)
        && host.contains('.')
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_an_https_address_and_a_host() {
        assert!(is_site("https://www.raalte.nl"));
        assert!(is_site("https://raalte.nl/meedoen?taal=nl#nu"));
        for url in [
            "http://raalte.nl",
            "javascript:alert(1)",
            "https://",
            "https://raalte",
            "https://piet@raalte.nl",
            "https://raalte.nl/\"onload",
            "https://raalte.nl/een twee",
        ] {
            assert!(!is_site(url), "{url}");
        }
    }
}
