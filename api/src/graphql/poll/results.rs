//! Results as clients see them: one shape for every kind of question.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{
    Context, ContextSelectionSet, Object, OutputType, Positioned, ServerResult, SimpleObject,
    Value, parser::types::Field, registry::Registry,
};
use domain::{
    Locale,
    poll::{self, Ratio},
};

use super::{question::PollOption, rendered::rendered};
use crate::graphql::{
    budget::{Held, charge_object},
    context::{RequestContext, request},
    scalar::BigInt,
};

/// Results as the API shows them, rendered once for many.
pub(crate) struct QuestionResults(Arc<poll::QuestionResults>);

/// Results as they are rendered.
struct Fresh(Arc<poll::QuestionResults>);

impl OutputType for QuestionResults {
    fn type_name() -> Cow<'static, str> {
        Fresh::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Fresh::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        if let Some(request) = ctx.data_opt::<RequestContext>() {
            let options = &self.0.options;
            let values = options.iter().map(|option| option.distribution.len());
            let values = values.max().unwrap_or(0);
            let texts = AverageTexts::of(options.iter().map(|option| &option.option));
            let held = |name: &str| match name {
                "options" => Held {
                    items: options.len(),
                    ..Held::SHORT
                },
                "distribution" => Held {
                    items: values,
                    ..Held::SHORT
                },
                name => texts.held(name),
            };
            let set = &field.node.selection_set.node;
            charge_object(&request.budget, set, &held)
                .await
                .map_err(|failure| {
                    async_graphql::Error::from(failure).into_server_error(field.pos)
                })?;
        }
        rendered(&self.0, &Fresh(Arc::clone(&self.0)), ctx, field).await
    }
}

/// What voters said of an option.
#[derive(SimpleObject)]
pub(crate) struct OptionResults {
    /// The option.
    option: PollOption,
    /// How many voters marked it; POINTS: how many gave it any.
    voter_count: i64,
    /// From 0 to 1; null where nobody voted.
    /// SINGLE, MULTIPLE, QUIZ, WORD_CLOUD and OPEN: its voters as a part of the question's voters,
    /// not of all choices, so that shares may add up to more than 1; the share of a right answer is
    /// the part that had it right.
    /// STATEMENTS: who agrees as a part of who marked the statement; null where nobody did.
    /// RANKING: who puts it first as a part of the question's voters.
    /// POINTS: its points as a part of all points given; null where none were.
    /// SCALE and NUMBER: null.
    /// An option that says none of the others: as for SINGLE, whatever the kind.
    share: Option<f64>,
    /// `share` in whole per cents, as every sentence, table and chart shows it; null where `share`
    /// is. Halves are rounded up. Parts of one whole are rounded together by the largest remainder,
    /// so that they add up to 100: SINGLE, QUIZ, RANKING, the points of POINTS, and who agrees,
    /// passes and disagrees in STATEMENTS. Of equal parts, one may then have one per cent more.
    percentage: Option<i32>,
    /// The result in a few words, Dutch or English by the request's `Accept-Language`, as it stands
    /// beside the option's bar: "58% (23)", "gemiddeld 3,2", "190 punten (61%)".
    caption: String,
    /// The same in as few characters as a chart has room for: "58%", "gem. 3,2", "190".
    figure: String,
    /// STATEMENTS: how many agree less how many disagree. SCALE: the sum of its steps. POINTS: its
    /// points. NUMBER: the sum of the numbers. QUIZ: the points that its voters earned, 0 where it
    /// is wrong; null until the question is REVEALED or its poll over, except for editors,
    /// moderators and admins. Null for other kinds.
    total: Option<BigInt>,
    /// STATEMENTS: the mean from -1 (all disagree) to 1 (all agree), a pass counting as 0. SCALE,
    /// NUMBER and RANKING: the mean step, number or place, of the voters who gave it one; null where
    /// nobody did. POINTS: its points per voter of the question, also of those who gave it none; null
    /// where nobody voted. Null for other kinds.
    mean: Option<f64>,
    /// `mean` with one decimal, halves rounded away from zero, written as people do in the language of
    /// the request: "3,2" or "3.2". Null where `mean` is.
    mean_text: Option<String>,
    /// The median of the values that `mean` is the mean of: the middle one, or halfway between the
    /// two in the middle. Null where `mean` is.
    median: Option<f64>,
    /// `median` written like `meanText`; null where `median` is.
    median_text: Option<String>,
    /// RANKING: its Borda count. With n options, none of the others apart, a ballot gives n - 1 to
    /// the option that it puts first, n - 2 to the second, and so on; 0 to those it leaves out.
    /// QUIZ: what its voters earned on average, 0 where it is wrong; null where nobody chose it, and
    /// until the question is REVEALED or its poll over, except for editors, moderators and admins.
    /// Null for other kinds.
    score: Option<f64>,
    /// `score` written like `meanText`; null where `score` is.
    score_text: Option<String>,
    /// Its place, 1 for the best; equals share a place, and the next place is left out. SINGLE,
    /// MULTIPLE, QUIZ, WORD_CLOUD and OPEN: by voters, of a cloud also among the words that are not
    /// shown. SCALE: by the mean, null where nobody marked it. RANKING: by `score`, null while nobody
    /// ranked anything. POINTS: by points, null while nobody gave any. Null while nobody voted, for
    /// STATEMENTS and NUMBER, and in RANKING and POINTS for the option that says none of the others.
    rank: Option<i32>,
    /// How many voters gave each value, from the lowest. SINGLE, MULTIPLE, QUIZ, WORD_CLOUD, OPEN and
    /// the option that says none of the others: value 1. STATEMENTS: -1 (disagree), 0 (pass) and 1
    /// (agree), each also where nobody did. SCALE: every step. RANKING: every place. POINTS: 0, for
    /// the question's voters who gave it none, and every number of points that was given. NUMBER:
    /// every number that was given; where those are more than 100, ranges of `distributionStep`
    /// numbers in a row, each under its lowest.
    distribution: Vec<ValueCount>,
    /// How many values in a row each entry of `distribution` stands for: 1, except for NUMBER with
    /// more than 100 different numbers.
    distribution_step: i32,
    /// NUMBER: the one or two given numbers that are nearest to the target, empty where nobody
    /// voted; null where there is no target, until the question is REVEALED or its poll over, and
    /// for other kinds. Editors, moderators and admins see it before.
    nearest: Option<Vec<ValueCount>>,
}

/// How many voters gave a value.
#[derive(SimpleObject)]
pub(crate) struct ValueCount {
    /// The value.
    value: i32,
    /// How many voters gave it.
    count: i64,
    /// The share of the option's voters who gave it, in whole per cents: those of a
    /// `distribution` add up to 100. 0 where nobody voted.
    percentage: i32,
}

/// The results of a question in one run: how many voters gave an option which value. They count
/// people, each by their latest ballot; retracted ballots count nowhere.
#[Object(name = "QuestionResults")]
impl Fresh {
    /// Goes up whenever the results change, and never down.
    async fn revision(&self) -> BigInt {
        BigInt(self.0.revision)
    }

    /// How many voters gave an answer, also where what they wrote is held back; who skipped is not
    /// among them.
    async fn voter_count(&self) -> i64 {
        self.0.voter_count
    }

    /// How many voters skipped the question on the record.
    async fn skip_count(&self) -> i64 {
        self.0.skip_count
    }

    /// The result in one plain sentence, Dutch or English by the request's `Accept-Language`,
    /// for people who do not see the chart, of at most 300 characters: long labels are shortened. It
    /// names only options that you may see, ties as ties, and of a word cloud what is really the most
    /// frequent, whether it is shown or not.
    async fn summary(&self, ctx: &Context<'_>) -> String {
        self.0.summary(request(ctx).locale)
    }

    /// The options that you may see, in the order of the question, shuffled or not. WORD_CLOUD and
    /// OPEN: what voters of the run wrote, the most voters first, at most 100; of a cloud without
    /// words that say nothing by themselves in the language of the question's prompt, such as "de" in
    /// Dutch and "the" in English; what answers a question, such as "ja" and "niets", stays. English
    /// is what has more such English words than Dutch ones in its prompt.
    async fn options(&self, ctx: &Context<'_>) -> Vec<OptionResults> {
        let locale = request(ctx).locale;
        let options = self.0.options.iter();
        options
            .map(|option| OptionResults::new(&self.0, option, locale))
            .collect()
    }
}

/// The average lengths of the texts of some options.
pub(super) struct AverageTexts {
    label: usize,
    description: usize,
}

impl AverageTexts {
    pub(super) fn of<'a>(options: impl ExactSizeIterator<Item = &'a poll::PollOption>) -> Self {
        let count = options.len().max(1);
        let (label, description) = options.fold((0, 0), |(label, description), option| {
            (
                label + option.label.len(),
                description + option.description.len(),
            )
        });
        Self {
            label: label / count,
            description: description / count,
        }
    }

    /// Returns the content of a field of such an option.
    pub(super) fn held(&self, field: &str) -> Held {
        match field {
            "label" => Held::text(self.label),
            "description" => Held::text(self.description),
            _ => Held::SHORT,
        }
    }
}

impl From<Arc<poll::QuestionResults>> for QuestionResults {
    fn from(results: Arc<poll::QuestionResults>) -> Self {
        Self(results)
    }
}

impl OptionResults {
    fn new(all: &poll::QuestionResults, one: &poll::OptionResults, locale: Locale) -> Self {
        let text = |ratio: Option<Ratio>| ratio.map(|ratio| ratio.tenths().text(locale));
        let counted = one.distribution.iter().zip(one.percentages());
        Self {
            option: one.option.clone().into(),
            voter_count: one.voter_count,
            share: one.share.map(Ratio::to_f64),
            percentage: one.percentage.map(whole),
            caption: all.caption(one, locale),
            figure: all.figure(one, locale),
            total: one.total.map(BigInt),
            mean: one.mean.map(Ratio::to_f64),
            mean_text: text(one.mean),
            median: one.median.map(Ratio::to_f64),
            median_text: text(one.median),
            score: one.score.map(Ratio::to_f64),
            score_text: text(one.score),
            rank: one.rank,
            distribution: counted
                .map(|(entry, percentage)| count(*entry, percentage))
                .collect(),
            distribution_step: one.distribution_step,
            nearest: one.nearest.as_ref().map(|nearest| {
                let nearest = nearest.iter();
                nearest
                    .map(|entry| count(*entry, one.percentage_near(*entry)))
                    .collect()
            }),
        }
    }
}

fn count(entry: poll::ValueCount, percentage: i64) -> ValueCount {
    ValueCount {
        value: entry.value,
        count: entry.count,
        percentage: whole(percentage),
    }
}

/// Per cents lie between 0 and 100.
fn whole(percentage: i64) -> i32 {
    i32::try_from(percentage).unwrap_or(i32::MAX)
}
