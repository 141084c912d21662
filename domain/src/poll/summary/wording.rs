//! The words of a sentence in one language, with labels of a bounded length.

use unicode_segmentation::UnicodeSegmentation;

use super::super::results::{OptionResults, Tenths, grouped};
use crate::Locale;

/// Options that are named where more share a place.
const NAMED: usize = 3;

/// The language of a sentence and its way of writing numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wording {
    pub(super) locale: Locale,
    /// Longest label, in characters.
    pub(super) label: usize,
}

impl Wording {
    pub(super) fn pick(self, dutch: &str, english: &str) -> String {
        self.locale.pick(dutch, english).to_owned()
    }

    pub(super) fn count(self, number: i64) -> String {
        grouped(number, self.locale)
    }

    pub(super) fn decimal(self, number: Tenths) -> String {
        number.text(self.locale)
    }

    pub(super) fn voted(self, count: i64) -> String {
        match (count, self.locale) {
            (1, Locale::Nl) => "1 persoon heeft gestemd".to_owned(),
            (1, Locale::En) => "1 person voted".to_owned(),
            (_, Locale::Nl) => format!("{} hebben gestemd", self.people(count)),
            (_, Locale::En) => format!("{} voted", self.people(count)),
        }
    }

    pub(super) fn skipped(self, count: i64) -> String {
        match (count, self.locale) {
            (1, Locale::Nl) => "1 persoon sloeg de vraag over".to_owned(),
            (_, Locale::Nl) => format!("{} sloegen de vraag over", self.people(count)),
            (_, Locale::En) => format!("{} skipped the question", self.people(count)),
        }
    }

    pub(super) fn people(self, count: i64) -> String {
        self.counted(count, ("1 persoon", "mensen"), ("1 person", "people"))
    }

    pub(super) fn votes(self, count: i64) -> String {
        self.counted(count, ("1 stem", "stemmen"), ("1 vote", "votes"))
    }

    pub(super) fn points(self, count: i64) -> String {
        self.counted(count, ("1 punt", "punten"), ("1 point", "points"))
    }

    pub(super) fn times(self, count: i64) -> String {
        self.counted(count, ("1 keer", "keer"), ("once", "times"))
    }

    fn counted(self, count: i64, dutch: (&str, &str), english: (&str, &str)) -> String {
        let (one, many) = match self.locale {
            Locale::Nl => dutch,
            Locale::En => english,
        };
        if count == 1 {
            one.to_owned()
        } else {
            format!("{} {many}", self.count(count))
        }
    }

    /// The percentage of one option, or the same of several, in brackets.
    pub(super) fn each(self, options: usize, percentage: Option<i64>) -> String {
        match (options, percentage, self.locale) {
            (0, ..) | (_, None, _) => String::new(),
            (1, Some(percentage), _) => format!(" ({percentage}%)"),
            (_, Some(percentage), Locale::Nl) => format!(" (elk {percentage}%)"),
            (_, Some(percentage), Locale::En) => format!(" ({percentage}% each)"),
        }
    }

    /// All of so many options.
    pub(super) fn all_of(self, count: usize) -> String {
        let dutch = [
            "beide",
            "alle drie",
            "alle vier",
            "alle vijf",
            "alle zes",
            "alle zeven",
            "alle acht",
            "alle negen",
            "alle tien",
        ];
        let english = [
            "both",
            "all three",
            "all four",
            "all five",
            "all six",
            "all seven",
            "all eight",
            "all nine",
            "all ten",
        ];
        let named = match self.locale {
            Locale::Nl => dutch,
            Locale::En => english,
        };
        let word = count.checked_sub(2).and_then(|place| named.get(place));
        word.map_or_else(
            || format!("{} {count}", self.locale.pick("alle", "all")),
            |word| (*word).to_owned(),
        )
    }

    /// The label in quotation marks, shortened where it is too long.
    pub(super) fn quoted(self, label: &str) -> String {
        let label = shortened(label, self.label);
        match self.locale {
            Locale::Nl => format!("‘{label}’"),
            Locale::En => format!("“{label}”"),
        }
    }

    /// The options' labels, the first three where there are more.
    pub(super) fn names(self, options: &[&OptionResults]) -> String {
        let (named, others) = options.split_at(options.len().min(NAMED));
        let mut quoted: Vec<String> = named
            .iter()
            .map(|option| self.quoted(&option.option.label))
            .collect();
        let last = if others.is_empty() {
            quoted.pop().unwrap_or_default()
        } else {
            format!(
                "{}{}{}",
                self.locale.pick("nog ", ""),
                others.len(),
                self.locale.pick("", " more")
            )
        };
        if quoted.is_empty() {
            return last;
        }
        format!(
            "{} {} {last}",
            quoted.join(", "),
            self.locale.pick("en", "and")
        )
    }
}

/// The text, or as many of its graphemes as fit into so many characters with an ellipsis.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut length = 1;
    for grapheme in text.graphemes(true) {
        length += grapheme.chars().count();
        if length > most {
            break;
        }
        kept.push_str(grapheme);
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_shortened_between_graphemes() {
        assert_eq!(shortened("Meer bomen", 10), "Meer bomen");
        assert_eq!(shortened("Meer bomen", 6), "Meer…");
        assert_eq!(shortened("👨‍👩‍👧👨‍👩‍👧", 8), "👨‍👩‍👧…");
        assert_eq!(shortened("👨‍👩‍👧👨‍👩‍👧", 5), "…");
        assert_eq!(shortened("e\u{301}e\u{301}e\u{301}", 4), "e\u{301}…");
    }
}
