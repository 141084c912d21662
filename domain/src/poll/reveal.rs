//! What an actor may see of questions and options. What is read from the database says nothing
//! of right answers until it has passed here.

use sha2::{Digest, Sha256};

use super::{
    OptionRole, Poll, PollOption, Question, QuestionKind, policy,
    voter::{Voter, VoterKey},
};
use crate::Actor;

/// Most options that a question lists.
const OPTIONS: usize = 1_000;

/// The question as the actor may see it: with the number to guess once it is revealed.
pub(super) fn question(actor: &Actor, poll: &Poll, question: Question) -> Question {
    let shown = policy::may_see_answer(actor, poll, &question);
    Question {
        target: question.answer.filter(|_| shown),
        ..question
    }
}

/// The options of a question as the actor may see them, of those that the actor may know of: at
/// most 1,000, with what is right once it is revealed, shuffled where the question says so, and
/// without the words of a cloud, which only its results show.
pub(super) fn options(
    actor: &Actor,
    poll: &Poll,
    question: &Question,
    mut options: Vec<PollOption>,
) -> Vec<PollOption> {
    if question.kind == QuestionKind::WordCloud && !actor.is_staff() {
        options.clear();
    }
    options.truncate(OPTIONS);
    let shown =
        question.kind == QuestionKind::Quiz && policy::may_see_answer(actor, poll, question);
    for option in &mut options {
        option.is_right = shown.then_some(option.right);
    }
    let voter = Voter::of(actor).filter(|_| question.rules.shuffled && !actor.is_staff());
    if let Some(key) = voter.and_then(|voter| poll.voter_key(voter)) {
        shuffle(&mut options, &key);
    }
    options
}

/// Puts the options in the voter's own order, the same every time; what stands for none or
/// another answer stays behind.
fn shuffle(options: &mut [PollOption], voter: &VoterKey) {
    options.sort_by_cached_key(|option| {
        let place = (option.role == OptionRole::Choice).then(|| {
            let mut digest = Sha256::new();
            digest.update(&voter.0);
            digest.update(option.id.0.as_bytes());
            digest.finalize().to_vec()
        });
        (place.is_none(), place)
    });
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use uuid::Uuid;

    use super::*;
    use crate::{
        id::VisitorId,
        poll::{PollStatus, QuestionState, fixture},
    };

    fn visitor(number: u128) -> Actor {
        Actor::Visitor(Some(VisitorId(Uuid::from_u128(number))))
    }

    fn order(actor: &Actor, shuffled: bool) -> Vec<i32> {
        let mut question = fixture::question(QuestionKind::Single);
        question.rules.shuffled = shuffled;
        let mut all: Vec<PollOption> = (0..6).map(fixture::option).collect();
        all[4].role = OptionRole::Other;
        all[5].role = OptionRole::NoneOfTheAbove;
        options(actor, &fixture::poll(), &question, all)
            .iter()
            .map(|option| option.position)
            .collect()
    }

    #[test]
    fn each_voter_has_an_order_of_their_own_that_stays() {
        let plain = [0, 1, 2, 3, 4, 5];
        let orders: HashSet<Vec<i32>> = (1..50).map(|voter| order(&visitor(voter), true)).collect();
        assert!(orders.len() > 10, "{orders:?}");
        for number in 1..50 {
            let found = order(&visitor(number), true);
            assert_eq!(found, order(&visitor(number), true));
            assert_eq!(found[4..], [4, 5], "what stands for others stays behind");
            assert_eq!(order(&visitor(number), false), plain);
        }
        assert_eq!(order(&Actor::Visitor(None), true), plain);
        assert_eq!(order(&Actor::System, true), plain);
    }

    #[test]
    fn answers_stay_hidden_until_they_are_revealed_or_the_poll_is_over() {
        let mut asked = fixture::question(QuestionKind::Quiz);
        asked.answer = Some(42);
        let mut poll = fixture::poll();
        let mut right = fixture::option(0);
        right.right = true;
        let sees = |actor: &Actor, poll: &Poll, asked: &Question| {
            let target = question(actor, poll, asked.clone()).target;
            let shown = options(actor, poll, asked, vec![right.clone()])[0].is_right;
            assert_eq!(target.is_some(), shown.is_some());
            assert_ne!(shown, Some(false));
            shown.is_some()
        };
        let public = visitor(1);
        for state in [
            QuestionState::Hidden,
            QuestionState::Open,
            QuestionState::Locked,
        ] {
            asked.state = state;
            assert!(!sees(&public, &poll, &asked), "{state:?}");
            assert!(sees(&Actor::System, &poll, &asked), "{state:?}");
        }
        asked.state = QuestionState::Revealed;
        assert!(sees(&public, &poll, &asked));
        asked.state = QuestionState::Open;
        poll.status = PollStatus::Closed;
        assert!(sees(&public, &poll, &asked));
        // What no quiz has is never shown.
        asked.kind = QuestionKind::Single;
        assert_eq!(
            options(&public, &poll, &asked, vec![right.clone()])[0].is_right,
            None
        );
    }
}
