//! What is submitted or held finds its case, and a case that waits for nothing is closed.

use super::{
    super::{Action, CaseState, ModerationRefusal, Subject, effect, model::is_unread_alone, store},
    Moderation, News,
    conclude::Verdict,
};
use crate::{Actor, Error, Result, id::AccountId, screening::FindingCode};

impl Moderation {
    /// Looks at an item that was submitted, held, published, withdrawn or deleted: one that waits
    /// for a moderator has an open case with what the screening found; one that no longer waits,
    /// and that nobody reported, has its case closed by what was done (`by` whom). As often as it
    /// is called it comes to the same.
    pub(crate) async fn review(
        &self,
        subject: Subject,
        findings: &[FindingCode],
        by: Option<AccountId>,
    ) -> Result<()> {
        let now = self.0.clock.now();
        let due = now + self.0.deadlines.held;
        let reviewed = self
            .0
            .database
            .write(|transaction| async move {
                let mut news = News::default();
                let item = effect::item(&transaction, &Actor::System, subject, now)
                    .await?
                    .ok_or(Error::NotFound)?;
                if item.is_held {
                    let case = store::open(&transaction, &item, now, due)
                        .await?
                        .ok_or(Error::NotFound)?;
                    let case = match case.state {
                        CaseState::Open => case,
                        _ => store::reopen(&transaction, &case, &item.text, now, due).await?,
                    };
                    store::held(&transaction, &case, &item.text, findings, now).await?;
                    return Ok(Some(news));
                }
                let case = store::of_subject(&transaction, subject).await?;
                let waiting =
                    case.filter(|case| case.state == CaseState::Open && is_unread_alone(case));
                let Some(case) = waiting else {
                    return Ok(None);
                };
                let verdict = Verdict {
                    action: if item.is_public {
                        Action::Approve
                    } else {
                        Action::Ignore
                    },
                    reason: None,
                    statement: None,
                    by,
                    parent: None,
                };
                let entry = self.record(&transaction, &case, &verdict, false, now);
                entry.await?;
                let state = super::super::model::outcome(verdict.action);
                store::close(&transaction, &case, state, now).await?;
                news.changed.clear();
                Ok(Some(news))
            })
            .await
            .map_err(|error: Error<ModerationRefusal>| match error {
                Error::NotFound => Error::NotFound,
                other => Error::internal(other.to_string()),
            })?;
        if let Some(news) = reviewed {
            self.tell(news);
        }
        Ok(())
    }
}
