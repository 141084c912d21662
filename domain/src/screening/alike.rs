//! Names as they look: names that people take for one another have a key in common.

use std::collections::BTreeSet;

use super::{fold::Folded, words::words};

/// A run of words of a name, without what stands between them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Run {
    /// The folded look of the words.
    pub(crate) key: String,
    /// True if it is the whole name.
    pub(crate) is_whole: bool,
}

/// Returns every run of consecutive words of a name as it looks, once read in lower case and once
/// in capitals: a Cyrillic М looks like ours as a capital only, and "rn" like an m as small letters
/// only. Spaces, punctuation and marks tell no names apart, so that "M.o.d" is "Mod".
pub(crate) fn runs(name: &str) -> BTreeSet<Run> {
    let typed: String = name.chars().map(lettered).collect();
    let folded = Folded::new(&typed).text;
    let capitals = folded.to_uppercase();
    let mut runs = BTreeSet::new();
    for reading in [folded, capitals] {
        let words: Vec<String> = words(&reading)
            .map(|(_, word)| key_of(&word))
            .filter(|word| !word.is_empty())
            .collect();
        for first in 0..words.len() {
            let mut key = String::new();
            for (last, word) in words.iter().enumerate().skip(first) {
                key.push_str(word);
                runs.insert(Run {
                    key: joined(&key),
                    is_whole: first == 0 && last + 1 == words.len(),
                });
            }
        }
    }
    runs
}

/// Returns what a whole name looks like, in each reading of [`runs`].
pub(crate) fn keys(name: &str) -> BTreeSet<String> {
    runs(name)
        .into_iter()
        .filter(|run| run.is_whole)
        .map(|run| run.key)
        .collect()
}

/// The letter that a sign stands for inside a word.
fn lettered(character: char) -> char {
    match character {
        '@' => 'a',
        '$' => 's',
        '€' => 'e',
        '|' | '!' | '¡' => 'l',
        other => other,
    }
}

/// A word's skeleton without what is no letter, with one letter for those that look alike in many
/// typefaces.
fn key_of(word: &str) -> String {
    let mut key = String::with_capacity(word.len());
    for character in word.chars().flat_map(char::to_lowercase) {
        match character {
            'i' | '1' => key.push('l'),
            '0' => key.push('o'),
            '3' => key.push('e'),
            '4' => key.push('a'),
            '5' => key.push('s'),
            '7' => key.push('t'),
            'm' => key.push_str("rn"),
            'w' => key.push_str("vv"),
            other if other.is_alphanumeric() => key.push(other),
            _ => {}
        }
    }
    key
}

/// "ij" and "y" are one, as in Overijssel and Overyssel.
fn joined(key: &str) -> String {
    key.replace("lj", "y")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn looks_like(one: &str, other: &str) -> bool {
        !keys(one).is_disjoint(&keys(other))
    }

    #[test]
    fn disguised_names_look_like_what_they_imitate() {
        for disguise in [
            "PROVINCIE OVERIJSSEL",
            "provincie  overyssel",
            "Provincie Overĳssel",
            "Provincie-Overijssel",
            "ProvincieOverijssel",
            "P r o v i n c i e Overijssel",
            "Pro\u{200B}vincie Overijssel",
            "Prov1ncie 0verijssel",
            "Provlncie Overljssel",
            "Рrоvinсiе Оvеrijssеl", // Cyrillic
            "ＰＲＯＶＩＮＣＩＥ Overijssel",
            "Prövïncie Overÿssel",
            "𝓟𝓻𝓸𝓿𝓲𝓷𝓬𝓲𝓮 Overijssel",
        ] {
            assert!(looks_like(disguise, "Provincie Overijssel"), "{disguise}");
        }
        for disguise in [
            "Moderat0r",
            "МОDERATOR",
            "Rnoderator",
            "M0d3r@t0r",
            "mоdеrаtоr",
        ] {
            assert!(looks_like(disguise, "Moderator"), "{disguise}");
        }
        assert!(looks_like("Waterschap VVDelta", "Waterschap wDelta"));
    }

    #[test]
    fn other_names_look_otherwise() {
        for (one, other) in [
            ("Modeste", "Moderator"),
            ("Jan Overijssel", "Provincie Overijssel"),
            ("Anna", "Hanna"),
            ("", "Moderator"),
        ] {
            assert!(!looks_like(one, other), "{one}, {other}");
        }
    }

    #[test]
    fn a_name_within_a_name_is_a_run_of_its_words() {
        let moderator = keys("Moderator");
        let held = |name: &str| runs(name).iter().any(|run| moderator.contains(&run.key));
        assert!(held("De mode-rator van dienst"));
        assert!(!held("Moderatoren"));
    }

    proptest! {
        #[test]
        fn a_name_looks_like_itself_in_any_case_and_spacing(name in "[A-Za-z]{2,12}( [A-Za-z]{2,12}){0,3}") {
            prop_assert!(looks_like(&name, &name.to_uppercase()));
            prop_assert!(looks_like(&name, &name.replace(' ', "")));
            prop_assert!(looks_like(&name, &name.replace(' ', " - ")));
        }

        #[test]
        fn every_text_has_runs_without_a_panic(name in "\\PC{0,60}") {
            let whole = runs(&name).into_iter().filter(|run| run.is_whole).count();
            prop_assert!(whole <= 2);
        }
    }
}
