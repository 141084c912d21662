//! What is found in figures: means, places, points, guesses, words and right answers.

use super::{
    super::{QuestionResults, results::OptionResults},
    list, names, percent, rounded,
};
use crate::Locale;

impl QuestionResults {
    pub(super) fn scale(&self, locale: Locale) -> String {
        let Some((min, max)) = self.range else {
            return String::new();
        };
        let mean = |option: &OptionResults| decimal(option.mean.unwrap_or_default(), locale);
        let ranked = || self.options.iter().filter(|option| option.rank.is_some());
        let best = ranked().min_by_key(|option| option.rank);
        let worst = ranked().rev().max_by_key(|option| option.rank);
        let (Some(best), Some(worst)) = (best, worst) else {
            return String::new();
        };
        if self.options.len() == 1 {
            let mean = mean(best);
            return match locale {
                Locale::Nl => format!("; gemiddeld {mean} op een schaal van {min} tot {max}"),
                Locale::En => format!("; {mean} on average, on a scale from {min} to {max}"),
            };
        }
        let (high, low) = (&best.option.label, &worst.option.label);
        let (most, least) = (mean(best), mean(worst));
        let lowest = match locale {
            _ if best.rank == worst.rank => String::new(),
            Locale::Nl => format!(", het laagst ‘{low}’ (gemiddeld {least})"),
            Locale::En => format!(", lowest “{low}” ({least} on average)"),
        };
        match locale {
            Locale::Nl => format!(
                "; op een schaal van {min} tot {max} scoort het hoogst ‘{high}’ (gemiddeld \
                 {most}){lowest}"
            ),
            Locale::En => format!(
                "; on a scale from {min} to {max}, highest is “{high}” ({most} on average){lowest}"
            ),
        }
    }

    pub(super) fn ranking(&self, locale: Locale) -> String {
        let leaders = self.leaders();
        let names = names(&leaders, locale);
        match (leaders.as_slice(), locale) {
            ([], _) => String::new(),
            ([one], _) => {
                let place = one.mean.map_or_else(String::new, |mean| {
                    let mean = decimal(mean, locale);
                    match locale {
                        Locale::Nl => format!(" (gemiddelde plaats {mean})"),
                        Locale::En => format!(" (place {mean} on average)"),
                    }
                });
                match locale {
                    Locale::Nl => format!("; bovenaan staat {names}{place}"),
                    Locale::En => format!("; at the top is {names}{place}"),
                }
            }
            (_, Locale::Nl) => format!("; samen bovenaan staan {names}"),
            (_, Locale::En) => format!("; together at the top are {names}"),
        }
    }

    pub(super) fn points(&self, locale: Locale) -> String {
        let leaders = self.leaders();
        let share = leaders.first().and_then(|leader| leader.share);
        let Some(part) = share.map(percent) else {
            return String::new();
        };
        let names = names(&leaders, locale);
        match (leaders.len(), locale) {
            (1, Locale::Nl) => {
                format!("; de meeste punten kreeg {names} ({part}% van alle punten)")
            }
            (1, Locale::En) => format!("; the most points went to {names} ({part}% of all points)"),
            (_, Locale::Nl) => {
                format!("; evenveel en de meeste punten kregen {names} (elk {part}%)")
            }
            (_, Locale::En) => {
                format!("; the most points, equally many, went to {names} ({part}% each)")
            }
        }
    }

    pub(super) fn number(&self, locale: Locale) -> String {
        let Some(one) = self.options.first() else {
            return String::new();
        };
        let (Some(mean), Some(median)) = (one.mean, one.median) else {
            return String::new();
        };
        let (mean, median) = (decimal(mean, locale), decimal(median, locale));
        let nearest = match (self.target, &one.nearest) {
            (Some(target), Some(nearest)) if !nearest.is_empty() => {
                let values: Vec<String> = nearest
                    .iter()
                    .map(|entry| entry.value.to_string())
                    .collect();
                let values = values.join(locale.pick(" en ", " and "));
                let count: i64 = nearest.iter().map(|entry| entry.count).sum();
                match locale {
                    Locale::Nl => {
                        format!(
                            "; het goede getal is {target}, het dichtst erbij zat {values} ({count} keer)"
                        )
                    }
                    Locale::En => {
                        format!(
                            "; the right number is {target}, nearest was {values} ({})",
                            times(count)
                        )
                    }
                }
            }
            _ => String::new(),
        };
        match locale {
            Locale::Nl => format!("; gemiddeld {mean}, de middelste waarde is {median}{nearest}"),
            Locale::En => format!("; {mean} on average, the middle value is {median}{nearest}"),
        }
    }

    pub(super) fn words(&self, locale: Locale) -> String {
        let leaders = self.leaders();
        let Some(count) = leaders.first().map(|leader| leader.voter_count) else {
            return String::new();
        };
        let names = names(&leaders, locale);
        match (leaders.len(), locale) {
            (1, Locale::Nl) => format!("; het vaakst genoemd is {names} ({count} keer)"),
            (1, Locale::En) => format!("; the most mentioned is {names} ({})", times(count)),
            (_, Locale::Nl) => {
                format!("; even vaak en het vaakst genoemd zijn {names} (elk {count} keer)")
            }
            (_, Locale::En) => {
                format!(
                    "; the most mentioned, equally often, are {names} ({} each)",
                    times(count)
                )
            }
        }
    }

    pub(super) fn answers(&self, locale: Locale) -> String {
        let leaders = self.leaders();
        let Some(count) = leaders.first().map(|leader| leader.voter_count) else {
            return String::new();
        };
        let names = names(&leaders, locale);
        match (leaders.len(), locale) {
            (1, Locale::Nl) => format!(
                "; de meeste steun kreeg {names} ({})",
                people(count, locale)
            ),
            (1, Locale::En) => format!(
                "; the most supported is {names} ({})",
                people(count, locale)
            ),
            (_, Locale::Nl) => {
                format!(
                    "; evenveel en de meeste steun kregen {names} (elk {})",
                    people(count, locale)
                )
            }
            (_, Locale::En) => {
                format!(
                    "; the most supported, equally, are {names} ({} each)",
                    people(count, locale)
                )
            }
        }
    }

    /// Before the answer is revealed as a choice; then who had it right.
    pub(super) fn quiz(&self, locale: Locale) -> String {
        let right: Vec<&OptionResults> = self
            .options
            .iter()
            .filter(|option| option.option.is_right == Some(true))
            .collect();
        if right.is_empty() {
            return self.choices(locale);
        }
        let count: i64 = right.iter().map(|option| option.voter_count).sum();
        let earned: i64 = right.iter().filter_map(|option| option.total).sum();
        let part = rounded(count, self.voter_count);
        let mean = (2 * earned + self.voter_count) / (2 * self.voter_count.max(1));
        let labels = list(
            right.iter().map(|option| option.option.label.as_str()),
            locale,
        );
        match locale {
            Locale::Nl => format!(
                "; het goede antwoord is {labels}: {count} had het goed ({part}%), gemiddeld \
                 verdiende men {mean} punten"
            ),
            Locale::En => format!(
                "; the right answer is {labels}: {count} had it right ({part}%), earning {mean} \
                 points on average"
            ),
        }
    }
}

/// With one decimal, none where it is 0: 3,8 in Dutch, 3.8 in English.
fn decimal(value: f64, locale: Locale) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    // Rounding may leave a 0 that is below 0.
    let text = if text == "-0" { "0" } else { text };
    match locale {
        Locale::Nl => text.replace('.', ","),
        Locale::En => text.to_owned(),
    }
}

fn times(count: i64) -> String {
    if count == 1 {
        "once".to_owned()
    } else {
        format!("{count} times")
    }
}

fn people(count: i64, locale: Locale) -> String {
    match (count, locale) {
        (1, Locale::Nl) => "1 persoon".to_owned(),
        (1, Locale::En) => "1 person".to_owned(),
        (count, Locale::Nl) => format!("{count} mensen"),
        (count, Locale::En) => format!("{count} people"),
    }
}
