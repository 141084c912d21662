//! The query page: ours, without a third party.

use axum::{Router, extract::State, http::HeaderMap, response::IntoResponse, routing::get};

use super::{
    AppState,
    asset::{self, Asset, CSS, HTML, SCRIPT},
    bearer::sender,
    problem::not_found,
};

/// Nothing but the page's own files, and requests to this server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page's files: address, media type, content.
const FILES: [(&str, &str, &str); 7] = [
    (
        "/graphiql",
        HTML,
        include_str!("../../assets/graphiql/index.html"),
    ),
    (
        "/graphiql/graphiql.css",
        CSS,
        include_str!("../../assets/graphiql/graphiql.css"),
    ),
    (
        "/graphiql/graphiql.js",
        SCRIPT,
        include_str!("../../assets/graphiql/graphiql.js"),
    ),
    (
        "/graphiql/docs.js",
        SCRIPT,
        include_str!("../../assets/graphiql/docs.js"),
    ),
    (
        "/graphiql/live.js",
        SCRIPT,
        include_str!("../../assets/graphiql/live.js"),
    ),
    (
        "/graphiql/text.js",
        SCRIPT,
        include_str!("../../assets/graphiql/text.js"),
    ),
    (
        "/graphiql/words.js",
        SCRIPT,
        include_str!("../../assets/graphiql/words.js"),
    ),
];

pub(super) fn routes() -> Router<AppState> {
    let routes = FILES
        .into_iter()
        .fold(Router::new(), |router, (address, media, content)| {
            let asset = Asset::new(media, content);
            let answer = async move |State(state): State<AppState>, headers: HeaderMap| {
                let sender = sender(&state.services, &headers)
                    .await
                    .map_err(IntoResponse::into_response)?;
                let audience = state.documents.rules().introspection;
                if audience.includes(&sender.actor) {
                    Ok(asset.answer(&headers))
                } else {
                    Err(not_found().await.into_response())
                }
            };
            router.route(address, get(answer))
        });
    asset::sent(routes, POLICY)
}
