//! The job of retention: the warning before an idle account is erased.

use super::{Privacy, store};
use crate::{
    Error, Locale, Result, account,
    clock::Instant,
    id::{AccountId, JobId},
    local_time,
};

/// Mails that the account will be erased, unless its owner signs in before. Only once a mail server
/// has taken that mail, the time that it names is noted: nobody is erased without it. Does nothing
/// if its owner was seen since the warning was queued.
pub(crate) async fn mail_idle(privacy: &Privacy, job: JobId, id: AccountId) -> Result<()> {
    let services = &privacy.0;
    if !store::retention::is_warned(services.database.read(), id).await? {
        return Ok(());
    }
    // From now, not from when it was queued: the mail may have waited for a server.
    let erasable_at = services.clock.now() + services.terms.notice();
    let compose = |locale, url: &str| idle(locale, url, erasable_at);
    if !account::mail(&services.accounts, job, id, compose).await? {
        return Ok(());
    }
    services
        .database
        .write(|transaction| async move {
            store::retention::note_handed_over(&transaction, id, erasable_at).await?;
            Ok::<_, Error<std::convert::Infallible>>(())
        })
        .await
}

/// The subject and the text.
fn idle(locale: Locale, url: &str, erasable_at: Instant) -> (String, String) {
    let moment = local_time::moment(erasable_at, locale);
    match locale {
        Locale::Nl => (
            "Uw account wordt verwijderd".to_owned(),
            format!(
                "Dag,\n\n\
                 U hebt zich lang niet aangemeld bij JIJ&Overijssel.\n\
                 Na {moment} verwijderen we daarom uw account en uw gegevens.\n\
                 Wilt u het houden? Meld u dan voor die tijd aan:\n\n\
                 {url}\n\n\
                 JIJ&Overijssel\n"
            ),
        ),
        Locale::En => (
            "Your account will be erased".to_owned(),
            format!(
                "Hello,\n\n\
                 You have not signed in to JIJ&Overijssel for a long time.\n\
                 After {moment} we shall therefore erase your account and your data.\n\
                 Do you want to keep it? Sign in before that time:\n\n\
                 {url}\n\n\
                 JIJ&Overijssel\n"
            ),
        ),
    }
}
