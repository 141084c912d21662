//! Reporting, and what three people's reports do.

use chrono::TimeDelta;
use domain::{
    Actor, Member, Role,
    clock::Clock,
    id::{SessionId, VisitorId},
};
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{case_of, decide, person, queue, report, send};
use crate::{comment::comment, theme::theme};

async fn state(app: &TestApp, comment: &Value) -> Value {
    let document = "query($id: ID!) { node(id: $id) { ... on Comment { state body } } }";
    let answer = app
        .execute(Persona::Anonymous, document, json!({ "id": comment["id"] }))
        .await;
    answer.data("/node").clone()
}

/// Reports of more residents.
async fn crowd(app: &TestApp, subject: &Value, names: &[&str]) {
    for name in names {
        let actor = person(app, name, &[]).await;
        let input = json!({ "subjectId": subject["id"], "reason": "OFFENSIVE" });
        send(app, &actor, "ContentReport", json!({ "input": input }))
            .await
            .accepted("contentReport");
    }
}

/// A resident of this name, made the first time and found again later.
async fn again(app: &TestApp, name: &str, is_first: bool) -> Actor {
    if is_first {
        return person(app, name, &[]).await;
    }
    let email = format!("{}@example.org", name.to_lowercase());
    let found = app.services.accounts.by_email(&Actor::System, &email).await;
    let account = found.expect("an account");
    Actor::Member(Member {
        id: account.id,
        session: SessionId::new(app.clock.now()),
        roles: account.roles,
    })
}

on_both_databases! {
    async fn three_peoples_reports_hide_it_until_it_is_judged(app) {
        let theme = theme(app, "Water").await;
        let posted = comment(app, Persona::Resident, &theme, "Scheldwoord.").await;
        report(app, Persona::Neighbour, &posted, "OFFENSIVE").await.accepted("contentReport");
        assert_eq!(state(app, &posted).await["state"], "VISIBLE");
        crowd(app, &posted, &["Anna"]).await;
        assert_eq!(state(app, &posted).await["state"], "VISIBLE");
        crowd(app, &posted, &["Bert"]).await;
        assert_eq!(state(app, &posted).await, json!({ "state": "HIDDEN", "body": null }));
        let case = case_of(app, &posted).await;
        assert_eq!((&case["state"], &case["reportCount"]), (&json!("OPEN"), &json!(3)));
        assert_eq!(case["decisions"][0]["action"], "HIDE");
        assert!(case["decisions"][0]["decidedBy"].is_null(), "nobody decided");
        // Whoever reads the reports may see it otherwise.
        decide(app, Persona::Moderator, &case, "IGNORE").await.accepted("moderationCaseDecide");
        assert_eq!(state(app, &posted).await["state"], "VISIBLE");
    }

    async fn what_the_province_or_a_partner_says_never_hides_by_itself(app) {
        let theme = theme(app, "Wonen").await;
        let posted = comment(app, Persona::Editor, &theme, "De provincie bouwt.").await;
        crowd(app, &posted, &["Anna", "Bert", "Cem"]).await;
        assert_eq!(state(app, &posted).await["state"], "VISIBLE");
        assert_eq!(case_of(app, &posted).await["reportCount"], 3);
    }

    async fn visitors_weigh_less_and_never_hide(app) {
        let theme = theme(app, "Energie").await;
        let posted = comment(app, Persona::Resident, &theme, "Windmolens weg.").await;
        report(app, Persona::Visitor, &posted, "SPAM").await.accepted("contentReport");
        assert_eq!(case_of(app, &posted).await["priority"], 3);
        report(app, Persona::Neighbour, &posted, "SPAM").await.accepted("contentReport");
        assert_eq!(case_of(app, &posted).await["priority"], 13);
        let anonymous = report(app, Persona::Anonymous, &posted, "SPAM").await;
        assert_eq!(anonymous.code(), "UNAUTHENTICATED");
    }

    async fn many_visitors_weigh_less_than_three_accounts_and_hide_nothing(app) {
        let theme = theme(app, "Wind").await;
        let posted = comment(app, Persona::Resident, &theme, "Windmolens weg.").await;
        let other = comment(app, Persona::Resident, &theme, "Windmolens erbij.").await;
        let mut weights = Vec::new();
        for _ in 0..12 {
            let visitor = Actor::Visitor(Some(VisitorId::new(app.clock.now())));
            let input = json!({ "subjectId": posted["id"], "reason": "SPAM" });
            send(app, &visitor, "ContentReport", json!({ "input": input })).await.accepted("contentReport");
            weights.push(case_of(app, &posted).await["priority"].as_i64().expect("a weight"));
        }
        assert_eq!(weights, [3, 6, 9, 12, 14, 14, 14, 14, 14, 14, 14, 14]);
        assert_eq!(state(app, &posted).await["state"], "VISIBLE");
        // Three whom the moderators never saw right come first all the same.
        let names = ["Anna", "Bert", "Cem"];
        for round in 0..6 {
            let bait = comment(app, Persona::Resident, &theme, &format!("Niets mis met nummer {round}.")).await;
            for name in names {
                let actor = again(app, name, round == 0).await;
                let input = json!({ "subjectId": bait["id"], "reason": "SPAM" });
                send(app, &actor, "ContentReport", json!({ "input": input })).await.accepted("contentReport");
            }
            decide(app, Persona::Moderator, &case_of(app, &bait).await, "IGNORE").await.accepted("moderationCaseDecide");
        }
        for name in names {
            let actor = again(app, name, false).await;
            let input = json!({ "subjectId": other["id"], "reason": "SPAM" });
            send(app, &actor, "ContentReport", json!({ "input": input })).await.accepted("contentReport");
        }
        assert_eq!(state(app, &other).await["state"], "HIDDEN");
        let weight = case_of(app, &other).await["priority"].as_i64().expect("a weight");
        assert!(weight > 14, "{weight}");
        // After a decision the visitors begin anew.
        decide(app, Persona::Moderator, &case_of(app, &posted).await, "IGNORE").await.accepted("moderationCaseDecide");
        app.clock.advance(TimeDelta::minutes(1));
        report(app, Persona::Visitor, &posted, "SPAM").await.accepted("contentReport");
        assert_eq!(case_of(app, &posted).await["priority"], 3);
    }

    async fn what_changed_after_it_was_judged_is_reported_again_and_once(app) {
        let theme = theme(app, "Bos").await;
        let posted = comment(app, Persona::Resident, &theme, "Weg met de wolf.").await;
        report(app, Persona::Neighbour, &posted, "OFFENSIVE").await.accepted("contentReport");
        let edit = async |body: &str| {
            let input = json!({ "commentId": posted["id"], "body": body });
            app.send(Persona::Resident, "CommentEdit", json!({ "input": input })).await.accepted("commentEdit");
        };
        // While the case is open, of three accounts one does not become two by an edit.
        edit("Weg met elke wolf.").await;
        let again = report(app, Persona::Neighbour, &posted, "SPAM").await;
        assert_eq!(again.refusals("contentReport"), ["ALREADY_REPORTED input.subjectId"]);
        let case = case_of(app, &posted).await;
        decide(app, Persona::Moderator, &case, "IGNORE").await.accepted("moderationCaseDecide");
        app.clock.advance(TimeDelta::seconds(1));
        edit("Weg met wie van wolven houdt.").await;
        report(app, Persona::Neighbour, &posted, "OFFENSIVE").await.accepted("contentReport");
        let opened = case_of(app, &posted).await;
        assert_eq!((&opened["id"], &opened["state"]), (&case["id"], &json!("OPEN")));
        assert_eq!(opened["subjectSnapshot"], "Weg met wie van wolven houdt.");
        let again = report(app, Persona::Neighbour, &posted, "SPAM").await;
        assert_eq!(again.refusals("contentReport"), ["ALREADY_REPORTED input.subjectId"]);
    }

    async fn an_empty_explanation_or_statement_is_as_good_as_none(app) {
        let theme = theme(app, "Gras").await;
        let posted = comment(app, Persona::Resident, &theme, "Het gras is groen.").await;
        let input = json!({ "subjectId": posted["id"], "reason": "SPAM", "explanation": " \u{200B}" });
        app.send(Persona::Neighbour, "ContentReport", json!({ "input": input })).await.accepted("contentReport");
        let case = case_of(app, &posted).await;
        assert_eq!(case["reports"][0]["explanation"], Value::Null);
        let mut input = json!({ "caseId": case["id"], "expectedVersion": case["version"], "action": "HIDE",
            "reasonCode": "SPAM", "statement": "" });
        let refused = app.send(Persona::Moderator, "ModerationCaseDecide", json!({ "input": input })).await;
        assert_eq!(refused.refusals("moderationCaseDecide"), ["REQUIRED input.statement"]);
        input["action"] = json!("IGNORE");
        let decided = app.send(Persona::Moderator, "ModerationCaseDecide", json!({ "input": input })).await;
        let decided = &decided.accepted("moderationCaseDecide")["case"]["decisions"][0];
        assert_eq!(decided["statement"], Value::Null);
    }

    async fn who_is_often_right_weighs_more(app) {
        let theme = theme(app, "Verkeer").await;
        let mut weights = Vec::new();
        for (text, action) in [("Onzin een.", "HIDE"), ("Onzin twee.", "HIDE"), ("Prima.", "IGNORE"), ("Ook prima.", "IGNORE")] {
            let posted = comment(app, Persona::Resident, &theme, text).await;
            report(app, Persona::Neighbour, &posted, "OFFENSIVE").await.accepted("contentReport");
            let case = case_of(app, &posted).await;
            weights.push(case["priority"].as_i64().expect("a weight"));
            decide(app, Persona::Moderator, &case, action).await.accepted("moderationCaseDecide");
        }
        assert_eq!(weights, [10, 11, 12, 11]);
    }

    async fn a_person_reports_once_and_a_judged_case_opens_again(app) {
        let theme = theme(app, "Natuur").await;
        let posted = comment(app, Persona::Resident, &theme, "Weg met de wolf.").await;
        report(app, Persona::Neighbour, &posted, "OFFENSIVE").await.accepted("contentReport");
        let case = case_of(app, &posted).await;
        decide(app, Persona::Moderator, &case, "IGNORE").await.accepted("moderationCaseDecide");
        let again = report(app, Persona::Neighbour, &posted, "SPAM").await;
        assert_eq!(again.refusals("contentReport"), ["ALREADY_REPORTED input.subjectId"]);
        let other = person(app, "Dirk", &[]).await;
        app.clock.advance(TimeDelta::minutes(1));
        let input = json!({ "subjectId": posted["id"], "reason": "SPAM", "explanation": "Kijk nog eens." });
        send(app, &other, "ContentReport", json!({ "input": input })).await.accepted("contentReport");
        let opened = case_of(app, &posted).await;
        assert_eq!((&opened["id"], &opened["state"]), (&case["id"], &json!("OPEN")));
        assert_eq!(queue(app).await["totalCount"], 1, "one case an item");
        assert_eq!(opened["reports"][1]["explanation"], "Kijk nog eens.");
    }

    async fn a_name_is_reported_hidden_and_given_back(app) {
        let rude = person(app, "Scheldnaam", &[]).await;
        let theme = theme(app, "Sport").await;
        let input = json!({ "input": { "subjectId": theme["id"], "language": "nl", "body": "Dag allemaal." } });
        let document = "mutation($input: CommentAddInput!) { commentAdd(input: $input) { comment { author { id displayName } } userErrors { code } } }";
        let added = app.execute_as(rude.clone(), document, input).await;
        let author = added.accepted("commentAdd")["comment"]["author"].clone();
        report(app, Persona::Neighbour, &author, "OFFENSIVE").await.accepted("contentReport");
        let case = queue(app).await["edges"][0]["node"].clone();
        assert_eq!((&case["subject"]["__typename"], &case["subjectSnapshot"]), (&json!("Author"), &json!("Scheldnaam")));
        let hidden = decide(app, Persona::Moderator, &case, "HIDE").await;
        let hidden = hidden.accepted("moderationCaseDecide")["case"].clone();
        assert_eq!(hidden["author"]["displayName"], "Verborgen naam");
        let shown = decide(app, Persona::Admin, &hidden, "RESTORE").await;
        assert_eq!(shown.accepted("moderationCaseDecide")["case"]["author"]["displayName"], "Scheldnaam");
        let moderator = person(app, "Mo", &[Role::Moderator]).await;
        let changes = json!({ "input": { "caseId": case["id"], "expectedVersion": 99, "action": "REQUEST_CHANGES", "reasonCode": "OTHER", "statement": "Anders." } });
        let stale = send(app, &moderator, "ModerationCaseDecide", changes).await;
        assert_eq!(stale.refusals("moderationCaseDecide"), ["CASE_CHANGED input.expectedVersion"]);
    }
}
