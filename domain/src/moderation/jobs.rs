//! What is promised about decisions: the mail to the author.

use super::{Action, Decision, Moderation, Reason, SubjectKind, policy};
use crate::{
    Locale, Result, account,
    id::{AccountId, ModerationEntryId},
};

/// Mails the author of what was decided what became of it and why, and how to appeal.
pub(crate) async fn mail_decision(
    moderation: &Moderation,
    author: AccountId,
    entry: ModerationEntryId,
) -> Result<()> {
    let Some(decision) = moderation.decision(entry).await? else {
        return Ok(());
    };
    account::mail(moderation.accounts(), author, |locale, url| {
        letter(&decision, locale, url)
    })
    .await
}

/// The subject and the text.
fn letter(decision: &Decision, locale: Locale, url: &str) -> (String, String) {
    let entry = &decision.entry;
    let what = subject(entry.subject_kind, locale);
    let done = done(entry.action, locale);
    let mut parts = vec![locale.pick("Dag,", "Hello,").to_owned()];
    let title = format!("{what}: {done}");
    parts.push(format!("{title}."));
    if let Some(reason) = entry.reason_code {
        let label = locale.pick("De reden", "The reason");
        parts.push(format!("{label}: {}.", reason_in(reason, locale)));
    }
    parts.extend(decision.statement.clone());
    if let Some(until) = policy::appealable_until(entry) {
        let number = entry.position;
        parts.push(match locale {
            Locale::Nl => format!(
                "Bent u het er niet mee eens? Tot en met {} kunt u één keer bezwaar maken tegen \
                 besluit {number}. Een andere moderator beslist daar dan over. Meld u aan en open \
                 uw bijdrage:\n\n{url}",
                until.format("%-d-%-m-%Y"),
            ),
            Locale::En => format!(
                "Do you disagree? Until {} you can appeal once against decision {number}. Another \
                 moderator will judge it. Sign in and open your contribution:\n\n{url}",
                until.format("%-d %B %Y"),
            ),
        });
    }
    parts.push("JIJ&Overijssel\n".to_owned());
    (title, parts.join("\n\n"))
}

fn subject(kind: SubjectKind, locale: Locale) -> &'static str {
    match kind {
        SubjectKind::Story => locale.pick("Uw verhaal", "Your story"),
        SubjectKind::Comment => locale.pick("Uw reactie", "Your comment"),
        SubjectKind::Answer => locale.pick("Uw antwoord", "Your answer"),
        SubjectKind::Profile => locale.pick("Uw account", "Your account"),
    }
}

fn done(action: Action, locale: Locale) -> &'static str {
    match action {
        Action::Approve => locale.pick("goedgekeurd", "approved"),
        Action::RequestChanges => locale.pick("wijzigingen gevraagd", "changes asked for"),
        Action::Reject => locale.pick("niet geplaatst", "not published"),
        Action::Hide => locale.pick("verborgen", "hidden"),
        Action::Restore => locale.pick("weer zichtbaar", "shown again"),
        Action::Ignore => locale.pick("blijft zichtbaar", "stays as it is"),
        Action::Block => locale.pick("tijdelijk geblokkeerd", "blocked for a while"),
        Action::Unblock => locale.pick("niet meer geblokkeerd", "no longer blocked"),
    }
}

fn reason_in(reason: Reason, locale: Locale) -> &'static str {
    match reason {
        Reason::Spam => locale.pick("reclame of herhaling", "advertising or repetition"),
        Reason::Offensive => locale.pick("kwetsend of beledigend", "hurtful or insulting"),
        Reason::PersonalData => locale.pick("persoonsgegevens", "personal data"),
        Reason::OffTopic => locale.pick("gaat over iets anders", "about something else"),
        Reason::Illegal => locale.pick("in strijd met de wet", "against the law"),
        Reason::Duplicate => locale.pick("staat er al", "said before"),
        Reason::Other => locale.pick("anders, zie hieronder", "other, see below"),
    }
}
