//! Claiming and deciding cases.

use super::{
    super::{Case, Decided, DecisionDraft, ModerationRefusal, model::claim, store},
    CLAIM, Moderation, News,
    conclude::Verdict,
    moderator,
};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    database::Transaction,
    id::{AccountId, ModerationCaseId},
};

impl Moderation {
    /// Makes a case the actor's for 15 minutes, so that no other judges it meanwhile; claiming it
    /// again begins them anew. Moderators and admins.
    pub async fn claim(
        &self,
        actor: &Actor,
        id: ModerationCaseId,
    ) -> Result<Case, ModerationRefusal> {
        let account = moderator(actor)?;
        let now = self.0.clock.now();
        let case = self
            .0
            .database
            .write(|transaction| async move {
                let mut cases = store::for_change(&transaction, &[id]).await?;
                let case = cases.pop().ok_or(Error::NotFound)?;
                judged_by(&transaction, &case, account, now).await?;
                Ok(store::claim(&transaction, id, account, now, now + CLAIM).await?)
            })
            .await?;
        self.tell(News::default());
        Ok(case)
    }

    /// Decides a case in the version that the actor saw, and others alike; each decision is an
    /// entry of the record, that of the others under that of the first. Moderators and admins.
    pub async fn decide(
        &self,
        actor: &Actor,
        draft: DecisionDraft,
    ) -> Result<Decided, ModerationRefusal> {
        let account = moderator(actor)?;
        let draft = &draft.check()?;
        let now = self.0.clock.now();
        let mut ids = draft.also.clone();
        ids.push(draft.case);
        ids.sort_unstable();
        ids.dedup();
        let ids = &ids;
        let (decided, news) = self
            .0
            .database
            .write(|transaction| async move {
                let mut cases = store::for_change(&transaction, ids).await?;
                if cases.len() != ids.len() {
                    return Err(Error::NotFound);
                }
                for case in &cases {
                    if case.id == draft.case && case.version != draft.expected_version {
                        return Err(Error::refused(ModerationRefusal::CaseChanged));
                    }
                    judged_by(&transaction, case, account, now).await?;
                }
                // The case itself comes first: the others' entries name its entry.
                cases.sort_by_key(|case| (case.id != draft.case, case.id));
                let (mut verdict, mut after) = (draft.verdict(account), Vec::new());
                let mut news = News::default();
                for case in &cases {
                    let concluded = self.conclude(&transaction, case, &verdict, now, &mut news);
                    let (case, entry) = concluded.await?;
                    verdict.parent = verdict.parent.or(Some(entry.id));
                    after.push(case);
                }
                let also = after.split_off(1);
                let case = after.pop().ok_or(Error::NotFound)?;
                Ok((Decided { case, also }, news))
            })
            .await?;
        self.tell(news);
        Ok(decided)
    }
}

impl DecisionDraft {
    fn verdict(&self, by: AccountId) -> Verdict<'_> {
        Verdict {
            action: self.action,
            reason: self.reason,
            statement: self.statement.as_deref(),
            by: Some(by),
            parent: None,
        }
    }
}

/// Whether this moderator may judge the case: nobody judges what they wrote, what another has
/// claimed, or an appeal against their own decision.
pub(super) async fn judged_by(
    transaction: &Transaction,
    case: &Case,
    by: AccountId,
    now: Instant,
) -> Result<(), ModerationRefusal> {
    if case.author_id == Some(by) {
        return Err(Error::refused(ModerationRefusal::OwnCase));
    }
    if claim(case, now).is_some_and(|(claimed_by, _)| claimed_by != by) {
        return Err(Error::refused(ModerationRefusal::CaseClaimed));
    }
    if let Some(appeal) = case.appeal_id {
        let appeal = store::appeal(transaction, appeal).await?;
        if appeal.is_some_and(|(_, decided_by)| decided_by == Some(by)) {
            return Err(Error::refused(ModerationRefusal::AppealNeedsAnother));
        }
    }
    Ok(())
}
