//! Ballots as their voters see them. Nobody else's ballot is ever shown.

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

    /// What it says, by option.
    async fn marks(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Mark>> {
        if self.0.marks.is_empty() {
            return Ok(Vec::new());
        }
        let mut options: std::collections::HashMap<_, _> = request(ctx)
            .loader
            .load_one(OptionsOf(self.0.question))
            .await
            .map_err(Failure::from)?
            .unwrap_or_default()
            .into_iter()
            .map(|option| (option.id, option))
            .collect();
        Ok(self
            .0
            .marks
            .iter()
            .map(|mark| Mark {
                option: options.remove(&mark.option).map(PollOption::from),
                value: mark.value,
            })
            .collect())
    }
}

impl From<poll::Ballot> for Ballot {
    fn from(ballot: poll::Ballot) -> Self {
        Self(ballot)
    }
}
