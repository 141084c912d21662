//! Which answers of other voters one sees, on every path that leads to them.

use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use domain::{Actor, clock::Clock, id::VisitorId};
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{
    cast, close, page, poll, question,
    room::{present, room},
    writing,
};
use crate::{embed, partner::partner_of};

/// The answer that Fatma writes; nobody else writes it.
const ANSWER: &str = "Een zwemplek bij de oude sluis";

fn open_question(rules: Value) -> Value {
    let mut asked = question("OPEN", &[]);
    asked["rules"] = rules;
    asked
}

/// Everything that one document reads of the poll, its questions and their options.
const EVERY_PATH: &str = "query($slug: String!, $poll: ID!, $question: ID!) {
    poll(slug: $slug) { ...P }
    polls(first: 1) { nodes { ...P } }
    one: node(id: $poll) { ... on Poll { ...P } }
    question: node(id: $question) { ... on Question { ...Q } }
    many: nodes(ids: [$poll, $question]) { ... on Poll { ...P } ... on Question { ...Q } }
  }
  fragment P on Poll { questions { ...Q } activeQuestion { ...Q } runs { run } }
  fragment Q on Question {
    options { ...O } otherTexts { text }
    results { ...R } resultsOfRun(run: 1) { ...R }
    resultsByChannel { results { ...R } } resultsByAssurance { results { ...R } }
    viewerBallot { marks { option { ...O } } }
  }
  fragment R on QuestionResults { summary options { option { ...O } } }
  fragment O on PollOption { id label }";

/// Returns true if a persona finds the answer by the API; every way that shows options agrees.
async fn finds(app: &TestApp, persona: Persona, poll: &Value, option: &Value) -> bool {
    let question = &poll["questions"][0]["id"];
    let variables = json!({
        "slug": poll["slug"], "poll": poll["id"], "question": question,
    });
    let answer = app.execute(persona, EVERY_PATH, variables).await;
    let data = answer.data("");
    let found = data["question"]["options"].to_string().contains(ANSWER);
    for way in ["poll", "polls", "one", "question", "many"] {
        assert_eq!(
            data[way].to_string().contains(ANSWER),
            found,
            "{persona:?} {way}: {data:#}"
        );
    }
    for document in [
        "query($id: ID!) { node(id: $id) { __typename } }",
        "query($id: ID!) { nodes(ids: [$id]) { __typename } }",
    ] {
        let none = app.execute(persona, document, json!({ "id": option }));
        let none = none.await.0.to_string();
        assert!(!none.contains("PollOption"), "an option is no node: {none}");
    }
    let document = "subscription($poll: ID!) { pollUpdated(pollId: $poll) {
        questions { options { label } results { summary options { option { label } } } } } }";
    let actor = app.actor(persona).clone();
    let first = app
        .watch(actor, document, json!({ "poll": poll["id"] }))
        .await
        .next()
        .await
        .expect("a state");
    assert_eq!(
        first.data("/pollUpdated").to_string().contains(ANSWER),
        found,
        "{persona:?}: {:#}",
        first.0
    );
    found
}

async fn http(app: &TestApp, request: Request<Body>) -> String {
    let response = app.http(request).await;
    let body = to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    String::from_utf8_lossy(&body).into_owned()
}

async fn get(app: &TestApp, path: &str) -> String {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    http(app, request).await
}

/// Returns true if a person without an account finds the answer on the poll's pages and pictures.
async fn pages_show(app: &TestApp, poll: &Value, embed: &Value) -> bool {
    let slug = poll["slug"].as_str().expect("a slug");
    let (_, id) = embed["url"]
        .as_str()
        .expect("a URL")
        .rsplit_once('/')
        .expect("an id");
    let page = get(app, &format!("/p/{slug}")).await;
    let shown = page.contains(ANSWER);
    for path in [format!("/embed/{id}"), format!("/p/{slug}?language=en")] {
        assert_eq!(get(app, &path).await.contains(ANSWER), shown, "{path}");
    }
    shown
}

/// Returns true if the page shows the answer to someone who has just sent its form with an answer.
async fn form_shows(app: &TestApp, path: &str, poll: &Value) -> bool {
    let page = get(app, path).await;
    let (_, from) = page
        .rsplit_once("name=token form=f value=\"")
        .expect("a token");
    let token = from.split_once('"').expect("its end").0;
    let question = poll["questions"][0]["id"].as_str().expect("an id");
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!(
            "token={token}&w.{question}=Meer+bankjes"
        )))
        .expect("a request");
    let answer = http(app, request).await;
    assert!(
        answer.contains("Meer bankjes"),
        "one's own is shown: {answer}"
    );
    answer.contains(ANSWER)
}

/// A poll of one open question in an embed, where Fatma has answered; the poll, the embed and
/// the option.
async fn answered(app: &TestApp, partner: &Value, visibility: &str, rules: Value) -> [Value; 3] {
    let parts = json!({
        "resultsVisibility": visibility,
        "voteChange": "UNTIL_CLOSE",
        "questions": [open_question(rules)],
    });
    let made = poll(app, parts).await;
    let input = embed::draft(partner, &made, &json!({}));
    let embed = app
        .send(Persona::Editor, "EmbedCreate", json!({ "input": input }))
        .await;
    let embed = embed.accepted("embedCreate")["embed"].clone();
    cast(app, Persona::Resident, writing(&made, 0, &[ANSWER]))
        .await
        .accepted("ballotCast");
    let staff = page(app, Persona::Moderator, &made).await;
    let option = staff["questions"][0]["options"][0]["id"].clone();
    [made, embed, option]
}

on_both_databases! {
    async fn written_answers_follow_the_visibility_of_results(app) {
        let partner = partner_of(app, "Raalte", &[]).await;
        // Anonymous, Visitor, Resident (who wrote), Neighbour, Editor, Moderator, Admin.
        let staff = [false, false, false, false, true, true, true];
        for (visibility, open, closed) in [
            ("ALWAYS", [true; 7], [true; 7]),
            ("AFTER_VOTE", [false, false, true, false, true, true, true], [true; 7]),
            ("AFTER_CLOSE", staff, [true; 7]),
            ("STAFF", staff, staff),
        ] {
            let [made, embed, option] = answered(app, &partner, visibility, json!({})).await;
            for (persona, expected) in Persona::ALL.into_iter().zip(open) {
                // Who wrote sees their own on their ballot, which every path here holds.
                if persona != Persona::Resident {
                    assert_eq!(finds(app, persona, &made, &option).await, expected, "{visibility}, open, {persona:?}");
                }
            }
            let own = page(app, Persona::Resident, &made).await;
            assert_eq!(own["questions"][0]["options"].as_array().expect("options").len(), usize::from(open[2]), "{visibility}");
            assert_eq!(own["questions"][0]["viewerBallot"]["marks"][0]["option"]["id"], option, "one's own ballot shows it");
            assert_eq!(pages_show(app, &made, &embed).await, open[0], "{visibility}");
            let slug = made["slug"].as_str().expect("a slug");
            let (_, id) = embed["url"].as_str().expect("a URL").rsplit_once('/').expect("an id");
            for path in [format!("/p/{slug}"), format!("/embed/{id}")] {
                assert_eq!(form_shows(app, &path, &made).await, open[2], "{visibility} {path}");
            }
            // What a ballot answers shows no more than a look does.
            let mine = Actor::Visitor(Some(VisitorId::new(app.clock.now())));
            let document = "mutation($input: BallotCastInput!) { ballotCast(input: $input) {
                userErrors { code } ballot { marks { option { label } } }
                question { options { label } results { summary options { option { label } } } } } }";
            let vote = app.execute_as(mine, document, json!({ "input": writing(&made, 0, &["Iets anders"]) })).await;
            assert_eq!(vote.accepted("ballotCast").to_string().contains(ANSWER), open[2], "{visibility}: {:#}", vote.0);
            close(app, &made).await.accepted("pollClose");
            for (persona, expected) in Persona::ALL.into_iter().zip(closed) {
                if persona != Persona::Resident {
                    assert_eq!(finds(app, persona, &made, &option).await, expected, "{visibility}, closed, {persona:?}");
                }
            }
            assert_eq!(pages_show(app, &made, &embed).await, closed[0], "{visibility}");
            let picture = get(app, &format!("/polls/{slug}/questions/1.svg")).await;
            assert_eq!(picture.contains("zwemplek"), closed[0], "{visibility}: {picture}");
            app.clock.advance(chrono::TimeDelta::seconds(1));
        }
    }

    async fn a_question_may_show_answers_for_support_before_its_results(app) {
        let partner = partner_of(app, "Raalte", &[]).await;
        for visibility in ["AFTER_VOTE", "AFTER_CLOSE", "STAFF"] {
            let [made, embed, option] = answered(app, &partner, visibility, json!({ "answersVisible": true })).await;
            for persona in Persona::ALL {
                let seen = page(app, persona, &made).await;
                let question = &seen["questions"][0];
                assert_eq!(question["options"][0]["label"], ANSWER, "{visibility} {persona:?}");
                let staff = matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin);
                let voted = persona == Persona::Resident && visibility == "AFTER_VOTE";
                assert_eq!(!question["results"].is_null(), staff || voted, "{visibility} {persona:?}");
            }
            assert!(pages_show(app, &made, &embed).await, "{visibility}");
            let support = json!({ "questionId": made["questions"][0]["id"], "marks": [{ "optionId": option }] });
            cast(app, Persona::Visitor, support).await.accepted("ballotCast");
            app.clock.advance(chrono::TimeDelta::seconds(1));
        }
        // What waits for a moderator is shown to nobody else, whatever the question says.
        let held = poll(app, json!({ "questions": [open_question(json!({ "answersVisible": true, "moderated": true }))] })).await;
        cast(app, Persona::Resident, writing(&held, 0, &[ANSWER])).await.accepted("ballotCast");
        assert_eq!(page(app, Persona::Visitor, &held).await["questions"][0]["options"], json!([]));
        let words = question("WORD_CLOUD", &[]);
        let mut refused = super::draft(app, &json!({ "questions": [words] }));
        refused["questions"][0]["rules"] = json!({ "answersVisible": true });
        let refused = app.send(Persona::Editor, "PollCreate", json!({ "input": refused })).await;
        assert_eq!(refused.refusals("pollCreate"), ["POLL_CONFIGURATION_INVALID input.questions.0.rules.answersVisible"]);
    }

    async fn a_room_shows_answers_once_their_question_is_revealed(app) {
        let made = room(app, json!({ "resultsVisibility": "AFTER_VOTE", "questions": [open_question(json!({}))] })).await;
        present(app, &made, 0, "OPEN").await.accepted("pollQuestionPresent");
        cast(app, Persona::Resident, writing(&made, 0, &[ANSWER])).await.accepted("ballotCast");
        cast(app, Persona::Visitor, writing(&made, 0, &["Iets anders"])).await.accepted("ballotCast");
        for state in ["LOCKED", "REVEALED"] {
            present(app, &made, 0, state).await.accepted("pollQuestionPresent");
            for persona in [Persona::Anonymous, Persona::Visitor, Persona::Neighbour] {
                let seen = page(app, persona, &made).await;
                assert_eq!(seen.to_string().contains(ANSWER), state == "REVEALED", "{persona:?} {state}");
            }
        }
    }
}
