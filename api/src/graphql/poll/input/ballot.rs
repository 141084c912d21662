//! What clients send about ballots, and about what stands on them.

use async_graphql::{Enum, ID, InputObject};
use domain::{poll, refusal::Path};

use crate::graphql::{
    error::Failure,
    node,
    screening::{FormInput, form},
};

/// A ballot.
#[derive(InputObject)]
pub(crate) struct BallotCastInput {
    /// The question.
    pub(in crate::graphql::poll) question_id: ID,
    /// What the ballot says, each option at most once. They replace those of an earlier ballot.
    #[graphql(default)]
    marks: Vec<MarkInput>,
    /// Answers of the voter's own: the words of a WORD_CLOUD, the answers to an OPEN question, or
    /// the one text beside the option for other answers, 1 to 120 characters.
    #[graphql(default)]
    write_ins: Vec<String>,
    /// True to skip the question on the record, where it allows that.
    #[graphql(default)]
    skip: bool,
    /// Your name for this request, 1 to 100 characters, such as a UUID. Sent again with the same
    /// ballot it gives the first answer and counts once; with another ballot it is refused.
    idempotency_key: Option<String>,
    /// What the form tells that `writeIns` were typed in; null is held against nobody.
    form: Option<FormInput>,
}

/// What a ballot says of an option.
#[derive(InputObject)]
pub(crate) struct MarkInput {
    /// The option.
    option_id: ID,
    /// 1 for a choice or for what you support; 1, 0 or -1 to agree, pass or disagree with a
    /// statement; the step of a scale, the place in a ranking, the points, or the number.
    #[graphql(default = 1)]
    value: i32,
}

/// Judging what a voter wrote.
#[derive(InputObject)]
pub(crate) struct PollAnswerJudgeInput {
    /// What the voter wrote, as an option of the question.
    pub(in crate::graphql::poll) option_id: ID,
    /// The judgement.
    pub(in crate::graphql::poll) decision: PollAnswerDecision,
}

/// A judgement of what a voter wrote.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PollAnswerDecision {
    /// Everyone sees it, and may support it.
    Approve,
    /// Only its voter, editors, moderators and admins see it; the ballots that it stands on stay.
    Reject,
}

/// Taking a ballot back.
#[derive(InputObject)]
pub(crate) struct BallotRetractInput {
    /// The question.
    pub(in crate::graphql::poll) question_id: ID,
}

impl BallotCastInput {
    /// The ballot behind what was sent.
    pub(in crate::graphql::poll) fn decode(self) -> Result<poll::BallotDraft, Failure> {
        let marks = Path::from("marks");
        Ok(poll::BallotDraft {
            marks: self
                .marks
                .into_iter()
                .enumerate()
                .map(|(position, mark)| {
                    let path = marks.at(position).then("optionId");
                    Ok(poll::Mark {
                        option: node::decode(&mark.option_id, path)?,
                        value: mark.value,
                    })
                })
                .collect::<Result<_, Failure>>()?,
            write_ins: self.write_ins,
            skip: self.skip,
            idempotency_key: self.idempotency_key,
            form: form(self.form),
        })
    }
}
