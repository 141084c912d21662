//! What a ballot must be: every problem at once, no database.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use sha2::{Digest, Sha256};

use super::{
    BallotRefusal, Mark, OptionModeration, OptionRole, Poll, PollStatus, Question, QuestionKind,
    QuestionState,
    counting::Held,
    quiz,
    voter::VoterKey,
    written::{self, TextKey, Writing},
};
use crate::{
    Result,
    clock::Instant,
    id::{OptionId, QuestionId},
    refusal::{Checks, InvalidText, Path},
    screening::Form,
    text::Limits,
};

mod marks;

const IDEMPOTENCY_KEY: Limits = Limits::new(1, 100);
/// Most marks of any ballot: a STATEMENTS question has up to 1,000 options.
const MARKS: usize = 1_000;
/// Most answers of the voter's own that are looked at.
const WRITE_INS: usize = 100;

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
    /// What the form tells that answers of the voter's own were typed in.
    pub form: Form,
}

/// What a ballot needs to know of an option that it may mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Markable {
    /// What the option stands for.
    pub role: OptionRole,
    /// Whether this voter wrote it.
    pub own: bool,
}

/// An option as it is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub question: QuestionId,
    pub role: OptionRole,
    pub moderation: OptionModeration,
    pub written_by: Option<VoterKey>,
}

/// The options that a ballot may mark.
pub(super) type Known = HashMap<OptionId, Markable>;

/// What a ballot without problems says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// Marks of options that are there.
    pub marks: Vec<Mark>,
    /// Texts that are options or become some, each once; their marks have value 1.
    pub writings: Vec<Writing>,
    /// What the voter wrote beside the option for other answers.
    pub other_text: Option<String>,
}

impl BallotDraft {
    /// The draft with what can be said without knowing the question.
    pub(super) fn check(self) -> Result<Self, BallotRefusal> {
        let mut checks = Checks::default();
        if self.marks.len() > MARKS {
            checks.refuse(BallotRefusal::ChoicesAboveMaximum(MARKS));
        }
        if self.write_ins.len() > WRITE_INS {
            checks.refuse(BallotRefusal::WriteInsAboveMaximum(WRITE_INS));
        }
        let idempotency_key = self
            .idempotency_key
            .map(|raw| checks.line("idempotencyKey", &raw, IDEMPOTENCY_KEY));
        checks.finish(Self {
            idempotency_key,
            ..self
        })
    }

    /// SHA-256 of what the ballot says, whatever the order of its marks and texts, and however
    /// its texts are spelled.
    pub(super) fn digest(&self) -> Vec<u8> {
        let mut marks: Vec<_> = self.marks.iter().collect();
        marks.sort_unstable_by_key(|mark| (mark.option, mark.value));
        let mut digest = Sha256::new();
        digest.update([u8::from(self.skip)]);
        for mark in marks {
            digest.update(mark.option.0.as_bytes());
            digest.update(mark.value.to_be_bytes());
        }
        // A mark is 20 bytes and a text 32: the length tells how many of which there are.
        let texts: BTreeSet<_> = self
            .write_ins
            .iter()
            .filter(|text| !text.trim().is_empty())
            .map(|text| written::key(text))
            .collect();
        digest.update((texts.len() as u64).to_be_bytes());
        for key in texts {
            digest.update(key.0);
        }
        digest.finalize().to_vec()
    }

    /// Those of the options that the ballot names that it may mark: of the question's own the
    /// approved ones, and what waits for a judgement and stands on the voter's ballot already.
    pub(super) fn known(
        &self,
        question: QuestionId,
        options: &HashMap<OptionId, Named>,
        voter: &VoterKey,
        held: Option<&Held>,
    ) -> Known {
        let kept = |id: &OptionId| held.is_some_and(|held| held.marks.contains_key(id));
        self.marks
            .iter()
            .filter_map(|mark| Some((mark.option, options.get(&mark.option)?)))
            .filter(|(id, option)| {
                option.question == question
                    && match option.moderation {
                        OptionModeration::Approved => true,
                        OptionModeration::Pending => kept(id),
                        OptionModeration::Rejected => false,
                    }
            })
            .map(|(id, option)| {
                let markable = Markable {
                    role: option.role,
                    own: option.written_by.as_ref() == Some(voter),
                };
                (id, markable)
            })
            .collect()
    }

    /// What the texts come down to, where the question takes any.
    pub(super) fn keys(&self, question: &Question) -> Vec<TextKey> {
        if written::is_written(question.kind) {
            self.writings(question).into_keys().collect()
        } else {
            Vec::new()
        }
    }

    /// Every reason why this ballot is none for `question`, of whose options `known` may be
    /// marked.
    pub(super) fn problems(&self, question: &Question, known: &Known) -> Vec<BallotRefusal> {
        let mut problems = Vec::new();
        if self.skip {
            if self.writes() {
                problems.push(BallotRefusal::WriteInsNotAllowed);
            }
            if !question.rules.allow_skip {
                problems.push(BallotRefusal::SkipNotAllowed);
            }
            if !self.marks.is_empty() {
                problems.push(BallotRefusal::ChoicesNotAllowed);
            }
            return problems;
        }
        self.text_problems(question, known, &mut problems);
        let mut seen = HashSet::new();
        for (mark, Mark { option, .. }) in self.marks.iter().enumerate() {
            if !known.contains_key(option) {
                problems.push(BallotRefusal::OptionUnknown { mark });
            } else if !seen.insert(option) {
                problems.push(BallotRefusal::OptionRepeated { mark });
            }
            problems.extend(marks::value_problem(&self.marks, mark, question, known));
        }
        let none = self.marks.iter().position(|mark| {
            known
                .get(&mark.option)
                .is_some_and(|option| option.role == OptionRole::NoneOfTheAbove)
        });
        match none {
            Some(mark) if self.marks.len() > 1 => {
                problems.push(BallotRefusal::NoneOfTheAboveWithChoices { mark });
            }
            Some(_) => {}
            None if written::is_written(question.kind) => {
                self.written_count_problems(question, known, &mut problems);
            }
            None => marks::count_problems(&self.marks, question, &mut problems),
        }
        problems
    }

    /// What a ballot without problems says, cast at `at` by whoever holds `held`.
    pub(super) fn answer(
        &self,
        poll: &Poll,
        question: &Question,
        known: &Known,
        held: Option<&Held>,
        at: Instant,
    ) -> Answer {
        if self.skip {
            return Answer::default();
        }
        let marks = self
            .marks
            .iter()
            .filter(|mark| question.kind != QuestionKind::Points || mark.value != 0)
            .map(|mark| match question.kind {
                // The points that the answer earns if it is right; who says the same again
                // keeps what they had.
                QuestionKind::Quiz => Mark {
                    value: held
                        .and_then(|held| held.marks.get(&mark.option).copied())
                        .unwrap_or_else(|| quiz::points(poll, question, at)),
                    ..*mark
                },
                _ => *mark,
            })
            .collect();
        let mut answer = Answer {
            marks,
            ..Answer::default()
        };
        if written::is_written(question.kind) {
            answer.writings = self.writings(question).into_values().collect();
        } else if self.marks_other(known) {
            answer.other_text = self
                .written()
                .find_map(|(_, raw)| Writing::new(question.kind, &question.rules, raw).ok())
                .map(|writing| writing.label);
        }
        answer
    }

    /// The texts that may be taken, each once, by key; the first spelling stands.
    fn writings(&self, question: &Question) -> BTreeMap<TextKey, Writing> {
        let mut writings = BTreeMap::new();
        for raw in &self.write_ins {
            if let Ok(writing) = Writing::new(question.kind, &question.rules, raw) {
                writings.entry(writing.key.clone()).or_insert(writing);
            }
        }
        writings
    }

    /// The texts that say something, with their places.
    fn written(&self) -> impl Iterator<Item = (usize, &String)> {
        self.write_ins
            .iter()
            .enumerate()
            .filter(|(_, text)| !text.trim().is_empty())
    }

    /// Whether the voter writes anything.
    pub(super) fn writes(&self) -> bool {
        self.written().next().is_some()
    }

    fn marks_other(&self, known: &Known) -> bool {
        self.marks.iter().any(|mark| {
            known
                .get(&mark.option)
                .is_some_and(|option| option.role == OptionRole::Other)
        })
    }

    fn text_problems(&self, question: &Question, known: &Known, problems: &mut Vec<BallotRefusal>) {
        let other = self.marks_other(known);
        if !written::is_written(question.kind) {
            if !other && self.writes() {
                problems.push(BallotRefusal::WriteInsNotAllowed);
                return;
            }
            if other && self.written().count() > 1 {
                problems.push(BallotRefusal::WriteInsAboveMaximum(1));
            }
            if other && !self.writes() {
                problems.push(BallotRefusal::OtherTextRequired);
                return;
            }
        }
        for (place, raw) in self.write_ins.iter().enumerate() {
            if let Err(problem) = Writing::new(question.kind, &question.rules, raw) {
                problems.push(BallotRefusal::Text(InvalidText {
                    path: Path::from("writeIns").at(place),
                    problem,
                }));
            }
        }
    }

    /// What a ballot writes and supports: something; of words so many in all, of answers so many
    /// of the voter's own.
    fn written_count_problems(
        &self,
        question: &Question,
        known: &Known,
        problems: &mut Vec<BallotRefusal>,
    ) {
        if self.marks.is_empty() && self.write_ins.is_empty() {
            problems.push(BallotRefusal::ChoicesBelowMinimum(1));
        }
        let most = question
            .rules
            .max_answers
            .and_then(|most| usize::try_from(most).ok())
            .unwrap_or(MARKS);
        let written = self.writings(question).len();
        let is_own = |mark: &&Mark| known.get(&mark.option).is_some_and(|option| option.own);
        let marked = if question.kind == QuestionKind::WordCloud {
            self.marks.len()
        } else {
            self.marks.iter().filter(is_own).count()
        };
        if written + marked > most {
            problems.push(BallotRefusal::WriteInsAboveMaximum(most));
        }
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

#[cfg(test)]
mod tests;
