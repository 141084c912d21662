//! A server that is killed at random moments while it counts: nothing that it acknowledged is
//! gone, and nothing is counted twice.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
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
    Actor, Locale, Services, Settings,
    account::PasswordCost,
    clock::{SharedClock, SystemClock},
    database::{self, ConnectionTrait, Database},
    id::BallotId,
    mail::Mailer,
};
use entity::{ballot, ballot_event, mark, poll_option};
use harness::{
    DatabaseKind, Program, SITE, TestDatabase, Wire,
    program::{command, output},
};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{question, recount::recount_in};

pub(super) const BINARY: &str = env!("CARGO_BIN_EXE_jij-under-test");
const ROUNDS: usize = 10;
const WRITERS: usize = 8;

/// A request of a voter under a name of its own.
#[derive(Debug, Clone)]
struct Ask {
    token: Arc<str>,
    option: usize,
    name: String,
}

/// Someone who votes again and again, each third time to change the ballot before.
#[derive(Debug)]
pub(super) struct Writer {
    number: usize,
    asked: usize,
    /// What was acknowledged, oldest first.
    acknowledged: Vec<Ask>,
    /// What was sent and never answered.
    unanswered: Option<Ask>,
}

/// The poll that is voted in.
pub(super) struct Target {
    question: String,
    options: Vec<String>,
}

impl Writer {
    pub(super) fn new(number: usize) -> Self {
        Self {
            number,
            asked: 0,
            acknowledged: Vec::new(),
            unanswered: None,
        }
    }

    /// The names of the requests that were acknowledged so far, oldest first.
    pub(super) fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.acknowledged.iter().map(|ask| ask.name.clone())
    }

    /// Votes until the server is gone, and adds to `acknowledged` what it hears.
    async fn write(
        &mut self,
        address: SocketAddr,
        target: &Target,
        services: &Services,
        acknowledged: &AtomicUsize,
    ) {
        let Ok(mut wire) = Wire::connect(address).await else {
            return;
        };
        while self.cast(&mut wire, target, services).await {
            acknowledged.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Casts one ballot; returns if it was acknowledged, and else the server is gone.
    pub(super) async fn cast(
        &mut self,
        wire: &mut Wire,
        target: &Target,
        services: &Services,
    ) -> bool {
        let ask = match self.unanswered.take() {
            Some(ask) => ask,
            None => self.next(target, services),
        };
        let marks = json!([{ "optionId": target.options[ask.option], "value": 1 }]);
        let input =
            json!({ "questionId": target.question, "marks": marks, "idempotencyKey": ask.name });
        let body = json!({
            "query": "mutation($input: BallotCastInput!) { ballotCast(input: $input) { ballot { id } userErrors { code } } }",
            "variables": { "input": input },
        });
        self.unanswered = Some(ask.clone());
        let Ok(answer) = wire
            .post("/graphql", Some(&ask.token), &body.to_string())
            .await
        else {
            return false;
        };
        let answer: Value = serde_json::from_slice(&answer).expect("JSON");
        let taken = &answer["data"]["ballotCast"];
        assert!(taken["ballot"]["id"].is_string(), "{answer}");
        self.acknowledged.push(ask);
        self.unanswered = None;
        true
    }

    fn next(&mut self, target: &Target, services: &Services) -> Ask {
        self.asked += 1;
        let name = format!("{}:{}", self.number, self.asked);
        let before = self.acknowledged.last();
        if let Some(before) = before.filter(|_| self.asked.is_multiple_of(3)) {
            return Ask {
                token: Arc::clone(&before.token),
                option: (before.option + 1) % target.options.len(),
                name,
            };
        }
        let made = services.accounts.become_visitor(&Actor::Visitor(None));
        Ask {
            token: made.expect("a token").token.into(),
            option: self.asked % target.options.len(),
            name,
        }
    }
}

pub(super) async fn open(storage: &TestDatabase) -> (Services, Database) {
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

pub(super) async fn target(services: &Services) -> Target {
    let input = json!({
        "title": "Zwemmen in de kanalen",
        "voteChange": "UNTIL_CLOSE",
        "resultsVisibility": "ALWAYS",
        "opensAt": "2020-01-01T00:00:00Z",
        "questions": [question("SINGLE", &["Ja", "Nee", "Misschien"])],
    });
    let request = GraphqlRequest::new(
        "mutation($input: PollCreateInput!) { pollCreate(input: $input) { \
         poll { questions { id options { id } } } userErrors { code } } }",
        json!({ "input": input }),
    );
    let prepared = Documents::default().prepare(request, &Actor::System);
    let operation = prepared.expect("a valid document").operation;
    let context = RequestContext::new(services.clone(), Actor::System, Locale::En);
    let answer = api::graphql::execute(&api::graphql::schema(), &operation, context).await;
    let answer = serde_json::to_value(answer).expect("JSON");
    let question = &answer["data"]["pollCreate"]["poll"]["questions"][0];
    let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
    let options = question["options"].as_array().expect("options");
    Target {
        question: id(question),
        options: options.iter().map(id).collect(),
    }
}

/// Compares what is stored with what was acknowledged.
async fn check(database: &Database, writers: &[Writer]) {
    let connection = database.read();
    if database.is_embedded() {
        let found = connection
            .query_one_raw(sea_orm::Statement::from_string(
                sea_orm::DatabaseBackend::Sqlite,
                "PRAGMA integrity_check",
            ))
            .await
            .expect("checked")
            .expect("a row");
        assert_eq!(found.try_get_by_index::<String>(0).expect("text"), "ok");
    }
    recount_in(connection).await;
    let mut events: HashMap<String, BallotId> = HashMap::new();
    for event in ballot_event::Entity::find()
        .all(connection)
        .await
        .expect("events")
    {
        let twice = events.insert(event.idempotency_key.clone(), event.ballot_id);
        assert_eq!(twice, None, "{} is counted twice", event.idempotency_key);
    }
    let mut marks: HashMap<BallotId, usize> = HashMap::new();
    let options: BTreeMap<_, _> = poll_option::Entity::find()
        .all(connection)
        .await
        .expect("options")
        .into_iter()
        .map(|option| {
            (
                option.id,
                usize::try_from(option.position).expect("a place"),
            )
        })
        .collect();
    for mark in mark::Entity::find().all(connection).await.expect("marks") {
        assert_eq!(marks.insert(mark.ballot_id, options[&mark.option_id]), None);
    }
    let mut voters = HashSet::new();
    let mut taken = 0;
    for writer in writers {
        // The last request of each voter says what their ballot says.
        let mut last: BTreeMap<&str, (BallotId, usize)> = BTreeMap::new();
        for ask in &writer.acknowledged {
            let ballot = *events
                .get(&ask.name)
                .unwrap_or_else(|| panic!("{} was acknowledged and is gone", ask.name));
            last.insert(&ask.token, (ballot, ask.option));
        }
        taken += writer.acknowledged.len();
        if let Some(ask) = &writer.unanswered
            && let Some(&ballot) = events.get(&ask.name)
        {
            last.insert(&ask.token, (ballot, ask.option));
            taken += 1;
        }
        for (token, (ballot, option)) in last {
            assert_eq!(marks.get(&ballot), Some(&option), "{ballot:?}");
            voters.insert(token);
        }
    }
    assert_eq!(events.len(), taken, "nothing was counted that nobody sent");
    let ballots = ballot::Entity::find()
        .all(connection)
        .await
        .expect("ballots");
    assert_eq!(ballots.len(), voters.len(), "one ballot a voter");
}

async fn survives(kind: DatabaseKind) {
    let Some(storage) = TestDatabase::create(kind).await else {
        return;
    };
    let (services, database) = open(&storage).await;
    let target = Arc::new(target(&services).await);
    // Nobody but the server has the database open while it is killed.
    database.close().await.expect("closed");
    let mut writers: Vec<Writer> = (0..WRITERS).map(Writer::new).collect();
    for round in 0..ROUNDS {
        let server = Program::serve(command(BINARY, &storage.url, &["serve"])).await;
        let address = server.address;
        let heard = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        for mut writer in writers.drain(..) {
            let (target, services) = (Arc::clone(&target), services.clone());
            let heard = Arc::clone(&heard);
            tasks.spawn(async move {
                writer.write(address, &target, &services, &heard).await;
                writer
            });
        }
        if round == ROUNDS / 2 {
            let (code, said) = recounted(&storage).await;
            assert_eq!(code, Some(0), "while votes come in: {said}");
        }
        // At random, but never before there is something to lose.
        let [votes, moment]: [u8; 2] = domain::random::bytes().expect("chance");
        while heard.load(Ordering::Relaxed) < WRITERS + usize::from(votes) / 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_micros(100 * u64::from(moment))).await;
        server.kill();
        writers = tasks.join_all().await;
        let (_, database) = open(&storage).await;
        check(&database, &writers).await;
        database.close().await.expect("closed");
        let (code, said) = recounted(&storage).await;
        assert_eq!(code, Some(0), "{said}");
        assert!(said.ends_with("every sum agrees\n"), "{said}");
    }
    drop(services);
    storage.remove().await;
}

async fn recounted(storage: &TestDatabase) -> (Option<i32>, String) {
    let url = storage.url.clone();
    let ended = tokio::task::spawn_blocking(move || output(BINARY, &url, &["poll", "recount"]));
    let output = ended.await.expect("the command");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    survives(DatabaseKind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_postgres() {
    survives(DatabaseKind::Postgres).await;
}
