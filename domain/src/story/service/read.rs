//! Reading stories.

use std::collections::HashMap;

use super::Stories;
use crate::{
    Actor, Result,
    id::{AccountId, StoryId, ThemeId},
    page::{self, Page, Paging, SortKind},
    story::{ReactionKind, Story, StoryFilter, StoryOrder, store},
    theme::Theme,
};

impl Stories {
    /// The story with this slug, with its body, if the actor may see it.
    pub async fn by_slug(&self, actor: &Actor, slug: &str) -> Result<Option<Story>> {
        let now = self.clock.now();
        Ok(store::by_slug(self.database.read(), actor, slug, now).await?)
    }

    /// Those of the stories that the actor may see, with their bodies, in no order.
    pub async fn by_ids(&self, actor: &Actor, ids: &[StoryId]) -> Result<Vec<Story>> {
        let now = self.clock.now();
        Ok(store::by_ids(self.database.read(), actor, ids, now).await?)
    }

    /// The bodies of those of the stories that the actor may see.
    pub async fn bodies(&self, actor: &Actor, ids: &[StoryId]) -> Result<HashMap<StoryId, String>> {
        let now = self.clock.now();
        Ok(store::bodies(self.database.read(), actor, ids, now).await?)
    }

    /// A page of stories without their bodies: what the public sees, or for staff what the
    /// filter's lifecycle and moderation say. Anyone else who gives those is denied.
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &StoryFilter,
        order: StoryOrder,
        paging: &Paging,
    ) -> Result<Page<Story>, page::Invalid> {
        allow_filter(actor, filter)?;
        let rank = filter.rank(order);
        let window = paging.window(&format!("stories {filter:?} {order:?}"), rank.sorted_by())?;
        let now = self.clock.now();
        let rows = store::list(self.database.read(), filter, rank, &window, now).await?;
        Ok(window.page(rows, |story| story.key(rank)))
    }

    /// How many stories [`Stories::list`] has in all.
    pub async fn count(&self, actor: &Actor, filter: &StoryFilter) -> Result<u64> {
        allow_filter(actor, filter)?;
        Ok(store::count(self.database.read(), filter, self.clock.now()).await?)
    }

    /// A page of an account's stories that the actor may see, without their bodies, the last made
    /// first; all of them where the account is the actor's.
    pub async fn list_by_author(
        &self,
        actor: &Actor,
        author: AccountId,
        paging: &Paging,
    ) -> Result<Page<Story>, page::Invalid> {
        let window = paging.window(&format!("stories by {author:?}"), SortKind::Instant)?;
        let now = self.clock.now();
        let rows = store::list_by_author(self.database.read(), actor, author, &window, now).await?;
        Ok(window.page(rows, |story| story.key(crate::story::model::Rank::Made)))
    }

    /// How many stories [`Stories::list_by_author`] has in all.
    pub async fn count_by_author(&self, actor: &Actor, author: AccountId) -> Result<u64> {
        let now = self.clock.now();
        Ok(store::count_by_author(self.database.read(), actor, author, now).await?)
    }

    /// How many stories about each of the themes the public sees; a theme without one is absent.
    pub async fn counts_by_theme(
        &self,
        _: &Actor,
        themes: &[ThemeId],
    ) -> Result<HashMap<ThemeId, i64>> {
        let now = self.clock.now();
        Ok(store::counts_by_theme(self.database.read(), themes, now).await?)
    }

    /// What each of the stories is about, by slug. Asks for ids of stories that the actor was
    /// shown, and does not check that again.
    pub async fn themes(
        &self,
        _: &Actor,
        stories: &[StoryId],
    ) -> Result<HashMap<StoryId, Vec<Theme>>> {
        Ok(gather(store::themes(self.database.read(), stories).await?))
    }

    /// How the actor reacts to each of the stories; one without a reaction is absent.
    pub async fn reactions(
        &self,
        actor: &Actor,
        stories: &[StoryId],
    ) -> Result<HashMap<StoryId, Vec<ReactionKind>>> {
        let Some(account) = actor.reader() else {
            return Ok(HashMap::new());
        };
        Ok(gather(
            store::reactions(self.database.read(), account, stories).await?,
        ))
    }
}

/// Lists by lifecycle and moderation are staff's: to ignore the filter would show other stories
/// than were asked for.
fn allow_filter<R>(actor: &Actor, filter: &StoryFilter) -> Result<(), R> {
    if filter.is_for_staff() && !actor.is_staff() {
        return Err(actor.denied());
    }
    Ok(())
}

fn gather<T>(rows: Vec<(StoryId, T)>) -> HashMap<StoryId, Vec<T>> {
    let mut gathered: HashMap<_, Vec<_>> = HashMap::new();
    for (story, item) in rows {
        gathered.entry(story).or_default().push(item);
    }
    gathered
}
