//! What the rest of the program sees of polls.

use super::{
    PollStatus, PollTimes,
    voter::{Voter, VoterKey, VoterSecret},
};
use crate::{
    clock::Instant,
    id::{BallotId, OptionId, PartnerId, PollId, QuestionId, SubjectId, ThemeId},
    page::{Key, Sort, SortKind},
    text,
};

pub use entity::{
    ballot::{Assurance, Channel},
    poll::{Eligibility, Pace, ResultsVisibility, VoteChange},
    poll_option::{OptionModeration, OptionRole},
    question::{QuestionKind, QuestionState},
};

/// A poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// Its id.
    pub id: PollId,
    /// Its address, unique and for ever.
    pub slug: String,
    /// One line.
    pub title: String,
    /// Markdown.
    pub description: String,
    /// Where it stood when it was read.
    pub status: PollStatus,
    /// Who decides when a question may be answered.
    pub pace: Pace,
    /// What people type to enter the room, six digits; none where the audience sets the pace,
    /// once the poll is over, and for those who may not see it.
    pub join_code: Option<String>,
    /// The question that the presenter shows.
    pub active_question: Option<QuestionId>,
    /// When it opens, closes and so on.
    pub times: PollTimes,
    /// Who sees the results, and from when.
    pub results_visibility: ResultsVisibility,
    /// Whether a ballot may change.
    pub vote_change: VoteChange,
    /// Who may vote.
    pub eligibility: Eligibility,
    /// The most visitors' tokens that are new to the poll and vote from one network within an
    /// hour; none for the installation's limit.
    pub new_voters_per_network: Option<i32>,
    /// The present run, from 1.
    pub run: i32,
    /// How many people have a ballot in the present run.
    pub voter_count: i64,
    /// How many visible comments it has.
    pub comment_count: i64,
    /// The partner in whose name it is; none where it is the province's own.
    pub partner: Option<PartnerId>,
    /// When it was made.
    pub created_at: Instant,
    /// When its text or times last changed.
    pub updated_at: Instant,
    /// When its ballots were anonymised: none leads back to its voter since.
    pub ballots_anonymized_at: Option<Instant>,
    /// None once the ballots are anonymised.
    pub(super) secret: Option<VoterSecret>,
}

impl Poll {
    /// Returns the id in the poll of whoever the partner calls by this name; none once the ballots
    /// are anonymised.
    pub(crate) fn subject(&self, partner: PartnerId, name: &str) -> Option<SubjectId> {
        Some(self.secret.as_ref()?.subject(partner, name))
    }

    /// Returns the key that a voter's ballots are stored by; none once they are anonymised.
    pub(super) fn voter_key(&self, voter: Voter) -> Option<VoterKey> {
        Some(self.secret.as_ref()?.key(voter))
    }
}

/// A question of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its id.
    pub id: QuestionId,
    /// Its poll.
    pub poll: PollId,
    /// Its place in the poll, from 0.
    pub position: i32,
    /// What a ballot for it looks like.
    pub kind: QuestionKind,
    /// The question, one line.
    pub prompt: String,
    /// Markdown.
    pub description: String,
    /// Where it stands in the hands of a presenter; [`Question::at`] knows of its timer.
    pub state: QuestionState,
    /// When the presenter first opened it in the present run.
    pub opened_at: Option<Instant>,
    /// From when it counts as locked while it is open.
    pub timer_ends_at: Option<Instant>,
    /// What a ballot must keep to.
    pub rules: Rules,
    /// The number to guess; none where there is none, or the actor may not see it yet.
    pub target: Option<i32>,
    /// The number to guess, whoever asks.
    pub(super) answer: Option<i32>,
}

/// What a ballot must keep to; absent where the kind has no such rule.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own, on or off"
)]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Fewest options on a ballot.
    pub min_choices: Option<i32>,
    /// Most options on a ballot.
    pub max_choices: Option<i32>,
    /// The lowest step or number.
    pub scale_min: Option<i32>,
    /// The highest step or number.
    pub scale_max: Option<i32>,
    /// What the lowest step means.
    pub scale_min_label: Option<String>,
    /// What the highest step means.
    pub scale_max_label: Option<String>,
    /// Points to spread.
    pub budget: Option<i32>,
    /// Most written answers on a ballot.
    pub max_answers: Option<i32>,
    /// Longest written answer, in graphemes.
    pub max_length: Option<i32>,
    /// Whether a voter may skip the question on the record.
    pub allow_skip: bool,
    /// Whether a ballot must spend every point of the budget.
    pub spend_all: bool,
    /// Whether written answers are held back until they are approved.
    pub moderated: bool,
    /// True if written answers are shown before the results are, so that others can support them.
    pub answers_visible: bool,
    /// Whether there is an option that says none of the others.
    pub none_of_the_above: bool,
    /// Whether there is an option that the voter words.
    pub other: bool,
    /// Whether each voter sees the options in an order of their own.
    pub shuffled: bool,
    /// How long answering quickly earns points, in seconds.
    pub time_limit_seconds: Option<i32>,
}

/// What can be marked on a ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollOption {
    /// Its id.
    pub id: OptionId,
    /// Its question.
    pub question: QuestionId,
    /// Its place in the question, from 0.
    pub position: i32,
    /// One line.
    pub label: String,
    /// A few words more; may be empty.
    pub description: String,
    /// What it stands for.
    pub role: OptionRole,
    /// Whether it may be shown.
    pub moderation: OptionModeration,
    /// Whether it is a right answer; none outside a quiz, and where the actor may not see it yet.
    pub is_right: Option<bool>,
    /// Whether it is a right answer, whoever asks.
    pub(super) right: bool,
    /// Who wrote it; none for the question's own.
    pub(super) written_by: Option<VoterKey>,
}

/// What a ballot says of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The option.
    pub option: OptionId,
    /// 1 for a choice, and for what one writes or supports; 1, 0 or -1 where one agrees, passes or
    /// disagrees with a statement; the step of a scale, the place in a ranking, the points, or the
    /// number.
    pub value: i32,
}

/// One voter's answer to one question in one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// Its id.
    pub id: BallotId,
    /// The question.
    pub question: QuestionId,
    /// When it was cast.
    pub cast_at: Instant,
    /// When it was last changed since.
    pub changed_at: Option<Instant>,
    /// Whether the voter skipped the question.
    pub skipped: bool,
    /// Its marks, by option.
    pub marks: Vec<Mark>,
    /// What the voter wrote beside the option for other answers.
    pub other_text: Option<String>,
}

/// One time round of a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// From 1.
    pub run: i32,
    /// When it began.
    pub started_at: Instant,
    /// When the next began.
    pub ended_at: Option<Instant>,
    /// How many people have a ballot in it.
    pub voter_count: i64,
    /// The most people who followed the room at once in it.
    pub participant_peak: i64,
    /// The ballots that were refused because too many new voters came from one network; none for
    /// those who may not see it.
    pub refused_ballots: Option<i64>,
}

/// Who follows a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Participants {
    /// Now.
    pub count: i64,
    /// The most at once in the present run.
    pub peak: i64,
}

/// Which polls a list holds; every part that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PollFilter {
    /// One of these statuses.
    pub status: Option<Vec<PollStatus>>,
    /// About one of these themes.
    pub themes: Option<Vec<ThemeId>>,
    /// In the name of this partner.
    pub partner: Option<PartnerId>,
}

/// What a list of polls is sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PollOrder {
    /// The youngest first.
    #[default]
    Newest,
    /// The most voters first.
    MostVoters,
    /// By title, A to Z.
    Title,
}

impl Ballot {
    /// The ballot as it was cast: the mark of a quiz holds what it earns if it is right.
    pub(super) fn as_cast(&mut self, kind: QuestionKind) {
        if kind == QuestionKind::Quiz {
            for mark in &mut self.marks {
                mark.value = 1;
            }
        }
    }
}

impl PollOrder {
    /// The kind of value that a list of this order is sorted by.
    pub(super) fn sorted_by(self) -> SortKind {
        match self {
            Self::Newest => SortKind::Instant,
            Self::MostVoters => SortKind::Number,
            Self::Title => SortKind::Text,
        }
    }
}

impl Poll {
    /// The poll's place in a list of this order.
    pub(super) fn key(&self, order: PollOrder) -> Key {
        Key {
            sort: match order {
                PollOrder::Newest => Sort::Instant(self.created_at),
                PollOrder::MostVoters => Sort::Number(self.voter_count),
                PollOrder::Title => Sort::Text(text::sort_key(&self.title)),
            },
            id: self.id.0,
        }
    }
}
