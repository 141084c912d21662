//! Reading cases, and the record.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::{
    super::{
        Case, CaseFilter, CaseOrder, CaseState, Decision, Entry, Figures, Report, Subject,
        figures::median_hours, model::place, policy, store,
    },
    Moderation, allow,
};
use crate::{
    Actor, Result,
    account::{self, Profile},
    clock::Instant,
    id::{AccountId, ModerationCaseId, ModerationEntryId},
    page::{self, Page, Paging, SortKind},
};

impl Moderation {
    /// A page of the cases. Moderators and admins.
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &CaseFilter,
        order: CaseOrder,
        paging: &Paging,
    ) -> Result<Page<Case>, page::Invalid> {
        allow(actor)?;
        let window = paging.window(&format!("cases {filter:?} {order:?}"), order.sorted_by())?;
        let now = self.0.clock.now();
        let rows = store::list(self.0.database.read(), filter, order, now, &window).await?;
        Ok(window.page(rows, |case| order.key(case)))
    }

    /// How many cases a list holds. Moderators and admins.
    pub async fn count(&self, actor: &Actor, filter: &CaseFilter) -> Result<u64> {
        allow(actor)?;
        let now = self.0.clock.now();
        Ok(store::count(self.0.database.read(), filter, now).await?)
    }

    /// How many cases are in each state that any is in. Moderators and admins.
    pub async fn count_by_state(&self, actor: &Actor) -> Result<Vec<(CaseState, i64)>> {
        allow(actor)?;
        Ok(store::count_by_state(self.0.database.read()).await?)
    }

    /// Those of the cases that exist and the actor may see, in no order: for moderators and
    /// admins all, for others none.
    pub async fn by_ids(&self, actor: &Actor, ids: &[ModerationCaseId]) -> Result<Vec<Case>> {
        if !policy::may_moderate(actor) {
            return Ok(Vec::new());
        }
        Ok(store::by_ids(self.0.database.read(), ids).await?)
    }

    /// Those of the accounts that are blocked, each with until when; none where that is for good.
    /// Moderators and admins.
    pub async fn blocks(
        &self,
        actor: &Actor,
        accounts: &[AccountId],
    ) -> Result<HashMap<AccountId, Option<Instant>>> {
        allow(actor)?;
        let now = self.0.clock.now();
        let blocks = account::store::blocks(self.0.database.read(), accounts, now).await?;
        Ok(blocks.into_iter().collect())
    }

    /// The reports on each of the cases, oldest first. Moderators and admins.
    pub async fn reports(
        &self,
        actor: &Actor,
        cases: &[ModerationCaseId],
    ) -> Result<HashMap<ModerationCaseId, Vec<Report>>> {
        allow(actor)?;
        Ok(store::reports(self.0.database.read(), cases).await?)
    }

    /// The decisions in each of the cases, oldest first. Moderators and admins.
    pub async fn decisions(
        &self,
        actor: &Actor,
        cases: &[ModerationCaseId],
    ) -> Result<HashMap<ModerationCaseId, Vec<Decision>>> {
        allow(actor)?;
        Ok(store::decisions(self.0.database.read(), cases).await?)
    }

    /// The last decision on each of the subjects that one was made on: all of them for moderators
    /// and admins, for others those on what they wrote, without who made them.
    pub async fn last_decisions(
        &self,
        actor: &Actor,
        subjects: &[Subject],
    ) -> Result<HashMap<Subject, Decision>> {
        let sees_all = policy::may_moderate(actor);
        let account = actor.reader();
        if account.is_none() && !sees_all {
            return Ok(HashMap::new());
        }
        let read = self.0.database.read();
        let cases: HashMap<_, _> = store::of_subjects(read, subjects)
            .await?
            .into_iter()
            .filter(|case| sees_all || case.author_id == account)
            .map(|case| (case.id, Subject::of(&case)))
            .collect();
        let ids: Vec<_> = cases.keys().copied().collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let decisions = store::decisions(read, &ids).await?;
        Ok(decisions
            .into_iter()
            .filter_map(|(case, mut of_case)| {
                let mut last = of_case.pop()?;
                last.decided_by = last.decided_by.filter(|_| sees_all);
                Some((*cases.get(&case)?, last))
            })
            .collect())
    }

    /// Those whom cases name, as everyone sees them. Moderators and admins.
    pub async fn people(&self, actor: &Actor, ids: &[AccountId]) -> Result<Vec<Profile>> {
        allow(actor)?;
        Ok(account::store::profiles(self.0.database.read(), ids).await?)
    }

    /// A decision, for its author's mail.
    pub(in crate::moderation) async fn decision(
        &self,
        id: ModerationEntryId,
    ) -> Result<Option<Decision>> {
        let read = self.0.database.read();
        let Some(entry) = store::entry_by_id(read, id).await? else {
            return Ok(None);
        };
        let told = store::statements(read, &[id]).await?.remove(&id);
        Ok(Some(Decision {
            entry,
            statement: told.map(|told| told.text),
            decided_by: None,
        }))
    }

    /// Those of the entries that exist, in no order. Everyone.
    pub async fn entries(&self, ids: &[ModerationEntryId]) -> Result<Vec<Entry>> {
        Ok(store::entries_by_ids(self.0.database.read(), ids).await?)
    }

    /// A page of the record, the newest entry first. Everyone.
    pub async fn log(&self, paging: &Paging) -> Result<Page<Entry>, page::Invalid> {
        let window = paging.window("record", SortKind::Number)?;
        let rows = store::log(self.0.database.read(), &window).await?;
        Ok(window.page(rows, place))
    }

    /// How many entries the record has. Everyone.
    pub async fn count_log(&self) -> Result<u64> {
        let (length, _) = store::end(self.0.database.read()).await?;
        Ok(u64::try_from(length).unwrap_or(0))
    }

    /// How moderation went over so many days, and how it stands. Everyone.
    pub async fn figures(&self, days: u16) -> Result<Figures> {
        let now = self.0.clock.now();
        let since = now - TimeDelta::days(days.into());
        let read = self.0.database.read();
        let figured = store::figured(read, since).await?;
        let (open, overdue) = store::count_waiting(read, now).await?;
        let waits: Vec<TimeDelta> = figured
            .waits
            .into_iter()
            .map(|(opened, decided)| decided - opened)
            .collect();
        Ok(Figures {
            decided: u64::try_from(waits.len()).unwrap_or(u64::MAX),
            median_hours: median_hours(waits),
            appealed: store::count_appeals_since(read, since).await?,
            reversed: figured.reversed,
            open,
            overdue,
        })
    }
}
