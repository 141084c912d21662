//! Reading one's own ballots.

use std::collections::HashMap;

use super::{
    super::{
        Ballot, PollOption, QuestionKind, View, store,
        voter::{Voter, VoterKey},
        written::is_written,
    },
    Polls,
};
use crate::{
    Actor, Result,
    id::{OptionId, QuestionId},
};

/// What one's own ballot for a question is found by.
struct Asked {
    kind: QuestionKind,
    run: i32,
    voter: VoterKey,
}

impl Polls {
    /// The actor's own ballots for those questions, retracted and anonymised ones left out.
    pub async fn ballots(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
    ) -> Result<HashMap<QuestionId, Ballot>> {
        let asked = self.asked(actor, questions, |_| true).await?;
        let mut ballots = self.as_stored(&asked).await?;
        for (question, ballot) in &mut ballots {
            if let Some(asked) = asked.get(question) {
                ballot.as_cast(asked.kind);
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
        let asked = self
            .asked(actor, questions, |kind| kind == QuestionKind::Quiz)
            .await?;
        let quizzes: Vec<QuestionId> = asked.keys().copied().collect();
        let right = self
            .in_views(
                actor,
                &quizzes,
                |_| false,
                |view: &View, id| {
                    let options = view.options(actor, id)?;
                    let shown = options.iter().any(|option| option.is_right.is_some());
                    let right = options
                        .iter()
                        .filter(|option| option.is_right == Some(true))
                        .map(|option| option.id)
                        .collect::<Vec<OptionId>>();
                    shown.then_some(right)
                },
            )
            .await?;
        let ballots = self.as_stored(&asked).await?;
        Ok(ballots
            .into_iter()
            .filter_map(|(question, ballot)| {
                let right = right.get(&question)?;
                let earned = ballot
                    .marks
                    .iter()
                    .filter(|mark| right.contains(&mark.option));
                Some((question, earned.map(|mark| mark.value).sum()))
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
        let asked = self.asked(actor, questions, is_written).await?;
        if asked.is_empty() {
            return Ok(HashMap::new());
        }
        let ballots = self.as_stored(&asked).await?;
        let marks = ballots.values().flat_map(|ballot| &ballot.marks);
        let marked: Vec<OptionId> = marks.map(|mark| mark.option).collect();
        let writers: Vec<VoterKey> = asked.into_values().map(|asked| asked.voter).collect();
        let mut options: HashMap<QuestionId, Vec<PollOption>> = HashMap::new();
        for option in store::written::own(self.database.read(), marked, &writers).await? {
            options.entry(option.question).or_default().push(option);
        }
        Ok(options)
    }

    /// Those of the questions, of the kinds asked after, that the actor may know of and have a
    /// ballot for.
    async fn asked(
        &self,
        actor: &Actor,
        questions: &[QuestionId],
        kinds: impl Fn(QuestionKind) -> bool,
    ) -> Result<HashMap<QuestionId, Asked>> {
        let Some(voter) = Voter::of(actor) else {
            return Ok(HashMap::new());
        };
        self.in_views(
            actor,
            questions,
            |_| false,
            |view, id| {
                let kind = view.question(id)?.kind;
                let voter = view.poll().voter_key(voter)?;
                kinds(kind).then(|| Asked {
                    kind,
                    run: view.poll().run,
                    voter,
                })
            },
        )
        .await
    }

    /// The ballots as they are stored, retracted ones left out.
    async fn as_stored(
        &self,
        asked: &HashMap<QuestionId, Asked>,
    ) -> Result<HashMap<QuestionId, Ballot>> {
        let asked = asked
            .iter()
            .map(|(question, asked)| (*question, asked.run, asked.voter.clone()));
        Ok(store::counting::ballots(self.database.read(), asked).await?)
    }
}
