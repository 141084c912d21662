//! What can be done with partners.

use super::{
    MemberDraft, Municipality, Partner, PartnerDraft, PartnerMember, PartnerRefusal, PartnerRole,
    policy, store,
};
use crate::{
    Actor, Error, Result, account,
    clock::SharedClock,
    database::Database,
    id::PartnerId,
    page::{self, Page, Paging},
    random, text,
};

/// Most people who work for a partner.
const MEMBERS: u64 = 100;

/// The use-cases of partners.
#[derive(Clone)]
pub struct Partners {
    database: Database,
    clock: SharedClock,
}

impl Partners {
    pub(crate) fn new(database: Database, clock: SharedClock) -> Self {
        Self { database, clock }
    }

    /// The 25 municipalities of Overijssel, by name; everyone may see them.
    pub async fn municipalities(&self, _: &Actor) -> Result<Vec<Municipality>> {
        Ok(store::municipalities(self.database.read()).await?)
    }

    /// The partner with this slug; everyone may see it.
    pub async fn by_slug(&self, _: &Actor, slug: &str) -> Result<Option<Partner>> {
        Ok(store::by_slug(self.database.read(), slug).await?)
    }

    /// Those of the partners that exist, in no order.
    pub async fn by_ids(&self, _: &Actor, ids: &[PartnerId]) -> Result<Vec<Partner>> {
        Ok(store::by_ids(self.database.read(), ids).await?)
    }

    /// A page of the partners, by name.
    pub async fn list(&self, _: &Actor, paging: &Paging) -> Result<Page<Partner>, page::Invalid> {
        let window = paging.window("partners")?;
        let rows = store::list(self.database.read(), &window).await?;
        Ok(window.page(rows, Partner::key))
    }

    /// How many partners there are.
    pub async fn count(&self, _: &Actor) -> Result<u64> {
        Ok(store::count(self.database.read()).await?)
    }

    /// What the actor is at the partner.
    pub async fn role(&self, actor: &Actor, partner: PartnerId) -> Result<Option<PartnerRole>> {
        Ok(store::role_of(self.database.read(), actor, partner).await?)
    }

    /// Who works for the partner, longest first; none where the actor may not see it: who works
    /// for it and admins of the platform may.
    pub async fn members(
        &self,
        actor: &Actor,
        partner: PartnerId,
    ) -> Result<Option<Vec<PartnerMember>>> {
        let connection = self.database.read();
        let role = store::role_of(connection, actor, partner).await?;
        if !policy::may_write(actor, role) {
            return Ok(None);
        }
        Ok(Some(store::members(connection, partner).await?))
    }

    /// Makes a partner, without anyone who works for it.
    pub async fn create(
        &self,
        actor: &Actor,
        draft: PartnerDraft,
    ) -> Result<Partner, PartnerRefusal> {
        if !policy::may_create(actor) {
            return Err(actor.denied());
        }
        let draft = draft.check()?;
        let now = self.clock.now();
        let partner = &Partner {
            id: PartnerId::new(now),
            slug: text::slug(&draft.name),
            name: draft.name,
            kind: draft.kind,
            website: draft.website,
            municipality: draft.municipality,
            created_at: now,
        };
        self.database
            .write(|transaction| async move {
                if let Some(code) = &partner.municipality
                    && !store::municipality_exists(&transaction, code).await?
                {
                    return Err(Error::refused(PartnerRefusal::MunicipalityUnknown));
                }
                let mut partner = partner.clone();
                let base = partner.slug.clone();
                while !store::insert(&transaction, &partner, actor.account()).await? {
                    partner.slug = format!("{base}-{}", random::slug_suffix()?);
                }
                Ok(partner)
            })
            .await
    }

    /// Gives the person with this address a role at the partner, or takes it from them. An
    /// address that no account showed to be its own changes nothing, and is not told from one
    /// that did: no answer says whether an address has an account.
    pub async fn set_member(
        &self,
        actor: &Actor,
        id: PartnerId,
        draft: MemberDraft,
    ) -> Result<Partner, PartnerRefusal> {
        let role = store::role_of(self.database.read(), actor, id).await?;
        if !policy::may_manage(actor, role) {
            return Err(actor.denied());
        }
        let draft = &draft.check()?;
        let now = self.clock.now();
        self.database
            .write(|transaction| async move {
                let partner = store::by_id_for_change(&transaction, id)
                    .await?
                    .ok_or(Error::NotFound)?;
                // Once more behind the lock: the actor's own role may have been taken since.
                let role = store::role_of(&transaction, actor, id).await?;
                if !policy::may_manage(actor, role) {
                    return Err(actor.denied());
                }
                let count = store::count_members(&transaction, id).await?;
                if draft.role.is_some() && count >= MEMBERS {
                    return Err(Error::refused(PartnerRefusal::MembersFull));
                }
                let found = account::store::verified(&transaction, &draft.email).await?;
                match (found, draft.role) {
                    (Some(account), Some(role)) => {
                        store::set_member(&transaction, id, account, role, now).await?;
                    }
                    (Some(account), None) => {
                        store::remove_member(&transaction, id, account).await?;
                    }
                    (None, _) => {}
                }
                Ok(partner)
            })
            .await
    }
}
