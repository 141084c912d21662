//! What many subscribers cost.

use std::{collections::BTreeSet, time::Duration};

use domain::clock::Clock;
use futures_util::{StreamExt, stream};
use harness::{Persona, Subscription, on_both_databases};
use serde_json::json;

use super::{Answer, cast, choice, page, passer_by, people, poll, question, watch};

/// The payloads up to the state with this number of voters.
async fn follow(mut watching: Subscription, voters: i64) -> Vec<bytes::Bytes> {
    let mut payloads = Vec::new();
    loop {
        let payload = watching.payload().await.expect("a payload");
        let answer = Answer(serde_json::from_slice(&payload).expect("JSON"));
        payloads.push(payload);
        if people(&answer) == voters {
            return payloads;
        }
    }
}

on_both_databases! {
    async fn statements_do_not_grow_with_subscribers(app) {
        let mut costs = Vec::new();
        for subscribers in [1_usize, 200] {
            let made = poll(app, json!({})).await;
            let mut crowd: Vec<Subscription> = Vec::new();
            for _ in 0..subscribers {
                let mut watching = watch(app, Persona::Anonymous, &made).await;
                watching.next().await.expect("the state now");
                crowd.push(watching);
            }
            let following = crowd.into_iter().map(|watching| follow(watching, 50));
            let voting = async {
                for voter in 0..50 {
                    passer_by(app, &made, voter % 2).await;
                }
            };
            let work = async { tokio::join!(futures_util::future::join_all(following), voting).0 };
            let (payloads, statements) = Box::pin(app.statements_of(work)).await;
            let different: BTreeSet<*const u8> = payloads.iter().flatten().map(|payload| payload.as_ptr()).collect();
            let most = payloads.iter().map(Vec::len).max().expect("subscribers");
            assert!(different.len() <= most + 1, "{} executions for {most} states", different.len());
            costs.push(statements.len());
        }
        // What the ballots cost themselves varies a little with how they fall into batches.
        let (one, many) = (costs[0], costs[1]);
        assert!(many <= one + one / 10 + 8, "{one} statements for one subscriber, {many} for 200");
    }

    async fn after_votes_are_looked_up_for_all_at_once(app) {
        let made = poll(app, json!({ "resultsVisibility": "AFTER_VOTE" })).await;
        let mut crowd = Vec::new();
        for _ in 0..40 {
            let visitor = domain::Actor::Visitor(Some(domain::id::VisitorId::new(app.clock.now())));
            let document = &harness::operation("PollUpdated").document;
            let mut watching = app.watch(visitor, document, json!({ "pollId": made["id"] })).await;
            watching.next().await.expect("the state now");
            crowd.push(watching);
        }
        let work = async {
            cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
            for watching in &mut crowd {
                watching.until(|state| people(state) == 1).await;
            }
        };
        let ((), statements) = app.statements_of(work).await;
        assert!(statements.len() < 25, "{statements:#?}");
    }

    async fn what_depends_on_the_viewer_is_each_ones_own(app) {
        let made = poll(app, json!({})).await;
        let document = "subscription($id: ID!) { pollUpdated(pollId: $id) { viewerCanManage voterCount questions { viewerBallot { marks { value } } } } }";
        let ids = json!({ "id": made["id"] });
        let mut editor = app.watch(app.actor(Persona::Editor).clone(), document, ids.clone()).await;
        let mut voter = app.watch(app.actor(Persona::Resident).clone(), document, ids.clone()).await;
        let mut other = app.watch(app.actor(Persona::Neighbour).clone(), document, ids).await;
        assert_eq!(editor.next().await.expect("the state now").data("/pollUpdated/viewerCanManage"), true);
        for watching in [&mut voter, &mut other] {
            let state = watching.next().await.expect("the state now");
            assert_eq!(state.data("/pollUpdated/viewerCanManage"), false);
            assert!(state.data("/pollUpdated/questions/0/viewerBallot").is_null());
        }
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        let mine = voter.until(|state| people(state) == 1).await;
        assert_eq!(mine.data("/pollUpdated/questions/0/viewerBallot/marks/0/value"), 1);
        let theirs = other.until(|state| people(state) == 1).await;
        assert!(theirs.data("/pollUpdated/questions/0/viewerBallot").is_null());
    }

    async fn languages_and_documents_are_not_mixed_up(app) {
        let made = poll(app, json!({})).await;
        let ids = json!({ "id": made["id"] });
        let anyone = app.actor(Persona::Anonymous).clone();
        let mut named = app.watch(anyone.clone(), "subscription A($id: ID!) { pollUpdated(pollId: $id) { voterCount } } ", ids.clone()).await;
        let mut other = app.watch(anyone, "subscription A($id: ID!) { pollUpdated(pollId: $id) { other: voterCount } } ", ids).await;
        assert_eq!(named.next().await.expect("a state").0, json!({ "data": { "pollUpdated": { "voterCount": 0 } } }));
        assert_eq!(other.next().await.expect("a state").0, json!({ "data": { "pollUpdated": { "other": 0 } } }));
        named.silent(Duration::from_millis(50)).await;
    }

    async fn whoever_leaves_leaves_nothing_behind(app) {
        let made = poll(app, json!({})).await;
        for _ in 0..3 {
            let mut watching = watch(app, Persona::Resident, &made).await;
            watching.next().await.expect("the state now");
            drop(watching);
        }
        tokio::time::sleep(Duration::from_millis(600)).await;
        // Nobody looks for nobody: a watcher would look every three seconds.
        let wait = tokio::time::sleep(Duration::from_millis(3_500));
        let ((), statements) = app.statements_of(wait).await;
        assert!(statements.is_empty(), "{statements:#?}");
    }

    async fn results_are_answered_from_memory_while_nothing_changes(app) {
        let made = poll(app, json!({})).await;
        passer_by(app, &made, 0).await;
        let document = "query($slug: String!) { poll(slug: $slug) { voterCount questions { options { label } results { revision options { voterCount } } } } }";
        let ask = || app.execute(Persona::Anonymous, document, json!({ "slug": made["slug"] }));
        ask().await.data("/poll");
        let (answer, statements) = app.statements_of(ask()).await;
        assert_eq!(answer.data("/poll/questions/0/results/options/0/voterCount"), 1);
        assert!(statements.is_empty(), "{statements:#?}");
        // A ballot brings on what is kept: what it costs is its own, and nothing is read again.
        passer_by(app, &made, 1).await;
        let (answer, statements) = app.statements_of(ask()).await;
        assert_eq!(answer.data("/poll/questions/0/results/options/1/voterCount"), 1);
        assert_eq!(answer.data("/poll/voterCount"), 2);
        assert!(statements.is_empty(), "{statements:#?}");
    }

    async fn a_hundred_who_ask_at_once_are_one_reading(app) {
        let made = poll(app, json!({})).await;
        let document = "query($id: ID!) { node(id: $id) { ... on Question { results { revision } } } }";
        let id = json!({ "id": made["questions"][0]["id"] });
        app.clock.advance(chrono::TimeDelta::seconds(5));
        let asks = (0..100).map(|_| app.execute(Persona::Anonymous, document, id.clone()));
        let (answers, statements) = app.statements_of(futures_util::future::join_all(asks)).await;
        for answer in &answers {
            assert_eq!(answer.data("/node/results/revision"), 0);
        }
        let tallies = statements.iter().filter(|statement| statement.contains("\"tally\"")).count();
        assert_eq!(tallies, 1, "{statements:#?}");
    }

    async fn what_is_kept_in_memory_equals_what_is_stored(app) {
        let made = poll(app, json!({ "voteChange": "UNTIL_CLOSE", "questions": [question("MULTIPLE", &["A", "B", "C"]), question("SINGLE", &["D", "E"])] })).await;
        let crowd: Vec<domain::Actor> = (0..6)
            .map(|_| domain::Actor::Visitor(Some(domain::id::VisitorId::new(app.clock.now()))))
            .collect();
        let mut watching = watch(app, Persona::Editor, &made).await;
        watching.next().await.expect("the state now");
        // A fixed, scattered sequence of who does what, and of who looks meanwhile.
        let deeds = (0_usize..150).map(|step| (step * 7919) % 1009);
        stream::iter(deeds).for_each_concurrent(10, |deed| {
            let (crowd, made) = (&crowd, &made);
            async move {
                let voter = crowd[deed % crowd.len()].clone();
                let input = match (deed / 6) % 6 {
                    0 => {
                        let input = json!({ "questionId": made["questions"][deed % 2]["id"] });
                        let document = &harness::operation("BallotRetract").document;
                        app.execute_as(voter, document, json!({ "input": input })).await.accepted("ballotRetract");
                        return;
                    }
                    1 => {
                        page(app, Persona::Anonymous, made).await;
                        return;
                    }
                    2 => choice(made, 1, &[deed % 2]),
                    some => choice(made, 0, &[0, 1, 2][..=some % 3]),
                };
                let document = &harness::operation("BallotCast").document;
                app.execute_as(voter, document, json!({ "input": input })).await.accepted("ballotCast");
            }
        }).await;
        let other = app.neighbour().await;
        let stored = page(&other, Persona::Editor, &made).await;
        assert_eq!(page(app, Persona::Editor, &made).await, stored);
        let last = watching.until(|state| {
            (0..2).all(|place| {
                let results = |of: &serde_json::Value| of["questions"][place]["results"].clone();
                results(state.data("/pollUpdated")) == results(&stored)
            })
        }).await;
        assert_eq!(last.data("/pollUpdated/voterCount"), &stored["voterCount"]);
        other.end().await;
    }
}
