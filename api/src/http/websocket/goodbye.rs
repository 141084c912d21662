//! How a socket is closed.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use tokio::time::{sleep, timeout};

use super::protocol::Closing;

/// How long a client may take to say goodbye.
pub(super) const GOODBYE: Duration = Duration::from_secs(2);

/// Says why the socket closes, and waits for the client to close it as well.
pub(super) async fn close(mut socket: WebSocket, closing: Closing) {
    let goodbye = async {
        if socket.send(farewell(&closing)).await.is_ok() {
            silence(&mut socket).await;
        }
    };
    // Who does not answer in time is left.
    let _ = timeout(GOODBYE, goodbye).await;
}

/// Says why the socket closes, then leaves the client the time to read it: a connection that is
/// dropped with something unread in it takes along what was said last.
pub(super) async fn close_unread(mut socket: WebSocket, closing: Closing) {
    let _ = timeout(GOODBYE, socket.send(farewell(&closing))).await;
    sleep(GOODBYE).await;
}

fn farewell(closing: &Closing) -> Message {
    Message::Close(Some(CloseFrame {
        code: closing.code,
        reason: closing.reason.as_ref().into(),
    }))
}

/// Waits until the client says no more.
pub(super) async fn silence(socket: &mut WebSocket) {
    while let Some(Ok(_)) = socket.recv().await {}
}
