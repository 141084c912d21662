//! Questions and options as clients see them.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::poll;

use super::{
    ballot::Ballot,
    loader::{BallotOf, OptionsOf, OtherTextsOf, ResultsOf, RunResultsOf, SplitOf},
    results::{AverageTexts, QuestionResults},
    split::{AssuranceResults, ChannelResults},
};
use crate::graphql::{
    budget::{Held, charge_list, charge_text, charged_html},
    context::request,
    error::{Failure, nullable},
    node,
    scalar::DateTime,
};

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
    /// Any of the options, each with a step from `scaleMin` to `scaleMax`.
    Scale,
    /// Options in order of preference, each with its place: 1 is the first, and places run on
    /// without gaps, each once. All of the options or, by `minChoices` and `maxChoices`, the first
    /// few.
    Ranking,
    /// A budget of points spread over the options, each with its points; 0 says as much as no
    /// mark.
    Points,
    /// The question's only option, with a whole number from `scaleMin` to `scaleMax`.
    Number,
    /// Words of the voter's own in `writeIns`, or words that are there with value 1: at most
    /// `maxAnswers` together. Words that differ in case, spaces or compatible forms of characters
    /// (NFKC) are the same word, and a voter says it once.
    WordCloud,
    /// At most `maxAnswers` answers of the voter's own in `writeIns`, and value 1 for answers of
    /// others that the voter supports.
    Open,
    /// One option, with value 1. Which ones are right stays hidden until the question is REVEALED
    /// or its poll over. A right answer earns 1,000 points; where there is a time limit
    /// 500 + 500 × the part of it that was left, rounded down, by the server's clock.
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

/// What a ballot must keep to; null or false where the kind of question has no such rule.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own, on or off"
)]
#[derive(SimpleObject)]
pub(crate) struct QuestionRules {
    /// Fewest options on a ballot; null for WORD_CLOUD and OPEN.
    min_choices: Option<i32>,
    /// Most options on a ballot; null for WORD_CLOUD and OPEN.
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
    /// POINTS: whether a ballot must spend the whole budget, and not at most that.
    spend_all: bool,
    /// WORD_CLOUD and OPEN: whether what voters write is held back until it is approved.
    moderated: bool,
    /// OPEN: whether `options` lists approved answers before the results are shown, so that others
    /// can support them. If false, answers are shown to those who may see the results.
    answers_visible: bool,
    /// Whether there is an option that says none of the others; it stands alone on a ballot.
    none_of_the_above: bool,
    /// Whether there is an option that the voter words, in `writeIns`.
    other: bool,
    /// Whether each voter sees the options in an order of their own, which stays the same.
    shuffled: bool,
    /// QUIZ: how long answering quickly earns points, in seconds, from `openedAt` on, or from the
    /// poll's opening where no presenter opened the question; null where speed earns nothing.
    time_limit_seconds: Option<i32>,
    /// NUMBER: the number to guess; null where there is none, and until the question is REVEALED
    /// or its poll over. Editors, moderators and admins always see it.
    target: Option<i32>,
}

/// What can be marked on a ballot.
#[derive(SimpleObject)]
pub(crate) struct PollOption {
    /// Opaque and stable.
    id: ID,
    /// One line, 1 to 120 characters, statements up to 1,000, written answers up to 500.
    label: String,
    /// A few words more, at most 1,000 characters; may be empty.
    description: String,
    /// What it stands for.
    role: PollOptionRole,
    /// QUIZ: whether it is a right answer; null until the question is REVEALED or its poll over,
    /// and for other kinds. Editors, moderators and admins see it before.
    is_right: Option<bool>,
    /// Whether everyone sees it. Only editors, moderators and admins see options that are not
    /// APPROVED, in whatever list; voters see what they wrote on their own ballot.
    moderation: OptionModeration,
}

/// What an option stands for.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::OptionRole")]
pub(crate) enum PollOptionRole {
    /// What it says.
    Choice,
    /// None of the others: it stands alone on a ballot, with value 1.
    NoneOfTheAbove,
    /// What the voter writes beside it, in `writeIns`.
    Other,
}

/// What voters wrote beside the option for other answers.
#[derive(SimpleObject)]
pub(crate) struct OtherText {
    /// The text, 1 to 120 characters on one line.
    text: String,
    /// How many voters wrote just this.
    voter_count: i64,
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
    async fn description(&self, ctx: &Context<'_>) -> async_graphql::Result<&str> {
        Ok(charge_text(ctx, &self.0.description).await?)
    }

    /// The description as sanitised HTML: headings from `h3`, links with
    /// `rel="nofollow ugc noopener"`.
    async fn description_html(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(charged_html(ctx, &self.0.description).await?)
    }

    /// Where it stands now. Nobody but editors, moderators and admins knows of a question that
    /// is HIDDEN.
    async fn state(&self) -> QuestionState {
        self.0.state.into()
    }

    /// When the presenter first opened it in the present run; null where that did not happen yet,
    /// and where the audience sets the pace.
    async fn opened_at(&self) -> Option<DateTime> {
        self.0.opened_at.map(DateTime)
    }

    /// Until when ballots are taken, this instant excluded; from then on it is LOCKED. Null where
    /// no timer runs.
    async fn timer_ends_at(&self) -> Option<DateTime> {
        self.0.timer_ends_at.map(DateTime)
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
            spend_all: rules.spend_all,
            moderated: rules.moderated,
            answers_visible: rules.answers_visible,
            none_of_the_above: rules.none_of_the_above,
            other: rules.other,
            shuffled: rules.shuffled,
            time_limit_seconds: rules.time_limit_seconds,
            target: self.0.target,
        }
    }

    /// What voters in the present run wrote beside the option for other answers, the most voters
    /// first, at most 1,000; null for all but editors, moderators and admins, and where the
    /// question has no such option.
    async fn other_texts(
        &self,
        ctx: &Context<'_>,
    ) -> Option<async_graphql::Result<Vec<OtherText>>> {
        nullable(async {
            let texts = request(ctx)
                .loader
                .load_one(OtherTextsOf(self.0.id))
                .await
                .map_err(Failure::from)?;
            charge_list(ctx, texts.as_ref().map_or(0, Vec::len), &|_| Held::SHORT).await?;
            let text = |(text, voter_count)| OtherText { text, voter_count };
            Ok(texts.map(|texts| texts.into_iter().map(text).collect()))
        })
        .await
    }

    /// Its options that you may see, at most 1,000, in the question's order, or in your own where
    /// it is shuffled and you are not one of its editors. OPEN: what voters of the present run
    /// wrote and was approved, the first written first; empty while you may not see the results,
    /// unless the question's `answersVisible` is true. WORD_CLOUD: none, the words stand in the
    /// results; moderators see them here as well.
    async fn options(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<PollOption>> {
        let options = request(ctx)
            .loader
            .load_one(OptionsOf(self.0.id))
            .await
            .map_err(Failure::from)?
            .unwrap_or_default();
        let texts = AverageTexts::of(options.iter());
        charge_list(ctx, options.len(), &|field| texts.held(field)).await?;
        Ok(options.into_iter().map(PollOption::from).collect())
    }

    /// Your own ballot in the present run; null if you have none or retracted it, and for everyone
    /// from the poll's `ballotsAnonymizedAt` on, when nobody can tell any more whose ballot is whose.
    async fn viewer_ballot(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Ballot>> {
        nullable(async {
            let ballot = request(ctx)
                .loader
                .load_one(BallotOf(self.0.id))
                .await
                .map_err(Failure::from)?;
            Ok(ballot.map(Ballot::from))
        })
        .await
    }

    /// The results in the present run; null while you may not see them, by the poll's
    /// `resultsVisibility` and, in a room, by what the presenter reveals.
    async fn results(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<QuestionResults>> {
        nullable(async {
            let results = request(ctx)
                .loader
                .load_one(ResultsOf(self.0.id))
                .await
                .map_err(Failure::from)?;
            Ok(results.map(QuestionResults::from))
        })
        .await
    }

    /// The results in one of the poll's `runs`. Editors, moderators and admins; null for everyone
    /// else, and where there is no such run.
    async fn results_of_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The run, from 1.")] run: i32,
    ) -> Option<async_graphql::Result<QuestionResults>> {
        nullable(async {
            let results = request(ctx)
                .loader
                .load_one(RunResultsOf(self.0.id, run))
                .await
                .map_err(Failure::from)?;
            Ok(results.map(QuestionResults::from))
        })
        .await
    }

    /// The results in the present run by how ballots came in; ways by which none came are absent.
    /// All of them together are `results`. Null while you may not see those.
    async fn results_by_channel(
        &self,
        ctx: &Context<'_>,
    ) -> Option<async_graphql::Result<Vec<ChannelResults>>> {
        nullable(async {
            let split = request(ctx)
                .loader
                .load_one(SplitOf(self.0.id))
                .await
                .map_err(Failure::from)?;
            Ok(split.map(|split| split.by_channel.into_iter().map(Into::into).collect()))
        })
        .await
    }

    /// The results in the present run by how sure it is who cast the ballots; what no ballot has
    /// is absent. All of them together are `results`. Null while you may not see those.
    async fn results_by_assurance(
        &self,
        ctx: &Context<'_>,
    ) -> Option<async_graphql::Result<Vec<AssuranceResults>>> {
        nullable(async {
            let split = request(ctx)
                .loader
                .load_one(SplitOf(self.0.id))
                .await
                .map_err(Failure::from)?;
            Ok(split.map(|split| split.by_assurance.into_iter().map(Into::into).collect()))
        })
        .await
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
            role: option.role.into(),
            is_right: option.is_right,
            moderation: option.moderation.into(),
        }
    }
}
