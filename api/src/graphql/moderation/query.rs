//! Reading the queue.

use super::{
    input::{ModerationCaseFilter, ModerationCaseOrder},
    record::{ModerationFigures, ModerationLogEntry},
    template::ModerationTemplate,
    types::{ModerationCase, ModerationCaseState},
};
use crate::graphql::{
    connection::{Connection, page, paging},
    context::request,
    error::Failure,
};
use async_graphql::{Context, MergedObject, Object, SimpleObject};

/// How many cases are in a state.
#[derive(SimpleObject)]
pub(crate) struct ModerationStateCount {
    /// The state.
    state: ModerationCaseState,
    /// How many cases, whatever the filter says.
    count: i64,
}

/// How many cases are in each state.
#[derive(Default)]
pub(crate) struct StateCounts;

#[Object]
impl StateCounts {
    /// How many cases are in each state that any is in, whatever the filter says.
    async fn counts_by_state(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Vec<ModerationStateCount>> {
        let request = request(ctx);
        let counts = request
            .services
            .moderation
            .count_by_state(&request.actor)
            .await
            .map_err(Failure::from)?;
        Ok(counts
            .into_iter()
            .map(|(state, count)| ModerationStateCount {
                state: state.into(),
                count,
            })
            .collect())
    }
}

/// A page of the cases (Relay cursor connections), and how many are in each state.
#[derive(MergedObject)]
#[graphql(name = "ModerationQueueConnection")]
pub(crate) struct Cases(Connection<ModerationCase>, StateCounts);

/// Reading the queue.
#[derive(Default)]
pub(crate) struct ModerationQuery;

#[Object]
impl ModerationQuery {
    /// What moderators judge, one case an item. Moderators and admins.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay list")]
    async fn moderation_cases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only cases behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only cases before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which cases; all where absent.")] filter: Option<ModerationCaseFilter>,
        #[graphql(desc = "Sorted by what; PRIORITY where absent.")] order_by: Option<
            ModerationCaseOrder,
        >,
    ) -> async_graphql::Result<Cases> {
        let request = request(ctx);
        let (cases, actor) = (request.services.moderation.clone(), request.actor.clone());
        let filter = filter.map(|filter| filter.of(actor.account()));
        let filter = filter.unwrap_or_default();
        let order = order_by.map(Into::into).unwrap_or_default();
        let paging = paging(first, after, last, before);
        let found = cases.list(&actor, &filter, order, &paging).await;
        let connection = Connection::new(page(found)?, move || {
            let (cases, actor, filter) = (cases.clone(), actor.clone(), filter.clone());
            async move { cases.count(&actor, &filter).await }
        });
        Ok(Cases(connection, StateCounts))
    }

    /// What was decided and why, the newest first; it names nobody. Everyone.
    async fn moderation_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only decisions behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only decisions before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<ModerationLogEntry>> {
        let moderation = request(ctx).services.moderation.clone();
        let paging = paging(first, after, last, before);
        let found = page(moderation.log(&paging).await)?;
        Ok(Connection::new(found, move || {
            let moderation = moderation.clone();
            async move { moderation.count_log().await }
        }))
    }

    /// How moderation went over the last days, and how it stands now. Everyone.
    async fn moderation_figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many days, 1 to 366.", default = 30)] days: i32,
    ) -> async_graphql::Result<ModerationFigures> {
        let days = u16::try_from(days)
            .ok()
            .filter(|days| (1..=366).contains(days));
        let days = days.ok_or_else(|| Failure::bad_input("days".into(), "From 1 to 366 days."))?;
        let figures = request(ctx).services.moderation.figures(days).await;
        Ok(figures.map_err(Failure::from)?.into())
    }

    /// What statements are written from, by action, reason and language. Moderators and admins.
    async fn moderation_templates(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Vec<ModerationTemplate>> {
        let request = request(ctx);
        let found = request.services.moderation.templates(&request.actor).await;
        let found = found.map_err(Failure::from)?;
        Ok(found.into_iter().map(ModerationTemplate::from).collect())
    }
}
