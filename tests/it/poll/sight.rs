//! What the public sees of a room, on every path that leads there.

use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{
    cast, choice, close, page, poll, question,
    room::{present, room, show},
};

const STAFF: [Persona; 3] = [Persona::Editor, Persona::Moderator, Persona::Admin];

/// Whether a persona knows of a room's first question, by every path; they must agree.
async fn knows(app: &TestApp, persona: Persona, made: &Value) -> bool {
    let page = page(app, persona, made).await;
    let id = &made["questions"][0]["id"];
    let listed = |questions: &Value| {
        let questions = questions.as_array().expect("questions");
        questions.iter().any(|question| question["id"] == *id)
    };
    let known = listed(&page["questions"]);
    let document = "query($poll: ID!, $question: ID!) {
        question: node(id: $question) { id ... on Question { prompt options { label } } }
        many: nodes(ids: [$question]) { id }
        poll: node(id: $poll) { ... on Poll { questions { id } activeQuestion { id } } }
        polls { nodes { id questions { id } } } }";
    let ids = json!({ "poll": made["id"], "question": id });
    let nodes = app.execute(persona, document, ids).await;
    assert_eq!(!nodes.data("/question").is_null(), known, "{persona:?}");
    assert_eq!(!nodes.data("/many/0").is_null(), known, "{persona:?}");
    assert_eq!(listed(nodes.data("/poll/questions")), known, "{persona:?}");
    let all = nodes.data("/polls/nodes").as_array().expect("polls");
    let own = all
        .iter()
        .find(|poll| poll["id"] == made["id"])
        .expect("the room");
    assert_eq!(listed(&own["questions"]), known, "{persona:?}");
    if !known {
        assert_eq!(nodes.data("/poll/activeQuestion"), &Value::Null);
    }
    known
}

/// Whether a persona sees the results of a room's first question, by every path; they must agree.
async fn sees(app: &TestApp, persona: Persona, made: &Value) -> bool {
    let page = page(app, persona, made).await;
    let shown = page["questions"][0]["results"].is_object();
    assert_eq!(page["viewerCanSeeResults"], shown, "{persona:?}");
    let document = "query($id: ID!) { node(id: $id) { ... on Question {
        results { revision } resultsByChannel { channel } resultsByAssurance { assurance }
        resultsOfRun(run: 1) { voterCount } } } }";
    let id = json!({ "id": made["questions"][0]["id"] });
    let node = app.execute(persona, document, id).await;
    for field in ["results", "resultsByChannel", "resultsByAssurance"] {
        assert_eq!(
            !node.data("/node")[field].is_null(),
            shown,
            "{persona:?} {field}"
        );
    }
    let staff = STAFF.contains(&persona);
    assert_eq!(
        !node.data("/node/resultsOfRun").is_null(),
        staff,
        "{persona:?}"
    );
    shown
}

on_both_databases! {
    async fn the_public_knows_of_a_question_once_it_is_shown(app) {
        let made = room(app, json!({ "questions": [question("SINGLE", &["Ja", "Nee"])] })).await;
        for (state, known) in [(None, false), (Some("OPEN"), true), (Some("LOCKED"), true), (Some("REVEALED"), true), (Some("HIDDEN"), false)] {
            if let Some(state) = state {
                present(app, &made, 0, state).await.accepted("pollQuestionPresent");
            }
            for persona in Persona::ALL {
                assert_eq!(knows(app, persona, &made).await, known || STAFF.contains(&persona), "{state:?} {persona:?}");
            }
        }
        close(app, &made).await.accepted("pollClose");
        assert!(!knows(app, Persona::Resident, &made).await, "what was taken away stays away");
    }

    async fn results_in_a_room_are_the_presenters_to_show(app) {
        // What the public sees while it is open, locked, revealed and locked again, and after
        // the close.
        for (visibility, shown) in [
            ("ALWAYS", [true, true, true, true, true]),
            ("AFTER_VOTE", [false, false, true, false, true]),
            ("AFTER_CLOSE", [false, false, true, false, true]),
            ("STAFF", [false, false, false, false, false]),
        ] {
            let made = room(app, json!({
                "resultsVisibility": visibility,
                "questions": [question("SINGLE", &["Ja", "Nee"])],
            })).await;
            for (state, shown) in ["OPEN", "LOCKED", "REVEALED", "LOCKED", "CLOSED"].into_iter().zip(shown) {
                if state == "CLOSED" {
                    close(app, &made).await.accepted("pollClose");
                } else {
                    present(app, &made, 0, state).await.accepted("pollQuestionPresent");
                }
                if state == "OPEN" {
                    // Having voted opens nothing in a room.
                    let vote = cast(app, Persona::Resident, choice(&made, 0, &[0])).await;
                    assert_eq!(!vote.accepted("ballotCast")["question"]["results"].is_null(), shown, "{visibility}");
                }
                for persona in Persona::ALL {
                    let shown = shown || STAFF.contains(&persona);
                    assert_eq!(sees(app, persona, &made).await, shown, "{visibility} {state} {persona:?}");
                }
            }
        }
    }

    async fn a_room_that_shows_nothing_yet_has_no_results_to_see(app) {
        let made = room(app, json!({})).await;
        assert_eq!(page(app, Persona::Resident, &made).await["viewerCanSeeResults"], false);
        show(app, &made, 0, "REVEALED").await;
        assert_eq!(page(app, Persona::Resident, &made).await["viewerCanSeeResults"], true);
        show(app, &made, 1, "OPEN").await;
        assert_eq!(page(app, Persona::Resident, &made).await["viewerCanSeeResults"], true, "this one shows results always");
        let made = room(app, json!({ "resultsVisibility": "AFTER_VOTE" })).await;
        show(app, &made, 0, "REVEALED").await;
        show(app, &made, 1, "OPEN").await;
        assert_eq!(page(app, Persona::Resident, &made).await["viewerCanSeeResults"], false);
    }

    async fn without_a_presenter_nothing_is_hidden(app) {
        let made = poll(app, json!({})).await;
        for persona in Persona::ALL {
            assert!(knows(app, persona, &made).await);
        }
    }
}
