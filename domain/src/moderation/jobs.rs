//! Jobs about decisions: the mails to authors and to those who reported.

use std::collections::HashMap;

use super::{Action, Moderation, mail_text, policy};
use crate::{
    Actor, Result, account,
    id::{AccountId, JobId, ModerationEntryId},
};

/// Mails the author of what was decided what became of it and why, and how to appeal.
pub(crate) async fn mail_decision(
    moderation: &Moderation,
    job: JobId,
    author: AccountId,
    entry: ModerationEntryId,
) -> Result<()> {
    let Some(decision) = moderation.decision(entry).await? else {
        return Ok(());
    };
    let Some(mention) = moderation.mention(decision.entry.case_id).await? else {
        return Ok(());
    };
    let terms = mail_text::Terms {
        appealable_until: policy::appealable_until(&decision.entry),
        blocked_until: match decision.entry.action {
            Action::Block => moderation.blocks(&Actor::System, &[author]).await?,
            _ => HashMap::new(),
        }
        .remove(&author)
        .flatten(),
    };
    account::mail(moderation.accounts(), job, author, |locale, url| {
        mail_text::decision(&decision, &mention, terms, locale, url)
    })
    .await?;
    Ok(())
}

/// Mails someone who reported an item how that ended (Regulation (EU) 2022/2065, article 16), and
/// neither who decided nor who else reported.
pub(crate) async fn mail_report_outcome(
    moderation: &Moderation,
    job: JobId,
    reporter: AccountId,
    entry: ModerationEntryId,
) -> Result<()> {
    let Some(decision) = moderation.decision(entry).await? else {
        return Ok(());
    };
    let entry = decision.entry;
    let Some(mention) = moderation.mention(entry.case_id).await? else {
        return Ok(());
    };
    let reported_at = moderation.reported_at(entry.case_id, reporter, entry.created_at);
    let Some(reported_at) = reported_at.await? else {
        return Ok(());
    };
    account::mail(moderation.accounts(), job, reporter, |locale, _| {
        mail_text::report_outcome(entry.action, &mention, reported_at, locale)
    })
    .await?;
    Ok(())
}
