//! Words on a list, found as whole words however they are written.

use std::{collections::HashSet, ops::Range};

use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;
use unicode_segmentation::UnicodeSegmentation;

use super::fold::Folded;

/// Most words in one entry of a list.
const ENTRY_WORDS: usize = 8;
/// Most bytes in one entry of a list.
const ENTRY_BYTES: usize = 200;
/// Most entries of a list.
const ENTRIES: usize = 100_000;

/// The words of one language that a moderator should look at.
#[derive(Debug, Clone, Default)]
pub struct WordList {
    /// The skeletons of each entry's words, with one space between them.
    entries: HashSet<Box<str>>,
    /// Words of the longest entry.
    longest: usize,
}

/// Why a list cannot be used; lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordListProblem {
    /// A line holds no word.
    #[error("line {0} holds no word")]
    NoWord(usize),
    /// A line is longer than an entry may be.
    #[error("line {0} has more than 8 words or 200 bytes")]
    TooLong(usize),
    /// There are too many lines.
    #[error("it has more than 100,000 entries")]
    TooMany,
}

impl WordList {
    /// Reads a list: a word or a few on each line; empty lines and those that begin with `#` say
    /// nothing.
    pub fn parse(text: &str) -> Result<Self, WordListProblem> {
        let mut list = Self::default();
        let lines = text.trim_start_matches('\u{FEFF}').lines();
        for (number, line) in (1..).zip(lines.map(str::trim)) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.len() > ENTRY_BYTES {
                return Err(WordListProblem::TooLong(number));
            }
            let words: Vec<String> = words(&Folded::new(line).text)
                .map(|(_, word)| word)
                .collect();
            if words.is_empty() {
                return Err(WordListProblem::NoWord(number));
            }
            if words.len() > ENTRY_WORDS {
                return Err(WordListProblem::TooLong(number));
            }
            list.longest = list.longest.max(words.len());
            list.entries.insert(words.join(" ").into());
            if list.entries.len() > ENTRIES {
                return Err(WordListProblem::TooMany);
            }
        }
        Ok(list)
    }

    /// Whether the list says nothing.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where entries stand in a folded text: never a part of a word, the longest entry first.
    pub(super) fn matches(&self, folded: &Folded) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if self.is_empty() {
            return found;
        }
        let words: Vec<(Range<usize>, String)> = words(&folded.text).collect();
        let mut at = 0;
        while let Some((first, _)) = words.get(at) {
            let mut phrase = String::new();
            let mut longest = None;
            for (count, (range, word)) in (1..).zip(words.iter().skip(at).take(self.longest)) {
                if count > 1 {
                    phrase.push(' ');
                }
                phrase.push_str(word);
                if self.entries.contains(phrase.as_str()) {
                    longest = Some((count, first.start..range.end));
                }
            }
            at += longest.as_ref().map_or(1, |(count, _)| *count);
            found.extend(longest.map(|(_, range)| range));
        }
        found
    }
}

/// The words of a folded text (UAX #29) with where they stand, as skeletons (UTS #39) without
/// marks, so that words that look alike are alike.
pub(super) fn words(folded: &str) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
    folded.unicode_word_indices().map(|(at, word)| {
        let looks = if word.chars().all(char::is_numeric) {
            // A number looks like letters, and is none: 100 is not "loo".
            word.to_owned()
        } else {
            skeleton(word)
                .filter(|character| !is_combining_mark(*character))
                .flat_map(char::to_lowercase)
                .collect()
        };
        (at..at + word.len(), looks)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(list: &str, typed: &'a str) -> Vec<&'a str> {
        let list = WordList::parse(list).unwrap();
        let folded = Folded::new(typed);
        let matches = list.matches(&folded);
        matches
            .iter()
            .map(|range| &typed[folded.typed(range)])
            .collect()
    }

    #[test]
    fn whole_words_are_found_and_parts_are_not() {
        let list = "# van ons\npoep\n\nvieze bril\n";
        assert_eq!(
            found(list, "Poep! Een VIEZE  bril."),
            ["Poep", "VIEZE  bril"]
        );
        for place in ["Poepershoek", "de Poepersdijk", "poepte", "een bril, vieze"] {
            assert!(found(list, place).is_empty(), "{place}");
        }
    }

    #[test]
    fn disguises_are_seen_through() {
        for disguise in [
            "РОЕР",               // Cyrillic
            "p0ep",               // a nought
            "ｐｏｅｐ",           // full width
            "po\u{200B}ep",       // a space of no width
            "po\u{AD}ep",         // a soft hyphen
            "𝓹𝓸𝓮𝓹",               // mathematical script
            "pöép",               // marks
            "p\u{336}o\u{336}ep", // struck through
        ] {
            assert_eq!(found("poep", disguise), [disguise], "{disguise}");
        }
    }

    #[test]
    fn numbers_are_no_words() {
        assert!(found("loo\nlol", "Bus 100 en 101").is_empty());
    }

    #[test]
    fn a_list_says_what_is_wrong_with_it() {
        assert_eq!(
            WordList::parse("a\n!!!").unwrap_err(),
            WordListProblem::NoWord(2)
        );
        let long = "a ".repeat(9);
        assert_eq!(
            WordList::parse(&long).unwrap_err(),
            WordListProblem::TooLong(1)
        );
        let long = "a".repeat(201);
        assert_eq!(
            WordList::parse(&long).unwrap_err(),
            WordListProblem::TooLong(1)
        );
        assert!(WordList::parse("\u{FEFF}# niets\r\n").unwrap().is_empty());
    }
}
