//! The queue moves by itself.

use harness::{Persona, on_both_databases};
use serde_json::json;

use super::{decide, report, reported};

on_both_databases! {
    async fn each_change_of_a_case_reaches_who_watches(app) {
        let mut watching = app.subscribe(Persona::Moderator, "ModerationCaseUpdated", json!({})).await;
        let (posted, case) = reported(app).await;
        let seen = watching.next().await.expect("a case");
        assert_eq!(seen.data("/moderationCaseUpdated/id"), &case["id"]);
        report(app, Persona::Visitor, &posted, "SPAM").await.accepted("contentReport");
        let seen = watching.until(|seen| seen.data("/moderationCaseUpdated/reportCount") == &json!(2)).await;
        let version = seen.data("/moderationCaseUpdated/version").clone();
        let claim = json!({ "input": { "caseId": case["id"] } });
        app.send(Persona::Admin, "ModerationCaseClaim", claim).await.accepted("moderationCaseClaim");
        watching.until(|seen| !seen.data("/moderationCaseUpdated/claimedUntil").is_null()).await;
        let mut now = case.clone();
        now["version"] = version;
        decide(app, Persona::Admin, &now, "HIDE").await.accepted("moderationCaseDecide");
        watching.until(|seen| seen.data("/moderationCaseUpdated/state") == "HIDDEN").await;
    }

    async fn it_is_for_moderators(app) {
        for (persona, code) in [(Persona::Anonymous, "UNAUTHENTICATED"), (Persona::Resident, "FORBIDDEN"), (Persona::Editor, "FORBIDDEN")] {
            let mut watching = app.subscribe(persona, "ModerationCaseUpdated", json!({})).await;
            assert_eq!(watching.next().await.expect("an answer").code(), code, "{persona:?}");
            assert!(watching.next().await.is_none(), "{persona:?}");
        }
    }
}
