//! Reading stories.

use async_graphql::{Context, Object};
use domain::{
    id::{AccountId, ThemeId},
    page::Paging,
    story,
};

use super::{
    Story, StorySeries,
    input::{StoryFilter, StoryOrder},
};
use crate::graphql::{
    connection::{Connection, page, paging},
    context::request,
    error::{Failure, nullable},
};

/// Reading stories.
#[derive(Default)]
pub(crate) struct StoryQuery;

#[Object]
impl StoryQuery {
    /// The story with this slug; null where there is none that you may see.
    #[graphql(cache_control(max_age = 30))]
    async fn story(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The story's address.")] slug: String,
    ) -> Option<async_graphql::Result<Story>> {
        nullable(async {
            let request = request(ctx);
            let story = request
                .services
                .stories
                .by_slug(&request.actor, &slug)
                .await
                .map_err(Failure::from)?;
            Ok(story.map(Story::from))
        })
        .await
    }

    /// The public stories; for editors, moderators and admins whatever the filter says.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay list")]
    #[graphql(cache_control(max_age = 30))]
    async fn stories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only stories behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only stories before this cursor.")] before: Option<String>,
        #[graphql(desc = "Which stories; all that are public where absent.")] filter: Option<
            StoryFilter,
        >,
        #[graphql(desc = "Sorted by what; NEWEST where absent.")] order_by: Option<StoryOrder>,
    ) -> async_graphql::Result<Connection<Story>> {
        let filter = filter.map(TryInto::try_into).transpose()?;
        let order = order_by.map(Into::into).unwrap_or_default();
        let paging = paging(first, after, last, before);
        Ok(list(ctx, filter.unwrap_or_default(), order, &paging).await?)
    }

    /// The series of stories with this slug; null where there is none.
    #[graphql(cache_control(max_age = 30))]
    async fn story_series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The series' address.")] slug: String,
    ) -> Option<async_graphql::Result<StorySeries>> {
        nullable(async {
            let request = request(ctx);
            let series = request
                .services
                .stories
                .series_by_slug(&request.actor, &slug)
                .await
                .map_err(Failure::from)?;
            Ok(series.map(StorySeries::from))
        })
        .await
    }
}

/// The public stories about a theme, the last published first.
pub(crate) async fn stories_by_theme(
    ctx: &Context<'_>,
    theme: ThemeId,
    paging: &Paging,
) -> Result<Connection<Story>, Failure> {
    let filter = story::StoryFilter {
        theme: Some(theme),
        ..Default::default()
    };
    list(ctx, filter, story::StoryOrder::Newest, paging).await
}

/// Those of an account's stories that the viewer may see, the last made first.
pub(crate) async fn stories_by_author(
    ctx: &Context<'_>,
    author: AccountId,
    paging: &Paging,
) -> Result<Connection<Story>, Failure> {
    let request = request(ctx);
    let (stories, actor) = (request.services.stories.clone(), request.actor.clone());
    let found = stories.list_by_author(&actor, author, paging).await;
    Ok(Connection::new(page(found)?, move || {
        let (stories, actor) = (stories.clone(), actor.clone());
        async move { stories.count_by_author(&actor, author).await }
    }))
}

async fn list(
    ctx: &Context<'_>,
    filter: story::StoryFilter,
    order: story::StoryOrder,
    paging: &Paging,
) -> Result<Connection<Story>, Failure> {
    let request = request(ctx);
    let (stories, actor) = (request.services.stories.clone(), request.actor.clone());
    let found = stories.list(&actor, &filter, order, paging).await;
    Ok(Connection::new(page(found)?, move || {
        let (stories, actor, filter) = (stories.clone(), actor.clone(), filter.clone());
        async move { stories.count(&actor, &filter).await }
    }))
}
