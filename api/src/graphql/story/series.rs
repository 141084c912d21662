//! Series of stories as clients see them.

use async_graphql::{Context, ID, Object};
use domain::story;

use super::Story;
use crate::graphql::{
    budget::{charge_text, charged_html},
    connection::{Connection, page, paging},
    context::request,
    node,
    scalar::DateTime,
};

/// A series as the API shows it.
pub(crate) struct StorySeries(story::StorySeries);

/// A series of stories (verhalenreeks). Everyone may see every series, and in it the stories that
/// they may see.
#[Object]
impl StorySeries {
    /// Opaque and stable.
    pub(crate) async fn id(&self) -> ID {
        node::encode(&self.0.id)
    }

    /// The series' address, unique; it stays when the title changes.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// One line, 3 to 120 characters.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Markdown, at most 2,000 characters; may be empty.
    async fn intro(&self, ctx: &Context<'_>) -> async_graphql::Result<&str> {
        Ok(charge_text(ctx, &self.0.intro).await?)
    }

    /// The intro as sanitised HTML: headings from `h3`, links with `rel="nofollow ugc noopener"`.
    async fn intro_html(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(charged_html(ctx, &self.0.intro).await?)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When its text or its order last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Whether you may arrange its stories.
    async fn viewer_can_arrange(&self, ctx: &Context<'_>) -> bool {
        story::may_arrange(&request(ctx).actor)
    }

    /// Its stories in order: the public ones, and for editors, moderators, admins and their
    /// authors the others too.
    async fn stories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 0 to 100; 20 where nothing is asked.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only stories behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only stories before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Connection<Story>> {
        let request = request(ctx);
        let (stories, actor, id) = (
            request.services.stories.clone(),
            request.actor.clone(),
            self.0.id,
        );
        let found = stories
            .series_stories(&actor, id, &paging(first, after, last, before))
            .await;
        Ok(Connection::new(page(found)?, move || {
            let (stories, actor) = (stories.clone(), actor.clone());
            async move { stories.count_series_stories(&actor, id).await }
        }))
    }
}

impl From<story::StorySeries> for StorySeries {
    fn from(series: story::StorySeries) -> Self {
        Self(series)
    }
}
