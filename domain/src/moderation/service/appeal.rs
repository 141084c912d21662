//! Appealing against decisions.

use std::collections::HashMap;

use super::{
    super::{Appeal, AppealDraft, Case, ModerationRefusal, policy, store},
    Moderation, News, allow,
};
use crate::{
    Actor, Error, Result, account,
    id::{AccountId, ModerationAppealId, ModerationCaseId},
};

impl Moderation {
    /// Appeals against the last decision on what the actor wrote, once, within 14 days; the case
    /// is open again, for another moderator than who decided. Gives the case. Whoever is blocked
    /// may appeal as well (Regulation (EU) 2022/2065, article 20).
    pub async fn appeal(
        &self,
        actor: &Actor,
        draft: AppealDraft,
    ) -> Result<Case, ModerationRefusal> {
        let author = actor.reader().ok_or_else(|| actor.denied())?;
        let draft = &draft.check()?;
        let now = self.0.clock.now();
        let due = now + self.0.deadlines.reported;
        let case = self
            .0
            .database
            .write(|transaction| async move {
                let entry = store::entry_by_id(&transaction, draft.decision)
                    .await?
                    .ok_or(Error::NotFound)?;
                let mut cases = store::for_change(&transaction, &[entry.case_id]).await?;
                let case = cases.pop().filter(|case| case.author_id == Some(author));
                let case = case.ok_or(Error::NotFound)?;
                if store::appeal_against(&transaction, entry.id)
                    .await?
                    .is_some()
                    || store::is_outcome(&transaction, entry.id).await?
                {
                    return Err(Error::refused(ModerationRefusal::AlreadyAppealed));
                }
                let last = store::last_of(&transaction, case.id).await?;
                let is_last = last.is_some_and(|last| last.id == entry.id);
                let until = policy::appealable_until(&entry).filter(|_| is_last);
                let until = until.ok_or(Error::refused(ModerationRefusal::NotAppealable))?;
                if now > until {
                    return Err(Error::refused(ModerationRefusal::AppealTooLate));
                }
                let appeal = Appeal {
                    id: ModerationAppealId::new(now),
                    entry_id: entry.id,
                    case_id: case.id,
                    account_id: author,
                    statement: draft.statement.clone(),
                    outcome_id: None,
                    created_at: now,
                };
                let id = appeal.id;
                store::insert_appeal(&transaction, appeal).await?;
                Ok(store::contest(&transaction, &case, id, now, due).await?)
            })
            .await?;
        self.tell(News::default());
        Ok(case)
    }

    /// The appeals in these cases, the eldest first. Moderators and admins.
    pub async fn appeals(&self, actor: &Actor, cases: &[ModerationCaseId]) -> Result<Vec<Appeal>> {
        allow(actor)?;
        let mut appeals = store::appeals(self.0.database.read(), cases).await?;
        appeals.sort_unstable_by_key(|appeal| (appeal.created_at, appeal.id));
        Ok(appeals)
    }

    /// Who made the decisions that these appeals are against, where that is still known.
    pub async fn contested(
        &self,
        appeals: &[ModerationAppealId],
    ) -> Result<HashMap<ModerationAppealId, AccountId>> {
        let contested = store::contested(self.0.database.read(), appeals).await?;
        Ok(contested.into_iter().collect())
    }

    /// The accounts that may judge.
    pub async fn moderators(&self) -> Result<Vec<AccountId>> {
        let now = self.0.clock.now();
        Ok(account::store::moderators(self.0.database.read(), now).await?)
    }
}
