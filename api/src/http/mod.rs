//! What the server answers over HTTP, one file a family of routes.

mod accept;
mod bearer;
mod connections;
mod cors;
mod graphiql;
mod graphql;
mod health;
mod language;
mod origin;
mod problem;
mod request;
mod stream;
mod verify_email;
mod websocket;

use std::sync::Arc;

use axum::{Router, middleware::from_fn_with_state};
use domain::Services;

pub use connections::{Connections, Limits};
pub use origin::Origin;

use crate::graphql::{Schema, document::Documents};

/// What every route shares.
type AppState = Arc<Shared>;

/// What every route shares.
struct Shared {
    schema: Schema,
    services: Services,
    connections: Connections,
    documents: Documents,
}

/// Every route of the server. Whoever serves them ends `connections` with the server.
pub fn router(services: Services, connections: Connections, documents: Documents) -> Router {
    let state = Arc::new(Shared {
        schema: crate::graphql::schema(),
        services,
        connections,
        documents,
    });
    Router::new()
        .merge(graphql::routes())
        .merge(graphiql::routes())
        .merge(health::routes())
        .merge(stream::routes())
        .merge(verify_email::routes())
        .merge(websocket::routes())
        .fallback(problem::not_found)
        .layer(from_fn_with_state(Arc::clone(&state), cors::answer))
        .with_state(state)
}
