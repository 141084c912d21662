//! Which pages may send the forms of this site: its own.
//!
//! There are no cookies, so that a form from elsewhere sends nothing in a person's name. It could
//! still make the browsers of another site's visitors vote, from as many networks.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use domain::Locale;

use super::{
    AppState, Origin,
    language::locale,
    page::{Text, page},
};

/// Fetch Metadata: how the page that sends a request stands to this site.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Answers 403 to a form that a page of another site sends.
pub(super) async fn refuse_foreign(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let is_foreign = is_foreign(request.headers(), &state.origins);
    answer(is_foreign, request, next).await
}

/// Does the same as [`refuse_foreign`] for pages that tell nobody where they are, because their address holds the
/// token of a mailed link: a browser without Fetch Metadata sends their forms from `null`. Another
/// site does not know the token.
pub(super) async fn refuse_foreign_to_links(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let is_hidden = headers
        .get(header::ORIGIN)
        .is_some_and(|origin| origin == "null")
        && !headers.contains_key(&FETCH_SITE);
    let is_foreign = !is_hidden && is_foreign(headers, &state.origins);
    answer(is_foreign, request, next).await
}

async fn answer(is_foreign: bool, request: Request, next: Next) -> Response {
    if is_foreign && request.method() == Method::POST {
        let locale = locale(request.headers());
        return page(StatusCode::FORBIDDEN, locale, &refused(locale), "");
    }
    next.run(request).await
}

/// Returns true if a browser says that a page of another site sends the request. The frame of an embed is a
/// page of this site, whatever site it stands in. Programs that are no browser say nothing, and
/// pass.
fn is_foreign(headers: &HeaderMap, own: &[Origin]) -> bool {
    let site = headers.get(&FETCH_SITE).map(HeaderValue::as_bytes);
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let origin = match (origins.next(), origins.next()) {
        (origin, None) => origin.map(HeaderValue::as_bytes),
        // A browser sends one.
        (_, Some(_)) => return true,
    };
    match (site, origin) {
        (Some(b"same-origin" | b"none"), None | Some(b"null")) | (None, None) => false,
        // Where a page was made to lead here by name (DNS rebinding) all of it has that name: only
        // the name itself tells.
        (Some(b"same-origin" | b"same-site" | b"none") | None, Some(origin)) => {
            let origin = std::str::from_utf8(origin).ok();
            let origin = origin.and_then(|origin| origin.parse::<Origin>().ok());
            !origin.is_some_and(|origin| own.iter().any(|own| own.includes(&origin)))
        }
        (Some(_), _) => true,
    }
}

fn refused(locale: Locale) -> Text {
    match locale {
        Locale::Nl => Text {
            title: "Dit formulier komt van een andere site",
            body: "Daarom is er niets mee gedaan. Open de pagina bij JIJ&amp;Overijssel en vul het formulier daar in.",
        },
        Locale::En => Text {
            title: "This form comes from another site",
            body: "So nothing was done with it. Open the page at JIJ&amp;Overijssel and fill in the form there.",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_site_send_its_forms() {
        const OWN: Option<&str> = Some("https://jij.example");
        const OTHER: Option<&str> = Some("https://elders.example");
        let own = ["https://jij.example".parse().unwrap()];
        for (site, origin, foreign) in [
            (None, None, false),
            (None, OWN, false),
            (None, OTHER, true),
            (None, Some("null"), true),
            (Some("same-origin"), None, false),
            (Some("same-origin"), OWN, false),
            // A page that tells nobody where it is.
            (Some("same-origin"), Some("null"), false),
            // A page whose name was made to lead here.
            (Some("same-origin"), OTHER, true),
            (Some("none"), None, false),
            (Some("none"), OWN, false),
            (Some("same-site"), None, true),
            (Some("same-site"), OWN, false),
            (Some("same-site"), Some("https://www.jij.example"), true),
            (Some("cross-site"), None, true),
            (Some("cross-site"), OWN, true),
            (Some("cross-site"), OTHER, true),
            (Some("cross-site"), Some("null"), true),
            (Some("anything"), OWN, true),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [(FETCH_SITE, site), (header::ORIGIN, origin)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(is_foreign(&headers, &own), foreign, "{site:?} {origin:?}");
        }
        let twice = ["https://jij.example"; 2].map(|own| (header::ORIGIN, own.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in twice {
            headers.append(name, value);
        }
        assert!(is_foreign(&headers, &own));
    }
}
