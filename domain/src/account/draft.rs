//! From what people typed to what is stored: every problem at once, no database.

use std::fmt;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use lettre::Address;
use unicode_normalization::UnicodeNormalization;

use super::{AccountRefusal, name::NameRule, special_use::is_special_use};
use crate::{
    Error, Locale, Result,
    refusal::{Checks, InvalidText},
    text::{self, Limits, Problem},
};

/// The longest address that a mail can be sent to (RFC 5321, with erratum 1690).
const EMAIL_BYTES: usize = 254;
const DISPLAY_NAME: Limits = Limits::new(2, 60);
/// In code points, as NIST SP 800-63B counts; nothing is asked of which ones.
const PASSWORD: Limits = Limits::new(12, 128);

/// An account as typed.
#[derive(Debug, Clone)]
pub struct AccountDraft {
    /// At most 254 bytes, before the @ in ASCII; upper and lower case are the same.
    pub email: String,
    /// 12 to 128 code points, of any kind but control characters.
    pub password: Password,
    /// 2 to 60 characters on one line.
    pub display_name: String,
    /// The language for mail and messages.
    pub locale: Locale,
}

/// What changes in an account; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    /// As in [`AccountDraft`].
    pub display_name: Option<String>,
    /// As in [`AccountDraft`].
    pub locale: Option<Locale>,
}

/// What a person signs in with, as typed.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The account's address.
    pub email: String,
    /// The account's password.
    pub password: Password,
    /// A code of the authenticator, or a recovery code; for an account that has a second factor.
    pub second_factor_code: Option<String>,
}

/// A password as typed, in NFC so that every keyboard gives the same; never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl AccountDraft {
    /// Checks an account; its name by the rule for names that people choose themselves, if one is
    /// given. An address at a special-use domain passes only if `special_use` is set.
    pub(super) fn check(
        self,
        names: Option<&NameRule>,
        special_use: bool,
    ) -> Result<Self, AccountRefusal> {
        let mut checks = Checks::default();
        let email = email(&self.email).filter(|email| special_use || !is_special_use(email));
        let email = email.unwrap_or_else(|| {
            checks.refuse(AccountRefusal::EmailInvalid);
            String::new()
        });
        if !email.is_ascii() {
            checks.refuse(AccountRefusal::EmailNotAscii);
        }
        if let Err(problem) = self.password.check() {
            checks.refuse(InvalidText {
                path: "password".into(),
                problem,
            });
        }
        let checked = Self {
            email,
            password: self.password,
            display_name: checks.line("displayName", &self.display_name, DISPLAY_NAME),
            locale: self.locale,
        };
        if let Some(refusal) = names.and_then(|names| names.refusal(&checked.display_name)) {
            checks.refuse(refusal);
        }
        checks.finish(checked)
    }
}

/// `password` if it keeps to the rules.
pub(super) fn password(password: Password) -> Result<Password, AccountRefusal> {
    match password.check() {
        Ok(()) => Ok(password),
        Err(problem) => Err(Error::refused(AccountRefusal::from(InvalidText {
            path: "password".into(),
            problem,
        }))),
    }
}

/// Returns the name that a person is known by elsewhere, where others may call them so here.
pub(super) fn display_name(name: &str, names: &NameRule) -> Option<String> {
    let name = text::line(name, DISPLAY_NAME).ok()?;
    names.refusal(&name).is_none().then_some(name)
}

impl AccountChange {
    pub(super) fn check(self) -> Result<Self, AccountRefusal> {
        let mut checks = Checks::default();
        let checked = Self {
            display_name: self
                .display_name
                .map(|raw| checks.line("displayName", &raw, DISPLAY_NAME)),
            locale: self.locale,
        };
        checks.finish(checked)
    }
}

impl Password {
    /// What is hashed.
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    fn check(&self) -> std::result::Result<(), Problem> {
        let length = self.0.chars().count();
        if length == 0 {
            Err(Problem::Required)
        } else if length < PASSWORD.min {
            Err(Problem::TooShort { min: PASSWORD.min })
        } else if length > PASSWORD.max {
            Err(Problem::TooLong { max: PASSWORD.max })
        } else if self.0.chars().any(char::is_control) {
            Err(Problem::ForbiddenCharacter)
        } else {
            Ok(())
        }
    }
}

impl From<&str> for Password {
    fn from(raw: &str) -> Self {
        Self(raw.nfc().collect())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password")
    }
}

/// The address as an account's key: trimmed, in lower case, what stands before the @ in NFC and the
/// domain in ASCII (UTS #46), so that both spellings of a domain are one account and every mail
/// server takes it. `None` where no mail could reach it over the internet: address literals and
/// names without a dot are refused too, and what nobody sees.
pub(crate) fn email(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let is_unseen = |one: char| text::is_invisible(one) || one.is_whitespace() || one.is_control();
    if raw.len() > EMAIL_BYTES || raw.chars().any(is_unseen) {
        return None;
    }
    let (user, domain) = raw.rsplit_once('@')?;
    let user: String = user.nfc().flat_map(char::to_lowercase).nfc().collect();
    let domain = Uts46::new().to_ascii(
        domain.as_bytes(),
        AsciiDenyList::STD3,
        Hyphens::CheckFirstLast,
        DnsLength::Verify,
    );
    let email = format!("{user}@{}", domain.ok()?);
    let address: Address = email.parse().ok()?;
    let (_, top_level) = address.domain().rsplit_once('.')?;
    let named = top_level.contains(char::is_alphabetic);
    let plain = !address.user().starts_with('"');
    (named && plain && email.len() <= EMAIL_BYTES).then_some(email)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Error, refusal::Code, refusal::Refusal};

    fn draft() -> AccountDraft {
        AccountDraft {
            email: " An.Smit@Example.ORG ".to_owned(),
            password: "correct horse".into(),
            display_name: " An  ".to_owned(),
            locale: Locale::Nl,
        }
    }

    fn codes(draft: AccountDraft) -> Vec<Code> {
        match draft.check(None, true) {
            Err(Error::Refused(reasons)) => reasons.iter().map(Refusal::code).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn an_address_is_kept_in_lower_case() {
        let checked = draft().check(None, true).unwrap();
        assert_eq!(checked.email, "an.smit@example.org");
        assert_eq!(checked.display_name, "An");
    }

    #[test]
    fn an_address_at_a_special_use_domain_is_taken_only_where_that_is_set() {
        assert!(draft().check(None, true).is_ok());
        assert!(draft().check(None, false).is_err());
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let codes = codes(AccountDraft {
            email: "an".to_owned(),
            password: "short".into(),
            display_name: "A".to_owned(),
            locale: Locale::En,
        });
        assert_eq!(codes, [Code::EmailInvalid, Code::TooShort, Code::TooShort]);
    }

    #[test]
    fn addresses_that_no_mail_reaches_are_refused() {
        let long = format!("{}@example.org", "a".repeat(260));
        for raw in [
            "",
            "an",
            "an@",
            "@example.org",
            "an@localhost",
            "an@[127.0.0.1]",
            "an@127.0.0.1",
            "an@[IPv6:::1]",
            "an smit@example.org",
            "\"an smit\"@example.org",
            "an@example.org\r\nBcc: all@example.org",
            "an@example.org, jan@example.org",
            "An <an@example.org>",
            "an@exa\u{202E}mple.org",
            "an@exam\u{200B}ple.org",
            "an@exam\u{AD}ple.org",
            "a\u{200B}n@example.org",
            "an\u{200D}@example.org",
            "a\u{FE0F}n@example.org",
            "a\u{3164}n@example.org",
            "a\u{A0}n@example.org",
            "a\0n@example.org",
            "an.@example.org",
            "a..n@example.org",
            "an@example..org",
            "an@-example.org",
            "an@exam_ple.org",
            "an@xn--a.example",
            &format!("{}@example.org", "a".repeat(65)),
            &format!("an@{}.org", "a".repeat(64)),
            &long,
        ] {
            assert_eq!(email(raw), None, "{raw:?}");
        }
    }

    #[test]
    fn addresses_that_mail_reaches_are_taken() {
        for (raw, kept) in [
            ("an@example.org", "an@example.org"),
            ("An+Jij@Example.org", "an+jij@example.org"),
            ("an@xn--mnchen-3ya.example", "an@xn--mnchen-3ya.example"),
            ("an@XN--MNCHEN-3YA.example", "an@xn--mnchen-3ya.example"),
            ("an@münchen.example", "an@xn--mnchen-3ya.example"),
            ("An@MÜNCHEN.Example", "an@xn--mnchen-3ya.example"),
            ("an@mu\u{308}nchen.example", "an@xn--mnchen-3ya.example"),
            ("an@example。org", "an@example.org"),
            ("an@ab--cd.example", "an@ab--cd.example"),
            ("o'neill@sub.example.org", "o'neill@sub.example.org"),
        ] {
            assert_eq!(email(raw).as_deref(), Some(kept), "{raw:?}");
        }
    }

    #[test]
    fn what_a_mail_server_may_not_take_is_refused_when_it_is_typed() {
        let named = |email: &str| AccountDraft {
            email: email.to_owned(),
            ..draft()
        };
        assert_eq!(codes(named("josé@example.org")), [Code::EmailInvalid]);
        assert!(named("an@café.example").check(None, true).is_ok());
        // Whoever registered before may sign in as always.
        assert_eq!(
            email("José@Example.org").as_deref(),
            Some("josé@example.org")
        );
    }

    #[test]
    fn a_password_is_bounded_and_the_same_from_every_keyboard() {
        assert!(Password::from("é".repeat(12).as_str()).check().is_ok());
        assert!(Password::from("é".repeat(128).as_str()).check().is_ok());
        assert!(Password::from("é".repeat(129).as_str()).check().is_err());
        assert!(Password::from("").check().is_err());
        assert!(Password::from("twelve chars\n").check().is_err());
        assert_eq!(Password::from("e\u{301}"), Password::from("\u{e9}"));
    }

    #[test]
    fn a_password_is_never_shown() {
        assert!(!format!("{:?}", draft()).contains("horse"));
    }
}
