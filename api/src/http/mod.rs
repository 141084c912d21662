//! What the server answers over HTTP, one file a family of routes.

mod bearer;
mod graphiql;
mod graphql;
mod health;
mod language;
mod problem;
mod verify_email;

use axum::Router;
use domain::Services;

use crate::graphql::{Documents, Schema};

/// What every route shares.
#[derive(Clone)]
pub struct AppState {
    pub(crate) schema: Schema,
    pub(crate) documents: Documents,
    pub(crate) services: Services,
}

/// Every route of the server.
pub fn router(services: Services) -> Router {
    let state = AppState {
        schema: crate::graphql::schema(),
        documents: Documents::new(),
        services,
    };
    Router::new()
        .merge(graphql::routes())
        .merge(graphiql::routes())
        .merge(health::routes())
        .merge(verify_email::routes())
        .fallback(problem::not_found)
        .with_state(state)
}
