//! First loads of a poll's page: by itself, and in a frame of a partner.
//!
//! `cargo bench -p tests --bench pages -- [--rate N] [--seconds N] [--ballots N] [--shuffled]`
//!
//! The server is a process of its own on SQLite, as the release has it. So many times a second
//! someone comes who was not there before: a connection, the page compressed with a token of their
//! own, and gone. Meanwhile so many people a second vote by the page's form, so that the page
//! changes. With `--shuffled` everyone has an order of options of their own, so that the page is
//! made for each. Loads come by the clock, whether or not those before them are answered. One
//! thread of this process makes the load.

// The futures of the schema lie deep in each other.
#![recursion_limit = "256"]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    reason = "a bench measures time, tells what it found, and ends where it cannot go on"
)]

use std::{
    cell::RefCell,
    collections::BTreeMap,
    io::ErrorKind,
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    Actor, Locale, Services, Settings,
    clock::{SharedClock, SystemClock},
    database::{self, Database},
    embed::EmbedDraft,
    mail::Mailer,
    partner::{PartnerDraft, PartnerKind},
    poll::{
        Eligibility, OptionDraft, Pace, PollDraft, QuestionDraft, QuestionKind, ResultsVisibility,
        Rules, VoteChange,
    },
};
use harness::{Arguments, DatabaseKind, Program, SITE, TestDatabase, Wire, program};
use tokio::{sync::mpsc, task::LocalSet};

const BINARY: &str = env!("CARGO_BIN_EXE_jij-under-test");
const PARTNER: &str = "https://www.raalte.example";

/// What those who came met.
#[derive(Default)]
struct Met {
    loaded: Vec<Duration>,
    bytes: usize,
    refused: usize,
    /// Why connections broke.
    broken: BTreeMap<ErrorKind, usize>,
    voted: usize,
    /// Votes that were not counted at once.
    lost: usize,
    /// How long it took until the last was answered, in seconds.
    took: f64,
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Plan {
    rate: u64,
    seconds: u64,
    ballots: u64,
}

/// The pages: the poll's own, and the one in a frame; and the choice that is voted for.
struct Pages {
    own: String,
    framed: String,
    choice: String,
}

async fn load(address: SocketAddr, request: Rc<Vec<u8>>, met: Rc<RefCell<Met>>) {
    let asked = Instant::now();
    let answer = async {
        let mut wire = Wire::connect(address).await?;
        wire.exchange_status(&request).await
    };
    let answer = answer.await;
    let mut met = met.borrow_mut();
    match answer {
        Ok((200, body)) => {
            met.loaded.push(asked.elapsed());
            met.bytes = body.len();
        }
        Ok(_) => met.refused += 1,
        Err(fault) => *met.broken.entry(fault.kind()).or_default() += 1,
    }
}

/// Someone votes whenever it is time to, as fast as they are answered.
async fn cast(
    address: SocketAddr,
    vote: Vec<u8>,
    mut called: mpsc::UnboundedReceiver<()>,
    met: Rc<RefCell<Met>>,
) {
    let mut wire = Wire::connect(address).await.expect("a connection");
    while called.recv().await.is_some() {
        match wire.exchange_status(&vote).await {
            Ok((200, _)) => met.borrow_mut().voted += 1,
            Ok(_) => met.borrow_mut().lost += 1,
            Err(fault) => {
                *met.borrow_mut().broken.entry(fault.kind()).or_default() += 1;
                wire = Wire::connect(address).await.expect("a connection");
            }
        }
    }
}

/// So many a second come to this page.
async fn measure(address: SocketAddr, path: &str, choice: &str, plan: Plan) -> Met {
    let met = Rc::new(RefCell::new(Met::default()));
    let request = Rc::new(
        format!("GET {path} HTTP/1.1\r\nHost: jij\r\nAccept-Encoding: br\r\nReferer: {PARTNER}/\r\nSec-Fetch-Dest: iframe\r\n\r\n")
            .replace(if path.starts_with("/p/") { "Sec-Fetch-Dest: iframe\r\n" } else { "" }, "")
            .into_bytes(),
    );
    let form = format!("token=&{choice}");
    let vote = format!("POST {path} HTTP/1.1\r\nHost: jij\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}", form.len())
        .into_bytes();
    let all = LocalSet::new();
    let begun = Instant::now();
    all.run_until(async {
        // In steps of ten milliseconds: a timer cannot be trusted with less.
        let steps = plan.seconds * 100;
        let mut timer = tokio::time::interval(Duration::from_millis(10));
        let (call, called) = mpsc::unbounded_channel();
        tokio::task::spawn_local(cast(address, vote, called, Rc::clone(&met)));
        for step in 0..steps {
            timer.tick().await;
            for _ in plan.rate * step / 100..plan.rate * (step + 1) / 100 {
                tokio::task::spawn_local(load(address, Rc::clone(&request), Rc::clone(&met)));
            }
            for _ in plan.ballots * step / 100..plan.ballots * (step + 1) / 100 {
                call.send(()).expect("someone votes");
            }
        }
    })
    .await;
    all.await;
    let mut met = Rc::into_inner(met).expect("all have gone").into_inner();
    met.took = begun.elapsed().as_secs_f64();
    met
}

fn at(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list"
    )]
    let place = (times.len() as f64 * share) as usize;
    times
        .get(place.min(times.len().saturating_sub(1)))
        .map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

async fn prepare(storage: &TestDatabase, shuffled: bool) -> Pages {
    let settings = database::Settings {
        url: storage.url.clone(),
        connections: 2,
    };
    let database = Database::connect(&settings).await.expect("it connects");
    let clock: SharedClock = Arc::new(SystemClock);
    let services = Services::new(&database, &clock, Settings::new(SITE, Mailer::memory())).await;
    let services = services.expect("services");
    let option = |label: &str| OptionDraft {
        label: label.to_owned(),
        description: String::new(),
        is_right: false,
    };
    let question = |kind, prompt: &str| QuestionDraft {
        kind,
        prompt: prompt.to_owned(),
        description: String::new(),
        options: [
            "Veilige fietspaden",
            "Meer bomen",
            "Een buurthuis",
            "Een zwemplek",
        ]
        .map(option)
        .to_vec(),
        rules: Rules {
            shuffled,
            ..Rules::default()
        },
        target: None,
    };
    let draft = PollDraft {
        title: "Waar gaat het geld heen?".to_owned(),
        description: "De gemeenteraad beslist in **mei**.".to_owned(),
        themes: Vec::new(),
        partner: None,
        pace: Pace::Audience,
        results_visibility: ResultsVisibility::Always,
        vote_change: VoteChange::UntilClose,
        eligibility: Eligibility::Anyone,
        new_voters_per_network: None,
        opens_at: Some(clock.now()),
        closes_at: None,
        questions: vec![
            question(QuestionKind::Single, "Wat is het belangrijkst?"),
            question(QuestionKind::Points, "Hoe verdeelt u het geld?"),
            question(QuestionKind::Ranking, "En in welke volgorde?"),
        ],
    };
    let nobody = Actor::Visitor(None);
    let poll = services
        .polls
        .create(&Actor::System, draft)
        .await
        .expect("a poll");
    let questions = services
        .polls
        .questions(&nobody, &[poll.id])
        .await
        .expect("questions");
    let asked = questions[&poll.id][0].id;
    let options = services
        .polls
        .options(&nobody, &[asked])
        .await
        .expect("options");
    let chosen = options[&asked][0].id;
    let partner = PartnerDraft {
        name: "Gemeente Raalte".to_owned(),
        kind: PartnerKind::Municipality,
        website: None,
        municipality: None,
    };
    let partner = services
        .partners
        .create(&Actor::System, partner)
        .await
        .expect("a partner");
    let embed = EmbedDraft {
        partner: partner.id,
        poll: poll.id,
        origins: vec![PARTNER.to_owned()],
        locale: Locale::Nl,
        accent: None,
        subject_key: None,
    };
    let embed = services
        .embeds
        .create(&Actor::System, embed)
        .await
        .expect("an embed");
    let choice = format!("{}={}", global(b'Q', asked.0), global(b'O', chosen.0));
    Pages {
        own: format!("/p/{}", poll.slug),
        framed: format!("/embed/{}", embed.id.0),
        choice,
    }
}

/// A node's id as the API has it.
fn global(kind: u8, id: uuid::Uuid) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode([&[kind][..], id.as_bytes()].concat())
}

fn main() {
    let arguments = Arguments::read();
    let plan = Plan {
        rate: arguments.number("--rate", 2_000),
        seconds: arguments.number("--seconds", 10),
        ballots: arguments.number("--ballots", 10),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let shuffled = arguments.has("--shuffled");
    runtime.block_on(run(plan, shuffled));
}

async fn run(plan: Plan, shuffled: bool) {
    let storage = TestDatabase::create(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let pages = prepare(&storage, shuffled).await;
    let serve = program::command(BINARY, &storage.url, &["serve"]);
    let server = Program::serve(serve).await;
    let warm = Plan {
        rate: 200,
        seconds: 2,
        ballots: 1,
    };
    for path in [&pages.own, &pages.framed] {
        measure(server.address, path, &pages.choice, warm).await;
        let worked = || [server.id(), std::process::id()].map(program::seconds);
        let before = worked();
        let mut met = measure(server.address, path, &pages.choice, plan).await;
        let after = worked();
        let [cores, own] = [0, 1].map(|whose| (after[whose] - before[whose]) / met.took);
        println!(
            "{path}: {} a second for {} s, {} answered within {:.1} s with {} bytes, {} refused, broken {:?}; {} voted, {} could not",
            plan.rate,
            plan.seconds,
            met.loaded.len(),
            met.took,
            met.bytes,
            met.refused,
            met.broken,
            met.voted,
            met.lost,
        );
        println!(
            "  p50 {:.1} ms, p99 {:.1} ms, last {:.1} ms; the server worked {cores:.2} cores, and this process {own:.2}",
            at(&mut met.loaded, 0.5),
            at(&mut met.loaded, 0.99),
            at(&mut met.loaded, 1.0),
        );
    }
    server.kill();
    storage.remove().await;
}
