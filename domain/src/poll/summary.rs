//! The result of a question in words, for people who do not see the chart: one plain sentence,
//! and a few words beside each bar.

mod caption;
mod figures;
mod wording;

use super::{
    QuestionKind, QuestionResults,
    results::{OptionResults, Ratio, count_of},
};
use crate::Locale;

use wording::Wording;

/// Longest sentence, in UTF-16 units: what a browser counts, and never fewer than characters.
const LONGEST: usize = 300;
/// Longest label in a sentence, in characters, before any is shortened further.
const LABEL: usize = 120;

impl QuestionResults {
    /// The result in one plain sentence of at most 300 characters: labels are shortened until it
    /// fits.
    pub fn summary(&self, locale: Locale) -> String {
        let mut label = LABEL;
        loop {
            let sentence = self.sentence(Wording { locale, label });
            if label <= 1 || sentence.encode_utf16().count() <= LONGEST {
                return sentence;
            }
            label = label * 4 / 5;
        }
    }

    fn sentence(&self, words: Wording) -> String {
        if self.voter_count == 0 {
            return if self.skip_count == 0 {
                words.pick("Er is nog niet gestemd.", "Nobody has voted yet.")
            } else {
                format!("{}.", words.skipped(self.skip_count))
            };
        }
        let finding = match self.kind {
            QuestionKind::Single | QuestionKind::Multiple => self.choices(words),
            QuestionKind::Statements => self.statements(words),
            QuestionKind::Scale => self.scale(words),
            QuestionKind::Ranking => self.ranking(words) + &self.none_of_the_above(words),
            QuestionKind::Points => self.points(words) + &self.none_of_the_above(words),
            QuestionKind::Number => self.number(words),
            QuestionKind::WordCloud => self.words(words),
            QuestionKind::Open => self.answers(words),
            QuestionKind::Quiz => self.quiz(words),
        };
        let skips = if self.skip_count == 0 {
            String::new()
        } else {
            format!("; {}", words.skipped(self.skip_count))
        };
        format!("{}{finding}{skips}.", words.voted(self.voter_count))
    }

    /// The options that share the first place, also those that are not shown.
    fn leaders(&self) -> Vec<&OptionResults> {
        self.unshown
            .iter()
            .chain(&self.options)
            .filter(|option| option.rank == Some(1))
            .collect()
    }

    fn choices(&self, words: Wording) -> String {
        let leaders = self.leaders();
        let names = words.names(&leaders);
        let share = leaders.first().and_then(|leader| leader.percentage);
        let percentage = share.unwrap_or_default();
        match (leaders.as_slice(), words.locale) {
            ([], _) => String::new(),
            ([_], Locale::Nl) => format!("; het meest gekozen is {names} ({percentage}%)"),
            ([_], Locale::En) => format!("; the most chosen is {names} ({percentage}%)"),
            ([one, ..], locale) => {
                // Parts that are rounded to 100 % together differ also where their votes do not.
                let each = equal(leaders.iter().map(|leader| leader.percentage))
                    .flatten()
                    .map_or_else(
                        || words.votes(one.voter_count),
                        |percentage| format!("{percentage}%"),
                    );
                match locale {
                    Locale::Nl => {
                        format!("; even vaak en het meest gekozen zijn {names} (elk {each})")
                    }
                    Locale::En => {
                        format!("; the most chosen, equally often, are {names} ({each} each)")
                    }
                }
            }
        }
    }

    fn statements(&self, words: Wording) -> String {
        let (agreed, percentage) = self.extremes(1);
        let names = words.names(&agreed);
        let most = match (agreed.len(), words.locale) {
            (0, _) => String::new(),
            (1, Locale::Nl) => format!("; de meeste instemming kreeg {names}"),
            (1, Locale::En) => format!("; the most agreed with is {names}"),
            (_, Locale::Nl) => format!("; evenveel en de meeste instemming kregen {names}"),
            (_, Locale::En) => format!("; the most agreed with, equally, are {names}"),
        };
        let most = most + &words.each(agreed.len(), percentage);
        let (disagreed, percentage) = self.extremes(-1);
        let names = words.names(&disagreed);
        let least = match (disagreed.len(), words.locale) {
            (0, _) => String::new(),
            (1, Locale::Nl) => format!("; het meeste verzet {names}"),
            (1, Locale::En) => format!("; the most disagreed with is {names}"),
            (_, Locale::Nl) => format!("; evenveel en het meeste verzet {names}"),
            (_, Locale::En) => format!("; the most disagreed with, equally, are {names}"),
        };
        most + &least + &words.each(disagreed.len(), percentage)
    }

    /// The statements to which the largest part gave this value, and that part as it is shown.
    fn extremes(&self, value: i32) -> (Vec<&OptionResults>, Option<i64>) {
        let part = |option: &OptionResults| {
            Ratio::new(count_of(&option.distribution, value), option.voter_count)
        };
        let largest = self.options.iter().filter_map(part).max();
        let found: Vec<_> = self
            .options
            .iter()
            .filter(|option| count_of(&option.distribution, value) > 0 && part(option) == largest)
            .collect();
        let percentage = equal(found.iter().map(|option| option.percentage_of(value)));
        (found, percentage)
    }

    /// Says how many chose none of the others, if the question offers that.
    fn none_of_the_above(&self, words: Wording) -> String {
        let Some(none) = self.options.iter().find(|one| one.is_none_of_the_above()) else {
            return String::new();
        };
        let label = words.quoted(&none.option.label);
        let percentage = none.percentage.unwrap_or_default();
        match (none.voter_count, words.locale) {
            (0, Locale::Nl) => format!("; niemand koos {label}"),
            (0, Locale::En) => format!("; nobody chose {label}"),
            (1, Locale::Nl) => format!("; 1 persoon ({percentage}%) koos {label}"),
            (count, Locale::Nl) => {
                format!("; {} ({percentage}%) kozen {label}", words.people(count))
            }
            (count, Locale::En) => {
                format!("; {} ({percentage}%) chose {label}", words.people(count))
            }
        }
    }
}

/// Returns the value that all of them have; none if they differ.
fn equal<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}
