//! `/embed/{id}`: the page in a frame of a partner. Browsers show it on the embed's origins alone,
//! by its policy; where a request says that it comes from elsewhere, it is refused and counted.

use std::sync::Arc;

use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    Actor, Locale,
    embed::{LoadKind, Shown},
    id::EmbedId,
};
use uuid::Uuid;

use super::{Wish, failed, frame::Frame, is_framed, served, unknown, vote::counted};
use crate::http::{
    AppState, Origin,
    address::{Connection, address},
    page::{Text, page},
};

/// Where a frame is asked from.
#[derive(Debug, PartialEq, Eq)]
enum Asker<'a> {
    /// A page of this server: the frame goes on in itself.
    Own,
    /// A page elsewhere, or one that does not say where it is.
    Page(Option<&'a str>),
}

pub(super) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Response {
    let _place = match state.admission.enter().await {
        Ok(place) => place,
        Err(problem) => return problem.into_response(),
    };
    let shown = match shown(&state, &id, wish.locale(&headers)).await {
        Ok(shown) => shown,
        Err(answer) => return answer,
    };
    // The page's own script tells who it is, and is no new load.
    let is_new = !headers.contains_key(header::AUTHORIZATION);
    if let Asker::Page(said) = asker(&headers, &state.origins)
        && is_framed(&headers)
        && is_new
    {
        let is_allowed = said.is_none_or(|said| shown.may_stand_at(said));
        let kind = if is_allowed {
            LoadKind::Load
        } else {
            LoadKind::Refusal
        };
        state.services.embeds.observe(&shown, said, kind);
        if !is_allowed {
            return refused(wish.named().unwrap_or(shown.locale));
        }
    }
    let frame = Frame::embedded(state.services.embeds.site(), shown, wish.named());
    served(&state, &frame, &headers).await
}

pub(super) async fn vote(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Query(wish): Query<Wish>,
    connection: Connection,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let _place = match state.admission.enter().await {
        Ok(place) => place,
        Err(problem) => return problem.into_response(),
    };
    match shown(&state, &id, wish.locale(&headers)).await {
        Ok(shown) => {
            let frame = Frame::embedded(state.services.embeds.site(), shown, wish.named());
            counted(&state, &frame, address(connection), &headers, fields).await
        }
        Err(answer) => answer,
    }
}

/// The embed with this id, or what is answered where there is none.
async fn shown(state: &AppState, id: &str, locale: Locale) -> Result<Arc<Shown>, Response> {
    let id = Uuid::try_parse(id).map_err(|_| unknown(locale))?;
    let found = state
        .services
        .embeds
        .shown(&Actor::Visitor(None), EmbedId(id))
        .await;
    match found {
        Ok(Some(shown)) => Ok(shown),
        Ok(None) => Err(unknown(locale)),
        Err(error) => Err(failed(error, locale)),
    }
}

/// Where the frame is asked from, as far as the browser says.
fn asker<'a>(headers: &'a HeaderMap, own: &[Origin]) -> Asker<'a> {
    let said = headers.get(header::REFERER);
    let said = said.and_then(|said| said.to_str().ok());
    let is_own = said
        .and_then(|said| Origin::of(said).ok())
        .is_some_and(|origin| own.iter().any(|own| own.includes(&origin)));
    if is_own {
        Asker::Own
    } else {
        Asker::Page(said)
    }
}

/// The embed stands elsewhere.
fn refused(locale: Locale) -> Response {
    let text = match locale {
        Locale::Nl => Text {
            title: "Deze peiling staat hier niet",
            body: "De beheerder van deze site kan bij JIJ&amp;Overijssel vragen om haar hier te tonen.",
        },
        Locale::En => Text {
            title: "This poll is not shown here",
            body: "Whoever runs this site can ask JIJ&amp;Overijssel to show it here.",
        },
    };
    page(StatusCode::FORBIDDEN, locale, &text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        let pairs = pairs.iter().cloned();
        pairs
            .map(|(name, value)| (name, value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn the_frame_itself_is_told_from_the_page_around_it() {
        let origins = ["https://jij.example:8443".parse().unwrap()];
        let own = "https://jij.example:8443/embed/1?lang=en";
        let headers = asked(&[(header::REFERER, own)]);
        assert_eq!(asker(&headers, &origins), Asker::Own);
        for other in ["https://www.raalte.example/", "https://jij.example/"] {
            // The name that the request came by says nothing.
            let host = (header::HOST, "www.raalte.example");
            let headers = asked(&[host, (header::REFERER, other)]);
            assert_eq!(asker(&headers, &origins), Asker::Page(Some(other)));
        }
        assert_eq!(asker(&asked(&[]), &origins), Asker::Page(None));
    }
}
