//! Results as clients see them: one shape for every kind of question.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use domain::poll;

use super::question::PollOption;
use crate::graphql::context::request;

/// Results as the API shows them.
pub(crate) struct QuestionResults(Arc<poll::QuestionResults>);

/// What voters said of an option.
#[derive(SimpleObject)]
pub(crate) struct OptionResults {
    /// The option.
    option: PollOption,
    /// How many voters marked it.
    voter_count: i64,
    /// From 0 to 1. SINGLE and MULTIPLE: its voters as a part of the question's voters, not of
    /// all choices, so that the shares of MULTIPLE may add up to more than 1. STATEMENTS: who
    /// agrees as a part of who marked the statement. Null where nobody voted, or nobody marked
    /// the statement.
    share: Option<f64>,
    /// The sum of the values it was given. STATEMENTS: how many agree less how many disagree.
    /// Null for SINGLE and MULTIPLE.
    total: Option<i64>,
    /// The mean of the values it was given. STATEMENTS: from -1 (all disagree) to 1 (all agree),
    /// a pass counting as 0. Null for SINGLE and MULTIPLE, and while nobody marked it.
    mean: Option<f64>,
    /// The median of the values it was given; halfway between the two in the middle where their
    /// number is even. Null as for `mean`.
    median: Option<f64>,
    /// A score that weighs its places or answers. Null for SINGLE, MULTIPLE and STATEMENTS.
    score: Option<f64>,
    /// SINGLE and MULTIPLE: its place by voters, 1 for the most; as many voters share a place,
    /// and the next place is left out. Null while nobody voted, and for STATEMENTS.
    rank: Option<i32>,
    /// How many voters gave each value, from the lowest. SINGLE and MULTIPLE: value 1.
    /// STATEMENTS: -1 (disagree), 0 (pass) and 1 (agree), each also where nobody did.
    distribution: Vec<ValueCount>,
}

/// How many voters gave a value.
#[derive(SimpleObject)]
pub(crate) struct ValueCount {
    /// The value.
    value: i32,
    /// How many voters gave it.
    count: i64,
}

/// The results of a question in one run: how many voters gave an option which value. They count
/// people, each by their latest ballot; retracted ballots count nowhere.
#[Object]
impl QuestionResults {
    /// Goes up whenever the results change, and never down.
    async fn revision(&self) -> i64 {
        self.0.revision
    }

    /// How many voters gave an answer; who skipped is not among them.
    async fn voter_count(&self) -> i64 {
        self.0.voter_count
    }

    /// How many voters skipped the question on the record.
    async fn skip_count(&self) -> i64 {
        self.0.skip_count
    }

    /// The result in one plain sentence, Dutch or English by the request's `Accept-Language`,
    /// for people who do not see the chart. It names only options that you may see.
    async fn summary(&self, ctx: &Context<'_>) -> String {
        self.0.summary(request(ctx).locale)
    }

    /// The options that you may see, in the order of the question.
    async fn options(&self) -> Vec<OptionResults> {
        self.0.options.iter().map(OptionResults::from).collect()
    }
}

impl From<Arc<poll::QuestionResults>> for QuestionResults {
    fn from(results: Arc<poll::QuestionResults>) -> Self {
        Self(results)
    }
}

impl From<&poll::OptionResults> for OptionResults {
    fn from(results: &poll::OptionResults) -> Self {
        Self {
            option: results.option.clone().into(),
            voter_count: results.voter_count,
            share: results.share,
            total: results.total,
            mean: results.mean,
            median: results.median,
            score: results.score,
            rank: results.rank,
            distribution: results
                .distribution
                .iter()
                .map(|entry| ValueCount {
                    value: entry.value,
                    count: entry.count,
                })
                .collect(),
        }
    }
}
