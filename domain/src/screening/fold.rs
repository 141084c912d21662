//! Text as it is compared, with the way back to what was typed.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::text;

/// A text without what cannot be seen, in NFKC and case-folded, with one kind of dash, grapheme by
/// grapheme.
#[derive(Debug)]
pub(super) struct Folded {
    /// The folded text.
    pub text: String,
    /// Where each grapheme begins: in the folded text, and in what was typed.
    starts: Vec<(usize, usize)>,
    /// Bytes of what was typed.
    length: usize,
}

impl Folded {
    /// Folds a text; spaces stay as they are, but for their kind.
    pub(super) fn new(typed: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(typed.len()),
            starts: Vec::with_capacity(typed.len()),
            length: typed.len(),
        };
        for (at, grapheme) in typed.grapheme_indices(true) {
            let start = (folded.text.len(), at);
            if grapheme.is_ascii() {
                folded
                    .text
                    .extend(grapheme.chars().map(|letter| letter.to_ascii_lowercase()));
            } else {
                let seen: String = grapheme
                    .chars()
                    .filter(|character| !text::is_invisible(*character))
                    .collect();
                let plain = text::case_folded(&seen);
                folded.text.extend(plain.chars().map(dashed));
            }
            if folded.text.len() > start.0 {
                folded.starts.push(start);
            }
        }
        folded
    }

    /// What was typed where the folded text has `range`, to whole graphemes.
    pub(super) fn typed(&self, range: &Range<usize>) -> Range<usize> {
        let first = self
            .starts
            .partition_point(|start| start.0 <= range.start)
            .saturating_sub(1);
        let behind = self.starts.partition_point(|start| start.0 < range.end);
        let typed = |index: usize| self.starts.get(index).map_or(self.length, |start| start.1);
        typed(first)..typed(behind)
    }
}

/// The character, or the hyphen that a typewriter has for dashes of every length.
fn dashed(character: char) -> char {
    match character {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_typed_is_found_again() {
        let typed = "Ik \u{FF30}\u{200B}oep niet: ﬁets";
        let folded = Folded::new(typed);
        assert_eq!(folded.text, "ik poep niet: fiets");
        assert_eq!(&typed[folded.typed(&(3..7))], "\u{FF30}\u{200B}oep");
        // Half of a ligature is the whole of it.
        assert_eq!(&typed[folded.typed(&(14..15))], "ﬁ");
        assert_eq!(&typed[folded.typed(&(14..19))], "ﬁets");
    }

    proptest! {
        #[test]
        fn every_range_leads_to_whole_characters(typed in ".{0,60}", from in 0_usize..90, length in 0_usize..30) {
            let folded = Folded::new(&typed);
            let from = from.min(folded.text.len());
            let range = folded.typed(&(from..(from + length).min(folded.text.len())));
            prop_assert!(typed.get(range).is_some());
        }

        #[test]
        fn folding_twice_is_folding_once(typed in "\\PC{0,60}") {
            let once = Folded::new(&typed).text;
            prop_assert_eq!(&Folded::new(&once).text, &once);
        }
    }
}
