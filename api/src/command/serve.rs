//! `jij serve`.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use clap::Args;
use domain::{
    Services,
    clock::{SharedClock, SystemClock},
    database::Database,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    signal,
    sync::watch,
};

use super::{Failure, migrate};
use crate::graphql::document::{Audience, Documents};
use crate::http::{self, Admission, Connections, Figures, PeerLimits, Site};
use crate::settings::{
    DatabaseSettings, DocumentSettings, HttpSettings, LiveSettings, LogFormat, LogSettings,
    MailSettings, ModerationSettings, ProviderSettings, RetentionSettings, ScreeningSettings,
    SecuritySettings, SettingError, SiteSettings, VotingSettings, WorkloadSettings,
};

/// Serve the API (the command where none is given)
///
/// It serves until Ctrl-C or SIGTERM, then finishes what is under way, for at most 20 seconds,
/// and ends. An embedded database is migrated at the start. A PostgreSQL that is behind is not:
/// run `jij migrate` first, once for all instances.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  jij serve                                        an embedded database in data/\n  jij serve --listen 0.0.0.0:8000 --public-url https://api.example.org\n  DATABASE_URL_FILE=/run/secrets/database jij serve    PostgreSQL, its address in a file"
)]
pub(super) struct ServeArguments {
    #[command(flatten)]
    database: DatabaseSettings,

    #[command(flatten)]
    http: HttpSettings,

    #[command(flatten)]
    workload: WorkloadSettings,

    #[command(flatten)]
    live: LiveSettings,

    #[command(flatten)]
    documents: DocumentSettings,

    #[command(flatten)]
    site: SiteSettings,

    #[command(flatten)]
    voting: VotingSettings,

    #[command(flatten)]
    providers: ProviderSettings,

    #[command(flatten)]
    retention: RetentionSettings,

    #[command(flatten)]
    moderation: ModerationSettings,

    #[command(flatten)]
    screening: ScreeningSettings,

    #[command(flatten)]
    mail: MailSettings,

    #[command(flatten)]
    security: SecuritySettings,

    #[command(flatten)]
    log: LogSettings,
}

/// How long requests under way may take to finish once the server was asked to end.
const DRAIN: Duration = Duration::from_secs(18);
/// How many connections may wait until they are taken, where the machine allows it: one that finds
/// no place tries again after a second.
const WAITING: u32 = 4_096;
/// The most connections that ask for figures at once.
const ASKERS: usize = 16;
/// The time that the connections to the database have to end once the server has.
const CLOSE: Duration = Duration::from_secs(2);
/// The last words of a server whose database file is not the one that it opened.
const FILE_LOST: &str = "the database file was replaced, moved or removed while the server ran: what was written since then is not in the file that is there now\nhint: stop the server before you change its files; copy them with `jij backup`";
/// How often figures are tidied up that nobody asked for.
const TIDY: Duration = Duration::from_secs(5);

pub(super) async fn run(arguments: ServeArguments) -> Result<(), Failure> {
    let _log = arguments.log.start("info", LogFormat::Json)?;
    let metrics = match arguments.workload.metrics_listen {
        Some(address) => Some((
            listen("--metrics-listen (JIJ_METRICS_LISTEN)", address)?,
            Figures::gather()?,
        )),
        None => None,
    };
    let peers = arguments
        .http
        .peer_limits(arguments.database.connections())?;
    let database = arguments.database.connect().await?;
    bring_up(&database).await?;
    let clock: SharedClock = Arc::new(SystemClock);
    let listener = listen("--listen (JIJ_LISTEN)", arguments.http.listen)?;
    let address = listener.local_addr()?;
    let settings = domain::Settings {
        providers: arguments.providers.providers()?,
        terms: arguments.retention.terms()?,
        deadlines: arguments.moderation.deadlines(),
        screening: arguments.screening.rules()?,
        new_voters: arguments.voting.new_voters(),
        ..arguments.site.services(address, arguments.mail.mailer()?)?
    };
    arguments.http.warn_of_proxy(&settings.public_url);
    let hsts_max_age = arguments.site.hsts_max_age(&settings.public_url)?;
    let security = arguments.security.contact(&settings.public_url)?;
    if security
        .as_ref()
        .is_some_and(|contact| contact.expires_at <= clock.now())
    {
        tracing::warn!("security.txt has expired: set JIJ_SECURITY_EXPIRES anew");
    }
    let documents = Documents::new(arguments.documents.rules(Audience::SignedIn)?);
    let connections = Connections::new(arguments.live.limits(&settings.public_url, &peers));
    let services = Services::new(&database, &clock, settings).await?;
    tracing::info!(%address, "serving");
    Server {
        listener,
        peers,
        metrics,
        database,
        site: Site {
            admission: Admission::new(arguments.workload.workload()),
            security,
            documents,
            trusted_proxies: arguments.http.trusted_proxies,
            hsts_max_age,
            ..Site::new(services, connections)
        },
        drain_delay: arguments.workload.drain_delay(),
    }
    .serve()
    .await
}

/// Migrates an embedded database; refuses a server that is behind.
pub(super) async fn bring_up(database: &Database) -> Result<(), Failure> {
    if migration::pending(database.writer()).await?.is_empty() {
        return Ok(());
    }
    if database.is_embedded() {
        migrate::apply(database).await?;
        return Ok(());
    }
    // Another process may be about to apply them.
    let _lock = database.lock_migrations().await?;
    let pending = migration::pending(database.writer()).await?;
    if pending.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "the database is behind by {} migrations\nhint: run `jij migrate` with the same DATABASE_URL, then start again",
            pending.len()
        )
        .into())
    }
}

/// The listening socket at `address`, which this setting gave.
pub(super) fn listen(name: &'static str, address: SocketAddr) -> Result<TcpListener, SettingError> {
    let bound = || {
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()
        } else {
            TcpSocket::new_v6()
        }?;
        // What a server before this one left behind keeps nobody from its address.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(WAITING)
    };
    bound().map_err(|error: io::Error| SettingError {
        name,
        problem: format!("cannot listen at {address}: {error}"),
        hint: "choose a free port, or 0 for any, such as 127.0.0.1:0",
    })
}

/// A server that is about to serve.
pub(super) struct Server {
    pub(super) listener: TcpListener,
    /// The limits on peers, in number and in time.
    pub(super) peers: PeerLimits,
    /// Where Prometheus asks, and what it is told; none where nobody asks.
    pub(super) metrics: Option<(TcpListener, Figures)>,
    pub(super) database: Database,
    pub(super) site: Site,
    /// How long connections are still taken once the process was asked to end.
    pub(super) drain_delay: Duration,
}

impl Server {
    /// Answers requests, does jobs and keeps count of who follows rooms until the process is asked
    /// to end. Then it is not ready any more, closes sockets and streams, and gives requests under
    /// way the rest of 20 seconds.
    pub(super) async fn serve(self) -> Result<(), Failure> {
        let (ask, asked) = watch::channel(false);
        let Site {
            services,
            connections,
            readiness,
            ..
        } = self.site.clone();
        let asking = async {
            tokio::select! {
                () = asked_to_end() => tracing::info!("asked to end"),
                () = readiness.file_lost() => {}
            }
            readiness.end();
            tokio::time::sleep(self.drain_delay).await;
            ask.send_replace(true);
        };
        let router = crate::router(self.site);
        let answering = http::serve(self.listener, router, self.peers, end(asked.clone()));
        let sockets = async {
            end(asked.clone()).await;
            connections.end();
            connections.ended().await;
        };
        let figures = async {
            if let Some((listener, figures)) = self.metrics {
                tell(listener, figures, &services, end(asked.clone())).await;
            }
        };
        let out_of_patience = async {
            end(asked.clone()).await;
            tokio::time::sleep(DRAIN.saturating_sub(self.drain_delay)).await;
        };
        let all = async {
            tokio::join!(
                asking,
                answering,
                sockets,
                figures,
                Box::pin(services.work(end(asked.clone()))),
                Box::pin(services.tidy(end(asked.clone()))),
                Box::pin(services.polls.attend(end(asked.clone()))),
                Box::pin(services.embeds.keep_count(end(asked.clone()))),
                Box::pin(readiness.watch(&self.database, end(asked.clone()))),
            );
        };
        tokio::select! {
            () = Box::pin(all) => {
                // Whoever hung up before their ballot was counted is counted all the same.
                services.settled().await;
            }
            () = out_of_patience => {
                tracing::warn!("requests or jobs were still under way and are broken off");
            }
        }
        // Transactions begin and end in tasks of their own, which are waited for here.
        match tokio::time::timeout(CLOSE, self.database.close()).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::warn!(%fault, "the database was not closed well"),
            Err(_) => tracing::warn!("transactions were still under way and are rolled back"),
        }
        tracing::info!("ended");
        if readiness.is_file_lost() {
            return Err(FILE_LOST.into());
        }
        Ok(())
    }
}

/// Answers Prometheus until `end`.
async fn tell(
    listener: TcpListener,
    figures: Figures,
    services: &Services,
    end: impl Future<Output = ()>,
) {
    let tidying = async {
        loop {
            tokio::time::sleep(TIDY).await;
            figures.tidy();
        }
    };
    let router = figures.clone().router(services.clone());
    let limits = PeerLimits {
        most: ASKERS,
        ..PeerLimits::default()
    };
    let answering = http::serve(listener, router, limits, end);
    tokio::select! {
        () = tidying => {}
        () = answering => {}
    }
}

/// Ends when the process was asked to.
async fn end(mut asked: watch::Receiver<bool>) {
    // An error says that nobody is left to ask: the server has ended.
    let _ = asked.wait_for(|asked| *asked).await;
}

async fn asked_to_end() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
