//! A few words on one option, beside its bar.

use super::{
    super::{OptionResults, QuestionKind, QuestionResults},
    LABEL, Wording,
};
use crate::Locale;

/// The text if there is nothing to say yet.
const NOTHING: &str = "–";

impl QuestionResults {
    /// The result of an option beside its bar: `58% (23)`, `gemiddeld 3,2`, `190 punten (61%)`.
    pub fn caption(&self, option: &OptionResults, locale: Locale) -> String {
        let words = Wording {
            locale,
            label: LABEL,
        };
        let share = |of: &str| {
            let part = option.percentage.map(|percentage| format!("{percentage}%"));
            format!("{} ({of})", part.as_deref().unwrap_or(NOTHING))
        };
        match self.kind_of(option) {
            QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Quiz => {
                share(&words.count(option.voter_count))
            }
            QuestionKind::WordCloud | QuestionKind::Open | QuestionKind::Number => {
                words.count(option.voter_count)
            }
            QuestionKind::Statements if option.voter_count == 0 => NOTHING.to_owned(),
            QuestionKind::Statements => {
                let [agree, pass, disagree] = [1, 0, -1].map(|value| option.percentage_of(value));
                match locale {
                    Locale::Nl => {
                        format!("{agree}% eens, {pass}% geen mening, {disagree}% oneens")
                    }
                    Locale::En => format!("{agree}% agree, {pass}% pass, {disagree}% disagree"),
                }
            }
            kind => {
                let Some(mean) = option.mean.map(|mean| words.decimal(mean.tenths())) else {
                    return NOTHING.to_owned();
                };
                match (kind, locale) {
                    (QuestionKind::Points, _) => {
                        let points = words.points(option.total.unwrap_or_default());
                        let part = option.percentage.map(|part| format!(" ({part}%)"));
                        points + part.as_deref().unwrap_or_default()
                    }
                    (QuestionKind::Ranking, Locale::Nl) => format!("gemiddelde plaats {mean}"),
                    (QuestionKind::Ranking, Locale::En) => format!("place {mean} on average"),
                    (_, Locale::Nl) => format!("gemiddeld {mean}"),
                    (_, Locale::En) => format!("{mean} on average"),
                }
            }
        }
    }

    /// The same in as few characters as a chart has room for: `58%`, `gem. 3,2`, `190`.
    pub fn figure(&self, option: &OptionResults, locale: Locale) -> String {
        let words = Wording {
            locale,
            label: LABEL,
        };
        let part = |percentage: Option<i64>| {
            percentage.map_or_else(|| NOTHING.to_owned(), |part| format!("{part}%"))
        };
        match self.kind_of(option) {
            QuestionKind::Single | QuestionKind::Multiple | QuestionKind::Quiz => {
                part(option.percentage)
            }
            QuestionKind::WordCloud | QuestionKind::Open | QuestionKind::Number => {
                words.count(option.voter_count)
            }
            QuestionKind::Statements => match option.percentage {
                None => NOTHING.to_owned(),
                agree => format!("{} {}", part(agree), locale.pick("eens", "agree")),
            },
            QuestionKind::Points => words.count(option.total.unwrap_or_default()),
            QuestionKind::Scale | QuestionKind::Ranking => {
                option.mean.map_or_else(String::new, |mean| {
                    let mean = words.decimal(mean.tenths());
                    format!("{} {mean}", locale.pick("gem.", "mean"))
                })
            }
        }
    }

    /// The kind by which an option is read: one that says none of the others is chosen or not,
    /// whatever the question.
    fn kind_of(&self, option: &OptionResults) -> QuestionKind {
        if option.is_none_of_the_above() {
            QuestionKind::Single
        } else {
            self.kind
        }
    }
}
