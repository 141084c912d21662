//! The result of a question in one plain sentence, for people who do not see the chart.

mod figures;

use super::{
    QuestionKind, QuestionResults,
    results::{OptionResults, count_of},
};
use crate::Locale;

/// Options that are named where more share a place.
const NAMED: usize = 3;

impl QuestionResults {
    /// The result in one plain sentence.
    pub fn summary(&self, locale: Locale) -> String {
        if self.voter_count == 0 {
            return if self.skip_count == 0 {
                locale
                    .pick("Er is nog niet gestemd.", "Nobody has voted yet.")
                    .to_owned()
            } else {
                format!("{}.", skipped(self.skip_count, locale))
            };
        }
        let finding = match self.kind {
            QuestionKind::Single | QuestionKind::Multiple => self.choices(locale),
            QuestionKind::Statements => self.statements(locale),
            QuestionKind::Scale => self.scale(locale),
            QuestionKind::Ranking => self.ranking(locale),
            QuestionKind::Points => self.points(locale),
            QuestionKind::Number => self.number(locale),
            QuestionKind::WordCloud => self.words(locale),
            QuestionKind::Open => self.answers(locale),
            QuestionKind::Quiz => self.quiz(locale),
        };
        let skips = if self.skip_count == 0 {
            String::new()
        } else {
            format!("; {}", skipped(self.skip_count, locale))
        };
        format!("{}{finding}{skips}.", voters(self.voter_count, locale))
    }

    /// The options that share the first place.
    fn leaders(&self) -> Vec<&OptionResults> {
        self.options
            .iter()
            .filter(|option| option.rank == Some(1))
            .collect()
    }

    fn choices(&self, locale: Locale) -> String {
        let leaders = self.leaders();
        let percentage = leaders
            .first()
            .and_then(|leader| leader.share)
            .map_or(0, percent);
        let names = names(&leaders, locale);
        match (leaders.len(), locale) {
            (0, _) => String::new(),
            (1, Locale::Nl) => format!("; het meest gekozen is {names} ({percentage}%)"),
            (1, Locale::En) => format!("; the most chosen is {names} ({percentage}%)"),
            (_, Locale::Nl) => {
                format!("; even vaak en het meest gekozen zijn {names} (elk {percentage}%)")
            }
            (_, Locale::En) => {
                format!("; the most chosen, equally often, are {names} ({percentage}% each)")
            }
        }
    }

    fn statements(&self, locale: Locale) -> String {
        let extreme = |value: i32| {
            self.options
                .iter()
                .filter(|option| count_of(&option.distribution, value) > 0)
                .max_by(|a, b| {
                    let part = |option: &OptionResults| {
                        (count_of(&option.distribution, value), option.voter_count)
                    };
                    let ((a_part, a_all), (b_part, b_all)) = (part(a), part(b));
                    // a/A against b/B without dividing; of equals the one that more voters
                    // marked, then the first.
                    (i128::from(a_part) * i128::from(b_all))
                        .cmp(&(i128::from(b_part) * i128::from(a_all)))
                        .then(a_all.cmp(&b_all))
                        .then(b.option.position.cmp(&a.option.position))
                })
        };
        let most = extreme(1).map_or_else(String::new, |most| {
            let (label, share) = (&most.option.label, part(most, 1));
            match locale {
                Locale::Nl => format!("; de meeste instemming kreeg ‘{label}’ ({share}%)"),
                Locale::En => format!("; the most agreed with is “{label}” ({share}%)"),
            }
        });
        let least = extreme(-1).map_or_else(String::new, |least| {
            let (label, share) = (&least.option.label, part(least, -1));
            match locale {
                Locale::Nl => format!("; het meeste verzet ‘{label}’ ({share}%)"),
                Locale::En => format!("; the most disagreed with is “{label}” ({share}%)"),
            }
        });
        format!("{most}{least}")
    }
}

fn voters(count: i64, locale: Locale) -> String {
    match (count, locale) {
        (1, Locale::Nl) => "1 persoon heeft gestemd".to_owned(),
        (1, Locale::En) => "1 person voted".to_owned(),
        (count, Locale::Nl) => format!("{count} mensen hebben gestemd"),
        (count, Locale::En) => format!("{count} people voted"),
    }
}

fn skipped(count: i64, locale: Locale) -> String {
    match (count, locale) {
        (1, Locale::Nl) => "1 persoon sloeg de vraag over".to_owned(),
        (1, Locale::En) => "1 person skipped the question".to_owned(),
        (count, Locale::Nl) => format!("{count} mensen sloegen de vraag over"),
        (count, Locale::En) => format!("{count} people skipped the question"),
    }
}

/// The options' labels, the first three where there are more.
fn names(options: &[&OptionResults], locale: Locale) -> String {
    let named = options.iter().take(NAMED);
    let labels = list(named.map(|option| option.option.label.as_str()), locale);
    match options.len().checked_sub(NAMED + 1) {
        None => labels,
        Some(others) => {
            let others = others + 1;
            format!("{labels} {} {others}", locale.pick("en nog", "and another"))
        }
    }
}

fn list<'a>(labels: impl Iterator<Item = &'a str>, locale: Locale) -> String {
    let quoted: Vec<String> = labels
        .map(|label| match locale {
            Locale::Nl => format!("‘{label}’"),
            Locale::En => format!("“{label}”"),
        })
        .collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => {
            format!("{} {} {last}", others.join(", "), locale.pick("en", "and"))
        }
    }
}

/// How many of a hundred who marked the statement gave it this value.
fn part(option: &OptionResults, value: i32) -> i64 {
    rounded(count_of(&option.distribution, value), option.voter_count)
}

/// A share as whole percents, halves up.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a share lies between 0 and 1"
)]
fn percent(share: f64) -> i64 {
    (share * 100.0).round() as i64
}

fn rounded(part: i64, whole: i64) -> i64 {
    if whole == 0 {
        0
    } else {
        (200 * part + whole) / (2 * whole)
    }
}
