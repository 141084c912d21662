//! The record, from outside.

use entity::{moderation_chain, moderation_statement};
use harness::{Persona, TestApp, on_both_databases, program::output};
use sea_orm::{ConnectionTrait, EntityTrait, sea_query::Expr};
use serde_json::json;

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
                "DROP TRIGGER moderation_entry_no_update",
                "DROP TRIGGER moderation_entry_no_delete",
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

on_both_databases! {
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
