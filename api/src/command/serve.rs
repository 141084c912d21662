//! `jij serve`.

use std::{future::IntoFuture, net::SocketAddr, sync::Arc, time::Duration};

use axum::serve::ListenerExt;
use clap::Args;
use domain::{
    Services,
    clock::{SharedClock, SystemClock},
    database::Database,
};
use tokio::{net::TcpListener, signal, sync::watch};

use super::Failure;
use crate::http::{Connections, Network, told_of_clients};
use crate::settings::{
    DatabaseSettings, HttpSettings, LiveSettings, LogSettings, MailSettings, SettingError,
    SiteSettings,
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
    live: LiveSettings,

    #[command(flatten)]
    site: SiteSettings,

    #[command(flatten)]
    mail: MailSettings,

    #[command(flatten)]
    log: LogSettings,
}

/// How long requests under way may take to finish once the server was asked to end.
const DRAIN: Duration = Duration::from_secs(20);

pub(super) async fn run(arguments: ServeArguments) -> Result<(), Failure> {
    arguments.log.start("info")?;
    let database = arguments.database.connect().await?;
    bring_up(&database).await?;
    let clock: SharedClock = Arc::new(SystemClock);
    let listener = listen(arguments.http.listen).await?;
    let address = listener.local_addr()?;
    let settings = arguments.site.services(address, arguments.mail.mailer()?)?;
    let connections = Connections::new(arguments.live.limits(&settings.public_url));
    let services = Services::new(&database, &clock, settings).await?;
    tracing::info!(%address, "serving");
    serve(
        listener,
        services,
        connections,
        arguments.http.trusted_proxies,
    )
    .await
}

/// Migrates an embedded database; refuses a server that is behind.
pub(super) async fn bring_up(database: &Database) -> Result<(), Failure> {
    if database.is_embedded() {
        return Ok(migration::up(database.writer()).await?);
    }
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

/// The listening socket at `address`.
pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener, SettingError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| SettingError {
            name: "--listen (JIJ_LISTEN)",
            problem: format!("cannot listen at {address}: {error}"),
            hint: "choose a free port, or 0 for any, such as 127.0.0.1:0",
        })
}

/// Answers requests, does jobs and keeps count of who follows rooms until the process is asked to
/// end, then gives those under way 20 seconds.
pub(super) async fn serve(
    listener: TcpListener,
    services: Services,
    connections: Connections,
    trusted_proxies: Vec<Network>,
) -> Result<(), Failure> {
    let (ask, asked) = watch::channel(false);
    let router = crate::router(services.clone(), connections.clone());
    // What is written is complete: waiting for more to send along would only delay it.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let router = told_of_clients(router, trusted_proxies)
        .into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move {
        asked_to_end().await;
        ask.send_replace(true);
    });
    let sockets = async {
        end(asked.clone()).await;
        connections.end();
        connections.ended().await;
        Ok(())
    };
    let jobs = Box::pin(async {
        services.work(end(asked.clone())).await;
        Ok(())
    });
    let rooms = Box::pin(async {
        services.polls.attend(end(asked.clone())).await;
        Ok(())
    });
    let out_of_patience = async {
        end(asked.clone()).await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        ended = async { tokio::try_join!(server.into_future(), jobs, rooms, sockets) } => {
            // Whoever hung up before their ballot was counted is counted all the same.
            services.settled().await;
            ended?;
            Ok(())
        }
        () = out_of_patience => {
            tracing::warn!("requests or jobs were still under way after 20 s and are broken off");
            Ok(())
        }
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
