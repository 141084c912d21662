//! `/blocked`: what whoever is blocked can still do, on the page that signing in leads to: appeal
//! (Regulation (EU) 2022/2065, article 20), get their data and be erased (Regulation (EU) 2016/679,
//! articles 15 and 17). Its forms carry the access token, which is good for a quarter of an hour.

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use domain::{
    Actor, Error, Locale,
    account::{AccountRefusal, Client, Password, Proof, SignedIn},
    clock::Instant,
    id::ModerationEntryId,
    job::LinkPurpose,
    moderation::{AppealDraft, Decision, Subject, appealable_until},
    refusal::Refusal,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    AppState,
    address::{Connection, address},
    bearer::identify,
    language::locale,
    page::{FORM_LIMIT, Text, failed, page},
};

const RIGHTS: &str = include_str!("../../assets/verify-email/blocked.html");
const APPEAL: &str = include_str!("../../assets/verify-email/appeal.html");

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/blocked-appeal", post(appeal))
        .route("/blocked-export", post(export))
        .route("/blocked-erase", post(erase))
        .route("/blocked-password", post(choose_password))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
}

#[derive(Deserialize)]
struct Access {
    #[serde(default)]
    access: String,
}

#[derive(Deserialize)]
struct Appealed {
    #[serde(flatten)]
    access: Access,
    decision: Uuid,
    #[serde(default)]
    statement: String,
}

#[derive(Deserialize)]
struct Erased {
    #[serde(flatten)]
    access: Access,
    #[serde(default)]
    password: String,
    /// Set if what they wrote goes as well.
    blank: Option<String>,
}

/// The page that a blocked account gets when it has signed in.
pub(super) async fn rights(
    state: &AppState,
    locale: Locale,
    signed_in: &SignedIn,
    until: Option<Instant>,
) -> Response {
    let text = match locale {
        Locale::Nl => Text {
            title: "Uw account is geblokkeerd",
            body: "Hieronder staat wat u nu kunt doen. De knoppen werken een kwartier.",
        },
        Locale::En => Text {
            title: "Your account is blocked",
            body: "Below is what you can do now. The buttons work for a quarter of an hour.",
        },
    };
    let message = AccountRefusal::Blocked(until).message(locale);
    let decision = last_decision(state, &signed_in.actor).await;
    let appeal = decision.filter(|decision| appealable_until(&decision.entry).is_some());
    let appeal = appeal.map(|decision| appeal_form(locale, &decision));
    let forms = rights_form(locale)
        .replace("{appeal}", &appeal.unwrap_or_default())
        .replace("{access}", &signed_in.tokens.access.token);
    page(
        StatusCode::OK,
        locale,
        &text,
        &format!("<p>{message}</p>\n{forms}"),
    )
}

/// The last decision about the account itself; none where it cannot be read.
async fn last_decision(state: &AppState, actor: &Actor) -> Option<Decision> {
    let subject = Subject::Profile(actor.reader()?);
    let moderation = &state.services.moderation;
    let decisions = moderation.last_decisions(actor, &[subject]).await;
    decisions
        .inspect_err(|error| tracing::error!(?error, "a decision could not be read"))
        .ok()?
        .remove(&subject)
}

fn appeal_form(locale: Locale, decision: &Decision) -> String {
    let (title, label, button) = match locale {
        Locale::Nl => (
            "Bezwaar maken",
            "Waarom bent u het er niet mee eens? Hoogstens 1.000 tekens; een andere moderator leest het.",
            "Maak bezwaar",
        ),
        Locale::En => (
            "Appeal",
            "Why do you disagree? At most 1,000 characters; another moderator reads it.",
            "Appeal",
        ),
    };
    APPEAL
        .replace("{title}", title)
        .replace("{label}", label)
        .replace("{button}", button)
        .replace("{decision}", &decision.entry.id.0.to_string())
}

fn rights_form(locale: Locale) -> String {
    let words = match locale {
        Locale::Nl => [
            ("{export_title}", "Uw gegevens"),
            ("{export_button}", "Download uw gegevens"),
            ("{erase_title}", "Uw account verwijderen"),
            ("{erase_text}", "Dit kan niet ongedaan worden gemaakt."),
            (
                "{choose_text}",
                "Hebt u geen wachtwoord? Kies er dan eerst een.",
            ),
            ("{choose_button}", "Mail mij een link daarvoor"),
            ("{password_label}", "Uw wachtwoord"),
            ("{blank_label}", "Verwijder ook wat ik schreef"),
            ("{erase_button}", "Verwijder mijn account"),
        ],
        Locale::En => [
            ("{export_title}", "Your data"),
            ("{export_button}", "Download your data"),
            ("{erase_title}", "Erase your account"),
            ("{erase_text}", "This cannot be undone."),
            ("{choose_text}", "No password? Then choose one first."),
            ("{choose_button}", "Mail me a link for that"),
            ("{password_label}", "Your password"),
            ("{blank_label}", "Erase what I wrote as well"),
            ("{erase_button}", "Erase my account"),
        ],
    };
    words
        .iter()
        .fold(RIGHTS.to_owned(), |form, (place, words)| {
            form.replace(place, words)
        })
}

async fn appeal(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(sent): Form<Appealed>,
) -> Response {
    let locale = locale(&headers);
    let Ok((actor, _)) = identify(&state.services, &sent.access.access).await else {
        return expired(locale);
    };
    let draft = AppealDraft {
        decision: ModerationEntryId(sent.decision),
        statement: sent.statement,
    };
    match state.services.moderation.appeal(&actor, draft).await {
        Ok(_) => said(
            StatusCode::OK,
            locale,
            locale.pick("Uw bezwaar is ontvangen", "Your appeal has arrived"),
            locale.pick(
                "Een andere moderator kijkt ernaar. U krijgt het antwoord in uw mail.",
                "Another moderator will look at it. The answer will be mailed to you.",
            ),
        ),
        Err(error) => declined(locale, error),
    }
}

async fn export(
    State(state): State<AppState>,
    headers: HeaderMap,
    Form(sent): Form<Access>,
) -> Response {
    let locale = locale(&headers);
    let Ok((actor, _)) = identify(&state.services, &sent.access).await else {
        return expired(locale);
    };
    match state.services.privacy.export(&actor).await {
        Ok(Some(data)) => {
            let headers = [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "private, no-store"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"jij-overijssel.json\"",
                ),
            ];
            (headers, data.to_string()).into_response()
        }
        Ok(None) => expired(locale),
        Err(error) => declined(locale, error),
    }
}

async fn erase(
    State(state): State<AppState>,
    connection: Connection,
    headers: HeaderMap,
    Form(sent): Form<Erased>,
) -> Response {
    let locale = locale(&headers);
    let Ok((actor, _)) = identify(&state.services, &sent.access.access).await else {
        return expired(locale);
    };
    let proof = Some(Proof::Password(Password::from(sent.password.as_str())));
    let client = Client::of(address(connection));
    let privacy = &state.services.privacy;
    match privacy
        .erase(&actor, client, proof, sent.blank.is_none())
        .await
    {
        Ok(_) => said(
            StatusCode::OK,
            locale,
            locale.pick("Uw account is verwijderd", "Your account was erased"),
            locale.pick("U kunt deze pagina sluiten.", "You can close this page."),
        ),
        Err(error) => declined(locale, error),
    }
}

/// Mails the link by which the account's owner chooses a password, to erase it by.
async fn choose_password(
    State(state): State<AppState>,
    connection: Connection,
    headers: HeaderMap,
    Form(sent): Form<Access>,
) -> Response {
    let locale = locale(&headers);
    let accounts = &state.services.accounts;
    let Ok((actor, _)) = identify(&state.services, &sent.access).await else {
        return expired(locale);
    };
    let email = match accounts.own(&actor).await {
        Ok(own) => own.and_then(|own| own.email).unwrap_or_default(),
        Err(error) => return declined(locale, error),
    };
    let client = Client::of(address(connection));
    let asked = accounts.request_link(&actor, client, &email, LinkPurpose::PasswordReset);
    match asked.await {
        Ok(()) => said(
            StatusCode::OK,
            locale,
            locale.pick("Kijk in uw mail", "Look in your mail"),
            locale.pick(
                "Kies met de link een wachtwoord en meld u daarna opnieuw aan.",
                "Choose a password by the link and sign in again after that.",
            ),
        ),
        Err(error) => declined(locale, error),
    }
}

fn expired(locale: Locale) -> Response {
    said(
        StatusCode::UNAUTHORIZED,
        locale,
        locale.pick("Deze pagina is verlopen", "This page has expired"),
        locale.pick(
            "Meld u <a href=\"sign-in\">opnieuw aan</a>.",
            "<a href=\"sign-in\">Sign in again</a>.",
        ),
    )
}

fn said(status: StatusCode, locale: Locale, title: &'static str, body: &'static str) -> Response {
    page(status, locale, &Text { title, body }, "")
}

fn declined<R: Refusal>(locale: Locale, error: Error<R>) -> Response {
    let title = locale.pick("Dat lukte niet", "That did not work");
    match error {
        Error::Refused(reasons) => {
            let reasons = reasons.iter().map(|reason| reason.message(locale));
            let reasons: Vec<String> = reasons.map(|reason| format!("<p>{reason}</p>")).collect();
            let body = locale.pick(
                "Ga terug en probeer het nog eens.",
                "Go back and try again.",
            );
            page(
                StatusCode::OK,
                locale,
                &Text { title, body },
                &reasons.concat(),
            )
        }
        Error::NotFound => said(
            StatusCode::NOT_FOUND,
            locale,
            title,
            locale.pick("Dit besluit is er niet.", "There is no such decision."),
        ),
        error => failed(locale, &error, "exercising a right of a blocked account"),
    }
}
