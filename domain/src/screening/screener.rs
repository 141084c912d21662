//! The checks, one after the other.

use std::{collections::BTreeMap, fmt, sync::Arc};

use super::{
    Circumstances, Contribution, Finding, FindingCode, Place, Screening, Thresholds, WordList,
    fold::Folded, manner,
};

/// Most findings of one kind in one text.
const MOST: usize = 10;
/// Most characters of what is shown of a text.
const EXCERPT: usize = 100;

/// Screens contributions by thresholds and lists of words; cheap to clone.
#[derive(Clone, Default)]
pub struct Screener {
    thresholds: Thresholds,
    /// Lists by language (BCP 47); without one the check is off.
    lists: Arc<BTreeMap<String, WordList>>,
}

impl fmt::Debug for Screener {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Screener")
            .field("thresholds", &self.thresholds)
            .field("lists", &self.lists.keys())
            .finish()
    }
}

impl Screener {
    /// A screener with these thresholds and the lists of words of these languages.
    pub fn new(thresholds: Thresholds, lists: BTreeMap<String, WordList>) -> Self {
        Self {
            thresholds,
            lists: Arc::new(lists),
        }
    }

    /// Where circumstances begin to speak against a contribution.
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// What is found in a contribution and its circumstances, in the order of the checks.
    pub fn screen(&self, contribution: Contribution<'_>, known: &Circumstances) -> Screening {
        let Thresholds {
            fastest,
            most_in_window,
            first_held,
            ..
        } = self.thresholds;
        let mut findings = Vec::new();
        let mut note = |is_found: bool, code: FindingCode| {
            if is_found {
                findings.push(Finding::from(code));
            }
        };
        // A clock that is ahead of ours is nobody's fault.
        let took = known
            .filled_in_within
            .filter(|took| took.num_milliseconds() >= 0);
        note(known.honeypot_filled, FindingCode::HoneypotFilled);
        note(
            took.is_some_and(|took| took < fastest),
            FindingCode::SentTooFast,
        );
        note(known.recent >= most_in_window, FindingCode::TooManyRecently);
        note(known.seen_lately, FindingCode::TextRepeated);
        findings.extend(self.texts(contribution));
        let is_new = known.earlier.is_some_and(|earlier| earlier < first_held);
        let of_author = [
            (is_new, FindingCode::NewAuthor),
            (known.held_first, FindingCode::ReadFirst),
        ];
        findings.extend(
            of_author
                .into_iter()
                .filter(|(is_found, _)| *is_found)
                .map(|(_, code)| Finding::from(code)),
        );
        Screening {
            findings,
            trusted: known.trusted,
        }
    }

    /// What is found in the texts alone, check by check.
    fn texts(&self, contribution: Contribution<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (text, typed) in contribution.texts.iter().enumerate() {
            let folded = Folded::new(typed);
            let contents = manner::Contents::of(&folded);
            let mut note = |code: FindingCode, range: std::ops::Range<usize>| {
                let excerpt = typed
                    .get(range.clone())
                    .filter(|excerpt| excerpt.len() < typed.len());
                findings.push(Finding {
                    code,
                    place: Some(Place { text, range }),
                    excerpt: excerpt.map(|excerpt| excerpt.chars().take(EXCERPT).collect()),
                });
            };
            if contents.is_mostly_links() {
                note(FindingCode::MostlyLinks, 0..typed.len());
            }
            if manner::is_shouted(typed) {
                note(FindingCode::ManyCapitals, 0..typed.len());
            }
            if let Some(signs) = manner::repeated_signs(&folded.text) {
                note(FindingCode::RepeatedSigns, folded.typed(&signs));
            }
            let lists = self
                .lists
                .iter()
                .filter(|(language, _)| contribution.language.is_none_or(|own| own == *language));
            for (_, list) in lists {
                for word in list.matches(&folded).into_iter().take(MOST) {
                    note(FindingCode::ListedWord, folded.typed(&word));
                }
            }
            for personal in contents.personal.iter().take(MOST) {
                note(FindingCode::PersonalData, folded.typed(personal));
            }
        }
        // The checks are gone through in their order, whatever text something stands in.
        findings.sort_by_key(|finding| finding.code);
        findings
    }
}

#[cfg(test)]
mod tests;
