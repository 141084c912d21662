//! What the server answers over HTTP, one file a family of routes.

mod address;
mod bearer;
mod client;
mod connections;
mod graphiql;
mod graphql;
mod health;
mod key_set;
mod language;
mod origin;
mod page;
mod problem;
mod request;
mod reset_password;
mod sign_in;
mod stream;
mod verify_email;
mod websocket;

use std::sync::Arc;

use axum::Router;
use domain::Services;

pub use client::{Network, NoNetwork, told_of_clients};
pub use connections::{Connections, Limits};
pub use origin::Origin;

use crate::graphql::Schema;

/// What every route shares.
type AppState = Arc<Shared>;

/// What every route shares.
struct Shared {
    schema: Schema,
    services: Services,
    connections: Connections,
}

/// Every route of the server. Whoever serves them ends `connections` with the server.
pub fn router(services: Services, connections: Connections) -> Router {
    let state = Arc::new(Shared {
        schema: crate::graphql::schema(),
        services,
        connections,
    });
    Router::new()
        .merge(graphql::routes())
        .merge(graphiql::routes())
        .merge(health::routes())
        .merge(key_set::routes())
        .merge(page::routes())
        .merge(reset_password::routes())
        .merge(sign_in::routes())
        .merge(stream::routes())
        .merge(verify_email::routes())
        .merge(websocket::routes())
        .fallback(problem::not_found)
        .with_state(state)
}
