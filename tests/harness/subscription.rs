//! What a subscriber receives.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};

use crate::Answer;

/// How long a payload that must come may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a subscriber receives.
pub struct Subscription(BoxStream<'static, Bytes>);

impl Subscription {
    pub(crate) fn new(payloads: BoxStream<'static, Bytes>) -> Self {
        Self(payloads)
    }

    /// The next payload as it is sent; none at the end.
    ///
    /// # Panics
    /// If neither comes for two minutes.
    pub async fn payload(&mut self) -> Option<Bytes> {
        tokio::time::timeout(PATIENCE, self.0.next())
            .await
            .expect("a payload or an end within two minutes")
    }

    /// The next answer; none at the end.
    pub async fn next(&mut self) -> Option<Answer> {
        let payload = self.payload().await?;
        Some(Answer(
            serde_json::from_slice(&payload).expect("a payload is JSON"),
        ))
    }

    /// The first of the answers to come that `is` so.
    ///
    /// # Panics
    /// If they end before.
    pub async fn until(&mut self, is: impl Fn(&Answer) -> bool) -> Answer {
        loop {
            let answer = self.next().await.expect("not the end yet");
            if is(&answer) {
                return answer;
            }
        }
    }

    /// The answers up to the end.
    pub async fn rest(mut self) -> Vec<Answer> {
        let mut answers = Vec::new();
        while let Some(answer) = self.next().await {
            answers.push(answer);
        }
        answers
    }

    /// That nothing comes for a while.
    ///
    /// # Panics
    /// If something does.
    pub async fn silent(&mut self, time: Duration) {
        if let Ok(payload) = tokio::time::timeout(time, self.0.next()).await {
            panic!("{payload:?}");
        }
    }
}
