//! Comments that are held.

use chrono::TimeDelta;
use domain::{clock::Clock, screening::Rules};
use harness::{Answer, Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{add, codes, one, queued, rules};
use crate::{
    moderation::{case_of, report},
    theme::theme,
};

/// What others see of the comments under an object: their texts, and their number.
async fn seen(app: &TestApp, on: &Value) -> (Vec<String>, i64) {
    let variables = json!({ "subjectId": on["id"] });
    let answer = app.send(Persona::Anonymous, "Comments", variables).await;
    let node = answer.data("/node");
    let edges = node["comments"]["edges"].as_array().expect("edges");
    let bodies = edges
        .iter()
        .map(|edge| edge["node"]["body"].as_str().expect("a body").to_owned())
        .collect();
    (bodies, node["commentCount"].as_i64().expect("a count"))
}

fn at(app: &TestApp, before: TimeDelta) -> Value {
    json!({ "openedAt": (app.clock.now() - before).to_rfc3339() })
}

async fn edit(app: &TestApp, added: &Value, body: &str) -> Value {
    let document = "mutation($input: CommentEditInput!) { commentEdit(input: $input) {
        comment { state body } warnings { code field } userErrors { code } } }";
    let input = json!({ "commentId": added["comment"]["id"], "body": body });
    let answer = app
        .execute(Persona::Resident, document, json!({ "input": input }))
        .await;
    answer.accepted("commentEdit").clone()
}

/// The case of a comment.
async fn waiting(app: &TestApp, added: &Value) -> Value {
    case_of(app, &added["comment"]).await
}

/// Approves what a moderator saw of a case.
async fn approve(app: &TestApp, case: &Value) -> Answer {
    let input = json!({
        "caseId": case["id"],
        "expectedVersion": case["version"],
        "action": "APPROVE",
    });
    app.send(
        Persona::Moderator,
        "ModerationCaseDecide",
        json!({ "input": input }),
    )
    .await
}

on_both_databases! {
    async fn the_first_two_contributions_of_an_account_are_held(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(Rules::default()).await;
        for (text, state, said) in [
            ("Meer water.", "PENDING", &["NEW_AUTHOR"][..]),
            ("Minder water.", "PENDING", &["NEW_AUTHOR"]),
            ("Schoon water.", "VISIBLE", &[]),
        ] {
            let added = add(app, Persona::Resident, &on, text, Value::Null).await;
            assert_eq!(added["comment"]["state"], state, "{text}");
            assert_eq!(codes(&added), said, "{text}");
        }
        assert_eq!(seen(app, &on).await, (vec!["Schoon water.".to_owned()], 1));
        let expected = [one("COMMENT", json!(["NEW_AUTHOR"])), one("COMMENT", json!(["NEW_AUTHOR"]))].concat();
        assert_eq!(queued(app).await, expected);
        // Another is new for themselves, and who works here is not.
        let added = add(app, Persona::Neighbour, &on, "Zout water.", Value::Null).await;
        assert_eq!(added["comment"]["state"], "PENDING");
        for persona in [Persona::Editor, Persona::Moderator, Persona::Admin] {
            let added = add(app, persona, &on, &format!("{persona:?} zegt iets."), Value::Null).await;
            assert_eq!((&added["comment"]["state"], codes(&added)), (&json!("VISIBLE"), vec![]), "{persona:?}");
        }
        // The queue's jobs end well.
        assert_eq!(app.run_jobs().await, 3);
        assert_eq!(queued(app).await, []);
    }

    async fn what_programs_do_is_held_and_not_explained(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(rules()).await;
        for (form, state) in [
            (json!({ "honeypot": "http://voorbeeld.example" }), "PENDING"),
            (json!({ "honeypot": "" }), "VISIBLE"),
            (at(app, TimeDelta::seconds(2)), "PENDING"),
            (at(app, TimeDelta::seconds(3)), "VISIBLE"),
            (at(app, TimeDelta::seconds(-30)), "VISIBLE"),
        ] {
            let text = format!("Dit schreef ik zelf, met {form}.").replace("http://", "");
            let added = add(app, Persona::Resident, &on, &text, form.clone()).await;
            assert_eq!(added["comment"]["state"], state, "{form}");
            assert_eq!(codes(&added), Vec::<&str>::new(), "{form}");
        }
        let expected = [one("COMMENT", json!(["HONEYPOT_FILLED"])), one("COMMENT", json!(["SENT_TOO_FAST"]))].concat();
        assert_eq!(queued(app).await, expected);
    }

    async fn much_in_a_short_time_is_held(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(rules()).await;
        for number in 0..6 {
            let added = add(app, Persona::Resident, &on, &format!("Punt {number}."), Value::Null).await;
            assert_eq!(added["comment"]["state"], "VISIBLE", "{number}");
        }
        let added = add(app, Persona::Resident, &on, "Nog een punt.", Value::Null).await;
        assert_eq!((&added["comment"]["state"], codes(&added)), (&json!("PENDING"), vec!["TOO_MANY_RECENTLY"]));
        let added = add(app, Persona::Neighbour, &on, "Mijn eerste punt.", Value::Null).await;
        assert_eq!(added["comment"]["state"], "VISIBLE");
        app.clock.advance(TimeDelta::minutes(11));
        let added = add(app, Persona::Resident, &on, "Een laatste punt.", Value::Null).await;
        assert_eq!(added["comment"]["state"], "VISIBLE");
    }

    async fn the_same_text_again_is_held_for_a_day(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(rules()).await;
        let long = "Koop nu de allerbeste zonnepanelen van heel Overijssel.";
        for (persona, text, state) in [
            (Persona::Resident, "Mee eens.", "VISIBLE"),
            // Many agree in few words; one person need not say so twice.
            (Persona::Neighbour, "mee  eens.", "VISIBLE"),
            (Persona::Neighbour, "MEE eens.", "PENDING"),
            (Persona::Resident, long, "VISIBLE"),
            (Persona::Neighbour, &long.to_uppercase().to_lowercase(), "PENDING"),
        ] {
            let added = add(app, persona, &on, text, Value::Null).await;
            assert_eq!(added["comment"]["state"], state, "{text}");
            assert_eq!(codes(&added).contains(&"TEXT_REPEATED"), state == "PENDING", "{text}");
        }
        app.clock.advance(TimeDelta::hours(25));
        let added = add(app, Persona::Neighbour, &on, long, Value::Null).await;
        assert_eq!(added["comment"]["state"], "VISIBLE");
    }

    async fn words_and_personal_data_are_held_and_manners_are_not(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(rules()).await;
        for (text, state, code, excerpt) in [
            ("Het water is P0EP geworden.", "PENDING", "LISTED_WORD", json!("P0EP")),
            ("Mail jan@voorbeeld.example daarover.", "PENDING", "PERSONAL_DATA", json!("jan@voorbeeld.example")),
            ("https://voorbeeld.example/kijk", "PENDING", "MOSTLY_LINKS", Value::Null),
            ("Waarom doet niemand iets?!", "VISIBLE", "REPEATED_SIGNS", json!("?!")),
            ("IK WIL NU ECHT WEL WATER ZIEN", "VISIBLE", "MANY_CAPITALS", Value::Null),
        ] {
            let added = add(app, Persona::Resident, &on, text, Value::Null).await;
            let warning = &added["warnings"][0];
            assert_eq!(added["comment"]["state"], state, "{text}");
            assert_eq!((codes(&added), &warning["excerpt"]), (vec![code], &excerpt), "{text}");
            assert_eq!(warning["field"], json!(["input", "body"]));
            assert_eq!(warning["isHeldFor"], state == "PENDING");
            assert!(warning["message"].as_str().is_some_and(|message| message.ends_with('.')));
        }
        let added = add(app, Persona::Resident, &on, "In de Poepershoek is het water schoon.", Value::Null).await;
        assert_eq!((&added["comment"]["state"], codes(&added)), (&json!("VISIBLE"), vec![]));
    }

    async fn a_change_is_screened_and_an_unchanged_text_is_not_held_again(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(rules()).await;
        let added = add(app, Persona::Resident, &on, "Bel de gemeente.", Value::Null).await;
        let edit = async |body: &str| edit(app, &added, body).await;
        let edited = edit("Bel de gemeente eens.").await;
        assert_eq!((&edited["comment"]["state"], codes(&edited)), (&json!("VISIBLE"), vec![]));
        assert_eq!(seen(app, &on).await.1, 1);
        let edited = edit("Bel 06-12345678 eens.").await;
        assert_eq!((&edited["comment"]["state"], codes(&edited)), (&json!("PENDING"), vec!["PERSONAL_DATA"]));
        assert_eq!(edited["comment"]["body"], "Bel 06-12345678 eens.");
        assert_eq!(seen(app, &on).await, (vec![], 0));
        assert_eq!(queued(app).await, one("COMMENT", json!(["PERSONAL_DATA"])));
        // It stays where it is, and is counted once.
        assert_eq!(codes(&edit("Bel 06-12345678 eens.").await), Vec::<&str>::new());
        let edited = edit("Bel de gemeente.").await;
        assert_eq!(edited["comment"]["state"], "PENDING");
        assert_eq!(seen(app, &on).await, (vec![], 0));
    }

    async fn what_is_read_first_is_read_again_after_a_change(app) {
        let on = theme(app, "Water").await;
        let strict = Rules { comments_read_first: true, ..rules() };
        for (rules, code) in [(strict, "READ_FIRST"), (Rules::default(), "NEW_AUTHOR")] {
            let app = &app.screening(rules).await;
            let added = add(app, Persona::Resident, &on, &format!("Meer water, zegt {code}."), Value::Null).await;
            assert_eq!(codes(&added), [code]);
            app.run_jobs().await;
            approve(app, &waiting(app, &added).await).await.accepted("moderationCaseDecide");
            let edited = edit(app, &added, &format!("Minder water, zegt {code}.")).await;
            assert_eq!((&edited["comment"]["state"], codes(&edited)), (&json!("PENDING"), vec![code]));
            assert_eq!(seen(app, &on).await, (vec![], 0));
            app.run_jobs().await;
            let case = waiting(app, &added).await;
            assert_eq!(case["subjectSnapshot"], format!("Minder water, zegt {code}."));
        }
    }

    async fn who_judges_what_waits_sees_what_it_says_now(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(rules()).await;
        let added = add(app, Persona::Resident, &on, "Bel 06-12345678 eens.", Value::Null).await;
        app.run_jobs().await;
        let before = waiting(app, &added).await;
        let edited = edit(app, &added, "Dit is heel iets anders.").await;
        assert_eq!(edited["comment"]["state"], "PENDING");
        // As soon as it says something else, also before the queue knows.
        for _ in 0..2 {
            let refused = approve(app, &before).await;
            assert_eq!(refused.refusals("moderationCaseDecide"), ["CASE_CHANGED input.expectedVersion"]);
            app.run_jobs().await;
        }
        let now = waiting(app, &added).await;
        assert_eq!((&now["id"], &now["subjectSnapshot"]), (&before["id"], &json!("Dit is heel iets anders.")));
        approve(app, &now).await.accepted("moderationCaseDecide");
        assert_eq!(seen(app, &on).await, (vec!["Dit is heel iets anders.".to_owned()], 1));
    }

    async fn what_was_reported_stays_in_its_case_whatever_its_author_makes_of_it(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(rules()).await;
        let added = add(app, Persona::Resident, &on, "Scheldwoord.", Value::Null).await;
        report(app, Persona::Neighbour, &added["comment"], "OFFENSIVE").await.accepted("contentReport");
        let reported = waiting(app, &added).await;
        let edited = edit(app, &added, "Bel 06-12345678 eens.").await;
        assert_eq!(edited["comment"]["state"], "PENDING");
        app.run_jobs().await;
        let case = waiting(app, &added).await;
        assert_eq!((&case["id"], &case["subjectSnapshot"]), (&reported["id"], &json!("Scheldwoord.")));
        assert_ne!(case["version"], reported["version"]);
        let refused = approve(app, &reported).await;
        assert_eq!(refused.refusals("moderationCaseDecide"), ["CASE_CHANGED input.expectedVersion"]);
        approve(app, &case).await.accepted("moderationCaseDecide");
    }

    async fn all_comments_are_read_first_where_the_server_says_so(app) {
        let on = theme(app, "Water").await;
        let app = &app.screening(Rules { comments_read_first: true, ..rules() }).await;
        let added = add(app, Persona::Resident, &on, "Meer water.", Value::Null).await;
        assert_eq!((&added["comment"]["state"], codes(&added)), (&json!("PENDING"), vec!["READ_FIRST"]));
        let added = add(app, Persona::Moderator, &on, "Dank u.", Value::Null).await;
        assert_eq!(added["comment"]["state"], "VISIBLE");
    }
}
