//! What a page of the moderators' queue costs as the queue grows.
//!
//! `cargo bench -p tests --bench queue -- [--rounds N]`
//!
//! Two databases, one with ten open cases and one with ten thousand, are asked for the same page
//! as the contract's `ModerationQueue` asks for it, in turns and in this process; medians of all
//! rounds, on SQLite and, where there is a server, on PostgreSQL.

// The futures of the schema lie deep in each other.
#![recursion_limit = "256"]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench measures time, tells what it found, and ends where it cannot go on"
)]

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::{
    clock::Clock,
    id::{CommentId, ModerationCaseId},
};
use entity::moderation_case::{self, CaseState, SubjectKind};
use harness::{Arguments, DatabaseKind, Persona, TestApp};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::{Value, json};

const FEW: u16 = 10;
const MANY: u16 = 10_000;

fn main() {
    let arguments = Arguments::read();
    let rounds = arguments.number("--rounds", 200);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        for kind in [DatabaseKind::Sqlite, DatabaseKind::Postgres] {
            let (Some(few), Some(many)) = (TestApp::start(kind).await, TestApp::start(kind).await)
            else {
                println!("{kind:?}: not there");
                continue;
            };
            fill(&few, FEW).await;
            fill(&many, MANY).await;
            for order in ["PRIORITY", "OLDEST"] {
                compare(&few, &many, order, rounds).await;
            }
            few.end().await;
            many.end().await;
        }
    });
}

async fn compare(few: &TestApp, many: &TestApp, order: &str, rounds: usize) {
    // Ten cases on both sides: what differs is how many wait behind them.
    let variables = json!({ "first": FEW, "filter": { "state": ["OPEN"] }, "orderBy": order });
    let (mut of_few, mut of_many) = (Vec::new(), Vec::new());
    // The first pages warm what is kept.
    for round in 0..rounds + 20 {
        for (app, cases, times) in [(few, FEW, &mut of_few), (many, MANY, &mut of_many)] {
            let begun = Instant::now();
            let answer = app
                .send(Persona::Moderator, "ModerationQueue", variables.clone())
                .await;
            let took = begun.elapsed();
            assert_eq!(
                answer.data("/moderationCases/totalCount"),
                &Value::from(cases)
            );
            if round >= 20 {
                times.push(took);
            }
        }
    }
    let (few_ms, many_ms) = (median(&mut of_few), median(&mut of_many));
    println!(
        "{:?}, {order}: a page of {FEW} {few_ms:.2} ms, of {MANY} {many_ms:.2} ms, {:.2} times",
        few.kind,
        many_ms / few_ms,
    );
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    let middle = times.get(times.len() / 2);
    middle.map_or(0.0, Duration::as_secs_f64) * 1_000.0
}

/// Open cases, each with its own time and one of fifty priorities.
async fn fill(app: &TestApp, number: u16) {
    let now = app.clock.now();
    let rows: Vec<_> = (0..number)
        .map(|place| {
            let at = now - TimeDelta::seconds(place.into());
            moderation_case::ActiveModel {
                id: Set(ModerationCaseId::new(at)),
                subject_kind: Set(SubjectKind::Comment),
                subject_id: Set(CommentId::new(at).0),
                secret: Set(vec![0; 32]),
                snapshot: Set("Iets dat gemeld is, in een paar woorden.".to_owned()),
                author_id: Set(None),
                state: Set(CaseState::Open),
                priority: Set((place % 50).into()),
                version: Set(1),
                report_count: Set(1),
                account_report_count: Set(1),
                findings: Set("[]".to_owned()),
                appeal_id: Set(None),
                created_at: Set(at),
                opened_at: Set(at),
                changed_at: Set(at),
                due_at: Set(at + TimeDelta::hours(24)),
                claimed_by: Set(None),
                claimed_until: Set(None),
            }
        })
        .collect();
    for chunk in rows.chunks(500) {
        moderation_case::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(app.database.writer())
            .await
            .expect("cases");
    }
    if app.kind == DatabaseKind::Postgres {
        // As the server does by itself within a minute of such a growth.
        let writer = app.database.writer();
        let settled = writer.execute_unprepared("VACUUM ANALYZE moderation_case");
        settled.await.expect("statistics");
    }
}
