//! A database that answers on one connection and not on those that requests use.

use harness::{DatabaseKind, TestApp};
use sea_orm::ConnectionTrait;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_that_answers_with_errors_is_not_ready() {
    let Some(app) = TestApp::start(DatabaseKind::Postgres).await else {
        return;
    };
    // A database cannot be closed from within.
    let (server, name) = app.database_url().rsplit_once('/').expect("a database");
    let (name, options) = name.split_once('?').unwrap_or((name, ""));
    let operator = sea_orm::Database::connect(format!("{server}/postgres?{options}"))
        .await
        .expect("a connection");
    let allow = async |whether: bool| {
        operator
            .execute_unprepared(&format!(
                "ALTER DATABASE {name} ALLOW_CONNECTIONS {whether}"
            ))
            .await
            .expect("it is set");
    };
    assert!(app.database.answers().await);
    allow(false).await;
    operator
        .execute_unprepared(&format!(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity \
             WHERE datname = '{name}' AND application_name = 'jij'"
        ))
        .await
        .expect("they are ended");
    assert!(!app.database.answers().await);
    allow(true).await;
    assert!(app.database.answers().await);
    operator.close().await.expect("it closes");
    app.end().await;
}
