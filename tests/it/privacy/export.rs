//! Seeing all that is held.

use std::collections::BTreeSet;

use domain::privacy::HOLDINGS;
use harness::{Persona, on_both_databases, operation};
use serde_json::{Value, json};

use super::{EMAIL, NAME, live, person, rows, tables};

on_both_databases! {
    async fn a_person_sees_what_is_held_on_them_and_no_secret(app) {
        let (actor, poll) = person(app).await;
        live(app, &actor, &poll).await;
        let document = &operation("MyData").document;
        let answer = app.execute_as(actor.clone(), document, json!({})).await;
        let held = answer.data("/viewer/dataExport");
        assert_eq!(held["account"][0]["email"], EMAIL);
        assert_eq!(held["account"][0]["display_name"], NAME);
        for table in ["session", "account_role", "theme_follow", "story", "comment", "ballot", "mailed_link"] {
            assert!(held[table].as_array().is_some_and(|rows| !rows.is_empty()), "{table}: {held:#}");
        }
        assert_eq!(held["ballot"][0]["marks"][0]["value"], 1);
        let text = held.to_string();
        for secret in ["password_hash", "token_hash", "voter_key", "voter_secret", "$argon2"] {
            assert!(!text.contains(secret), "{secret}");
        }
        let nothing = app.send(Persona::Visitor, "MyData", json!({})).await;
        assert_eq!(nothing.data("/viewer/dataExport"), &Value::Null);
        let other = app.send(Persona::Neighbour, "MyData", json!({})).await;
        assert!(!other.0.to_string().contains(EMAIL));
    }

    async fn every_column_that_names_an_account_is_known(app) {
        // A person of whom every kind of row there is would be found by these names.
        let known: BTreeSet<String> = HOLDINGS
            .iter()
            .filter(|holding| holding.through.is_empty())
            .map(|holding| format!("{}.{}", holding.table, holding.column))
            .collect();
        let (actor, poll) = person(app).await;
        live(app, &actor, &poll).await;
        let id = actor.account().expect("an account").0.to_string();
        let mut found = BTreeSet::new();
        for table in tables(app).await {
            for row in rows(app, &table).await {
                for (column, value) in row.as_object().expect("columns") {
                    if value.as_str().is_some_and(|value| value == id) {
                        found.insert(format!("{table}.{column}"));
                    }
                }
            }
        }
        found.remove("account.id");
        assert!(!found.is_empty());
        let unknown: Vec<&String> = found.difference(&known).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        // And by what they are called: these are all that the entities have.
        let named: BTreeSet<String> = ENTITIES.iter().map(|column| (*column).to_owned()).collect();
        assert_eq!(known, named);
    }
}

/// The columns of entities whose type is an account's id, but those of `account` and `erasure`.
const ENTITIES: [&str; 31] = [
    "account_block.account_id",
    "account_contribution.account_id",
    "account_identity.account_id",
    "account_role.account_id",
    "account_use.account_id",
    "comment.author_id",
    "comment_support.account_id",
    "content_report.account_id",
    "embed.created_by",
    "hidden_name.account_id",
    "mailed_link.account_id",
    "moderation_actor.account_id",
    "moderation_appeal.account_id",
    "moderation_case.author_id",
    "moderation_case.claimed_by",
    "partner.created_by",
    "partner_member.account_id",
    "poll.created_by",
    "poll_edit.edited_by",
    "recovery_code.account_id",
    "registration.account_id",
    "second_factor.account_id",
    "session.account_id",
    "stated_role.account_id",
    "story.author_id",
    "story_reaction.account_id",
    "story_revision.edited_by",
    "story_series.created_by",
    "theme.created_by",
    "theme_follow.account_id",
    "theme_update.created_by",
];

#[test]
fn the_entities_have_no_other_column_of_an_account() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../entity/src");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the entities").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a readable file");
        let Some((_, rest)) = text.split_once("table_name = \"") else {
            continue;
        };
        let table = rest.split('"').next().expect("a name");
        for line in text.lines().map(str::trim) {
            if let Some((column, kind)) = line
                .strip_prefix("pub ")
                .and_then(|line| line.split_once(": "))
                && kind.contains("AccountId")
            {
                found.insert(format!("{table}.{column}"));
            }
        }
    }
    found.remove("account.id");
    found.remove("erasure.account_id");
    let named: BTreeSet<String> = ENTITIES.iter().map(|column| (*column).to_owned()).collect();
    assert_eq!(found, named, "privacy::HOLDINGS has to know of it too");
}
