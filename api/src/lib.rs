//! The platform's face: GraphQL over HTTP, and the command line.

pub mod command;
pub mod graphql;
pub mod http;
pub mod settings;

pub use http::router;
