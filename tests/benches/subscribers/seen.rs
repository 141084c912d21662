//! What someone who watches saw, and when.

use std::time::{Duration, Instant};

/// Someone who watches a poll.
pub(crate) trait Watcher {
    /// How many had voted in the next state; none when there will be no more.
    async fn next(&mut self) -> Option<i64>;
}

/// What one of them saw: how many had voted, and when.
pub(crate) struct Seen {
    pub states: Vec<(i64, Instant)>,
    /// Whether the connection was open to the end.
    pub stayed: bool,
}

/// Watches until so many have voted, or nothing has come for so long.
pub(crate) async fn watch(mut watcher: impl Watcher, last: i64, patience: Duration) -> Seen {
    let mut states = Vec::new();
    loop {
        let next = tokio::time::timeout(patience, watcher.next()).await;
        if let Ok(Some(voters)) = next {
            states.push((voters, Instant::now()));
            if voters < last {
                continue;
            }
        }
        return Seen {
            states,
            stayed: !matches!(next, Ok(None)),
        };
    }
}

/// A number of voters: the first such field of a message.
pub(crate) fn voters(message: &[u8]) -> Option<i64> {
    let name = b"\"voterCount\":";
    let start = find(message, name)? + name.len();
    let digits = message[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    std::str::from_utf8(&message[start..start + digits])
        .ok()?
        .parse()
        .ok()
}

pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
