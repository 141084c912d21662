//! Starting a poll again, and what is left of the times before.

use std::{collections::HashMap, sync::Arc};

use super::{
    super::{Poll, PollRefusal, PollStatus, PollTimes, QuestionResults, Run, View, results, store},
    Polls, allow,
    anonymize::renew_secret,
    existing,
    room::with_code,
};
use crate::{
    Actor, Error, Result,
    id::{PollId, QuestionId},
};

impl Polls {
    /// Ends the present run of a poll and begins the next, which is open from now on: questions
    /// stand as at the start, everyone may vote again, and the ballots and results of the old run
    /// are kept. A planned close that is still to come holds; one that has passed does not. Where
    /// the old run's ballots are anonymised, those of the new one have another secret. With
    /// `expected_run` it is refused where the poll is in another run by then.
    pub async fn restart(
        &self,
        actor: &Actor,
        id: PollId,
        expected_run: Option<i32>,
    ) -> Result<Poll, PollRefusal> {
        allow(actor)?;
        let poll = self
            .database
            .write(|transaction| async move {
                let (poll, now) = self.locked(&transaction, id).await?;
                if expected_run.is_some_and(|expected| expected != poll.run) {
                    return Err(Error::refused(PollRefusal::RunChanged));
                }
                match poll.status {
                    PollStatus::Open
                    | PollStatus::Paused
                    | PollStatus::Closed
                    | PollStatus::ResultsPublished => {}
                    PollStatus::Draft | PollStatus::Scheduled => {
                        return Err(Error::refused(PollRefusal::NotOpen));
                    }
                    PollStatus::Archived => return Err(Error::refused(PollRefusal::Closed)),
                    PollStatus::Cancelled => return Err(Error::refused(PollRefusal::Cancelled)),
                }
                let times = PollTimes {
                    opens_at: Some(now),
                    closes_at: poll.times.closes_at.filter(|close| *close > now),
                    closed_early_at: None,
                    paused_at: None,
                    results_published_at: None,
                    ..poll.times
                };
                store::run::restart(&transaction, &poll, times, now).await?;
                renew_secret(&transaction, &poll).await?;
                let poll = existing(&transaction, id, now).await?;
                with_code(&transaction, poll, now).await
            })
            .await?;
        self.rooms.start_anew(id);
        self.changed(id);
        Ok(poll)
    }

    /// The runs of those polls that the actor may know of, the present one last.
    pub async fn runs(&self, actor: &Actor, polls: &[PollId]) -> Result<HashMap<PollId, Vec<Run>>> {
        let mut runs: HashMap<PollId, Vec<Run>> = HashMap::new();
        for (poll, run) in store::run::of_polls(self.database.read(), actor, polls).await? {
            runs.entry(poll).or_default().push(run);
        }
        Ok(runs)
    }

    /// The results of questions in any of their runs; staff alone sees them. Absent where the
    /// question or the run is not there.
    pub async fn results_of_runs(
        &self,
        actor: &Actor,
        asked: &[(QuestionId, i32)],
    ) -> Result<HashMap<(QuestionId, i32), Arc<QuestionResults>>> {
        if !actor.is_staff() {
            return Ok(HashMap::new());
        }
        let ids: Vec<QuestionId> = asked.iter().map(|(question, _)| *question).collect();
        let questions = self
            .in_views(actor, &ids, |_| false, View::readable)
            .await?;
        let counts = store::run::counts(self.database.read(), asked).await?;
        Ok(counts
            .into_iter()
            .filter_map(|((id, run), (head, counts))| {
                let (question, options, revealed) = questions.get(&id)?;
                let results = results::read(question, *revealed, head, options.clone(), &counts);
                Some(((id, run), Arc::new(results)))
            })
            .collect())
    }
}
