//! What is promised about accounts: the mails.

use chrono::TimeDelta;

use super::{Accounts, service::digest, store};
use crate::{
    Locale, Result,
    id::{AccountId, JobId},
    job::LinkPurpose,
    mail::Mail,
    random,
};

/// How long a verification link works.
const LINK_LIFE: TimeDelta = TimeDelta::hours(24);
/// How long a link works by which a person signs in or chooses another password.
const SHORT_LINK_LIFE: TimeDelta = TimeDelta::minutes(15);

/// Mails an unverified account a new link, which replaces the one before. Does nothing where
/// the account has gone or was verified meanwhile.
pub(crate) async fn mail_verification(
    accounts: &Accounts,
    job: JobId,
    id: AccountId,
) -> Result<()> {
    let now = accounts.clock.now();
    let token = &random::token()?;
    let addressee = accounts
        .database
        .write(|transaction| async move {
            let account = store::addressee_for_change(&transaction, id).await?;
            let account = account.filter(|account| !account.email_verified);
            if account.is_some() {
                store::open_link(&transaction, id, &digest(token), now + LINK_LIFE).await?;
            }
            Ok(account)
        })
        .await?;
    let Some(account) = addressee else {
        return Ok(());
    };
    let link = format!("{}/verify-email?token={token}", accounts.public_url);
    let mail = verification(account.email, account.locale, &link);
    send(accounts, job, mail).await
}

/// Mails a link of this purpose, which replaces the one before. Does nothing where there is no
/// such account, or it is blocked.
pub(crate) async fn mail_link(
    accounts: &Accounts,
    job: JobId,
    id: AccountId,
    purpose: LinkPurpose,
) -> Result<()> {
    let now = accounts.clock.now();
    let token = &random::token()?;
    let addressee = accounts
        .database
        .write(|transaction| async move {
            let account = store::addressee_for_change(&transaction, id).await?;
            if account.is_none() || store::is_blocked(&transaction, id, now).await? {
                return Ok(None);
            }
            let expires_at = now + SHORT_LINK_LIFE;
            store::open_mailed_link(&transaction, id, purpose, &digest(token), expires_at).await?;
            Ok(account)
        })
        .await?;
    let Some(account) = addressee else {
        return Ok(());
    };
    let page = match purpose {
        LinkPurpose::SignIn => "sign-in",
        LinkPurpose::PasswordReset => "reset-password",
    };
    let link = format!("{}/{page}?token={token}", accounts.public_url);
    let mail = match purpose {
        LinkPurpose::SignIn => sign_in_link(account.email, account.locale, &link),
        LinkPurpose::PasswordReset => reset_link(account.email, account.locale, &link),
    };
    send(accounts, job, mail).await
}

/// Mails that the address already has an account.
pub(crate) async fn mail_already_registered(
    accounts: &Accounts,
    job: JobId,
    id: AccountId,
) -> Result<()> {
    let account = store::addressee(accounts.database.read(), id).await?;
    match account {
        None => Ok(()),
        Some(account) => {
            let mail = already_registered(account.email, account.locale, &accounts.public_url);
            send(accounts, job, mail).await
        }
    }
}

/// Mails an account the subject and text that `compose` makes for its language and the site's
/// address; returns true once that was handed over. Does nothing if the account has gone or never
/// showed that the address is its own.
pub(crate) async fn mail(
    accounts: &Accounts,
    job: JobId,
    id: AccountId,
    compose: impl FnOnce(Locale, &str) -> (String, String),
) -> Result<bool> {
    let account = store::addressee(accounts.database.read(), id).await?;
    let Some(account) = account.filter(|account| account.email_verified) else {
        return Ok(false);
    };
    let (subject, text) = compose(account.locale, &accounts.public_url);
    let to = account.email;
    send(accounts, job, Mail { to, subject, text }).await?;
    Ok(true)
}

async fn send(accounts: &Accounts, job: JobId, mail: Mail) -> Result<()> {
    accounts
        .mailer
        .send(mail, job, accounts.clock.now())
        .await
        .map_err(crate::Error::internal)
}

// Neither mail repeats what was typed at registration: whoever typed it may be a stranger.

fn verification(to: String, locale: Locale, link: &str) -> Mail {
    match locale {
        Locale::Nl => Mail {
            to,
            subject: "Bevestig uw e-mailadres".to_owned(),
            text: format!(
                "Dag,\n\n\
                 Met dit e-mailadres is een account aangevraagd bij JIJ&Overijssel.\n\
                 Bevestig binnen 24 uur dat het adres van u is:\n\n\
                 {link}\n\n\
                 Hebt u dit niet gevraagd? Open de link dan niet; er gebeurt verder niets.\n\n\
                 JIJ&Overijssel\n"
            ),
        },
        Locale::En => Mail {
            to,
            subject: "Confirm your e-mail address".to_owned(),
            text: format!(
                "Hello,\n\n\
                 Someone asked for an account at JIJ&Overijssel with this e-mail address.\n\
                 Confirm within 24 hours that the address is yours:\n\n\
                 {link}\n\n\
                 Was it not you? Then do not open the link; nothing else will happen.\n\n\
                 JIJ&Overijssel\n"
            ),
        },
    }
}

fn already_registered(to: String, locale: Locale, site: &str) -> Mail {
    match locale {
        Locale::Nl => Mail {
            to,
            subject: "U hebt al een account".to_owned(),
            text: format!(
                "Dag,\n\n\
                 Met dit e-mailadres is opnieuw een account aangevraagd bij JIJ&Overijssel.\n\
                 U hebt er al een. Er is niets veranderd; u kunt zich gewoon aanmelden:\n\n\
                 {site}\n\n\
                 Hebt u dit niet gevraagd? Dan hoeft u niets te doen.\n\n\
                 JIJ&Overijssel\n"
            ),
        },
        Locale::En => Mail {
            to,
            subject: "You already have an account".to_owned(),
            text: format!(
                "Hello,\n\n\
                 Someone asked for another account at JIJ&Overijssel with this e-mail address.\n\
                 You already have one. Nothing has changed; you can sign in as always:\n\n\
                 {site}\n\n\
                 Was it not you? Then you need not do anything.\n\n\
                 JIJ&Overijssel\n"
            ),
        },
    }
}

fn sign_in_link(to: String, locale: Locale, link: &str) -> Mail {
    match locale {
        Locale::Nl => Mail {
            to,
            subject: "Uw link om u aan te melden".to_owned(),
            text: format!(
                "Dag,\n\n\
                 Met deze link meldt u zich aan bij JIJ&Overijssel. Hij werkt één keer, binnen een kwartier:\n\n\
                 {link}\n\n\
                 Hebt u dit niet gevraagd? Dan hoeft u niets te doen; geef de link aan niemand.\n\n\
                 JIJ&Overijssel\n"
            ),
        },
        Locale::En => Mail {
            to,
            subject: "Your link to sign in".to_owned(),
            text: format!(
                "Hello,\n\n\
                 This link signs you in to JIJ&Overijssel. It works once, within a quarter of an hour:\n\n\
                 {link}\n\n\
                 Was it not you who asked? Then you need not do anything; give the link to nobody.\n\n\
                 JIJ&Overijssel\n"
            ),
        },
    }
}

fn reset_link(to: String, locale: Locale, link: &str) -> Mail {
    match locale {
        Locale::Nl => Mail {
            to,
            subject: "Kies een nieuw wachtwoord".to_owned(),
            text: format!(
                "Dag,\n\n\
                 Met deze link kiest u een nieuw wachtwoord voor JIJ&Overijssel. Hij werkt één keer, binnen een kwartier:\n\n\
                 {link}\n\n\
                 U wordt daarmee op al uw apparaten afgemeld.\n\
                 Hebt u dit niet gevraagd? Dan hoeft u niets te doen; uw wachtwoord blijft wat het was.\n\n\
                 JIJ&Overijssel\n"
            ),
        },
        Locale::En => Mail {
            to,
            subject: "Choose a new password".to_owned(),
            text: format!(
                "Hello,\n\n\
                 This link lets you choose a new password for JIJ&Overijssel. It works once, within a quarter of an hour:\n\n\
                 {link}\n\n\
                 It signs you out on all your devices.\n\
                 Was it not you who asked? Then you need not do anything; your password stays as it was.\n\n\
                 JIJ&Overijssel\n"
            ),
        },
    }
}
