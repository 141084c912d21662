//! What a ballot must be: every problem at once, no database.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::{BallotRefusal, Mark, Poll, PollStatus, Question, QuestionKind, QuestionState};
use crate::{Result, clock::Instant, id::OptionId, refusal::Checks, text::Limits};

const IDEMPOTENCY_KEY: Limits = Limits::new(1, 100);
/// Most marks of any ballot: a STATEMENTS question has up to 1,000 options.
const MARKS: usize = 1_000;

/// A ballot as sent.
#[derive(Debug, Clone, Default)]
pub struct BallotDraft {
    /// At most one mark an option.
    pub marks: Vec<Mark>,
    /// Answers of the voter's own.
    pub write_ins: Vec<String>,
    /// Whether the voter skips the question on the record.
    pub skip: bool,
    /// The client's name for this request, 1 to 100 characters: sent again, it counts once.
    pub idempotency_key: Option<String>,
}

impl BallotDraft {
    /// The draft with what can be said without knowing the question.
    pub(super) fn check(self) -> Result<Self, BallotRefusal> {
        let mut checks = Checks::default();
        if self.marks.len() > MARKS {
            checks.refuse(BallotRefusal::ChoicesAboveMaximum(MARKS));
        }
        let idempotency_key = self
            .idempotency_key
            .map(|raw| checks.line("idempotencyKey", &raw, IDEMPOTENCY_KEY));
        checks.finish(Self {
            idempotency_key,
            ..self
        })
    }

    /// SHA-256 of what the ballot says, whatever the order of its marks.
    pub(super) fn digest(&self) -> Vec<u8> {
        let mut marks: Vec<_> = self.marks.iter().collect();
        marks.sort_unstable_by_key(|mark| (mark.option, mark.value));
        let mut digest = Sha256::new();
        digest.update([u8::from(self.skip)]);
        for mark in marks {
            digest.update(mark.option.0.as_bytes());
            digest.update(mark.value.to_be_bytes());
        }
        for answer in &self.write_ins {
            digest.update((answer.len() as u64).to_be_bytes());
            digest.update(answer);
        }
        digest.finalize().to_vec()
    }

    /// Every reason why this ballot is none for `question`, of whose options `known` may be
    /// marked.
    pub(super) fn problems(
        &self,
        question: &Question,
        known: &HashSet<OptionId>,
    ) -> Vec<BallotRefusal> {
        let mut problems = Vec::new();
        if self
            .write_ins
            .iter()
            .any(|answer| !answer.trim().is_empty())
        {
            problems.push(BallotRefusal::WriteInsNotAllowed);
        }
        if self.skip {
            if !question.rules.allow_skip {
                problems.push(BallotRefusal::SkipNotAllowed);
            }
            if !self.marks.is_empty() {
                problems.push(BallotRefusal::ChoicesNotAllowed);
            }
            return problems;
        }
        let mut seen = HashSet::new();
        for (mark, Mark { option, value }) in self.marks.iter().enumerate() {
            if !known.contains(option) {
                problems.push(BallotRefusal::OptionUnknown { mark });
            } else if !seen.insert(option) {
                problems.push(BallotRefusal::OptionRepeated { mark });
            }
            if !values(question.kind).contains(value) {
                problems.push(BallotRefusal::ScoreInvalid { mark });
            }
        }
        let (min, max) = choices(question);
        if self.marks.len() < min {
            problems.push(BallotRefusal::ChoicesBelowMinimum(min));
        }
        if self.marks.len() > max {
            problems.push(BallotRefusal::ChoicesAboveMaximum(max));
        }
        problems
    }
}

/// Why no ballot is taken at `now`, whatever it says.
pub(super) fn closed(poll: &Poll, question: &Question, now: Instant) -> Option<BallotRefusal> {
    match poll.status {
        PollStatus::Draft | PollStatus::Scheduled => Some(BallotRefusal::PollNotOpen),
        PollStatus::Paused => Some(BallotRefusal::PollPaused),
        PollStatus::Closed | PollStatus::ResultsPublished | PollStatus::Archived => {
            Some(BallotRefusal::PollClosed)
        }
        PollStatus::Cancelled => Some(BallotRefusal::PollCancelled),
        PollStatus::Open => (question.state_at(now) != QuestionState::Open)
            .then_some(BallotRefusal::QuestionNotOpen),
    }
}

/// The values that a mark may have.
fn values(kind: QuestionKind) -> &'static [i32] {
    match kind {
        QuestionKind::Single | QuestionKind::Multiple => &[1],
        QuestionKind::Statements => &[-1, 0, 1],
        // Nobody can ask such a question yet.
        _ => &[],
    }
}

/// Fewest and most marks of a ballot.
fn choices(question: &Question) -> (usize, usize) {
    let rule = |rule: Option<i32>| rule.and_then(|count| usize::try_from(count).ok());
    match question.kind {
        QuestionKind::Single => (1, 1),
        QuestionKind::Multiple => (
            rule(question.rules.min_choices).unwrap_or(1),
            rule(question.rules.max_choices).unwrap_or(MARKS),
        ),
        _ => (1, MARKS),
    }
}

#[cfg(test)]
mod tests;
