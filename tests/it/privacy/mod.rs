//! A person's rights over what is held on them.

mod columns;
pub(crate) mod erase;
mod export;
mod marker;
mod retention;

use chrono::TimeDelta;
use domain::{
    Actor, Locale, Role, Roles,
    account::{AccountDraft, Client, Credentials},
};
use harness::{Persona, TestApp};
use sea_orm::{ConnectionTrait, DatabaseBackend, FromQueryResult, JsonValue, Statement};
use serde_json::{Value, json};

const EMAIL: &str = "an.smit-de-wit@voorbeeld.example";
const NAME: &str = "Annetje Smit-de Wit";
const PASSWORD: &str = "een lang wachtwoord";

/// Someone who signed in, for whom things happened; gives who they are and an open poll.
async fn person(app: &TestApp) -> (Actor, Value) {
    let draft = AccountDraft {
        email: EMAIL.to_owned(),
        password: PASSWORD.into(),
        display_name: NAME.to_owned(),
        locale: Locale::Nl,
    };
    let accounts = &app.services.accounts;
    accounts
        .create(&Actor::System, draft, Roles::new([Role::Resident]))
        .await
        .expect("an account");
    let credentials = Credentials {
        email: EMAIL.to_owned(),
        password: PASSWORD.into(),
        second_factor_code: None,
    };
    let nobody = Actor::Visitor(None);
    let signed_in = accounts
        .sign_in(&nobody, Client::default(), credentials)
        .await;
    let token = signed_in.expect("signed in").tokens.access.token;
    let actor = accounts.authenticate(&token).await.expect("an actor");
    (
        actor,
        crate::poll::poll(app, json!({ "voteChange": "UNTIL_CLOSE" })).await,
    )
}

/// What they do: follow, write, comment, support, vote, and ask for a link.
async fn live(app: &TestApp, actor: &Actor, poll: &Value) {
    let theme = crate::theme::theme(app, "Wonen aan het water").await;
    let act = async |name: &str, variables: Value| {
        let document = &harness::operation(name).document;
        let answer = app
            .execute_as(actor.clone(), document, json!({ "input": variables }))
            .await;
        let mut field = name.to_owned();
        field[..1].make_ascii_lowercase();
        answer.accepted(&field).clone()
    };
    act(
        "ThemeFollow",
        json!({ "themeId": theme["id"], "following": true }),
    )
    .await;
    act(
        "StoryCreate",
        json!({
            "kind": "STORY",
            "title": "De brug bij de sluis",
            "summary": "Waarom de brug er kwam en wie haar gebruikt.",
            "body": "Een brug verbindt wat het water scheidt. ".repeat(10),
            "language": "nl",
        }),
    )
    .await;
    act(
        "CommentAdd",
        json!({ "subjectId": theme["id"], "body": "Dat lijkt mij ook.", "language": "nl" }),
    )
    .await;
    let ballot = crate::poll::choice(poll, 0, &[1]);
    act("BallotCast", ballot).await;
    let link = json!({ "input": { "email": EMAIL } });
    app.send(Persona::Anonymous, "SessionLinkRequest", link)
        .await;
    app.run_jobs().await;
    // One more, which waits to be done.
    app.clock.advance(TimeDelta::minutes(30));
    let link = json!({ "input": { "email": EMAIL } });
    app.send(Persona::Anonymous, "SessionLinkRequest", link)
        .await;
}

/// The names of all tables.
pub(crate) async fn tables(app: &TestApp) -> Vec<String> {
    let (backend, text) = match app.database.writer().get_database_backend() {
        DatabaseBackend::Postgres => (
            DatabaseBackend::Postgres,
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
        ),
        _ => (
            DatabaseBackend::Sqlite,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
        ),
    };
    let rows = app
        .database
        .writer()
        .query_all_raw(Statement::from_string(backend, text))
        .await
        .expect("the tables");
    rows.iter()
        .map(|row| row.try_get_by_index(0).expect("a name"))
        .collect()
}

/// Every row of a table, as JSON.
pub(crate) async fn rows(app: &TestApp, table: &str) -> Vec<Value> {
    let writer = app.database.writer();
    let text = format!("SELECT * FROM \"{table}\"");
    let rows = writer
        .query_all_raw(Statement::from_string(writer.get_database_backend(), text))
        .await
        .expect("the rows");
    rows.iter()
        .map(|row| JsonValue::from_query_result(row, "").expect("a row"))
        .collect()
}
