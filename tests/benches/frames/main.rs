//! A thousand frames on partners' pages, live on one poll: what they see of its ballots, when, and
//! what it costs to show it to them.
//!
//! `cargo bench -p tests --bench frames -- [--frames N] [--rate N] [--seconds N]
//! [--database postgres|sqlite]`
//!
//! The server is a process of its own, as the release has it. Each frame does what the page's own
//! script does: it loads the page, asks for a token that it keeps, and follows the poll by the
//! document that stands in the page. They are connections of this process, on several loopback
//! addresses. Ballots of others come at a steady rate, whatever the answers take. A ballot's
//! answer says how many had voted with it; a frame has seen it once a state counts as many.

// The futures of the schema lie deep in each other.
#![recursion_limit = "256"]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bench measures time, tells what it found, and ends where it cannot go on"
)]

mod frame;
#[path = "../subscribers/report.rs"]
mod report;
#[path = "../subscribers/seen.rs"]
mod seen;
#[path = "../subscribers/server.rs"]
mod server;
#[path = "../subscribers/votes.rs"]
mod votes;

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Actor, Locale, Services,
    embed::{EmbedDraft, Opening},
    id::{EmbedId, PollId},
    partner::{PartnerDraft, PartnerKind},
};
use harness::{Arguments, DatabaseKind, TestApp};
use serde_json::Value;
use uuid::Uuid;

use frame::{Frame, Page};
use server::Server;

/// On whose page the frames stand.
const PARTNER: &str = "https://www.raalte.example";
/// How long all frames may take to open.
const OPEN_WITHIN: Duration = Duration::from_mins(5);
/// How long after the last ballot a frame may take to see it.
const CALM_WITHIN: Duration = Duration::from_secs(30);
/// How many frames open at once.
const AT_THE_DOOR: usize = 64;

struct Plan {
    frames: usize,
    rate: u32,
    seconds: u32,
}

fn main() -> ExitCode {
    let arguments = Arguments::read();
    if arguments
        .all()
        .first()
        .is_some_and(|first| first == "serve")
    {
        return api::command::run();
    }
    if !server::has_all_the_files_there_are() {
        return server::with_all_the_files_there_are(arguments.all());
    }
    let plan = Plan {
        frames: arguments.number("--frames", 1_000),
        rate: arguments.number("--rate", 100),
        seconds: arguments.number("--seconds", 20),
    };
    let kinds = match arguments.value("--database") {
        Some("postgres") => vec![DatabaseKind::Postgres],
        Some("sqlite") => vec![DatabaseKind::Sqlite],
        _ => vec![DatabaseKind::Postgres, DatabaseKind::Sqlite],
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        for kind in kinds {
            Box::pin(measure(kind, &plan)).await;
        }
    });
    ExitCode::SUCCESS
}

async fn measure(kind: DatabaseKind, plan: &Plan) {
    let Some(app) = TestApp::start(kind).await else {
        return;
    };
    let services = server::services(app.database_url()).await;
    let poll = server::poll(&app, "ALWAYS").await;
    let embed = embed(&services, &poll).await;
    let server = server::serve(app.database_url()).await;
    let page = Page::look(server.address(0), embed).await;
    let count = plan.rate * plan.seconds;
    let mut tokens = Vec::with_capacity(count as usize);
    for _ in 0..count {
        let opening = Opening {
            subject: None,
            is_kept: true,
        };
        let opened = services.embeds.open(&Actor::Visitor(None), embed, opening);
        tokens.push(opened.await.expect("a token").token);
    }
    // What is needed once is needed before the frames are weighed.
    drop(open(&server, &page, 1).await);
    let empty = server.memory();
    let begun = Instant::now();
    let frames = open(&server, &page, plan.frames).await;
    let filled = begun.elapsed();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let full = server.memory();

    let meter = server.meter().await;
    let tasks = tokio::task::LocalSet::new();
    let (seen, ballots) = tasks
        .run_until(async {
            let watching: Vec<_> = frames
                .into_iter()
                .map(|frame| {
                    tokio::task::spawn_local(seen::watch(frame, i64::from(count), CALM_WITHIN))
                })
                .collect();
            let ballots = votes::cast(server.address(0), &poll, tokens, plan.rate).await;
            let mut seen = Vec::with_capacity(watching.len());
            for one in watching {
                seen.push(one.await.expect("a frame"));
            }
            (seen, ballots)
        })
        .await;
    report::tell(&report::Run {
        kind,
        visibility: "ALWAYS",
        watchers: "frames",
        filled,
        bytes_each: full.saturating_sub(empty) as f64 / plan.frames as f64,
        metered: meter.read(&server).await,
        votes: i64::from(count),
        ballots,
        seen,
    });
    drop(server);
    app.end().await;
}

/// Puts the poll on a partner's pages.
async fn embed(services: &Services, poll: &Value) -> EmbedId {
    let partner = PartnerDraft {
        name: "Gemeente Raalte".to_owned(),
        kind: PartnerKind::Municipality,
        website: None,
        municipality: None,
    };
    let partner = services.partners.create(&Actor::System, partner).await;
    let id = poll["id"].as_str().expect("an id");
    let id = URL_SAFE_NO_PAD.decode(id).expect("a node's id");
    let draft = EmbedDraft {
        partner: partner.expect("a partner").id,
        poll: PollId(Uuid::from_slice(&id[1..]).expect("an id")),
        origins: vec![PARTNER.to_owned()],
        locale: Locale::Nl,
        accent: None,
        subject_key: None,
    };
    let embed = services.embeds.create(&Actor::System, draft).await;
    embed.expect("an embed").id
}

/// Frames, each with the state now.
async fn open(server: &Server, page: &Page, count: usize) -> Vec<Frame> {
    use futures_util::{StreamExt, stream};
    let opening = stream::iter(0..count)
        .map(|number| async move {
            let mut frame = Frame::open(server.address(number), page).await;
            seen::Watcher::next(&mut frame)
                .await
                .expect("the state now");
            frame
        })
        .buffer_unordered(AT_THE_DOOR)
        .collect();
    tokio::time::timeout(OPEN_WITHIN, opening)
        .await
        .expect("all frames open in time")
}
