//! Questions and options as clients see them.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::{clock::Instant, poll, text::markdown};

use super::{
    ballot::Ballot,
    loader::{BallotOf, OptionsOf, ResultsOf, RunResultsOf, SplitOf},
    results::QuestionResults,
    split::{AssuranceResults, ChannelResults},
};
use crate::graphql::{context::request, error::Failure, node};

/// A question as the API shows it.
pub(crate) struct Question(poll::Question);

/// What a ballot for a question looks like.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::QuestionKind")]
pub(crate) enum QuestionKind {
    /// One option, with value 1.
    Single,
    /// Some options, each with value 1.
    Multiple,
    /// Any of the statements, each with 1 (agree), 0 (pass) or -1 (disagree).
    Statements,
    /// A step on a scale for each option. Cannot be asked yet.
    Scale,
    /// Options in order of preference. Cannot be asked yet.
    Ranking,
    /// A budget of points spread over options. Cannot be asked yet.
    Points,
    /// A whole number. Cannot be asked yet.
    Number,
    /// Words of the voter's own. Cannot be asked yet.
    WordCloud,
    /// Answers of the voter's own. Cannot be asked yet.
    Open,
    /// One option, of which some are right. Cannot be asked yet.
    Quiz,
}

/// Where a question stands in the hands of a presenter.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::QuestionState")]
pub(crate) enum QuestionState {
    /// Shown to nobody but editors, moderators and admins; no answers are taken.
    Hidden,
    /// Answers are taken while the poll is open and the timer runs, if there is one; always so
    /// where the audience sets the pace.
    Open,
    /// Shown; answers are not taken any more.
    Locked,
    /// Shown with its results, unless only STAFF sees those; answers are not taken any more.
    Revealed,
}

/// What a ballot must keep to; null where the kind of question has no such rule.
#[derive(SimpleObject)]
pub(crate) struct QuestionRules {
    /// Fewest options on a ballot.
    min_choices: Option<i32>,
    /// Most options on a ballot.
    max_choices: Option<i32>,
    /// The lowest step or number.
    scale_min: Option<i32>,
    /// The highest step or number.
    scale_max: Option<i32>,
    /// What the lowest step means.
    scale_min_label: Option<String>,
    /// What the highest step means.
    scale_max_label: Option<String>,
    /// Points to spread.
    budget: Option<i32>,
    /// Most answers of the voter's own on a ballot.
    max_answers: Option<i32>,
    /// Longest answer of the voter's own, in characters.
    max_length: Option<i32>,
    /// Whether a voter may skip the question on the record.
    allow_skip: bool,
}

/// What can be marked on a ballot.
#[derive(SimpleObject)]
pub(crate) struct PollOption {
    /// Opaque and stable.
    id: ID,
    /// One line, 1 to 120 characters, statements up to 1,000.
    label: String,
    /// A few words more, at most 1,000 characters; may be empty.
    description: String,
    /// Whether everyone sees it. Only editors, moderators and admins see options that are not
    /// APPROVED, in whatever list.
    moderation: OptionModeration,
}

/// Whether an option may be shown to everyone.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::OptionModeration")]
pub(crate) enum OptionModeration {
    /// Everyone sees it.
    Approved,
    /// It waits for a judgement.
    Pending,
    /// It was rejected.
    Rejected,
}

/// A question of a poll.
#[Object]
impl Question {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// Its place in the poll, from 0.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// What a ballot for it looks like.
    async fn kind(&self) -> QuestionKind {
        self.0.kind.into()
    }

    /// The question, one line, 1 to 500 characters.
    async fn prompt(&self) -> &str {
        &self.0.prompt
    }

    /// Markdown, at most 5,000 characters; may be empty.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// The description as sanitised HTML: headings from `h3`, links with
    /// `rel="nofollow ugc noopener"`.
    async fn description_html(&self) -> String {
        markdown::html(&self.0.description)
    }

    /// Where it stands now. Nobody but editors, moderators and admins knows of a question that
    /// is HIDDEN.
    async fn state(&self) -> QuestionState {
        self.0.state.into()
    }

    /// When the presenter first opened it in the present run; null where that did not happen yet,
    /// and where the audience sets the pace.
    async fn opened_at(&self) -> Option<Instant> {
        self.0.opened_at
    }

    /// Until when ballots are taken, this instant excluded; from then on it is LOCKED. Null where
    /// no timer runs.
    async fn timer_ends_at(&self) -> Option<Instant> {
        self.0.timer_ends_at
    }

    /// What a ballot must keep to.
    async fn rules(&self) -> QuestionRules {
        let rules = self.0.rules.clone();
        QuestionRules {
            min_choices: rules.min_choices,
            max_choices: rules.max_choices,
            scale_min: rules.scale_min,
            scale_max: rules.scale_max,
            scale_min_label: rules.scale_min_label,
            scale_max_label: rules.scale_max_label,
            budget: rules.budget,
            max_answers: rules.max_answers,
            max_length: rules.max_length,
            allow_skip: rules.allow_skip,
        }
    }

    /// Its options that you may see, in order; at most 1,000.
    async fn options(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<PollOption>> {
        let options = request(ctx)
            .loader
            .load_one(OptionsOf(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(options
            .unwrap_or_default()
            .into_iter()
            .map(PollOption::from)
            .collect())
    }

    /// Your own ballot in the present run; null where you have none, or retracted it.
    async fn viewer_ballot(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Ballot>> {
        let ballot = request(ctx)
            .loader
            .load_one(BallotOf(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(ballot.map(Ballot::from))
    }

    /// The results in the present run; null while you may not see them, by the poll's
    /// `resultsVisibility` and, in a room, by what the presenter reveals.
    async fn results(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<QuestionResults>> {
        let results = request(ctx)
            .loader
            .load_one(ResultsOf(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(results.map(QuestionResults::from))
    }

    /// The results in one of the poll's `runs`. Editors, moderators and admins; null for everyone
    /// else, and where there is no such run.
    async fn results_of_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The run, from 1.")] run: i32,
    ) -> async_graphql::Result<Option<QuestionResults>> {
        let results = request(ctx)
            .loader
            .load_one(RunResultsOf(self.0.id, run))
            .await
            .map_err(Failure::from)?;
        Ok(results.map(QuestionResults::from))
    }

    /// The results in the present run by how ballots came in; ways by which none came are absent.
    /// All of them together are `results`. Null while you may not see those.
    async fn results_by_channel(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Vec<ChannelResults>>> {
        let split = request(ctx)
            .loader
            .load_one(SplitOf(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(split.map(|split| split.by_channel.into_iter().map(Into::into).collect()))
    }

    /// The results in the present run by how sure it is who cast the ballots; what no ballot has
    /// is absent. All of them together are `results`. Null while you may not see those.
    async fn results_by_assurance(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Vec<AssuranceResults>>> {
        let split = request(ctx)
            .loader
            .load_one(SplitOf(self.0.id))
            .await
            .map_err(Failure::from)?;
        Ok(split.map(|split| split.by_assurance.into_iter().map(Into::into).collect()))
    }
}

impl From<poll::Question> for Question {
    fn from(question: poll::Question) -> Self {
        Self(question)
    }
}

impl From<poll::PollOption> for PollOption {
    fn from(option: poll::PollOption) -> Self {
        Self {
            id: node::encode(&option.id),
            label: option.label,
            description: option.description,
            moderation: option.moderation.into(),
        }
    }
}
