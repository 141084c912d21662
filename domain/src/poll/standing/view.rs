//! What one sees of a standing.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    super::{Poll, PollOption, Question, QuestionResults, policy},
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
    actor: Actor,
    answered: BTreeSet<QuestionId>,
}

impl Sight {
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
    /// The standing at `now` as `actor` sees it, who has `answered` these of its questions, as
    /// far as what they see hangs on that.
    pub(in crate::poll) fn new(
        standing: Arc<Standing>,
        now: Instant,
        actor: Actor,
        answered: BTreeSet<QuestionId>,
    ) -> Self {
        Self {
            poll: standing.at(now),
            standing,
            actor,
            answered,
        }
    }

    /// The standing at `now` as anyone of this sight sees it.
    pub(in crate::poll) fn of_sight(standing: Arc<Standing>, now: Instant, sight: Sight) -> Self {
        Self::new(standing, now, sight.someone(), sight.answered)
    }

    /// Whether they may know of the poll.
    pub fn is_seen(&self) -> bool {
        policy::may_see(&self.actor, &self.poll)
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
    pub fn question(&self, id: QuestionId) -> Option<Question> {
        Some((*self.standing.asked(id)?.question).clone())
    }

    /// Whether the question is one of this poll.
    pub fn asks(&self, id: QuestionId) -> bool {
        self.standing.asked(id).is_some()
    }

    /// The options of one of its questions that they may see, in order; none where the question
    /// is another poll's.
    pub fn options(&self, question: QuestionId) -> Option<Vec<PollOption>> {
        let all = policy::may_see_hidden_options(&self.actor);
        Some(self.standing.asked(question)?.options(all))
    }

    /// The results of one of its questions; none where they may not see them.
    pub fn results(&self, question: QuestionId) -> Option<Arc<QuestionResults>> {
        let asked = self.standing.asked(question)?;
        if !self.sees_results(question) {
            return None;
        }
        let all = policy::may_see_hidden_options(&self.actor);
        Some(Arc::clone(asked.results(all)))
    }

    /// Whether they may see the results of every question.
    pub fn sees_all_results(&self) -> bool {
        self.standing
            .questions()
            .all(|question| self.sees_results(question.id))
    }

    fn sees_results(&self, question: QuestionId) -> bool {
        let answered = self.answered.contains(&question);
        policy::may_see_results(&self.actor, &self.poll, answered)
    }
}
