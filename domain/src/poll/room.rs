//! The presenter's room, without a database: how a question's state moves, and when its timer
//! has run out.

use super::{Channel, Pace, Poll, Question, QuestionState};
use crate::clock::Instant;

/// The longest timer, in seconds.
pub(super) const LONGEST_TIMER: i32 = 3_600;

/// What a presenter does with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presentation {
    /// The state that the question gets.
    pub state: QuestionState,
    /// The state that the presenter sees it in; refused where it is in another by then.
    pub expected_state: Option<QuestionState>,
    /// How long it stays open, 1 to 3,600 seconds; until it is locked where absent.
    pub timer_seconds: Option<i32>,
}

/// The state of a question that no presenter has touched.
pub(super) fn start(pace: Pace) -> QuestionState {
    match pace {
        Pace::Audience => QuestionState::Open,
        Pace::Presenter => QuestionState::Hidden,
    }
}

/// Whether a presenter may bring a question from one state to another. Steps are small, so that
/// one from a screen that lags behind the room is refused: nobody reveals a question that was
/// opened again a moment ago.
///
/// | from \ to | HIDDEN | OPEN | LOCKED | REVEALED |
/// | --- | --- | --- | --- | --- |
/// | HIDDEN | stays | ask it | – | – |
/// | OPEN | take it away | stays; a timer starts anew | end the vote | – |
/// | LOCKED | take it away | vote on | stays | show the results |
/// | REVEALED | take it away | – | hide the results | stays |
pub(super) fn may_step(from: QuestionState, to: QuestionState) -> bool {
    use QuestionState::{Hidden, Locked, Open, Revealed};
    from == to
        || matches!(
            (from, to),
            (Hidden | Locked, Open)
                | (Open | Revealed, Hidden | Locked)
                | (Locked, Hidden | Revealed)
        )
}

impl Question {
    /// Where it stands at `now`: locked once its timer has run out. No job decides that.
    pub fn state_at(&self, now: Instant) -> QuestionState {
        match (self.state, self.timer_ends_at) {
            (QuestionState::Open, Some(end)) if end <= now => QuestionState::Locked,
            (state, _) => state,
        }
    }

    /// When its timer runs out, or has; none where it is not open, or has none.
    pub(super) fn timer(&self) -> Option<Instant> {
        self.timer_ends_at
            .filter(|_| self.state == QuestionState::Open)
    }

    /// The question as it stands at `now`.
    #[must_use]
    pub fn at(mut self, now: Instant) -> Self {
        self.state = self.state_at(now);
        self
    }

    /// The question after a step that is allowed, taken at `now`.
    pub(super) fn step(&self, asked: Presentation, now: Instant) -> Self {
        let open = asked.state == QuestionState::Open;
        let timer = asked
            .timer_seconds
            .map(|seconds| now + chrono::TimeDelta::seconds(i64::from(seconds)));
        let running = self
            .timer_ends_at
            .filter(|_| self.state_at(now) == QuestionState::Open);
        Self {
            state: asked.state,
            opened_at: self.opened_at.or(open.then_some(now)),
            timer_ends_at: timer.or(running).filter(|_| open),
            ..self.clone()
        }
    }
}

impl Poll {
    /// How ballots over the platform's own pages come in.
    pub(super) fn channel(&self) -> Channel {
        match self.pace {
            Pace::Audience => Channel::Site,
            Pace::Presenter => Channel::Room,
        }
    }
}

#[cfg(test)]
mod tests;
