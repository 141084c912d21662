//! Reading one's own ballots.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        Ballot, Poll, PollOption, Question, QuestionKind, policy, store, voter::Voter,
        written::is_written,
    },
    Polls,
};
use crate::{
    Actor, Result,
    id::{OptionId, QuestionId},
};

impl Polls {
    /// The actor's own ballots for those questions, retracted ones left out.
    pub async fn ballots(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Ballot>> {
        if Voter::of(actor).is_none() {
            return Ok(HashMap::new());
        }
        let now = self.clock.now();
        let found =
            store::question::with_polls(self.database.read(), actor, questions, now).await?;
        let asked: Vec<(&Question, &Poll)> = found
            .iter()
            .map(|(question, poll)| (question, poll))
            .collect();
        let mut ballots = self.own_ballots(actor, &asked).await?;
        for (question, _) in asked {
            if let Some(ballot) = ballots.get_mut(&question.id) {
                ballot.as_cast(question.kind);
            }
        }
        Ok(ballots)
    }

    /// What the actor's own ballots for those questions earned, where the questions are quizzes
    /// whose answers the actor may see.
    pub async fn points(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, i32>> {
        let (connection, now) = (self.database.read(), self.clock.now());
        let found = store::question::with_polls(connection, actor, questions, now).await?;
        let asked: Vec<(&Question, &Poll)> = found
            .iter()
            .filter(|(question, poll)| {
                question.kind == QuestionKind::Quiz && policy::may_see_answer(actor, poll, question)
            })
            .map(|(question, poll)| (question, poll))
            .collect();
        if asked.is_empty() {
            return Ok(HashMap::new());
        }
        let ballots = self.own_ballots(actor, &asked).await?;
        let ids: Vec<QuestionId> = ballots.keys().copied().collect();
        let options = store::question::options(connection, actor, &ids).await?;
        let right: HashSet<OptionId> = options
            .into_values()
            .flatten()
            .filter(|option| option.right)
            .map(|option| option.id)
            .collect();
        Ok(ballots
            .into_iter()
            .map(|(question, ballot)| {
                let earned = ballot
                    .marks
                    .iter()
                    .filter(|mark| right.contains(&mark.option));
                (question, earned.map(|mark| mark.value).sum())
            })
            .collect())
    }

    /// What voters wrote that stands on the actor's own ballots for those questions: also what is
    /// held back, and of what was rejected what the actor wrote.
    pub async fn own_written(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Vec<PollOption>>> {
        let (connection, now) = (self.database.read(), self.clock.now());
        let found = store::question::with_polls(connection, actor, questions, now).await?;
        let asked: Vec<(&Question, &Poll)> = found
            .iter()
            .filter(|(question, _)| is_written(question.kind))
            .map(|(question, poll)| (question, poll))
            .collect();
        let Some(voter) = Voter::of(actor).filter(|_| !asked.is_empty()) else {
            return Ok(HashMap::new());
        };
        let ballots = self.own_ballots(actor, &asked).await?;
        let marks = ballots.values().flat_map(|ballot| &ballot.marks);
        let marked: Vec<OptionId> = marks.map(|mark| mark.option).collect();
        let writers: Vec<_> = asked
            .iter()
            .map(|(_, poll)| poll.secret.key(voter))
            .collect();
        let mut options: HashMap<QuestionId, Vec<PollOption>> = HashMap::new();
        for option in store::written::own(connection, marked, &writers).await? {
            options.entry(option.question).or_default().push(option);
        }
        Ok(options)
    }

    /// The actor's own ballots for these questions of these polls, retracted ones left out.
    pub(super) async fn own_ballots(
        &self,
        actor: &Actor,
        asked: &[(&Question, &Poll)],
    ) -> Result<HashMap<QuestionId, Ballot>> {
        let Some(voter) = Voter::of(actor) else {
            return Ok(HashMap::new());
        };
        let mut keys = Vec::with_capacity(asked.len());
        for (question, poll) in asked {
            keys.push((question.id, poll.run, poll.secret.key(voter)));
        }
        Ok(store::counting::ballots(self.database.read(), keys).await?)
    }
}
