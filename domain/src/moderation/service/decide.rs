//! Claiming and deciding cases.

use super::{
    super::{
        Case, CaseState, Decided, DecisionDraft, LeftAlone, ModerationRefusal, model::claim, store,
    },
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

    /// Decides a case in the version that the actor saw, and others alike, each in its own; each
    /// decision is an entry of the record, that of the others under that of the first. Where there
    /// are others, one that a colleague claimed or decided meanwhile is left alone and named.
    /// Moderators and admins.
    pub async fn decide(
        &self,
        actor: &Actor,
        draft: DecisionDraft,
    ) -> Result<Decided, ModerationRefusal> {
        let account = moderator(actor)?;
        let draft = &draft.check()?;
        let now = self.0.clock.now();
        let mut ids: Vec<_> = draft.also.iter().map(|also| also.case).collect();
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
                // As they are named, the case itself first: the others' entries name its entry.
                let place = |case: &Case| draft.also.iter().position(|also| also.case == case.id);
                cases.sort_by_cached_key(|case| (case.id != draft.case, place(case)));
                let (mut free, mut left_alone) = (Vec::new(), Vec::new());
                for case in cases {
                    match declined(&transaction, draft, &case, account, now).await? {
                        Some(refusal) => left_alone.push(LeftAlone { case, refusal }),
                        None => free.push(case),
                    }
                }
                if free.is_empty() {
                    let first = left_alone.into_iter().next().ok_or(Error::NotFound)?;
                    return Err(Error::refused(first.refusal));
                }
                let (mut verdict, mut also) = (draft.verdict(account), Vec::new());
                let mut news = News::default();
                for case in &free {
                    let concluded = self.conclude(&transaction, case, &verdict, now, &mut news);
                    let (case, entry) = concluded.await?;
                    verdict.parent = verdict.parent.or(Some(entry.id));
                    also.push(case);
                }
                let decided = also.iter().position(|case| case.id == draft.case);
                let case = match decided {
                    Some(place) => also.remove(place),
                    None => left_alone
                        .iter()
                        .map(|left| &left.case)
                        .find(|case| case.id == draft.case)
                        .cloned()
                        .ok_or(Error::NotFound)?,
                };
                let decided = Decided {
                    case,
                    also,
                    left_alone,
                };
                Ok((decided, news))
            })
            .await?;
        self.tell(news);
        Ok(decided)
    }
}

/// Returns why this moderator does not decide the case now; none where they do.
async fn declined(
    transaction: &Transaction,
    draft: &DecisionDraft,
    case: &Case,
    by: AccountId,
    now: Instant,
) -> Result<Option<ModerationRefusal>, ModerationRefusal> {
    let as_seen = if case.id == draft.case {
        case.version == draft.expected_version
    } else {
        let also = draft.also.iter().filter(|also| also.case == case.id);
        also.map(|also| also.expected_version)
            .all(|expected| match expected {
                Some(version) => case.version == version,
                None => case.state == CaseState::Open,
            })
    };
    if !as_seen {
        return Ok(Some(ModerationRefusal::CaseChanged));
    }
    match judged_by(transaction, case, by, now).await {
        Ok(()) => Ok(None),
        Err(Error::Refused(reasons)) => Ok(reasons.into_iter().next()),
        Err(fault) => Err(fault),
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
