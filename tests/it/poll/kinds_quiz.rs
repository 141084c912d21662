//! A quiz: what is right stays hidden on every path until it is revealed, and then earns points.

use chrono::TimeDelta;
use harness::{Answer, Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{ballot, cast, close, page, poll, question, recount::recount};

/// A quiz on rivers, where the second option is right.
async fn quiz(app: &TestApp, rules: Value) -> Value {
    let mut quiz = question("QUIZ", &["Vecht", "IJssel", "Regge"]);
    quiz["options"][1]["isRight"] = json!(true);
    quiz["rules"] = rules;
    poll(app, json!({ "questions": [quiz] })).await
}

const QUESTION: &str = "fragment Quiz on Question {
    options { id isRight }
    viewerBallot { points marks { option { isRight } value } }
    results { summary options { option { isRight } rank share total score mean distribution { value count } } }
}";

/// The question by every path that leads to it.
async fn paths(app: &TestApp, persona: Persona, poll: &Value) -> Vec<Value> {
    let document = format!(
        "query($slug: String!, $poll: ID!, $question: ID!) {{
            poll(slug: $slug) {{ questions {{ ...Quiz }} }}
            polls(first: 1) {{ nodes {{ questions {{ ...Quiz }} }} }}
            node(id: $poll) {{ ... on Poll {{ questions {{ ...Quiz }} }} }}
            question: node(id: $question) {{ ... on Question {{ ...Quiz }} }} }} {QUESTION}"
    );
    let variables = json!({
        "slug": poll["slug"], "poll": poll["id"], "question": poll["questions"][0]["id"],
    });
    let answer = app.execute(persona, &document, variables).await;
    [
        "/poll/questions/0",
        "/polls/nodes/0/questions/0",
        "/node/questions/0",
        "/question",
    ]
    .map(|path| answer.data(path).clone())
    .to_vec()
}

async fn cast_and_look(app: &TestApp, persona: Persona, input: Value) -> Answer {
    let document = format!(
        "mutation($input: BallotCastInput!) {{ ballotCast(input: $input) {{
            ballot {{ points marks {{ option {{ isRight }} value }} }} question {{ ...Quiz }}
            userErrors {{ code field }} }} }} {QUESTION}"
    );
    app.execute(persona, &document, json!({ "input": input }))
        .await
}

on_both_databases! {
    async fn what_is_right_is_hidden_on_every_path_until_the_close(app) {
        let made = quiz(app, json!({ "timeLimitSeconds": 20 })).await;
        let first = cast_and_look(app, Persona::Resident, ballot(&made, 0, &[(1, 1)])).await;
        let payload = first.accepted("ballotCast");
        assert_eq!(payload["ballot"], json!({ "points": null, "marks": [{ "option": { "isRight": null }, "value": 1 }] }));
        assert_eq!(payload["question"]["results"]["options"][1]["score"], Value::Null);
        app.clock.advance(TimeDelta::seconds(5));
        cast(app, Persona::Neighbour, ballot(&made, 0, &[(1, 1)])).await.accepted("ballotCast");
        cast(app, Persona::Visitor, ballot(&made, 0, &[(0, 1)])).await.accepted("ballotCast");
        recount(app).await;
        for persona in Persona::ALL {
            let staff = matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin);
            for found in paths(app, persona, &made).await {
                let right: Vec<_> = found["options"].as_array().expect("options").iter().map(|one| one["isRight"].clone()).collect();
                let shown = if staff { [json!(false), json!(true), json!(false)] } else { [const { Value::Null }; 3] };
                assert_eq!(right, shown, "{persona:?}");
                for option in found["results"]["options"].as_array().expect("options") {
                    assert_eq!(option["score"].is_null() || option["option"]["isRight"].is_null(), !staff || option["distribution"][0]["count"] == 0, "{persona:?}: {option:#}");
                    assert_eq!(option["total"].is_null(), !staff, "{persona:?}");
                    assert_eq!(option["distribution"].as_array().expect("one value").len(), 1, "what was earned is no value");
                }
                if !staff {
                    let text = found.to_string();
                    assert!(!text.contains("true") && !text.contains("right answer"), "{persona:?}: {text}");
                    assert!(!text.contains("875"), "{persona:?}: {text}");
                }
                if persona == Persona::Neighbour {
                    assert_eq!(found["viewerBallot"]["points"], Value::Null);
                    assert_eq!(found["viewerBallot"]["marks"][0]["value"], 1);
                }
            }
        }
        close(app, &made).await.accepted("pollClose");
        for (persona, points) in [(Persona::Resident, json!(1000)), (Persona::Neighbour, json!(875)), (Persona::Visitor, json!(0)), (Persona::Anonymous, Value::Null)] {
            for found in paths(app, persona, &made).await {
                assert_eq!(found["options"][1]["isRight"], true, "{persona:?}");
                assert_eq!(found["viewerBallot"]["points"], points, "{persona:?}");
                let options = &found["results"]["options"];
                assert_eq!((&options[1]["total"], &options[1]["score"]), (&json!(1875), &json!(937.5)));
                assert_eq!((&options[0]["total"], &options[0]["score"]), (&json!(0), &json!(0.0)));
                assert_eq!((&options[2]["total"], &options[2]["score"]), (&json!(0), &Value::Null));
                assert_eq!(options[1]["share"], json!(2.0 / 3.0));
                assert_eq!(
                    found["results"]["summary"],
                    "3 people voted; the right answer is “IJssel”; 2 people (67%) had it right."
                );
            }
        }
    }

    async fn the_same_answer_again_keeps_its_points_and_another_starts_anew(app) {
        let made = quiz(app, json!({ "timeLimitSeconds": 10 })).await;
        let right = || ballot(&made, 0, &[(1, 1)]);
        app.clock.advance(TimeDelta::seconds(2));
        cast(app, Persona::Resident, right()).await.accepted("ballotCast");
        cast(app, Persona::Neighbour, right()).await.accepted("ballotCast");
        app.clock.advance(TimeDelta::seconds(3));
        cast(app, Persona::Resident, right()).await.accepted("ballotCast");
        cast(app, Persona::Neighbour, ballot(&made, 0, &[(2, 1)])).await.accepted("ballotCast");
        cast(app, Persona::Neighbour, right()).await.accepted("ballotCast");
        app.clock.advance(TimeDelta::hours(1));
        cast(app, Persona::Visitor, right()).await.accepted("ballotCast");
        recount(app).await;
        close(app, &made).await.accepted("pollClose");
        for (persona, points) in [(Persona::Resident, 900), (Persona::Neighbour, 750), (Persona::Visitor, 500)] {
            assert_eq!(paths(app, persona, &made).await[0]["viewerBallot"]["points"], points, "{persona:?}");
        }
    }

    async fn a_quiz_takes_one_answer_and_answers_a_retry_alike(app) {
        let made = quiz(app, json!({})).await;
        let many = cast(app, Persona::Resident, ballot(&made, 0, &[(0, 1), (1, 1)])).await;
        assert_eq!(many.refusals("ballotCast"), ["CHOICE_COUNT_ABOVE_MAXIMUM input.marks"]);
        let cheat = cast(app, Persona::Resident, ballot(&made, 0, &[(1, 1000)])).await;
        assert_eq!(cheat.refusals("ballotCast"), ["SCORE_INVALID input.marks.0.value"]);
        let mut named = ballot(&made, 0, &[(1, 1)]);
        named["idempotencyKey"] = json!("een");
        let first = cast(app, Persona::Resident, named.clone()).await;
        app.clock.advance(TimeDelta::seconds(1));
        let again = cast(app, Persona::Resident, named).await;
        assert_eq!(again.accepted("ballotCast"), first.accepted("ballotCast"));
        assert_eq!(page(app, Persona::Resident, &made).await["questions"][0]["viewerBallot"]["marks"][0]["value"], 1);
        recount(app).await;
    }
}
