//! `jij serve`.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use clap::Args;
use domain::{
    Services,
    clock::{Instant, SharedClock, SystemClock},
    database::Database,
};
use tokio::{
    net::{TcpListener, TcpSocket},
    signal,
    sync::watch,
};

use super::{Failure, migrate};
use crate::graphql::operation::{Audience, Documents, Rules};
use crate::http::{self, Admission, Connections, Figures, PeerLimits, Site};
use crate::settings::{
    DatabaseSettings, DocumentSettings, HttpSettings, ListenAddress, LiveSettings, LogFormat,
    LogSettings, MailSettings, ModerationSettings, ProviderSettings, RetentionSettings,
    ScreeningSettings, SecuritySettings, SettingError, SettingWarning, SiteSettings,
    VotingSettings, WorkloadSettings,
};

/// Serve the API (the command where none is given)
///
/// It serves until Ctrl-C or SIGTERM, then finishes what is under way, for at most 20 seconds,
/// and ends. An embedded database is migrated at the start; one that is not there yet is made, but
/// not for a site with a public URL: run `jij migrate` first. A PostgreSQL that is behind is not
/// migrated: run `jij migrate` first, once for all instances.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  jij serve                                        an embedded database in data/\n  jij serve --listen 0.0.0.0:8000 --public-url https://api.example.org\n  DATABASE_URL_FILE=/run/secrets/database jij serve    PostgreSQL, its address in a file"
)]
pub(super) struct ServeArguments {
    #[command(flatten)]
    pub(super) database: DatabaseSettings,

    #[command(flatten)]
    pub(super) http: HttpSettings,

    #[command(flatten)]
    pub(super) workload: WorkloadSettings,

    #[command(flatten)]
    pub(super) live: LiveSettings,

    #[command(flatten)]
    pub(super) documents: DocumentSettings,

    #[command(flatten)]
    pub(super) site: SiteSettings,

    #[command(flatten)]
    pub(super) voting: VotingSettings,

    #[command(flatten)]
    pub(super) providers: ProviderSettings,

    #[command(flatten)]
    pub(super) retention: RetentionSettings,

    #[command(flatten)]
    pub(super) moderation: ModerationSettings,

    #[command(flatten)]
    pub(super) screening: ScreeningSettings,

    #[command(flatten)]
    pub(super) mail: MailSettings,

    #[command(flatten)]
    pub(super) security: SecuritySettings,

    #[command(flatten)]
    pub(super) log: LogSettings,
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

/// The setting of the address at which people are served.
pub(super) const LISTEN: &str = "--listen (JIJ_LISTEN)";
/// The setting of the address at which Prometheus asks.
pub(super) const METRICS_LISTEN: &str = "--metrics-listen (JIJ_METRICS_LISTEN)";

pub(super) async fn run(arguments: ServeArguments) -> Result<(), Failure> {
    let _log = arguments.log.start("info", LogFormat::Json)?;
    let clock: SharedClock = Arc::new(SystemClock);
    // Every setting is read before the database is touched.
    let listener = listen(LISTEN, &arguments.http.listen)?;
    let address = listener.local_addr()?;
    let metrics = match &arguments.workload.metrics_listen {
        Some(address) => Some((listen(METRICS_LISTEN, address)?, Figures::gather()?)),
        None => None,
    };
    let peers = arguments
        .http
        .peer_limits(arguments.database.connections())?;
    let settings = arguments.services(address)?;
    let rules = arguments.documents.rules(Audience::SignedIn)?;
    let hsts_max_age = arguments.site.hsts_max_age(&settings.public_url)?;
    let security = arguments.security.contact(&settings.public_url)?;
    for warning in super::unknown_variables() {
        warning.log();
    }
    for warning in arguments.warnings(address, &settings, &peers, &rules, clock.now()) {
        warning.log();
    }
    let database = arguments.reachable_database().connect().await?;
    bring_up(&database).await?;
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
            documents: Documents::new(rules),
            trusted_proxies: arguments.http.trusted_proxies,
            hsts_max_age,
            ..Site::new(services, connections)
        },
        drain_delay: arguments.workload.drain_delay(),
    }
    .serve()
    .await
}

impl ServeArguments {
    /// Returns the settings of the services, of a server that listens at `address`.
    pub(super) fn services(&self, address: SocketAddr) -> Result<domain::Settings, SettingError> {
        Ok(domain::Settings {
            providers: self.providers.providers()?,
            terms: self.retention.terms()?,
            deadlines: self.moderation.deadlines(),
            screening: self.screening.rules()?,
            new_voters: self.voting.clone().new_voters(),
            ..self.site.services(address, self.mail.mailer()?)?
        })
    }

    /// Returns the settings of the database: one that is no file yet is made for a trial, and never
    /// for a site with a public address, which would be there and empty where a path is mistyped.
    pub(super) fn reachable_database(&self) -> DatabaseSettings {
        let database = self.database.clone();
        if self.site.is_public() {
            database
        } else {
            database.making_new()
        }
    }

    /// Returns what is probably not meant so.
    pub(super) fn warnings(
        &self,
        address: SocketAddr,
        settings: &domain::Settings,
        peers: &PeerLimits,
        rules: &Rules,
        now: Instant,
    ) -> Vec<SettingWarning> {
        let mut warnings = self.site.warnings(address);
        warnings.extend(self.http.warnings(address, &settings.public_url));
        warnings.extend(self.live.warnings(peers));
        warnings.extend(self.documents.warnings(rules));
        warnings.extend(self.voting.warnings());
        warnings.extend(self.mail.warnings(&settings.mailer));
        warnings.extend(self.security.warnings(now));
        warnings.extend(self.log.warnings());
        warnings
    }
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

/// The listening socket at the address that this setting gave.
pub(super) fn listen(
    name: &'static str,
    address: &ListenAddress,
) -> Result<TcpListener, SettingError> {
    bind(address.resolve(name)?).map_err(|error| refusal(name, address, &error))
}

/// A listening socket.
pub(super) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
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
}

/// The reason why an address cannot be listened at.
pub(super) fn refusal(
    name: &'static str,
    address: &ListenAddress,
    error: &io::Error,
) -> SettingError {
    SettingError {
        name,
        problem: format!("cannot listen at {address}: {error}"),
        hint: match error.kind() {
            io::ErrorKind::PermissionDenied => {
                "a port above 1023 with a proxy before it, or the right CAP_NET_BIND_SERVICE"
            }
            io::ErrorKind::AddrNotAvailable => {
                "an address of this machine: 127.0.0.1 for itself alone, 0.0.0.0 for all its networks"
            }
            _ => "end what listens there, or choose a free port, or 0 for any, such as 127.0.0.1:0",
        },
    }
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
