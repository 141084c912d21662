use chrono::{DateTime, TimeDelta};

use super::{
    super::{QuestionKind, Rules},
    *,
};
use crate::id::{PollId, QuestionId};

use QuestionState::{Hidden, Locked, Open, Revealed};

fn at(second: i64) -> Instant {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

fn question(state: QuestionState) -> Question {
    Question {
        id: QuestionId(uuid::Uuid::nil()),
        poll: PollId(uuid::Uuid::nil()),
        position: 0,
        kind: QuestionKind::Single,
        prompt: String::new(),
        description: String::new(),
        state,
        opened_at: None,
        timer_ends_at: None,
        rules: Rules::default(),
    }
}

fn to(state: QuestionState) -> Presentation {
    Presentation {
        state,
        expected_state: None,
        timer_seconds: None,
    }
}

#[test]
fn every_pair_of_states_is_decided() {
    for (from, allowed) in [
        (Hidden, [true, true, false, false]),
        (Open, [true, true, true, false]),
        (Locked, [true, true, true, true]),
        (Revealed, [true, false, true, true]),
    ] {
        for (to, allowed) in [Hidden, Open, Locked, Revealed].into_iter().zip(allowed) {
            assert_eq!(may_step(from, to), allowed, "{from:?} to {to:?}");
        }
    }
}

#[test]
fn a_timer_locks_at_its_end_and_not_before() {
    let timed = Presentation {
        timer_seconds: Some(30),
        ..to(Open)
    };
    let open = question(Hidden).step(timed, at(10));
    assert_eq!(
        (open.opened_at, open.timer_ends_at),
        (Some(at(10)), Some(at(40)))
    );
    assert_eq!(open.state_at(at(40) - TimeDelta::microseconds(1)), Open);
    assert_eq!(open.state_at(at(40)), Locked);
    assert_eq!(open.clone().at(at(40)).at(at(90)).state, Locked);
    // Shown again while it runs, it goes on; with a timer, it starts anew.
    assert_eq!(open.step(to(Open), at(20)).timer_ends_at, Some(at(40)));
    assert_eq!(open.step(timed, at(20)).timer_ends_at, Some(at(50)));
    // Opened again once it ran out, without one.
    let again = open.step(to(Open), at(40));
    assert_eq!((again.timer_ends_at, again.state_at(at(90))), (None, Open));
}

#[test]
fn a_question_keeps_when_it_was_first_opened_and_loses_its_timer_when_locked() {
    let open = question(Hidden).step(
        Presentation {
            timer_seconds: Some(30),
            ..to(Open)
        },
        at(10),
    );
    let locked = open.step(to(Locked), at(20));
    assert_eq!(
        (locked.opened_at, locked.timer_ends_at),
        (Some(at(10)), None)
    );
    let open = locked.step(to(Open), at(25));
    assert_eq!((open.opened_at, open.timer_ends_at), (Some(at(10)), None));
}

#[test]
fn a_timer_means_nothing_to_a_question_that_is_not_open() {
    for state in [Hidden, Locked, Revealed] {
        let mut question = question(state);
        question.timer_ends_at = Some(at(0));
        assert_eq!(question.state_at(at(10)), state);
    }
}
