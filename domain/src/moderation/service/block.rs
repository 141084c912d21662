//! Blocking accounts: a decision of its own, whatever becomes of what they wrote.

use chrono::TimeDelta;

use super::{
    super::{Action, Block, BlockDraft, CaseState, ModerationRefusal, Subject, effect, store},
    Moderation, News, allow,
    conclude::Verdict,
    decide::judged_by,
};
use crate::{
    Actor, Error, Result, Role,
    account::{self, Accounts, Profile},
};

/// How long a block lasts at most.
const MOST: TimeDelta = TimeDelta::days(5 * 366);

impl Moderation {
    /// Blocks an account and ends its sessions, or lifts its block. Moderators and admins; those
    /// who work for the province, admins alone; for good, the platform's operators alone.
    pub async fn block(
        &self,
        actor: &Actor,
        draft: BlockDraft,
    ) -> Result<Profile, ModerationRefusal> {
        allow(actor)?;
        let by = actor.account();
        let draft = &draft.check()?;
        let now = self.0.clock.now();
        let due = now + self.0.deadlines.reported;
        let until = match draft.block {
            Block::Until(until) if until <= now || until > now + MOST => {
                return Err(Error::refused(ModerationRefusal::BlockTimeInvalid));
            }
            Block::Until(until) => Some(until),
            Block::ForGood if *actor != Actor::System => return Err(actor.denied()),
            Block::ForGood | Block::Lifted => None,
        };
        let (profile, news) = self
            .0
            .database
            .write(|transaction| async move {
                let mut found = account::store::profiles(&transaction, &[draft.account]).await?;
                let profile = found.pop().ok_or(Error::NotFound)?;
                let roles = account::store::known_roles(&transaction, draft.account, now).await?;
                let is_staff = roles.iter().any(|role| role != Role::Resident);
                if Some(draft.account) == by || (is_staff && !actor.is_admin()) {
                    return Err(Error::refused(ModerationRefusal::NotToBlock));
                }
                let subject = Subject::Profile(draft.account);
                let item = effect::item(&transaction, actor, subject, now)
                    .await?
                    .ok_or(Error::NotFound)?;
                let case = store::open(&transaction, &item, now, due)
                    .await?
                    .ok_or(Error::NotFound)?;
                if let Some(by) = by {
                    judged_by(&transaction, &case, by, now).await?;
                }
                let action = draft.action();
                if action == Action::Block {
                    Accounts::block_within(&transaction, draft.account, now, until).await?;
                } else if !Accounts::unblock_within(&transaction, draft.account, now).await? {
                    return Err(Error::refused(ModerationRefusal::NotBlocked));
                }
                let mut news = News::default();
                let verdict = Verdict {
                    action,
                    reason: draft.reason,
                    statement: draft.statement.as_deref(),
                    by,
                    parent: None,
                };
                // A case that waited for nothing was not decided by this.
                let waited = case.state == CaseState::Open && case.report_count > 0;
                let mut case = case;
                if !waited && case.state == CaseState::Open {
                    case.state = CaseState::Ignored;
                }
                self.conclude(&transaction, &case, &verdict, now, &mut news)
                    .await?;
                news.access_changed.push(draft.account);
                Ok((profile, news))
            })
            .await?;
        self.tell(news);
        Ok(profile)
    }
}
