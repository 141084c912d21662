//! What can be done with embeds.

mod observe;
mod open;

use std::{collections::HashMap, sync::Arc};

use chrono::TimeDelta;

use super::{
    Embed, EmbedChange, EmbedDraft, EmbedRefusal, Link, LoadKind, Shown, Snippet, Use,
    loads::Loads, policy, snippet, store,
};
use crate::{
    Actor, Error, Locale, Result,
    account::Accounts,
    clock::{Instant, SharedClock},
    database::{Database, Transaction},
    event::{Event, Events},
    id::{EmbedId, PartnerId},
    page::{self, Page, Paging, SortKind},
    partner, poll,
    recent::Recent,
};

/// How long what is shown is taken to be as it was, in a process that did not change it itself.
const FRESH: TimeDelta = TimeDelta::seconds(5);
/// How many embeds are kept in memory, twice at most.
const KEPT: usize = 2_000;

/// The use-cases of embeds.
#[derive(Clone)]
pub struct Embeds {
    database: Database,
    clock: SharedClock,
    accounts: Accounts,
    events: Events,
    /// Where people reach the platform, without a slash at the end.
    site: Arc<str>,
    kept: Arc<Recent<EmbedId, Kept>>,
    loads: Loads,
}

/// What was found when an embed was looked for.
#[derive(Debug, Clone)]
struct Kept {
    shown: Option<Arc<Shown>>,
    looked_at: Instant,
}

impl Embeds {
    pub(crate) fn new(
        database: Database,
        clock: SharedClock,
        accounts: Accounts,
        events: Events,
        site: &str,
    ) -> Self {
        let kept = Arc::new(Recent::new(KEPT));
        let found = Arc::clone(&kept);
        events.react(move |event| {
            if let Event::EmbedChanged(id) = event {
                forget(&found, id);
            }
        });
        Self {
            database,
            clock,
            accounts,
            events,
            site: site.into(),
            kept,
            loads: Loads::default(),
        }
    }

    /// What a page needs to show the embed; none where there is none, or it was revoked. Everyone
    /// may. From memory, at most five seconds old.
    pub async fn shown(&self, _: &Actor, id: EmbedId) -> Result<Option<Arc<Shown>>> {
        self.look_up(id).await
    }

    /// Those of the embeds that are shown nowhere any more, in one statement.
    pub(crate) async fn gone(&self, ids: &[EmbedId]) -> Result<Vec<EmbedId>> {
        let shown = store::shown_among(self.database.read(), ids).await?;
        let gone = ids.iter().filter(|id| !shown.contains(id));
        Ok(gone.copied().collect())
    }

    async fn look_up<R>(&self, id: EmbedId) -> Result<Option<Arc<Shown>>, R> {
        let now = self.clock.now();
        if let Some(kept) = self.kept.get(&id)
            && now - kept.looked_at < FRESH
        {
            return Ok(kept.shown);
        }
        let shown = store::shown(self.database.read(), id).await?.map(Arc::new);
        let kept = Kept {
            shown: shown.clone(),
            looked_at: now,
        };
        self.kept.put(id, kept);
        Ok(shown)
    }

    /// The address of the embed's page.
    pub fn url(&self, id: EmbedId) -> String {
        snippet::url(&self.site, id)
    }

    /// What the partner pastes into its page for a poll with this title.
    pub fn snippet(&self, id: EmbedId, title: &str) -> Snippet {
        Snippet::new(&self.site, id, title)
    }

    /// The frame of an embed at this size, in CSS pixels.
    pub fn sized(&self, id: EmbedId, title: &str, width: u32, height: u32) -> String {
        snippet::frame(&self.site, id, title, &width.to_string(), height)
    }

    /// A link to the page of a poll that says what it is.
    pub fn quotation(&self, slug: &str, title: &str, locale: Locale) -> String {
        snippet::quotation(&self.site, slug, title, locale)
    }

    /// What an address leads to, where it is that of a poll or an embed.
    pub fn link(&self, url: &str) -> Option<Link> {
        Link::read(&self.site, url)
    }

    /// Where people reach the platform, without a slash at the end.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// Those of the embeds that the actor may see, in no order: editors all, who works for a
    /// partner that partner's.
    pub async fn by_ids(&self, actor: &Actor, ids: &[EmbedId]) -> Result<Vec<Embed>> {
        Ok(store::by_ids(self.database.read(), actor, ids).await?)
    }

    /// A page of the partner's embeds, youngest first; none where the actor may not see them.
    pub async fn list(
        &self,
        actor: &Actor,
        partner: PartnerId,
        paging: &Paging,
    ) -> Result<Option<Page<Embed>>, page::Invalid> {
        let window = paging.window(&format!("embeds of {}", partner.0), SortKind::Instant)?;
        let connection = self.database.read();
        let role = partner::store::role_of(connection, actor, partner).await?;
        if !policy::may_manage(actor, role) {
            return Ok(None);
        }
        let rows = store::list(connection, partner, &window).await?;
        Ok(Some(window.page(rows, Embed::key)))
    }

    /// How many embeds the partner has; 0 where the actor may not see them.
    pub async fn count(&self, actor: &Actor, partner: PartnerId) -> Result<u64> {
        let connection = self.database.read();
        let role = partner::store::role_of(connection, actor, partner).await?;
        if !policy::may_manage(actor, role) {
            return Ok(0);
        }
        Ok(store::count(connection, partner).await?)
    }

    /// What came of those of the embeds that the actor may see.
    pub async fn uses(&self, actor: &Actor, ids: &[EmbedId]) -> Result<HashMap<EmbedId, Use>> {
        let connection = self.database.read();
        let ids = store::seen(connection, actor, ids).await?;
        let mut uses: HashMap<EmbedId, Use> = ids.iter().map(|id| (*id, Use::default())).collect();
        for (id, ballots) in poll::store::count_by_embed(connection, &ids).await? {
            uses.entry(id).or_default().ballots = ballots;
        }
        for (id, load) in store::loads(connection, &ids).await? {
            uses.entry(id).or_default().loads.push(load);
        }
        Ok(uses)
    }

    /// Puts a poll on the pages of a partner: one of the province's, or of that very partner.
    pub async fn create(&self, actor: &Actor, draft: EmbedDraft) -> Result<Embed, EmbedRefusal> {
        let connection = self.database.read();
        let partner = draft.partner;
        let role = partner::store::role_of(connection, actor, partner).await?;
        if !policy::may_manage(actor, role) {
            return Err(actor.denied());
        }
        let partners = partner::store::by_ids(connection, &[partner]).await?;
        if partners.is_empty() {
            return Err(Error::NotFound);
        }
        let checked = draft.check()?;
        let now = self.clock.now();
        let poll = poll::store::by_id(connection, checked.poll, now)
            .await?
            .filter(|poll| poll::may_see(actor, poll) || poll.partner == Some(partner))
            .ok_or(Error::NotFound)?;
        if poll.partner.is_some_and(|its| its != partner) {
            return Err(Error::refused(EmbedRefusal::PollOfOtherPartner));
        }
        let embed = &Embed {
            id: EmbedId::new(now),
            poll: checked.poll,
            partner,
            origins: checked.origins,
            locale: checked.locale,
            accent: checked.accent,
            subject_key: checked.subject_key,
            revision: 1,
            created_at: now,
            revoked_at: None,
        };
        self.database
            .write(|transaction| async move {
                // Once more: the actor's role may have been taken since.
                let role = partner::store::role_of(&transaction, actor, embed.partner).await?;
                if !policy::may_manage(actor, role) {
                    return Err(actor.denied());
                }
                store::insert(&transaction, embed, actor.account()).await?;
                Ok(embed.clone())
            })
            .await
    }

    /// Changes an embed; what is absent stays.
    pub async fn update(
        &self,
        actor: &Actor,
        id: EmbedId,
        change: EmbedChange,
    ) -> Result<Embed, EmbedRefusal> {
        self.allowed(actor, id).await?;
        let change = &change.check()?;
        let changed = self
            .database
            .write(|transaction| async move {
                let embed = existing(&transaction, actor, id).await?;
                if embed.revoked_at.is_some() {
                    return Err(Error::refused(EmbedRefusal::Revoked));
                }
                let change = change.clone();
                let embed = Embed {
                    origins: change.origins.unwrap_or(embed.origins),
                    locale: change.locale.unwrap_or(embed.locale),
                    accent: change.accent.of(embed.accent),
                    subject_key: change.subject_key.of(embed.subject_key),
                    revision: embed.revision + 1,
                    ..embed
                };
                store::update(&transaction, &embed).await?;
                Ok(embed)
            })
            .await?;
        self.events.publish(Event::EmbedChanged(id));
        Ok(changed)
    }

    /// Shows an embed nowhere any more, for good: its page is gone and its sessions have ended.
    /// The ballots that came by it stay. Twice is the same as once.
    pub async fn revoke(&self, actor: &Actor, id: EmbedId) -> Result<Embed, EmbedRefusal> {
        self.allowed(actor, id).await?;
        let now = self.clock.now();
        let revoked = self
            .database
            .write(|transaction| async move {
                let embed = existing(&transaction, actor, id).await?;
                if embed.revoked_at.is_some() {
                    return Ok(embed);
                }
                let embed = Embed {
                    revoked_at: Some(now),
                    revision: embed.revision + 1,
                    ..embed
                };
                store::update(&transaction, &embed).await?;
                Ok(embed)
            })
            .await?;
        self.events.publish(Event::EmbedChanged(id));
        Ok(revoked)
    }

    /// That the actor may see the embed, and so change it.
    async fn allowed(&self, actor: &Actor, id: EmbedId) -> Result<(), EmbedRefusal> {
        if actor.account().is_none() && !actor.is_editor() {
            return Err(actor.denied());
        }
        let seen = store::seen(self.database.read(), actor, &[id]).await?;
        if seen.is_empty() {
            return Err(Error::NotFound);
        }
        Ok(())
    }
}

/// Evicts an embed, so that the next request loads it anew.
fn forget(kept: &Recent<EmbedId, Kept>, id: EmbedId) {
    let long_ago = Kept {
        shown: None,
        looked_at: Instant::MIN_UTC,
    };
    kept.put(id, long_ago);
}

/// The embed behind its lock, if the actor may see it.
async fn existing(
    transaction: &Transaction,
    actor: &Actor,
    id: EmbedId,
) -> Result<Embed, EmbedRefusal> {
    store::by_id_for_change(transaction, actor, id)
        .await?
        .ok_or(Error::NotFound)
}
