//! Polls, questions and options for the unit tests beside the rules.

use chrono::DateTime;
use uuid::Uuid;

use super::{
    Eligibility, OptionModeration, OptionRole, Pace, Poll, PollOption, PollStatus, PollTimes,
    Question, QuestionKind, QuestionState, ResultsVisibility, Rules, VoteChange,
    voter::VoterSecret,
};
use crate::{
    clock::Instant,
    id::{OptionId, PollId, QuestionId},
};

/// When [`poll`] opened.
pub(super) const OPENING: Instant = DateTime::UNIX_EPOCH;

/// An open poll.
pub(super) fn poll() -> Poll {
    Poll {
        id: PollId(Uuid::nil()),
        slug: "peiling".to_owned(),
        title: "Peiling".to_owned(),
        description: String::new(),
        status: PollStatus::Open,
        pace: Pace::Audience,
        join_code: None,
        active_question: None,
        times: PollTimes {
            opens_at: Some(OPENING),
            ..PollTimes::default()
        },
        results_visibility: ResultsVisibility::Always,
        vote_change: VoteChange::UntilClose,
        eligibility: Eligibility::Anyone,
        new_voters_per_network: None,
        run: 1,
        voter_count: 0,
        comment_count: 0,
        partner: None,
        created_at: OPENING,
        updated_at: OPENING,
        ballots_anonymized_at: None,
        secret: VoterSecret::stored(vec![7; 32]),
    }
}

/// A question of this kind without rules.
pub(super) fn question(kind: QuestionKind) -> Question {
    Question {
        id: QuestionId(Uuid::nil()),
        poll: PollId(Uuid::nil()),
        position: 0,
        kind,
        prompt: "Wat vindt u?".to_owned(),
        description: String::new(),
        state: QuestionState::Open,
        rules: Rules::default(),
        opened_at: None,
        timer_ends_at: None,
        target: None,
        answer: None,
    }
}

/// The id of the option with this number.
pub(super) fn option_id(number: u128) -> OptionId {
    OptionId(Uuid::from_u128(number))
}

/// The option with this number, which is its place as well.
pub(super) fn option(number: u128) -> PollOption {
    PollOption {
        id: option_id(number),
        question: QuestionId(Uuid::nil()),
        position: i32::try_from(number).unwrap_or(i32::MAX),
        label: format!("Optie {number}"),
        description: String::new(),
        role: OptionRole::Choice,
        moderation: OptionModeration::Approved,
        is_right: None,
        right: false,
        written_by: None,
    }
}
