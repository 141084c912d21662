//! Moving stories along their two axes.

use chrono::{Days, SubsecRound, TimeZone, Utc};

use super::{Stories, allow, existing, follow, for_change, review, signed_in, theme_ids};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    id::StoryId,
    screening::{Contribution, ContributionKind, Form, Screened},
    story::{Lifecycle, Moderation, Story, StoryRefusal, WithdrawalDraft, policy, store},
};

/// How far ahead a story may be scheduled.
const MOST_AHEAD: Days = Days::new(366);
/// The first year that a story may be published in.
const FIRST_YEAR: i32 = 2000;

impl Stories {
    /// Offers the actor's story to the moderators, with what screening found in it: a draft, or
    /// what they asked changes of.
    pub async fn submit(
        &self,
        actor: &Actor,
        id: StoryId,
        form: &Form,
    ) -> Result<Screened<Story>, StoryRefusal> {
        signed_in(actor)?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let story = for_change(&transaction, actor, id, now).await?;
                policy::submit(actor, &story)?;
                let body = story.body.as_deref().unwrap_or_default();
                let texts = [story.title.as_str(), story.summary.as_str(), body];
                let contribution = Contribution {
                    language: Some(&story.language),
                    texts: &texts,
                };
                let is_new = story.lifecycle == Lifecycle::Draft;
                let kind = ContributionKind::Story;
                let screening = if is_new {
                    self.screenings
                        .screen(&transaction, actor, kind, contribution, form, now)
                        .await?
                } else {
                    self.screenings
                        .rescreen(&transaction, actor, kind, contribution, form, now)
                        .await?
                };
                store::submit(&transaction, id, now).await?;
                review(&transaction, id, screening.codes(), None, now).await?;
                if is_new {
                    let noted = self.screenings.note(&transaction, actor, contribution, now);
                    noted.await?;
                }
                let kept = existing(&transaction, actor, id, now).await?;
                Ok(Screened { kept, screening })
            })
            .await
    }

    /// Publishes a story, now or from the given instant on, and approves it where it waits for a
    /// judgement. Its author follows its themes from this moment, also where it appears later.
    pub async fn publish(
        &self,
        actor: &Actor,
        id: StoryId,
        from: Option<Instant>,
    ) -> Result<Story, StoryRefusal> {
        allow(actor, policy::may_publish)?;
        let now = self.clock.now();
        let from = from.map(|from| in_range(from, now)).transpose()?;
        self.database
            .write(|transaction| async move {
                let story = for_change(&transaction, actor, id, now).await?;
                policy::publish(actor, &story)?;
                let published = match (from, story.lifecycle) {
                    (Some(from), _) => from,
                    // It was seen before and returns to its place.
                    (None, Lifecycle::Published) => story.published_at.unwrap_or(now),
                    (None, _) => now,
                };
                let moderation = match story.moderation {
                    Moderation::Pending => Moderation::Approved,
                    judged => judged,
                };
                store::publish(&transaction, id, published, moderation, now).await?;
                let themes = theme_ids(&transaction, id).await?;
                follow(&transaction, &story, themes, now).await?;
                if story.moderation == Moderation::Pending {
                    review(&transaction, id, Vec::new(), actor.account(), now).await?;
                }
                existing(&transaction, actor, id, now).await
            })
            .await
    }

    /// Withdraws a story for good; its author and staff still see it.
    pub async fn withdraw(
        &self,
        actor: &Actor,
        id: StoryId,
        draft: WithdrawalDraft,
    ) -> Result<Story, StoryRefusal> {
        signed_in(actor)?;
        let draft = &draft.check()?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let story = for_change(&transaction, actor, id, now).await?;
                policy::withdraw(actor, &story)?;
                store::withdraw(&transaction, id, draft.clone(), now).await?;
                if story.moderation == Moderation::Pending {
                    review(&transaction, id, Vec::new(), actor.account(), now).await?;
                }
                existing(&transaction, actor, id, now).await
            })
            .await
    }
}

fn in_range(from: Instant, now: Instant) -> Result<Instant, StoryRefusal> {
    let first = Utc.with_ymd_and_hms(FIRST_YEAR, 1, 1, 0, 0, 0).earliest();
    let last = now.checked_add_days(MOST_AHEAD);
    if first.is_some_and(|first| from < first) || last.is_some_and(|last| from > last) {
        return Err(Error::refused(StoryRefusal::TimeOutOfRange));
    }
    Ok(from.trunc_subsecs(6))
}
