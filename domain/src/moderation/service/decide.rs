//! Claiming and deciding cases.

use super::{
    super::{
        Case, CaseState, Decided, DecisionDraft, ModerationRefusal, Subject, effect,
        model::{Entry, reverses},
        store,
    },
    CLAIM, Moderation, allow,
};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    id::{AccountId, ModerationCaseId, ModerationEntryId},
};

impl Moderation {
    /// Makes a case the actor's for 15 minutes, so that no other judges it meanwhile; claiming it
    /// again begins them anew. Moderators and admins.
    pub async fn claim(
        &self,
        actor: &Actor,
        id: ModerationCaseId,
    ) -> Result<Case, ModerationRefusal> {
        allow(actor)?;
        let account = actor.account().ok_or_else(|| actor.denied())?;
        let now = self.0.clock.now();
        self.0
            .database
            .write(|transaction| async move {
                let mut cases = store::for_change(&transaction, &[id]).await?;
                let case = cases.pop().ok_or(Error::NotFound)?;
                unclaimed(&case, account, now)?;
                Ok(store::claim(&transaction, id, account, now + CLAIM).await?)
            })
            .await
    }

    /// Decides a case in the version that the actor saw, and others alike; each decision is an
    /// entry of the record. Moderators and admins.
    pub async fn decide(
        &self,
        actor: &Actor,
        draft: DecisionDraft,
    ) -> Result<Decided, ModerationRefusal> {
        allow(actor)?;
        let account = actor.account().ok_or_else(|| actor.denied())?;
        let draft = &draft.check()?;
        let now = self.0.clock.now();
        let mut ids = draft.also.clone();
        ids.push(draft.case);
        ids.sort_unstable();
        ids.dedup();
        let ids = &ids;
        let (decided, changed) = self
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
                    unclaimed(case, account, now)?;
                }
                // The case itself comes first: the others' entries name its entry.
                cases.sort_by_key(|case| (case.id != draft.case, case.id));
                let (mut parent, mut after, mut changed) = (None, Vec::new(), Vec::new());
                for case in cases {
                    let entry = entry(&case, draft, parent, now);
                    parent = parent.or(Some(entry.id));
                    let statement = draft.statement.clone();
                    let subject = Subject::of(&case);
                    let polls = &self.0.polls;
                    let effect =
                        effect::apply(&transaction, polls, subject, draft.action, statement, now);
                    changed.extend(effect.await?);
                    after.push(store::decide(&transaction, &case, draft.action).await?);
                    store::append(&transaction, entry, Some(account)).await?;
                }
                let also = after.split_off(1);
                let case = after.pop().ok_or(Error::NotFound)?;
                Ok((Decided { case, also }, changed))
            })
            .await?;
        self.tell(changed);
        Ok(decided)
    }
}

/// Whether nobody but this moderator judges the case now.
fn unclaimed(case: &Case, by: AccountId, now: Instant) -> Result<(), ModerationRefusal> {
    let is_claimed = case.claimed_until.is_some_and(|until| until > now);
    if is_claimed && case.claimed_by != Some(by) {
        return Err(Error::refused(ModerationRefusal::CaseClaimed));
    }
    Ok(())
}

fn entry(
    case: &Case,
    draft: &DecisionDraft,
    parent: Option<ModerationEntryId>,
    now: Instant,
) -> Entry {
    Entry {
        id: ModerationEntryId::new(now),
        position: 0,
        case_id: case.id,
        subject_kind: case.subject_kind,
        action: draft.action,
        reason_code: draft.reason,
        statement: draft.statement.clone(),
        is_reversal: case.state != CaseState::Open && reverses(case.state, draft.action),
        parent_id: parent,
        created_at: now,
        previous_hash: String::new(),
        hash: String::new(),
    }
}
