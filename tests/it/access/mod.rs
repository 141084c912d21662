//! Who may do what: every mutation tried by everyone, as a table that is reviewed.

use std::{collections::BTreeSet, fmt::Write, pin::Pin};

use apollo_compiler::Schema;
use chrono::TimeDelta;
use domain::{Actor, Blocked, clock::Clock};
use harness::{Answer, DatabaseKind, Persona, TestApp, operation};
use serde_json::Value;

/// One action that everyone tries, each on fresh objects.
pub(crate) struct Row {
    operation: &'static str,
    subject: &'static str,
    variables: Box<dyn for<'a> Fn(&'a TestApp) -> Variables<'a>>,
}

type Variables<'a> = Pin<Box<dyn Future<Output = Value> + 'a>>;

/// `operation` of the contract on `subject`, with what it is sent.
pub(crate) fn row(
    operation: &'static str,
    subject: &'static str,
    variables: impl AsyncFn(&TestApp) -> Value + Copy + 'static,
) -> Row {
    Row {
        operation,
        subject,
        variables: Box::new(move |app| Box::pin(async move { variables(app).await })),
    }
}

fn rows() -> Vec<Row> {
    [
        crate::account::access::rows(),
        crate::comment::access::rows(),
        crate::moderation::access::rows(),
        crate::embed::access::rows(),
        crate::story::access::rows(),
        crate::partner::access::rows(),
        crate::poll::access::rows(),
        crate::theme::access::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Mutations whose operation has another name than the field in Pascal case.
fn field(row: &Row) -> String {
    let mut name = row.operation.to_owned();
    name[..1].make_ascii_lowercase();
    name
}

#[test]
fn every_mutation_has_a_row() {
    let schema = Schema::parse(api::graphql::sdl(), "schema.graphql").expect("a readable schema");
    let mutation = schema
        .get_object("Mutation")
        .expect("the schema has mutations");
    let offered: BTreeSet<String> = mutation.fields.keys().map(ToString::to_string).collect();
    let tried: BTreeSet<String> = rows().iter().map(field).collect();
    assert_eq!(offered, tried, "the access matrix and the mutations differ");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everyone_tries_everything() {
    let mut table = String::from("| action | on |");
    for persona in Persona::ALL {
        write!(table, " {persona:?} |").expect("a text takes text");
    }
    write!(table, "\n|{}\n", " --- |".repeat(2 + Persona::ALL.len())).expect("a text takes text");
    for row in rows() {
        write!(table, "| {} | {} |", row.operation, row.subject).expect("a text takes text");
        for persona in Persona::ALL {
            let app = TestApp::start(DatabaseKind::Sqlite)
                .await
                .expect("SQLite is always there");
            let variables = (row.variables)(&app).await;
            let answer = app
                .execute(persona, &operation(row.operation).document, variables)
                .await;
            write!(table, " {} |", outcome(&field(&row), &answer)).expect("a text takes text");
            app.end().await;
        }
        table.push('\n');
    }
    insta::assert_snapshot!("access_matrix", table);
}

/// The operations of a blocked account: its rights, and what keeps or ends its own sessions.
const OPEN_TO_BLOCKED: [&str; 10] = [
    "AccountErase",
    "AccountPasswordReset",
    "AccountPasswordResetRequest",
    "AccountVerifyEmail",
    "ModerationDecisionAppeal",
    "SessionCreate",
    "SessionCreateFromLink",
    "SessionLinkRequest",
    "SessionRefresh",
    "SessionRevoke",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_account_is_refused_everything_but_its_rights() {
    for row in rows() {
        let app = TestApp::start(DatabaseKind::Sqlite)
            .await
            .expect("SQLite is always there");
        let variables = (row.variables)(&app).await;
        let until = app.clock.now() + TimeDelta::days(7);
        // Whatever their role: a blocked account has none.
        let Actor::Member(member) = app.actor(Persona::Admin).clone() else {
            panic!("an admin has an account")
        };
        let actor = Actor::Blocked(Blocked {
            member,
            until: Some(until),
        });
        let document = &operation(row.operation).document;
        let answer = app.execute_as(actor, document, variables).await;
        let is_refused = outcome(&field(&row), &answer) == "ACCOUNT_BLOCKED";
        let may = OPEN_TO_BLOCKED.contains(&row.operation);
        assert_eq!(
            is_refused, !may,
            "{} on {}: {:#}",
            row.operation, row.subject, answer.0
        );
        app.end().await;
    }
}

fn outcome(mutation: &str, answer: &Answer) -> String {
    if !answer.code().is_empty() {
        return answer.code().to_owned();
    }
    // What nobody is refused has no `userErrors`.
    if answer.data(&format!("/{mutation}"))["userErrors"].is_null() {
        return "yes".to_owned();
    }
    let refusals = answer.refusals(mutation);
    if refusals.is_empty() {
        "yes".to_owned()
    } else {
        refusals.join(", ")
    }
}
