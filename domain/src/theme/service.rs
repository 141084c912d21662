//! What can be done with themes.

use std::collections::HashSet;

use super::{
    Theme, ThemeChange, ThemeDraft, ThemeFilter, ThemeOrder, ThemeRefusal, ThemeStatus,
    ThemeUpdate, ThemeUpdateDraft, policy, store,
};
use crate::{
    Actor, Error, Result,
    clock::SharedClock,
    database::{Database, Transaction},
    id::{ThemeId, ThemeUpdateId},
    page::{self, Page, Paging, SortKind},
    random, text,
};

/// The use-cases of themes.
#[derive(Clone)]
pub struct Themes {
    database: Database,
    clock: SharedClock,
}

impl Themes {
    pub(crate) fn new(database: Database, clock: SharedClock) -> Self {
        Self { database, clock }
    }

    /// The theme with this slug.
    pub async fn by_slug(&self, _: &Actor, slug: &str) -> Result<Option<Theme>> {
        Ok(store::by_slug(self.database.read(), slug).await?)
    }

    /// Those of the themes that exist, in no order.
    pub async fn by_ids(&self, _: &Actor, ids: &[ThemeId]) -> Result<Vec<Theme>> {
        Ok(store::by_ids(self.database.read(), ids).await?)
    }

    /// A page of themes.
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &ThemeFilter,
        order: ThemeOrder,
        paging: &Paging,
    ) -> Result<Page<Theme>, page::Invalid> {
        let window = paging.window(&format!("themes {filter:?} {order:?}"), order.sorted_by())?;
        let rows = store::list(self.database.read(), actor, filter, order, &window).await?;
        Ok(window.page(rows, |theme| theme.key(order)))
    }

    /// How many themes match.
    pub async fn count(&self, actor: &Actor, filter: &ThemeFilter) -> Result<u64> {
        Ok(store::count(self.database.read(), actor, filter).await?)
    }

    /// A page of a theme's follow-up log, newest first.
    pub async fn updates(
        &self,
        _: &Actor,
        theme: ThemeId,
        paging: &Paging,
    ) -> Result<Page<ThemeUpdate>, page::Invalid> {
        let window = paging.window(&format!("theme updates {theme:?}"), SortKind::Instant)?;
        let rows = store::updates(self.database.read(), theme, &window).await?;
        Ok(window.page(rows, ThemeUpdate::key))
    }

    /// Those of the entries of follow-up logs that exist, in no order.
    pub async fn updates_by_ids(
        &self,
        _: &Actor,
        ids: &[ThemeUpdateId],
    ) -> Result<Vec<ThemeUpdate>> {
        Ok(store::updates_by_ids(self.database.read(), ids).await?)
    }

    /// How many entries a theme's follow-up log has.
    pub async fn count_updates(&self, _: &Actor, theme: ThemeId) -> Result<u64> {
        Ok(store::count_updates(self.database.read(), theme).await?)
    }

    /// Those of the themes that the actor follows.
    pub async fn followed(&self, actor: &Actor, themes: &[ThemeId]) -> Result<HashSet<ThemeId>> {
        let Some(account) = actor.reader() else {
            return Ok(HashSet::new());
        };
        let followed = store::followed(self.database.read(), account, themes).await?;
        Ok(followed.into_iter().collect())
    }

    /// Makes a theme, in status RAISED.
    pub async fn create(&self, actor: &Actor, draft: ThemeDraft) -> Result<Theme, ThemeRefusal> {
        allow(actor, policy::may_edit)?;
        let draft = draft.check()?;
        let now = self.clock.now();
        let theme = &Theme {
            id: ThemeId::new(now),
            slug: text::slug(&draft.title),
            title: draft.title,
            summary: draft.summary,
            description: draft.description,
            status: ThemeStatus::Raised,
            follower_count: 0,
            comment_count: 0,
            created_at: now,
            updated_at: now,
        };
        self.database
            .write(|transaction| async move {
                let mut theme = theme.clone();
                let base = theme.slug.clone();
                while !store::insert(&transaction, &theme, actor.account()).await? {
                    theme.slug = format!("{base}-{}", random::slug_suffix()?);
                }
                Ok(theme)
            })
            .await
    }

    /// Changes a theme's text; its slug stays.
    pub async fn update(
        &self,
        actor: &Actor,
        id: ThemeId,
        change: ThemeChange,
    ) -> Result<Theme, ThemeRefusal> {
        allow(actor, policy::may_edit)?;
        let change = &change.check()?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                existing(&transaction, id).await?;
                store::update(&transaction, id, change.clone(), now).await?;
                existing(&transaction, id).await
            })
            .await
    }

    /// Adds an entry to a theme's follow-up log and moves the theme to the entry's status.
    pub async fn post_update(
        &self,
        actor: &Actor,
        id: ThemeId,
        draft: ThemeUpdateDraft,
    ) -> Result<Theme, ThemeRefusal> {
        allow(actor, policy::may_edit)?;
        let draft = &draft.check()?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let theme = store::by_id_for_change(&transaction, id)
                    .await?
                    .ok_or(Error::NotFound)?;
                let entry = ThemeUpdate {
                    id: ThemeUpdateId::new(now),
                    title: draft.title.clone(),
                    body: draft.body.clone(),
                    status_before: theme.status,
                    status_after: draft.status.unwrap_or(theme.status),
                    created_at: now,
                };
                store::post_update(&transaction, id, &entry, actor.account()).await?;
                existing(&transaction, id).await
            })
            .await
    }

    /// Makes the actor follow a theme or stop; either twice is the same as once.
    pub async fn follow(
        &self,
        actor: &Actor,
        id: ThemeId,
        following: bool,
    ) -> Result<Theme, ThemeRefusal> {
        allow(actor, policy::may_follow)?;
        let account = actor.account().ok_or_else(|| actor.denied())?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                existing(&transaction, id).await?;
                if following {
                    store::follow(&transaction, id, account, now).await?;
                } else {
                    store::unfollow(&transaction, id, account).await?;
                }
                existing(&transaction, id).await
            })
            .await
    }
}

async fn existing(transaction: &Transaction, id: ThemeId) -> Result<Theme, ThemeRefusal> {
    store::by_id(transaction, id).await?.ok_or(Error::NotFound)
}

fn allow(actor: &Actor, policy: impl Fn(&Actor) -> bool) -> Result<(), ThemeRefusal> {
    if policy(actor) {
        Ok(())
    } else {
        Err(actor.denied())
    }
}
