//! The presenter's room: entering it, showing its questions, and who is there.

use std::{collections::HashMap, net::IpAddr, time::Duration};

use chrono::TimeDelta;

use super::{
    super::{
        Pace, Participants, Poll, PollRefusal, PollStatus, Presence, Presentation, QuestionState,
        policy, presence::Participant, room, store, voter::Voter,
    },
    Polls, allow, existing,
};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    database::Transaction,
    id::{PollId, QuestionId},
    random,
};

/// How many codes are tried for a room.
const CODES: usize = 100;
/// How often this process says who follows its rooms.
const REPORT: Duration = Duration::from_secs(3);
/// For how long what a process said of its rooms counts.
const FRESH: TimeDelta = TimeDelta::seconds(10);
/// After how long it is taken away.
const STALE: TimeDelta = TimeDelta::minutes(1);

impl Polls {
    /// The poll that is not over and whose room is entered by this code, six digits with spaces
    /// as one likes, if the actor may know of it. `address` is where they ask from, if that is
    /// known: whoever guesses wrong too often has to wait.
    pub async fn by_join_code(
        &self,
        actor: &Actor,
        address: Option<IpAddr>,
        code: &str,
    ) -> Result<Option<Poll>> {
        let Some(code) = typed(code) else {
            return Ok(None);
        };
        let now = self.clock.now();
        let guess = self.guesses.take(actor, address, now)?;
        let poll = store::room::by_join_code(self.database.read(), &code, now)
            .await?
            .filter(|poll| !poll.status.is_over() && policy::may_see(actor, poll));
        if poll.is_some() {
            guess.right();
        }
        Ok(poll)
    }

    /// Brings a question of an open room into another state, and makes it the one that is shown
    /// unless that hides it; a question that was open before it is locked.
    pub async fn present(
        &self,
        actor: &Actor,
        question: QuestionId,
        asked: Presentation,
    ) -> Result<Poll, PollRefusal> {
        allow(actor)?;
        if asked.timer_seconds.is_some_and(|seconds| {
            asked.state != QuestionState::Open || !(1..=room::LONGEST_TIMER).contains(&seconds)
        }) {
            return Err(Error::refused(PollRefusal::Timer));
        }
        let poll = self
            .database
            .write(|transaction| async move {
                let polls = store::standing::polls_of(&transaction, &[question]).await?;
                let poll = polls.get(&question).ok_or(Error::NotFound)?;
                let (poll, now) = self.locked(&transaction, *poll).await?;
                if let Some(refusal) = no_room(&poll) {
                    return Err(Error::refused(refusal));
                }
                let question = store::counting::questions(&transaction, &[question].into())
                    .await?
                    .pop()
                    .ok_or(Error::NotFound)?;
                let state = question.state_at(now);
                if asked
                    .expected_state
                    .is_some_and(|expected| expected != state)
                    || !room::may_step(state, asked.state)
                {
                    return Err(Error::refused(PollRefusal::StateChanged));
                }
                let next = question.step(asked, now);
                store::room::set_state(&transaction, &next).await?;
                if next.state != QuestionState::Hidden {
                    store::room::lock_others(&transaction, poll.id, next.id).await?;
                    store::room::set_active(&transaction, poll.id, Some(next.id)).await?;
                } else if poll.active_question == Some(next.id) {
                    store::room::set_active(&transaction, poll.id, None).await?;
                }
                existing(&transaction, poll.id, now).await
            })
            .await?;
        self.changed(poll.id);
        Ok(poll)
    }

    /// Counts the actor among those who follow the poll's room while the answer lives; none
    /// where the audience sets the pace, and no room is there.
    pub fn enter(&self, actor: &Actor, poll: &Poll) -> Option<Presence> {
        (poll.pace == Pace::Presenter).then(|| {
            let participant = Participant::of(Voter::of(actor), None);
            self.rooms.enter(poll.id, participant)
        })
    }

    /// Who follows those of the rooms that the actor may know of, over every process; absent
    /// where the audience sets the pace. Someone who follows over two processes counts twice.
    pub async fn participants(
        &self,
        actor: &Actor,
        polls: &[PollId],
    ) -> Result<HashMap<PollId, Participants>> {
        let connection = self.database.read();
        let peaks = store::room::peaks(connection, actor, polls).await?;
        if peaks.is_empty() {
            return Ok(HashMap::new());
        }
        let fresh = self.clock.now() - FRESH;
        let elsewhere = store::room::elsewhere(connection, self.instance, polls, fresh).await?;
        Ok(peaks
            .into_iter()
            .map(|(poll, peak)| {
                let count =
                    self.rooms.count(poll) + elsewhere.get(&poll).copied().unwrap_or_default();
                let peak = peak.max(count);
                (poll, Participants { count, peak })
            })
            .collect())
    }

    /// Says in the database who follows rooms over this process, raises the peaks, and tells who
    /// watches where it changed. Costs nothing while nobody follows a room.
    pub async fn report_participants(&self) -> Result<()> {
        let all = &self.rooms.attendance();
        if all.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let counts: &Vec<(PollId, i64)> = &all.iter().map(|one| (one.poll, one.count)).collect();
        let polls: &Vec<PollId> = &all.iter().map(|one| one.poll).collect();
        self.database
            .write(|transaction| async move {
                store::room::report(&transaction, self.instance, counts, now).await?;
                store::room::forget(&transaction, None, now - STALE).await?;
                let elsewhere =
                    store::room::elsewhere(&transaction, self.instance, polls, now - FRESH).await?;
                for one in all {
                    let others = elsewhere.get(&one.poll).copied().unwrap_or_default();
                    store::room::raise_peak(&transaction, one.poll, one.most + others).await?;
                }
                Ok(())
            })
            .await?;
        self.rooms.reported(all);
        for one in all.iter().filter(|one| one.changed) {
            self.changed(one.poll);
        }
        Ok(())
    }

    /// Reports who follows rooms every three seconds until `end`, and then that nobody does.
    pub async fn attend(&self, end: impl Future<Output = ()>) {
        let mut end = std::pin::pin!(end);
        loop {
            if let Err(fault) = self.report_participants().await {
                tracing::error!(?fault, "who follows rooms cannot be written down");
            }
            tokio::select! {
                () = &mut end => break,
                () = tokio::time::sleep(REPORT) => {}
            }
        }
        let stale = self.clock.now() - STALE;
        let gone: Result<()> = self
            .database
            .write(|transaction| async move {
                store::room::forget(&transaction, Some(self.instance), stale).await?;
                Ok(())
            })
            .await;
        if let Err(fault) = gone {
            tracing::warn!(
                ?fault,
                "the rooms of this process stay on record for a minute"
            );
        }
    }
}

/// The code behind what someone typed, if it could be one.
fn typed(code: &str) -> Option<String> {
    let code: String = code
        .chars()
        .filter(|typed| !typed.is_whitespace())
        .collect();
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    (code.len() == 6 && digits).then_some(code)
}

/// Why nothing is shown in a poll's room now.
fn no_room(poll: &Poll) -> Option<PollRefusal> {
    match poll.status {
        _ if poll.pace == Pace::Audience => Some(PollRefusal::NotARoom),
        PollStatus::Draft | PollStatus::Scheduled => Some(PollRefusal::NotOpen),
        PollStatus::Paused => Some(PollRefusal::Paused),
        PollStatus::Closed | PollStatus::ResultsPublished | PollStatus::Archived => {
            Some(PollRefusal::Closed)
        }
        PollStatus::Cancelled => Some(PollRefusal::Cancelled),
        PollStatus::Open => None,
    }
}

/// The poll with a join code, where it has a room that is not over.
pub(super) async fn with_code(
    transaction: &Transaction,
    mut poll: Poll,
    now: Instant,
) -> Result<Poll, PollRefusal> {
    if poll.pace == Pace::Audience || poll.status.is_over() {
        return Ok(poll);
    }
    poll.join_code = store::room::code_of(transaction, poll.id).await?;
    if poll.join_code.is_some() {
        return Ok(poll);
    }
    for _ in 0..CODES {
        let code = random::join_code()?;
        if store::room::take_code(transaction, &code, poll.id, now).await? {
            poll.join_code = Some(code);
            return Ok(poll);
        }
    }
    Err(Error::internal("every join code that was tried is taken"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_typed_with_spaces_as_one_likes() {
        for typed_as in ["123456", "123 456", " 12 34\u{a0}56\n"] {
            assert_eq!(typed(typed_as).as_deref(), Some("123456"), "{typed_as}");
        }
        for nonsense in [
            "",
            "12345",
            "1234567",
            "12345a",
            "１２３４５６",
            "-12345",
            "12.456",
        ] {
            assert_eq!(typed(nonsense), None, "{nonsense}");
        }
    }
}
