//! What the access matrix tries on moderation.

use serde_json::json;

use super::reported;
use crate::{
    access::{Row, row},
    comment::comment,
    theme::theme,
};
use harness::Persona;

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row("ContentReport", "Fatma's comment", async |app| {
            let theme = theme(app, "Wonen in het dorp").await;
            let comment = comment(app, Persona::Resident, &theme, "Eens.").await;
            json!({ "input": { "subjectId": comment["id"], "reason": "SPAM" } })
        }),
        row("ModerationCaseClaim", "a case", async |app| {
            let (_, case) = reported(app).await;
            json!({ "input": { "caseId": case["id"] } })
        }),
        row("ModerationCaseDecide", "a case", async |app| {
            let (_, case) = reported(app).await;
            json!({ "input": {
                "caseId": case["id"], "expectedVersion": case["version"], "action": "IGNORE",
            } })
        }),
    ]
}
