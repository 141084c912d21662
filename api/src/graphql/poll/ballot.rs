//! Ballots as their voters see them. Nobody else's ballot is ever shown.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, SimpleObject};
use domain::poll;

use super::{
    loader::{OptionsOf, OwnWrittenOf, PointsOf},
    question::PollOption,
    results::AverageTexts,
};
use crate::graphql::{
    budget::charge_list,
    context::request,
    error::{Failure, nullable},
    node,
    scalar::DateTime,
};

/// A ballot as the API shows it.
pub(crate) struct Ballot(poll::Ballot);

/// What a ballot says of an option.
#[derive(SimpleObject)]
pub(crate) struct Mark {
    /// The option; null where it is no longer shown to you.
    option: Option<PollOption>,
    /// 1 for a choice, and for what you wrote or support; 1, 0 or -1 where one agrees, passes or
    /// disagrees with a statement; the step of a scale, the place in a ranking, the points, or the
    /// number.
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
    async fn cast_at(&self) -> DateTime {
        DateTime(self.0.cast_at)
    }

    /// When it was last changed since; null where it was not.
    async fn changed_at(&self) -> Option<DateTime> {
        self.0.changed_at.map(DateTime)
    }

    /// Whether it skips the question; it has no marks then.
    async fn skipped(&self) -> bool {
        self.0.skipped
    }

    /// What you wrote beside the option for other answers; null where it does not mark that. Only
    /// you see it, and editors, moderators and admins see the text among `otherTexts`.
    async fn other_text(&self) -> Option<&str> {
        self.0.other_text.as_deref()
    }

    /// QUIZ: what it earned, 0 where it is wrong; null until the question is REVEALED or its poll
    /// over, and for other kinds.
    async fn points(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<i32>> {
        nullable(async {
            Ok(request(ctx)
                .loader
                .load_one(PointsOf(self.0.question))
                .await
                .map_err(Failure::from)?)
        })
        .await
    }

    /// What it says, in the order of the question's options; then what you wrote, also where it
    /// waits for a judgement; what is no longer shown to you last.
    async fn marks(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Mark>> {
        if self.0.marks.is_empty() {
            return Ok(Vec::new());
        }
        let loader = &request(ctx).loader;
        let mut options = loader
            .load_one(OptionsOf(self.0.question))
            .await
            .map_err(Failure::from)?
            .unwrap_or_default();
        let shown =
            |option: &poll::PollOption| self.0.marks.iter().any(|mark| mark.option == option.id);
        if options.iter().filter(|option| shown(option)).count() < self.0.marks.len() {
            let written = loader
                .load_one(OwnWrittenOf(self.0.question))
                .await
                .map_err(Failure::from)?;
            options.extend(written.unwrap_or_default());
        }
        let texts = AverageTexts::of(options.iter());
        charge_list(ctx, self.0.marks.len(), &|field| texts.held(field)).await?;
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
