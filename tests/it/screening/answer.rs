//! Answers of voters' own that are held: their ballots count all the same.

use domain::screening::Rules;
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{codes, queued, rules};
use crate::poll::poll;

async fn open_question(app: &TestApp, moderated: bool) -> Value {
    let asked = json!({
        "kind": "OPEN",
        "prompt": "Wat moet er beter?",
        "rules": { "moderated": moderated, "maxAnswers": 3 },
    });
    poll(app, json!({ "questions": [asked] })).await
}

async fn cast(app: &TestApp, persona: Persona, poll: &Value, texts: &[&str], key: &str) -> Value {
    let document = "mutation($input: BallotCastInput!) { ballotCast(input: $input) {
        ballot { marks { option { label moderation } } }
        warnings { code field excerpt } userErrors { code } } }";
    let input = json!({
        "questionId": poll["questions"][0]["id"],
        "writeIns": texts,
        "idempotencyKey": key,
    });
    let answer = app
        .execute(persona, document, json!({ "input": input }))
        .await;
    answer.accepted("ballotCast").clone()
}

/// What everyone sees that was answered, sorted.
async fn shown(app: &TestApp, poll: &Value) -> Vec<String> {
    let document =
        "query($slug: String!) { poll(slug: $slug) { questions { options { label } } } }";
    let variables = json!({ "slug": poll["slug"] });
    let answer = app.execute(Persona::Anonymous, document, variables).await;
    let options = answer
        .data("/poll/questions/0/options")
        .as_array()
        .expect("options");
    let mut labels: Vec<String> = options
        .iter()
        .map(|option| option["label"].as_str().expect("a label").to_owned())
        .collect();
    labels.sort_unstable();
    labels
}

on_both_databases! {
    async fn one_answer_is_held_and_the_other_is_shown(app) {
        let app = &app.screening(rules()).await;
        let poll = open_question(app, false).await;
        let texts = ["Meer groen in de wijk", "Bel   mij op 06-12345678", "Minder auto's?!"];
        let answered = cast(app, Persona::Visitor, &poll, &texts, "een").await;
        let said = &answered["warnings"];
        assert_eq!(said[0], json!({ "code": "REPEATED_SIGNS", "field": ["input", "writeIns", "2"], "excerpt": "?!" }));
        assert_eq!(said[1], json!({ "code": "PERSONAL_DATA", "field": ["input", "writeIns", "1"], "excerpt": "06-12345678" }));
        assert_eq!(answered["ballot"]["marks"].as_array().map(Vec::len), Some(3));
        assert_eq!(shown(app, &poll).await, ["Meer groen in de wijk", "Minder auto's?!"]);
        assert_eq!(queued(app).await, [("ANSWER".to_owned(), json!(["PERSONAL_DATA"]))]);
        // Who writes what another wrote joins them, and puts nothing before the moderators.
        cast(app, Persona::Resident, &poll, &["bel mij op 06-12345678"], "twee").await;
        assert_eq!(queued(app).await.len(), 1);
    }

    async fn the_first_contributions_are_held_here_too_and_a_repeated_request_is_none(app) {
        let app = &app.screening(Rules::default()).await;
        let poll = open_question(app, false).await;
        for (text, key, is_shown) in [
            ("Eerste antwoord", "een", false),
            // The same request again is no second contribution.
            ("Eerste antwoord", "een", false),
            ("Tweede antwoord", "twee", false),
            ("Derde antwoord", "drie", true),
        ] {
            let answered = cast(app, Persona::Resident, &poll, &[text], key).await;
            assert_eq!(codes(&answered).contains(&"NEW_AUTHOR"), !is_shown, "{text}");
            assert_eq!(shown(app, &poll).await.contains(&text.to_owned()), is_shown, "{text}");
        }
        // Visitors have no history that would say anything.
        let answered = cast(app, Persona::Visitor, &poll, &["Antwoord van buiten"], "vier").await;
        assert_eq!(codes(&answered), Vec::<&str>::new());
        assert_eq!(shown(app, &poll).await, ["Antwoord van buiten", "Derde antwoord"]);
    }

    async fn who_is_new_no_longer_is_not_looked_up_for_each_ballot(app) {
        let app = &app.screening(Rules::default()).await;
        let poll = open_question(app, false).await;
        for number in 0..4 {
            cast(app, Persona::Resident, &poll, &[&format!("Antwoord {number}")], &format!("{number}")).await;
        }
        let work = cast(app, Persona::Resident, &poll, &["Nog een antwoord"], "laatste");
        let (_, statements) = app.statements_of(work).await;
        let looked_up = |statement: &&String| statement.starts_with("SELECT") && statement.contains("account_contribution");
        assert_eq!(statements.iter().find(looked_up), None);
    }

    async fn a_poll_or_the_server_may_have_all_answers_read_first(app) {
        let screened = &app.screening(rules()).await;
        let poll = open_question(screened, true).await;
        cast(screened, Persona::Visitor, &poll, &["Meer groen"], "een").await;
        assert_eq!(shown(screened, &poll).await, Vec::<String>::new());
        assert_eq!(queued(screened).await, [("ANSWER".to_owned(), json!(["READ_FIRST"]))]);

        let strict = &app.screening(Rules { answers_read_first: true, ..rules() }).await;
        let poll = open_question(strict, false).await;
        let answered = cast(strict, Persona::Visitor, &poll, &["Meer blauw"], "twee").await;
        assert_eq!(codes(&answered), ["READ_FIRST"]);
        assert_eq!(shown(strict, &poll).await, Vec::<String>::new());
    }
}
