//! Watching a poll: states as they come, what of them one sees, and their end.

mod instances;
mod room;
mod sharing;
mod sight;

use std::time::Duration;

use chrono::TimeDelta;
use domain::clock::Clock;
use harness::{Answer, Persona, Subscription, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{cast, choice, close, page, poll, question, retract};

async fn watch(app: &TestApp, persona: Persona, poll: &Value) -> Subscription {
    app.subscribe(persona, "PollUpdated", json!({ "pollId": poll["id"] }))
        .await
}

/// How many voters each option of the first question has; none while they are not shown.
fn counts(answer: &Answer) -> Option<Vec<i64>> {
    let options = answer
        .data("/pollUpdated/questions/0/results")
        .pointer("/options")?;
    let options = options.as_array().expect("options");
    Some(
        options
            .iter()
            .map(|option| option["voterCount"].as_i64().expect("a count"))
            .collect(),
    )
}

fn revision(answer: &Answer) -> i64 {
    answer
        .data("/pollUpdated/questions/0/results/revision")
        .as_i64()
        .expect("a revision")
}

fn people(answer: &Answer) -> i64 {
    answer
        .data("/pollUpdated/voterCount")
        .as_i64()
        .expect("a count")
}

/// A ballot of a visitor of its own.
async fn passer_by(app: &TestApp, poll: &Value, option: usize) {
    let visitor = domain::Actor::Visitor(Some(domain::id::VisitorId::new(app.clock.now())));
    let answer = app
        .execute_as(
            visitor,
            &harness::operation("BallotCast").document,
            json!({ "input": choice(poll, 0, &[option]) }),
        )
        .await;
    answer.accepted("ballotCast");
}

/// Begins to count the time that passes.
#[expect(
    clippy::disallowed_methods,
    reason = "it bounds how many states can have been sent"
)]
fn stopwatch() -> std::time::Instant {
    std::time::Instant::now()
}

on_both_databases! {
    async fn the_first_state_is_now_and_a_ballot_brings_the_next(app) {
        let made = poll(app, json!({})).await;
        cast(app, Persona::Resident, choice(&made, 0, &[0])).await.accepted("ballotCast");
        let mut watching = watch(app, Persona::Anonymous, &made).await;
        let first = watching.next().await.expect("the state now");
        assert_eq!((counts(&first), people(&first)), (Some(vec![1, 0]), 1));
        assert_eq!(first.data("/pollUpdated/status"), "OPEN");
        watching.silent(Duration::from_millis(400)).await;
        cast(app, Persona::Neighbour, choice(&made, 0, &[1])).await.accepted("ballotCast");
        let next = watching.next().await.expect("the next state");
        assert_eq!((counts(&next), people(&next)), (Some(vec![1, 1]), 2));
        retract(app, Persona::Resident, &made).await;
    }

    async fn what_is_sent_is_what_a_query_answers(app) {
        let made = poll(app, json!({ "questions": [question("STATEMENTS", &["Goed", "Beter"])] })).await;
        passer_by(app, &made, 1).await;
        let fields = harness::operation("PollUpdated").document.clone();
        let selection = fields.split_once("pollUpdated(pollId: $pollId)").expect("the field").1;
        let query = format!("query($slug: String!) {{ poll(slug: $slug) {selection}");
        let asked = app.execute(Persona::Anonymous, &query, json!({ "slug": made["slug"] })).await;
        let mut watching = watch(app, Persona::Anonymous, &made).await;
        let sent = watching.next().await.expect("the state now");
        assert_eq!(sent.data("/pollUpdated").to_string(), asked.data("/poll").to_string());
    }

    async fn a_burst_is_a_few_states_and_the_last_always(app) {
        let made = poll(app, json!({})).await;
        let mut watching = watch(app, Persona::Anonymous, &made).await;
        watching.next().await.expect("the state now");
        let begun = stopwatch();
        for voter in 0..60 {
            passer_by(app, &made, voter % 2).await;
        }
        let (mut states, mut before) = (0_u32, 0);
        loop {
            let state = watching.next().await.expect("a state");
            assert!(revision(&state) > before, "{} after {before}", revision(&state));
            before = revision(&state);
            states += 1;
            if people(&state) == 60 {
                assert_eq!(counts(&state), Some(vec![30, 30]));
                break;
            }
        }
        let quarters = u32::try_from(begun.elapsed().as_millis() / 250).expect("a short time");
        assert!(states <= quarters + 2, "{states} states in {quarters} quarters of a second");
        watching.silent(Duration::from_millis(400)).await;
    }

    async fn who_reads_slowly_gets_the_newest_and_slows_nobody(app) {
        let made = poll(app, json!({})).await;
        let (mut slow, mut quick) = (watch(app, Persona::Anonymous, &made).await, watch(app, Persona::Anonymous, &made).await);
        slow.next().await.expect("the state now");
        quick.next().await.expect("the state now");
        for voter in 1..=4 {
            passer_by(app, &made, 0).await;
            quick.until(|state| people(state) == voter).await;
        }
        assert_eq!(people(&slow.next().await.expect("the newest")), 4, "the states in between are left out");
        slow.silent(Duration::from_millis(300)).await;
    }

    async fn it_ends_with_the_close(app) {
        let made = poll(app, json!({})).await;
        let mut watching = watch(app, Persona::Anonymous, &made).await;
        watching.next().await.expect("the state now");
        passer_by(app, &made, 1).await;
        close(app, &made).await.accepted("pollClose");
        let rest = watching.rest().await;
        let last = rest.last().expect("a last state");
        assert_eq!((last.data("/pollUpdated/status"), counts(last)), (&json!("CLOSED"), Some(vec![0, 1])));
        // Who comes later gets that state, and the end.
        let late = watch(app, Persona::Anonymous, &made).await.rest().await;
        assert_eq!(late.len(), 1);
        assert_eq!(late[0].data("/pollUpdated"), last.data("/pollUpdated"));
    }

    async fn time_alone_opens_and_ends_it(app) {
        let now = app.clock.now();
        let made = poll(app, json!({ "opensAt": now + TimeDelta::minutes(1), "closesAt": now + TimeDelta::minutes(2) })).await;
        let mut watching = watch(app, Persona::Anonymous, &made).await;
        assert_eq!(watching.next().await.expect("the state now").data("/pollUpdated/status"), "SCHEDULED");
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(watching.next().await.expect("it opens").data("/pollUpdated/status"), "OPEN");
        passer_by(app, &made, 0).await;
        watching.until(|state| people(state) == 1).await;
        app.clock.advance(TimeDelta::minutes(1));
        let rest = watching.rest().await;
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].data("/pollUpdated/status"), "CLOSED");
    }

    async fn a_change_of_words_is_a_state_too(app) {
        let made = poll(app, json!({})).await;
        let document = "subscription($id: ID!) { pollUpdated(pollId: $id) { title commentCount } }";
        let mut watching = app.watch(app.actor(Persona::Anonymous).clone(), document, json!({ "id": made["id"] })).await;
        watching.next().await.expect("the state now");
        app.send(Persona::Editor, "PollUpdate", json!({ "input": { "pollId": made["id"], "title": "Zwemmen in de Vecht" } }))
            .await.accepted("pollUpdate");
        assert_eq!(watching.next().await.expect("new words").data("/pollUpdated/title"), "Zwemmen in de Vecht");
        let comment = json!({ "input": { "subjectId": made["id"], "language": "nl", "body": "Heerlijk, zo'n frisse duik." } });
        app.send(Persona::Resident, "CommentAdd", comment).await.accepted("commentAdd");
        assert_eq!(watching.next().await.expect("a comment").data("/pollUpdated/commentCount"), 1);
    }

    async fn what_one_may_not_know_of_is_not_found(app) {
        let draft = poll(app, json!({ "opensAt": null })).await;
        for persona in Persona::ALL {
            let mut watching = watch(app, persona, &draft).await;
            let first = watching.next().await.expect("an answer");
            if matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin) {
                assert_eq!(first.data("/pollUpdated/status"), "DRAFT");
            } else {
                assert_eq!(first.code(), "NOT_FOUND", "{persona:?}");
                assert!(watching.next().await.is_none(), "{persona:?}");
            }
        }
        let theme = crate::theme::theme(app, "Water").await;
        let question = &draft["questions"][0]["id"];
        for wrong in [&theme["id"], question, &json!("x")] {
            let mut watching = app.subscribe(Persona::Editor, "PollUpdated", json!({ "pollId": wrong })).await;
            assert_eq!(watching.next().await.expect("an answer").code(), "BAD_INPUT", "{wrong}");
            assert!(watching.next().await.is_none());
        }
    }

    async fn what_is_no_good_document_is_one_answer(app) {
        let made = poll(app, json!({})).await;
        for document in [
            "subscription($id: ID!) { a: pollUpdated(pollId: $id) { id } b: pollUpdated(pollId: $id) { id } }",
            "subscription($id: ID!) { pollUpdated(pollId: $id) { nothing } }",
            "subscription($id: ID!) { pollUpdated(pollId: $id) {",
            "subscription { pollUpdated { id } }",
        ] {
            let mut watching = app.watch(app.actor(Persona::Resident).clone(), document, json!({ "id": made["id"] })).await;
            assert_eq!(watching.next().await.expect("an answer").code(), "BAD_INPUT", "{document}");
            assert!(watching.next().await.is_none(), "{document}");
        }
        let mut query = app.watch(app.actor(Persona::Resident).clone(), "{ polls { totalCount } }", json!({})).await;
        assert_eq!(query.next().await.expect("an answer").data("/polls/totalCount"), 1);
        assert!(query.next().await.is_none());
    }

    async fn a_poll_that_is_withdrawn_ends_for_the_public(app) {
        let made = poll(app, json!({})).await;
        let mut watching = watch(app, Persona::Resident, &made).await;
        watching.next().await.expect("the state now");
        app.send(Persona::Editor, "PollUpdate", json!({ "input": { "pollId": made["id"], "opensAt": null } }))
            .await.accepted("pollUpdate");
        assert_eq!(watching.next().await.expect("an answer").code(), "NOT_FOUND");
        assert!(watching.next().await.is_none());
        assert!(page_is_gone(app, &made).await);
    }
}

async fn page_is_gone(app: &TestApp, poll: &Value) -> bool {
    let answer = app
        .send(
            Persona::Resident,
            "PollPage",
            json!({ "slug": poll["slug"] }),
        )
        .await;
    answer.data("/poll").is_null()
}

/// The page of a poll, for comparison.
async fn results(app: &TestApp, persona: Persona, poll: &Value) -> Value {
    page(app, persona, poll).await["questions"][0]["results"].clone()
}
