//! Reading the queue.

use std::sync::Arc;

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
use domain::{
    Actor,
    moderation::{CaseFilter, CaseState, Moderation},
};
use tokio::sync::OnceCell;

/// How many cases are in a state.
#[derive(SimpleObject)]
pub(crate) struct ModerationStateCount {
    /// The state.
    state: ModerationCaseState,
    /// How many cases, whatever the filter says.
    count: i64,
}

/// How many cases are in each state, counted once a list.
#[derive(Clone)]
pub(crate) struct StateCounts {
    moderation: Moderation,
    actor: Actor,
    counted: Arc<OnceCell<Vec<(CaseState, i64)>>>,
}

#[Object]
impl StateCounts {
    /// How many cases are in each state that any is in, whatever the filter says.
    async fn counts_by_state(&self) -> async_graphql::Result<Vec<ModerationStateCount>> {
        let counted = self.counted().await.map_err(Failure::from)?;
        Ok(counted
            .iter()
            .map(|(state, count)| ModerationStateCount {
                state: (*state).into(),
                count: *count,
            })
            .collect())
    }
}

impl StateCounts {
    async fn counted(&self) -> domain::Result<&[(CaseState, i64)]> {
        let count = || self.moderation.count_by_state(&self.actor);
        Ok(self.counted.get_or_try_init(count).await?)
    }

    /// How many cases a list holds: what was counted by state serves where it asks for states
    /// alone.
    async fn total(&self, filter: &CaseFilter) -> domain::Result<u64> {
        if !filter.is_by_state_alone() {
            return self.moderation.count(&self.actor, filter).await;
        }
        let counted = self.counted().await?.iter();
        let wanted = |state| {
            filter
                .state
                .as_ref()
                .is_none_or(|states| states.contains(state))
        };
        let total: i64 = counted
            .filter(|(state, _)| wanted(state))
            .map(|(_, count)| count)
            .sum();
        Ok(total.unsigned_abs())
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
        let (moderation, actor) = (request.services.moderation.clone(), request.actor.clone());
        let filter = filter.map(|filter| filter.of(actor.account()));
        let filter = filter.unwrap_or_default();
        let order = order_by.map(Into::into).unwrap_or_default();
        let paging = paging(first, after, last, before);
        let found = moderation.list(&actor, &filter, order, &paging).await;
        let counts = StateCounts {
            moderation,
            actor,
            counted: Arc::default(),
        };
        let of_list = counts.clone();
        let connection = Connection::new(page(found)?, move || {
            let (counts, filter) = (of_list.clone(), filter.clone());
            async move { counts.total(&filter).await }
        });
        Ok(Cases(connection, counts))
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
