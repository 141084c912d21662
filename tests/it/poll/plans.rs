//! The counting finds every row by a look-up in an index, whatever a planner guesses of tables that
//! were analysed while they were empty.

use std::{collections::BTreeSet, net::IpAddr};

use domain::{
    Actor, Error,
    clock::Clock,
    database::{ConnectionTrait, Transaction},
    id::{JobId, OptionId, PollId, QuestionId, VisitorId},
    poll::{BallotDraft, Mark},
};
use entity::{job, poll as poll_table, poll_option, question as question_table};
use harness::{DatabaseKind, Persona, TestApp, on_both_databases};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, Statement};
use serde_json::json;

use super::{poll, question};

/// The planner's other choices that sequential scans switched off leave, each switched by itself.
const TOGGLES: [&str; 9] = [
    "SELECT 1",
    "SET LOCAL enable_hashjoin = on",
    "SET LOCAL enable_mergejoin = on",
    "SET LOCAL enable_nestloop = off",
    "SET LOCAL enable_indexscan = off",
    "SET LOCAL enable_bitmapscan = off",
    "SET LOCAL enable_indexonlyscan = off",
    "SET LOCAL enable_material = off",
    "SET LOCAL plan_cache_mode = force_custom_plan",
];

/// Does all that ballots can do, and returns the statements that read or write rows of values.
async fn statements(app: &TestApp) -> BTreeSet<String> {
    let mut multiple = question("MULTIPLE", &["A", "B", "C"]);
    multiple["rules"] = json!({ "allowSkip": true });
    let draft = json!({
        "voteChange": "UNTIL_CLOSE",
        "newVotersPerNetwork": 1,
        "questions": [multiple, question("WORD_CLOUD", &[])],
    });
    poll(app, draft).await;
    let (poll, first, cloud, options) = ids(app).await;
    let polls = &app.services.polls;
    let named = |places: &[usize]| BallotDraft {
        marks: places
            .iter()
            .map(|place| Mark {
                option: options[*place],
                value: 1,
            })
            .collect(),
        idempotency_key: Some("eens".to_owned()),
        ..BallotDraft::default()
    };
    let word = BallotDraft {
        write_ins: vec!["water".to_owned()],
        ..BallotDraft::default()
    };
    let here = Some(IpAddr::from([192, 0, 2, 7]));
    let visitor = VisitorId::new(app.clock.now());
    let voter = &Actor::Visitor(Some(visitor));
    let other = &Actor::Visitor(Some(VisitorId::new(app.clock.now())));
    let deeds = async {
        polls
            .cast_from(here, voter, first, named(&[0, 1]))
            .await
            .expect("a ballot");
        polls
            .cast_from(here, voter, first, named(&[0, 1]))
            .await
            .expect("the same");
        let refused = polls.cast_from(here, other, first, named(&[0])).await;
        assert!(matches!(refused, Err(Error::TooMany(_))), "{refused:?}");
        let fewer = BallotDraft {
            idempotency_key: None,
            ..named(&[2])
        };
        polls
            .cast(voter, first, fewer)
            .await
            .expect("another ballot");
        polls.cast(voter, cloud, word).await.expect("a word");
        polls.retract(voter, first).await.expect("none");
        polls
            .restart(app.actor(Persona::Editor), poll, None)
            .await
            .expect("a run");
        polls
            .cast(voter, first, named(&[0, 1]))
            .await
            .expect("the same");
        claim(app, visitor).await;
        app.execute(Persona::Neighbour, "{ viewer { dataExport } }", json!({}))
            .await;
    };
    let ((), all) = Box::pin(app.statements_of(deeds)).await;
    // What an aggregate writes by its entities has quoted names.
    let of_rows = |text: &String| {
        text.contains("UNNEST(") || text.contains("VALUES (") && !text.contains('"')
    };
    all.into_iter().filter(of_rows).collect()
}

/// The ids of the only poll, of its questions and of the options of the first.
async fn ids(app: &TestApp) -> (PollId, QuestionId, QuestionId, Vec<OptionId>) {
    let read = app.database.read();
    let poll = poll_table::Entity::find().one(read).await.expect("read");
    let questions = question_table::Entity::find()
        .order_by_asc(question_table::Column::Position)
        .all(read)
        .await
        .expect("questions");
    let options = poll_option::Entity::find()
        .order_by_asc(poll_option::Column::Position)
        .all(read)
        .await
        .expect("options");
    (
        poll.expect("a poll").id,
        questions[0].id,
        questions[1].id,
        options.iter().map(|option| option.id).collect(),
    )
}

/// Has a visitor's ballots become the neighbour's.
async fn claim(app: &TestApp, visitor: VisitorId) {
    let now = app.clock.now();
    let account = app.actor(Persona::Neighbour).account().expect("an account");
    let row = job::ActiveModel {
        id: Set(JobId::new(now)),
        kind: Set("CLAIM_BALLOTS".to_owned()),
        payload: Set(json!({ "account": account, "visitor": visitor }).to_string()),
        lane: Set(job::Lane::General),
        run_at: Set(now),
        attempts: Set(0),
        created_at: Set(now),
        ..Default::default()
    };
    let inserted = job::Entity::insert(row).exec_without_returning(app.database.writer());
    inserted.await.expect("a job");
    app.run_jobs().await;
}

/// The plan of a statement, line by line, in a transaction of the counting's own connection.
async fn plan(transaction: &Transaction, kind: DatabaseKind, statement: &str) -> Vec<String> {
    let backend = transaction.get_database_backend();
    let explain = match kind {
        DatabaseKind::Sqlite => format!("EXPLAIN QUERY PLAN {statement}"),
        DatabaseKind::Postgres => {
            let parameters = statement.matches('$').count();
            let nothing = vec!["NULL"; parameters].join(", ");
            let prepare = format!("PREPARE explained AS {statement}");
            transaction
                .execute_unprepared(&prepare)
                .await
                .expect("it is prepared");
            format!("EXPLAIN EXECUTE explained ({nothing})")
        }
    };
    let rows = transaction
        .query_all_raw(Statement::from_string(backend, explain))
        .await;
    let line = |row: sea_orm::QueryResult| match kind {
        DatabaseKind::Sqlite => row.try_get::<String>("", "detail").expect("a line"),
        DatabaseKind::Postgres => row.try_get::<String>("", "QUERY PLAN").expect("a line"),
    };
    let lines = rows.expect("a plan").into_iter().map(line).collect();
    if kind == DatabaseKind::Postgres {
        let forgotten = transaction.execute_unprepared("DEALLOCATE explained");
        forgotten.await.expect("it is forgotten");
    }
    lines
}

/// Returns the lines of a plan that read more than what is asked for.
fn scans(kind: DatabaseKind, plan: &[String]) -> Vec<&str> {
    let lines = plan.iter().map(String::as_str).enumerate();
    let scan = lines.filter(|(place, line)| match kind {
        DatabaseKind::Sqlite => {
            let table = line.strip_prefix("SCAN ").unwrap_or("given");
            let is_given = |name: &&str| table.starts_with(name);
            let given = ["given", "asked", "its", "change", "found"];
            !given.iter().any(is_given)
                && !table.contains("CONSTANT ROW")
                && !table.contains("-ROW VALUES CLAUSE")
        }
        DatabaseKind::Postgres => {
            let next = plan.get(place + 1).map_or("", String::as_str);
            let by_index = line.contains("Index") && line.contains("Scan using")
                || line.contains("Bitmap Index Scan");
            ["Seq Scan", "Join Filter", "Hash Join", "Merge Join"]
                .iter()
                .any(|part| line.contains(part))
                || by_index && !next.contains("Index Cond")
        }
    });
    scan.map(|(_, line)| line).collect()
}

on_both_databases! {
    async fn the_counting_looks_rows_up_whatever_the_planner_guesses(app) {
        app.database.writer().execute_unprepared("ANALYZE").await.expect("empty tables, analysed");
        let statements = Box::pin(statements(app)).await;
        let tables = ["poll_voter", "mark", "ballot_event", "written_option", "poll_option",
            "question_run", "poll_run", "tally"];
        for table in tables {
            assert!(statements.iter().any(|text| text.contains(table)), "{table}: {statements:#?}");
        }
        let (kind, statements) = (app.kind, &statements);
        let checked = app.database.write_steadily(|transaction| async move {
            let toggles: &[&str] = if kind == DatabaseKind::Postgres { &TOGGLES } else { &TOGGLES[..1] };
            for toggle in toggles {
                transaction.execute_unprepared("SAVEPOINT toggled").await?;
                transaction.execute_unprepared(toggle).await?;
                for statement in statements {
                    let plan = plan(&transaction, kind, statement).await;
                    assert_eq!(scans(kind, &plan), [""; 0], "{toggle}: {statement}\n{plan:#?}");
                }
                transaction.execute_unprepared("ROLLBACK TO SAVEPOINT toggled").await?;
            }
            Ok::<_, Error<std::convert::Infallible>>(statements.len() * toggles.len())
        });
        let checked = checked.await.expect("plans");
        assert!(checked >= 15, "{checked}");
    }
}
