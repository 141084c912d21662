//! Several processes on one database.

use harness::{DatabaseKind, Persona, TestApp, on_both_databases};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{cast, choice, close, counts, passer_by, people, poll, watch};

on_both_databases! {
    async fn a_vote_on_one_moves_the_room_on_the_other(app) {
        // A file tells nobody: there the other looks by itself.
        let other = app.neighbour().await;
        let made = poll(app, json!({})).await;
        let mut here = watch(app, Persona::Anonymous, &made).await;
        let mut there = watch(&other, Persona::Anonymous, &made).await;
        here.next().await.expect("the state now");
        there.next().await.expect("the state now");
        for voters in 1..=3 {
            let one = if voters % 2 == 0 { &other } else { app };
            passer_by(one, &made, 0).await;
            here.until(|state| people(state) == voters).await;
            there.until(|state| people(state) == voters).await;
        }
        close(app, &made).await.accepted("pollClose");
        let last = there.rest().await.pop().expect("a last state");
        assert_eq!((last.data("/pollUpdated/status"), counts(&last)), (&json!("CLOSED"), Some(vec![3, 0])));
        other.end().await;
    }

    async fn ones_own_ballot_on_another_shows_the_results_here(app) {
        let other = app.neighbour().await;
        let made = poll(app, json!({ "resultsVisibility": "AFTER_VOTE" })).await;
        let mut here = watch(app, Persona::Resident, &made).await;
        assert_eq!(counts(&here.next().await.expect("the state now")), None);
        cast(&other, Persona::Resident, choice(&made, 0, &[1])).await.accepted("ballotCast");
        // One's own ballot may open the results a moment before the state that counts it.
        let seen = here.until(|state| counts(state).is_some() && people(state) == 1).await;
        assert_eq!(counts(&seen), Some(vec![0, 1]));
        other.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hint_that_is_lost_only_delays() {
    let Some(app) = TestApp::start(DatabaseKind::Postgres).await else {
        return;
    };
    let other = app.neighbour().await;
    let made = poll(&app, json!({})).await;
    let mut there = watch(&other, Persona::Anonymous, &made).await;
    there.next().await.expect("the state now");
    for voters in 1..=3 {
        // Whoever listens is cut off, and the vote comes while nobody does.
        app.database
            .writer()
            .execute_unprepared(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND query LIKE 'LISTEN%'",
            )
            .await
            .expect("the listeners are cut off");
        passer_by(&app, &made, 0).await;
        there.until(|state| people(state) == voters).await;
    }
    other.end().await;
    app.end().await;
}
