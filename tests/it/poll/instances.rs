//! Several instances of the platform on one database.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::TimeDelta;
use domain::{
    Actor, Error, Services, Settings,
    account::PasswordCost,
    clock::{Clock, Instant, SharedClock},
    database::{self, Database},
    id::{OptionId, QuestionId, VisitorId},
    mail::Mailer,
    poll::{BallotDraft, BallotRefusal, Mark},
};
use entity::{ballot, ballot_event, poll_option, tally};
use futures_util::{StreamExt, future::join_all, stream};
use harness::{Persona, SITE, TestApp, on_both_databases};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;

use super::{close, poll, recount::recount};

/// Another instance on the database of `app`.
async fn instance(app: &TestApp) -> (Services, Database) {
    let settings = database::Settings {
        url: app.database_url().to_owned(),
        connections: 4,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    let clock: SharedClock = Arc::new(app.clock.clone());
    let settings = Settings {
        password_cost: PasswordCost::LEAST,
        ..Settings::new(SITE, Mailer::memory())
    };
    let services = Services::new(&database, &clock, settings).await;
    (services.expect("services"), database)
}

/// Every question with its first option, in the order of the options' ids.
async fn questions(app: &TestApp) -> Vec<(QuestionId, OptionId)> {
    let options = poll_option::Entity::find()
        .order_by_asc(poll_option::Column::Id)
        .all(app.database.read())
        .await
        .expect("options");
    let first = options.into_iter().filter(|option| option.position == 0);
    first
        .map(|option| (option.question_id, option.id))
        .collect()
}

/// What the tally holds: what an instance shows of a ballot at another may be a moment older.
async fn counted(app: &TestApp) -> i64 {
    let rows = tally::Entity::find().all(app.database.read()).await;
    rows.expect("the tally").iter().map(|row| row.ballots).sum()
}

fn ballot_for(option: OptionId) -> BallotDraft {
    BallotDraft {
        marks: vec![Mark { option, value: 1 }],
        ..BallotDraft::default()
    }
}

fn visitor(app: &TestApp) -> Actor {
    Actor::Visitor(Some(VisitorId::new(app.clock.now())))
}

on_both_databases! {
    async fn two_hundred_copies_at_two_instances_count_once(app) {
        poll(app, json!({ "voteChange": "LOCKED" })).await;
        let (other, database) = instance(app).await;
        let (question, option) = questions(app).await[0];
        let voter = visitor(app);
        let cast = |number: usize, draft: BallotDraft| {
            let polls = if number.is_multiple_of(2) { &app.services.polls } else { &other.polls };
            polls.cast(&voter, question, draft)
        };
        let named = BallotDraft { idempotency_key: Some("een".to_owned()), ..ballot_for(option) };
        let answers = join_all((0..200).map(|number| cast(number, named.clone()))).await;
        let mut ids: Vec<_> = answers.into_iter().map(|answer| answer.expect("the first answer").id).collect();
        ids.dedup();
        assert_eq!(ids.len(), 1);
        let answers = join_all((0..200).map(|number| cast(number, ballot_for(option)))).await;
        for answer in answers {
            assert!(matches!(answer, Err(Error::Refused(reasons)) if reasons == [BallotRefusal::AlreadyVoted]));
        }
        assert_eq!(counted(app).await, 1);
        assert_eq!(ballot_event::Entity::find().all(app.database.read()).await.expect("events").len(), 1);
        recount(app).await;
        drop(other);
        database.close().await.expect("closed");
    }

    async fn a_close_at_one_instance_ends_a_burst_at_both(app) {
        let made = poll(app, json!({})).await;
        let (other, database) = instance(app).await;
        let (question, option) = questions(app).await[0];
        let (taken, late) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let closed = std::sync::Mutex::new(None);
        stream::iter(0..300_usize).for_each_concurrent(48, |number| {
            let (other, taken, late, closed, made) = (&other, &taken, &late, &closed, &made);
            async move {
                app.clock.advance(TimeDelta::milliseconds(1));
                if number == 150 {
                    let answer = close(app, made).await;
                    let at = answer.accepted("pollClose")["poll"]["closesAt"].clone();
                    *closed.lock().expect("the time") = Some(at);
                    return;
                }
                let polls = if number.is_multiple_of(2) { &app.services.polls } else { &other.polls };
                match polls.cast(&visitor(app), question, ballot_for(option)).await {
                    Ok(_) => taken.fetch_add(1, Ordering::Relaxed),
                    Err(Error::Refused(reasons)) => {
                        assert_eq!(reasons, [BallotRefusal::PollClosed]);
                        late.fetch_add(1, Ordering::Relaxed)
                    }
                    Err(error) => panic!("{error:?}"),
                };
            }
        }).await;
        let closed: Instant = serde_json::from_value(
            closed.into_inner().expect("the time").expect("it was closed")
        ).expect("an instant");
        let taken = taken.into_inner();
        assert!(taken > 0 && late.into_inner() > 0, "{taken} were taken");
        let ballots = ballot::Entity::find().all(app.database.read()).await.expect("ballots");
        assert_eq!(ballots.len(), taken);
        assert!(ballots.iter().all(|ballot| ballot.cast_at <= closed), "none after {closed}");
        assert_eq!(counted(app).await, i64::try_from(taken).expect("a count"));
        recount(app).await;
        drop(other);
        database.close().await.expect("closed");
    }

    async fn bursts_over_many_polls_never_wait_in_a_ring(app) {
        for _ in 0..6 {
            poll(app, json!({ "voteChange": "UNTIL_CLOSE" })).await;
        }
        let (other, database) = instance(app).await;
        let questions = questions(app).await;
        let crowd: Vec<Actor> = (0..12).map(|_| visitor(app)).collect();
        stream::iter(0..400_usize).for_each_concurrent(64, |number| {
            let (other, questions, crowd) = (&other, &questions, &crowd);
            async move {
                let polls = if number.is_multiple_of(2) { &app.services.polls } else { &other.polls };
                // One instance goes through the polls upwards, the other downwards.
                let place = (number / 2) % questions.len();
                let place = if number.is_multiple_of(2) { place } else { questions.len() - 1 - place };
                let (question, option) = questions[place];
                let voter = &crowd[(number * 7919) % crowd.len()];
                if number % 5 == 0 {
                    polls.retract(voter, question).await.expect("taken back");
                } else {
                    polls.cast(voter, question, ballot_for(option)).await.expect("cast");
                }
            }
        }).await;
        recount(app).await;
        let recounts = app.services.polls.recount(app.actor(Persona::Editor), None).await.expect("a recount");
        assert_eq!(recounts.len(), 6);
        assert!(recounts.iter().all(|one| one.differences.is_empty()), "{recounts:?}");
        drop(other);
        database.close().await.expect("closed");
    }
}
