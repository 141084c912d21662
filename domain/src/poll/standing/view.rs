//! What one sees of a standing.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    super::{Poll, PollOption, Question, QuestionResults, policy, reveal},
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
    now: Instant,
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
        let mut poll = standing.at(now);
        poll.join_code = poll
            .join_code
            .filter(|_| policy::may_see_join_code(&sight.someone()));
        Self {
            standing,
            poll,
            now,
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

    /// Its questions that they may know of, in order.
    pub fn questions(&self) -> Vec<Question> {
        self.standing
            .questions()
            .filter_map(|question| self.shown(question))
            .collect()
    }

    /// Whether the question is one of this poll, whoever may know of it.
    pub fn asks(&self, id: QuestionId) -> bool {
        self.standing.asked(id).is_some()
    }

    /// A question of it; none where they may not know of it.
    pub fn question(&self, id: QuestionId) -> Option<Question> {
        self.shown(&self.standing.asked(id)?.question)
    }

    /// The options of one of its questions that they may see, in the order in which `actor`, who
    /// is of this sight, sees them; none where the question is another poll's, or they may not
    /// know of it.
    pub fn options(&self, actor: &Actor, question: QuestionId) -> Option<Vec<PollOption>> {
        let someone = self.sight.someone();
        let asked = self.standing.asked(question)?;
        policy::may_see_question(&someone, &asked.question).then(|| {
            let mut options = asked.options(policy::may_see_hidden_options(&someone));
            if !self.sees_written_options(&asked.question) {
                options.retain(|option| option.written_by.is_none());
            }
            reveal::options(actor, &self.poll, &asked.question, options)
        })
    }

    /// Returns what the results of one of its questions are read with, in any run: the question, the
    /// options that they may know of, in order, and if they may see what is right. None if they
    /// may not know of the question.
    pub(in crate::poll) fn readable(
        &self,
        question: QuestionId,
    ) -> Option<(Question, Vec<PollOption>, bool)> {
        let someone = self.sight.someone();
        let asked = self.standing.asked(question)?;
        policy::may_see_question(&someone, &asked.question).then(|| {
            let all = policy::may_see_hidden_options(&someone);
            let revealed = policy::may_see_answer(&someone, &self.poll, &asked.question);
            let options = asked.options_of_every_run(all);
            ((*asked.question).clone(), options, revealed)
        })
    }

    /// The results of one of its questions; none where they may not see them.
    pub fn results(&self, question: QuestionId) -> Option<Arc<QuestionResults>> {
        let asked = self.standing.asked(question)?;
        if !self.sees_results(&asked.question) {
            return None;
        }
        let someone = self.sight.someone();
        let all = policy::may_see_hidden_options(&someone);
        let revealed = policy::may_see_answer(&someone, &self.poll, &asked.question);
        Some(Arc::clone(asked.results(all, revealed)))
    }

    /// Whether they may see the results of every question that they may know of, and of one at
    /// least.
    pub fn sees_all_results(&self) -> bool {
        let questions = self.questions();
        !questions.is_empty() && questions.iter().all(|question| self.sees_results(question))
    }

    fn sees_results(&self, question: &Question) -> bool {
        let answered = self.sight.answered.contains(&question.id);
        policy::may_see_results(&self.sight.someone(), &self.poll, question, answered)
    }

    fn sees_written_options(&self, question: &Question) -> bool {
        let answered = self.sight.answered.contains(&question.id);
        policy::may_see_written_options(&self.sight.someone(), &self.poll, question, answered)
    }

    /// The question as it stands, if they may know of it.
    fn shown(&self, question: &Question) -> Option<Question> {
        let someone = self.sight.someone();
        policy::may_see_question(&someone, question)
            .then(|| reveal::question(&someone, &self.poll, question.clone().at(self.now)))
    }

    /// Whether it hangs on a voter's own ballots which results they may see.
    pub fn hangs_on_ballots(&self) -> bool {
        self.standing.hangs_on_ballots(self.now)
    }
}
