//! The queue: who judges what, in which order, at what cost.

use chrono::TimeDelta;
use domain::{
    clock::Clock,
    id::{AccountId, CommentId, ModerationCaseId},
};
use entity::moderation_case::{self, CaseState, SubjectKind};
use harness::{Persona, TestApp, on_both_databases};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use super::{case_of, decide, queue, report, reported};
use crate::{comment::comment, theme::theme};

async fn ask(app: &TestApp, variables: Value) -> Value {
    let answer = app
        .send(Persona::Moderator, "ModerationQueue", variables)
        .await;
    answer.data("/moderationCases").clone()
}

/// Open cases about nothing that is still there.
async fn fill(app: &TestApp, number: usize) {
    let now = app.clock.now();
    let rows = (0..number).map(|place| {
        let at = now - TimeDelta::seconds(i64::try_from(place).expect("a number"));
        moderation_case::ActiveModel {
            id: Set(ModerationCaseId::new(at)),
            subject_kind: Set(SubjectKind::Comment),
            subject_id: Set(CommentId::new(at).0),
            secret: Set(vec![0; 32]),
            snapshot: Set("Iets.".to_owned()),
            author_id: Set(None::<AccountId>),
            state: Set(CaseState::Open),
            priority: Set(i64::try_from(place % 50).expect("a number")),
            version: Set(1),
            report_count: Set(1),
            account_report_count: Set(1),
            findings: Set("[]".to_owned()),
            appeal_id: Set(None),
            created_at: Set(at),
            opened_at: Set(at),
            changed_at: Set(at),
            due_at: Set(at + TimeDelta::hours(24)),
            claimed_by: Set(None),
            claimed_until: Set(None),
        }
    });
    let rows: Vec<_> = rows.collect();
    for chunk in rows.chunks(500) {
        moderation_case::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(app.database.writer())
            .await
            .expect("cases");
    }
}

on_both_databases! {
    async fn a_page_costs_the_same_with_ten_cases_and_with_ten_thousand(app) {
        let (posted, _) = reported(app).await;
        report(app, Persona::Visitor, &posted, "SPAM").await.accepted("contentReport");
        fill(app, 9).await;
        let variables = json!({ "first": 20, "filter": { "state": ["OPEN"] } });
        let (few, cost_of_few) = app.statements_of(ask(app, variables.clone())).await;
        assert_eq!(few["totalCount"], 10);
        fill(app, 9_990).await;
        let (many, cost_of_many) = app.statements_of(ask(app, variables)).await;
        assert_eq!(many["totalCount"], 10_000);
        assert!(cost_of_many.len() <= cost_of_few.len(), "{cost_of_few:#?} {cost_of_many:#?}");
        assert!(cost_of_few.len() <= 12, "{cost_of_few:#?}");
        // Every case is met once, in order, by cursors.
        let first = ask(app, json!({ "first": 100, "orderBy": "PRIORITY" })).await;
        let after = first["pageInfo"]["endCursor"].clone();
        let second = ask(app, json!({ "first": 100, "after": after, "orderBy": "PRIORITY" })).await;
        let edges = |page: &Value| page["edges"].as_array().expect("edges").clone();
        let mut all = edges(&first);
        all.extend(edges(&second));
        let priorities: Vec<i64> = all.iter().map(|edge| edge["node"]["priority"].as_i64().expect("a number")).collect();
        assert!(priorities.is_sorted_by(|one, next| one >= next));
        let ids: std::collections::BTreeSet<_> = all.iter().map(|edge| edge["node"]["id"].to_string()).collect();
        assert_eq!(ids.len(), 200);
    }

    async fn a_filter_holds_only_what_it_says(app) {
        let (_, case) = reported(app).await;
        let total = |page: &Value| page["totalCount"].as_i64().expect("a number");
        assert_eq!(total(&ask(app, json!({ "filter": { "overdue": true } })).await), 0);
        app.clock.advance(TimeDelta::hours(25));
        assert_eq!(total(&ask(app, json!({ "filter": { "overdue": true } })).await), 1);
        assert_eq!(total(&ask(app, json!({ "filter": { "overdue": false } })).await), 0);
        assert_eq!(total(&ask(app, json!({ "filter": { "subjectKind": ["STORY"] } })).await), 0);
        assert_eq!(total(&ask(app, json!({ "filter": { "minPriority": 11 } })).await), 0);
        assert_eq!(total(&ask(app, json!({ "filter": { "appealed": true } })).await), 0);
        let claim = json!({ "input": { "caseId": case["id"] } });
        app.send(Persona::Moderator, "ModerationCaseClaim", claim).await.accepted("moderationCaseClaim");
        assert_eq!(total(&ask(app, json!({ "filter": { "claimedByViewer": true } })).await), 1);
        app.clock.advance(TimeDelta::minutes(15));
        assert_eq!(total(&ask(app, json!({ "filter": { "claimedByViewer": true } })).await), 0, "claims end by the clock");
    }

    async fn a_claim_keeps_others_out_until_it_ends(app) {
        let (_, case) = reported(app).await;
        let claim = json!({ "input": { "caseId": case["id"] } });
        app.send(Persona::Admin, "ModerationCaseClaim", claim.clone()).await.accepted("moderationCaseClaim");
        let refused = app.send(Persona::Moderator, "ModerationCaseClaim", claim).await;
        assert_eq!(refused.refusals("moderationCaseClaim"), ["CASE_CLAIMED input.caseId"]);
        let refused = decide(app, Persona::Moderator, &case, "HIDE").await;
        assert_eq!(refused.refusals("moderationCaseDecide"), ["CASE_CLAIMED input.caseId"]);
        app.clock.advance(TimeDelta::minutes(15));
        decide(app, Persona::Moderator, &case, "HIDE").await.accepted("moderationCaseDecide");
    }

    async fn many_are_decided_in_one_go_or_none(app) {
        let theme = theme(app, "Wegen").await;
        let mut cases = Vec::new();
        for text in ["Reclame een.", "Reclame twee.", "Reclame drie."] {
            let posted = comment(app, Persona::Resident, &theme, text).await;
            report(app, Persona::Neighbour, &posted, "SPAM").await.accepted("contentReport");
            cases.push(case_of(app, &posted).await);
        }
        let also: Vec<_> = cases[1..].iter().map(|case| case["id"].clone()).collect();
        let mut input = json!({ "caseId": cases[0]["id"], "expectedVersion": cases[0]["version"], "action": "REQUEST_CHANGES",
            "reasonCode": "SPAM", "statement": "Reclame.", "alsoCaseIds": also });
        let unfit = app.send(Persona::Moderator, "ModerationCaseDecide", json!({ "input": input })).await;
        assert_eq!(unfit.refusals("moderationCaseDecide"), ["ACTION_UNFIT input.action"]);
        assert_eq!(queue(app).await["countsByState"], json!([{ "state": "OPEN", "count": 3 }]));
        input["action"] = json!("HIDE");
        let done = app.send(Persona::Moderator, "ModerationCaseDecide", json!({ "input": input })).await;
        assert_eq!(done.accepted("moderationCaseDecide")["alsoDecided"].as_array().expect("cases").len(), 2);
        let log = "{ moderationLog(first: 10) { nodes { id parentId } } }";
        let log = app.execute(Persona::Anonymous, log, json!({})).await;
        let entries = log.data("/moderationLog/nodes").as_array().expect("entries").clone();
        let parent = &entries.last().expect("the first")["id"];
        assert_eq!(entries.iter().filter(|entry| entry["parentId"] == *parent).count(), 2);
    }

    async fn what_a_colleague_took_or_decided_is_left_alone_and_the_others_are_decided(app) {
        let theme = theme(app, "Water").await;
        let mut cases = Vec::new();
        for text in ["Reclame een.", "Reclame twee.", "Reclame drie.", "Reclame vier.", "Reclame vijf."] {
            let posted = comment(app, Persona::Resident, &theme, text).await;
            report(app, Persona::Neighbour, &posted, "SPAM").await.accepted("contentReport");
            cases.push(case_of(app, &posted).await);
        }
        // A colleague takes the second, decides the third, and someone reports the fourth again.
        let claim = json!({ "input": { "caseId": cases[1]["id"] } });
        app.send(Persona::Admin, "ModerationCaseClaim", claim).await.accepted("moderationCaseClaim");
        decide(app, Persona::Admin, &cases[2], "IGNORE").await.accepted("moderationCaseDecide");
        let fourth = json!({ "id": cases[3]["subject"]["id"] });
        report(app, Persona::Visitor, &fourth, "SPAM").await.accepted("contentReport");
        let document = "mutation($input: ModerationCaseDecideInput!) { moderationCaseDecide(input: $input) {
            case { id state } alsoDecided { id state } leftAlone { case { id state version } code message } userErrors { code field } } }";
        let sent = |cases: &[Value]| {
            let mut seen = cases.iter().map(|case| json!({ "caseId": case["id"], "expectedVersion": case["version"] }));
            let mut input = seen.next().expect("a case");
            input["alsoCases"] = seen.collect();
            input["action"] = json!("HIDE");
            input["reasonCode"] = json!("SPAM");
            input["statement"] = json!("Reclame.");
            json!({ "input": input })
        };
        let answer = app.execute(Persona::Moderator, document, sent(&cases)).await;
        let done = answer.accepted("moderationCaseDecide");
        assert_eq!(done["case"], json!({ "id": cases[0]["id"], "state": "HIDDEN" }));
        assert_eq!(done["alsoDecided"], json!([{ "id": cases[4]["id"], "state": "HIDDEN" }]));
        let left: Vec<_> = done["leftAlone"].as_array().expect("cases").iter()
            .map(|left| (left["case"]["id"].clone(), left["case"]["state"].clone(), left["code"].clone())).collect();
        assert_eq!(left, [
            (cases[1]["id"].clone(), json!("OPEN"), json!("CASE_CLAIMED")),
            (cases[2]["id"].clone(), json!("IGNORED"), json!("CASE_CHANGED")),
            (cases[3]["id"].clone(), json!("OPEN"), json!("CASE_CHANGED")),
        ]);
        // The one that the others stand under may be the one that is left alone.
        let fourth = case_of(app, &fourth).await;
        let answer = app.execute(Persona::Moderator, document, sent(&[cases[1].clone(), fourth.clone()])).await;
        let done = answer.accepted("moderationCaseDecide");
        assert_eq!((&done["case"]["state"], &done["alsoDecided"][0]["id"]), (&json!("OPEN"), &fourth["id"]));
        // Where none can be decided, it is declined.
        let declined = app.execute(Persona::Moderator, document, sent(&cases[1..3])).await;
        assert_eq!(declined.refusals("moderationCaseDecide"), ["CASE_CLAIMED input.caseId"]);
        let many: Vec<Value> = std::iter::repeat_n(cases[1].clone(), 102).collect();
        let declined = app.execute(Persona::Moderator, document, sent(&many)).await;
        assert_eq!(declined.refusals("moderationCaseDecide"), ["LIST_TOO_LONG input.alsoCases"]);
    }

    async fn of_two_moderators_at_once_one_wins_and_the_other_sees_the_case_as_it_is(app) {
        let (_, case) = reported(app).await;
        let (hide, ignore) = tokio::join!(
            decide(app, Persona::Moderator, &case, "HIDE"),
            decide(app, Persona::Admin, &case, "IGNORE"),
        );
        let outcomes = [&hide, &ignore].map(|answer| answer.refusals("moderationCaseDecide"));
        let won = outcomes.iter().position(Vec::is_empty).expect("one wins");
        assert_eq!(outcomes[1 - won], ["CASE_CHANGED input.expectedVersion"]);
        let lost = [&hide, &ignore][1 - won].data("/moderationCaseDecide/case").clone();
        assert_eq!(lost["state"], ["HIDDEN", "IGNORED"][won]);
        let log = app.send(Persona::Anonymous, "ModerationLog", json!({})).await;
        assert_eq!(log.data("/moderationLog/edges").as_array().expect("edges").len(), 1);
    }

    async fn a_report_and_a_decision_at_once_leave_nothing_half_done(app) {
        for round in 0..6 {
            let theme = theme(app, &format!("Ronde {round}")).await;
            let posted = comment(app, Persona::Resident, &theme, "Iets scherps.").await;
            report(app, Persona::Neighbour, &posted, "OFFENSIVE").await.accepted("contentReport");
            let case = case_of(app, &posted).await;
            let (decided, reported) = tokio::join!(
                decide(app, Persona::Moderator, &case, "HIDE"),
                report(app, Persona::Visitor, &posted, "SPAM"),
            );
            let now = case_of(app, &posted).await;
            match (decided.refusals("moderationCaseDecide").as_slice(), reported.refusals("contentReport").as_slice()) {
                ([], [refusal]) => {
                    assert_eq!(refusal, "CONTENT_NOT_PUBLIC input.subjectId");
                    assert_eq!(now["state"], "HIDDEN");
                }
                ([refusal], []) => {
                    assert_eq!(refusal, "CASE_CHANGED input.expectedVersion");
                    assert_eq!((&now["state"], &now["reportCount"]), (&json!("OPEN"), &json!(2)));
                }
                other => panic!("{other:?}"),
            }
        }
    }

    async fn nobody_judges_what_they_wrote(app) {
        let theme = theme(app, "Bossen").await;
        let posted = comment(app, Persona::Moderator, &theme, "Ik vind van wel.").await;
        report(app, Persona::Neighbour, &posted, "OFF_TOPIC").await.accepted("contentReport");
        let case = case_of(app, &posted).await;
        let own = decide(app, Persona::Moderator, &case, "IGNORE").await;
        assert_eq!(own.refusals("moderationCaseDecide"), ["OWN_CONTENT input.caseId"]);
        decide(app, Persona::Admin, &case, "IGNORE").await.accepted("moderationCaseDecide");
    }
}
