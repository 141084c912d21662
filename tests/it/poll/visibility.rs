//! Who sees results, on every path that leads to them.

use entity::poll_option;
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use super::{cast, choice, close, page, poll, question, retract};

/// Whether a persona sees results, by every path; they must agree.
async fn sees(app: &TestApp, persona: Persona, poll: &Value) -> bool {
    let page = page(app, persona, poll).await;
    let shown = !page["questions"][0]["results"].is_null();
    assert_eq!(page["viewerCanSeeResults"], shown, "{persona:?}");
    assert_eq!(page["voterCount"], 1, "counts are for everyone");
    let document = "query($poll: ID!, $question: ID!) {
        poll: node(id: $poll) { ... on Poll { viewerCanSeeResults questions { results { revision } } } }
        question: node(id: $question) { ... on Question { results { revision } } } }";
    let ids = json!({ "poll": poll["id"], "question": poll["questions"][0]["id"] });
    let nodes = app.execute(persona, document, ids).await;
    assert_eq!(
        !nodes.data("/question/results").is_null(),
        shown,
        "{persona:?}"
    );
    assert_eq!(
        !nodes.data("/poll/questions/0/results").is_null(),
        shown,
        "{persona:?}"
    );
    let list = "{ polls { nodes { viewerCanSeeResults questions { results { options { voterCount } } } } } }";
    let list = app.execute(persona, list, json!({})).await;
    assert_eq!(
        !list.data("/polls/nodes/0/questions/0/results").is_null(),
        shown,
        "{persona:?}"
    );
    shown
}

on_both_databases! {
    async fn results_show_to_whom_the_poll_says(app) {
        // Anonymous, Visitor, Resident (who voted), Neighbour, Editor, Moderator, Admin.
        for (visibility, open, closed) in [
            ("ALWAYS", [true; 7], [true; 7]),
            ("AFTER_VOTE", [false, false, true, false, true, true, true], [true; 7]),
            ("AFTER_CLOSE", [false, false, false, false, true, true, true], [true; 7]),
            ("STAFF", [false, false, false, false, true, true, true], [false, false, false, false, true, true, true]),
        ] {
            let made = poll(app, json!({ "resultsVisibility": visibility })).await;
            let vote = cast(app, Persona::Resident, choice(&made, 0, &[0])).await;
            let shown = !vote.accepted("ballotCast")["question"]["results"].is_null();
            assert_eq!(shown, open[2], "{visibility}: what the ballot itself answers");
            for (persona, expected) in Persona::ALL.into_iter().zip(open) {
                assert_eq!(sees(app, persona, &made).await, expected, "{visibility}, open, {persona:?}");
            }
            close(app, &made).await.accepted("pollClose");
            for (persona, expected) in Persona::ALL.into_iter().zip(closed) {
                assert_eq!(sees(app, persona, &made).await, expected, "{visibility}, closed, {persona:?}");
            }
            // The list of the next round starts with its own poll.
            app.clock.advance(chrono::TimeDelta::seconds(1));
        }
    }

    async fn after_a_vote_means_a_vote_on_that_question(app) {
        let made = poll(app, json!({
            "resultsVisibility": "AFTER_VOTE",
            "questions": [question("SINGLE", &["Ja", "Nee"]), question("SINGLE", &["Nu", "Later"])],
        })).await;
        cast(app, Persona::Visitor, choice(&made, 0, &[0])).await.accepted("ballotCast");
        let half = page(app, Persona::Visitor, &made).await;
        assert!(!half["questions"][0]["results"].is_null());
        assert!(half["questions"][1]["results"].is_null());
        assert_eq!(half["viewerCanSeeResults"], false);
        cast(app, Persona::Visitor, choice(&made, 1, &[0])).await.accepted("ballotCast");
        assert_eq!(page(app, Persona::Visitor, &made).await["viewerCanSeeResults"], true);
        retract(app, Persona::Visitor, &made).await.accepted("ballotRetract");
        assert!(page(app, Persona::Visitor, &made).await["questions"][0]["results"].is_null());
    }

    async fn rejected_options_are_for_staff(app) {
        let made = poll(app, json!({ "questions": [question("STATEMENTS", &["Goed", "Kwetsend", "Wacht"])] })).await;
        let mut vote = choice(&made, 0, &[0, 1]);
        vote["questionId"] = made["questions"][0]["id"].clone();
        cast(app, Persona::Resident, vote.clone()).await.accepted("ballotCast");
        for (label, moderation) in [
            ("Kwetsend", poll_option::OptionModeration::Rejected),
            ("Wacht", poll_option::OptionModeration::Pending),
        ] {
            let row = poll_option::Entity::find().all(app.database.read()).await.expect("read").into_iter()
                .find(|option| option.label == label).expect("the option");
            let mut change: poll_option::ActiveModel = row.into();
            change.moderation = Set(moderation);
            change.update(app.database.writer()).await.expect("judged");
        }
        // What another process writes is seen within two seconds.
        app.clock.advance(chrono::TimeDelta::seconds(2));
        for persona in Persona::ALL {
            let staff = matches!(persona, Persona::Editor | Persona::Moderator | Persona::Admin);
            let page = page(app, persona, &made).await;
            let count = if staff { 3 } else { 1 };
            let first = &page["questions"][0];
            assert_eq!(first["options"].as_array().expect("options").len(), count, "{persona:?}");
            assert_eq!(first["results"]["options"].as_array().expect("results").len(), count, "{persona:?}");
            assert_eq!(page.to_string().contains("Kwetsend"), staff, "{persona:?}");
            assert_eq!(first["results"]["voterCount"], 1);
        }
        let mine = page(app, Persona::Resident, &made).await;
        assert_eq!(mine["questions"][0]["viewerBallot"]["marks"][1]["option"], Value::Null);
        // What is not shown to everyone takes no marks, not even from those who see it.
        for persona in [Persona::Neighbour, Persona::Moderator] {
            let refused = cast(app, persona, vote.clone()).await;
            assert_eq!(refused.refusals("ballotCast"), ["OPTION_UNKNOWN input.marks.1.optionId"], "{persona:?}");
        }
    }
}
