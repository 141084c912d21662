//! What can be done with reports and cases.

mod decide;

use std::{collections::HashMap, sync::Arc};

use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    Action, Case, CaseFilter, CaseOrder, CaseState, Decision, ModerationRefusal, Reason, Report,
    ReportDraft, chain,
    effect::{self, Changed},
    model::{Entry, Item},
    store,
};
use crate::{
    Actor, Error, Result,
    account::{self, Profile},
    clock::SharedClock,
    comment::Comments,
    database::{Database, Transaction},
    id::{AccountId, ContentReportId, ModerationCaseId, ModerationEntryId},
    page::{self, Page, Paging},
    poll::Polls,
};

/// How long a case may wait.
const DUE: TimeDelta = TimeDelta::hours(24);
/// How long a claim lasts.
const CLAIM: TimeDelta = TimeDelta::minutes(15);
/// How many accounts' reports hide an item until it is judged.
const HIDING: i64 = 3;
/// What a report weighs: an account is one person, a visitor may be the same one again.
const WEIGHT_OF_ACCOUNT: i64 = 10;
const WEIGHT_OF_VISITOR: i64 = 3;
/// How many entries of the record are checked at a time.
const STRETCH: u64 = 1_000;

/// The use-cases of moderation. Cheap to clone.
#[derive(Clone)]
pub struct Moderation(Arc<Parts>);

struct Parts {
    database: Database,
    clock: SharedClock,
    comments: Comments,
    polls: Polls,
}

/// Who reports.
#[derive(Debug, Clone, Copy)]
struct Reporter {
    id: Uuid,
    account: Option<AccountId>,
}

impl Moderation {
    pub(crate) fn new(
        database: Database,
        clock: SharedClock,
        comments: Comments,
        polls: Polls,
    ) -> Self {
        Self(Arc::new(Parts {
            database,
            clock,
            comments,
            polls,
        }))
    }

    /// Reports what the public sees, once a person and case. Everyone with an account or a
    /// visitor's token, but for its author.
    pub async fn report(
        &self,
        actor: &Actor,
        draft: ReportDraft,
    ) -> Result<Report, ModerationRefusal> {
        let reporter = reporter(actor)?;
        let draft = &draft.check()?;
        let now = self.0.clock.now();
        let (report, changed) = self
            .0
            .database
            .write(|transaction| async move {
                let item = effect::item(&transaction, actor, draft.subject, now)
                    .await?
                    .ok_or(Error::NotFound)?;
                if item.author.is_some() && item.author == reporter.account {
                    return Err(Error::refused(ModerationRefusal::OwnContent));
                }
                let case = store::open(&transaction, &item, now, now + DUE)
                    .await?
                    .ok_or(Error::NotFound)?;
                let reporter_key = reporter.key(case.id);
                if store::has_reported(&transaction, case.id, &reporter_key).await? {
                    return Err(Error::refused(ModerationRefusal::AlreadyReported));
                }
                if !item.is_public {
                    return Err(Error::refused(ModerationRefusal::NotPublic));
                }
                let case = if case.state == CaseState::Open {
                    case
                } else {
                    store::reopen(&transaction, case, &item, now + DUE).await?
                };
                let report = Report {
                    id: ContentReportId::new(now),
                    case_id: case.id,
                    reporter_key,
                    account_id: reporter.account,
                    reason: draft.reason,
                    explanation: draft.explanation.clone(),
                    created_at: now,
                };
                store::report(&transaction, &report, reporter.weight()).await?;
                let by_accounts = case.account_report_count + i64::from(reporter.account.is_some());
                let changed = if by_accounts >= HIDING && !is_official(&transaction, &item).await? {
                    self.hide(&transaction, &case, draft.reason).await?
                } else {
                    None
                };
                Ok((report, changed))
            })
            .await?;
        self.tell(changed);
        Ok(report)
    }

    /// Hides an item until it is judged; the case stays open.
    async fn hide(
        &self,
        transaction: &Transaction,
        case: &Case,
        reason: Reason,
    ) -> Result<Option<Changed>, ModerationRefusal> {
        let now = self.0.clock.now();
        let subject = super::Subject::of(case);
        let polls = &self.0.polls;
        let changed = effect::apply(transaction, polls, subject, Action::Hide, None, now).await?;
        let entry = Entry {
            id: ModerationEntryId::new(now),
            position: 0,
            case_id: case.id,
            subject_kind: case.subject_kind,
            action: Action::Hide,
            reason_code: Some(reason),
            statement: None,
            is_reversal: false,
            parent_id: None,
            created_at: now,
            previous_hash: String::new(),
            hash: String::new(),
        };
        store::append(transaction, entry, None).await?;
        Ok(changed)
    }

    fn tell(&self, changed: impl IntoIterator<Item = Changed>) {
        for one in changed {
            match one {
                Changed::Comment(comment) => self.0.comments.counted(&comment),
                Changed::Poll(poll) => self.0.polls.changed(poll),
            }
        }
    }

    /// A page of the cases. Moderators and admins.
    pub async fn list(
        &self,
        actor: &Actor,
        filter: &CaseFilter,
        order: CaseOrder,
        paging: &Paging,
    ) -> Result<Page<Case>, page::Invalid> {
        allow(actor)?;
        let window = paging.window(&format!("cases {filter:?} {order:?}"))?;
        let rows = store::list(self.0.database.read(), filter, order, &window).await?;
        Ok(window.page(rows, |case| order.key(case)))
    }

    /// How many cases a list holds. Moderators and admins.
    pub async fn count(&self, actor: &Actor, filter: &CaseFilter) -> Result<u64> {
        allow(actor)?;
        Ok(store::count(self.0.database.read(), filter).await?)
    }

    /// How many cases are in each state that any is in. Moderators and admins.
    pub async fn count_by_state(&self, actor: &Actor) -> Result<Vec<(CaseState, i64)>> {
        allow(actor)?;
        Ok(store::count_by_state(self.0.database.read()).await?)
    }

    /// Those of the cases that exist and the actor may see, in no order: for moderators and
    /// admins all, for others none.
    pub async fn by_ids(&self, actor: &Actor, ids: &[ModerationCaseId]) -> Result<Vec<Case>> {
        if !actor.is_moderator() {
            return Ok(Vec::new());
        }
        Ok(store::by_ids(self.0.database.read(), ids).await?)
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

    /// Those whom cases name, as everyone sees them. Moderators and admins.
    pub async fn people(&self, actor: &Actor, ids: &[AccountId]) -> Result<Vec<Profile>> {
        allow(actor)?;
        Ok(account::store::profiles(self.0.database.read(), ids).await?)
    }

    /// The position of the first entry of the record that is not as it was made; none where the
    /// record holds. The operator's command.
    pub async fn verify(&self, actor: &Actor) -> Result<Option<i64>> {
        if !account::may_operate(actor) {
            return Err(actor.denied());
        }
        let mut last = (0, String::new());
        loop {
            let entries = store::entries(self.0.database.read(), last.0, STRETCH).await?;
            if entries.is_empty() {
                return Ok(None);
            }
            if let Some(broken) = chain::first_broken(&mut last, &entries) {
                return Ok(Some(broken.position));
            }
        }
    }
}

impl Reporter {
    fn weight(self) -> i64 {
        match self.account {
            Some(_) => WEIGHT_OF_ACCOUNT,
            None => WEIGHT_OF_VISITOR,
        }
    }

    /// What stands for the reporter in this case and in no other.
    fn key(self, case: ModerationCaseId) -> String {
        let mut digest = Sha256::new();
        digest.update(self.id.as_bytes());
        digest.update(case.0.as_bytes());
        format!("{:x}", digest.finalize())
    }
}

fn reporter(actor: &Actor) -> Result<Reporter, ModerationRefusal> {
    match actor {
        Actor::Member(member) => Ok(Reporter {
            id: member.id.0,
            account: Some(member.id),
        }),
        Actor::Visitor(Some(visitor)) => Ok(Reporter {
            id: visitor.0,
            account: None,
        }),
        Actor::Visitor(None) | Actor::System => Err(actor.denied()),
    }
}

/// Whether the province wrote it.
async fn is_official(transaction: &Transaction, item: &Item) -> Result<bool, ModerationRefusal> {
    let Some(author) = item.author else {
        return Ok(false);
    };
    let roles = account::store::roles(transaction, author).await?;
    Ok(roles.iter().next().is_some())
}

/// Only those who judge what others submit.
fn allow<R>(actor: &Actor) -> Result<(), R> {
    if actor.is_moderator() {
        Ok(())
    } else {
        Err(actor.denied())
    }
}
