//! What one sees of a standing.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    super::{Poll, PollOption, Question, QuestionResults, ResultsVisibility, policy},
    Standing,
};
use crate::{Actor, clock::Instant, id::QuestionId};

/// What an actor sees of a poll beyond what everyone sees, and whoever has the same sees the
/// same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Sight {
    /// Whether they work for the province.
    pub is_staff: bool,
    /// The questions that they have answered, where it hangs on that which results they see;
    /// else none.
    pub answered: BTreeSet<QuestionId>,
}

/// A poll as those of one sight see it at one moment.
#[derive(Debug, Clone)]
pub struct View {
    standing: Arc<Standing>,
    poll: Poll,
    sight: Sight,
}

impl Sight {
    /// What an actor sees whatever they have answered.
    pub(in crate::poll) fn before_ballots(actor: &Actor) -> Self {
        Self {
            is_staff: actor.is_staff(),
            answered: BTreeSet::new(),
        }
    }

    /// Someone of this sight.
    fn someone(&self) -> Actor {
        if self.is_staff {
            Actor::System
        } else {
            Actor::Visitor(None)
        }
    }
}

impl View {
    /// The standing at `now` as those of this sight see it.
    pub(in crate::poll) fn new(standing: Arc<Standing>, now: Instant, sight: Sight) -> Self {
        Self {
            poll: standing.at(now),
            standing,
            sight,
        }
    }

    /// Whether they may know of the poll.
    pub fn is_seen(&self) -> bool {
        policy::may_see(&self.sight.someone(), &self.poll)
    }

    /// The poll.
    pub fn poll(&self) -> &Poll {
        &self.poll
    }

    /// Its questions, in order.
    pub fn questions(&self) -> Vec<Question> {
        self.standing.questions().cloned().collect()
    }

    /// A question of it.
    pub fn question(&self, id: QuestionId) -> Option<&Question> {
        Some(&self.standing.asked(id)?.question)
    }

    /// The options of one of its questions that they may see, in order; none where the question
    /// is another poll's.
    pub fn options(&self, question: QuestionId) -> Option<Vec<PollOption>> {
        let all = policy::may_see_hidden_options(&self.sight.someone());
        Some(self.standing.asked(question)?.options(all))
    }

    /// The results of one of its questions; none where they may not see them.
    pub fn results(&self, question: QuestionId) -> Option<Arc<QuestionResults>> {
        let someone = self.sight.someone();
        let asked = self.standing.asked(question)?;
        let answered = self.sight.answered.contains(&question);
        if !policy::may_see_results(&someone, &self.poll, answered) {
            return None;
        }
        let all = policy::may_see_hidden_options(&someone);
        Some(Arc::clone(asked.results(all)))
    }

    /// Whether they may see the results of every question.
    pub fn sees_all_results(&self) -> bool {
        let someone = self.sight.someone();
        self.standing.questions().all(|question| {
            let answered = self.sight.answered.contains(&question.id);
            policy::may_see_results(&someone, &self.poll, answered)
        })
    }

    /// Whether it hangs on a voter's own ballots which results they may see.
    pub fn hangs_on_ballots(&self) -> bool {
        self.poll.results_visibility == ResultsVisibility::AfterVote && !self.poll.status.is_over()
    }
}
