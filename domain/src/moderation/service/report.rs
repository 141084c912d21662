//! Reporting what others published.

use hmac::{Hmac, Mac, digest::KeyInit};
use sha2::{Digest, Sha256};

use super::{
    super::{
        Action, Case, CaseState, ModerationRefusal, Report, ReportDraft, Subject, effect,
        model::Item, store, weight,
    },
    Moderation, News,
    conclude::Verdict,
};
use crate::{
    Actor, Error, Result, Role, account,
    clock::Instant,
    database::Transaction,
    id::{AccountId, ContentReportId, VisitorId},
    partner,
};

/// How many accounts' reports hide an item until it is judged.
const HIDING: i64 = 3;

/// Who reports.
#[derive(Debug, Clone, Copy)]
enum Reporter {
    Account(AccountId),
    Visitor(VisitorId),
}

impl Moderation {
    /// Reports what the public sees, once a person and text: who reported what was judged since may
    /// report it again once it says something else. Everyone with an account or a visitor's token,
    /// but for its author.
    pub async fn report(
        &self,
        actor: &Actor,
        draft: ReportDraft,
    ) -> Result<Report, ModerationRefusal> {
        let reporter = Reporter::of(actor)?;
        let draft = &draft.check()?;
        let now = self.0.clock.now();
        let due = now + self.0.deadlines.reported;
        let (report, news) = self
            .0
            .database
            .write(|transaction| async move {
                let item = effect::item(&transaction, actor, draft.subject, now)
                    .await?
                    .ok_or(Error::NotFound)?;
                if item.author.is_some() && item.author == reporter.account() {
                    return Err(Error::refused(ModerationRefusal::OwnContent));
                }
                let case = store::open(&transaction, &item, now, due)
                    .await?
                    .ok_or(Error::NotFound)?;
                // Behind the lock of its case: a decision that was made meanwhile is seen.
                let item = effect::item(&transaction, actor, draft.subject, now)
                    .await?
                    .ok_or(Error::NotFound)?;
                // While the case is open, it is about the text that it was opened with: of three
                // accounts one does not become two by an edit.
                let text = match case.state {
                    CaseState::Open => &case.snapshot,
                    _ => &item.text,
                };
                let reporter_key = reporter.key(&case, text);
                if store::has_reported(&transaction, case.id, &reporter_key).await? {
                    return Err(Error::refused(ModerationRefusal::AlreadyReported));
                }
                if !item.is_public {
                    return Err(Error::refused(ModerationRefusal::NotPublic));
                }
                let case = if case.state == CaseState::Open {
                    case
                } else {
                    store::reopen(&transaction, &case, &item.text, now, due).await?
                };
                let report = Report {
                    id: ContentReportId::new(now),
                    case_id: case.id,
                    reporter_key,
                    account_id: reporter.account(),
                    reason: draft.reason,
                    explanation: draft.explanation.clone(),
                    upheld: None,
                    created_at: now,
                };
                let weight = match reporter {
                    Reporter::Visitor(_) => {
                        let earlier = store::count_visitors(&transaction, &case).await?;
                        weight::of_visitor(earlier)
                    }
                    Reporter::Account(account) => {
                        let (upheld, judged) = store::standing(&transaction, account).await?;
                        weight::of_account(upheld, judged)
                    }
                };
                store::report(&transaction, &report, weight).await?;
                let by_accounts =
                    case.account_report_count + i64::from(report.account_id.is_some());
                let mut news = News::default();
                if by_accounts >= HIDING && !is_official(&transaction, &item, now).await? {
                    self.hide(&transaction, &case, draft, &mut news).await?;
                }
                Ok((report, news))
            })
            .await?;
        self.tell(news);
        Ok(report)
    }

    /// Hides an item until it is judged; the case stays open.
    async fn hide(
        &self,
        transaction: &Transaction,
        case: &Case,
        draft: &ReportDraft,
        news: &mut News,
    ) -> Result<(), ModerationRefusal> {
        let verdict = Verdict {
            action: Action::Hide,
            reason: Some(draft.reason),
            statement: None,
            by: None,
            parent: None,
        };
        let now = self.0.clock.now();
        let subject = Subject::of(case);
        let effect = self
            .apply(transaction, case, subject, &verdict, now)
            .await?;
        self.record(transaction, case, &verdict, effect.is_felt, now)
            .await?;
        news.changed.extend(effect.changed);
        Ok(())
    }
}

impl Reporter {
    fn of(actor: &Actor) -> Result<Self, ModerationRefusal> {
        match actor {
            Actor::Member(member) => Ok(Self::Account(member.id)),
            Actor::Visitor(Some(visitor)) => Ok(Self::Visitor(*visitor)),
            Actor::Visitor(None) | Actor::Guest(_) | Actor::Blocked(_) | Actor::System => {
                Err(actor.denied())
            }
        }
    }

    fn account(self) -> Option<AccountId> {
        match self {
            Self::Account(account) => Some(account),
            Self::Visitor(_) => None,
        }
    }

    /// Returns the key of the reporter of this text in this case and in no other: HMAC-SHA-256,
    /// hexadecimal.
    fn key(self, case: &Case, text: &str) -> String {
        let name = match self {
            Self::Account(id) => format!("account:{}", id.0),
            Self::Visitor(id) => format!("visitor:{}", id.0),
        };
        // HMAC itself pads a shorter key with zeros to the block of its hash (RFC 2104).
        let mut block = [0; 64];
        for (padded, byte) in block.iter_mut().zip(&case.secret) {
            *padded = *byte;
        }
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(name.as_bytes());
        mac.update(&Sha256::digest(text));
        format!("{:x}", mac.finalize().into_bytes())
    }
}

/// Whether the province or a partner stands behind what its author says.
async fn is_official(
    transaction: &Transaction,
    item: &Item,
    now: Instant,
) -> Result<bool, ModerationRefusal> {
    let Some(author) = item.author else {
        return Ok(false);
    };
    let roles = account::store::known_roles(transaction, author, now).await?;
    if roles.iter().any(|role| role != Role::Resident) {
        return Ok(true);
    }
    Ok(partner::store::is_member_of_any(transaction, author).await?)
}
