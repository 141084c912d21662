//! What every decision does, whoever made it.

use std::collections::BTreeSet;

use super::{
    super::{
        Action, Case, CaseState, ModerationRefusal, Reason, Subject,
        effect::{Effect, Means, item, shows},
        model::{Entry, is_adverse, is_unread_alone, outcome, reverses},
        store::{self, Statement},
    },
    Moderation, News,
};
use crate::{
    Actor, Error, Result,
    clock::Instant,
    database::Transaction,
    id::{AccountId, ModerationAppealId, ModerationEntryId},
    job::{self, Job},
    random,
};

/// What is decided in a case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verdict<'a> {
    pub(super) action: Action,
    pub(super) reason: Option<Reason>,
    /// What the author is told.
    pub(super) statement: Option<&'a str>,
    /// Who decides; none where the platform does.
    pub(super) by: Option<AccountId>,
    /// The entry of the decision that it was made with.
    pub(super) parent: Option<ModerationEntryId>,
}

impl Moderation {
    /// Does to the subject what was decided, adds it to the record, promises its author a mail
    /// where they have anything of it, and closes the case.
    pub(super) async fn conclude(
        &self,
        transaction: &Transaction,
        case: &Case,
        verdict: &Verdict<'_>,
        now: Instant,
        news: &mut News,
    ) -> Result<(Case, Entry), ModerationRefusal> {
        let subject = Subject::of(case);
        let waits = if is_unread_alone(case) && shows(verdict.action) {
            item(transaction, &Actor::System, subject, now).await?
        } else {
            None
        };
        let effect = self.apply(transaction, case, subject, verdict, now).await?;
        if waits.is_some_and(|waits| waits.is_held) {
            // Behind the item's own lock: what its author made of it meanwhile, nobody has read.
            let shown = item(transaction, &Actor::System, subject, now).await?;
            if shown.is_some_and(|shown| shown.text != case.snapshot) {
                return Err(Error::refused(ModerationRefusal::CaseChanged));
            }
        }
        news.changed.extend(effect.changed);
        let is_felt = effect.is_felt || verdict.statement.is_some();
        let entry = self
            .record(transaction, case, verdict, is_felt, now)
            .await?;
        if case.report_count > 0 {
            let upheld = is_adverse(verdict.action);
            let since = match case.appeal_id.filter(|_| entry.is_reversal) {
                None => case.opened_at,
                Some(appeal) => contested_since(transaction, case, appeal).await?,
            };
            let reporters = store::settle_reports(transaction, case.id, since, upheld).await?;
            // A block, or its end, in a case that waited for nothing answers no report.
            let is_of_the_person = matches!(verdict.action, Action::Block | Action::Unblock);
            if case.state == CaseState::Open || !is_of_the_person {
                tell_reporters(transaction, &reporters, entry.id, now).await?;
            }
        }
        if let Some(appeal) = case.appeal_id {
            store::settle_appeal(transaction, appeal, entry.id).await?;
        }
        let state = outcome(verdict.action);
        let case = store::close(transaction, case, state, now).await?;
        Ok((case, entry))
    }

    pub(super) async fn apply(
        &self,
        transaction: &Transaction,
        case: &Case,
        subject: Subject,
        verdict: &Verdict<'_>,
        now: Instant,
    ) -> Result<Effect, ModerationRefusal> {
        let means = Means {
            transaction,
            polls: &self.0.polls,
            now,
        };
        means
            .apply(subject, verdict.action, verdict.statement, &case.snapshot)
            .await
    }

    /// Adds a decision to the record; its author gets a mail where they feel it.
    pub(super) async fn record(
        &self,
        transaction: &Transaction,
        case: &Case,
        verdict: &Verdict<'_>,
        is_felt: bool,
        now: Instant,
    ) -> Result<Entry, ModerationRefusal> {
        let before = store::last_of(transaction, case.id).await?;
        let statement = match verdict.statement {
            None => None,
            Some(text) => Some(Statement {
                salt: random::token()?,
                text: text.to_owned(),
            }),
        };
        let by_hand = verdict.by.is_some();
        let entry = Entry {
            id: ModerationEntryId::new(now),
            position: 0,
            case_id: case.id,
            subject_kind: case.subject_kind,
            action: verdict.action,
            reason_code: verdict.reason,
            statement_hash: None,
            is_reversal: by_hand
                && before.is_some_and(|before| {
                    // A case that was opened anew is about another text than the decision before;
                    // an appeal is against that very decision.
                    let is_of_this_text = case.state != CaseState::Open
                        || case.appeal_id.is_some()
                        || before.created_at > case.opened_at;
                    is_of_this_text && reverses(before.action, verdict.action)
                }),
            parent_id: verdict.parent,
            opened_at: (by_hand && case.state == CaseState::Open).then_some(case.opened_at),
            created_at: now,
            previous_hash: String::new(),
            hash: String::new(),
            format: 0,
        };
        let entry = store::append(transaction, entry, statement, verdict.by).await?;
        if let Some(author) = case.author_id
            && is_felt
        {
            let job = Job::MailDecision {
                account: author,
                entry: entry.id,
            };
            job::push(transaction, &job, now).await?;
        }
        Ok(entry)
    }
}

/// Returns the instant from which reports counted for a decision that was reversed: those who made them heard
/// how it ended, and hear that it ended otherwise.
async fn contested_since(
    transaction: &Transaction,
    case: &Case,
    appeal: ModerationAppealId,
) -> Result<Instant, ModerationRefusal> {
    let appeals = store::appeals(transaction, &[case.id]).await?;
    let contested = appeals.into_iter().find(|its| its.id == appeal);
    let entry = match contested {
        None => None,
        Some(appeal) => store::entry_by_id(transaction, appeal.entry_id).await?,
    };
    // What the platform hid by itself, reports had led to.
    Ok(entry
        .and_then(|entry| entry.opened_at)
        .unwrap_or(Instant::UNIX_EPOCH))
}

/// Promises each of those who reported a mail about how that ended.
async fn tell_reporters(
    transaction: &Transaction,
    reporters: &BTreeSet<AccountId>,
    entry: ModerationEntryId,
    now: Instant,
) -> Result<(), ModerationRefusal> {
    let jobs: Vec<Job> = reporters
        .iter()
        .map(|account| Job::MailReportOutcome {
            account: *account,
            entry,
        })
        .collect();
    Ok(job::push_all(transaction, &jobs, now).await?)
}
