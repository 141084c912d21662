//! What voters write: normalised, and known by a key, so that the same words are the same option.

use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

use super::{QuestionKind, Rules};
use crate::text::{self, Limits, Problem};

pub(super) use entity::written_option::TextKey;

/// The place of what voters wrote, behind all that a question has of its own; among each other
/// they are in the order of their ids, which is that of their writing.
pub(super) const WRITTEN_POSITION: i32 = 1_000;
/// Longest text beside the option for other answers, in graphemes.
const OTHER: usize = 120;

/// A text that a voter wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Writing {
    /// What it comes down to.
    pub key: TextKey,
    /// How it is shown: words of a cloud folded, answers as they were typed.
    pub label: String,
}

impl Writing {
    /// A text for a question of this kind; answers are one line, their spaces collapsed.
    pub(super) fn new(kind: QuestionKind, rules: &Rules, raw: &str) -> Result<Self, Problem> {
        let limits = Limits::new(1, longest(kind, rules));
        let line = text::line(&text::collapsed(raw), limits)?;
        let label = if kind == QuestionKind::WordCloud {
            // Folding may lengthen: one ligature becomes many letters.
            let folded = text::folded(&line);
            if folded.graphemes(true).count() > limits.max {
                return Err(Problem::TooLong { max: limits.max });
            }
            folded
        } else {
            line
        };
        Ok(Self {
            key: key(&label),
            label,
        })
    }
}

/// The key of a text, whatever its question: the same for texts that differ in case, spaces,
/// compatible forms or what cannot be seen.
pub(super) fn key(text: &str) -> TextKey {
    TextKey(Sha256::digest(text::alike(text)).to_vec())
}

/// Whether ballots for questions of this kind are written.
pub(super) fn is_written(kind: QuestionKind) -> bool {
    matches!(kind, QuestionKind::WordCloud | QuestionKind::Open)
}

/// Stop words that answer a question by themselves, and so are shown in every cloud.
const ANSWERS: [&str; 89] = [
    "above", "after", "again", "against", "all", "alles", "altijd", "andere", "any", "before",
    "below", "both", "daar", "daarna", "doen", "down", "eens", "few", "for", "geen", "goed",
    "haar", "hem", "her", "here", "hers", "herself", "hier", "hij", "him", "himself", "i",
    "iemand", "iets", "ik", "in", "ja", "just", "kan", "kunnen", "me", "meer", "men", "met", "mij",
    "mine", "moet", "more", "most", "myself", "na", "nee", "niet", "niets", "niemand", "no",
    "none", "not", "nothing", "now", "nu", "off", "on", "once", "ons", "onder", "other", "our",
    "ours", "out", "over", "reeds", "same", "slecht", "some", "tegen", "them", "toen", "u",
    "under", "up", "us", "veel", "voor", "we", "wij", "yes", "you", "zonder",
];

/// The words that say nothing by themselves in the language of a question.
#[derive(Debug, Clone, Copy)]
pub(super) struct StopWords(&'static [&'static str]);

impl StopWords {
    /// The stop words for a question with this prompt: English where the prompt has more English
    /// ones than Dutch ones, otherwise Dutch.
    pub(super) fn of(prompt: &str) -> Self {
        let list = |language| stop_words::lookup(language).unwrap_or_default();
        let (dutch, english) = (list("nl"), list("en"));
        let prompt = text::folded(prompt);
        let found = |list: &[&str]| {
            let words = prompt.unicode_words();
            words.filter(|word| list.contains(word)).count()
        };
        Self(if found(english) > found(dutch) {
            english
        } else {
            dutch
        })
    }

    /// Returns true if a folded word is one of them and no answer by itself.
    pub(super) fn contains(self, folded: &str) -> bool {
        self.0.contains(&folded) && !ANSWERS.contains(&folded)
    }
}

fn longest(kind: QuestionKind, rules: &Rules) -> usize {
    if is_written(kind) {
        rules
            .max_length
            .and_then(|most| usize::try_from(most).ok())
            .unwrap_or(OTHER)
    } else {
        OTHER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(raw: &str) -> Result<String, Problem> {
        let rules = Rules {
            max_length: Some(25),
            ..Rules::default()
        };
        Writing::new(QuestionKind::WordCloud, &rules, raw).map(|writing| writing.label)
    }

    fn answer(raw: &str) -> Result<Writing, Problem> {
        let rules = Rules {
            max_length: Some(500),
            ..Rules::default()
        };
        Writing::new(QuestionKind::Open, &rules, raw)
    }

    #[test]
    fn words_are_compatible_folded_trimmed_and_spaced_once() {
        for raw in ["Rust", " RUST ", "ＲＵＳＴ", "rust\u{a0}", "\tRust\n"] {
            assert_eq!(word(raw).unwrap(), "rust", "{raw:?}");
        }
        assert_eq!(word("Groene   Ruimte").unwrap(), "groene ruimte");
        assert_eq!(word("Straße").unwrap(), word("STRASSE").unwrap());
        assert_eq!(word("ﬁets").unwrap(), "fiets");
        assert_eq!(word("ΟΔΟΣ").unwrap(), word("οδος").unwrap());
        assert_eq!(word("Ĳssel").unwrap(), word("IJssel").unwrap());
        // Composed and decomposed.
        assert_eq!(word("Caf\u{e9}").unwrap(), word("cafe\u{301}").unwrap());
    }

    #[test]
    fn a_word_has_at_most_25_graphemes_after_folding() {
        assert!(word(&"a".repeat(25)).is_ok());
        assert_eq!(word(&"a".repeat(26)), Err(Problem::TooLong { max: 25 }));
        // One character of eighteen letters.
        assert!(word("\u{FDFA}").is_ok());
        assert_eq!(
            word(&"\u{FDFA}".repeat(2)),
            Err(Problem::TooLong { max: 25 })
        );
        assert_eq!(word(" \t "), Err(Problem::Required));
        assert_eq!(word("a\u{202E}b"), Err(Problem::ForbiddenCharacter));
    }

    #[test]
    fn answers_keep_their_capitals_and_share_a_key() {
        let typed = answer("Meer  Bomen!").unwrap();
        assert_eq!(typed.label, "Meer Bomen!");
        assert_eq!(typed.key, answer("meer bomen!").unwrap().key);
        assert_eq!(typed.key, answer("meer bo\u{200B}men!").unwrap().key);
        assert_ne!(typed.key, answer("meer bomen").unwrap().key);
        assert_eq!(typed.key.0.len(), 32);
        assert!(answer(&"a".repeat(500)).is_ok());
        assert_eq!(answer(&"a".repeat(501)), Err(Problem::TooLong { max: 500 }));
    }

    #[test]
    fn stop_words_are_those_of_the_question_s_language() {
        let dutch = StopWords::of("Wat maakt Overijssel zo mooi?");
        let english = StopWords::of("What makes Overijssel so beautiful?");
        let unknown = StopWords::of("Overijssel");
        for word in ["de", "het", "een", "van", "zijn"] {
            assert!(dutch.contains(word) && unknown.contains(word), "{word}");
            assert!(!english.contains(word), "{word}");
        }
        for word in ["the", "and", "with"] {
            assert!(english.contains(word) && !dutch.contains(word), "{word}");
        }
    }

    #[test]
    fn an_answer_is_never_a_stop_word() {
        let both = [
            StopWords::of("Bent u het eens?"),
            StopWords::of("Do you agree?"),
        ];
        let answers = [
            "ja",
            "nee",
            "yes",
            "no",
            "eens",
            "oneens",
            "niets",
            "alles",
            "goed",
            "slecht",
            "niet",
            "geen",
            "iedereen",
            "niemand",
            "altijd",
            "nooit",
            "voor",
            "tegen",
            "meer",
            "minder",
            "wij",
            "hier",
            "nu",
            "agree",
            "disagree",
            "nothing",
            "everything",
            "all",
            "good",
            "bad",
            "more",
            "less",
            "always",
            "never",
            "for",
            "against",
            "here",
            "now",
            "us",
            "not",
            "none",
        ];
        for word in answers {
            assert!(both.iter().all(|words| !words.contains(word)), "{word}");
        }
        for word in ["water", "jong", "work", "help", "samen", "rust"] {
            assert!(both.iter().all(|words| !words.contains(word)), "{word}");
        }
    }
}
