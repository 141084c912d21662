//! What is promised about accounts: the mails.

use chrono::TimeDelta;

use super::{
    Accounts,
    service::digest,
    store::{self, Person},
};
use crate::{
    Locale, Result,
    id::{AccountId, JobId, RegistrationId},
    job::LinkPurpose,
    mail::Mail,
    random,
};

/// How long a verification link works.
const LINK_LIFE: TimeDelta = TimeDelta::hours(24);
/// How long a link works by which a person signs in or chooses another password.
const SHORT_LINK_LIFE: TimeDelta = TimeDelta::minutes(15);

/// Mails the link of a registration, in place of its link before. Does nothing where the
/// registration is gone, because its address was confirmed or its account erased.
pub(crate) async fn mail_verification(
    accounts: &Accounts,
    job: JobId,
    id: RegistrationId,
) -> Result<()> {
    let now = accounts.clock.now();
    let token = &random::token()?;
    let addressee = accounts
        .database
        .write(|transaction| async move {
            let Some((registration, others)) = store::registration(&transaction, id).await? else {
                return Ok(None);
            };
            let account =
                store::addressee_for_change(&transaction, registration.account_id).await?;
            let expires_at = now + LINK_LIFE;
            let is_open =
                store::open_registration(&transaction, id, &digest(token), expires_at).await?;
            let email = account
                .filter(|_| is_open)
                .and_then(|account| account.email);
            Ok(email.map(|email| (email, registration.locale, others > 0)))
        })
        .await?;
    let Some((email, locale, others_wait)) = addressee else {
        return Ok(());
    };
    let link = format!("{}/verify-email?token={token}", accounts.public_url);
    let mail = verification(email, locale, &link, others_wait);
    send(accounts, job, mail).await
}

/// Mails a link of this purpose, which replaces the one before. Does nothing where there is no
/// such account. A blocked one gets it: its owner may read, appeal, export and erase.
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
            if account.is_none() {
                return Ok(None);
            }
            let expires_at = now + SHORT_LINK_LIFE;
            store::open_mailed_link(&transaction, id, purpose, &digest(token), expires_at).await?;
            Ok(account)
        })
        .await?;
    let Some((email, locale)) = addressee.and_then(Person::addressed) else {
        return Ok(());
    };
    let page = match purpose {
        LinkPurpose::SignIn => "sign-in",
        LinkPurpose::PasswordReset => "reset-password",
    };
    let link = format!("{}/{page}?token={token}", accounts.public_url);
    let mail = match purpose {
        LinkPurpose::SignIn => sign_in_link(email, locale, &link),
        LinkPurpose::PasswordReset => reset_link(email, locale, &link),
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
    let Some((email, locale)) = account.and_then(Person::addressed) else {
        return Ok(());
    };
    let mail = already_registered(email, locale, &accounts.public_url);
    send(accounts, job, mail).await
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
    let account = account.filter(|account| account.email_verified);
    let Some((to, locale)) = account.and_then(Person::addressed) else {
        return Ok(false);
    };
    let (subject, text) = compose(locale, &accounts.public_url);
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

/// The password and name of this link's registration come with it, so who has several such mails
/// is told to open their own.
fn verification(to: String, locale: Locale, link: &str, others_wait: bool) -> Mail {
    let warning = match (others_wait, locale) {
        (false, _) => "",
        (true, Locale::Nl) => {
            "Let op: dit adres is meer dan één keer aangemeld. Open alleen de link van uw eigen aanvraag.\n\
             Twijfelt u? Open dan geen van de links en vraag uw account opnieuw aan.\n\n"
        }
        (true, Locale::En) => {
            "Note: this address was registered more than once. Only open the link of your own request.\n\
             Not sure? Then open none of the links and ask for your account again.\n\n"
        }
    };
    match locale {
        Locale::Nl => Mail {
            to,
            subject: "Bevestig uw e-mailadres".to_owned(),
            text: format!(
                "Dag,\n\n\
                 Met dit e-mailadres is een account aangevraagd bij JIJ&Overijssel.\n\
                 Bevestig binnen 24 uur dat het adres van u is:\n\n\
                 {link}\n\n\
                 {warning}\
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
                 {warning}\
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
