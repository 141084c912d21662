//! Writing stories.

use std::collections::HashSet;

use super::{Stories, allow, existing, follow, for_change, review, signed_in, theme_ids};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    database::Transaction,
    id::{PartnerId, StoryId, ThemeId},
    partner, random,
    refusal::Checks,
    screening::{Contribution, ContributionKind, Form},
    story::{Moderation, Story, StoryChange, StoryDraft, StoryRefusal, policy, store},
    text, theme,
};

impl Stories {
    /// Makes a story of the actor's, in lifecycle DRAFT; in the name of a partner by who works for
    /// it, and editors.
    pub async fn create(&self, actor: &Actor, draft: StoryDraft) -> Result<Story, StoryRefusal> {
        allow(actor, policy::may_create)?;
        let author = actor.account().ok_or_else(|| actor.denied())?;
        let draft = &draft.check()?;
        let now = self.clock.now();
        let id = StoryId::new(now);
        self.database
            .write(|transaction| async move {
                if let Some(partner) = draft.partner {
                    may_write_for(&transaction, actor, partner).await?;
                }
                let municipality = draft.municipality_code.as_deref();
                known(&transaction, &draft.themes, municipality).await?;
                let base = text::slug(&draft.title);
                let mut slug = base.clone();
                while !store::insert(&transaction, id, &slug, draft, author, now).await? {
                    slug = format!("{base}-{}", random::slug_suffix()?);
                }
                store::set_themes(&transaction, id, &draft.themes).await?;
                existing(&transaction, actor, id, now).await
            })
            .await
    }

    /// Changes a story; its slug stays. From the first submission on each change of its text
    /// leaves a revision, and what its author changes after an approval waits for another.
    pub async fn update(
        &self,
        actor: &Actor,
        id: StoryId,
        change: StoryChange,
    ) -> Result<Story, StoryRefusal> {
        signed_in(actor)?;
        let change = &change.check()?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let story = for_change(&transaction, actor, id, now).await?;
                policy::edit(actor, &story)?;
                let themes = change.themes.as_deref().unwrap_or_default();
                let municipality = change.municipality_code.as_ref().and_then(Option::as_deref);
                known(&transaction, themes, municipality).await?;
                if change.alters_text(&story) {
                    if story.was_offered() {
                        store::begin_version(&transaction, &story, actor.account(), now).await?;
                    }
                    self.reconsider(&transaction, actor, &story, change, now)
                        .await?;
                }
                store::update(&transaction, id, change.clone(), now).await?;
                if let Some(themes) = &change.themes {
                    let before = theme_ids(&transaction, id).await?;
                    store::set_themes(&transaction, id, themes).await?;
                    if story.published_at.is_some() {
                        let mut added = themes.clone();
                        added.retain(|theme| !before.contains(theme));
                        follow(&transaction, &story, added, now).await?;
                    }
                }
                existing(&transaction, actor, id, now).await
            })
            .await
    }

    /// Puts before the moderators what a story says after a change: where it waits for them, and
    /// where its author changes what they approved.
    async fn reconsider(
        &self,
        transaction: &Transaction,
        actor: &Actor,
        story: &Story,
        change: &StoryChange,
        now: Instant,
    ) -> Result<(), StoryRefusal> {
        match story.moderation {
            Moderation::Pending => {}
            Moderation::Approved if !policy::may_publish(actor) => {
                store::judge(transaction, story.id, Moderation::Pending, None, now).await?;
            }
            _ => return Ok(()),
        }
        let (kind, form) = (ContributionKind::Story, Form::default());
        let contribution = Contribution {
            language: change.language.as_deref().or(Some(&story.language)),
            texts: &change.texts(story),
        };
        let screening = self
            .screenings
            .rescreen(transaction, actor, kind, contribution, &form, now)
            .await?;
        review(transaction, story.id, screening.codes(), None, now).await
    }
}

/// That the actor may write in the name of the partner.
async fn may_write_for(
    transaction: &Transaction,
    actor: &Actor,
    partner: PartnerId,
) -> Result<(), StoryRefusal> {
    let role = partner::store::role_of(transaction, actor, partner).await?;
    if !actor.is_editor() && !partner::may_write(actor, role) {
        return Err(actor.denied());
    }
    let found = partner::store::by_ids(transaction, &[partner]).await?;
    if found.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(())
}

/// Refuses themes and a municipality that there are not.
async fn known(
    transaction: &Transaction,
    themes: &[ThemeId],
    municipality: Option<&str>,
) -> Result<(), StoryRefusal> {
    let mut checks = Checks::default();
    if !themes.is_empty() {
        let found = theme::store::by_ids(transaction, themes).await?;
        let found: HashSet<ThemeId> = found.iter().map(|theme| theme.id).collect();
        for (position, id) in themes.iter().enumerate() {
            if !found.contains(id) {
                checks.refuse(StoryRefusal::ThemeUnknown { position });
            }
        }
    }
    if let Some(code) = municipality
        && !partner::store::municipality_exists(transaction, code).await?
    {
        checks.refuse(StoryRefusal::MunicipalityUnknown);
    }
    checks.finish(())
}
