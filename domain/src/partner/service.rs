//! What can be done with partners.

use std::collections::HashMap;

use super::{
    AuthorKind, MemberDraft, Municipality, Partner, PartnerDraft, PartnerMember, PartnerRefusal,
    PartnerRole, policy, store,
};
use crate::{
    Actor, Error, Result, account,
    clock::SharedClock,
    database::Database,
    id::{AccountId, PartnerId},
    page::{self, Page, Paging, SortKind},
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

    /// Reserves the names of all partners there are, for those that were made before names were.
    pub(crate) async fn reserve_names(&self) -> Result<()> {
        let names = store::names(self.database.read()).await?;
        if names.is_empty() {
            return Ok(());
        }
        let (names, now) = (&names, self.clock.now());
        self.database
            .write(|transaction| async move {
                for name in names {
                    account::store::reserve_name(&transaction, name, now).await?;
                }
                Ok::<_, Error<std::convert::Infallible>>(())
            })
            .await
    }

    /// Returns for whom each of these people speaks; everyone may see it.
    pub async fn author_kinds(
        &self,
        _: &Actor,
        accounts: &[AccountId],
    ) -> Result<HashMap<AccountId, AuthorKind>> {
        let read = self.database.read();
        let roles = account::store::known_roles_of(read, accounts, self.clock.now()).await?;
        let members = store::who_work_for_any(read, accounts).await?;
        Ok(accounts
            .iter()
            .map(|account| {
                let is_member = members.contains(account);
                (*account, AuthorKind::of(roles.get(account), is_member))
            })
            .collect())
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
        let window = paging.window("partners", SortKind::Text)?;
        let rows = store::list(self.database.read(), &window).await?;
        Ok(window.page(rows, Partner::key))
    }

    /// How many partners there are.
    pub async fn count(&self, _: &Actor) -> Result<u64> {
        Ok(store::count(self.database.read()).await?)
    }

    /// What the actor is at those of the partners that they work for.
    pub async fn roles(
        &self,
        actor: &Actor,
        partners: &[PartnerId],
    ) -> Result<HashMap<PartnerId, PartnerRole>> {
        Ok(store::roles_of(self.database.read(), actor, partners).await?)
    }

    /// Who works for each of the partners, longest first; none where the actor may not see it: who
    /// works for it and admins of the platform may.
    pub async fn members(
        &self,
        actor: &Actor,
        partners: &[PartnerId],
    ) -> Result<HashMap<PartnerId, Vec<PartnerMember>>> {
        let connection = self.database.read();
        let roles = store::roles_of(connection, actor, partners).await?;
        let seen: Vec<PartnerId> = partners
            .iter()
            .copied()
            .filter(|partner| policy::may_write(actor, roles.get(partner).copied()))
            .collect();
        if seen.is_empty() {
            return Ok(HashMap::new());
        }
        Ok(store::members(connection, &seen).await?)
    }

    /// Makes a partner, without anyone who works for it. From then on nobody else takes its name;
    /// who went by it before keeps it, since a resident's name must not keep a partner away, and
    /// is told apart by [`AuthorKind`].
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
                account::store::reserve_name(&transaction, &partner.name, now).await?;
                Ok(partner)
            })
            .await
    }

    /// Gives the person with this address a role at the partner, or takes it from them. An
    /// address that no account showed to be its own changes nothing and is not refused for it; who
    /// works for the partner is seen in its members.
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
                let found = account::store::verified(&transaction, &draft.email).await?;
                let is_there = match found {
                    Some(account) => store::role_at(&transaction, id, account).await?.is_some(),
                    None => false,
                };
                let count = store::count_members(&transaction, id).await?;
                if draft.role.is_some() && !is_there && count >= MEMBERS {
                    return Err(Error::refused(PartnerRefusal::MembersFull));
                }
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
