//! How something is said: links, capitals, signs.

use std::ops::Range;

use linkify::{LinkFinder, LinkKind};

use super::{fold::Folded, personal};

/// Letters from which on capitals say anything.
const LETTERS: usize = 12;
/// Signs in a row that are too many.
const SIGNS: usize = 2;

/// What a folded text holds of links and personal data.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Where addresses and numbers of persons are.
    pub personal: Vec<Range<usize>>,
    /// Characters in addresses of pages.
    linked: usize,
    /// Characters that are no space.
    all: usize,
}

impl Contents {
    pub(super) fn of(folded: &Folded) -> Self {
        let count = |text: &str| {
            text.chars()
                .filter(|character| !character.is_whitespace())
                .count()
        };
        let mut contents = Self::default();
        for span in LinkFinder::new().spans(&folded.text) {
            let characters = count(span.as_str());
            contents.all += characters;
            match span.kind() {
                Some(LinkKind::Url) => contents.linked += characters,
                Some(LinkKind::Email) => contents.personal.push(span.start()..span.end()),
                _ => {
                    let bare = span.as_str().split_whitespace();
                    contents.linked += bare
                        .filter(|word| word.starts_with("www."))
                        .map(count)
                        .sum::<usize>();
                    let numbers = personal::numbers(span.as_str()).into_iter();
                    let start = span.start();
                    contents
                        .personal
                        .extend(numbers.map(|range| start + range.start..start + range.end));
                }
            }
        }
        contents
    }

    /// Whether half of the text or more is links.
    pub(super) fn is_mostly_links(&self) -> bool {
        self.linked > 0 && self.linked * 2 >= self.all
    }
}

/// Whether half of the letters or more are capitals, where there are at least twelve.
pub(super) fn is_shouted(typed: &str) -> bool {
    let (mut capitals, mut letters) = (0, 0);
    for letter in typed.chars() {
        let is_capital = letter.is_uppercase();
        capitals += usize::from(is_capital);
        letters += usize::from(is_capital || letter.is_lowercase());
    }
    letters >= LETTERS && capitals * 2 >= letters
}

/// The first place where two or more of `! ? ¡ ¿` stand in a row.
pub(super) fn repeated_signs(folded: &str) -> Option<Range<usize>> {
    let mut row: Option<(Range<usize>, usize)> = None;
    for (at, character) in folded.char_indices() {
        if matches!(character, '!' | '?' | '¡' | '¿') {
            let end = at + character.len_utf8();
            row = Some(match row {
                Some((range, count)) => (range.start..end, count + 1),
                None => (at..end, 1),
            });
        } else if row.as_ref().is_some_and(|(_, count)| *count >= SIGNS) {
            break;
        } else {
            row = None;
        }
    }
    row.filter(|(_, count)| *count >= SIGNS)
        .map(|(range, _)| range)
}
