//! Appealing against a decision.

use chrono::TimeDelta;
use domain::{Actor, Role};
use harness::{Persona, TestApp, on_both_databases};
use serde_json::{Value, json};

use super::{case_of, decide, person, reported};

/// The last decision on a comment, as its author sees it.
async fn decision(app: &TestApp, persona: Persona, comment: &Value) -> Value {
    let document = "query($id: ID!) { node(id: $id) { ... on Comment { state moderationDecision {
        id action reasonCode statement appealableUntil decidedBy { displayName } } } } }";
    let answer = app
        .execute(persona, document, json!({ "id": comment["id"] }))
        .await;
    answer.data("/node").clone()
}

async fn appeal(app: &TestApp, persona: Persona, decision: &Value) -> harness::Answer {
    let input = json!({ "decisionId": decision["id"], "statement": "Het was een grap." });
    app.send(
        persona,
        "ModerationDecisionAppeal",
        json!({ "input": input }),
    )
    .await
}

/// A resident's comment that the moderator hid, with the decision as the author sees it.
async fn hidden(app: &TestApp) -> (Value, Value) {
    let (posted, case) = reported(app).await;
    decide(app, Persona::Moderator, &case, "HIDE")
        .await
        .accepted("moderationCaseDecide");
    let seen = decision(app, Persona::Resident, &posted).await;
    (posted, seen["moderationDecision"].clone())
}

/// As [`hidden`], another comment with this text.
async fn hidden_by(app: &TestApp, text: &str) -> (Value, Value) {
    let theme = crate::theme::theme(app, "Wegen").await;
    let posted = crate::comment::comment(app, Persona::Resident, &theme, text).await;
    super::report(app, Persona::Neighbour, &posted, "OFFENSIVE")
        .await
        .accepted("contentReport");
    let case = case_of(app, &posted).await;
    decide(app, Persona::Moderator, &case, "HIDE")
        .await
        .accepted("moderationCaseDecide");
    let seen = decision(app, Persona::Resident, &posted).await;
    (posted, seen["moderationDecision"].clone())
}

on_both_databases! {
    async fn its_author_reads_why_and_nobody_else_does(app) {
        let (posted, seen) = hidden(app).await;
        assert_eq!((&seen["action"], &seen["statement"]), (&json!("HIDE"), &json!("Schelden mag hier niet.")));
        assert!(seen["decidedBy"].is_null(), "an author does not learn who decided");
        for other in [Persona::Anonymous, Persona::Neighbour] {
            let theirs = decision(app, other, &posted).await;
            assert!(theirs["moderationDecision"].is_null(), "{other:?}");
        }
        let moderators = decision(app, Persona::Moderator, &posted).await;
        assert!(moderators["moderationDecision"]["decidedBy"].is_object());
    }

    async fn its_author_learns_nothing_of_how_many_reported(app) {
        let (_, seen) = hidden(app).await;
        let input = json!({ "decisionId": seen["id"], "statement": "Het was een grap." });
        let document = "mutation($input: ModerationDecisionAppealInput!) { moderationDecisionAppeal(input: $input) { case { id } } }";
        let appealed = app.execute(Persona::Resident, document, json!({ "input": input })).await;
        let id = appealed.data("/moderationDecisionAppeal/case/id").clone();
        for field in ["version", "createdAt", "priority", "reportCount", "findings", "reports { reason }", "decisions { id }", "appeals { statement }"] {
            let (_, seen) = hidden_by(app, field).await;
            let document = format!("mutation($input: ModerationDecisionAppealInput!) {{ moderationDecisionAppeal(input: $input) {{ case {{ {field} }} }} }}");
            let input = json!({ "decisionId": seen["id"], "statement": "Het was een grap." });
            let answer = app.execute(Persona::Resident, &document, json!({ "input": input })).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{field}");
        }
        let node = "query($id: ID!) { node(id: $id) { id } }";
        let theirs = app.execute(Persona::Resident, node, json!({ "id": id })).await;
        assert!(theirs.0["data"]["node"].is_null(), "the case itself is for moderators");
    }

    async fn another_moderator_judges_it_and_the_reversal_is_a_decision(app) {
        let (posted, seen) = hidden(app).await;
        let appealed = appeal(app, Persona::Resident, &seen).await;
        assert_eq!(appealed.accepted("moderationDecisionAppeal")["case"]["state"], "OPEN");
        let twice = appeal(app, Persona::Resident, &seen).await;
        assert_eq!(twice.refusals("moderationDecisionAppeal"), ["ALREADY_APPEALED input.decisionId"]);
        let case = case_of(app, &posted).await;
        let same = decide(app, Persona::Moderator, &case, "RESTORE").await;
        assert_eq!(same.refusals("moderationCaseDecide"), ["APPEAL_NEEDS_ANOTHER_MODERATOR input.caseId"]);
        let other = decide(app, Persona::Admin, &case, "RESTORE").await;
        assert_eq!(other.accepted("moderationCaseDecide")["case"]["state"], "APPROVED");
        let log = app.send(Persona::Anonymous, "ModerationLog", json!({})).await;
        assert_eq!(log.data("/moderationLog/edges/0/node/isReversal"), &json!(true));
        let figures = app.send(Persona::Anonymous, "ModerationFigures", json!({})).await;
        let figures = figures.data("/moderationFigures").clone();
        assert_eq!((&figures["decided"], &figures["appealed"], &figures["reversed"], &figures["open"]),
            (&json!(2), &json!(1), &json!(1), &json!(0)));
        let last = decision(app, Persona::Resident, &posted).await;
        assert_eq!(last["state"], "VISIBLE");
        assert!(last["moderationDecision"]["appealableUntil"].is_null(), "nothing to appeal against");
    }

    async fn what_was_decided_on_an_appeal_stands(app) {
        let (posted, seen) = hidden(app).await;
        appeal(app, Persona::Resident, &seen).await.accepted("moderationDecisionAppeal");
        let case = case_of(app, &posted).await;
        decide(app, Persona::Admin, &case, "HIDE").await.accepted("moderationCaseDecide");
        let last = decision(app, Persona::Resident, &posted).await["moderationDecision"].clone();
        let again = appeal(app, Persona::Resident, &last).await;
        assert_eq!(again.refusals("moderationDecisionAppeal"), ["ALREADY_APPEALED input.decisionId"]);
        let first = appeal(app, Persona::Resident, &seen).await;
        assert_eq!(first.refusals("moderationDecisionAppeal"), ["ALREADY_APPEALED input.decisionId"]);
    }

    async fn it_is_possible_for_14_days_and_for_its_author_alone(app) {
        let (_, seen) = hidden(app).await;
        assert_eq!(appeal(app, Persona::Neighbour, &seen).await.code(), "NOT_FOUND");
        assert_eq!(appeal(app, Persona::Anonymous, &seen).await.code(), "UNAUTHENTICATED");
        app.clock.advance(TimeDelta::days(14) + TimeDelta::seconds(1));
        let late = appeal(app, Persona::Resident, &seen).await;
        assert_eq!(late.refusals("moderationDecisionAppeal"), ["APPEAL_TOO_LATE input.decisionId"]);
    }

    async fn with_one_moderator_it_waits_and_the_api_says_so(app) {
        let accounts = &app.services.accounts;
        accounts.withdraw(&Actor::System, "admin@voorbeeld.example", Role::Admin).await.expect("withdrawn");
        let (posted, seen) = hidden(app).await;
        appeal(app, Persona::Resident, &seen).await.accepted("moderationDecisionAppeal");
        let case = case_of(app, &posted).await;
        let (waits, cost) = app.statements_of(waiting(app, &case)).await;
        assert_eq!(waits, json!({ "awaitsAnotherModerator": true, "viewerCanDecide": false, "appeals": [
            { "statement": "Het was een grap.", "outcomeId": null }
        ] }));
        assert_eq!(cost.len(), 4, "the case, its appeals, who decided, who else there is: {cost:#?}");
        person(app, "Els", &[Role::Moderator]).await;
        let (waits, _) = app.statements_of(waiting(app, &case)).await;
        assert_eq!(waits["awaitsAnotherModerator"], false, "there is another now");
        assert_eq!(waits["viewerCanDecide"], false, "who decided does not judge the appeal");
    }
}

async fn waiting(app: &TestApp, case: &Value) -> Value {
    let document = "query($id: ID!) { node(id: $id) { ... on ModerationCase {
        awaitsAnotherModerator viewerCanDecide appeals { statement outcomeId } } } }";
    let answer = app
        .execute(Persona::Moderator, document, json!({ "id": case["id"] }))
        .await;
    answer.data("/node").clone()
}
