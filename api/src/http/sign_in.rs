//! `/sign-in`: where the link leads that signs a person in. Opening the page changes nothing,
//! because programs that guard mailboxes open links too; its button signs in. A site of its own
//! at the public address takes the token to `sessionCreateFromLink` instead. Without a token the page
//! mails such a link.

use axum::{
    Form, Router,
    extract::{DefaultBodyLimit, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use domain::{
    Actor, Blocked, Error, Locale,
    account::{AccountRefusal, Client, SignedIn},
    job::LinkPurpose,
    refusal::Refusal,
};
use serde::Deserialize;

use super::{
    AppState,
    address::{Connection, address},
    blocked,
    language::locale,
    page::{BODY_LIMIT, Link, Text, failed, page},
};

const FORM: &str = include_str!("../../assets/verify-email/sign-in.html");
const ASK_LINK: &str = include_str!("../../assets/verify-email/ask-link.html");
const CODE: &str = include_str!("../../assets/verify-email/code.html");
const TOKENS: &str = include_str!("../../assets/verify-email/tokens.html");

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/sign-in", get(ask).post(sign_in))
        .route("/sign-in-link", post(mail_link))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

#[derive(Deserialize)]
struct Sent {
    #[serde(flatten)]
    link: Link,
    #[serde(default)]
    code: Option<String>,
}

async fn ask(headers: HeaderMap, Query(link): Query<Link>) -> Response {
    let locale = locale(&headers);
    match link.token() {
        None if link.token.is_empty() => {
            let (text, form) = address_asked(locale);
            page(StatusCode::OK, locale, &text, &form)
        }
        None => page(StatusCode::NOT_FOUND, locale, &Text::expired(locale), ""),
        Some(token) => page(
            StatusCode::OK,
            locale,
            &asked(locale),
            &form(locale, token, ""),
        ),
    }
}

async fn sign_in(
    State(state): State<AppState>,
    connection: Connection,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Response {
    let locale = locale(&headers);
    let code = sent.code.as_deref().filter(|code| !code.trim().is_empty());
    let client = Client::of(address(connection));
    let outcome = state
        .services
        .accounts
        .sign_in_by_link(&Actor::Visitor(None), client, &sent.link.token, code)
        .await;
    let asks_again = |text: &Text| {
        let token = sent.link.token().unwrap_or_default();
        let form = form(locale, token, &code_field(locale));
        page(StatusCode::OK, locale, text, &form)
    };
    match outcome {
        Ok(
            signed_in @ SignedIn {
                actor: Actor::Blocked(Blocked { until, .. }),
                ..
            },
        ) => blocked::rights(&state, locale, &signed_in, until).await,
        Ok(signed_in) => page(
            StatusCode::OK,
            locale,
            &done(locale),
            &tokens(locale, &signed_in),
        ),
        Err(Error::Refused(reasons)) => match reasons.first() {
            Some(AccountRefusal::SecondFactorRequired) => asks_again(&code_asked(locale)),
            Some(AccountRefusal::SecondFactorInvalid) => asks_again(&code_wrong(locale)),
            _ => page(StatusCode::GONE, locale, &Text::expired(locale), ""),
        },
        Err(error) => failed(locale, &error, "signing in by a link"),
    }
}

#[derive(Deserialize)]
struct Addressed {
    #[serde(default)]
    email: String,
}

/// Mails a link to whoever asks for one here; the answer says nothing of whether the address has an
/// account.
async fn mail_link(
    State(state): State<AppState>,
    connection: Connection,
    headers: HeaderMap,
    Form(sent): Form<Addressed>,
) -> Response {
    let locale = locale(&headers);
    let client = Client::of(address(connection));
    let accounts = &state.services.accounts;
    let asked = accounts.request_link(
        &Actor::Visitor(None),
        client,
        &sent.email,
        LinkPurpose::SignIn,
    );
    match asked.await {
        Ok(()) => page(StatusCode::OK, locale, &mailed(locale), ""),
        Err(Error::Refused(reasons)) => {
            let reasons = reasons.iter().map(|reason| reason.message(locale));
            let reasons: Vec<String> = reasons.map(|reason| format!("<p>{reason}</p>")).collect();
            let (text, form) = address_asked(locale);
            page(StatusCode::OK, locale, &text, &(reasons.concat() + &form))
        }
        Err(error) => failed(locale, &error, "asking for a link"),
    }
}

/// The page that asks where to mail a link to, and its form.
fn address_asked(locale: Locale) -> (Text, String) {
    let text = Text {
        title: locale.pick("Aanmelden", "Sign in"),
        body: locale.pick(
            "We mailen u een link waarmee u zich aanmeldt.",
            "We will mail you a link to sign in by.",
        ),
    };
    let form = ASK_LINK
        .replace(
            "{label}",
            locale.pick("Uw e-mailadres", "Your e-mail address"),
        )
        .replace(
            "{button}",
            locale.pick("Mail mij een link", "Mail me a link"),
        );
    (text, form)
}

fn mailed(locale: Locale) -> Text {
    Text {
        title: locale.pick("Kijk in uw mail", "Look in your mail"),
        body: locale.pick(
            "Is dit het adres van een account, dan krijgt u zo een link. Hij werkt een kwartier.",
            "If this is the address of an account, you will get a link. It works for a quarter of an hour.",
        ),
    }
}

fn form(locale: Locale, token: &str, code: &str) -> String {
    FORM.replace("{token}", token)
        .replace("{code}", code)
        .replace("{button}", locale.pick("Aanmelden", "Sign in"))
}

fn code_field(locale: Locale) -> String {
    let label = locale.pick(
        "De zes cijfers van uw app, of een herstelcode",
        "The six figures of your app, or a recovery code",
    );
    CODE.replace("{label}", label)
}

fn tokens(locale: Locale, signed_in: &SignedIn) -> String {
    let labels = match locale {
        Locale::Nl => (
            "Toegangstoken, een kwartier geldig",
            "Vernieuwingstoken, 30 dagen geldig",
        ),
        Locale::En => (
            "Access token, good for a quarter of an hour",
            "Refresh token, good for 30 days",
        ),
    };
    TOKENS
        .replace("{access_label}", labels.0)
        .replace("{refresh_label}", labels.1)
        .replace("{access}", &signed_in.tokens.access.token)
        .replace("{refresh}", &signed_in.tokens.refresh)
}

fn asked(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Aanmelden",
            body: "Meld u met deze knop aan bij JIJ&amp;Overijssel. De link werkt één keer.",
        },
        Locale::En => Text {
            title: "Sign in",
            body: "Sign in to JIJ&amp;Overijssel with this button. The link works once.",
        },
    }
}

fn code_asked(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Nog één stap",
            body: "Uw account vraagt om een code.",
        },
        Locale::En => Text {
            title: "One more step",
            body: "Your account asks for a code.",
        },
    }
}

fn code_wrong(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Die code klopt niet",
            body: "De code is verkeerd of al gebruikt. Wacht op de volgende.",
        },
        Locale::En => Text {
            title: "That code is wrong",
            body: "The code is wrong or was used. Wait for the next one.",
        },
    }
}

fn done(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "U bent aangemeld",
            body: "Geef deze tokens aan uw toepassing, bijvoorbeeld aan de querypagina. Wie ze heeft, handelt namens u; ze worden niet nog eens getoond.",
        },
        Locale::En => Text {
            title: "You are signed in",
            body: "Give these tokens to your application, the query page for example. Whoever has them acts for you; they are not shown again.",
        },
    }
}
