//! Reading themes.

use async_graphql::{Context, Object};
use domain::theme;

use super::{
    Theme,
    input::{ThemeFilter, ThemeOrder},
};
use crate::graphql::{
    connection::{Connection, page, paging},
    context::request,
    error::{Failure, nullable},
};

/// Reading themes.
#[derive(Default)]
pub(crate) struct ThemeQuery;

#[Object]
impl ThemeQuery {
    /// The theme with this slug; null where there is none.
    #[graphql(cache_control(max_age = 30))]
    async fn theme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The theme's address.")] slug: String,
    ) -> Option<async_graphql::Result<Theme>> {
        nullable(async {
            let request = request(ctx);
            let theme = request
                .services
                .themes
                .by_slug(&request.actor, &slug)
                .await
                .map_err(Failure::from)?;
            Ok(theme.map(Theme::from))
        })
        .await
    }

    /// The themes.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay list")]
    #[graphql(cache_control(max_age = 30))]
    async fn themes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only themes behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only themes before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which themes; all where absent.")] filter: Option<ThemeFilter>,
        #[graphql(desc = "Sorted by what; NEWEST where absent.")] order_by: Option<ThemeOrder>,
    ) -> async_graphql::Result<Connection<Theme>> {
        let request = request(ctx);
        let (themes, actor) = (request.services.themes.clone(), request.actor.clone());
        let filter: theme::ThemeFilter = filter.map(Into::into).unwrap_or_default();
        let order = order_by.map(Into::into).unwrap_or_default();
        let found = themes
            .list(&actor, &filter, order, &paging(first, after, last, before))
            .await;
        Ok(Connection::new(page(found)?, move || {
            let (themes, actor, filter) = (themes.clone(), actor.clone(), filter.clone());
            async move { themes.count(&actor, &filter).await }
        }))
    }
}
