//! The servers that are compared, each with a database of its own.

use std::{path::Path, process::Command, sync::Arc};

use api::graphql::{
    RequestContext,
    operation::{Documents, GraphqlRequest},
};
use domain::{
    Actor, Locale, Services, Settings,
    clock::{SharedClock, SystemClock},
    database::{self, ConnectionTrait, Database},
    mail::Mailer,
};
use harness::{DatabaseKind, Program, SITE, TestDatabase, operation, program, wire};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{bare, seed};

/// Our server, as the release has it.
const BINARY: &str = env!("CARGO_BIN_EXE_jij-under-test");
const OPTIONS: usize = 4;
/// Analyses every table while it is empty, and has nobody do so again.
const ANALYSED_EMPTY: &str = "DO $$ DECLARE name text; BEGIN \
    FOR name IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' LOOP \
    EXECUTE 'ALTER TABLE ' || name || ' SET (autovacuum_enabled = false)'; \
    EXECUTE 'ANALYZE ' || name; END LOOP; END $$";
/// The least that a client may ask for.
const SHORT: &str = "mutation($input: BallotCastInput!) { ballotCast(input: $input) { ballot { id } userErrors { code } } }";
const RESULTS: &str = "query($slug: String!) { poll(slug: $slug) { questions { results { revision voterCount options { voterCount share } } } } }";

/// A poll with one question of four options, as the API names them.
#[derive(Debug, Clone)]
pub(crate) struct Poll {
    slug: String,
    question: String,
    options: Vec<String>,
}

/// Our server.
pub(crate) struct Ours {
    pub program: Program,
    storage: TestDatabase,
    services: Services,
    polls: Vec<Poll>,
}

/// The bare server.
pub(crate) struct Bare {
    pub program: Program,
    storage: TestDatabase,
    polls: usize,
}

async fn open(storage: &TestDatabase) -> (Services, Database) {
    let settings = database::Settings {
        url: storage.url.clone(),
        connections: 2,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    let clock: SharedClock = Arc::new(SystemClock);
    let settings = Settings::new(SITE, Mailer::memory());
    let services = Services::new(&database, &clock, settings).await;
    (services.expect("services"), database)
}

async fn poll(services: &Services, number: usize) -> Poll {
    let options: Vec<Value> = (0..OPTIONS)
        .map(|option| json!({ "label": format!("Antwoord {option}") }))
        .collect();
    let input = json!({
        "title": format!("Peiling {number}"),
        "resultsVisibility": "ALWAYS",
        "opensAt": "2020-01-01T00:00:00Z",
        "questions": [{ "kind": "SINGLE", "prompt": "Wat vindt u?", "options": options }],
    });
    let request = GraphqlRequest::new(
        "mutation($input: PollCreateInput!) { pollCreate(input: $input) { \
         poll { slug questions { id options { id } } } userErrors { code } } }",
        json!({ "input": input }),
    );
    let prepared = Documents::default().prepare(request, &Actor::System);
    let operation = prepared.expect("a valid document").operation;
    let context = RequestContext::new(services.clone(), Actor::System, Locale::En);
    let answer = api::graphql::execute(&api::graphql::schema(), &operation, context).await;
    let answer = serde_json::to_value(answer).expect("JSON");
    let poll = &answer["data"]["pollCreate"]["poll"];
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let question = &poll["questions"][0];
    let options = question["options"].as_array().expect("options");
    Poll {
        slug: text(&poll["slug"]),
        question: text(&question["id"]),
        options: options.iter().map(|option| text(&option["id"])).collect(),
    }
}

impl Ours {
    /// Our server with so many polls, of which the first has `ballots` already; none where this
    /// kind of database cannot be had.
    pub(crate) async fn start(kind: DatabaseKind, polls: usize, ballots: usize) -> Option<Self> {
        let storage = TestDatabase::create(kind).await?;
        let (services, database) = open(&storage).await;
        if kind == DatabaseKind::Postgres && ballots == 0 {
            database
                .writer()
                .execute_unprepared(ANALYSED_EMPTY)
                .await
                .expect("analysed");
        }
        let mut made = Vec::with_capacity(polls);
        for number in 0..polls {
            made.push(poll(&services, number).await);
        }
        if ballots > 0 {
            seed::fill(&storage.url, ballots).await;
        }
        database.close().await.expect("closed");
        let command = program::command(BINARY, &storage.url, &["serve"]);
        Some(Self {
            program: Program::serve(command).await,
            storage,
            services,
            polls: made,
        })
    }

    /// So many ballots, each of a voter of its own, over all polls in turns.
    pub(crate) fn ballots(&self, count: usize, name: &str) -> Vec<Vec<u8>> {
        let document = match name {
            "short" => SHORT,
            _ => &operation("BallotCast").document,
        };
        (0..count)
            .map(|number| {
                let poll = &self.polls[number % self.polls.len()];
                let option = &poll.options[number / self.polls.len() % OPTIONS];
                let token = self.services.accounts.become_visitor(&Actor::Visitor(None));
                let token = token.expect("a token").token;
                let marks = json!([{ "optionId": option, "value": 1 }]);
                let input = json!({
                    "questionId": poll.question,
                    "marks": marks,
                    "idempotencyKey": Uuid::from_u128(number as u128),
                });
                let body = json!({ "query": document, "variables": { "input": input } });
                wire::post("/graphql", Some(&token), &body.to_string())
            })
            .collect()
    }

    /// So many times the question after the results of the first poll.
    pub(crate) fn results(&self, count: usize) -> Vec<Vec<u8>> {
        let body = json!({ "query": RESULTS, "variables": { "slug": self.polls[0].slug } });
        vec![wire::post("/graphql", None, &body.to_string()); count]
    }

    /// Ends it, after a recount.
    pub(crate) async fn end(self) {
        drop(self.program);
        let output = program::output(BINARY, &self.storage.url, &["poll", "recount"]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        self.storage.remove().await;
    }
}

/// Whether a ballot was taken, or results were given.
pub(crate) fn is_good(answer: &[u8]) -> bool {
    let contains = |part: &[u8]| answer.windows(part.len()).any(|window| window == part);
    !contains(b"\"errors\":[") && (contains(b"\"userErrors\":[]") || contains(b"\"results\":{"))
}

impl Bare {
    pub(crate) async fn start(kind: DatabaseKind, polls: usize) -> Option<Self> {
        let storage = TestDatabase::create(kind).await?;
        let (_, database) = open(&storage).await;
        for statement in bare::tables(polls, kind == DatabaseKind::Postgres) {
            let connection = database.writer();
            connection
                .execute_unprepared(&statement)
                .await
                .expect("made");
        }
        database.close().await.expect("closed");
        let own = std::env::current_exe().expect("this program");
        let mut command = Command::new(Path::new(&own));
        command.args(["bare-server", &storage.url]);
        Some(Self {
            program: Program::serve(command).await,
            storage,
            polls,
        })
    }

    /// As [`Ours::ballots`].
    pub(crate) fn ballots(&self, count: usize) -> Vec<Vec<u8>> {
        (0..count)
            .map(|number| {
                let voter = Uuid::now_v7();
                let (poll, choice) = (number % self.polls, number / self.polls % OPTIONS);
                let body = json!({ "poll": poll, "choice": choice, "voter": voter });
                wire::post("/vote", None, &body.to_string())
            })
            .collect()
    }

    /// So many times the question after the tally.
    pub(crate) fn results(count: usize) -> Vec<Vec<u8>> {
        vec![b"GET /tally HTTP/1.1\r\nHost: jij\r\n\r\n".to_vec(); count]
    }

    pub(crate) async fn end(self) {
        drop(self.program);
        self.storage.remove().await;
    }
}
