//! How a socket ends.

use std::time::Duration;

use axum::{
    Error,
    extract::ws::{CloseFrame, Message, WebSocket},
};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite;

use super::protocol::Closing;

/// How long a client may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// How a connection ends.
pub(super) enum Ending {
    Close(Closing),
    /// What the client says can no longer be read.
    CloseUnread(Closing),
    /// The client closes: all that is left is to answer in kind.
    Closed,
    /// There is nobody to say anything to.
    Gone,
}

impl Ending {
    /// Ends the connection this way.
    pub(super) async fn carry_out(self, mut socket: WebSocket) {
        match self {
            Self::Close(closing) => close(socket, closing).await,
            Self::CloseUnread(closing) => close_unread(socket, closing).await,
            Self::Closed => {
                // Being read, the socket answers.
                let _ = timeout(GOODBYE, silence(&mut socket)).await;
            }
            Self::Gone => {}
        }
    }
}

/// How a connection ends on which something arrives that cannot be read.
pub(super) fn unreadable(error: Error) -> Ending {
    use tungstenite::error::{Error, ProtocolError};
    match error.into_inner().downcast_ref::<Error>() {
        Some(Error::Capacity(_)) => Ending::CloseUnread(Closing::too_long()),
        Some(Error::Utf8(_)) => Ending::CloseUnread(Closing::broken_text()),
        Some(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => Ending::Gone,
        Some(Error::Protocol(_)) => Ending::CloseUnread(Closing::broken_frame()),
        _ => Ending::Gone,
    }
}

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
async fn close_unread(mut socket: WebSocket, closing: Closing) {
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
async fn silence(socket: &mut WebSocket) {
    while let Some(Ok(_)) = socket.recv().await {}
}
