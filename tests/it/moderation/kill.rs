//! A server that is killed while reports hide what they are about: the record stays whole, and
//! each report that was acknowledged is there, once.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use api::graphql::{
    RequestContext,
    operation::{Documents, GraphqlRequest},
};
use domain::{
    Actor, Locale, Roles, Services, Settings,
    account::{AccountDraft, Client, Credentials, PasswordCost},
    clock::{Clock, SharedClock, SystemClock},
    database::{self, Database},
    id::{AccountId, CommentId, ThemeId},
    mail::Mailer,
    theme::ThemeDraft,
};
use entity::{
    comment::{self, CommentState, SubjectKind},
    content_report, moderation_entry, theme,
};
use harness::{
    DatabaseKind, Program, SITE, TestDatabase, Wire,
    program::{command, output},
};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::Expr};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::PASSWORD;

const BINARY: &str = env!("CARGO_BIN_EXE_jij-under-test");
const KILLS: usize = 4;
const COMMENTS: usize = 80;
/// Three accounts' reports hide a comment.
const REPORTERS: usize = 3;

/// Someone who reports every comment, and asks again where no answer came.
struct Reporter {
    token: String,
    left: Vec<String>,
}

impl Reporter {
    /// Reports until the server is gone or nothing is left.
    async fn report(&mut self, address: SocketAddr, acknowledged: &AtomicUsize) {
        let Ok(mut wire) = Wire::connect(address).await else {
            return;
        };
        while let Some(comment) = self.left.last() {
            let body = json!({
                "query": "mutation($input: ContentReportInput!) { contentReport(input: $input) { report { id } userErrors { code } } }",
                "variables": { "input": { "subjectId": comment, "reason": "SPAM" } },
            });
            let body = body.to_string();
            let Ok(answer) = wire.post("/graphql", Some(&self.token), &body).await else {
                return;
            };
            let answer: Value = serde_json::from_slice(&answer).expect("JSON");
            let taken = &answer["data"]["contentReport"];
            // Where the answer was lost, the report was not.
            let is_there = taken["userErrors"][0]["code"] == "ALREADY_REPORTED";
            assert!(taken["report"]["id"].is_string() || is_there, "{answer}");
            self.left.pop();
            acknowledged.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn open(storage: &TestDatabase) -> (Services, Database) {
    let settings = database::Settings {
        url: storage.url.clone(),
        connections: 2,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    let clock: SharedClock = Arc::new(SystemClock);
    let settings = Settings {
        password_cost: PasswordCost::LEAST,
        ..Settings::new(SITE, Mailer::memory())
    };
    let services = Services::new(&database, &clock, settings).await;
    (services.expect("services"), database)
}

async fn account(services: &Services, name: &str) -> (AccountId, String) {
    let email = format!("{name}@voorbeeld.example");
    let draft = AccountDraft {
        email: email.clone(),
        password: PASSWORD.into(),
        display_name: name.to_owned(),
        locale: Locale::Nl,
    };
    let accounts = &services.accounts;
    let made = accounts
        .create(&Actor::System, draft, Roles::default())
        .await;
    let credentials = Credentials {
        email,
        password: PASSWORD.into(),
        second_factor_code: None,
    };
    let client = Client::of(None);
    let signed_in = accounts
        .sign_in(&Actor::Visitor(None), client, credentials)
        .await;
    let tokens = signed_in.expect("signed in").tokens;
    (made.expect("an account").id, tokens.access.token)
}

/// Comments of one author under a theme; their ids as the API gives them.
async fn comments(services: &Services, database: &Database) -> Vec<String> {
    let (author, _) = account(services, "schrijver").await;
    let draft = ThemeDraft {
        title: "Wonen".to_owned(),
        summary: "Wonen in Overijssel".to_owned(),
        description: String::new(),
    };
    let theme: ThemeId = services
        .themes
        .create(&Actor::System, draft)
        .await
        .expect("a theme")
        .id;
    let now = SystemClock.now();
    let rows = (0..COMMENTS).map(|number| {
        let id = CommentId::new(now);
        comment::ActiveModel {
            id: Set(id),
            subject_kind: Set(SubjectKind::Theme),
            subject_id: Set(theme.0),
            parent_id: Set(None),
            root_id: Set(id),
            depth: Set(1),
            body: Set(format!("Reclame nummer {number}.")),
            language: Set("nl".to_owned()),
            author_id: Set(author),
            state: Set(CommentState::Visible),
            created_at: Set(now),
            edited_at: Set(None),
            deleted_at: Set(None),
            reply_count: Set(0),
            support_count: Set(0),
        }
    });
    comment::Entity::insert_many(rows.collect::<Vec<_>>())
        .exec_without_returning(database.writer())
        .await
        .expect("comments");
    theme::Entity::update_many()
        .col_expr(
            theme::Column::CommentCount,
            Expr::value(i64::try_from(COMMENTS).expect("a count")),
        )
        .exec(database.writer())
        .await
        .expect("they are counted");
    let request = GraphqlRequest::new(
        "{ themes(first: 1) { nodes { comments(first: 100) { nodes { id } } } } }",
        json!({}),
    );
    let prepared = Documents::default().prepare(request, &Actor::System);
    let operation = prepared.expect("a valid document").operation;
    let context = RequestContext::new(services.clone(), Actor::System, Locale::En);
    let answer = api::graphql::execute(&api::graphql::schema(), &operation, context).await;
    let answer = serde_json::to_value(answer).expect("JSON");
    let nodes = answer["data"]["themes"]["nodes"][0]["comments"]["nodes"].as_array();
    let ids = nodes.expect("comments").iter();
    ids.map(|node| node["id"].as_str().expect("an id").to_owned())
        .collect()
}

async fn verified(storage: &TestDatabase) -> (Option<i32>, String) {
    let url = storage.url.clone();
    let ended =
        tokio::task::spawn_blocking(move || output(BINARY, &url, &["moderation", "verify"]));
    let output = ended.await.expect("the command");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

async fn survives(kind: DatabaseKind) {
    let Some(storage) = TestDatabase::create(kind).await else {
        return;
    };
    let (services, database) = open(&storage).await;
    let comments = comments(&services, &database).await;
    assert_eq!(comments.len(), COMMENTS);
    let mut reporters = Vec::new();
    for number in 0..REPORTERS {
        let (_, token) = account(&services, &format!("melder{number}")).await;
        let mut left = comments.clone();
        left.rotate_left(number * COMMENTS / REPORTERS);
        reporters.push(Reporter { token, left });
    }
    // Nobody but the server has the database open while it is killed.
    database.close().await.expect("closed");
    let all = COMMENTS * REPORTERS;
    for round in 0..=KILLS {
        let server = Program::serve(command(BINARY, &storage.url, &["serve"])).await;
        let address = server.address;
        let heard = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        let left: usize = reporters.iter().map(|reporter| reporter.left.len()).sum();
        for mut reporter in reporters.drain(..) {
            let heard = Arc::clone(&heard);
            tasks.spawn(async move {
                reporter.report(address, &heard).await;
                reporter
            });
        }
        if round < KILLS {
            // At random, but never before there is something to lose.
            let [reports, moment]: [u8; 2] = domain::random::bytes().expect("chance");
            let enough = (all / 8 + usize::from(reports) / 8).min(left);
            while heard.load(Ordering::Relaxed) < enough {
                // Whoever is done, or failed, is not waited for.
                if let Some(ended) = tasks.try_join_next() {
                    reporters.push(ended.expect("a reporter"));
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(Duration::from_micros(50 * u64::from(moment))).await;
            server.kill();
            reporters.extend(tasks.join_all().await);
        } else {
            reporters = tasks.join_all().await;
            server.kill();
        }
        let (code, said) = verified(&storage).await;
        assert_eq!(code, Some(0), "{said}");
    }
    assert!(reporters.iter().all(|reporter| reporter.left.is_empty()));
    let (_, database) = open(&storage).await;
    let read = database.read();
    let mut reports: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for report in content_report::Entity::find()
        .all(read)
        .await
        .expect("reports")
    {
        let of_case = reports.entry(report.case_id.0).or_default();
        assert!(of_case.insert(report.account_id), "one is there twice");
    }
    assert_eq!(reports.len(), COMMENTS, "one case an item");
    assert!(reports.values().all(|of_case| of_case.len() == REPORTERS));
    let entries = moderation_entry::Entity::find()
        .all(read)
        .await
        .expect("entries");
    let cases: BTreeSet<_> = entries.iter().map(|entry| entry.case_id.0).collect();
    assert_eq!(
        (entries.len(), cases.len()),
        (COMMENTS, COMMENTS),
        "each was hidden once"
    );
    let hidden = comment::Entity::find().all(read).await.expect("comments");
    assert!(
        hidden
            .iter()
            .all(|comment| comment.state == CommentState::Hidden)
    );
    database.close().await.expect("closed");
    storage.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_record_is_whole_after_a_kill_on_sqlite() {
    survives(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_record_is_whole_after_a_kill_on_postgres() {
    survives(DatabaseKind::Postgres).await;
}
