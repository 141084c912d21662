//! Reports and cases through the API.

pub(crate) mod access;
mod appeal;
mod block;
mod decide;
mod erase;
mod kill;
mod live;
mod mail;
mod queue;
mod record;
mod report;
mod review;

use domain::{
    Actor, Locale, Member, Role, Roles, account::AccountDraft, clock::Clock, id::SessionId,
};
use harness::{Answer, Persona, TestApp};
use serde_json::{Value, json};

use crate::{comment::comment, theme::theme};

/// What everyone signs in with whom [`person`] makes.
const PASSWORD: &str = "veilig-genoeg-lang-wachtwoord";

pub(crate) async fn report(
    app: &TestApp,
    persona: Persona,
    subject: &Value,
    reason: &str,
) -> Answer {
    let input = json!({ "subjectId": subject["id"], "reason": reason });
    app.send(persona, "ContentReport", json!({ "input": input }))
        .await
}

/// The cases, as the contract's operation gives them to a moderator.
pub(crate) async fn queue(app: &TestApp) -> Value {
    let answer = app
        .send(Persona::Moderator, "ModerationQueue", json!({}))
        .await;
    answer.data("/moderationCases").clone()
}

/// A resident's comment that a neighbour reported, and its case.
async fn reported(app: &TestApp) -> (Value, Value) {
    let theme = theme(app, "Water").await;
    let posted = comment(app, Persona::Resident, &theme, "Scheldwoord.").await;
    report(app, Persona::Neighbour, &posted, "OFFENSIVE")
        .await
        .accepted("contentReport");
    let case = queue(app).await["edges"][0]["node"].clone();
    (posted, case)
}

async fn decide(app: &TestApp, persona: Persona, case: &Value, action: &str) -> Answer {
    let input = json!({
        "caseId": case["id"],
        "expectedVersion": case["version"],
        "action": action,
        "reasonCode": "OFFENSIVE",
        "statement": "Schelden mag hier niet.",
    });
    app.send(persona, "ModerationCaseDecide", json!({ "input": input }))
        .await
}

/// The case of a subject, as the queue has it.
pub(crate) async fn case_of(app: &TestApp, subject: &Value) -> Value {
    let cases = queue(app).await;
    let edges = cases["edges"].as_array().expect("edges");
    let of_subject = |edge: &&Value| edge["node"]["subject"]["id"] == subject["id"];
    let found = edges.iter().find(of_subject);
    found.map_or(Value::Null, |edge| edge["node"].clone())
}

/// Makes another account; gives who acts by it.
pub(crate) async fn person(app: &TestApp, name: &str, roles: &[Role]) -> Actor {
    let draft = AccountDraft {
        email: format!("{}@example.org", name.to_lowercase()),
        password: PASSWORD.into(),
        display_name: name.to_owned(),
        locale: Locale::Nl,
    };
    let roles = Roles::new(roles.iter().copied());
    let accounts = &app.services.accounts;
    let account = accounts.create(&Actor::System, draft, roles).await;
    let account = account.expect("an account");
    Actor::Member(Member {
        id: account.id,
        session: SessionId::new(app.clock.now()),
        roles: account.roles,
    })
}

/// The contract's operation as an actor sends it.
pub(crate) async fn send(app: &TestApp, actor: &Actor, name: &str, variables: Value) -> Answer {
    let document = &harness::operation(name).document;
    app.execute_as(actor.clone(), document, variables).await
}
