//! The record, from outside.

use chrono::{DateTime, Utc};
use entity::{moderation_chain, moderation_entry, moderation_statement};
use harness::{Persona, TestApp, on_both_databases, program::output};
use sea_orm::{ActiveEnum, ConnectionTrait, EntityTrait, QueryOrder, sea_query::Expr};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{decide, reported};

/// How `jij moderation verify` ends, and what it says.
fn verify(app: &TestApp, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut all = vec!["moderation", "verify"];
    all.extend(arguments);
    let binary = env!("CARGO_BIN_EXE_jij-under-test");
    let output = output(binary, app.database_url(), &all);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// Three entries.
async fn decided(app: &TestApp) {
    let (_, case) = reported(app).await;
    let mut case = case;
    for action in ["HIDE", "RESTORE", "HIDE"] {
        let answer = decide(app, Persona::Moderator, &case, action).await;
        case = answer.accepted("moderationCaseDecide")["case"].clone();
    }
}

/// Changes the record as only who owns the database can.
async fn tamper(app: &TestApp, change: &str) {
    let (off, on): (&[&str], &[&str]) = if app.database_url().starts_with("postgres") {
        (
            &["ALTER TABLE moderation_entry DISABLE TRIGGER ALL"],
            &["ALTER TABLE moderation_entry ENABLE TRIGGER ALL"],
        )
    } else {
        (
            &[
                "DROP TRIGGER IF EXISTS moderation_entry_no_update",
                "DROP TRIGGER IF EXISTS moderation_entry_no_delete",
                "PRAGMA foreign_keys = OFF",
            ],
            &[],
        )
    };
    for statement in off.iter().chain(&[change]).chain(on) {
        let done = app.database.writer().execute_unprepared(statement).await;
        done.unwrap_or_else(|fault| panic!("{statement}: {fault}"));
    }
}

/// The text that `docs/moderation-record.md` describes, made anew from what is stored.
fn documented(row: &moderation_entry::Model) -> String {
    let instant = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
    let lines = [
        "moderation entry, format 2".to_owned(),
        format!("previous: {}", row.previous_hash),
        format!("position: {}", row.position),
        format!("id: {}", row.id.0),
        format!("case: {}", row.case_id.0),
        format!("subject: {}", row.subject_kind.to_value()),
        format!("action: {}", row.action.to_value()),
        format!(
            "reason: {}",
            row.reason_code
                .map(|reason| reason.to_value())
                .unwrap_or_default()
        ),
        format!(
            "statement: {}",
            row.statement_hash.clone().unwrap_or_default()
        ),
        format!("reversal: {}", row.is_reversal),
        format!(
            "parent: {}",
            row.parent_id.map(|id| id.0.to_string()).unwrap_or_default()
        ),
        format!("opened: {}", row.opened_at.map(instant).unwrap_or_default()),
        format!("created: {}", instant(row.created_at)),
    ];
    lines
        .iter()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
}

/// The hash of format 1, by which entries were made before: words by their names in the source.
fn of_format_1(row: &moderation_entry::Model) -> String {
    let mut digest = Sha256::new();
    for part in [
        Some(row.previous_hash.clone()),
        Some(row.position.to_string()),
        Some(row.id.0.to_string()),
        Some(row.case_id.0.to_string()),
        Some("Comment".to_owned()),
        Some(
            if row.action.to_value() == "HIDE" {
                "Hide"
            } else {
                "Restore"
            }
            .to_owned(),
        ),
        Some("Offensive".to_owned()),
        row.statement_hash.clone(),
        Some(row.is_reversal.to_string()),
        row.parent_id.map(|parent| parent.0.to_string()),
        row.opened_at.map(|at| at.timestamp_micros().to_string()),
        Some(row.created_at.timestamp_micros().to_string()),
    ] {
        digest.update([u8::from(part.is_some())]);
        if let Some(part) = part {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
    }
    format!("{:x}", digest.finalize())
}

async fn entries(app: &TestApp) -> Vec<moderation_entry::Model> {
    let all = moderation_entry::Entity::find()
        .order_by_asc(moderation_entry::Column::Position)
        .all(app.database.read())
        .await;
    all.expect("the record")
}

on_both_databases! {
    async fn others_can_make_every_hash_anew_from_what_is_stored(app) {
        decided(app).await;
        let entries = entries(app).await;
        assert_eq!(entries.len(), 3);
        for entry in entries {
            let text = documented(&entry);
            assert_eq!((entry.format, entry.hash), (2, format!("{:x}", Sha256::digest(&text))), "{text}");
        }
    }

    async fn a_record_that_an_older_version_began_goes_on_and_holds(app) {
        decided(app).await;
        let mut previous = String::new();
        for mut entry in entries(app).await {
            entry.previous_hash = previous;
            previous = of_format_1(&entry);
            tamper(app, &format!(
                "UPDATE moderation_entry SET format = 1, previous_hash = '{}', hash = '{previous}' WHERE position = {}",
                entry.previous_hash, entry.position,
            )).await;
        }
        tamper(app, &format!("UPDATE moderation_chain SET hash = '{previous}'")).await;
        assert_eq!(verify(app, &[]).0, Some(0), "all of format 1");
        let case = super::queue(app).await["edges"][0]["node"].clone();
        decide(app, Persona::Moderator, &case, "RESTORE").await.accepted("moderationCaseDecide");
        let formats: Vec<i32> = entries(app).await.iter().map(|entry| entry.format).collect();
        assert_eq!(formats, [1, 1, 1, 2]);
        assert_eq!(verify(app, &[]).0, Some(0), "of both formats");
        tamper(app, "UPDATE moderation_entry SET reason_code = 'SPAM' WHERE position = 2").await;
        let (code, _, complaint) = verify(app, &[]);
        assert!(code == Some(1) && complaint.contains("entry 2 of the record"), "{complaint}");
    }

    async fn the_command_says_how_long_it_is_and_how_it_ends(app) {
        assert_eq!(verify(app, &[]), (Some(0), "the record is empty\n".to_owned(), String::new()));
        decided(app).await;
        let (code, said, _) = verify(app, &[]);
        assert_eq!(code, Some(0), "{said}");
        let head = said.lines().nth(1).expect("the last entry").to_owned();
        assert!(said.starts_with("3 entries, each as it was made\n3:"), "{said}");
        assert_eq!(verify(app, &["--expect", &head]).0, Some(0));
        let (code, _, complaint) = verify(app, &["--expect", "3:abc"]);
        assert_eq!(code, Some(1));
        assert!(complaint.contains("does not hold the expected entry"), "{complaint}");
        let (code, _, complaint) = verify(app, &["--expect", "drie"]);
        assert!(code == Some(1) && complaint.contains("hint:"), "{complaint}");
    }

    async fn the_command_names_the_first_entry_that_was_changed(app) {
        decided(app).await;
        tamper(app, "UPDATE moderation_entry SET action = 'IGNORE' WHERE position = 2").await;
        let (code, _, complaint) = verify(app, &[]);
        assert_eq!(code, Some(1));
        assert!(complaint.contains("entry 2 of the record"), "{complaint}");
    }

    async fn an_entry_that_was_cut_off_at_the_end_is_missed(app) {
        decided(app).await;
        tamper(app, "UPDATE moderation_chain SET length = 4").await;
        let (code, _, complaint) = verify(app, &[]);
        assert!(code == Some(1) && complaint.contains("entry 4 of the record"), "{complaint}");
        let end = moderation_chain::Entity::find().one(app.database.read()).await.expect("a query");
        assert_eq!(end.expect("the end").length, 4);
    }

    async fn words_that_were_changed_are_found_and_words_that_went_are_not_missed(app) {
        decided(app).await;
        moderation_statement::Entity::delete_many().exec(app.database.writer()).await.expect("they go");
        assert_eq!(verify(app, &[]).0, Some(0), "the record holds no words");

        let case = super::queue(app).await["edges"][0]["node"].clone();
        decide(app, Persona::Moderator, &case, "HIDE").await.accepted("moderationCaseDecide");
        moderation_statement::Entity::update_many()
            .col_expr(moderation_statement::Column::Text, Expr::value("Iets anders."))
            .exec(app.database.writer())
            .await
            .expect("they change");
        let (code, _, complaint) = verify(app, &[]);
        assert!(code == Some(1) && complaint.contains("entry 4 of the record"), "{complaint}");
    }

    async fn everyone_reads_the_log_and_it_names_nobody(app) {
        decided(app).await;
        let whole = "{ moderationLog(first: 2) { totalCount edges { node { id position action reasonCode subjectKind createdAt isReversal parentId } } pageInfo { hasNextPage endCursor } } }";
        let page = app.execute(Persona::Anonymous, whole, json!({})).await;
        assert_eq!(page.data("/moderationLog/totalCount"), &json!(3));
        assert_eq!(page.data("/moderationLog/edges/0/node/position"), &json!(3), "the newest first");
        let after = page.data("/moderationLog/pageInfo/endCursor").clone();
        let rest = app.send(Persona::Anonymous, "ModerationLog", json!({ "first": 2, "after": after })).await;
        assert_eq!(rest.data("/moderationLog/edges").as_array().expect("edges").len(), 1);
    }
}
