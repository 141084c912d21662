//! What clients see of a database in trouble.

mod at_once;
mod cut;
mod health;

use std::time::Duration;

use harness::{DatabaseKind, Persona, TestApp};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::{Value, json};

/// A connection of another process, as far as SQLite can tell.
async fn stranger(app: &TestApp) -> DatabaseConnection {
    let stranger = sea_orm::Database::connect(app.database_url())
        .await
        .expect("the file can be opened twice");
    stranger
        .execute_unprepared("BEGIN IMMEDIATE")
        .await
        .expect("the file is not locked yet");
    stranger
}

fn theme() -> Value {
    json!({ "input": { "title": "Water", "summary": "Over water." } })
}

const CREATE: &str = "mutation($input: ThemeCreateInput!) { themeCreate(input: $input) { theme { slug } userErrors { code } } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_another_process_writes_is_waited_for() {
    let app = TestApp::start(DatabaseKind::Sqlite).await.expect("SQLite");
    let stranger = stranger(&app).await;
    let release = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        stranger
            .execute_unprepared("COMMIT")
            .await
            .expect("the lock goes");
    };
    let (answer, ()) = tokio::join!(app.execute(Persona::Editor, CREATE, theme()), release);
    answer.accepted("themeCreate");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_stays_locked_is_told_as_too_much_at_once() {
    let app = TestApp::start(DatabaseKind::Sqlite).await.expect("SQLite");
    let stranger = stranger(&app).await;
    let answer = app.execute(Persona::Editor, CREATE, theme()).await;
    assert_eq!(answer.code(), "RATE_LIMITED");
    assert_eq!(answer.0["errors"][0]["extensions"]["retryAfter"], 1);
    assert!(
        !answer.0.to_string().to_lowercase().contains("lock"),
        "{}",
        answer.0
    );
    drop(stranger);
    app.end().await;
}
