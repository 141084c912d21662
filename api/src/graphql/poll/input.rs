//! What clients send about polls and ballots.

mod ballot;
mod question;

use async_graphql::{Enum, ID, InputObject, MaybeUndefined};
use domain::{clock::Instant, id::ThemeId, poll, refusal::Path};

pub(super) use ballot::{
    BallotCastInput, BallotRetractInput, PollAnswerDecision, PollAnswerJudgeInput,
};
use question::QuestionInput;

use super::types::{PollEligibility, PollPace, PollStatus, ResultsVisibility, VoteChange};
use crate::graphql::{error::Failure, node, scalar::DateTime};

/// Which polls to list; every part that is given must hold.
#[derive(InputObject)]
pub(crate) struct PollFilter {
    /// One of these statuses.
    status: Option<Vec<PollStatus>>,
    /// About one of these themes.
    theme_ids: Option<Vec<ID>>,
}

/// What a list of polls is sorted by.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "poll::PollOrder")]
pub(crate) enum PollOrder {
    /// The youngest first.
    Newest,
    /// The most voters first.
    MostVoters,
    /// By title, A to Z: by its letters and digits, without accents and capitals.
    Title,
}

/// A new poll.
#[derive(InputObject)]
pub(crate) struct PollCreateInput {
    /// One line, 3 to 255 characters.
    title: String,
    /// Markdown, at most 5,000 characters.
    #[graphql(default)]
    description: String,
    /// What it is about, at most 20 themes.
    #[graphql(default)]
    theme_ids: Vec<ID>,
    /// The partner in whose name it is, by who works for that partner; the province's own where
    /// absent or null, by editors and admins. Who works for a partner sees the poll once it has an
    /// opening time, as everyone does.
    partner_id: Option<ID>,
    /// Who decides when a question may be answered.
    #[graphql(default_with = "PollPace::Audience")]
    pace: PollPace,
    /// Who sees the results, and from when.
    #[graphql(default_with = "ResultsVisibility::AfterVote")]
    results_visibility: ResultsVisibility,
    /// Whether a ballot may change.
    #[graphql(default_with = "VoteChange::UntilClose")]
    vote_change: VoteChange,
    /// Who may vote.
    #[graphql(default_with = "PollEligibility::Anyone")]
    eligibility: PollEligibility,
    /// The most visitors' tokens that are new to the poll and vote in it from one network within an
    /// hour, 1 to 1,000,000; the installation's limit if absent (2,000 unless set otherwise). Raise
    /// it for a hall full of people behind one address. Editors and admins only: others are
    /// FORBIDDEN.
    new_voters_per_network: Option<i32>,
    /// From when votes are taken, within ten years of now; a draft where absent.
    opens_at: Option<DateTime>,
    /// From when votes are no longer taken: in the future, and within a year of the opening;
    /// until it is closed by hand where absent.
    closes_at: Option<DateTime>,
    /// The questions in order, 1 to 50.
    questions: Vec<QuestionInput>,
}

/// What changes in a poll; what is absent or null stays, unless said otherwise. From the first
/// ballot on, only `title`, `description` and `wording` change, on the record, and
/// `newVotersPerNetwork`.
#[derive(InputObject)]
pub(crate) struct PollUpdateInput {
    /// The poll.
    pub(super) poll_id: ID,
    /// One line, 3 to 255 characters.
    title: Option<String>,
    /// Markdown, at most 5,000 characters.
    description: Option<String>,
    /// What it is about, at most 20 themes.
    theme_ids: Option<Vec<ID>>,
    /// Who sees the results, and from when.
    results_visibility: Option<ResultsVisibility>,
    /// Whether a ballot may change.
    vote_change: Option<VoteChange>,
    /// Who may vote.
    eligibility: Option<PollEligibility>,
    /// As in `PollCreateInput`, also while votes are taken; null for the installation's limit.
    new_voters_per_network: MaybeUndefined<i32>,
    /// From when votes are taken; null makes it a draft again.
    opens_at: MaybeUndefined<DateTime>,
    /// From when votes are no longer taken; null leaves it open until it is closed by hand.
    closes_at: MaybeUndefined<DateTime>,
    /// Questions in the place of all that there are; not together with `wording`.
    questions: Option<Vec<QuestionInput>>,
    /// Other words for questions that there are.
    #[graphql(default)]
    wording: Vec<QuestionWordingInput>,
}

/// Other words for a question; what is absent or null stays.
#[derive(InputObject)]
pub(crate) struct QuestionWordingInput {
    /// The question.
    question_id: ID,
    /// The question, one line, 1 to 500 characters.
    prompt: Option<String>,
    /// Markdown, at most 5,000 characters.
    description: Option<String>,
    /// Other words for its options.
    #[graphql(default)]
    options: Vec<OptionWordingInput>,
}

/// Other words for an option; what is absent or null stays.
#[derive(InputObject)]
pub(crate) struct OptionWordingInput {
    /// The option.
    option_id: ID,
    /// One line, 1 to 120 characters, statements up to 1,000.
    label: Option<String>,
    /// A few words more, at most 1,000 characters.
    description: Option<String>,
}

/// Opening a poll.
#[derive(InputObject)]
pub(crate) struct PollOpenInput {
    /// The poll.
    pub(super) poll_id: ID,
}

/// Closing a poll.
#[derive(InputObject)]
pub(crate) struct PollCloseInput {
    /// The poll.
    pub(super) poll_id: ID,
}

impl PollFilter {
    /// The filter behind what was sent.
    pub(super) fn decode(self) -> Result<poll::PollFilter, Failure> {
        Ok(poll::PollFilter {
            partner: None,
            status: self
                .status
                .map(|status| status.into_iter().map(Into::into).collect()),
            themes: self
                .theme_ids
                .map(|ids| themes(&ids, &Path::from("filter").then("themeIds")))
                .transpose()?,
        })
    }
}

impl PollCreateInput {
    /// The draft behind what was sent.
    pub(super) fn decode(self) -> Result<poll::PollDraft, Failure> {
        Ok(poll::PollDraft {
            title: self.title,
            description: self.description,
            themes: themes(&self.theme_ids, &Path::from("themeIds"))?,
            partner: self
                .partner_id
                .map(|id| node::decode(&id, "partnerId"))
                .transpose()?,
            pace: self.pace.into(),
            results_visibility: self.results_visibility.into(),
            vote_change: self.vote_change.into(),
            eligibility: self.eligibility.into(),
            new_voters_per_network: self.new_voters_per_network,
            opens_at: self.opens_at.map(Instant::from),
            closes_at: self.closes_at.map(Instant::from),
            questions: self.questions.into_iter().map(Into::into).collect(),
        })
    }
}

impl PollUpdateInput {
    /// The change behind what was sent.
    pub(super) fn decode(self) -> Result<poll::PollChange, Failure> {
        let wording = Path::from("wording");
        Ok(poll::PollChange {
            title: self.title,
            description: self.description,
            themes: self
                .theme_ids
                .map(|ids| themes(&ids, &Path::from("themeIds")))
                .transpose()?,
            results_visibility: self.results_visibility.map(Into::into),
            vote_change: self.vote_change.map(Into::into),
            eligibility: self.eligibility.map(Into::into),
            new_voters_per_network: given(self.new_voters_per_network),
            opens_at: given(self.opens_at),
            closes_at: given(self.closes_at),
            questions: self
                .questions
                .map(|questions| questions.into_iter().map(Into::into).collect()),
            wording: self
                .wording
                .into_iter()
                .enumerate()
                .map(|(position, asked)| asked.decode(&wording.at(position)))
                .collect::<Result<_, _>>()?,
        })
    }
}

impl QuestionWordingInput {
    fn decode(self, path: &Path) -> Result<poll::QuestionWording, Failure> {
        let options = path.then("options");
        Ok(poll::QuestionWording {
            question: node::decode(&self.question_id, path.then("questionId"))?,
            prompt: self.prompt,
            description: self.description,
            options: self
                .options
                .into_iter()
                .enumerate()
                .map(|(position, asked)| {
                    let path = options.at(position).then("optionId");
                    Ok(poll::OptionWording {
                        option: node::decode(&asked.option_id, path)?,
                        label: asked.label,
                        description: asked.description,
                    })
                })
                .collect::<Result<_, Failure>>()?,
        })
    }
}

fn themes(ids: &[ID], path: &Path) -> Result<Vec<ThemeId>, Failure> {
    ids.iter()
        .enumerate()
        .map(|(position, id)| node::decode(id, path.at(position)))
        .collect()
}

/// A value that may be absent, or null, which says something else.
#[expect(
    clippy::option_option,
    reason = "what is absent stays, what is null goes"
)]
fn given<T, V: From<T>>(value: MaybeUndefined<T>) -> Option<Option<V>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value.into())),
    }
}
