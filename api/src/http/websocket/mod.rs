//! `/graphql/ws`: GraphQL over a WebSocket, in the protocol `graphql-transport-ws`.
//!
//! `message` reads and writes the protocol's messages, `protocol` decides what follows from one,
//! `operation` holds one that runs, `connection` moves all of it over the network, and `ending`
//! says goodbye.

mod connection;
mod ending;
mod message;
mod operation;
mod protocol;

use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{WebSocket, rejection::WebSocketUpgradeRejection},
    },
    http::{HeaderMap, HeaderValue},
    response::Response,
    routing::get,
};

use self::{connection::Connection, ending::close, protocol::Closing};
use super::{
    AppState,
    address::{self, address},
    bearer::sender,
    language::locale,
    problem::Problem,
};

/// The protocol that is spoken here.
const PROTOCOL: &str = "graphql-transport-ws";
/// One that clients of old offer. It is taken up only to be able to say why the socket closes: a
/// browser drops a socket that answers to none of its offers, without a code.
const FORMER_PROTOCOL: &str = "graphql-ws";

/// The longest message that is read, in bytes.
const LONGEST_MESSAGE: usize = 64 * 1024;
/// What a socket keeps for reading, in bytes, while nothing arrives. Each holds it as long as it
/// is open: with the 128 KiB that it would be, ten thousand of them take more than a gigabyte.
const READ_BUFFER: usize = 2 * 1024;
/// From how many bytes on messages are written, rather than gathered while there are more.
const WRITE_BUFFER: usize = 4 * 1024;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/graphql/ws", get(open))
}

async fn open(
    State(state): State<AppState>,
    peer: address::Connection,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|rejection| {
        Problem::bad_input(
            rejection.status(),
            "This address answers to WebSockets in the protocol graphql-transport-ws.",
        )
    })?;
    let (locale, address) = (locale(&headers), address(peer));
    let place = state.connections.admit("websocket", &headers, address)?;
    let sender = sender(&state.services, &headers).await?;
    let upgrade = upgrade
        .max_message_size(LONGEST_MESSAGE)
        .max_frame_size(LONGEST_MESSAGE)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER);
    let offered = upgrade.protocols([PROTOCOL, FORMER_PROTOCOL]);
    let accepted = offered.selected_protocol() == Some(&HeaderValue::from_static(PROTOCOL));
    Ok(offered.on_upgrade(move |socket: WebSocket| async move {
        if accepted {
            Connection::new(socket, state, place, sender, locale, address)
                .run()
                .await;
        } else {
            close(socket, Closing::not_acceptable()).await;
        }
    }))
}
