//! What the server answers over HTTP, one file a family of routes.

mod accept;
mod address;
mod admission;
mod asset;
mod bearer;
mod blocked;
mod chart;
mod client;
mod connections;
mod cors;
mod edge;
mod embed_script;
mod embed_session;
mod form_origin;
mod graphiql;
mod graphql;
mod health;
mod host;
mod join;
mod key_set;
mod language;
mod listener;
mod metrics;
mod moderate;
mod oembed;
mod origin;
mod page;
mod poll_page;
mod present;
mod problem;
mod readiness;
mod request;
mod request_id;
mod reset_password;
mod security_txt;
mod sign_in;
mod stream;
mod verify_email;
mod websocket;

use std::sync::Arc;

use axum::{
    Router,
    http::HeaderValue,
    middleware::{from_fn, from_fn_with_state},
};
use domain::Services;

pub use admission::{Admission, Workload};
pub use client::{Network, NoNetwork};
pub use connections::{Connections, Limits};
pub use listener::{PeerLimits, serve};
pub use metrics::Figures;
pub use origin::Origin;
pub use readiness::Readiness;
pub use security_txt::SecurityContact;

use crate::graphql::{Schema, operation::Documents};

/// What a server is made of.
#[derive(Clone)]
pub struct Site {
    /// Every use-case.
    pub services: Services,
    /// The connections that stay open; whoever serves them ends them with the server.
    pub connections: Connections,
    /// What the process knows of itself; whoever serves keeps it true.
    pub readiness: Readiness,
    /// The door that requests go through.
    pub admission: Admission,
    /// What decides which requests are executed.
    pub documents: Documents,
    /// Where to report a weakness; none where the operator did not say.
    pub security: Option<SecurityContact>,
    /// The proxies that are believed when they say where a request comes from.
    pub trusted_proxies: Vec<Network>,
    /// The seconds for which browsers are told to use TLS only; none where they are not told.
    pub hsts_max_age: Option<u32>,
}

impl Site {
    /// A ready server that takes on the usual workload.
    pub fn new(services: Services, connections: Connections) -> Self {
        Self {
            services,
            connections,
            readiness: Readiness::new(),
            admission: Admission::new(Workload::default()),
            documents: Documents::default(),
            security: None,
            trusted_proxies: Vec::new(),
            hsts_max_age: None,
        }
    }
}

/// What every route shares.
type AppState = Arc<Shared>;

/// What every route shares.
struct Shared {
    schema: Schema,
    services: Services,
    connections: Connections,
    readiness: Readiness,
    admission: Admission,
    documents: Documents,
    security: Option<SecurityContact>,
    pages: poll_page::Pages,
    /// The origins whose pages are the site's own, or may do what those may.
    origins: Vec<Origin>,
    /// The header that tells browsers to use TLS only.
    strict_transport: Option<HeaderValue>,
}

/// Every route of the server.
pub fn router(site: Site) -> Router {
    let mut origins = site.connections.allowed_origins().to_vec();
    origins.extend(Origin::of(&site.services.public_url));
    let strict_transport = site
        .hsts_max_age
        .and_then(|seconds| HeaderValue::try_from(format!("max-age={seconds}")).ok());
    let state = Arc::new(Shared {
        schema: crate::graphql::schema(),
        services: site.services,
        connections: site.connections,
        readiness: site.readiness,
        admission: site.admission,
        documents: site.documents,
        security: site.security,
        pages: poll_page::Pages::default(),
        origins,
        strict_transport,
    });
    let ballots = poll_page::routes().route_layer(from_fn_with_state(
        Arc::clone(&state),
        form_origin::refuse_foreign,
    ));
    let links = Router::new()
        .merge(reset_password::routes())
        .merge(sign_in::routes())
        .merge(blocked::routes())
        .merge(verify_email::routes())
        .route_layer(from_fn_with_state(
            Arc::clone(&state),
            form_origin::refuse_foreign_to_links,
        ));
    // What asks the database.
    let asking = Router::new()
        .merge(chart::routes())
        .merge(graphql::routes())
        .merge(ballots)
        .merge(links)
        .merge(join::routes())
        .merge(stream::routes())
        .merge(embed_session::routes())
        .merge(oembed::routes())
        .merge(websocket::routes())
        .route_layer(from_fn_with_state(
            Arc::clone(&state),
            readiness::refuse_while_away,
        ));
    let router = Router::new()
        .merge(asking)
        .merge(embed_script::routes())
        .merge(graphiql::routes())
        .merge(health::routes())
        .merge(key_set::routes())
        .merge(moderate::routes())
        .merge(page::routes())
        .merge(present::routes())
        .merge(security_txt::routes())
        .fallback(problem::not_found)
        .layer(from_fn_with_state(Arc::clone(&state), cors::answer))
        .layer(from_fn(host::require_one))
        .layer(from_fn_with_state(Arc::clone(&state), metrics::observe))
        .with_state(state);
    client::told_of_clients(router, site.trusted_proxies).layer(from_fn(request_id::name))
}
