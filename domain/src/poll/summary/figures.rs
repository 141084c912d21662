//! What is found in figures: means, places, points, guesses, words and right answers.

use super::{
    super::{
        QuestionResults,
        results::{OptionResults, Ratio},
    },
    Wording, equal,
};
use crate::Locale;

impl QuestionResults {
    pub(super) fn scale(&self, words: Wording) -> String {
        let Some((min, max)) = self.range else {
            return String::new();
        };
        let (min, max) = (words.count(min.into()), words.count(max.into()));
        // What is shown alike is called alike.
        let shown = |option: &&OptionResults| option.mean.map(Ratio::tenths);
        let measured = || self.options.iter().filter(|option| option.mean.is_some());
        let (best, worst) = (
            measured().filter_map(|option| shown(&option)).max(),
            measured().filter_map(|option| shown(&option)).min(),
        );
        let (Some(best), Some(worst)) = (best, worst) else {
            return String::new();
        };
        let at = |mean| -> Vec<_> {
            measured()
                .filter(|option| shown(option) == Some(mean))
                .collect()
        };
        let (highest, lowest) = (at(best), at(worst));
        let (most, least) = (words.decimal(best), words.decimal(worst));
        if self.options.len() == 1 {
            return match words.locale {
                Locale::Nl => format!("; gemiddeld {most} op een schaal van {min} tot {max}"),
                Locale::En => format!("; {most} on average, on a scale from {min} to {max}"),
            };
        }
        if highest.len() == self.options.len() {
            let all = words.all_of(highest.len());
            return match words.locale {
                Locale::Nl => format!("; op een schaal van {min} tot {max} {all} rond {most}"),
                Locale::En => format!("; on a scale from {min} to {max}, {all} around {most}"),
            };
        }
        let (high, low) = (words.names(&highest), words.names(&lowest));
        let (is_tie, is_low_tie) = (highest.len() > 1, lowest.len() > 1);
        let lowest = match (words.locale, is_low_tie) {
            _ if best == worst => String::new(),
            (Locale::Nl, false) => format!(", het laagst {low} (gemiddeld {least})"),
            (Locale::Nl, true) => format!(", het laagst {low} (elk gemiddeld {least})"),
            (Locale::En, false) => format!(", lowest {low} ({least} on average)"),
            (Locale::En, true) => format!(", lowest {low} ({least} on average each)"),
        };
        let scale = match words.locale {
            Locale::Nl => format!("; op een schaal van {min} tot {max}"),
            Locale::En => format!("; on a scale from {min} to {max}, highest"),
        };
        match (words.locale, is_tie) {
            (Locale::Nl, false) => {
                format!("{scale} scoort het hoogst {high} (gemiddeld {most}){lowest}")
            }
            (Locale::Nl, true) => {
                format!("{scale} scoren het hoogst {high} (elk gemiddeld {most}){lowest}")
            }
            (Locale::En, false) => format!("{scale} is {high} ({most} on average){lowest}"),
            (Locale::En, true) => format!("{scale} are {high} ({most} on average each){lowest}"),
        }
    }

    pub(super) fn ranking(&self, words: Wording) -> String {
        let leaders = self.leaders();
        let names = words.names(&leaders);
        let Some(first) = leaders.first() else {
            return String::new();
        };
        let place = first.mean.map_or_else(String::new, |mean| {
            let mean = words.decimal(mean.tenths());
            match words.locale {
                Locale::Nl => format!(" (gemiddelde plaats {mean})"),
                Locale::En => format!(" (place {mean} on average)"),
            }
        });
        match (leaders.len(), words.locale) {
            (1, Locale::Nl) => format!("; bovenaan staat {names}{place}"),
            (1, Locale::En) => format!("; at the top is {names}{place}"),
            (_, Locale::Nl) => format!("; samen bovenaan staan {names}"),
            (_, Locale::En) => format!("; together at the top are {names}"),
        }
    }

    pub(super) fn points(&self, words: Wording) -> String {
        let leaders = self.leaders();
        let Some(first) = leaders.first() else {
            return String::new();
        };
        let names = words.names(&leaders);
        let part = first.percentage.unwrap_or_default();
        // Shares that add up to 100 may differ where the points do not.
        let each = equal(leaders.iter().map(|leader| leader.percentage)).map_or_else(
            || words.points(first.total.unwrap_or_default()),
            |_| format!("{part}%"),
        );
        match (leaders.len(), words.locale) {
            (1, Locale::Nl) => {
                format!("; de meeste punten kreeg {names} ({part}% van alle punten)")
            }
            (1, Locale::En) => format!("; the most points went to {names} ({part}% of all points)"),
            (_, Locale::Nl) => {
                format!("; evenveel en de meeste punten kregen {names} (elk {each})")
            }
            (_, Locale::En) => {
                format!("; the most points, equally many, went to {names} ({each} each)")
            }
        }
    }

    pub(super) fn number(&self, words: Wording) -> String {
        let Some(one) = self.options.first() else {
            return String::new();
        };
        let (Some(mean), Some(median)) = (one.mean, one.median) else {
            return String::new();
        };
        let (mean, median) = (words.decimal(mean.tenths()), words.decimal(median.tenths()));
        let nearest = match (self.target, &one.nearest) {
            (Some(target), Some(nearest)) if !nearest.is_empty() => {
                let values: Vec<String> = nearest
                    .iter()
                    .map(|entry| words.count(entry.value.into()))
                    .collect();
                let values = values.join(words.locale.pick(" en ", " and "));
                let count = words.times(nearest.iter().map(|entry| entry.count).sum());
                let target = words.count(target.into());
                match words.locale {
                    Locale::Nl => format!(
                        "; het goede getal is {target}, het dichtst erbij zat {values} ({count})"
                    ),
                    Locale::En => {
                        format!("; the right number is {target}, nearest was {values} ({count})")
                    }
                }
            }
            _ => String::new(),
        };
        match words.locale {
            Locale::Nl => format!("; gemiddeld {mean}, de middelste waarde is {median}{nearest}"),
            Locale::En => format!("; {mean} on average, the middle value is {median}{nearest}"),
        }
    }

    pub(super) fn words(&self, words: Wording) -> String {
        let leaders = self.leaders();
        let Some(first) = leaders.first() else {
            return String::new();
        };
        let (names, count) = (words.names(&leaders), words.times(first.voter_count));
        match (leaders.len(), words.locale) {
            (1, Locale::Nl) => format!("; het vaakst genoemd is {names} ({count})"),
            (1, Locale::En) => format!("; the most mentioned is {names} ({count})"),
            (_, Locale::Nl) => {
                format!("; even vaak en het vaakst genoemd zijn {names} (elk {count})")
            }
            (_, Locale::En) => {
                format!("; the most mentioned, equally often, are {names} ({count} each)")
            }
        }
    }

    pub(super) fn answers(&self, words: Wording) -> String {
        let leaders = self.leaders();
        let Some(first) = leaders.first() else {
            return String::new();
        };
        let (names, count) = (words.names(&leaders), words.people(first.voter_count));
        match (leaders.len(), words.locale) {
            (1, Locale::Nl) => format!("; de meeste steun kreeg {names} ({count})"),
            (1, Locale::En) => format!("; the most supported is {names} ({count})"),
            (_, Locale::Nl) => {
                format!("; evenveel en de meeste steun kregen {names} (elk {count})")
            }
            (_, Locale::En) => format!("; the most supported, equally, are {names} ({count} each)"),
        }
    }

    /// Before the answer is revealed as a choice; then how many had it right.
    pub(super) fn quiz(&self, words: Wording) -> String {
        let right: Vec<&OptionResults> = self
            .options
            .iter()
            .filter(|option| option.option.is_right == Some(true))
            .collect();
        if right.is_empty() {
            return self.choices(words);
        }
        let count: i64 = right.iter().map(|option| option.voter_count).sum();
        let part: i64 = right.iter().filter_map(|option| option.percentage).sum();
        let names = words.names(&right);
        let answer = match (right.len(), words.locale) {
            (1, Locale::Nl) => format!("; het goede antwoord is {names}"),
            (1, Locale::En) => format!("; the right answer is {names}"),
            (_, Locale::Nl) => format!("; de goede antwoorden zijn {names}"),
            (_, Locale::En) => format!("; the right answers are {names}"),
        };
        let people = words.people(count);
        match (count, words.locale) {
            (0, Locale::Nl) => format!("{answer}; niemand had het goed"),
            (0, Locale::En) => format!("{answer}; nobody had it right"),
            (1, Locale::Nl) => format!("{answer}; {people} ({part}%) had het goed"),
            (_, Locale::Nl) => format!("{answer}; {people} ({part}%) hadden het goed"),
            (_, Locale::En) => format!("{answer}; {people} ({part}%) had it right"),
        }
    }
}
