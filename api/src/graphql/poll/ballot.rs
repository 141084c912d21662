//! Ballots as their voters see them. Nobody else's ballot is ever shown.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, SimpleObject};
use domain::{clock::Instant, poll};

use super::{loader::OptionsOf, question::PollOption};
use crate::graphql::{context::request, error::Failure, node};

/// A ballot as the API shows it.
pub(crate) struct Ballot(poll::Ballot);

/// What a ballot says of an option.
#[derive(SimpleObject)]
pub(crate) struct Mark {
    /// The option; null where it is no longer shown to you.
    option: Option<PollOption>,
    /// 1 for a choice; 1, 0 or -1 where one agrees, passes or disagrees with a statement.
    value: i32,
}

/// Your answer to a question in one run.
#[Object]
impl Ballot {
    /// Opaque and stable, also when the ballot changes.
    async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// When it was cast.
    async fn cast_at(&self) -> Instant {
        self.0.cast_at
    }

    /// When it was last changed since; null where it was not.
    async fn changed_at(&self) -> Option<Instant> {
        self.0.changed_at
    }

    /// Whether it skips the question; it has no marks then.
    async fn skipped(&self) -> bool {
        self.0.skipped
    }

    /// What it says, in the order of the question's options; those no longer shown to you last.
    async fn marks(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Mark>> {
        if self.0.marks.is_empty() {
            return Ok(Vec::new());
        }
        let options = request(ctx)
            .loader
            .load_one(OptionsOf(self.0.question))
            .await
            .map_err(Failure::from)?
            .unwrap_or_default();
        let mut values: HashMap<_, _> = self
            .0
            .marks
            .iter()
            .map(|mark| (mark.option, mark.value))
            .collect();
        let mut marks = Vec::with_capacity(values.len());
        for option in options {
            if let Some(value) = values.remove(&option.id) {
                marks.push(Mark {
                    option: Some(option.into()),
                    value,
                });
            }
        }
        marks.extend(values.into_values().map(|value| Mark {
            option: None,
            value,
        }));
        Ok(marks)
    }
}

impl From<poll::Ballot> for Ballot {
    fn from(ballot: poll::Ballot) -> Self {
        Self(ballot)
    }
}
