//! The cost to everyone else of hundreds who ask for split results.
//!
//! `cargo bench -p tests --bench splits -- [--attackers N] [--ballots N] [--seconds N]`
//!
//! The server is a process of its own on SQLite, with a poll of many ballots. First a few clients
//! ask for a list of themes by themselves. Then hundreds ask for a question's results by channel
//! and assurance as well, each as soon as it has its answer, while a voter changes a ballot ten
//! times a second, so that no count is right for long. How many of the few are answered, how many
//! are refused (503), and how long they wait is told. One thread of this process makes the load.

// The futures of the schema lie deep in each other.
#![recursion_limit = "256"]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a bench measures time, tells what it found, and ends where it cannot go on"
)]

#[path = "../ballots/seed.rs"]
mod seed;

use std::{
    cell::RefCell,
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    Actor, Services, Settings,
    clock::{SharedClock, SystemClock},
    database::{self, Database},
    mail::Mailer,
    poll::{
        Eligibility, OptionDraft, Pace, PollDraft, QuestionDraft, QuestionKind, ResultsVisibility,
        Rules, VoteChange,
    },
    theme::ThemeDraft,
};
use harness::{Arguments, DatabaseKind, Program, SITE, TestDatabase, Wire, program};
use serde_json::{Value, json};
use tokio::task::LocalSet;

const BINARY: &str = env!("CARGO_BIN_EXE_jij-under-test");
/// Clients whom the others keep from their answers, or not.
const FEW: usize = 32;
/// The pause between two changes of the ballot.
const CHANGE: Duration = Duration::from_millis(100);

/// The answers that clients got.
#[derive(Default)]
struct Met {
    answered: Vec<Duration>,
    /// Answered with an error of GraphQL, such as RATE_LIMITED.
    limited: usize,
    refused: usize,
}

impl Met {
    fn told(mut self, name: &str) {
        self.answered.sort_unstable();
        let at = |share: usize| {
            let place = self.answered.len() * share / 100;
            let time = self.answered.get(place).or(self.answered.last());
            time.map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
        };
        let all = (self.answered.len() + self.limited + self.refused).max(1);
        println!(
            "{name:<22} {:>7} answered (p50 {:.0} ms, p99 {:.0} ms), {} RATE_LIMITED, {} times 503 ({:.0} %)",
            self.answered.len(),
            at(50),
            at(99),
            self.limited,
            self.refused,
            self.refused as f64 / all as f64 * 100.0,
        );
    }
}

/// Asks the same until `end`.
async fn ask(address: SocketAddr, body: Rc<String>, end: Instant, met: Rc<RefCell<Met>>) {
    let Ok(mut wire) = Wire::connect(address).await else {
        return;
    };
    let request = harness::wire::post("/graphql", None, &body);
    while Instant::now() < end {
        let asked = Instant::now();
        let Ok((status, answer)) = wire.exchange_status(&request).await else {
            return;
        };
        let is_limited = String::from_utf8_lossy(&answer).contains("RATE_LIMITED");
        match status {
            503 => met.borrow_mut().refused += 1,
            _ if is_limited => met.borrow_mut().limited += 1,
            _ => met.borrow_mut().answered.push(asked.elapsed()),
        }
        if status == 503 || is_limited {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Changes one ballot again and again until `end`.
async fn change(address: SocketAddr, token: String, ballots: [String; 2], end: Instant) {
    let mut wire = Wire::connect(address).await.expect("a connection");
    for body in ballots.iter().cycle() {
        if Instant::now() > end {
            return;
        }
        // One that is refused now is sent with the next.
        let _ = wire.post("/graphql", Some(&token), body).await;
        tokio::time::sleep(CHANGE).await;
    }
}

async fn prepare(storage: &TestDatabase, ballots: usize) -> String {
    let settings = database::Settings {
        url: storage.url.clone(),
        connections: 2,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    let clock: SharedClock = Arc::new(SystemClock);
    let services = Services::new(&database, &clock, Settings::new(SITE, Mailer::memory())).await;
    let services = services.expect("services");
    for number in 0..20 {
        let draft = ThemeDraft {
            title: format!("Wonen in kern {number}"),
            summary: "Waar komen woningen, en voor wie?".to_owned(),
            description: "Een gesprek over bouwen.".to_owned(),
        };
        let made = services.themes.create(&Actor::System, draft).await;
        made.expect("a theme");
    }
    let option = |label: &str| OptionDraft {
        label: label.to_owned(),
        description: String::new(),
        is_right: false,
    };
    let draft = PollDraft {
        title: "Waar gaat het geld heen?".to_owned(),
        description: String::new(),
        themes: Vec::new(),
        partner: None,
        pace: Pace::Audience,
        results_visibility: ResultsVisibility::Always,
        vote_change: VoteChange::UntilClose,
        eligibility: Eligibility::Anyone,
        new_voters_per_network: None,
        opens_at: Some(clock.now()),
        closes_at: None,
        questions: vec![QuestionDraft {
            kind: QuestionKind::Single,
            prompt: "Wat is het belangrijkst?".to_owned(),
            description: String::new(),
            options: ["Fietspaden", "Bomen", "Een buurthuis", "Een zwemplek"]
                .map(option)
                .to_vec(),
            rules: Rules::default(),
            target: None,
        }],
    };
    let poll = services.polls.create(&Actor::System, draft).await;
    let slug = poll.expect("a poll").slug;
    seed::fill(&storage.url, ballots).await;
    slug
}

async fn data(address: SocketAddr, body: &Value) -> Value {
    let mut wire = Wire::connect(address).await.expect("a connection");
    let answer = wire.post("/graphql", None, &body.to_string()).await;
    let answer: Value = serde_json::from_slice(&answer.expect("an answer")).expect("JSON");
    answer["data"].clone()
}

fn main() {
    let arguments = Arguments::read();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(measure(
        arguments.number("--attackers", 300),
        arguments.number("--ballots", 200_000),
        Duration::from_secs(arguments.number("--seconds", 15)),
    ));
}

async fn measure(attackers: usize, ballots: usize, time: Duration) {
    let storage = TestDatabase::create(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let slug = prepare(&storage, ballots).await;
    let server = Program::serve(program::command(BINARY, &storage.url, &["serve"])).await;
    let address = server.address;
    let list = Rc::new(
        json!({ "query": "{ themes(first: 20) { edges { node { id slug title } } } }" })
            .to_string(),
    );
    let groups = "{ voterCount options { voterCount share } }";
    let split = Rc::new(
        json!({
            "query": format!("query($slug: String!) {{ poll(slug: $slug) {{ questions {{ resultsByChannel {{ channel results {groups} }} resultsByAssurance {{ assurance results {groups} }} }} }} }}"),
            "variables": { "slug": slug },
        })
        .to_string(),
    );
    let poll = data(address, &json!({
        "query": "query($slug: String!) { poll(slug: $slug) { questions { id options { id } } } }",
        "variables": { "slug": slug },
    }))
    .await;
    let question = poll["poll"]["questions"][0].clone();
    let visitor = json!({ "query": "mutation { visitorCreate { accessToken } }" });
    let token = data(address, &visitor).await["visitorCreate"]["accessToken"].clone();
    let token = token.as_str().expect("a token").to_owned();
    let ballot = |place: usize| {
        json!({
            "query": "mutation($input: BallotCastInput!) { ballotCast(input: $input) { userErrors { code } } }",
            "variables": { "input": { "questionId": question["id"], "marks": [{ "optionId": question["options"][place]["id"], "value": 1 }] } },
        })
        .to_string()
    };
    for crowd in [0, attackers] {
        let (few, many) = (Rc::<RefCell<Met>>::default(), Rc::<RefCell<Met>>::default());
        let end = Instant::now() + time;
        let all = LocalSet::new();
        if crowd > 0 {
            all.spawn_local(change(address, token.clone(), [ballot(0), ballot(1)], end));
        }
        for _ in 0..crowd {
            all.spawn_local(ask(address, Rc::clone(&split), end, Rc::clone(&many)));
        }
        for _ in 0..FEW {
            all.spawn_local(ask(address, Rc::clone(&list), end, Rc::clone(&few)));
        }
        all.await;
        println!("{crowd} ask for split results of {ballots} ballots");
        few.take().told("  others' lists");
        many.take().told("  split results");
    }
    server.kill();
    storage.remove().await;
}
