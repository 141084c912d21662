//! The bare server: axum, SQL written by hand, no GraphQL, no tokens, one transaction a vote.
//! What a good engineer would write for this and nothing else: a ballot unique by voter, the
//! tally updated last and in the same transaction, so that its lock is held shortly; statements
//! prepared; few connections.

use std::{str::FromStr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use sea_orm::sqlx::{
    self,
    postgres::{PgPool, PgPoolOptions},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

/// As many as ours has by default.
const CONNECTIONS: u32 = 8;

const TABLES: &str = "
    CREATE TABLE bare_poll (id BIGINT PRIMARY KEY, closed INTEGER NOT NULL);
    CREATE TABLE bare_ballot (
        poll BIGINT NOT NULL, voter BLOB NOT NULL, choice BIGINT NOT NULL, cast_at BIGINT NOT NULL,
        PRIMARY KEY (poll, voter)
    );
    CREATE TABLE bare_tally (
        poll BIGINT NOT NULL, choice BIGINT NOT NULL, ballots BIGINT NOT NULL,
        PRIMARY KEY (poll, choice)
    );";

/// The statements that make the tables of a bare server with so many polls of four options.
pub(crate) fn tables(polls: usize, postgres: bool) -> Vec<String> {
    let tables = if postgres {
        TABLES.replace("BLOB", "BYTEA")
    } else {
        TABLES.to_owned()
    };
    let mut statements: Vec<String> = tables.split_inclusive(';').map(str::to_owned).collect();
    statements.retain(|statement| !statement.trim().is_empty());
    for poll in 0..polls {
        statements.push(format!("INSERT INTO bare_poll VALUES ({poll}, 0)"));
        for choice in 0..4 {
            statements.push(format!(
                "INSERT INTO bare_tally VALUES ({poll}, {choice}, 0)"
            ));
        }
    }
    statements
}

#[derive(Clone)]
enum Pool {
    Postgres(PgPool),
    Sqlite {
        writer: SqlitePool,
        reader: SqlitePool,
    },
}

/// Serves until it is killed.
pub(crate) fn main(url: &str, listen: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let pool = connect(url).await;
        let router = Router::new()
            .route("/livez", get(|| async { "ok" }))
            .route("/vote", post(vote))
            .route("/tally", get(tally))
            .with_state(Arc::new(pool));
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .expect("a free port");
        axum::serve(listener, router).await.expect("it serves");
    });
}

async fn connect(url: &str) -> Pool {
    if url.starts_with("postgres") {
        let options = PgPoolOptions::new().max_connections(CONNECTIONS);
        return Pool::Postgres(options.connect(url).await.expect("it connects"));
    }
    let options = SqliteConnectOptions::from_str(url)
        .expect("an address")
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5));
    let pool = |connections| SqlitePoolOptions::new().max_connections(connections);
    Pool::Sqlite {
        writer: pool(1)
            .connect_with(options.clone())
            .await
            .expect("it connects"),
        reader: pool(CONNECTIONS)
            .connect_with(options)
            .await
            .expect("it connects"),
    }
}

#[derive(Debug)]
struct Vote {
    poll: i64,
    choice: i64,
    voter: Uuid,
}

fn read(body: &Value) -> Option<Vote> {
    Some(Vote {
        poll: body["poll"].as_i64()?,
        choice: body["choice"].as_i64()?,
        voter: body["voter"].as_str()?.parse().ok()?,
    })
}

const BALLOT: &str = "INSERT INTO bare_ballot (poll, voter, choice, cast_at) \
    SELECT id, $2, $3, $4 FROM bare_poll WHERE id = $1 AND closed = 0 \
    ON CONFLICT DO NOTHING";
const TALLY: &str = "UPDATE bare_tally SET ballots = ballots + 1 WHERE poll = $1 AND choice = $2";

async fn vote(
    State(pool): State<Arc<Pool>>,
    Json(body): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    let vote = read(&body).ok_or(StatusCode::BAD_REQUEST)?;
    let now = chrono::Utc::now().timestamp_micros();
    let broken = |_| StatusCode::INTERNAL_SERVER_ERROR;
    macro_rules! count {
        ($transaction:ident) => {{
            let added = sqlx::query(BALLOT)
                .bind(vote.poll)
                .bind(vote.voter.as_bytes().as_slice())
                .bind(vote.choice)
                .bind(now)
                .execute(&mut *$transaction)
                .await
                .map_err(broken)?
                .rows_affected();
            if added == 1 {
                sqlx::query(TALLY)
                    .bind(vote.poll)
                    .bind(vote.choice)
                    .execute(&mut *$transaction)
                    .await
                    .map_err(broken)?;
            }
            $transaction.commit().await.map_err(broken)?;
            added
        }};
    }
    let added = match &*pool {
        Pool::Postgres(pool) => {
            let mut transaction = pool.begin().await.map_err(broken)?;
            count!(transaction)
        }
        Pool::Sqlite { writer, .. } => {
            let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(broken)?;
            count!(transaction)
        }
    };
    if added == 1 {
        Ok(Json(json!({ "castAt": now })))
    } else {
        Err(StatusCode::CONFLICT)
    }
}

/// The tally of poll 0.
async fn tally(State(pool): State<Arc<Pool>>) -> Result<Json<Value>, StatusCode> {
    let text = "SELECT choice, ballots FROM bare_tally WHERE poll = $1 ORDER BY choice";
    let broken = |_| StatusCode::INTERNAL_SERVER_ERROR;
    let rows: Vec<(i64, i64)> = match &*pool {
        Pool::Postgres(pool) => sqlx::query_as(text).bind(0_i64).fetch_all(pool).await,
        Pool::Sqlite { reader, .. } => sqlx::query_as(text).bind(0_i64).fetch_all(reader).await,
    }
    .map_err(broken)?;
    Ok(Json(json!({ "tally": rows })))
}
