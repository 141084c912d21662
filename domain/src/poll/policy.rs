//! Who may do what with a poll. What depends on the time reads the poll's status.

use super::{
    Eligibility, Pace, Poll, PollStatus, Question, QuestionState, ResultsVisibility, voter::Voter,
};
use crate::Actor;

/// Whether `actor` may make, change, open and close every poll: editors.
pub(super) fn may_manage(actor: &Actor) -> bool {
    actor.is_editor()
}

/// Whether `actor` may know of `poll`: everyone, once it has an opening time; staff before.
pub fn may_see(actor: &Actor, poll: &Poll) -> bool {
    actor.is_staff() || poll.times.opens_at.is_some()
}

/// Whether `actor` sees options that are held back or rejected, and what they count: staff.
pub(super) fn may_see_hidden_options(actor: &Actor) -> bool {
    actor.is_staff()
}

/// Whether `actor` may judge what voters wrote: staff.
pub fn may_judge(actor: &Actor) -> bool {
    actor.is_staff()
}

/// Returns if `actor` sees how many ballots of a run were refused, and by which limit: staff.
pub fn may_see_refused_ballots(actor: &Actor) -> bool {
    actor.is_staff()
}

/// Whether `actor` sees what voters wrote beside the option for other answers: staff.
pub fn may_see_other_texts(actor: &Actor) -> bool {
    actor.is_staff()
}

/// Whether `actor` may see what is right: everyone once the question is revealed or its poll
/// over, staff before.
pub(super) fn may_see_answer(actor: &Actor, poll: &Poll, question: &Question) -> bool {
    actor.is_staff() || question.state == QuestionState::Revealed || poll.status.is_over()
}

/// Whether `actor` is among those who may vote in `poll` while it is open; guests in the poll of
/// their embed.
pub fn is_eligible(actor: &Actor, poll: &Poll) -> bool {
    // What a partner vouches for, it does so in its own poll.
    if let Actor::Guest(guest) = actor
        && guest.poll != poll.id
    {
        return false;
    }
    // A voter by their ballots on record, and no more.
    if matches!(actor, Actor::Blocked(_)) {
        return false;
    }
    match poll.eligibility {
        Eligibility::Anyone => Voter::of(actor).is_some(),
        Eligibility::Account => actor.account().is_some(),
    }
}

/// Whether `actor` may vote in `poll` now.
pub fn may_vote(actor: &Actor, poll: &Poll) -> bool {
    may_see(actor, poll) && is_eligible(actor, poll) && poll.status == PollStatus::Open
}

/// Whether `actor` may know of `question`, of a poll that they may know of: everyone, but for
/// one that its presenter keeps hidden; staff always.
pub fn may_see_question(actor: &Actor, question: &Question) -> bool {
    actor.is_staff() || question.state != QuestionState::Hidden
}

/// Whether `actor` may see the code of a room that they did not enter by it: staff.
pub(super) fn may_see_join_code(actor: &Actor) -> bool {
    actor.is_staff()
}

/// Returns if `actor` may see the options that voters wrote for `question`: along with its
/// results, or before if the question says so.
pub(super) fn may_see_written_options(
    actor: &Actor,
    poll: &Poll,
    question: &Question,
    voted: bool,
) -> bool {
    question.rules.answers_visible || may_see_results(actor, poll, question, voted)
}

/// Whether `actor`, who has `voted` on the question or not, may see its results. In a room they
/// are the presenter's to show: nobody's own ballot opens them.
pub fn may_see_results(actor: &Actor, poll: &Poll, question: &Question, voted: bool) -> bool {
    if actor.is_staff() {
        return true;
    }
    if !may_see(actor, poll) || !may_see_question(actor, question) {
        return false;
    }
    let over = poll.status.is_over();
    match (poll.results_visibility, poll.pace) {
        (ResultsVisibility::Staff, _) => false,
        (ResultsVisibility::Always, _) => true,
        (ResultsVisibility::AfterVote | ResultsVisibility::AfterClose, Pace::Presenter) => {
            over || question.state == QuestionState::Revealed
        }
        (ResultsVisibility::AfterVote, Pace::Audience) => voted || over,
        (ResultsVisibility::AfterClose, Pace::Audience) => over,
    }
}
