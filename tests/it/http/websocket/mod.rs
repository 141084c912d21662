//! `/graphql/ws`, spoken to by hand.

mod blocked;
mod close;
mod limits;
mod live;
mod operations;
mod revoked;
mod slow;
mod voters;

use api::http::Limits;
use futures_util::{SinkExt, StreamExt};
use harness::{DatabaseKind, Served, TestApp, operation};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        handshake::client::{Request, Response},
    },
};

use super::{PATIENCE, ballot};

/// The client's end of a socket.
pub(super) struct Client<S = TcpStream> {
    socket: WebSocketStream<S>,
}

/// An application on SQLite and a server in front of it.
async fn serve(limits: Limits) -> (TestApp, Served) {
    let app = TestApp::start(DatabaseKind::Sqlite)
        .await
        .expect("SQLite is always there");
    let served = app.serve(limits).await;
    (app, served)
}

/// Ends a server.
async fn end_of(served: Served) {
    timeout(PATIENCE, served.end())
        .await
        .expect("the server ends");
}

/// Ends both.
async fn end(app: TestApp, served: Served) {
    end_of(served).await;
    app.end().await;
}

/// What opens a socket that offers this protocol, with these headers.
fn handshake(host: &str, protocol: Option<&str>, headers: &[(&'static str, &str)]) -> Request {
    let mut request = format!("ws://{host}/graphql/ws")
        .into_client_request()
        .expect("an address");
    let protocol = protocol.map(|protocol| ("Sec-WebSocket-Protocol", protocol));
    for (name, value) in headers.iter().copied().chain(protocol) {
        let value = value.parse().expect("a header");
        request.headers_mut().insert(name, value);
    }
    request
}

async fn open<S>(stream: S, request: Request) -> Result<(Client<S>, Response), tungstenite::Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (socket, response) = timeout(PATIENCE, client_async(request, stream))
        .await
        .expect("an answer")?;
    Ok((Client { socket }, response))
}

impl Client {
    /// A socket that speaks the protocol and has not said anything yet.
    async fn connect(served: &Served) -> Self {
        Self::connect_with(served, &[]).await.expect("a socket")
    }

    async fn connect_with(
        served: &Served,
        headers: &[(&'static str, &str)],
    ) -> Result<Self, tungstenite::Error> {
        let stream = TcpStream::connect(served.address)
            .await
            .expect("a connection");
        let host = served.address.to_string();
        let request = handshake(&host, Some("graphql-transport-ws"), headers);
        open(stream, request).await.map(|(client, _)| client)
    }

    /// A socket that may be used.
    pub(super) async fn introduced(served: &Served, parameters: Value) -> Self {
        let mut client = Self::connect(served).await;
        client.introduce(parameters).await;
        client
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    async fn send(&mut self, message: Message) {
        self.socket.send(message).await.expect("an open socket");
    }

    async fn introduce(&mut self, parameters: Value) {
        self.say(json!({ "type": "connection_init", "payload": parameters }))
            .await;
        assert_eq!(self.hear().await, json!({ "type": "connection_ack" }));
    }

    pub(super) async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "type": "subscribe", "id": id, "payload": payload }))
            .await;
    }

    /// Watches a poll, as the contract has it.
    async fn watch(&mut self, id: &str, poll: &Value) {
        let document = &operation("PollUpdated").document;
        self.subscribe(id, document, json!({ "pollId": poll["id"] }))
            .await;
    }

    /// The next message of the protocol.
    pub(super) async fn hear(&mut self) -> Value {
        match self.message().await.expect("a message") {
            Message::Text(text) => serde_json::from_str(&text).expect("JSON"),
            other => panic!("{other:?}"),
        }
    }

    /// The next frame that is no sign of life: those would keep who waits for more waiting.
    async fn message(&mut self) -> Result<Message, tungstenite::Error> {
        let message = async {
            loop {
                match self.frame().await {
                    Ok(Message::Ping(_) | Message::Pong(_)) => {}
                    other => return other,
                }
            }
        };
        timeout(PATIENCE, message)
            .await
            .expect("something is said in time")
    }

    async fn frame(&mut self) -> Result<Message, tungstenite::Error> {
        timeout(PATIENCE, self.socket.next())
            .await
            .expect("something is said in time")
            .unwrap_or(Err(tungstenite::Error::ConnectionClosed))
    }

    /// The one result of an operation, which then ends.
    async fn result(&mut self, id: &str) -> Value {
        let next = self.hear().await;
        assert_eq!(next["type"], "next", "{next:#}");
        assert_eq!(next["id"], id, "{next:#}");
        let complete = self.hear().await;
        assert_eq!(complete, json!({ "type": "complete", "id": id }));
        next["payload"].clone()
    }

    /// The code and the reason that the server closes with, after anything else that it says.
    async fn closed(mut self) -> (u16, String) {
        loop {
            match self.message().await.expect("a closing frame") {
                Message::Close(Some(frame)) => {
                    return (frame.code.into(), frame.reason.to_string());
                }
                Message::Close(None) => panic!("closed without a code"),
                _ => {}
            }
        }
    }
}
