//! The database goes away under load, and comes back.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use harness::{Outage, Program, Wire, missing};
use tokio::task::JoinSet;

use super::{page, prepare, serve, wait_for};

/// A list that only the database can answer.
const THEMES: &str = "/graphql?query=%7Bthemes%7BtotalCount%7D%7D";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_is_told_of_and_one_that_comes_back_is_used() {
    let Some(mut postgres) = Outage::start().await else {
        return missing(
            "PostgreSQL's binaries",
            "an outage of the database was not tested",
        );
    };
    let url = postgres.url();
    drop(prepare(&url, "an@voorbeeld.example", "een lang wachtwoord").await);
    let program = Program::serve(serve(&url, &[("JIJ_LOG", "off")])).await;
    let address = program.address;
    wait_for(address, "/readyz", 200).await;

    let over = Arc::new(AtomicBool::new(false));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let mut load = JoinSet::new();
    for _ in 0..8 {
        let (over, seen) = (Arc::clone(&over), Arc::clone(&seen));
        load.spawn(async move {
            let mut wire = Wire::connect(address).await.expect("a connection");
            while !over.load(Ordering::Relaxed) {
                let answer = wire
                    .status(THEMES)
                    .await
                    .expect("every request is answered");
                seen.lock().expect("the list").push(answer);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    }
    wait_for(address, THEMES, 200).await;

    postgres.stop();
    let told = wait_for(address, "/readyz", 503).await;
    assert_eq!(told, "the database does not answer\n");
    let (status, body) = page(address, THEMES).await.expect("an answer");
    assert_eq!(status, 503, "{body}");
    assert!(body.contains("\"UNAVAILABLE\""), "{body}");
    let (status, _) = page(address, "/livez").await.expect("an answer");
    assert_eq!(status, 200, "a restart would not help");

    postgres.begin().await;
    wait_for(address, "/readyz", 200).await;
    let body = wait_for(address, THEMES, 200).await;
    assert!(body.contains("\"totalCount\":0"), "{body}");
    over.store(true, Ordering::Relaxed);
    while let Some(ended) = load.join_next().await {
        ended.expect("a load that was answered to its end");
    }
    let seen = seen.lock().expect("the list");
    for (status, body) in seen.iter() {
        assert!([200, 503].contains(status), "{status}: {body}");
        assert!(!body.contains("INTERNAL"), "{body}");
    }
    assert!(seen.iter().any(|(status, _)| *status == 503));
}
