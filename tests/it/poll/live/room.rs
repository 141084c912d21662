//! Watching a room: what the presenter does reaches everyone, and so does what time alone does.

use chrono::TimeDelta;
use harness::{Answer, Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{
    super::{
        cast, choice,
        room::{present, room, show},
    },
    people, revision, watch,
};

fn active(answer: &Answer) -> &Value {
    &answer.data("/pollUpdated/activeQuestion")["state"]
}

fn questions(answer: &Answer) -> usize {
    let questions = answer.data("/pollUpdated/questions").as_array();
    questions.expect("questions").len()
}

/// How many people are in the room, as a query says.
async fn participants(app: &TestApp, made: &Value) -> Value {
    let document = "query($slug: String!) { poll(slug: $slug) { participantCount } }";
    let answer = app
        .execute(
            Persona::Anonymous,
            document,
            json!({ "slug": made["slug"] }),
        )
        .await;
    answer.data("/poll/participantCount").clone()
}

on_both_databases! {
    async fn what_the_presenter_does_reaches_everyone(app) {
        let made = room(app, json!({ "resultsVisibility": "AFTER_VOTE" })).await;
        let (mut hall, mut desk) = (watch(app, Persona::Visitor, &made).await, watch(app, Persona::Editor, &made).await);
        let (first, desk_first) = (hall.next().await.expect("a state"), desk.next().await.expect("a state"));
        assert_eq!((questions(&first), active(&first)), (0, &Value::Null));
        assert_eq!((questions(&desk_first), active(&desk_first)), (2, &Value::Null));
        assert_eq!(participants(app, &made).await, 1, "who leads takes no part");

        show(app, &made, 0, "OPEN").await;
        let open = hall.until(|state| active(state) == "OPEN").await;
        assert_eq!(questions(&open), 1);
        cast(app, Persona::Visitor, choice(&made, 0, &[1])).await.accepted("ballotCast");
        let voted = hall.until(|state| people(state) == 1).await;
        assert_eq!(voted.data("/pollUpdated/questions/0/results"), &Value::Null, "not even to who voted");
        let seen = desk.until(|state| people(state) == 1).await;
        assert_eq!(revision(&seen), 1);
        for state in ["LOCKED", "REVEALED"] {
            present(app, &made, 0, state).await.accepted("pollQuestionPresent");
            let shown = hall.until(|answer| active(answer) == state).await;
            assert_eq!(!shown.data("/pollUpdated/questions/0/results").is_null(), state == "REVEALED");
        }
        show(app, &made, 1, "OPEN").await;
        let next = hall.until(|state| active(state) == "OPEN").await;
        assert_eq!(questions(&next), 2);
        assert_eq!(next.data("/pollUpdated/activeQuestion/id"), &made["questions"][1]["id"]);
        drop(hall);
        assert_eq!(participants(app, &made).await, 0);
    }

    async fn the_end_of_a_timer_reaches_everyone(app) {
        let made = room(app, json!({})).await;
        let mut hall = watch(app, Persona::Anonymous, &made).await;
        hall.next().await.expect("a state");
        let input = json!({ "questionId": made["questions"][0]["id"], "state": "OPEN", "timerSeconds": 20 });
        let opened = app.send(Persona::Editor, "PollQuestionPresent", json!({ "input": input })).await;
        opened.accepted("pollQuestionPresent");
        hall.until(|state| active(state) == "OPEN").await;
        app.clock.advance(TimeDelta::seconds(20));
        hall.until(|state| active(state) == "LOCKED").await;
    }

    async fn a_restart_goes_on_where_the_revisions_were(app) {
        let made = room(app, json!({ "resultsVisibility": "ALWAYS" })).await;
        show(app, &made, 0, "OPEN").await;
        let mut desk = watch(app, Persona::Editor, &made).await;
        desk.next().await.expect("a state");
        cast(app, Persona::Visitor, choice(&made, 0, &[1])).await.accepted("ballotCast");
        let before = revision(&desk.until(|state| people(state) == 1).await);
        let restart = json!({ "input": { "pollId": made["id"] } });
        app.send(Persona::Editor, "PollRestart", restart).await.accepted("pollRestart");
        let anew = desk.until(|state| people(state) == 0).await;
        assert!(revision(&anew) > before, "{} after {before}", revision(&anew));
        assert_eq!(active(&anew), &Value::Null);
    }
}
