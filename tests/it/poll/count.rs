//! Counting under pressure: copies, bursts and a close in the middle of one.

use std::sync::atomic::{AtomicUsize, Ordering};

use domain::{
    Actor, Error,
    clock::Clock,
    id::{OptionId, PollId, QuestionId, VisitorId},
    poll::{BallotDraft, BallotRefusal, Mark},
};
use entity::{ballot, ballot_event, poll_option};
use futures_util::{StreamExt, future::join_all, stream};
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{choice, close, poll, question, recount::recount, voters};

/// The ids behind a poll's first question.
async fn ids(app: &TestApp) -> (QuestionId, Vec<OptionId>) {
    let options = poll_option::Entity::find()
        .order_by_asc(poll_option::Column::Position)
        .all(app.database.read())
        .await
        .expect("options");
    (
        options[0].question_id,
        options.iter().map(|option| option.id).collect(),
    )
}

fn ballot_of(options: &[OptionId]) -> BallotDraft {
    BallotDraft {
        marks: options
            .iter()
            .map(|&option| Mark { option, value: 1 })
            .collect(),
        ..BallotDraft::default()
    }
}

on_both_databases! {
    async fn two_hundred_copies_of_a_ballot_count_once(app) {
        let made = poll(app, json!({ "voteChange": "LOCKED" })).await;
        let ballot = json!({ "input": choice(&made, 0, &[0]) });
        let sends = (0..200).map(|_| app.send(Persona::Resident, "BallotCast", ballot.clone()));
        let answers = join_all(sends).await;
        let taken = answers.iter().filter(|answer| answer.code().is_empty() && answer.refusals("ballotCast").is_empty()).count();
        assert_eq!(taken, 1);
        for answer in &answers {
            assert!(matches!(answer.code(), "" | "RATE_LIMITED"), "{:#}", answer.0);
            if answer.code().is_empty() && !answer.refusals("ballotCast").is_empty() {
                assert_eq!(answer.refusals("ballotCast"), ["ALREADY_VOTED"]);
            }
        }
        assert_eq!(voters(app, &made).await, [1, 0]);
        recount(app).await;
    }

    async fn two_hundred_copies_under_one_key_have_one_answer(app) {
        let made = poll(app, json!({ "voteChange": "UNTIL_CLOSE" })).await;
        let mut input = choice(&made, 0, &[1]);
        input["idempotencyKey"] = json!("0193e4a6");
        let ballot = json!({ "input": input });
        let sends = (0..200).map(|_| app.send(Persona::Visitor, "BallotCast", ballot.clone()));
        let answers = join_all(sends).await;
        let mut ballots: Vec<&Value> = answers.iter()
            .filter(|answer| answer.code().is_empty())
            .map(|answer| &answer.accepted("ballotCast")["ballot"]["id"])
            .collect();
        assert!(ballots.len() > 100, "{} of 200 were answered", ballots.len());
        ballots.dedup();
        assert_eq!(ballots.len(), 1);
        assert_eq!(voters(app, &made).await, [0, 1]);
        assert_eq!(ballot_event::Entity::find().all(app.database.read()).await.expect("events").len(), 1);
        recount(app).await;
    }

    async fn a_close_in_the_middle_of_a_burst_is_the_end(app) {
        let made = poll(app, json!({})).await;
        let (question, options) = ids(app).await;
        let (taken, late) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let closed = std::sync::Mutex::new(None);
        let burst = stream::iter(0..120).for_each_concurrent(16, |number| {
            let (taken, late, options, closed, made) = (&taken, &late, &options, &closed, &made);
            async move {
                // Every request at its own time, as on a clock that runs.
                app.clock.advance(chrono::TimeDelta::milliseconds(1));
                if number == 60 {
                    let answer = close(app, made).await;
                    let at = answer.accepted("pollClose")["poll"]["closesAt"].clone();
                    *closed.lock().expect("the time") = Some(at);
                    return;
                }
                let voter = Actor::Visitor(Some(VisitorId::new(app.clock.now())));
                match app.services.polls.cast(&voter, question, ballot_of(&options[..1])).await {
                    Ok(_) => taken.fetch_add(1, Ordering::Relaxed),
                    Err(Error::Refused(reasons)) => {
                        assert_eq!(reasons, [BallotRefusal::PollClosed]);
                        late.fetch_add(1, Ordering::Relaxed)
                    }
                    Err(Error::TooMany(_)) => 0,
                    Err(error) => panic!("{error:?}"),
                };
            }
        });
        burst.await;
        let closed_at: domain::clock::Instant = serde_json::from_value(
            closed.into_inner().expect("the time").expect("it was closed")
        ).expect("an instant");
        let taken = taken.into_inner();
        assert!(taken > 0 && late.into_inner() > 0, "{taken} were taken");
        let ballots = ballot::Entity::find().all(app.database.read()).await.expect("ballots");
        assert_eq!(ballots.len(), taken);
        for ballot in ballots {
            assert!(ballot.cast_at <= closed_at, "{ballot:?} is younger than {closed_at}");
        }
        assert_eq!(voters(app, &made).await[0], i64::try_from(taken).expect("a count"));
        recount(app).await;
    }

    async fn whatever_voters_do_at_once_a_recount_agrees(app) {
        let mut multiple = question("MULTIPLE", &["A", "B", "C", "D"]);
        multiple["rules"] = json!({ "allowSkip": true });
        poll(app, json!({ "voteChange": "UNTIL_CLOSE", "questions": [multiple] })).await;
        let (question, options) = ids(app).await;
        let crowd: Vec<Actor> = (0..8).map(|_| Actor::Visitor(Some(VisitorId::new(app.clock.now())))).collect();
        // A fixed, scattered sequence: who does what.
        let deeds = (0_usize..240).map(|step| (step * 7919) % 1009);
        stream::iter(deeds).for_each_concurrent(12, |deed| {
            let (crowd, options) = (&crowd, &options);
            async move {
                let voter = &crowd[deed % crowd.len()];
                let done = match (deed / 8) % 6 {
                    0 => app.services.polls.retract(voter, question).await.map(|_| ()),
                    1 => {
                        let skip = BallotDraft { skip: true, ..BallotDraft::default() };
                        app.services.polls.cast(voter, question, skip).await.map(|_| ())
                    }
                    deed => {
                        let chosen = &options[..=deed % options.len()];
                        app.services.polls.cast(voter, question, ballot_of(chosen)).await.map(|_| ())
                    }
                };
                assert!(matches!(done, Ok(()) | Err(Error::TooMany(_))), "{done:?}");
            }
        }).await;
        recount(app).await;
        let found = ballot::Entity::find().filter(ballot::Column::QuestionId.eq(question)).all(app.database.read()).await;
        assert_eq!(found.expect("ballots").len(), crowd.len());
    }

    async fn many_polls_at_once_do_not_wait_in_a_ring(app) {
        let mut questions = Vec::new();
        for _ in 0..4 {
            poll(app, json!({})).await;
        }
        for option in poll_option::Entity::find().all(app.database.read()).await.expect("options") {
            if option.position == 0 {
                questions.push((option.question_id, option.id));
            }
        }
        stream::iter(0..80_usize).for_each_concurrent(16, |step| {
            let (question, option) = questions[step % questions.len()];
            async move {
                let voter = Actor::Visitor(Some(VisitorId::new(app.clock.now())));
                let done = app.services.polls.cast(&voter, question, ballot_of(&[option])).await;
                assert!(matches!(done, Ok(_) | Err(Error::TooMany(_))), "{done:?}");
            }
        }).await;
        recount(app).await;
    }

    async fn a_ballot_costs_a_fixed_number_of_statements(app) {
        poll(app, json!({ "voteChange": "UNTIL_CLOSE", "questions": [question("MULTIPLE", &["A", "B", "C", "D"])] })).await;
        let (question, options) = ids(app).await;
        let voter = Actor::Visitor(Some(VisitorId::new(app.clock.now())));
        let cast = |chosen: &[OptionId]| app.services.polls.cast(&voter, question, ballot_of(chosen));
        for (chosen, most) in [(&options[..1], 11), (&options[..4], 11), (&options[1..2], 11)] {
            let (done, statements) = app.statements_of(cast(chosen)).await;
            done.expect("a ballot");
            assert!(statements.len() <= most, "{}: {statements:#?}", statements.len());
        }
        let unknown = PollId::new(app.clock.now());
        assert!(app.services.polls.close(app.actor(Persona::Editor), unknown).await.is_err());
    }
}
