//! Which names people may go by.

use std::{collections::BTreeSet, sync::LazyLock};

use super::AccountRefusal;
use crate::{
    Locale, Role, Roles,
    screening::{self, Circumstances, Contribution, FindingCode, Screener},
};

/// Names that nobody may choose, alone or among other words: they would pass for
/// the province, a public body, those who work for them, or for the platform itself. Partners'
/// names are kept in the database (`reserved_name`).
const RESERVED: [&str; 27] = [
    "Provincie",
    "Provincie Overijssel",
    "Province of Overijssel",
    "Provinciale Staten",
    "Gedeputeerde Staten",
    "Commissaris van de Koning",
    "Gemeente",
    "Waterschap",
    "JIJ Overijssel",
    "JIJ en Overijssel",
    "Moderator",
    "Moderators",
    "Moderatoren",
    "Moderatie",
    "Moderatieteam",
    "Redactie",
    "Beheer",
    "Beheerder",
    "Beheerders",
    "Admin",
    "Administrator",
    "Medewerker",
    "Medewerkers",
    "Member of staff",
    // What stands in the place of a name that moderators hid, and of an erased person's.
    "Verborgen naam",
    "Verwijderd account",
    "Erased account",
];

static RESERVED_KEYS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| RESERVED.into_iter().flat_map(screening::keys).collect());

/// The rule for names that people choose, or that identity providers give.
#[derive(Debug, Clone)]
pub(crate) struct NameRule {
    screener: Screener,
}

impl NameRule {
    pub(crate) fn new(screener: Screener) -> Self {
        Self { screener }
    }

    /// Returns why nobody may go by this name, if so. Partners' names are not in it, since they
    /// are in the database.
    pub(super) fn refusal(&self, name: &str) -> Option<AccountRefusal> {
        if is_reserved(name) {
            return Some(AccountRefusal::NameReserved);
        }
        let contribution = Contribution {
            language: None,
            texts: &[name],
        };
        let screened = self
            .screener
            .screen(contribution, &Circumstances::default());
        let is_unfit = screened.findings().iter().any(|finding| {
            matches!(
                finding.code,
                FindingCode::ListedWord | FindingCode::PersonalData | FindingCode::MostlyLinks
            )
        });
        is_unfit.then_some(AccountRefusal::NameUnfit)
    }
}

/// Returns true if a name holds what looks like one of [`RESERVED`].
fn is_reserved(name: &str) -> bool {
    screening::runs(name)
        .iter()
        .any(|run| RESERVED_KEYS.contains(&run.key))
}

/// Returns what someone goes by whose own name will not do: it says of no resident that they work
/// here, and tells nothing of their address.
pub(super) fn fallback(roles: &Roles, locale: Locale) -> String {
    let name = if roles.iter().any(|role| role != Role::Resident) {
        locale.pick("Medewerker", "Member of staff")
    } else {
        locale.pick("Deelnemer", "Participant")
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screening::{Thresholds, WordList};

    fn rule() -> NameRule {
        let list = WordList::parse("poep").unwrap();
        NameRule::new(Screener::new(
            Thresholds::default(),
            [("nl".to_owned(), list)].into(),
        ))
    }

    #[test]
    fn names_of_those_who_run_the_platform_are_reserved() {
        for name in RESERVED {
            assert_eq!(
                rule().refusal(name),
                Some(AccountRefusal::NameReserved),
                "{name}"
            );
        }
        for name in [
            "Provincie Overijssel (officieel)",
            "moderator Jan",
            "JIJ&Overijssel",
            "Gemeente Zwolle",
            "De Redactie",
            "Моdеrаtоr",
            "P R O V I N C I E",
        ] {
            assert_eq!(
                rule().refusal(name),
                Some(AccountRefusal::NameReserved),
                "{name}"
            );
        }
    }

    #[test]
    fn a_name_is_no_place_for_listed_words_links_and_addresses() {
        for name in [
            "Poep",
            "p0ep Jan",
            "jan@voorbeeld.nl",
            "Bel 06 12345678",
            "https://a.example",
        ] {
            assert_eq!(
                rule().refusal(name),
                Some(AccountRefusal::NameUnfit),
                "{name}"
            );
        }
    }

    #[test]
    fn people_go_by_their_names() {
        for name in [
            "Jan de Boer",
            "Fatma Yılmaz",
            "Anna van Overijssel",
            "Modeste Provinciaal",
            "Jan-Willem O'Neill",
            "李小龙",
            "Deelnemer",
            "Admiraal de Ruyter",
        ] {
            assert_eq!(rule().refusal(name), None, "{name}");
        }
    }
}
