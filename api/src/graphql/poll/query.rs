//! Reading polls.

use async_graphql::{Context, Object};
use domain::{
    id::{PartnerId, ThemeId},
    page::Paging,
    poll,
};

use super::{
    Poll,
    input::{PollFilter, PollOrder},
};
use crate::graphql::{
    connection::{Connection, page, paging},
    context::request,
    error::{Failure, nullable},
};

/// Reading polls.
#[derive(Default)]
pub(crate) struct PollQuery;

#[Object]
impl PollQuery {
    /// The poll with this slug; null where there is none that you may know of.
    #[graphql(cache_control(max_age = 2))]
    async fn poll(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The poll's address.")] slug: String,
    ) -> Option<async_graphql::Result<Poll>> {
        nullable(async {
            let request = request(ctx);
            let poll = request
                .services
                .polls
                .by_slug(&request.actor, &slug)
                .await
                .map_err(Failure::from)?;
            Ok(poll.map(Poll::from))
        })
        .await
    }

    /// The polls that you may know of.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay list")]
    #[graphql(cache_control(max_age = 10))]
    async fn polls(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only polls behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only polls before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which polls; all where absent.")] filter: Option<PollFilter>,
        #[graphql(desc = "Sorted by what; NEWEST where absent.")] order_by: Option<PollOrder>,
    ) -> async_graphql::Result<Connection<Poll>> {
        let filter = filter
            .map(PollFilter::decode)
            .transpose()?
            .unwrap_or_default();
        let order = order_by.map(Into::into).unwrap_or_default();
        list(ctx, filter, order, &paging(first, after, last, before)).await
    }
}

/// The polls about a theme, youngest first.
pub(crate) async fn of_theme(
    ctx: &Context<'_>,
    theme: ThemeId,
    paging: &Paging,
) -> async_graphql::Result<Connection<Poll>> {
    let filter = poll::PollFilter {
        themes: Some(vec![theme]),
        ..poll::PollFilter::default()
    };
    list(ctx, filter, poll::PollOrder::default(), paging).await
}

/// A page of the polls in the name of a partner that the viewer may know of, youngest first.
pub(crate) async fn of_partner(
    ctx: &Context<'_>,
    partner: PartnerId,
    paging: &Paging,
) -> async_graphql::Result<Connection<Poll>> {
    let filter = poll::PollFilter {
        partner: Some(partner),
        ..poll::PollFilter::default()
    };
    list(ctx, filter, poll::PollOrder::default(), paging).await
}

async fn list(
    ctx: &Context<'_>,
    filter: poll::PollFilter,
    order: poll::PollOrder,
    paging: &Paging,
) -> async_graphql::Result<Connection<Poll>> {
    let request = request(ctx);
    let (polls, actor) = (request.services.polls.clone(), request.actor.clone());
    let found = polls.list(&actor, &filter, order, paging).await;
    Ok(Connection::new(page(found)?, move || {
        let (polls, actor, filter) = (polls.clone(), actor.clone(), filter.clone());
        async move { polls.count(&actor, &filter).await }
    }))
}
