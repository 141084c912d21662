//! Series of stories; everyone may see every series, and in it the stories that they may see.

use super::{Stories, allow};
use crate::{
    Actor, Error, Result,
    id::{StoryId, StorySeriesId},
    page::{self, Page, Paging, SortKind},
    random,
    refusal::Checks,
    story::{Story, StoryRefusal, StorySeries, StorySeriesDraft, draft, policy, store},
    text,
};

impl Stories {
    /// The series with this slug.
    pub async fn series_by_slug(&self, _: &Actor, slug: &str) -> Result<Option<StorySeries>> {
        Ok(store::series_by_slug(self.database.read(), slug).await?)
    }

    /// Those of the series that exist, in no order.
    pub async fn series_by_ids(
        &self,
        _: &Actor,
        ids: &[StorySeriesId],
    ) -> Result<Vec<StorySeries>> {
        Ok(store::series_by_ids(self.database.read(), ids).await?)
    }

    /// A page of those of a series' stories that the actor may see, in the series' order, without
    /// their bodies.
    pub async fn series_stories(
        &self,
        actor: &Actor,
        series: StorySeriesId,
        paging: &Paging,
    ) -> Result<Page<Story>, page::Invalid> {
        let window = paging.window(&format!("stories of {series:?}"), SortKind::Number)?;
        let now = self.clock.now();
        let rows = store::series_stories(self.database.read(), actor, series, &window, now).await?;
        Ok(window.page(rows, Story::series_key))
    }

    /// How many of a series' stories the actor may see.
    pub async fn count_series_stories(&self, actor: &Actor, series: StorySeriesId) -> Result<u64> {
        let now = self.clock.now();
        Ok(store::count_series_stories(self.database.read(), actor, series, now).await?)
    }

    /// Makes a series without stories.
    pub async fn create_series(
        &self,
        actor: &Actor,
        draft: StorySeriesDraft,
    ) -> Result<StorySeries, StoryRefusal> {
        allow(actor, policy::may_arrange)?;
        let draft = draft.check()?;
        let now = self.clock.now();
        let series = &StorySeries {
            id: StorySeriesId::new(now),
            slug: text::slug(&draft.title),
            title: draft.title,
            intro: draft.intro,
            created_at: now,
            updated_at: now,
        };
        self.database
            .write(|transaction| async move {
                let mut series = series.clone();
                let base = series.slug.clone();
                while !store::insert_series(&transaction, &series, actor.account()).await? {
                    series.slug = format!("{base}-{}", random::slug_suffix()?);
                }
                Ok(series)
            })
            .await
    }

    /// Puts exactly these stories in a series, in this order, whether the public sees them yet or
    /// not. A story that stands in another series is refused rather than taken from it.
    pub async fn arrange_series(
        &self,
        actor: &Actor,
        id: StorySeriesId,
        stories: Vec<StoryId>,
    ) -> Result<StorySeries, StoryRefusal> {
        allow(actor, policy::may_arrange)?;
        let stories = &draft::arrangement(stories)?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let mut series = store::series_by_id_for_change(&transaction, id)
                    .await?
                    .ok_or(Error::NotFound)?;
                let places = store::places(&transaction, stories).await?;
                let mut checks = Checks::default();
                for (position, story) in stories.iter().enumerate() {
                    match places.get(story) {
                        None => checks.refuse(StoryRefusal::StoryUnknown { position }),
                        Some(Some(other)) if *other != id => {
                            checks.refuse(StoryRefusal::StoryInOtherSeries { position });
                        }
                        Some(_) => {}
                    }
                }
                checks.finish(())?;
                let taken = store::arrange(&transaction, id, stories, now).await?;
                if let Some(position) = taken {
                    return Err(Error::refused(StoryRefusal::StoryInOtherSeries {
                        position,
                    }));
                }
                series.updated_at = now;
                Ok(series)
            })
            .await
    }
}
