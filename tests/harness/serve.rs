//! The application behind a real connection.

use std::net::SocketAddr;

use api::http::{Connections, Limits, Origin};
use axum::{Router, serve::Listener};
use tokio::{
    io::DuplexStream,
    net::TcpListener,
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

/// A server that listens until it is ended.
pub struct Served {
    /// Where it listens.
    pub address: SocketAddr,
    running: Running,
}

/// A server at the other end of pipes without a network in between: what is written and not read
/// stays in the pipe, which holds as much as the test says.
pub struct Piped {
    /// Hands the server its end of a pipe.
    pipes: mpsc::UnboundedSender<DuplexStream>,
    running: Running,
}

struct Running {
    connections: Connections,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Served {
    /// Serves what `make` gives, whose own pages may connect.
    pub(crate) async fn start(
        make: impl FnOnce(Limits) -> (Router, Connections),
        mut limits: Limits,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        limits
            .allowed_origins
            .extend(Origin::of(&format!("http://{address}")));
        let (router, connections) = make(limits);
        let running = Running::start(listener, router, connections);
        Self { address, running }
    }

    /// Ends the server as `jij serve` does; gives once everything that it served has ended.
    pub async fn end(self) {
        self.running.end().await;
    }
}

impl Piped {
    pub(crate) fn start(router: Router, connections: Connections) -> Self {
        let (pipes, listener) = mpsc::unbounded_channel();
        let running = Running::start(Pipes(listener), router, connections);
        Self { pipes, running }
    }

    /// A new connection that holds at most so many bytes each way.
    pub fn connect(&self, holds: usize) -> DuplexStream {
        let (ours, theirs) = tokio::io::duplex(holds);
        self.pipes.send(theirs).expect("the server listens");
        ours
    }

    /// Waits until nothing is left of the connections that stay open; none may open after that.
    pub async fn idle(&self) {
        self.running.connections.ended().await;
    }

    /// Ends the server as `jij serve` does; gives once everything that it served has ended.
    pub async fn end(self) {
        self.running.end().await;
    }
}

impl Running {
    fn start<L>(listener: L, router: Router, connections: Connections) -> Self
    where
        L: Listener,
        L::Addr: std::fmt::Debug,
    {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(async move {
                    // An error says that the test has failed: it ends as well.
                    let _ = stopped.await;
                })
                .await
                .expect("a server serves");
        });
        Self {
            connections,
            stop,
            task,
        }
    }

    async fn end(self) {
        let _ = self.stop.send(());
        self.connections.end();
        self.connections.ended().await;
        self.task.await.expect("a server that ended");
    }
}

struct Pipes(mpsc::UnboundedReceiver<DuplexStream>);

impl Listener for Pipes {
    type Io = DuplexStream;
    type Addr = ();

    async fn accept(&mut self) -> (DuplexStream, ()) {
        match self.0.recv().await {
            Some(pipe) => (pipe, ()),
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<()> {
        Ok(())
    }
}
