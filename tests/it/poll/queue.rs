//! Ballots that wait share a transaction: each is taken or refused on its own, and no more wait
//! than can be counted soon.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::{
    Actor, Error,
    clock::Clock,
    database::ConnectionTrait,
    id::{OptionId, QuestionId, VisitorId},
    poll::{BallotDraft, BallotRefusal, Mark},
};
use entity::poll_option;
use futures_util::future::join_all;
use harness::{DatabaseKind, TestApp, on_both_databases};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;

use super::{poll, question, recount::recount, voters};

/// More than the queue and a batch hold together.
const BURST: usize = 10_000;

async fn options(app: &TestApp) -> Vec<(QuestionId, OptionId)> {
    let options = poll_option::Entity::find()
        .order_by_asc(poll_option::Column::Id)
        .all(app.database.read())
        .await
        .expect("options");
    options
        .into_iter()
        .map(|option| (option.question_id, option.id))
        .collect()
}

fn draft(option: OptionId, value: i32) -> BallotDraft {
    BallotDraft {
        marks: vec![Mark { option, value }],
        ..BallotDraft::default()
    }
}

fn visitor(app: &TestApp) -> Actor {
    Actor::Visitor(Some(VisitorId::new(app.clock.now())))
}

on_both_databases! {
    async fn ballots_that_wait_share_their_statements(app) {
        let mut made = Vec::new();
        for _ in 0..5 {
            made.push(poll(app, json!({})).await);
        }
        let options = options(app).await;
        let burst = join_all((0..100).map(|number| {
            let (question, option) = options[number % options.len()];
            async move { app.services.polls.cast(&visitor(app), question, draft(option, 1)).await }
        }));
        let (answers, statements) = app.statements_of(burst).await;
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        assert!(statements.len() < 100, "{} for a hundred ballots", statements.len());
        for poll in made {
            assert_eq!(voters(app, &poll).await, [10, 10]);
        }
        recount(app).await;
    }

    async fn one_ballot_that_fails_sinks_no_other(app) {
        poll(app, json!({ "questions": [question("STATEMENTS", &["Zwemmen moet kunnen"])] })).await;
        let (question, option) = options(app).await[0];
        let broken = match app.kind {
            DatabaseKind::Postgres => "ALTER TABLE mark ADD CONSTRAINT broken CHECK (value <> -1)",
            DatabaseKind::Sqlite => "CREATE TRIGGER broken BEFORE INSERT ON mark WHEN NEW.value = -1 \
                BEGIN SELECT RAISE(ABORT, 'broken on purpose'); END",
        };
        app.database.writer().execute_unprepared(broken).await.expect("broken");
        let answers = join_all((0..40).map(|number| async move {
            let value = if number == 20 { -1 } else { 1 };
            app.services.polls.cast(&visitor(app), question, draft(option, value)).await
        })).await;
        for (number, answer) in answers.into_iter().enumerate() {
            match answer {
                Ok(_) => assert_ne!(number, 20),
                Err(Error::Internal(_)) => assert_eq!(number, 20),
                Err(error) => panic!("{number}: {error:?}"),
            }
        }
        recount(app).await;
        app.services.polls.cast(&visitor(app), question, draft(option, 0)).await.expect("it goes on");
    }

    async fn a_full_queue_says_so_at_once(app) {
        let (refused, unknown) = (Arc::new(AtomicUsize::new(0)), QuestionId::new(app.clock.now()));
        let (services, option) = (&app.services, OptionId::new(app.clock.now()));
        let (voter, kind, counter) = (&visitor(app), app.kind, &refused);
        let burst = app.database.write(|transaction| async move {
            // Nothing is counted while this transaction holds what counting needs first.
            if kind == DatabaseKind::Postgres {
                transaction.execute_unprepared("LOCK TABLE poll, question IN ACCESS EXCLUSIVE MODE").await?;
            }
            let mut tasks = tokio::task::JoinSet::new();
            for _ in 0..BURST {
                let (services, voter, counter) = (services.clone(), voter.clone(), Arc::clone(counter));
                tasks.spawn(async move {
                    let answer = services.polls.cast(&voter, unknown, draft(option, 1)).await;
                    if matches!(answer, Err(Error::TooMany(wait)) if wait == Duration::from_secs(1)) {
                        counter.fetch_add(1, Ordering::Relaxed);
                    }
                    answer
                });
            }
            // Who finds no place is told while all others still wait.
            while counter.load(Ordering::Relaxed) < 100 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Ok::<_, Error<BallotRefusal>>(tasks)
        }).await.expect("the burst");
        let mut counted = 0;
        for answer in burst.join_all().await {
            match answer {
                Err(Error::NotFound) => counted += 1,
                Err(Error::TooMany(_)) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(counted + refused.load(Ordering::Relaxed), BURST);
        assert!(counted >= 8_192, "{counted} had a place");
        services.settled().await;
    }
}
