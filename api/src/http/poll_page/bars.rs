//! Results as a sentence and a table with bars. The script draws the same from what the server
//! sends it later; the words beside the bars are the server's, here as there.

use domain::{
    Locale,
    poll::{OptionResults, QuestionKind, QuestionResults, Ratio, ValueCount, grouped},
};

use super::{filled::choice_name, html::Html, sheet::Asked};

/// Most rows of what voters wrote, and of ranges of numbers.
const WORDS: usize = 30;
const RANGES: i64 = 10;

/// A row of the table.
struct Row {
    label: String,
    /// Parts of the whole width, beside each other.
    bars: Vec<f64>,
    text: String,
}

/// Writes the place of a question's results, with them where the voter may see them.
pub(super) fn results(html: &mut Html, asked: &Asked, locale: Locale) {
    let question = &asked.question;
    html.raw("<div class=r")
        .attribute("id", &format!("r{}", choice_name(question.id)))
        .attribute("data-k", kind(question.kind));
    if let (Some(min), Some(max)) = (question.rules.scale_min, question.rules.scale_max) {
        html.raw(" data-lo=").number(min);
        html.raw(" data-hi=").number(max);
    }
    html.raw(">");
    if let Some(results) = &asked.results {
        html.raw("<h3>")
            .raw(locale.pick("Uitslag", "Results"))
            .raw("</h3><p>")
            .text(&results.summary(locale))
            .raw("</p>");
        let scale = question.rules.scale_min.zip(question.rules.scale_max);
        let rows = rows(results, scale, locale);
        if results.voter_count > 0 && !rows.is_empty() {
            html.raw("<table>");
            for row in &rows {
                html.raw("<tr><th scope=row>").text(&row.label).raw("<svg>");
                let mut from = 0.0;
                for part in &row.bars {
                    html.raw("<rect x=\"").number(percent(from));
                    html.raw("%\" width=\"").number(percent(*part));
                    html.raw("%\"/>");
                    from += part;
                }
                html.raw("</svg><td>").text(&row.text);
            }
            html.raw("</table>");
        }
    }
    html.raw("</div>");
}

fn rows(results: &QuestionResults, scale: Option<(i32, i32)>, locale: Locale) -> Vec<Row> {
    if results.kind == QuestionKind::Number {
        return ranges(results, locale);
    }
    let best = results
        .options
        .iter()
        .filter_map(|option| option.score)
        .map(Ratio::to_f64)
        .fold(0.0, f64::max);
    let most = match results.kind {
        QuestionKind::WordCloud | QuestionKind::Open => WORDS,
        _ => usize::MAX,
    };
    results
        .options
        .iter()
        .take(most)
        .map(|option| {
            let is_own = !option.is_none_of_the_above();
            let bars = match results.kind {
                QuestionKind::Statements if is_own => {
                    [1, 0, -1].map(|value| share_of(option, value)).to_vec()
                }
                QuestionKind::Scale if is_own => {
                    vec![option.mean.zip(scale).map_or(0.0, |(mean, (min, max))| {
                        let (min, max) = (f64::from(min), f64::from(max));
                        (mean.to_f64() - min) / (max - min)
                    })]
                }
                QuestionKind::Ranking if is_own => {
                    vec![
                        option
                            .score
                            .map_or(0.0, |score| score.to_f64() / best.max(1.0)),
                    ]
                }
                _ => vec![option.share.map_or(0.0, Ratio::to_f64)],
            };
            let right = option.option.is_right == Some(true);
            Row {
                label: format!("{}{}", if right { "✓ " } else { "" }, option.option.label),
                bars,
                text: results.caption(option, locale),
            }
        })
        .collect()
}

/// How many gave which number, in at most ten ranges.
fn ranges(results: &QuestionResults, locale: Locale) -> Vec<Row> {
    let counts = results.options.first().map(|all| &all.distribution[..]);
    let counts: &[ValueCount] = counts.unwrap_or_default();
    let step = results
        .options
        .first()
        .map_or(1, |all| all.distribution_step);
    let (Some(first), Some(last)) = (counts.first(), counts.last()) else {
        return Vec::new();
    };
    let (low, step) = (i64::from(first.value), i64::from(step.max(1)));
    let span = i64::from(last.value) + step - low;
    let width = ((span + RANGES - 1) / RANGES).max(step);
    let mut sums = vec![0_i64; usize::try_from((span + width - 1) / width).unwrap_or(0)];
    for entry in counts {
        let range = usize::try_from((i64::from(entry.value) - low) / width);
        if let Some(sum) = range.ok().and_then(|range| sums.get_mut(range)) {
            *sum += entry.count;
        }
    }
    let most = sums.iter().copied().max().unwrap_or(1).max(1);
    (0_i64..)
        .zip(sums)
        .map(|(range, count)| {
            let from = low + range * width;
            Row {
                label: if width == 1 {
                    grouped(from, locale)
                } else {
                    let to = grouped(from + width - 1, locale);
                    format!("{} – {to}", grouped(from, locale))
                },
                bars: vec![ratio(count, most)],
                text: grouped(count, locale),
            }
        })
        .collect()
}

/// The part of an option's voters who gave it this value.
fn share_of(option: &OptionResults, value: i32) -> f64 {
    let counts = option.distribution.iter();
    let count: i64 = counts
        .filter(|entry| entry.value == value)
        .map(|entry| entry.count)
        .sum();
    ratio(count, option.voter_count.max(1))
}

/// A part of the width as a percentage with one decimal.
fn percent(part: f64) -> f64 {
    (part.clamp(0.0, 1.0) * 1_000.0).round() / 10.0
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a bar has fewer pixels than a float has digits"
)]
fn ratio(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}

/// The kind's name, as the API has it.
fn kind(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Single => "SINGLE",
        QuestionKind::Multiple => "MULTIPLE",
        QuestionKind::Statements => "STATEMENTS",
        QuestionKind::Scale => "SCALE",
        QuestionKind::Ranking => "RANKING",
        QuestionKind::Points => "POINTS",
        QuestionKind::Number => "NUMBER",
        QuestionKind::WordCloud => "WORD_CLOUD",
        QuestionKind::Open => "OPEN",
        QuestionKind::Quiz => "QUIZ",
    }
}
